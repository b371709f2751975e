"""Neurons fire as often, and as regularly, as their equations say.

Counts of the integrate-and-fire neurons are those of spiking-neural-networks 0.24 re-computed in float64 (forward
Euler, 0.1 ms); Hodgkin-Huxley is compared with an adaptive solver.
"""

import copy

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import minimize_scalar
from single_item import Items

from gpusyn.currents import ConstantCurrent
from gpusyn.neurons import (
    AdaptiveExponentialIntegrateAndFire,
    AdaptiveLeakyIntegrateAndFire,
    HodgkinHuxley,
    IzhikevichNeuron,
    LeakyIntegrateAndFire,
    LeakyIzhikevichNeuron,
    MorrisLecar,
    QuadraticIntegrateAndFire,
)
from gpusyn.receptors import AMPAReceptor
from gpusyn.transmitters import VoltageDrivenTransmitter


def fire(cell, currents, duration=1000.0, dt=0.1):
    """Steps (counted from 0) at which the cell fires, for each injected current in pA."""
    drive = ConstantCurrent(amplitude=np.array(currents, float))
    spikes = Items({"": cell, "drive": drive}, n=len(currents), dt=dt).run(duration)
    return [np.array(steps) - 1 for steps in spikes]


def counts(spikes):
    return [len(steps) for steps in spikes]


def last_interval(steps):
    return steps[-1] - steps[-2]


# Izhikevich ----------------------------------------------------------------------------------------------------


def test_default_izhikevich_neuron_fires_as_upstream_does():
    spikes = fire(IzhikevichNeuron(), [0, 10, 20, 30, 40, 60, 100])
    assert counts(spikes) == [0, 2, 5, 7, 9, 12, 18]
    assert np.abs(spikes[4][:3] - [1660, 2672, 3692]).max() <= 1
    assert last_interval(spikes[4]) == 1020


@pytest.mark.parametrize(("preset", "count"), [("RS", 23), ("IB", 34), ("CH", 87), ("FS", 131), ("LTS", 75)])
def test_izhikevich_presets_fire_in_their_patterns(preset, count):
    (steps,) = fire(IzhikevichNeuron(preset=preset), [10])
    assert len(steps) == count


def test_regular_spiking_settles_to_its_interval():
    (steps,) = fire(IzhikevichNeuron(preset="RS"), [10])
    assert steps[0] == 33
    assert last_interval(steps) == 451


def test_izhikevich_neuron_takes_the_tutorials_names():
    neuron = IzhikevichNeuron(current_voltage=-70.0, w_value=3.0, v_init=-65.0, a=0.03)
    assert (neuron.current_voltage, neuron.w_value, neuron.v_init, neuron.a) == (-70.0, 3.0, -65.0, 0.03)
    neuron.current_voltage = -50.0
    other = copy.deepcopy(neuron)
    other.current_voltage = -40.0
    assert (neuron.v, other.v) == (-50.0, -40.0)
    assert Items(neuron)["v"] == -50.0
    assert IzhikevichNeuron(v_init=-60.0).current_voltage == -60.0
    with pytest.raises(AttributeError, match="curent_voltage"):
        _ = neuron.curent_voltage


def test_leaky_izhikevich_neuron_fires_as_upstreams_equations_do():
    spikes = fire(LeakyIzhikevichNeuron(), [0, 60, 200])
    assert counts(spikes) == [0, 2, 2]
    assert [int(steps[0]) for steps in spikes[1:]] == [6575, 5950]


# integrate and fire --------------------------------------------------------------------------------------------


def test_leaky_neuron_is_silent_below_its_threshold_current():
    assert counts(fire(LeakyIntegrateAndFire(), [0, 100, 200])) == [0, 0, 0]


def test_leaky_neuron_fires_at_upstreams_rates_and_near_the_analytic_period():
    spikes = fire(LeakyIntegrateAndFire(), [250, 300, 400, 500])
    assert counts(spikes) == [38, 48, 59, 66]
    assert [last_interval(s) for s in spikes] == [261, 210, 169, 151]
    for current, steps in zip([250, 300, 400, 500], spikes, strict=True):
        v_inf = -75 + current / 10
        period = 10 + 10 * np.log((v_inf + 75) / (v_inf + 55))
        assert last_interval(steps) * 0.1 == pytest.approx(period, abs=0.1)  # the spike falls on the grid of 0.1 ms


def test_leaky_neuron_is_held_for_its_refractory_time():
    cell = Items({"": LeakyIntegrateAndFire(), "drive": ConstantCurrent(amplitude=500.0)})
    trace = cell.run(30.0, record="v")[:, 0]
    first = np.flatnonzero(trace == -75.0)[0]
    assert (trace[first:first + 101] == -75.0).all()
    assert trace[first + 101] > -75.0


