"""The monoamines, which act at a distance: dopamine, serotonin and noradrenaline."""
from gpusyn.transmitters.transmitter import CRATE, TUTORIAL, Transmitter, diffusion, probability, quantum, reuptake


class DopamineNeurotransmitter(Transmitter):
    """Dopamine, with the tutorial's numbers (proposed there, no source)."""

    transmitter = "dopamine"

    release_probability = probability(0.1, TUTORIAL)
    quantum_size = quantum(1000.0, TUTORIAL)
    diffusion_coefficient = diffusion(0.05, TUTORIAL)
    reuptake_rate = reuptake(0.005, TUTORIAL)


class SerotoninNeurotransmitter(Transmitter):
    """Serotonin: 5-hydroxytryptamine.

    The quantum is that of the small vesicles of the leech's Retzius cell, whose large ones hold 80 000 molecules: Bruns
    & Jahn (1995) Nature 377:62 (recalled). With a `SerotoninTransporter` on the transmitter, set reuptake_rate to 0.
    """

    transmitter = "serotonin"

    release_probability = probability(0.1, "proposed, as of dopamine")
    quantum_size = quantum(4700.0, "Bruns & Jahn 1995, recalled")
    diffusion_coefficient = diffusion(0.18, CRATE)
    reuptake_rate = reuptake(1 / 80, f"1 / (80 ms): {CRATE}")


class NoradrenalineNeurotransmitter(Transmitter):
    """Noradrenaline (norepinephrine); with a `NoradrenalineTransporter` on it, set reuptake_rate to 0."""

    transmitter = "noradrenaline"

    release_probability = probability(0.1, "proposed, as of dopamine")
    quantum_size = quantum(1000.0, "proposed, as of dopamine")
    diffusion_coefficient = diffusion(0.15, CRATE)
    reuptake_rate = reuptake(1 / 120, f"1 / (120 ms): {CRATE}")
