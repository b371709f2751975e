"""Volume transmission: dopamine from one place reaches far receptors after the delay, and at the level, of theory."""
import numpy as np
import pytest
from scipy.special import erfc

import gpusyn as gs

D, K, SUPPLY = 0.1, 0.01, 0.2  # um^2/ms, 1/ms, uM/ms at one site
LENGTH = np.sqrt(D / K)  # um
N, CENTRE, SPACING = 161, 80, 0.5


def rising(x, t):
    """Concentration at distance x of a line source of strength s that starts at t = 0 in free space.

    Crank (1975) The Mathematics of Diffusion, 2nd ed., section 14.3, with first-order loss.
    """
    root, far = 2 * np.sqrt(D * t), np.sqrt(K * t)
    level = SUPPLY * SPACING / (4 * np.sqrt(D * K))
    near = np.exp(-x / LENGTH) * erfc(x / root - far)
    return level * (near - np.exp(x / LENGTH) * erfc(x / root + far))


def line(dt=0.5, **population):
    supply = np.zeros(N)
    supply[CENTRE] = SUPPLY
    model = gs.Model(lattice=gs.Lattice((N,), spacing=SPACING, edges="absorbing"), dt=dt)
    model.add_transmitter("dopamine", gs.DopamineNeurotransmitter(
        diffusion_coefficient=D, reuptake_rate=K, source=supply))
    model.add_population("cells", gs.IzhikevichNeuron(), **population)
    return model


def test_the_steady_profile_falls_off_over_the_decay_length():
    simulation = gs.Simulation(line(), backend="numpy", precision="float64")
    simulation.run(3000.0)
    profile = simulation.state["dopamine.concentration"]
    per_site = np.log(profile[CENTRE + 1] / profile[CENTRE + 11]) / 10
    # The decay length of the lattice's own difference rule, then the continuum's.
    assert np.cosh(per_site) == pytest.approx(1 + K * SPACING**2 / (2 * D), rel=1e-9)
    assert SPACING / per_site == pytest.approx(LENGTH, rel=2e-3)
    on_lattice = SUPPLY * SPACING**2 / (2 * D * np.sinh(per_site)) * np.exp(-4 * per_site)
    assert profile[CENTRE + 4] == pytest.approx(on_lattice, rel=1e-6)
    assert on_lattice == pytest.approx(SUPPLY * SPACING / (2 * np.sqrt(D * K)) * np.exp(-2.0 / LENGTH), rel=3e-3)


@pytest.mark.parametrize("distance", [2.0, 5.0, 10.0])
def test_it_arrives_with_the_delay_of_diffusion(distance):
    simulation = gs.Simulation(line(), backend="numpy", precision="float64", recorder=["dopamine"])
    simulation.run(1000.0)
    site = CENTRE + round(distance / SPACING)
    recorder, name = simulation.recorder, "dopamine.concentration"
    measured, t = recorder[name][:, site], recorder.time(name)
    final = SUPPLY * SPACING / (2 * np.sqrt(D * K)) * np.exp(-distance / LENGTH)
    half = t[np.searchsorted(measured, final / 2)]
    times = np.linspace(1.0, 1000.0, 20000)
    assert half == pytest.approx(times[np.searchsorted(rising(distance, times), final / 2)], rel=0.01, abs=0.5)
    late = t > 20.0
    np.testing.assert_allclose(measured[late], rising(distance, t[late]), atol=0.01 * final)


def test_far_neurons_respond_through_d1_and_d2(backend):
    rates = {"binding_rate": 0.1, "unbinding_rate": 0.01}  # half bound at 0.1 uM, as the defaults, but ten times faster
    receptors = {"d1": gs.D1_Receptor(**rates), "d2": gs.D2_Receptor(**rates),
                 "ampa": gs.AMPAReceptor(glutamate="cleft.concentration"), "cleft": gs.CleftTransmitter()}
    simulation = gs.Simulation(line(1.0, **receptors), backend=backend, precision="float64")
    simulation.run(1000.0)
    dopamine, bound = simulation.state["dopamine.concentration"], simulation.state["cells.d1.r"]
    np.testing.assert_allclose(bound, dopamine / (dopamine + 0.1), atol=2e-3)
    near, far = CENTRE + 2, CENTRE + 30  # 1 um and 15 um away
    assert bound[near] > 0.75 > 0.2 > bound[far] > 0.02
