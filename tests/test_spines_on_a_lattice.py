"""Sites of a lattice that own dendrites or spines: what each reads of the other, and what calcium does to synapses."""
import runpy
from pathlib import Path

import numpy as np
import pytest

import gpusyn as gs
from gpusyn.errors import ModelError
from gpusyn.morphology import Forest, gen_beam

EXAMPLE = Path(__file__).parent.parent / "examples" / "spine_on_lattice.py"


def test_calcium_of_the_spine_that_a_site_owns_sets_its_release_and_its_weights(backend):
    """Three sites, two own a spine; the glutamate of the first alone opens receptors."""
    model = gs.Model(lattice=(1, 3), dt=0.02)
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(
        concentration=np.array([500.0, 0.0, 0.0]), diffusion_coefficient=0.0, reuptake_rate=0.0))
    neurons = model.add_population("neurons", gs.IzhikevichNeuron(preset="RS"), synapse=gs.ExponentialCurrentSynapse(),
                                   release=gs.HillRelease(calcium="spine_ca"))
    cell = gen_beam(2.0, 0.3, 5).with_spines([2])
    heads = np.tile(np.isin(np.arange(cell.n_node), cell.spine_heads), 2)
    spines = model.add_trees(
        "spines", Forest.of(cell, 2), gs.CalciumCompartment(calreticulin_total=0.0),
        nmda=gs.NMDA_Receptor(preset="Destexhe1998", glutamate="spilled", conductance=2.0 * heads),
        nmda_calcium=gs.CalciumPartOfCurrent(current="nmda.current"))
    model.link("spilled", "glutamate", "spines", gs.Owners(neurons, spines, [0, 2]).to_nodes)
    model.link("v", "neurons.v", "spines", gs.Owners(neurons, spines, [0, 2]).to_nodes)
    owned_heads = gs.Owners(neurons, spines, [0, 2], np.flatnonzero(heads))
    model.link("spine_ca", "spines.ca", "neurons", owned_heads.to_sites)
    model.connect("neurons", "neurons.synapse.inward_current", gs.AllToAll(3, weight=0.25), name="learning",
                  synapse=gs.CalciumControlRule(ca="spine_ca"), probability="neurons.release.release_probability")
    sim = gs.Simulation(model, backend=backend, precision="float64")
    sim.run(5.0)
    first, second = sim.state["spines.ca"].reshape(2, cell.n_node)[:, cell.spine_heads[0]]
    assert first > 1.0
    assert second == pytest.approx(0.05, abs=1e-3)
    released = sim.state["neurons.release.release_probability"]
    assert released[0] > 0.5
    assert released[1:].max() < 1e-4  # the second site reads nothing, the third a spine at rest
    _, targets = model.connections["learning"].ends()
    changed = sim.state["learning.weight"] - 0.25
    assert (changed[targets == 0] > 1e-4).all()
    assert np.abs(changed[targets != 0]).max() < 1e-6


def test_owners_read_means_and_are_checked():
    trees = gs.Model().add_trees("trees", Forest.of(gen_beam(2.0, 0.3, 3), 2))
    sites = gs.Model(lattice=(1, 4)).add_population("sites", gs.IzhikevichNeuron(preset="RS"))
    both = gs.Owners(sites, trees, [3, 1])
    assert both.to_nodes.sources().tolist() == [1, 1, 1, 3, 3, 3]
    assert both.to_nodes.indices.tolist() == [3, 4, 5, 0, 1, 2]
    assert both.to_sites.in_degree().tolist() == [0, 3, 0, 3]
    assert both.to_sites.weights == pytest.approx(1 / 3)
    for wrong, words in (([1], "1 owners for 2 cells"), ([1, 9], "site 9 does not exist")):
        with pytest.raises(ModelError, match=words):
            gs.Owners(sites, trees, wrong)
    with pytest.raises(ModelError, match="node 2 has two owners"):
        gs.Owners(sites, trees, [1, 3], [2, 2])
    with pytest.raises(ModelError, match="1 owners for 2 nodes"):
        gs.Owners(sites, trees, [1], [2, 3])


def test_calcium_between_the_thresholds_depresses_and_above_them_potentiates():
    """Shouval, Bear & Cooper: 0.25 at rest, 0 in the valley, 1 above; a second at much calcium, hours at rest."""
    rule = gs.CalciumControlRule
    omega, tau = (rule.quantities[name].function for name in ("omega", "tau"))
    levels = omega(np.array([0.05, 0.45, 0.8]), 0.25, 0.35, 0.55, 80.0)
    np.testing.assert_allclose(levels, [0.25, 0.0, 1.0], atol=1e-3)
    assert tau(0.0, 1000.0, 100.0, 1.0) == pytest.approx(1e7, rel=1e-3)
    assert tau(1.0, 1000.0, 100.0, 1.0) == pytest.approx(1100.0, rel=1e-4)


def test_the_example_runs_and_draws(tmp_path):
    example = runpy.run_path(str(EXAMPLE))
    sim, times, rows = example["simulate"](example["lattice_with_spines"](4), 10.0, backend="numpy")
    assert rows["head"][-1].max() > rows["shaft"][-1].max() > 0.05
    example["draw"](sim, times, rows, tmp_path / "spines.png")
    assert (tmp_path / "spines.png").stat().st_size > 10_000
