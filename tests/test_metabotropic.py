"""Metabotropic receptors bind, activate G proteins and pass it on; numbers without closed form name their case."""

import numpy as np
import pytest
from single_item import Items, compiled

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.outputs import outputs_program
from gpusyn.receptors import (
    AMPAReceptor,
    D1_Receptor,
    D2_Receptor,
    HT1A_Receptor,
    HT2A_Receptor,
    MuscarinicReceptor,
    NK1_Receptor,
    mGluR_Receptor,
)

OCCUPANCY = [D1_Receptor, D2_Receptor]
G_PROTEIN = [mGluR_Receptor, HT1A_Receptor, HT2A_Receptor, MuscarinicReceptor]
B_1_UM = 0.01 / 0.011  # occupancy of the tutorial's receptors in 1 uM: 0.90909


def alone(receptor, concentration, dt=0.1, **initial):
    """One receptor without a cell, which modulates nothing, in a constant concentration (uM)."""
    receptor.target = ""
    for name, value in initial.items():
        receptor.set(name, value)
    return Items({"receptor": receptor}, {receptor.transmitter: concentration, "v": -65.0}, dt=dt)


def output(items, name, member="receptor"):
    """The present value of an output of the first item."""
    program = outputs_program("p", items.members, {n: (n, "1") for n in items.inputs}, [(member, name)])
    stored = [path for _, path in program.updates]
    values = [0.0 if a.path in stored else items.argument(a) for a in program.arguments]
    (result,) = compiled(program)(*values)
    return np.ravel(result)[0]


# binding -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "tau"), [(D1_Receptor, 90.909), (D2_Receptor, 90.909), (mGluR_Receptor, 909.09)])
@pytest.mark.parametrize("steps", [10, 1000])
def test_the_tutorials_receptors_have_its_steady_state_and_time_constant_in_1_uM(kind, tau, steps):
    receptor = alone(kind(), 1.0, dt=tau / steps, r=0.0)
    receptor.run(tau)
    assert receptor["receptor.r"] == pytest.approx(B_1_UM * (1 - np.exp(-1)), rel=1e-4)
    receptor.run(20 * tau)
    assert receptor["receptor.r"] == pytest.approx(0.90909, abs=5e-6)


@pytest.mark.parametrize("dt", [0.1, 10.0])
def test_mglur_binds_slowly(dt):
    receptor = alone(mGluR_Receptor(), 1.0, dt, r=0.0)
    receptor.run(200.0)
    assert receptor["receptor.r"] == pytest.approx(0.17953, abs=5e-6)


@pytest.mark.parametrize(("kind", "preset", "tonic", "phasic", "tau"), [
    (D1_Receptor, "fast", 0.01960784314, 0.3333332374, 98.03921569),  # dopamine_receptor_fast_D1_EC50_1uM
    (D2_Receptor, "fast", 0.1666666667, 0.7231340745, 2777.777778),  # dopamine_receptor_D2_autoreceptor_EC50_100nM
    (D1_Receptor, "slow", 0.01234567901, 0.01480136082, 118518.5185),  # dopamine_receptor_slow_D1_Hunger20
    (D2_Receptor, "slow", 0.4444444444, 0.5259900847, 66666.66667),  # dopamine_receptor_slow_D2_Hunger20
])
def test_dopamine_receptors_follow_a_burst_as_published(kind, preset, tonic, phasic, tau):
    receptor = alone(kind(preset=preset), 0.02, dt=10.0)
    assert receptor["receptor.r"] == pytest.approx(tonic, rel=1e-6)
    receptor.inputs["dopamine"] = 0.5
    receptor.run(1000.0)
    assert receptor["receptor.r"] == pytest.approx(phasic, rel=1e-6)
    rates = receptor.members["receptor"]
    assert 1 / (rates.binding_rate * 0.02 + rates.unbinding_rate) == pytest.approx(tau, rel=1e-6)