def test_quadratic_neuron_fires_at_upstreams_rates():
    assert counts(fire(QuadraticIntegrateAndFire(), [50, 60, 80, 100, 200])) == [0, 6, 18, 25, 46]


@pytest.mark.parametrize("kind", [AdaptiveLeakyIntegrateAndFire, AdaptiveExponentialIntegrateAndFire])
def test_adaptive_neurons_fire_at_upstreams_rates(kind):
    assert counts(fire(kind(), [300, 500, 1000, 2000])) == [0, 14, 30, 48]


def test_adaptation_lengthens_the_intervals():
    (steps,) = fire(AdaptiveExponentialIntegrateAndFire(preset="BretteGerstner2005"), [1000])
    intervals = np.diff(steps)
    assert intervals[-1] > 1.5 * intervals[0]


def test_adaptive_exponential_cell_has_its_rheobase():
    # At rest w = alpha (v - e_l), so the current that holds v has its maximum, the rheobase, where its slope is zero:
    # g_l (exp((v - v_th) / slope) - 1) = alpha.
    cell = AdaptiveExponentialIntegrateAndFire(preset="BretteGerstner2005", beta=0.0)
    v = cell.v_th + cell.slope * np.log(1 + cell.alpha / cell.g_l)
    held = cell.g_l * (cell.e_l - v + cell.slope * np.exp((v - cell.v_th) / cell.slope)) - cell.alpha * (v - cell.e_l)
    below, above = fire(cell, [0.9 * -held, 1.01 * -held], 2000.0)
    assert len(below) == 0
    assert len(above) > 0


# conductance based ---------------------------------------------------------------------------------------------


def squid_axon(t, state, current):
    """Hodgkin & Huxley's equations, written independently."""
    v, m, h, n = state
    alpha_m, alpha_n = 0.1 * (v + 40) / (1 - np.exp(-(v + 40) / 10)), 0.01 * (v + 55) / (1 - np.exp(-(v + 55) / 10))
    return [
        current - 120 * m**3 * h * (v - 50) - 36 * n**4 * (v + 77) - 0.3 * (v + 55),
        alpha_m * (1 - m) - 4 * np.exp(-(v + 65) / 18) * m,
        0.07 * np.exp(-(v + 65) / 20) * (1 - h) - h / (1 + np.exp(-(v + 35) / 10)),
        alpha_n * (1 - n) - 0.125 * np.exp(-(v + 65) / 80) * n,
    ]


def upward(t, state, current):
    return state[0]


upward.direction = 1


def crossings(current, duration, start):
    """Times at which the reference crosses 0 mV upwards."""
    run = solve_ivp(squid_axon, (0, duration), start, "LSODA", events=upward, args=(current,), rtol=1e-9, atol=1e-10)
    return run.t_events[0]


REST = [-65.0, 0.052932, 0.596121, 0.317677]


def test_gates_of_the_axon_start_at_their_steady_state():
    axon = Items(HodgkinHuxley())
    assert [axon[name][0] for name in ("v", "m", "h", "n")] == pytest.approx(REST, abs=1e-6)


def test_axon_at_rest_is_silent_and_a_weak_current_gives_one_spike():
    assert counts(fire(HodgkinHuxley(), [0, 5], 50.0, 0.01)) == [0, 1]


@pytest.mark.slow
def test_axon_fires_as_often_as_an_adaptive_solver_says():
    # 68, 87 and 99 spikes in a second. Upstream counts 69, 87, 99: its forward Euler at 0.01 ms steps the gates first,
    # which shortens the interval at 10 pA from 14.738 to 14.66 ms.
    spikes = fire(HodgkinHuxley(), [10, 20, 30], 1000.0, 0.025)
    assert counts(spikes) == [68, 87, 99]
    for current, steps in zip([10, 20, 30], spikes, strict=True):
        reference = crossings(current, 1000.0, REST)
        assert len(steps) == len(reference)
        mean_interval = (steps[-1] - steps[0]) * 0.025 / (len(steps) - 1)
        assert mean_interval == pytest.approx((reference[-1] - reference[0]) / (len(reference) - 1), rel=1e-3)


def test_axon_with_gates_at_zero_fires_once_by_itself_as_upstream():
    spikes = fire(HodgkinHuxley(m=0.0, h=0.0, n=0.0, integrator="euler"), [0, 10, 20, 30], 100.0, 0.01)
    assert counts(spikes) == [1, 7, 9, 10]
    assert [last_interval(s) * 0.01 for s in spikes[1:]] == pytest.approx([14.66, 11.54, 10.09], rel=1e-2)


