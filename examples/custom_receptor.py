"""A receptor of your own: one class of physics, and it runs fused on every backend.

A triheteromeric NMDA receptor that glutamate opens as usual, but that lets go of it five times more slowly, and that a
second site for zinc holds back. It is compared with the built-in receptor on two neurons that see the same pulses of
glutamate.

    python examples/custom_receptor.py            # prints the fused function, steps it, draws custom_receptor.png

From a config file the class is named by its place: ``kind = "custom_receptor.py:SlowNMDA"``.
"""
import gpusyn as gs
from gpusyn.mechanism import output, parameter


class SlowNMDA(gs.NMDA_Receptor):
    """NMDA receptor with slow unbinding, inhibited by zinc.

        i = g r B(v) (v - e) / (1 + zinc / k_zinc)

    Kinetics and magnesium block are those of `NMDA_Receptor`. The values of this example are made up.
    """

    unbinding_rate = parameter(0.0066 / 5, "1/ms", "unbinding rate", low=0.0)
    zinc = parameter(0.0, "uM", "zinc in the cleft", low=0.0)
    k_zinc = parameter(1.0, "uM", "zinc that halves the current", low=1e-9)

    @output("1", "fraction of the current that zinc leaves")
    def zinc_left(zinc, k_zinc):
        """One zinc ion blocks one receptor."""
        return 1.0 / (1.0 + zinc / k_zinc)

    @output("pA", "current through the receptors, outward > 0")
    def current(open_fraction, zinc_left, v, conductance, reversal_potential):
        """Ohm's law for the receptors that are open, unblocked and free of zinc."""
        return conductance * open_fraction * zinc_left * (v - reversal_potential)


def simulate(receptor, backend="auto"):
    """Record one neuron whose receptor sees five pulses of glutamate, one every 40 ms, for 400 ms."""
    model = gs.Model(lattice=(1, 1), dt=0.05)
    model.add_population("cell", gs.LeakyIntegrateAndFire(v_th=100.0), nmda=receptor)
    model.add_transmitter("glutamate", gs.GlutamateNeurotransmitter(
        release_probability=1.0, diffusion_coefficient=0.0, reuptake_rate=0.8, release_volume=0.01))
    model.add_source("axon", gs.SpikeTrain(times=[20.0, 60.0, 100.0, 140.0, 180.0]))
    model.connect("axon", "glutamate", gs.AllToAll(1, include_self=True))
    simulation = gs.Simulation(model, backend=backend, recorder=["cell.v", "cell.nmda.open_fraction"])
    simulation.run("400 ms")
    return simulation


def main():
    """Print what is generated, simulate three receptors, draw them."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    receptors = {
        "NMDA_Receptor": gs.NMDA_Receptor(preset="Destexhe1998", conductance=5.0),
        "SlowNMDA": SlowNMDA(preset="Destexhe1998", unbinding_rate=0.0066 / 5, conductance=5.0),
        "SlowNMDA, 1 uM zinc": SlowNMDA(preset="Destexhe1998", unbinding_rate=0.0066 / 5, conductance=5.0, zinc=1.0),
    }
    figure, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(8, 5), layout="constrained")
    for name, receptor in receptors.items():
        simulation = simulate(receptor)
        recorded = simulation.recorder
        above.plot(recorded.time("cell.v"), recorded["cell.v"][:, 0], label=name)
        below.plot(recorded.time("cell.nmda.open_fraction"), recorded["cell.nmda.open_fraction"][:, 0])
    print(simulation.assembly.programs["cell"].source)
    above.set_ylabel("Membrane potential (mV)")
    below.set_ylabel("Open fraction")
    below.set_xlabel("Time (ms)")
    above.legend(frameon=False)
    figure.savefig("custom_receptor.png", dpi=150)


if __name__ == "__main__":
    main()
