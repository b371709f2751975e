"""Receptors bind, open and conduct as their equations say; exact values are written as closed forms where short."""

import numpy as np
import pytest
from receptor_runs import MM, Trace, value_of
from single_item import Items

from gpusyn.neurons import LeakyIntegrateAndFire
from gpusyn.receptors import (
    AMPAReceptor,
    ExponentialConductanceSynapse,
    ExponentialCurrentSynapse,
    GABA_A_Receptor,
    NMDA_Receptor,
)
from gpusyn.receptors.nmda import JAHR_STEVENS, mg_unblocked

RECEPTORS = [AMPAReceptor, NMDA_Receptor, GABA_A_Receptor]


def alone(receptor, concentration, dt=0.1, v=-65.0, **initial):
    """One receptor without a cell, in a constant concentration (uM)."""
    for name, value in initial.items():
        receptor.set(name, value)
    return Items({"receptor": receptor}, {receptor.transmitter: concentration, "v": v}, dt=dt)


def steady_state(receptor, concentration):
    opening, closing = type(receptor).r_rates(concentration, receptor.binding_rate, receptor.unbinding_rate)
    return opening / (opening + closing), 1 / (opening + closing)


# kinetics ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "bound", "tau"), [
    (AMPAReceptor, 0.66667, 6.667), (GABA_A_Receptor, 0.66667, 3.333), (NMDA_Receptor, 0.83333, 16.67),
])
def test_the_tutorials_receptors_have_its_steady_states_in_1_uM(kind, bound, tau):
    assert steady_state(kind(), 1.0) == (pytest.approx(bound, abs=5e-6), pytest.approx(tau, rel=1e-3))


@pytest.mark.parametrize(("kind", "bound", "tau"), [
    (AMPAReceptor, 0.85271, 0.7752), (GABA_A_Receptor, 0.96525, 0.1931), (NMDA_Receptor, 0.91603, 12.72),
])
def test_destexhes_receptors_have_his_steady_states_in_1_mM(kind, bound, tau):
    assert steady_state(kind(preset="Destexhe1998"), 1000.0) == (
        pytest.approx(bound, abs=5e-6), pytest.approx(tau, rel=5e-4),
    )


@pytest.mark.parametrize("dt", [0.01, 0.1, 1.0])
def test_binding_and_unbinding_are_exact_at_any_step(dt):
    receptor = alone(AMPAReceptor(), 1.0, dt, r=0.0)
    receptor.run(10.0)
    assert receptor["receptor.r"] == pytest.approx(0.51791, abs=5e-6)
    receptor.inputs["glutamate"] = 0.0
    receptor.run(10.0)
    assert receptor["receptor.r"] == pytest.approx(0.31413, abs=5e-6)


@pytest.mark.parametrize(("kind", "half_decay", "opened"), [
    # receptor2_AMPA_1ms_1mM and receptor2_NMDA_1ms_1mM: open at 0.5, 1 (the peak), 2, 5, 10 and 50 ms
    (AMPAReceptor, 3.648143056, (
        0.4053265145, 0.617986154, 0.5110492947, 0.2890113766, 0.1117725556, 5.593673565e-05)),
    (NMDA_Receptor, 105.0223001, (
        0.0353017766, 0.06924310136, 0.06878760169, 0.06743900237, 0.06524983522, 0.05011014691)),
])
@pytest.mark.parametrize("dt", [0.05, 0.5])
def test_a_pulse_of_1_mM_for_1_ms_opens_destexhes_receptors_as_far_as_he_says(kind, half_decay, opened, dt):
    trace = Trace(kind(preset="Destexhe1998"), (MM, 1.0), [(50.0, dt)], wanted="bound_fraction")
    assert [trace.y[round(t / dt)] for t in (0.5, 1.0, 2.0, 5.0, 10.0, 50.0)] == pytest.approx(opened, rel=1e-6)
    assert (trace.peak, trace.t_peak) == (pytest.approx(opened[1], rel=1e-6), 1.0)
    assert np.log(2) / trace.receptor.unbinding_rate == pytest.approx(half_decay, rel=1e-6)


