"""Flows between nodes that follow each other, which programs work out: what they are, whence, and from whom not."""
import numpy as np
import pytest
from calcium_cables import calcium_model
from test_trees import crooked_tree

import gpusyn as gs
from gpusyn.backends.paired import Beside, Paired
from gpusyn.mechanism import Mechanism, parameter, state
from gpusyn.morphology import Forest, gen_beam, gen_tree
from gpusyn.trees.neighbours import PAD, neighbours_of, with_neighbours
from gpusyn.trees.spreading import spreading_of

DT = 0.001


class Dyes(Mechanism):
    """What spreads, and does nothing else."""

    ca = state("uM", "a dye", initial=0.0, spreads="ca_diffusion", within="cytosol")
    slow = state("uM", "another", initial=0.0, spreads="slow_diffusion", within="cytosol")
    inner = state("uM", "one within the ER", initial=0.0, spreads="inner_diffusion", within="er")
    ca_diffusion = parameter(0.2, "um^2/ms", "of the dye", low=0.0)
    slow_diffusion = parameter(0.02, "um^2/ms", "of the other", low=0.0)
    inner_diffusion = parameter(0.1, "um^2/ms", "of the one within", low=0.0)

    @staticmethod
    def d_ca(ca):
        return 0.0 * ca

    @staticmethod
    def d_slow(slow):
        return 0.0 * slow

    @staticmethod
    def d_inner(inner):
        return 0.0 * inner


def diffusing(cells, scheme, sweep=None, er=0.375, **diffusion):
    """Dyes in cells."""
    model = gs.Model(dt=DT, sweep=gs.Sweep(sweep or {}))
    model.add_trees("dendrite", cells, Dyes(**diffusion), er=er, scheme=scheme)
    return model


def filled(model, backend, precision="float64"):
    """A simulation with calcium that differs from node to node."""
    sim = gs.Simulation(model, backend=backend, precision=precision)
    values = np.random.default_rng(1).uniform(0.05, 1.0, model.populations["dendrite"].n_site)
    for name in ("ca", "slow", "inner"):
        sim.state[f"dendrite.{name}"] = np.broadcast_to(values, (model.n_point, values.size)).squeeze()
    return sim, values


def rates(model, member_state):
    """(n_node, n_node) L of one state, built node by node from its capacities and conductances."""
    trees = model.populations["dendrite"]
    of = spreading_of(model, trees)
    k = of.paths.index(f"dendrite.{member_state}")
    matrix = np.zeros((trees.n_site, trees.n_site))
    for node, above in enumerate(trees.forest.parent):
        if above >= 0:
            for here, there in ((node, above), (above, node)):
                share = of.conductance[k, 0, node] / of.capacity[k, 0, here]
                matrix[here, there] += share
                matrix[here, here] -= share
    return matrix


CELLS = {"cable": gen_beam(8.0, 0.2, 40), "cables": Forest.of(gen_beam(4.0, 0.3, 20), 3), "crooked": crooked_tree(50),
         "several": Forest([gen_tree(3, 12.0, 0.3, 6), gen_beam(4.0, 0.2, 9), crooked_tree(30)])}


@pytest.mark.parametrize("cells", CELLS)
@pytest.mark.parametrize("scheme", ["euler", "midpoint"])
def test_explicit_steps_are_those_of_the_matrix(backend, cells, scheme):
    """Also where the coefficient differs from node to node, as that of the slow one does."""
    n_node = CELLS[cells].n_node
    model = diffusing(CELLS[cells], scheme, slow_diffusion=np.linspace(0.01, 0.03, n_node))
    sim, start = filled(model, backend)
    for part in (1, 4, 2):  # an odd number of steps leaves the states in the other half of a pair
        sim.step(part)
    for name in ("ca", "slow", "inner"):
        step = DT * rates(model, name)
        once = np.eye(n_node) + step + (step @ step / 2 if scheme == "midpoint" else 0.0)
        np.testing.assert_allclose(sim.state[f"dendrite.{name}"], np.linalg.matrix_power(once, 7) @ start, rtol=1e-12)


