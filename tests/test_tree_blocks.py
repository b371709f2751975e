"""Trees of one size go through a step a few at a time; what comes out is what each would do alone."""
import numpy as np
import pytest

import gpusyn as gs
from gpusyn.backends.numba_driver import Driver
from gpusyn.backends.plan import Call
from gpusyn.morphology import Forest, gen_beam, gen_tree

CELL = gen_beam(64.0, 0.2, 600)


def stepped(cells, scheme="sbdf2", backend="numba", threads: int | None = 1, n_step=20):
    """A simulation of calcium that enters in the middle of each cell, the more the later the cell."""
    model = gs.Model(dt=0.002)
    inflow = np.concatenate([np.linspace(0.0, k, cell.n_node) for k, cell in
                             enumerate((cells.distinct[w] for w in cells.which), start=1)])
    model.add_trees("dendrite", cells, gs.CalciumCompartment(), scheme=scheme, pump=gs.PMCA(),
                    source=gs.CalciumSource(amplitude=inflow, duration=1.0))
    simulation = gs.Simulation(model, backend=backend, precision="float64", seed=1, threads=threads)
    simulation.step(n_step)
    return simulation


@pytest.mark.parametrize("scheme", ["sbdf2", "midpoint"])
def test_trees_stepped_a_few_at_a_time_are_as_on_numpy(scheme):
    forest = Forest.of(CELL, 9)
    one, two, plain = (stepped(forest, scheme, backend, threads)
                       for backend, threads in (("numba", 1), ("numba", 2), ("numpy", None)))
    assert one.model.populations["dendrite"].block == CELL.n_node
    for name in ("dendrite.ca", "dendrite.calbindin", "dendrite.ca_er"):
        assert (one.state[name] == two.state[name]).all()
        np.testing.assert_allclose(one.state[name], plain.state[name], rtol=1e-12)


@pytest.mark.parametrize(
    ("cells", "block"),
    [(Forest.of(CELL, 9), 600), (Forest.of(CELL, 7), 0), (Forest.of(gen_beam(64.0, 0.2, 50), 500), 3100),
     (Forest.of(gen_beam(64.0, 0.2, 5000), 9), 0), (Forest([gen_tree(n=4), CELL] * 9), 0)],
    ids=["several", "few", "small", "large", "unlike"],
)
def test_only_trees_of_one_size_that_are_neither_few_nor_large_are_taken_together(cells, block):
    model = gs.Model(dt=0.002)
    assert model.add_trees("dendrite", cells, gs.CalciumCompartment()).block == block


def test_each_task_goes_through_all_steps_where_nothing_else_is_done():
    """What couples tasks, here a call without tasks, parts the steps."""
    calls = [Call("mix_rows", [np.zeros(3)], tasks=5), Call("play_table", [np.zeros(3)], tasks=5)]
    lines = [line.strip() for line in Driver(calls, "float64").loop(calls).splitlines()]
    tasks, steps = "for task in range(5 * worker // n_worker, 5 * (worker + 1) // n_worker):", "for step in range(first"
    assert lines.index(tasks) < next(k for k, line in enumerate(lines) if line.startswith(steps))
    assert "mix_rows(task, 5, step, a0)" in lines
    assert not any("wait_for_all" in line for line in lines)
    calls.append(Call("play_table", [np.zeros(3)]))
    lines = [line.strip() for line in Driver(calls, "float64").loop(calls).splitlines()]
    assert lines.index(tasks) > next(k for k, line in enumerate(lines) if line.startswith(steps))
    assert sum("wait_for_all" in line for line in lines) == 2
    calls[1].part = "others"
    lines = Driver(calls, "float64").loop(calls).splitlines()
    assert sum("wait_for_all" in line for line in lines) == 3
