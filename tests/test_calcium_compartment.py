"""One compartment: what is conserved, where it starts, closed forms, what receptors and currents bring."""
import numpy as np
import pytest
from single_item import Items
from test_calcium_leaks import ALL, model
from test_metabotropic import output

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism, parameter
from gpusyn.mechanism import output as puts_out

PM_PER_PA = 5.182134828  # uM um^3/ms of calcium in 1 pA


class Receptor(Mechanism):
    """A constant influx, current and production of IP3."""

    influx = parameter(0.0, "uM/ms", "influx")
    amplitude = parameter(0.0, "pA", "current")

    @puts_out("uM/ms", "influx of calcium")
    @staticmethod
    def calcium_influx(influx):
        return 1.0 * influx

    @puts_out("uM/ms", "IP3 that is made")
    @staticmethod
    def ip3_production(influx):
        return 2.0 * influx

    @puts_out("pA", "current, outward > 0")
    @staticmethod
    def current(amplitude):
        return 1.0 * amplitude


def compartment(dt=0.05, inputs=None, members=None, **values):
    return Items({"": gs.CalciumCompartment(**values), **(members or {})}, inputs, dt=dt)


# conservation --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("integrator", ["linearly_implicit", "euler", "heun", "rk4"])
def test_calcium_changes_in_each_step_by_what_enters_and_by_no_more(integrator):
    """Required is 1e-12 of all calcium in a step; release from the ER and a spike of the potential go on meanwhile."""
    members = {name: kind() for name, kind in ALL.items()}
    items = compartment(0.01, {"v": -20.0}, members, integrator=integrator, ca=1.0)
    totals, entered = [output(items, "total_calcium", "")], [0.0]
    for _ in range(500):
        items.step()
        totals.append(output(items, "total_calcium", ""))
        entered.append(items.ledger["p.entered"][0])
    assert np.abs(np.diff(totals) - np.diff(entered)).max() < 4e-15 * totals[0]
    assert totals[-1] - totals[0] == pytest.approx(entered[-1], rel=1e-11)
    assert items["ca"] > 5.0
    assert items["ca_er"] < 120.0


def test_a_closed_compartment_settles_where_both_buffers_are_in_equilibrium():
    items = compartment(1.0, ca=20.0, ca_er=100.0)
    before = output(items, "total_calcium", "")
    items.run(2000.0)
    assert output(items, "calbindin_release", "") == pytest.approx(0.0, abs=1e-12)
    assert output(items, "calreticulin_release", "") == pytest.approx(0.0, abs=1e-10)
    assert output(items, "total_calcium", "") == pytest.approx(before, rel=1e-14)


@pytest.mark.parametrize(("integrator", "order"), [("linearly_implicit", 1), ("heun", 2)])
def test_the_order_in_time(integrator, order):
    def end(dt):
        items = compartment(dt, members={"pmca": gs.PMCA(), "serca": gs.SERCA()}, integrator=integrator, ca=1.0)
        items.run(0.5)
        return np.array([items[name][0] for name in ("ca", "ca_er", "calbindin", "calreticulin")])

    coarse, middle, fine = (end(dt) for dt in (0.005, 0.0025, 0.00125))
    assert np.log2(np.abs(coarse - middle) / np.abs(middle - fine)) == pytest.approx(order, abs=0.1)


# the start -----------------------------------------------------------------------------------------------------


def test_buffers_start_in_equilibrium_with_calcium_at_rest():
    items = compartment()
    assert items["calbindin"] == pytest.approx(149.385749, rel=1e-8)
    assert items["calreticulin"] == pytest.approx(12800.0)
    items = compartment(ca=10.0, ca_er=50.0)
    assert (items["ca"], items["ca_er"]) == (10.0, 50.0)
    assert items["calbindin"] == pytest.approx(149.385749, rel=1e-8)
    items = compartment(resting_ca=1.0, calbindin_total=40.0, calreticulin=7.0)
    assert items["calbindin"] == pytest.approx(40.0 * 0.019 / 0.046)
    assert items["calreticulin"] == 7.0


def test_receptors_start_at_rest_whatever_the_calcium_that_a_run_starts_from():
    members = {"ryr": gs.RyanodineReceptor(), "ip3r": gs.IP3Receptor(preset="LiRinzel1994"), "ip3": gs.CytosolicIP3()}
    rested = compartment(members=members)
    members["ip3"] = gs.CytosolicIP3(ip3=2.0)
    stimulated = compartment(members=members, ca=1.0)
    for name in ("ryr.C1", "ryr.O1", "ryr.C2", "ip3r.h"):
        assert stimulated[name] == rested[name]
    assert rested["ryr.O1"] == pytest.approx(3.235722e-4, rel=1e-6)


def test_a_start_that_no_equation_may_have_is_an_error():
    with pytest.raises(ModelError, match=r"Odd.start_x asks for 'y', which Odd does not declare"):
        class Odd(Mechanism):
            """A start of nothing."""

            x = gs.state("1", "something")

            @staticmethod
            def start_x(y):
                return y


# IP3 -----------------------------------------------------------------------------------------------------------


