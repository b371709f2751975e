"""Disorders: less of a transmitter, and what makes up for it."""
import numpy as np
import pytest

import gpusyn as gs

PARKINSON = gs.NeurologicalDisorderModel(
    neurotransmitter_deficit={"dopamine": 0.3}, compensatory_mechanisms=["receptor_upregulation"]
)


def striatum(**transmitter):
    """Cells that release dopamine, and that bind it, glutamate and GABA."""
    model = gs.Model(lattice=(3, 4), dt=0.5)
    dopamine = gs.DopamineNeurotransmitter(**{"source": 0.001, "initial_concentration": 0.2, **transmitter})
    model.add_transmitter("dopamine", dopamine)
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter())
    model.add_transmitter("gaba", gs.GABANeurotransmitter())
    model.add_population(
        "cells", gs.LeakyIntegrateAndFire(), ampa=gs.AMPAReceptor(), gaba_b=gs.GABA_B_Receptor(),
        d1=gs.D1_Receptor(), d2=gs.D2_Receptor(), autoreceptor=gs.D2_Autoreceptor(), mglur=gs.mGluR_Receptor(),
    )
    model.add_source("terminals", gs.Regular(period=10.0))
    model.connect("terminals", "dopamine", gs.AllToAll(12))
    return model


def simulate(model, backend="numpy", precision="float64"):
    simulation = gs.Simulation(model, backend=backend, precision=precision, seed=3, recorder=["dopamine"])
    simulation.run(300.0)
    return simulation.recorder["dopamine.concentration"]


def test_a_deficit_scales_dopamine_where_uptake_is_linear(backend):
    healthy, ill = striatum(), striatum()
    for model in (healthy, ill):
        model.populations.clear()
    gs.apply_disorder_model(ill, gs.NeurologicalDisorderModel({"dopamine": 0.3}))
    np.testing.assert_allclose(simulate(ill, backend), 0.3 * simulate(healthy, backend), rtol=1e-12)


def test_the_steady_level_falls_to_the_fraction_that_remains():
    """Far below k_m transporters are linear; near it, less release leaves less than its share."""
    levels = {}
    for k_m in (1000.0, 1.0):
        for fraction in (1.0, 0.3):
            model = gs.Model(lattice=(1, 1), dt=10.0)
            model.add_transmitter("dopamine", gs.DopamineNeurotransmitter(reuptake_rate=0.0, source=0.002),
                                  transporter=gs.DopamineTransporter(v_max=4e-3 * k_m, k_m=k_m))
            gs.apply_disorder_model(model, gs.NeurologicalDisorderModel({"dopamine": fraction}))
            simulation = gs.Simulation(model, backend="numpy", precision="float64")
            simulation.run(20000.0)
            levels[k_m, fraction] = simulation.state["dopamine.concentration"][0]
    assert levels[1000.0, 0.3] / levels[1000.0, 1.0] == pytest.approx(0.3, rel=1e-3)
    assert levels[1.0, 0.3] / levels[1.0, 1.0] == pytest.approx(0.3 * (4 - 2) / (4 - 0.6), rel=1e-3)


def test_receptors_for_what_is_lacking_become_denser_and_no_others():
    model = striatum()
    changed = gs.apply_disorder_model(model, gs.NeurologicalDisorderModel(
        {"dopamine": 0.3, "gaba": 0.8}, ["receptor_upregulation"], upregulation=1.2))
    members = model.populations["cells"].members
    assert members["d1"].modulation_factor == pytest.approx(1 + 1.2 * 0.5)
    assert members["d2"].modulation_factor == pytest.approx(1 - 1.2 * 0.3)
    assert members["d1"].max_camp_production == pytest.approx(1.2 * gs.D1_Receptor().max_camp_production)
    assert members["gaba_b"].g_protein_production == pytest.approx(1.2 * gs.GABA_B_Receptor().g_protein_production)
    assert members["gaba_b"].conductance == gs.GABA_B_Receptor().conductance
    assert members["ampa"].conductance == gs.AMPAReceptor().conductance
    assert members["autoreceptor"].inhibition_factor == gs.D2_Autoreceptor().inhibition_factor
    assert model.get("dopamine.quantum_size") == pytest.approx(300.0)
    assert model.get("gaba.quantum_size") == pytest.approx(2400.0)
    assert {"dopamine.quantum_size", "cells.d1.modulation_factor", "cells.gaba_b.g_protein_production"} <= set(changed)
    assert not [path for path in changed if path.startswith(("cells.ampa", "cells.autoreceptor", "glutamate"))]