@pytest.mark.parametrize("kind", [*OCCUPANCY, *G_PROTEIN, NK1_Receptor])
@pytest.mark.parametrize("times", [0.1, 1.0, 10.0])
def test_half_the_receptors_are_bound_at_the_ratio_of_the_rates(kind, times):
    receptor = kind(scheme="steady", desensitization_rate=0.0) if kind is NK1_Receptor else kind()
    ec50 = receptor.unbinding_rate / receptor.binding_rate
    items = alone(receptor, times * ec50)
    assert output(items, "bound_fraction") == pytest.approx(times / (1 + times), rel=1e-5)
    assert output(items, "desensitized_fraction") == pytest.approx(0.0, abs=1e-6)


@pytest.mark.parametrize("kind", [*OCCUPANCY, *G_PROTEIN, NK1_Receptor])
def test_every_receptor_says_what_it_binds_and_its_presets_can_be_had(kind):
    assert kind.transmitter in kind.quantities
    for preset in [None, *kind.presets]:
        items = alone(kind(preset=preset), 1e3, dt=50.0)
        items.run(5000.0)
        assert 0 < output(items, "active_fraction") <= output(items, "bound_fraction") <= 1


# G proteins ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", G_PROTEIN)
def test_g_proteins_settle_where_activation_and_deactivation_balance(kind):
    receptor = kind()
    items = alone(receptor, 1.0)
    b, on, off = items["receptor.r"].copy(), receptor.g_protein_activation, receptor.g_protein_deactivation
    assert items["receptor.g_protein"] == 0.0
    for _ in range(100):
        items.step()
    settled, rate = on * b / (on * b + off), on * b + off
    assert items["receptor.g_protein"] == pytest.approx(settled * -np.expm1(-10.0 * rate), rel=1e-9)
    items.run(300.0)
    assert items["receptor.g_protein"] == pytest.approx(settled, rel=1e-4)


def test_mglur_acts_on_the_messenger_that_it_is_told():
    made = {}
    for messenger in ("ip3", "camp", "calcium"):
        items = alone(mGluR_Receptor(second_messenger=messenger), 1.0, r=1.0, g_protein=0.5)
        made[messenger] = [output(items, n) for n in ("ip3_production", "camp_production", "calcium_influx")]
    assert made == {"ip3": [2.5e-4, 0, 0], "camp": [0, -2.5e-4, 0], "calcium": [0, 0, 5e-3]}
    both = mGluR_Receptor(max_ip3_production=1e-4)
    both.second_messenger = "camp"
    assert (both.max_ip3_production, both.max_camp_production) == (1e-4, -5e-4)
    with pytest.raises(ModelError, match=r"mGluR_Receptor\.second_messenger: 'campp' is not a choice; did you mean"):
        mGluR_Receptor(second_messenger="campp")


def test_mglurs_target_has_the_tutorials_name():
    receptor = mGluR_Receptor(modulation_target="nmda_conductance")
    assert receptor.target == receptor.modulation_target == "nmda_conductance"
    receptor.target = ""
    assert receptor.modulation_target == ""


@pytest.mark.parametrize(("receptor", "current"), [
    (HT1A_Receptor(), 15.0), (MuscarinicReceptor(preset="M2"), 15.0), (MuscarinicReceptor(preset="M1"), 0.0),
])
def test_gi_opens_potassium_channels(receptor, current):
    items = alone(receptor, 1.0, g_protein=0.5)
    assert output(items, "current") == pytest.approx(current)  # 1 nS, half open, 30 mV above the reversal potential


def test_gq_makes_ip3_and_gi_holds_cyclase_back():
    for receptor, name, made in [
        (HT2A_Receptor(), "ip3_production", 2.5e-4), (MuscarinicReceptor(), "ip3_production", 2.5e-4),
        (MuscarinicReceptor(preset="M2"), "ip3_production", 0.0), (HT1A_Receptor(), "camp_production", -2.5e-4),
        (MuscarinicReceptor(preset="M2"), "camp_production", -2.5e-4),
        (MuscarinicReceptor(preset="M1"), "camp_production", 0.0),
    ]:
        assert output(alone(receptor, 1.0, g_protein=0.5), name) == pytest.approx(made)


# desensitization -----------------------------------------------------------------------------------------------


