"""Neurons of a lattice that own dendrites with spines: glutamate opens their NMDA receptors, calcium sets the weights.

Each of 12 x 12 neurons owns 6 um of dendrite with one spine. The head reads the glutamate of its neuron's site and the
neuron's potential; what its NMDA receptors and calcium channels let in diffuses through the neck into the dendrite. The
calcium of the head controls the weights of the synapses onto its neuron. A patch in the middle is driven.

    python examples/spine_on_lattice.py           # 150 ms, draws spine_on_lattice.png
"""
from pathlib import Path

import numpy as np

import gpusyn as gs
from gpusyn.morphology import Forest, gen_beam
from gpusyn.plots.style import AMOUNT_MAP, PALETTE, page

SIDE = 12


def spiny():
    """6 um of dendrite with a spine in its middle."""
    return gen_beam(length=6.0, radius=0.3, n=13).with_spines([6])


def driven(side):
    """The patch of the lattice that a current drives."""
    row, column = np.divmod(np.arange(side**2), side)
    return (abs(row - side // 2) < 2) & (abs(column - side // 2) < 2)


def lattice_with_spines(side=SIDE, dt=0.02):
    """The model: neurons, their glutamate, their dendrites, and what each reads of the other."""
    model = gs.Model(lattice=(side, side), dt=dt, name="spine_on_lattice")
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(release_probability=0.5))
    neurons = model.add_population(
        "neurons", gs.IzhikevichNeuron(preset="RS"), drive=gs.ConstantCurrent(amplitude=60.0 * driven(side)),
        synapse=gs.ExponentialCurrentSynapse())
    cell = spiny()
    heads = np.tile(np.isin(np.arange(cell.n_node), cell.spine_heads), side**2)
    dendrites = model.add_trees(
        "dendrites", Forest.of(cell, side**2), gs.CalciumCompartment(preset="no_calreticulin"), pump=gs.PMCA(),
        exchanger=gs.NCX(), leak=gs.PlasmaMembraneLeak(), n_type=gs.VoltageGatedCalciumChannel(density=0.1),
        nmda=gs.NMDA_Receptor(preset="Destexhe1998", glutamate="spilled", conductance=0.2 * heads),
        nmda_calcium=gs.CalciumPartOfCurrent(current="nmda.current"))
    owned = gs.Owners(neurons, dendrites, np.arange(side**2))
    model.link("spilled", "glutamate", "dendrites", owned.to_nodes)
    model.link("v", "neurons.v", "dendrites", owned.to_nodes)
    of_heads = gs.Owners(neurons, dendrites, np.arange(side**2), np.flatnonzero(heads))
    model.link("spine_ca", "dendrites.ca", "neurons", of_heads.to_sites)
    nearby = gs.Neighbourhood((side, side), 2.0)
    model.connect("neurons", "glutamate", gs.Neighbourhood((side, side), 1.0, include_self=True))
    model.connect("neurons", "neurons.synapse.inward_current", nearby, weight=0.5, name="learning",
                  synapse=gs.CalciumControlRule(ca="spine_ca", scale=2.0))
    return model


def simulate(model, duration=150.0, every=1.0, **options):
    """Run the model; gives the simulation, times in ms, and in rows glutamate and calcium at heads and at shafts."""
    sim = gs.Simulation(model, **options)
    cell, side = spiny(), model.lattice.shape[0]
    rows = {"glutamate": [], "head": [], "shaft": []}
    for _ in range(round(duration / every)):
        sim.run(every)
        ca = sim.state["dendrites.ca"].reshape(side**2, cell.n_node)
        rows["glutamate"].append(sim.state["glutamate.concentration"])
        rows["head"].append(ca[:, cell.spine_heads[0]])
        rows["shaft"].append(ca[:, cell.spine_bases[0]])
    return sim, every * np.arange(1, len(rows["head"]) + 1), {name: np.array(values) for name, values in rows.items()}


def incoming_weights(sim):
    """Mean weight of the synapses onto each neuron, pA."""
    connection = sim.model.connections["learning"]
    _, targets = connection.ends()
    weights = sim.state["learning.weight"]
    return np.bincount(targets, weights) / np.bincount(targets)


def draw(sim, times, rows, path):
    """Maps of calcium and weights at the end, and the courses at the middle of the lattice and at its edge."""
    side = sim.model.lattice.shape[0]
    middle, edge = side // 2 * side + side // 2, 0
    with page(height=5.2) as figure:
        above, below = figure.subfigures(2, 1, height_ratios=(1.15, 1))
        maps = [("calcium in the spine heads (µM)", rows["head"][-1]), ("mean weight onto each neuron (pA)",
                                                                          incoming_weights(sim))]
        for axes, (title, values) in zip(above.subplots(1, 2), maps, strict=True):
            drawn = axes.imshow(values.reshape(side, side), cmap=AMOUNT_MAP)
            above.colorbar(drawn, ax=axes)
            axes.set(title=title[:1].upper() + title[1:], xticks=[], yticks=[])
        left, right = below.subplots(1, 2)
        for axes, names in ((left, ["glutamate"]), (right, ["head", "shaft"])):
            for colour, name in zip(PALETTE, names, strict=False):
                axes.plot(times, rows[name][:, middle], color=colour, label=f"{name}, middle")
                axes.plot(times, rows[name][:, edge], color=colour, linestyle=":", label=f"{name}, corner")
            axes.set(xlabel="Time (ms)")
            axes.legend(frameon=False)
        left.set(ylabel="Glutamate (µM)")
        right.set(ylabel="Free calcium (µM)", yscale="log")
        figure.savefig(path)


def main(path="spine_on_lattice.png"):
    """Simulate, say what came of it, draw it."""
    sim, times, rows = simulate(lattice_with_spines())
    weights = incoming_weights(sim)
    print(f"{sim.spike_counts('neurons')[0]} spikes; calcium in heads up to {rows['head'].max():.2f} uM, in shafts up "
          f"to {rows['shaft'].max():.2f} uM; weights {weights.min():.3f} to {weights.max():.3f} pA")
    draw(sim, times, rows, Path(path))


if __name__ == "__main__":
    main()