@pytest.mark.parametrize("scheme", ["euler", "midpoint", "sbdf2"])
def test_what_is_no_number_stays_in_its_cell_and_point(backend, scheme):
    """Nodes of different cells, and of different points, lie side by side, too."""
    model = diffusing(Forest.of(gen_beam(4.0, 0.3, 20), 3), scheme, {"dendrite.ca_diffusion": [0.1, 0.2]})
    sim, _ = filled(model, backend, "float32")
    ca = sim.state["dendrite.ca"]
    ca[0, 40:] = np.nan
    sim.state["dendrite.ca"] = ca
    sim.runner.run(0, 30)  # without the look at what comes out
    found = np.isnan(sim.state["dendrite.ca"])
    assert found[0, 40:].all()
    assert found.sum() == 20


def test_a_run_in_pieces_a_resumed_one_and_a_whole_one_are_the_same(backend, tmp_path):
    source = np.zeros(41)
    source[20] = 5.0

    def made():
        return calcium_model(gen_beam(8.0, 0.2, 41), DT, scheme="euler", source=source)

    whole, pieces = (gs.Simulation(made(), backend=backend, precision="float32", seed=1) for _ in range(2))
    whole.step(60)
    pieces.step(7)
    pieces.save(tmp_path / "there.h5")
    for sim in (pieces, gs.Simulation.resume(tmp_path / "there.h5", made(), backend=backend)):
        sim.step(53)
        for name in whole.state:
            assert np.array_equal(sim.state[name], whole.state[name]), name


def read_by_programs(model):
    """The neighbours of the dendrites of a model."""
    trees = model.populations["dendrite"]
    return neighbours_of("dendrite", trees.forest.parent, spreading_of(model, trees))


@pytest.mark.parametrize(("er", "numbers"), [(0.375, ("",)), ({"gap": 0.05}, ("", "_2"))])
def test_shares_that_agree_are_held_once(er, numbers):
    """Those of all that spreads in one compartment do, and of the ER if it is as thick everywhere, in proportion."""
    found = read_by_programs(diffusing(crooked_tree(30), "euler", er=er))
    assert found.branched
    assert {name for path in found.shares.values() for name in path[:2]} == {
        f"dendrite:from_{side}{number}" for side in ("before", "after") for number in numbers}
    assert found.shares["dendrite.ca"][:2] == found.shares["dendrite.slow"][:2]
    assert found.values["dendrite.ca:ease"] == 0.2  # um^2/ms


def test_what_differs_from_node_to_node_is_in_the_share():
    found = read_by_programs(diffusing(gen_beam(8.0, 0.2, 40), "euler", ca_diffusion=np.linspace(0.1, 0.2, 40),
                                       inner_diffusion=0.0))
    assert not found.branched
    assert found.values["dendrite.ca:ease"] == 1.0
    assert "dendrite.inner" not in found.shares


def test_views_of_neighbours():
    made = []

    class Backend:
        @staticmethod
        def zeros(shape, dtype):
            made.append(np.arange(shape, dtype=dtype) - PAD)
            return made[-1]

    here, before, after = with_neighbours(Backend, (2, 3, 4), np.float32)
    assert np.array_equal(here.ravel(), np.arange(24))
    assert np.array_equal(before, here - 1)
    assert np.array_equal(after, here + 1)
    assert all(np.shares_memory(view, made[0]) for view in (here, before, after))


def test_what_goes_with_a_pair_turns_with_it():
    pair = Paired((np.zeros(2), np.ones(2)))
    beside, reverse = Beside(pair, ("zero", "one")), Beside(pair, pair.halves[::-1])
    assert (beside.front, reverse.front[0]) == ("zero", 1.0)
    pair.flip()
    assert (beside.front, reverse.front[0]) == ("one", 0.0)