@pytest.mark.parametrize(("fraction", "upregulation", "factor"), [
    (0.8, None, 1.25), (0.3, None, 2.0), (0.0, None, 2.0), (0.3, 3.0, 3.0), (1.0, 3.0, 1.0), (1.0, None, 1.0),
])
def test_receptors_make_up_for_the_loss_but_at_most_twofold(fraction, upregulation, factor):
    disorder = gs.NeurologicalDisorderModel({"dopamine": fraction}, [], upregulation)
    assert disorder.density_factor(fraction) == pytest.approx(factor)


def test_a_denser_ionotropic_receptor_conducts_more():
    model = striatum()
    gs.apply_disorder_model(model, gs.NeurologicalDisorderModel({"glutamate": 0.5}, ["receptor_upregulation"]))
    assert model.get("cells.ampa.conductance") == pytest.approx(20.0)
    assert model.get("cells.mglur.modulation_factor") == pytest.approx(0.6)


def test_modulation_does_not_become_negative():
    model = striatum()
    model.set("cells.d2.modulation_factor", 0.2)
    gs.apply_disorder_model(model, PARKINSON)
    assert model.get("cells.d2.modulation_factor") == 0.0


def test_losing_the_transporters_too_restores_the_level():
    """A tonic level is supply over uptake: with the terminals both go."""
    healthy, ill = (striatum(initial_concentration=0.0) for _ in range(2))
    ill.transmitters["dopamine"].members["cut_off"] = gs.FirstOrderUptake(rate=np.r_[np.zeros(11), 0.1])
    gs.apply_disorder_model(ill, gs.NeurologicalDisorderModel({"dopamine": 0.3}, ["reuptake_downregulation"]))
    assert ill.get("dopamine.reuptake_rate") == pytest.approx(0.3 * 0.005)
    assert ill.get("dopamine.cut_off.rate")[-1] == 0.1  # no reuptake, and not of the terminals
    del ill.transmitters["dopamine"].members["cut_off"]
    levels = []
    for model in (healthy, ill):
        model.connections.clear(), model.populations.clear()
        model.dt = 2.0
        simulation = gs.Simulation(model, backend="numpy", precision="float64")
        simulation.run(6000.0)
        levels.append(simulation.state["dopamine.concentration"][0])
    np.testing.assert_allclose(levels, 0.2, rtol=1.1e-2)


def test_what_a_sweep_varies_is_scaled_too():
    model = striatum()
    model.sweep = gs.Sweep({"dopamine.quantum_size": [1000.0, 2000.0], "cells.d2.modulation_factor": [0.7, 1.0]})
    gs.apply_disorder_model(model, PARKINSON)
    np.testing.assert_allclose(model.sweep.axes["dopamine.quantum_size"], [300.0, 600.0])
    np.testing.assert_allclose(model.sweep.axes["cells.d2.modulation_factor"], [0.4, 1.0])


def test_a_receptor_that_populations_share_is_scaled_once():
    model, d1 = striatum(), gs.D1_Receptor()
    for name in ("some", "others"):
        model.add_population(name, gs.LeakyIntegrateAndFire(), ampa=gs.AMPAReceptor(), d1=d1)
    gs.apply_disorder_model(model, PARKINSON)
    assert d1.modulation_factor == pytest.approx(2.0)


def test_a_deficit_of_what_is_not_there_is_a_warning():
    model = striatum()
    with pytest.warns(UserWarning, match="there is no serotonin here, so that its deficit changes nothing; valid: "
                                         "dopamine, gaba, glutamate") as caught:
        assert gs.apply_disorder_model(model, gs.NeurologicalDisorderModel({"serotonin": 0.5})) == []
    assert caught[0].filename == __file__


@pytest.mark.parametrize(("values", "message"), [
    (({"dopamine": 1.3},), "dopamine = 1.3 must be the fraction that remains, from 0 to 1"),
    (({"dopamine": -0.1},), "dopamine = -0.1 must be"),
    (({}, ["receptor_upregulaton"]), "'receptor_upregulaton' is unknown; did you mean 'receptor_upregulation'"),
    (({}, [], 0.5), "upregulation: 0.5 must be at least 1"),
])
def test_an_impossible_disorder_is_refused(values, message):
    with pytest.raises(gs.ModelError, match=message):
        gs.NeurologicalDisorderModel(*values)
