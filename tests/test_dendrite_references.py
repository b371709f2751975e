"""Uniform dendrites, spreading alone and a whole cell against the reference cases of SPINE and of LSODA.

Single mechanisms are the cases of `test_calcium_references`, here on cables of five nodes. The scheme "spine" repeats
SPINE to 1e-6; the others meet LSODA to 0.3 % of the range of a trace and 0.5 % of a peak.
"""
import numpy as np
import pytest
from calcium_cables import calcium_model
from test_calcium_references import CASES, NAMES, STEPS_PER_MS, mechanisms

import gpusyn as gs
from gpusyn.morphology import Forest, gen_beam

NODES = 5
SPINE = {  # case: ms, and what SPINE has then
    "pmca": (10, {"ca": 0.063928524}), "ncx": (10, {"ca": 0.14282738}),
    "serca": (10, {"ca": 0.005, "ca_er": 256.19776}),
    "pmca_ncx_buffer": (100, {"ca": 0.030327908, "calbindin": 152.01392}),
    "buffer": (20, {"ca": 0.10347401, "calbindin": 139.48922}), "er_buffer": (50, {"ca_er": 220.43448}),
    "ip3_decay": (10, {"ca": 1.270048, "ca_er": 242.54415, "ip3.ip3": 0.040236837}),
    "cicr": (50, {"ca": 0.21757232, "ca_er": 24.694555, "calbindin": 117.14082}),
    "pulse": (50, {"ca": 0.32714408, "ca_er": 278.83764, "calbindin": 102.03824}),
    "linear": (50, {"ca": 1.2170257, "ca_er": 290.36217, "calbindin": 51.94574}),
    "exponential": (100, {"ca": 0.82555302, "ca_er": 325.0418, "calbindin": 67.061275}),
    "ip3_pulse_release": (100, {"ca": 0.11095702, "ca_er": 139.32764, "calbindin": 131.33668, "ip3.ip3": 0.04}),
    "vdcc_N": (60, {"ca": 0.061604605}), "vdcc_L": (60, {"ca": 0.059957822}),
}
CORRECTED = {"vdcc_N": 0.23134026, "vdcc_L": 0.20692812}  # highest calcium of vdcc_corrected_*, looked at every 0.1 ms


def start_a_step_later(sources):
    """The courses are as before, but nothing flows in the step in which they should begin."""
    later = 0.5 / STEPS_PER_MS
    left = {"pulse": 1.0, "linear": 1.0 - later / 20.0, "exponential": np.exp(-later / 10.0), "ip3_pulse": 1.0}
    for name, factor in left.items():
        sources[name].set("start", sources[name].start + later)
        sources[name].set("amplitude", factor * np.asarray(sources[name].amplitude))
    sources["linear"].set("duration", 20.0 - later)


def uniform_dendrites(scheme):
    """All cases, NODES nodes each, recorded in every step."""
    radii = {name: 0.5 if name.startswith("vdcc") else 0.2 for name in NAMES}
    model = gs.Model(dt=1 / STEPS_PER_MS)
    cell, members = mechanisms(NODES)
    if scheme == "spine":  # whose clock, a sum of steps, is just short of 5 and 10 ms when it should be there
        start_a_step_later(members)
    cells = Forest([gen_beam(1.0, radii[name], NODES) for name in NAMES])
    model.add_trees("cell", cells, cell, scheme=scheme, **members)
    first = [NODES * k + 2 for k in range(len(NAMES))]
    names = [gs.Record(f"cell.{name}", sites=first) for name in ("ca", "ca_er", "calbindin", "ip3.ip3")]
    simulation = gs.Simulation(model, backend="numba", precision="float64", recorder=names, threads=1)
    simulation.step(100 * STEPS_PER_MS + 1)
    return simulation.recorder


