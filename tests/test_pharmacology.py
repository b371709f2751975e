"""Drugs as mechanisms: their course in time, and dose-response curves against closed forms."""
import numpy as np
import pytest
from scipy.integrate import solve_ivp

import gpusyn as gs

DOSES = np.logspace(-2, 2, 9)  # uM
LIGAND = np.logspace(-3, 2, 11)  # uM


def bath(ligand=LIGAND, name="glutamate", **members):
    """Cells that each see a constant concentration of a transmitter, with a receptor and drugs on them."""
    ligand = np.atleast_1d(ligand)
    model = gs.Model(lattice=(1, ligand.size), dt=1.0)
    model.add_transmitter(name, gs.Transmitter(diffusion_coefficient=0.0, reuptake_rate=0.0,
                                               initial_concentration=ligand))
    model.add_population("cells", gs.LeakyIntegrateAndFire(), **members)
    return model


def long_after(model, quantity, duration=2000.0, **sweep):
    """A quantity when receptors have settled; (point, site) if something is swept."""
    model.sweep = gs.Sweep(sweep)
    simulation = gs.Simulation(model, backend="numpy", precision="float64", recorder=[gs.Record(quantity, every=1)])
    simulation.run(duration)
    return simulation.recorder[quantity][-1]


def ampa(**values):
    """Half bound at 2 uM."""
    return gs.AMPAReceptor(binding_rate=0.05, unbinding_rate=0.1, **values)


# the course at the effect site ------------------------------------------------------------------------------------


def course(duration=400.0, dt=2.0, **values):
    model = bath([0.0], drug=gs.Agonist(target="ampa_glutamate", **values), ampa=ampa())
    model.dt = dt
    simulation = gs.Simulation(model, backend="numpy", precision="float64", recorder=["cells.drug.drug_concentration"])
    simulation.run(duration)
    return np.arange(0.0, duration, dt), simulation.recorder["cells.drug.drug_concentration"][:, 0]