def test_a_pulse_of_1_mM_for_1_ms_opens_gaba_a_receptors_almost_wholly():
    trace = Trace(GABA_A_Receptor(preset="Destexhe1998"), (MM, 1.0), [(2.0, 0.5)])
    assert trace.peak == pytest.approx(0.9598, rel=5e-5)


def test_an_nmda_receptor_that_binds_ten_times_faster_peaks_seven_times_higher():  # receptor2_NMDA_crate_alpha_is_10x
    fast = NMDA_Receptor(preset="Destexhe1998", binding_rate=7.2e-4)
    assert Trace(fast, (MM, 1.0), [(1.0, 0.5)], "bound_fraction").peak == pytest.approx(0.5117586102, rel=1e-9)


@pytest.mark.parametrize("kind", RECEPTORS)
def test_bound_fractions_stay_between_0_and_1_at_long_steps(kind):
    receptor = alone(kind(preset="Destexhe1998"), 1e6, dt=1.0, r=0.0)
    bound = receptor.run(20.0, record="receptor.r")
    assert (bound >= 0).all()
    assert (bound <= 1).all()


@pytest.mark.parametrize("kind", RECEPTORS)
def test_receptors_start_at_the_steady_state_of_the_concentration_they_see(kind):
    receptor = alone(kind(), 1.0)
    start = receptor["receptor.r"].copy()
    assert start == pytest.approx(steady_state(kind(), 1.0)[0])
    receptor.run(5.0)
    assert receptor["receptor.r"] == pytest.approx(start, rel=1e-12)


# magnesium -----------------------------------------------------------------------------------------------------


def test_magnesium_blocks_as_jahr_and_stevens_say():
    v = np.array([-80.0, -65.0, -40.0, 0.0, 40.0])
    unblocked = mg_unblocked(v, 1.0, JAHR_STEVENS["mg_block_voltage"], JAHR_STEVENS["mg_block_slope"])
    expected = [0.02442465303, 0.05966815356, 0.2301553183, 0.7811816193, 0.9770801558]
    assert unblocked == pytest.approx(expected, rel=1e-9)
    assert JAHR_STEVENS["mg_block_voltage"] == pytest.approx(-20.53, abs=5e-3)


@pytest.mark.parametrize(("mg", "unblocked"), [(0.5, 0.1126166779), (2.0, 0.03075151999)])
def test_the_block_follows_the_concentration_of_magnesium(mg, unblocked):
    receptor = NMDA_Receptor(preset="JahrStevens1990")
    fraction = value_of(receptor, "open_fraction", r=1.0, v=-65.0, mg_concentration=mg)
    assert fraction == pytest.approx(unblocked, rel=1e-9)


def test_without_magnesium_nothing_is_blocked_and_the_block_is_monotonic():
    v, mg = np.linspace(-100, 60, 33)[:, None], np.linspace(0, 4, 9)[None, :]
    unblocked = mg_unblocked(v, mg, -30.0, 1 / 0.062)
    assert (unblocked[:, 0] == 1).all()
    assert (np.diff(unblocked[:, 1:], axis=0) > 0).all()
    assert (np.diff(unblocked, axis=1) < 0).all()


def test_mg_block_voltage_is_where_1_mM_blocks_a_half():
    receptor = NMDA_Receptor()
    assert receptor.mg_block_voltage == -30.0
    assert value_of(receptor, "open_fraction", r=0.8, v=-30.0) == pytest.approx(0.4)


# currents ------------------------------------------------------------------------------------------------------


def current_at(receptor, v, r):
    """The current (pA) of `receptor` at potential v with a fraction r bound, from its equations."""
    return value_of(receptor, "current", r=r, v=v)