@pytest.mark.parametrize(("integrator", "order"), [("exponential_euler", 2), ("heun", 2), ("rk4", 4), ("euler", 1)])
def test_axon_converges_at_the_order_of_its_integrator(integrator, order):
    # With exponential Euler the gates stand half a step ahead; they are moved there at the start, to second order.
    def end(dt):
        axon = Items({"": HodgkinHuxley(integrator=integrator), "drive": ConstantCurrent(amplitude=10.0)}, dt=dt)
        axon["v"] = -60.0
        if integrator == "exponential_euler":
            rates = [getattr(HodgkinHuxley, f"{g}_rates")(-60.0) for g in "mhn"]
            for gate, (opening, closing) in zip("mhn", rates, strict=True):
                axon[gate] = axon[gate] - 0.5 * dt * (opening * (1 - axon[gate]) - closing * axon[gate])
        return axon.run(1.0, record="v")[-1, 0]

    exact = solve_ivp(squid_axon, (0, 1.0), [-60.0, *(Items(HodgkinHuxley())[g][0] for g in "mhn")], "DOP853",
                      args=(10.0,), rtol=1e-13, atol=1e-13).y[0, -1]
    errors = [abs(end(dt) - exact) for dt in (0.02, 0.01)]
    assert np.log2(errors[0] / errors[1]) == pytest.approx(order, abs=0.15)


@pytest.mark.parametrize("v", [-40.0, -55.0])
def test_axon_has_no_holes_where_its_rates_are_0_over_0(v):
    at, near = (np.array(HodgkinHuxley.m_rates(x) + HodgkinHuxley.n_rates(x)) for x in (v, v + 1e-7))
    assert np.isfinite(at).all()
    assert at == pytest.approx(near, rel=1e-7)
    axon = Items(HodgkinHuxley(v_init=v), dt=0.01)
    axon.run(1.0)
    assert np.isfinite(axon["v"]).all()


def test_morris_lecar_starts_to_fire_where_its_rest_state_vanishes():
    # On the branch of rest the steady current has a maximum, the saddle-node: no rest beyond it.
    cell = MorrisLecar(preset="saddle-node")

    def minus_steady_current(v):
        n = 0.5 * (1 + np.tanh((v - cell.v3) / cell.v4))
        m = 0.5 * (1 + np.tanh((v - cell.v1) / cell.v2))
        return -(cell.g_l * (v - cell.e_l) + cell.g_ca * m * (v - cell.e_ca) + cell.g_k * n * (v - cell.e_k))

    onset = -minimize_scalar(minus_steady_current, bounds=(-50, -20), method="bounded").fun
    assert onset == pytest.approx(40, abs=0.1)  # Rinzel & Ermentrout 1998
    below, above = fire(cell, [onset - 0.5, onset + 0.5], 1500.0, 0.05)
    assert len(below) == 0
    assert len(above) >= 2


def test_morris_lecar_gate_opens_to_its_steady_state():
    v = np.linspace(-80, 60, 15)
    opening, closing = MorrisLecar.n_rates(v, 12.0, 17.4, 0.067)
    assert opening / (opening + closing) == pytest.approx(0.5 * (1 + np.tanh((v - 12) / 17.4)), abs=1e-14)
    assert opening + closing == pytest.approx(0.067 * np.cosh((v - 12) / 34.8), rel=1e-13)


def test_gap_conductance_and_capacitance_are_checked():
    with pytest.raises(ValueError, match="c_m"):
        MorrisLecar(c_m=0.0)
    with pytest.raises(ValueError, match="gap_conductance"):
        IzhikevichNeuron(gap_conductance=-1.0)


@pytest.mark.slow
def test_an_axon_drives_another_through_destexhes_synapse():
    # As upstream's coupled example: gates at zero, 30 pA into the first cell, alpha = 1/(mM ms), beta = 1/ms, 1 nS.
    start = {"m": 0.0, "h": 0.0, "n": 0.0}
    synapse = AMPAReceptor(binding_rate=1e-3, unbinding_rate=1.0, conductance=1.0, r=0.0)
    pre = Items({"": HodgkinHuxley(**start), "drive": ConstantCurrent(amplitude=30.0)}, dt=0.01)
    post = Items({"": HodgkinHuxley(**start), "ampa": synapse}, {"glutamate": 0.0}, dt=0.01)
    fired, bound = np.zeros(2, int), []
    for _ in range(10_000):
        pre.step()
        post.step()
        post.inputs["glutamate"] = VoltageDrivenTransmitter.concentration(pre["v"], 1000.0, 2.0, 5.0)
        fired += [pre.spiked[0], post.spiked[0]]
        bound.append(post["ampa.r"][0])
    assert fired.tolist() == [10, 7]
    assert max(bound) == pytest.approx(0.330, abs=5e-3)