def test_ip3_decays_and_enters_as_the_closed_form_says():
    members = {"ip3": gs.CytosolicIP3(preset="SPINE", ip3=5.0)}
    items = compartment(members=members)
    items.run(10.0)
    assert items["ip3.ip3"] == pytest.approx(0.04 + 4.96 * np.exp(-10.0), rel=1e-12)
    rate, source = 1.1e-4, gs.IP3Source(amplitude=0.5)
    items = compartment(0.5, members={"ip3": gs.CytosolicIP3(), "source": source, "receptor": Receptor(influx=1e-3)})
    items.run(100.0)
    made = 0.5 * 2 * 0.2 / (0.2**2 * (1 - 0.375**2)) + 2e-3
    assert items["ip3.ip3"] == pytest.approx(0.04 + made / rate * -np.expm1(-100.0 * rate), rel=1e-10)


def test_ip3_flux_needs_a_compartment_to_flow_into():
    with pytest.raises(ModelError, match=r"p.ip3 needs 'surface_to_volume', which nothing in 'p' provides"):
        Items({"ip3": gs.CytosolicIP3()})


# what comes in -------------------------------------------------------------------------------------------------


def test_receptors_and_currents_bring_calcium_in_and_outward_currents_take_none_out():
    spine = {"cytosol_volume": 0.1, "calbindin_total": 0.0}
    part = gs.CalciumPartOfCurrent(current="receptor.current", calcium_fraction=0.25)
    for amplitude, entry in [(-4.0, PM_PER_PA / 0.1), (4.0, 0.0)]:
        items = compartment(members={"receptor": Receptor(influx=0.5, amplitude=amplitude), "part": part}, **spine)
        items.run(1.0)
        assert items["ca"] - 0.05 == pytest.approx(0.5 + entry, rel=1e-9)
        assert items.ledger["p.entered"] == pytest.approx(0.1 * (0.5 + entry), rel=1e-9)


def test_a_source_brings_its_flux_times_the_surface():
    source = gs.CalciumSource(amplitude=0.7, start=1.0, duration=2.0)
    items = compartment(0.01, members={"source": source}, calbindin_total=0.0, integrator="heun")
    items.run(5.0)
    assert items["ca"] - 0.05 == pytest.approx(0.7 * 2.0 * output(items, "surface_to_volume", ""), rel=1e-12)


def test_voltage_gated_calcium_enters_the_voltage_equation_with_two_charges_an_ion():
    """Electroneutral otherwise: without the channel's density the compartment leaves the potential alone."""
    def cell(density):
        vdcc = gs.VoltageGatedCalciumChannel(density=density, m=0.5, h=1.0)
        calcium = gs.CalciumCompartment(membrane_area=10.0)
        return Items({"": gs.HodgkinHuxley(v=-40.0), "calcium": calcium, "vdcc": vdcc, "pmca": gs.PMCA()}, dt=1e-5)

    items, silent = cell(1.0), cell(0.0)
    inflow = output(items, "flux_from_outside", "vdcc")
    assert output(items, "current", "calcium") == pytest.approx(-2 * 96485.33212 * 1e-6 * 10.0 * inflow, rel=1e-9)
    assert output(silent, "current", "calcium") == 0.0
    for one in (items, silent):
        one.step()
    gained = items["v"][0] - silent["v"][0]
    assert gained == pytest.approx(-1e-5 * output(items, "current", "calcium") / gs.HodgkinHuxley().c_m, rel=1e-3)


# no negative concentration -------------------------------------------------------------------------------------


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_pumps_alone_empty_the_cytosol_and_take_no_more(precision):
    pumps = {"pmca": gs.PMCA, "ncx": gs.NCX, "serca": gs.SERCA}
    radii = np.array([0.1, 0.2, 1.0])
    built = model(pumps, dt=0.1, n=3, pmca=gs.PMCA(density=5000.0), cell=gs.CalciumCompartment(
        ca=np.array([0.0, 1.0, 100.0]), ca_er=np.array([250.0, 1.0, 20.0]), **gs.cylinder_with_er(radii)))
    names = ["ca", "ca_er", "calbindin", "calreticulin"]
    simulation = gs.Simulation(built, backend="numpy", precision=precision, recorder=[f"spine.{n}" for n in names])
    simulation.run("100 ms")
    for name in names:
        assert simulation.recorder[f"spine.{name}"].min() >= 0, name
    assert simulation.state["spine.ca"].max() < 1.0


def without_er_buffer(backend, **compartment):
    """Calcium that waits in a beam of 40 nodes, and one that a source drives."""
    amplitude = np.zeros(40)
    amplitude[20] = 2.5
    model = gs.Model(dt=0.005)
    model.add_trees("dendrite", gs.morphology.gen_beam(4.0, 0.2, 40), gs.CalciumCompartment(**compartment),
                    pmca=gs.PMCA(), serca=gs.SERCA(), er_leak=gs.ERLeak(), ryr=gs.RyanodineReceptor(),
                    source=gs.CalciumSource(amplitude=amplitude, duration=1.0))
    sim = gs.Simulation(model, backend=backend, precision="float64")
    sim.step(500)
    return sim


def test_an_er_without_a_buffer_is_one_whose_buffer_has_no_sites(backend):
    empty, none = (without_er_buffer(backend, **how) for how in (
        {"calreticulin_total": 0.0}, {"preset": "no_calreticulin"}))
    assert set(empty.state) - set(none.state) == {"dendrite.calreticulin"}
    assert none.state["dendrite.ca"].max() > 1.0
    for name in none.state:
        np.testing.assert_allclose(none.state[name], empty.state[name], rtol=1e-13)
    assert abs(none.ledger.residual("dendrite")).max() < 1e-11