def test_currents_at_rest_with_every_receptor_bound():
    assert current_at(AMPAReceptor(preset="Destexhe1998"), -65.0, 1.0) == pytest.approx(-65.0)
    assert current_at(GABA_A_Receptor(preset="Destexhe1998"), -65.0, 1.0) == pytest.approx(18.0)
    upstream = NMDA_Receptor(preset="Destexhe1998", mg_concentration=0.3, mg_block_voltage=-np.log(3.75) / 0.062)
    assert current_at(upstream, -65.0, 1.0) == pytest.approx(-7.090, abs=5e-4)


@pytest.mark.filterwarnings("ignore:.*is negative")
@pytest.mark.parametrize("conductance", [5.0, -5.0])
def test_gaba_current_is_outward_above_its_reversal_whatever_the_sign_of_the_conductance(conductance):
    receptor = GABA_A_Receptor(conductance=conductance)
    assert current_at(receptor, -50.0, 1.0) == pytest.approx(100.0)
    assert current_at(receptor, -80.0, 1.0) == pytest.approx(-50.0)


@pytest.mark.filterwarnings("ignore:.*is negative")
@pytest.mark.parametrize(("v", "sign"), [(-50.0, -1), (-80.0, 1)])
@pytest.mark.parametrize("conductance", [5.0, -5.0])
def test_gaba_pulls_the_cell_to_its_reversal_potential(conductance, v, sign):
    cell = LeakyIntegrateAndFire(v_init=v, e_l=v, v_th=0.0)
    items = Items({"": cell, "gaba_a": GABA_A_Receptor(conductance=conductance)}, {"gaba": 10.0})
    items.step()
    assert np.sign(items["v"] - v) == sign


def test_a_negative_conductance_warns():
    with pytest.warns(UserWarning, match=r"GABA_A_Receptor\.conductance: -5 nS is negative; its magnitude is used"):
        GABA_A_Receptor(conductance=-5)


def test_receptor_currents_add_up_in_the_cell():
    cell = LeakyIntegrateAndFire(v_init=-70.0, e_l=-70.0)
    both = Items({"": cell, "ampa": AMPAReceptor(), "nmda": NMDA_Receptor()}, {"glutamate": 1.0})
    change = sum(
        -current_at(kind(), -70.0, steady_state(kind(), 1.0)[0]) for kind in (AMPAReceptor, NMDA_Receptor)
    ) * both.dt / cell.c_m
    both.step()
    assert both["v"] + 70.0 == pytest.approx(change, rel=1e-12)


def test_a_receptor_can_be_bound_to_another_concentration():
    receptor = AMPAReceptor(glutamate="aspartate")
    items = Items({"receptor": receptor}, {"aspartate": 1.0, "glutamate": 0.0, "v": -65.0})
    assert items["receptor.r"] == pytest.approx(2 / 3)


# synapses without transmitter -----------------------------------------------------------------------------------


def test_a_current_synapse_decays_exactly_and_excites():
    cell = LeakyIntegrateAndFire()
    items = Items({"": cell, "synapse": ExponentialCurrentSynapse()}, dt=0.5)
    items["synapse.inward_current"] = 20.0
    items.run(10.0)
    assert items["synapse.inward_current"] == pytest.approx(20 * np.exp(-2), rel=1e-13)
    assert items["v"] > cell.e_l


@pytest.mark.parametrize(("reversal", "sign"), [(0.0, 1), (-80.0, -1)])
def test_a_conductance_synapse_pulls_to_its_reversal_potential(reversal, sign):
    cell = LeakyIntegrateAndFire()
    items = Items({"": cell, "synapse": ExponentialConductanceSynapse(reversal_potential=reversal)}, dt=0.5)
    items["synapse.conductance"] = 3.0
    items.run(5.0)
    assert items["synapse.conductance"] == pytest.approx(3 * np.exp(-1), rel=1e-13)
    assert np.sign(items["v"] - cell.e_l) == sign
