"""Triplet rules against the numbers of the paper's parameter sets, computed in closed form."""
import numpy as np
import pytest
from single_item import Synapse

from gpusyn.plasticity import NearestTripletSTDP, TripletSTDP

RATES = [1.0, 10.0, 20.0, 40.0, 50.0]
# changes by 60 pairs of +10 and of -10 ms at these rates
FREQUENCY = [
    (TripletSTDP, "visual-cortex-full", [6.7706224e-05, 0.13205341, 0.24696197, 0.53372267, 0.74090552],
     [-0.31216142, -0.333623, -0.3516221, 0.15479496, 0.72724717]),
    (TripletSTDP, "visual-cortex-minimal", [3.2788551e-05, 0.1186413, 0.22779517, 0.53211193, 0.76273057],
     [-0.31662036, -0.33221317, -0.34173458, 0.17371479, 0.74917658]),
    (NearestTripletSTDP, "visual-cortex-full", [2.9354286e-09, 0.10358723, 0.32316349, 0.56029175, 0.62425487],
     [-0.32782643, -0.41128583, -0.33823077, 0.25979477, 0.61934949]),
    (TripletSTDP, "hippocampus-full", [0.20182384, 0.15513041, -0.20312943, -1.5563576, -2.3688205],
     [-0.10374659, -0.56580325, -1.0758127, -1.997296, -2.3799493]),
    (NearestTripletSTDP, "hippocampus-full", [0.15219503, 0.17521081, 0.20036373, 0.21271167, 0.21409559],
     [-0.13378331, -0.13220255, -0.091555836, 0.10650886, 0.20932928]),
    (NearestTripletSTDP, "hippocampus-minimal", [0.15219503, 0.1768092, 0.20265378, 0.21465009, 0.21581855],
     [-0.13378325, -0.13218861, -0.091171566, 0.10794841, 0.21105224]),
]


def change(rule, rate, delay, n_pair=60, dt=5.0):
    """Change of the unbounded weight by pairs."""
    synapse = Synapse(rule, dt=dt)
    first = 20.0 + (1000.0 / rate) * np.arange(n_pair)
    synapse.run(first[-1] + 30.0, pre=first, post=first + delay)
    return synapse["weight"] - 1.0


def free(kind, preset):
    """A rule without limits of the weight."""
    return kind(preset=preset, weight_min=-np.inf)


@pytest.mark.parametrize(("kind", "preset", "later", "earlier"), FREQUENCY)
def test_sixty_pairs_at_several_rates(kind, preset, later, earlier):
    for rate, *expected in zip(RATES, later, earlier, strict=True):
        found = [change(free(kind, preset), rate, delay) for delay in (10.0, -10.0)]
        assert found == pytest.approx(expected, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(("kind", "preset", "rates", "later", "earlier"), [
    (TripletSTDP, "hippocampus-minimal", [10, 20, 40, 50], [.184, .213, .356, .475], [-.163, -.152, .152, .464]),
    (NearestTripletSTDP, "visual-cortex-minimal", [10, 20, 40, 50], [.101, .322, .568, .636],
     [-.356, -.279, .290, .630]),
])
def test_sixty_pairs_of_the_other_sets(kind, preset, rates, later, earlier):
    for rate, *expected in zip(rates, later, earlier, strict=True):
        assert [change(free(kind, preset), rate, d) for d in (10.0, -10.0)] == pytest.approx(expected, abs=6e-4)


@pytest.mark.parametrize(("preset", "expected"), [
    ("visual-cortex-minimal", [0.64498045, 0.44885157, 0.26716922, 0.097849386, -0.060986319,
                               1.9455062, 1.6367499, 1.3571191, 1.103007, 0.87119077]),
    ("visual-cortex-full", [0.61686521, 0.40874919, 0.2154992, 0.034927522, -0.13493974,
                            1.9880287, 1.6632653, 1.368737, 1.1006704, 0.85569244]),
])
def test_the_window_at_50_hz(preset, expected):
    found = [change(free(TripletSTDP, preset), 50.0, delay, dt=1.0) for delay in range(-9, 10, 2)]
    assert found == pytest.approx(expected, rel=1e-6)


def test_triplets_of_hippocampus_are_asymmetric():
    rule = free(NearestTripletSTDP, "hippocampus-full")
    start = 20.0 + 1000.0 * np.arange(60)
    changes = {}
    for delay in (5.0, 10.0):
        once, twice = [delay], [0.0, 2 * delay]
        for name, pre, post in [("post-pre-post", once, twice), ("pre-post-pre", twice, once)]:
            synapse = Synapse(rule, dt=5.0)
            at = [np.concatenate([start + t for t in times]) for times in (pre, post)]
            synapse.run(start[-1] + 50.0, *at)
            changes[name, delay] = synapse["weight"] - 1.0
    assert [changes["post-pre-post", d] for d in (5.0, 10.0)] == pytest.approx([0.378, 0.215], abs=6e-4)
    assert [changes["pre-post-pre", d] for d in (5.0, 10.0)] == pytest.approx([0.050, 0.018], abs=6e-4)
