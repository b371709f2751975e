"""A wave of calcium along a dendrite: ryanodine receptors of its endoplasmic reticulum pass it on.

64 um of a dendrite with 1000 nodes and steps of 5 us, as in the first example of SPINE's README. Calcium and IP3 that
flow in at the middle set the wave off; pumps, exchangers and SERCA clear up after it. The wave runs at 1304 um/s on
this grid (LSODA, time-converged; on infinitely fine grids at 1318 um/s).

    python examples/calcium_wave.py               # runs 40 ms, draws five pictures, writes files for ParaView

The same as a config: ``gpusyn run configs/calcium_wave.toml``.
"""
from pathlib import Path

import numpy as np

import gpusyn as gs
from gpusyn import plots

N_NODE, SOURCE = 1000, 500
RECORDED = ["dendrite.ca", "dendrite.ca_er", "dendrite.calbindin", "dendrite.ip3.ip3", "dendrite.ryr.open_fraction"]


def mechanisms(stimulus):
    """What the wave needs; `stimulus` is 1 at the nodes where calcium and IP3 flow in, (n_node,)."""
    return {
        "pmca": gs.PMCA(), "ncx": gs.NCX(), "pm_leak": gs.PlasmaMembraneLeak(),
        "ryr": gs.RyanodineReceptor(), "ip3r": gs.IP3Receptor(), "serca": gs.SERCA(), "er_leak": gs.ERLeak(),
        "ip3": gs.CytosolicIP3(preset="SPINE"),
        "calcium_source": gs.CalciumSource(preset="linear", amplitude=2.5 * stimulus, duration=1.0),
        "ip3_source": gs.IP3Source(preset="linear", amplitude=5.0 * stimulus, duration=200.0),
    }  # fmt: skip


def wave(cell, stimulus, dt=0.005):
    """A model of one cell at rest that is stimulated at time 0."""
    model = gs.Model(dt=dt, name="calcium_wave")
    model.add_trees("dendrite", cell, gs.CalciumCompartment(preset="no_calreticulin"), **mechanisms(stimulus))
    return model


def cable():
    """The dendrite of the README, and where it is stimulated."""
    stimulus = np.zeros(N_NODE)
    stimulus[SOURCE] = 1.0
    return gs.gen_beam(length=64.0, radius=0.2, n=N_NODE), stimulus


def tree():
    """A dendrite that branches by Rall's law, stimulated over 2 um in the middle of its trunk."""
    cell = gs.gen_tree(levels=4, length=12.0, radius=gs.morphology.rall(0.4), n=96)
    return cell, 1.0 * (abs(cell.path_distance - 6.0) < 1.0)


def simulate(cell, stimulus, folder, duration="40 ms", dt=0.005, **options):
    """Run the model into a folder; gives the run."""
    record = [gs.Record(name, every="0.1 ms") for name in RECORDED]
    gs.run(wave(cell, stimulus, dt), folder, duration=duration, record=record, force=True, **options)
    return gs.open(Path(folder) / "run.h5")


def speed(run):
    """Speed of the front, um/s: from where calcium rises above 1 uM, 10 to 30 um from the source."""
    trees = run.trees["dendrite"]
    along = trees.forest.distinct[0].x - trees.forest.distinct[0].x[SOURCE]
    passed = (along > 10.0) & (along < 30.0)
    per_ms = np.polyfit(trees.crossing("ca", 1.0)[passed], along[passed], 1)[0]
    return 1000.0 * per_ms


def main(folder="runs"):
    """Simulate, print what the wave comes to, draw it, and write it for ParaView."""
    pictures = Path(folder) / "calcium_wave"
    with simulate(*cable(), pictures, precision="float64") as run:
        trees = run.trees["dendrite"]
        ca = trees.rows("ca", range(len(run["dendrite.ca"])))
        print(f"speed {speed(run):.1f} um/s, arrival at node 700 {trees.crossing('ca', 1.0)[700]:.3f} ms, "
              f"peak there {ca[:, 700].max():.3f} uM")
        for quantity in ("ca", "ca_er"):
            plots.kymograph(run, f"dendrite.{quantity}").savefig(pictures / f"kymograph_{quantity}.png")
        plots.tree_map(run, "dendrite.ca", times=[2.0, 6.0, 10.0, 20.0]).savefig(pictures / "cable.png")
        gs.write_vtu(pictures / "paraview", run, ["ca", "ca_er", "ip3", "radius"], every="0.5 ms")
    pictures = Path(folder) / "calcium_wave_in_a_tree"
    with simulate(*tree(), pictures, precision="float32") as run:
        plots.tree_map(run, "dendrite.ca", times=[4.0, 16.0, 28.0, 34.0]).savefig(pictures / "tree.png")
        plots.kymograph(run, "dendrite.ca").savefig(pictures / "kymograph_tree.png")


if __name__ == "__main__":
    main()