def test_single_mechanisms_end_where_spine_ends():
    recorder = uniform_dendrites("spine")
    for case, (time, values) in SPINE.items():
        for quantity, value in values.items():
            trace = recorder[f"cell.{quantity}"][:, NAMES.index(case)]
            assert trace[STEPS_PER_MS * time] == pytest.approx(value, rel=1e-6), (case, quantity)
    for case, highest in CORRECTED.items():
        trace = recorder["cell.ca"][:60 * STEPS_PER_MS + 1:STEPS_PER_MS // 10, NAMES.index(case)]
        assert trace.max() == pytest.approx(highest, rel=1e-7), case


@pytest.mark.parametrize("scheme", ["sbdf2", "midpoint"])
def test_single_mechanisms_end_and_peak_where_an_independent_solver_says(scheme):
    recorder = uniform_dendrites(scheme)
    for case, (_, _, ends, peak) in CASES.items():
        site = NAMES.index(case)
        for quantity, time, value, extent in ends:
            trace = recorder[f"cell.{quantity}"][:, site]
            assert abs(trace[STEPS_PER_MS * time] - value) < 3e-3 * extent, (case, quantity)
        if peak is not None:
            found = recorder["cell.ca"][:STEPS_PER_MS * ends[0][1] + 1, site].max()
            assert found == pytest.approx(peak, rel=5e-3), case


def test_a_dendrite_without_leaks_drains_as_in_spine():
    """Without the leak of the plasma membrane, and without both; 100 ms of steps of 5 us. SPINE: 1e-6."""
    cells = Forest([gen_beam(1.0, 0.2, NODES)] * 2)
    model = calcium_model(cells, 0.005, scheme="spine", pm_leak=0.0)
    model.set("dendrite.er_leak.density", np.repeat([1.0, 0.0], NODES))
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    simulation.run(100.0)
    assert simulation.state["dendrite.ca"][[2, 7]] == pytest.approx([0.030752033, 0.018727817], rel=1e-6)
    assert simulation.state["dendrite.ca_er"][[2, 7]] == pytest.approx([246.47274, 265.61392], rel=1e-6)


@pytest.mark.parametrize(("scheme", "tolerance"), [("spine", 1e-7), ("sbdf2", 1e-3)])
def test_a_hump_spreads_as_it_should(scheme, tolerance):
    """5 uM (100 uM in the ER) in a Gaussian of 1 um, after 20 ms: alone, with calbindin, at the end; the ER's.

    What is there in all stays what it was, in each to the last digits; alone the hump is also known exactly.
    """
    n, x = 1000, np.linspace(0.0, 64.0, 1000)
    model = gs.Model(dt=0.005)
    calbindin, calreticulin = (np.repeat(total, n) for total in ([0, 160.0, 0, 0], [0, 0, 0, 14400.0]))
    cell = gs.CalciumCompartment(calbindin_total=calbindin, calreticulin_total=calreticulin)
    model.add_trees("dendrite", Forest.of(gen_beam(64.0, 0.2, n), 4), cell, scheme=scheme)
    simulation = gs.Simulation(model, backend="numpy", precision="float64")
    middle, end = (np.exp(-(x - at) ** 2 / 2.0) for at in (32.0, 1.0))
    simulation.state["dendrite.ca"] = 0.05 + 5.0 * np.concatenate([middle, middle, end, 0 * x])
    simulation.state["dendrite.ca_er"] = np.concatenate([np.full(3 * n, 250.0), 100.0 + 100.0 * middle])
    amounts = simulation.ledger["dendrite"]["present"]
    simulation.run(20.0)
    found = [*simulation.state["dendrite.ca"].reshape(4, n)[:3, 500], simulation.state["dendrite.ca_er"][3 * n + 500]]
    assert found == pytest.approx([1.6471829, 0.068014393, 0.05, 235.58687], rel=tolerance)
    assert found[0] == pytest.approx(1.6471914, rel=1e-3)
    assert simulation.ledger["dendrite"]["present"] == pytest.approx(amounts, rel=1e-12)
