"""The fast transmitters: glutamate, GABA and acetylcholine."""
from gpusyn.transmitters.transmitter import CRATE, TUTORIAL, Transmitter, diffusion, probability, quantum, reuptake


class GlutamateNeurotransmitter(Transmitter):
    """Glutamate, with the tutorial's numbers (proposed there, no source); diffusion is slow, as around a synapse."""

    transmitter = "glutamate"

    release_probability = probability(0.5, TUTORIAL)
    quantum_size = quantum(5000.0, TUTORIAL)
    diffusion_coefficient = diffusion(0.1, TUTORIAL)
    reuptake_rate = reuptake(0.01, TUTORIAL)


class GABANeurotransmitter(Transmitter):
    """GABA, with the tutorial's numbers (proposed there, no source)."""

    transmitter = "gaba"

    release_probability = probability(0.3, TUTORIAL)
    quantum_size = quantum(3000.0, TUTORIAL)
    diffusion_coefficient = diffusion(0.08, TUTORIAL)
    reuptake_rate = reuptake(0.02, TUTORIAL)


class AcetylcholineNeurotransmitter(Transmitter):
    """Acetylcholine, which acetylcholinesterase hydrolyses within about a millisecond.

    reuptake_rate is that hydrolysis in its first-order range; with an `Acetylcholinesterase` on the transmitter, which
    saturates, set it to 0. The quantum is at most 10 000 molecules at the neuromuscular junction: Kuffler & Yoshikami
    (1975) J. Physiol. 251:465 (recalled); half of that is proposed for central synapses.
    """

    transmitter = "acetylcholine"

    release_probability = probability(0.3, "proposed")
    quantum_size = quantum(5000.0, "proposed; Kuffler & Yoshikami 1975: at most 10 000 (recalled)")
    diffusion_coefficient = diffusion(0.4, CRATE)
    reuptake_rate = reuptake(2.0, f"1 / (0.5 ms): {CRATE}")
