"""Calcium waves along cables, against an independent solver and against SPINE's own numbers.

Rows of the reference cases: those that LSODA solved are what a correct scheme must meet, 0.5 % (0.3 % for the speed of
the README wave, 0.06 ms for an arrival); those of SPINE are met to their printed digits by the scheme "spine" alone,
because SPINE's steps are of first order. Nodes count from 0; a cable has 1000 and its middle is node 500.
"""
import numpy as np
import pytest
from calcium_cables import Cables, Waves, calcium_model

import gpusyn as gs
from gpusyn.morphology import gen_branch

SOLVED = {  # case: settings, speed from 8 to 26 um in um/s, peak 12.81 um from the stimulus in uM
    "base": ({}, 1303.793, 5.7436), "N=2001": ({"n": 2001}, 1314.332, 5.756),
    "no_pm_leak": ({"pm_leak": 0.0}, 1284.463, 5.6866), "no_ip3": ({"ip3r": 0.0, "ip3_source": 0.0}, 1303.912, 5.744),
    "rhoryr=2": ({"ryr": 2.0}, 846.801, 3.9152), "wide, R=0.1": ({"radius": 0.1, "wide": 40}, 2064.903, 9.3055),
    "wide, R=0.2": ({"wide": 40}, 1303.793, 5.7436),
}
README = {  # the README wave: node, value in uM
    "peak": {700: 5.7435674, 500: 6.6437666, 999: 6.0443488}, "least": {700: 15.573294}, "ca": {700: 0.20119509},
    "ca_er": {700: 27.282773}, "calbindin": {700: 119.28817},
}
# case: settings, speed, crossing at 700, peaks at 700, 500, 999, lowest ca_er, and at 70 ms ca, ca_er, calbindin
SPINE = {
    "readme": ({}, 1350.6327, 9.925793, 5.7667009, 6.6215567, 6.039503, 15.572404, 0.20088727, 27.375956, 119.32896),
    "no_pm_leak": ({"pm_leak": 0.0}, 1329.5494, 10.04521, 5.7117075, 6.6000598, 5.9480433, 15.335753, 0.16449942,
                   27.345911, 122.40916),
    "er_buffer": ({"er_buffer": 14400.0}, 1413.2458, 9.5374128, 55.898685, 55.510494, 56.424652, 58.163743, 50.435618,
                  58.163743, 2.1950932),
    "no_ip3": ({"ip3r": 0.0, "ip3_source": 0.0}, 1350.7569, 10.195682, 5.7670789, 6.5821408, 6.0399016, 15.57241,
               0.20113947, 27.30455, 119.29523),
}


def run(cables, scheme, precision, duration, dt=0.005):
    model = calcium_model(cables.forest, dt, scheme=scheme, **cables.settings)
    return Waves(gs.Simulation(model, backend="numba", precision=precision, threads=1), duration)


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_waves_are_those_of_an_independent_solver(precision):
    cables = Cables({name: case[0] for name, case in SOLVED.items()})
    waves = run(cables, "sbdf2", precision, 34.0, 0.0025)
    for name, (_, speed, peak) in SOLVED.items():
        span = cables.span(name)
        n = span.stop - span.start
        assert waves.speed(span, 8.0, 26.0) == pytest.approx(speed, rel=5e-3), name
        assert waves.peak[span][n // 2 + round(12.81 * (n - 1) / 64)] == pytest.approx(peak, rel=5e-3), name


@pytest.mark.parametrize("precision", ["float64", "float32"])
def test_the_readme_wave_at_5_us(precision):
    cables = Cables({"readme": {}})
    waves = run(cables, "sbdf2", precision, 70.0)
    assert waves.speed(cables.span("readme"), 10.0, 30.0) == pytest.approx(1303.793, rel=3e-3)
    assert waves.crossing[700] == pytest.approx(10.266081, abs=0.06)
    for quantity, nodes in README.items():
        values = waves.state[quantity] if quantity in waves.state else getattr(waves, quantity)
        for node, value in nodes.items():
            assert values[node] == pytest.approx(value, rel=5e-3), (quantity, node)


def test_the_scheme_spine_repeats_spine():
    cables = Cables({name: case[0] for name, case in SPINE.items()})
    waves = run(cables, "spine", "float64", 70.0)
    for name, (_, speed, crossing, *peaks, least, ca, ca_er, calbindin) in SPINE.items():
        span = cables.span(name)
        assert waves.speed(span, 10.0, 30.0) == pytest.approx(speed, rel=1e-6), name
        assert waves.crossing[span][700] == pytest.approx(crossing, abs=1e-5), name
        assert waves.peak[span][[700, 500, 999]] == pytest.approx(peaks, rel=1e-6), name
        found = [waves.least[span][700], *(waves.state[q][span][700] for q in ("ca", "ca_er", "calbindin"))]
        assert found == pytest.approx([least, ca, ca_er, calbindin], rel=1e-6), name


def test_a_wave_passes_a_branch_point_as_in_spine():
    """branch_equal: all radii alike; speeds in um/s before and after the branch, crossings of 1 uM in ms."""
    cell = gen_branch(64.0, 0.2, 501)
    source, ip3_source = np.zeros(cell.n_node), np.zeros(cell.n_node)
    source[50], ip3_source[50] = 5.0, 10.0
    model = calcium_model(cell, 0.005, scheme="spine", source=source, ip3_source=ip3_source)
    waves = Waves(gs.Simulation(model, backend="numba", precision="float64", threads=1), 60.0)
    found = waves.crossing[[250, 500, 750]]
    assert found == pytest.approx([19.604803, 44.132843, 44.132843], rel=1e-6)


def test_how_much_calcium_ignites_a_wave():
    """Of the README wave's stimulus without IP3, 0.742 does not go 3 um in 12 ms, and 0.750 does (LSODA: 0.7461)."""
    cables = Cables({factor: {"source": 2.5 * factor, "ip3_source": 0.0} for factor in (0.742, 0.75)})
    waves = run(cables, "sbdf2", "float64", 12.0, 0.0025)
    reached = [np.nanmax(waves.peak[cables.span(factor)][550]) > 1.0 for factor in (0.742, 0.75)]
    assert reached == [False, True]