def test_nk1_desensitizes_and_recovers_with_its_rates():
    receptor = NK1_Receptor()
    items = alone(receptor, 0.1, dt=1000.0)  # 0.1 uM binds all within seconds
    active = items.run(600e3, record="receptor.bound")[:, 0]
    assert active.max() > 0.8
    assert active[-1] == pytest.approx(0.1 / 1.1, rel=0.01)  # desensitization is ten times as fast as recovery
    total = sum(items[f"receptor.{state}"] for state in ("free", "bound", "desensitized"))
    assert total == pytest.approx(1.0, abs=1e-12)
    assert output(items, "bound_fraction") == pytest.approx(1.0 - items["receptor.free"][0])
    assert output(items, "desensitized_fraction") == items["receptor.desensitized"][0]
    assert output(items, "ip3_production") == pytest.approx(5e-4 * items["receptor.bound"][0])
    items.inputs["substance_p"] = 0.0
    items.run(6000e3)
    assert output(items, "bound_fraction") < 0.01


# gains ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("r", "d1", "d2", "both"), [
    (B_1_UM, 1.45455, 0.72727, 1.05785), (1.0, 1.5, 0.7, 1.05), (0.0, 1.0, 1.0, 1.0),
])
def test_d1_raises_and_d2_lowers_as_far_as_they_are_bound(r, d1, d2, both):
    gains = [output(alone(kind(), 1.0, r=r), "gain") for kind in OCCUPANCY]
    assert gains == [pytest.approx(d1, abs=5e-6), pytest.approx(d2, abs=5e-6)]
    assert np.prod(gains) == pytest.approx(both, abs=5e-6)


def test_dopamine_raises_camp_by_d1_and_lowers_it_by_d2():
    made = [output(alone(kind(), 1.0, r=0.5), "camp_production") for kind in OCCUPANCY]
    assert made == [5e-3, -2.5e-4]
    for kind, wrong in [(D1_Receptor, -1e-3), (D2_Receptor, 1e-3)]:
        with pytest.raises(ModelError, match=rf"{kind.__name__}\.max_camp_production: {wrong} uM/ms is outside"):
            kind(max_camp_production=wrong)


@pytest.mark.parametrize("kind", [*G_PROTEIN, NK1_Receptor])
def test_other_receptors_modulate_what_they_are_told(kind):
    receptor = kind(modulation_factor=0.8)
    state = {"scheme": {"bound": 0.5, "free": 0.5}} if kind is NK1_Receptor else {"g_protein": 0.5}
    assert output(alone(receptor, 1.0, **state), "gain") == pytest.approx(0.9)


def in_dopamine(*concentrations, **modulators):
    """Cells whose AMPA receptors are open, in constant concentrations of dopamine, one per sweep point."""
    model = gs.Model(lattice=(2, 3), dt=0.1)
    still = {"diffusion_coefficient": 0.0, "reuptake_rate": 0.0}
    model.add_transmitter("dopamine", gs.DopamineNeurotransmitter(**still))
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(initial_concentration=1.0, **still))
    model.add_population("cells", gs.LeakyIntegrateAndFire(), ampa=AMPAReceptor(conductance=0.01), **modulators)
    model.sweep = gs.Sweep({"dopamine.initial_concentration": list(concentrations)})
    return model


def test_dopamine_scales_ampa_currents_by_the_product_of_both_receptors_gains(backend):
    model = in_dopamine(0.0, 1.0, d1=D1_Receptor(), d2=D2_Receptor(), mglur=mGluR_Receptor(r=0.0))
    simulation = gs.Simulation(model, backend=backend, precision="float64", recorder=["cells.ampa.current"])
    simulation.step(1)
    without, with_dopamine = simulation.recorder["cells.ampa.current"][0, :, 0]
    assert with_dopamine / without == pytest.approx(1.05785, abs=5e-6)


def test_a_receptor_without_what_it_modulates_is_refused():
    model = in_dopamine(1.0, d1=D1_Receptor(target="nmda_conductance"))
    with pytest.raises(ModelError, match=r"cells\.d1\.target: there is no 'nmda_conductance' in 'cells'"):
        gs.Simulation(model, backend="numpy")
