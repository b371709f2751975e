"""Leaks hold the rest: at every site and sweep point, whatever a run starts from, unless they are given."""
import numpy as np
import pytest

import gpusyn as gs
from gpusyn.calcium.balance import balanced_permeability
from gpusyn.errors import ModelError

README = {"pmca": gs.PMCA, "ncx": gs.NCX, "serca": gs.SERCA, "pm_leak": gs.PlasmaMembraneLeak, "er_leak": gs.ERLeak,
          "ryr": gs.RyanodineReceptor, "ip3r": gs.IP3Receptor, "ip3": gs.CytosolicIP3}
ALL = README | {"vdcc": gs.VoltageGatedCalciumChannel, "soce": gs.StoreOperatedCalciumEntry}


def model(kinds=README, dt=0.1, n=1, sweep=None, lattice=None, **changed):
    """A model of a compartment "spine"; `changed` are other members, or a compartment as `cell`."""
    built = gs.Model(lattice=lattice or (1, n), dt=dt, sweep=gs.Sweep(sweep or {}))
    cell = changed.pop("cell", None) or gs.CalciumCompartment()
    members = {name: kind() for name, kind in kinds.items()} | changed
    built.add_population("spine", cell, **{name: m for name, m in members.items() if m is not None})
    return built


def permeabilities(built):
    return [built.values(f"spine.{leak}.permeability") for leak in ("pm_leak", "er_leak")]


def drift(built, precision="float64"):
    """The largest change of calcium in the cytosol and in the ER over 100 ms, uM."""
    simulation = gs.Simulation(built, backend="numpy", precision=precision)
    before = [simulation.state[f"spine.{s}"] for s in ("ca", "ca_er")]
    simulation.run("100 ms")
    after = [simulation.state[f"spine.{s}"] for s in ("ca", "ca_er")]
    return [np.abs(a - b).max() for a, b in zip(after, before, strict=True)]


def test_leaks_of_the_readme_wave_are_balanced():
    pm, er = permeabilities(model())
    assert pm.item() == pytest.approx(4.497345e-6, rel=1e-6)
    assert er.item() == pytest.approx(3.786353e-5, rel=1e-6)


@pytest.mark.parametrize("integrator", ["linearly_implicit", "heun"])
def test_nothing_drifts_at_rest(integrator):
    """Required is less than 1e-9 uM in 100 ms."""
    ca, ca_er = drift(model(ALL, cell=gs.CalciumCompartment(integrator=integrator)))
    assert ca < 1e-14
    assert ca_er < 1e-11


def test_little_drifts_at_rest_in_single_precision():
    ca, ca_er = drift(model(ALL), "float32")
    assert ca < 2e-7
    assert ca_er < 2e-3


def test_leaks_balance_each_site_and_each_sweep_point_by_itself():
    density = np.array([2.0, 3.0, 0.0])
    built = model(ALL, n=3, sweep={"spine.pmca.density": [300.0, 500.0]}, ryr=gs.RyanodineReceptor(density=density),
                  cell=gs.CalciumCompartment(resting_ca=np.array([0.04, 0.05, 0.08])))
    pm, er = permeabilities(built)
    assert pm.shape == (2, 3)
    assert er.shape == (1, 3)
    assert len(np.unique(pm)) == 6
    assert max(drift(built)) < 1e-11


def test_what_a_run_starts_from_does_not_move_the_balance():
    stimulated = model(cell=gs.CalciumCompartment(ca=2.0, ca_er=100.0), ip3=gs.CytosolicIP3(ip3=1.25),
                       ryr=gs.RyanodineReceptor(scheme="C2"), source=gs.CalciumSource(amplitude=1.0))
    for leak, rested in zip(permeabilities(stimulated), permeabilities(model()), strict=True):
        np.testing.assert_array_equal(leak, rested)


def test_a_leak_makes_room_for_what_enters_by_other_ways():
    with_entry, without = (permeabilities(model(kinds))[0].item() for kinds in
                           (README | {"soce": gs.StoreOperatedCalciumEntry}, README))
    entry = 5e-3 / (1 + 1.25**4)
    assert without - with_entry == pytest.approx(entry / 999.95, rel=1e-12)


def test_the_balance_sees_the_potential_and_the_fields_that_a_cell_starts_from():
    built = gs.Model(lattice=(1, 1), dt=0.1)
    built.add_transmitter("ip3", gs.Transmitter(initial_concentration=0.1, reuptake_rate=0.0))
    members = {name: kind() for name, kind in ALL.items() if name != "ip3"}
    built.add_population("spine", gs.LeakyIntegrateAndFire(v=-50.0), calcium=gs.CalciumCompartment(), **members)
    pm, er = permeabilities(built)
    assert er.item() < permeabilities(model())[1].item()
    channel = built.populations["spine"].members["vdcc"]
    assert pm.item() < permeabilities(model(ALL))[0].item() - channel.density * channel.permeability * 1e-6
    with pytest.raises(ModelError, match="no leak balances"):
        model(ALL, vdcc=gs.VoltageGatedCalciumChannel(density=1e6)).values("spine.pm_leak.permeability")


def test_a_leak_that_is_given_is_taken_as_it_is():
    assert gs.ERLeak(permeability=1e-5).balanced is False
    assert gs.ERLeak(permeability=1e-5, balanced=True).balanced is True
    pm, er = permeabilities(model(pm_leak=gs.PlasmaMembraneLeak(permeability=3e-6), sweep={
        "spine.er_leak.permeability": [1e-5, 2e-5]}))
    assert (pm.item(), er.ravel().tolist()) == (3e-6, [1e-5, 2e-5])


@pytest.mark.parametrize(("leaks_off", "ca", "ca_er"), [
    (("pm_leak",), 0.030752033, 246.47274), (("pm_leak", "er_leak"), 0.018727817, 265.61392),
])
def test_without_leaks_the_cell_drains(leaks_off, ca, ca_er):
    """Rows rest_no_pm_leak and rest_no_leaks; a density of 0 switches off as absence does."""
    alone = {"cell": gs.CalciumCompartment(calreticulin_total=0.0)}
    absent = dict.fromkeys(leaks_off)
    off = {leak: README[leak](density=0.0) for leak in leaks_off}
    for changes in (absent, off):
        simulation = gs.Simulation(model(**changes, **alone), backend="numpy", precision="float64")
        simulation.run("100 ms")
        assert simulation.state["spine.ca"][0] == pytest.approx(ca, rel=1e-3)
        assert simulation.state["spine.ca_er"][0] == pytest.approx(ca_er, rel=1e-4)


def test_what_no_leak_can_balance_is_an_error():
    message = (r"spine.er_leak.permeability: at rest ryr, ip3r let 0.00404 uM um/ms into the cytosol, which no leak "
               r"balances; add what takes calcium out, or give a permeability")
    with pytest.raises(ModelError, match=message):
        gs.Simulation(model(serca=None), backend="numpy")
    off = model(serca=None, er_leak=gs.ERLeak(density=0.0))
    assert balanced_permeability(off, off.populations["spine"], "er_leak", "flux_from_er") == 0.0


def test_two_leaks_cannot_both_balance():
    built = model(second=gs.ERLeak())
    with pytest.raises(ModelError, match=r"spine.er_leak.permeability: 'second' is balanced too; give one of the two"):
        permeabilities(built)