@pytest.mark.parametrize(("onset", "elimination_rate"), [
    (50.0, 0.005), (50.0, 0.02), (50.0, 0.02 + 1e-12), (300.0, 0.1), (50.0, 0.0), (1.0, 1.0),
])
def test_an_acute_drug_follows_batemans_function(onset, elimination_rate):
    t, found = course(preset="acute", dose=3.0, onset=onset, elimination_rate=elimination_rate, start=100.0)
    two = [[-1 / onset, 0.0], [1 / onset, -elimination_rate]]
    exact = solve_ivp(lambda _, y: np.dot(two, y), (0, 300), [3.0, 0.0], t_eval=t[t >= 100] - 100,
                      rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(found[t >= 100], exact.y[1], rtol=1e-7, atol=1e-9)
    assert not found[t < 100].any()


def test_batemans_closed_form_at_every_step():
    t, found = course(preset="acute", dose=2.0)
    ka, ke = 1 / 50.0, 0.005
    np.testing.assert_allclose(found, 2.0 * ka / (ka - ke) * (np.exp(-ke * t) - np.exp(-ka * t)), rtol=1e-12)
    peak = np.log(ka / ke) / (ka - ke)
    assert abs(t[np.argmax(found)] - peak) <= 2.0
    assert found[-1] < 0.5 * found.max()


def test_a_chronic_drug_stays():
    t, found = course(preset="chronic", dose=2.0, start=10.0)
    np.testing.assert_array_equal(found, np.where(t < 10.0, 0.0, 2.0))
    t, found = course(preset="chronic", dose=2.0, onset=80.0)
    np.testing.assert_allclose(found, 2.0 * (1 - np.exp(-t / 80.0)), rtol=1e-12, atol=1e-15)


def test_a_drug_without_onset_washes_out():
    t, found = course(preset="chronic", dose=2.0, elimination_rate=0.01)
    np.testing.assert_allclose(found, 2.0 * np.exp(-0.01 * t), rtol=1e-12)


# receptors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("affinity", [0.5, 1.0, 20.0])
def test_an_agonist_is_half_effective_where_its_affinity_says(affinity):
    drug = gs.Agonist(target="ampa_glutamate", relative_affinity=affinity)
    model = bath([0.0], ampa=ampa(), drug=drug)
    occupied = long_after(model, "cells.ampa.bound_fraction", **{"cells.drug.dose": DOSES})
    ec50 = 2.0 / affinity
    np.testing.assert_allclose(occupied[:, 0], DOSES / (DOSES + ec50), rtol=1e-9)


def test_a_competitive_antagonist_moves_the_curve_as_gaddum_and_schild_say():
    drug = gs.CompetitiveAntagonist(target="ampa_glutamate", k_b=0.4)
    doses = [0.0, 0.4, 1.2, 39.6]
    occupied = long_after(bath(ampa=ampa(), drug=drug), "cells.ampa.bound_fraction", **{"cells.drug.dose": doses})
    for dose, row in zip(doses, occupied, strict=True):
        np.testing.assert_allclose(row, LIGAND / (LIGAND + 2.0 * (1 + dose / 0.4)), rtol=1e-9)
    # the same occupancy needs (1 + dose / k_b) times the ligand: a factor of 100 is four of the ladder's steps
    np.testing.assert_allclose(occupied[3, 4:], occupied[0, :-4], rtol=1e-9)


def test_the_shift_is_exact_for_a_scheme_with_several_sites_too():
    drug = gs.CompetitiveAntagonist(target="ampa.glutamate", k_b=1.0, dose=9.0)
    models = (bath(ligand, ampa=gs.AMPAReceptor(preset="Jonas1993"), **members)
              for ligand, members in ((LIGAND, {}), (10.0 * LIGAND, {"drug": drug})))
    without, under = (long_after(model, "cells.ampa.open_fraction", 3000.0) for model in models)
    assert without.max() > 10 * without.min()
    np.testing.assert_allclose(under, without, rtol=1e-9)


def test_a_binding_rate_may_be_the_target():
    occupied = [
        long_after(bath(ampa=ampa(), drug=gs.CompetitiveAntagonist(target=f"ampa_{name}", dose=3.0)),
                   "cells.ampa.bound_fraction")
        for name in ("glutamate", "binding_rate")
    ]
    np.testing.assert_allclose(*occupied, rtol=1e-12)


def test_agonist_and_antagonist_compete():
    drugs = {"agonist": gs.Agonist(target="ampa_glutamate", dose=5.0, relative_affinity=0.3),
             "antagonist": gs.CompetitiveAntagonist(target="ampa_glutamate", k_b=0.5, dose=2.0)}
    occupied = long_after(bath(ampa=ampa(), **drugs), "cells.ampa.bound_fraction")
    total = LIGAND + 5.0 * 0.3
    np.testing.assert_allclose(occupied, total / (total + 2.0 * (1 + 2.0 / 0.5)), rtol=1e-9)


@pytest.mark.parametrize(("hill", "efficacy"), [(1.0, 1.0), (2.0, 1.0), (1.5, 0.6)])
def test_a_noncompetitive_antagonist_lowers_the_curve_and_leaves_its_place(hill, efficacy):
    drug = gs.NoncompetitiveAntagonist(target="ampa_conductance", half_effect=3.0, hill=hill, efficacy=efficacy)
    members = {"ampa": ampa(conductance=1e-6), "drug": drug}
    current = long_after(bath(**members), "cells.ampa.current", **{"cells.drug.dose": [0.0, *DOSES]})
    left = 1 - efficacy * DOSES**hill / (DOSES**hill + 3.0**hill)
    np.testing.assert_allclose(current[1:] / current[0], left[:, None] * np.ones(LIGAND.size), rtol=1e-6)
    half = gs.NoncompetitiveAntagonist.gain(gs.NoncompetitiveAntagonist.effect(3.0, 3.0, hill, efficacy))
    assert half == pytest.approx(1 - efficacy / 2)


def test_a_positive_modulator_moves_the_curve_to_the_left():
    """A benzodiazepine at its EC50 with a largest shift of 3: GABA's EC50 falls from 0.5 to 0.25 uM."""
    drug = gs.PositiveModulator(target="gaba_a_gaba", half_effect=0.1, largest_gain=3.0)
    model = bath(name="gaba", gaba_a=gs.GABA_A_Receptor(), drug=drug)
    bound = long_after(model, "cells.gaba_a.bound_fraction", **{"cells.drug.dose": [0.0, 0.1, 1e6]})
    for row, ec50 in zip(bound, (0.5, 0.25, 0.5 / 3), strict=True):
        np.testing.assert_allclose(row, LIGAND / (LIGAND + ec50), rtol=1e-6)


# transporters -------------------------------------------------------------------------------------------------------


def serotonin(transporter=None, source=0.1, dt=1.0, **members):
    """Serotonin that is supplied all the time and taken up by transporters alone."""
    model = gs.Model(lattice=(1, 2), dt=dt)
    transmitter = gs.SerotoninNeurotransmitter(reuptake_rate=0.0, source=source)
    transporter = transporter or gs.SerotoninTransporter(v_max=1.0, k_m=10.0)
    model.add_transmitter("serotonin", transmitter, transporter=transporter, **members)
    return model


def steady(model, duration=3000.0, **sweep):
    model.sweep = gs.Sweep(sweep)
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    simulation.run(duration)
    return simulation.state["serotonin.concentration"][..., 0]


@pytest.mark.parametrize("hill", [1.0, 2.0])
def test_reuptake_inhibition_has_its_ic50(hill):
    """v_max is halved at the IC50: the steady level rises from 1.1111 to s k_m / (v_max / 2 - s) = 2.5 uM."""
    model = serotonin(drug=gs.ReuptakeInhibitor(target="transporter_v_max", half_effect=2.0, hill=hill))
    doses = np.array([0.0, 0.5, 2.0, 4.0])
    v_max = 1 - doses**hill / (doses**hill + 2.0**hill)
    levels = steady(model, **{"serotonin.drug.dose": doses})
    np.testing.assert_allclose(levels, 0.1 * 10.0 / (v_max - 0.1), rtol=1e-4)
    np.testing.assert_allclose(levels[[0, 2]], [1.1111, 2.5], rtol=1e-4)


def test_competitive_reuptake_inhibition_raises_the_apparent_k_m():
    model = serotonin(drug=gs.CompetitiveReuptakeInhibitor(target="transporter_k_m", k_i=2.0))
    doses = np.array([0.0, 2.0, 6.0])
    levels = steady(model, **{"serotonin.drug.dose": doses})
    np.testing.assert_allclose(levels, 0.1 * 10.0 * (1 + doses / 2.0) / (1.0 - 0.1), rtol=1e-4)


def test_an_acute_inhibitor_raises_serotonin_for_a_while():
    drug = gs.ReuptakeInhibitor(preset="acute", target="transporter_v_max", half_effect=0.1)
    model = serotonin(dt=0.2, drug=drug)
    model.set("serotonin.initial_concentration", 10 / 9)
    simulation = gs.Simulation(model, backend="numpy", precision="float64", recorder=["serotonin"])
    simulation.run(1200.0)
    found = simulation.recorder["serotonin.concentration"][:, 0]

    def slope(t, c):
        d = gs.Drug.drug_concentration(t, 1.0, 0.0, 50.0, 0.005)
        return 0.1 - 0.1 / (d + 0.1) * c / (10.0 + c)

    t = 0.2 * np.arange(6000)
    exact = solve_ivp(slope, (0, 1200), [10 / 9], t_eval=t, rtol=1e-9, atol=1e-10).y[0]
    np.testing.assert_allclose(found, exact, rtol=5e-3)  # the drug stands still within a step
    assert found.max() > 3 * found[0]
    assert found[-1] < 0.5 * found.max()


def test_drugs_act_alike_on_every_backend(backend):
    """Five drugs, two of them acute, over a sweep of doses."""
    def model():
        made = serotonin(dt=0.1, ssri=gs.ReuptakeInhibitor(preset="acute", target="transporter_v_max"))
        made.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(initial_concentration=1.0))
        made.add_population(
            "cells", gs.LeakyIntegrateAndFire(),
            ampa=gs.AMPAReceptor(conductance=0.01), nmda=gs.NMDA_Receptor(conductance=0.01),
            agonist=gs.Agonist(target="ampa_glutamate", preset="acute", dose=0.3),
            antagonist=gs.CompetitiveAntagonist(target="nmda_glutamate"),
            blocker=gs.NoncompetitiveAntagonist(target="nmda_conductance", hill=2.0),
            sensitizer=gs.PositiveModulator(target="ampa_glutamate", largest_gain=2.0),
        )
        made.sweep = gs.Sweep({"cells.blocker.dose": [0.0, 2.0], "serotonin.ssri.dose": [0.1, 5.0]}, mode="zip")
        return made

    reference = gs.Simulation(model(), backend="numpy", precision="float64", seed=1)
    simulation = gs.Simulation(model(), backend=backend, precision="float32", seed=1)
    for run in (reference, simulation):
        run.step(100)
    for name in ("serotonin.concentration", "cells.ampa.r", "cells.nmda.r", "cells.v"):
        np.testing.assert_allclose(simulation.state[name], reference.state[name], rtol=2e-4, err_msg=name)
    energy = simulation.ledger["serotonin"]["energy"]
    np.testing.assert_allclose(energy, reference.ledger["serotonin"]["energy"], rtol=2e-4)
    assert energy[0] > energy[1]


@pytest.mark.parametrize(("kind", "name", "value"), [
    (gs.Agonist, "dose", -1.0), (gs.ReuptakeInhibitor, "efficacy", 1.5), (gs.PositiveModulator, "largest_gain", 0.5),
    (gs.CompetitiveAntagonist, "k_b", 0.0), (gs.NoncompetitiveAntagonist, "hill", 0.0),
])
def test_impossible_numbers_are_refused(kind, name, value):
    with pytest.raises(gs.ModelError, match=rf"{kind.__name__}\.{name}: {value}"):
        kind(**{name: value})
