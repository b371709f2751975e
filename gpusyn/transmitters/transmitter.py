"""Transmitters that diffuse between the sites of a lattice."""
from gpusyn.mechanism import Mechanism, flux, parameter, state, total

TUTORIAL = "the neurotransmitter tutorial of lixirnet"


class Transmitter(Mechanism):
    """A transmitter outside the cells of a lattice.

        dC/dt = diffusion_coefficient laplacian(C) - reuptake_rate C + source - uptake
        a released vesicle adds quantum_size / (N_A release_volume)

    Written here is what each site does by itself, source - uptake. Diffusion and first-order reuptake couple to the
    lattice's edges and are stepped by the diffusion operation, exactly in time or in stable substeps; release is
    delivered by connections, each of whose spikes succeeds with release_probability. `uptake` sums the transporters
    that are put on the transmitter (`MichaelisMentenUptake`).

    5000 molecules in 1 um^3 are 8.30 uM. Source of the form: Rusakov & Kullmann (1998) J. Neurosci. 18:3158 (recalled,
    uncertain); release_volume = 1 um^3 is proposed.
    """

    concentration = state("uM", "concentration", initial="initial_concentration", not_negative=True)
    uptake = total("uptake", "uM/ms", "what the transporters on this transmitter take up")

    release_probability = parameter(0.5, "1", "probability that a spike releases at one connection", low=0.0, high=1.0)
    quantum_size = parameter(5000.0, "molecules", "molecules in a vesicle", low=0.0)
    diffusion_coefficient = parameter(0.1, "um^2/ms", "diffusion coefficient", low=0.0)
    reuptake_rate = parameter(0.01, "1/ms", "rate of first-order reuptake", low=0.0)
    initial_concentration = parameter(0.0, "uM", "concentration at the start", low=0.0)
    release_volume = parameter(1.0, "um^3", "volume that a vesicle empties into", source="proposed", low=1e-9)
    source = parameter(0.0, "uM/ms", "constant supply", low=0.0)

    @flux("uM/ms", "constant supply", into="concentration")
    @staticmethod
    def supplied(source):
        """What flows in without spikes."""
        return source

    @flux("uM/ms", "taken up by transporters", into="concentration")
    @staticmethod
    def taken_up(uptake):
        """What the transporters take out."""
        return uptake

    @staticmethod
    def d_concentration(supplied, taken_up):
        """Supply less uptake, uM/ms."""
        return supplied - taken_up


class GlutamateNeurotransmitter(Transmitter):
    """Glutamate, with the tutorial's numbers (proposed there, no source); diffusion is slow, as around a synapse."""

    release_probability = parameter(
        0.5, "1", "probability that a spike releases at one connection", source=TUTORIAL, low=0.0, high=1.0
    )
    quantum_size = parameter(5000.0, "molecules", "molecules in a vesicle", source=TUTORIAL, low=0.0)
    diffusion_coefficient = parameter(0.1, "um^2/ms", "diffusion coefficient", source=TUTORIAL, low=0.0)
    reuptake_rate = parameter(0.01, "1/ms", "rate of first-order reuptake", source=TUTORIAL, low=0.0)


class GABANeurotransmitter(Transmitter):
    """GABA, with the tutorial's numbers (proposed there, no source)."""

    release_probability = parameter(
        0.3, "1", "probability that a spike releases at one connection", source=TUTORIAL, low=0.0, high=1.0
    )
    quantum_size = parameter(3000.0, "molecules", "molecules in a vesicle", source=TUTORIAL, low=0.0)
    diffusion_coefficient = parameter(0.08, "um^2/ms", "diffusion coefficient", source=TUTORIAL, low=0.0)
    reuptake_rate = parameter(0.02, "1/ms", "rate of first-order reuptake", source=TUTORIAL, low=0.0)


class DopamineNeurotransmitter(Transmitter):
    """Dopamine, with the tutorial's numbers (proposed there, no source)."""

    release_probability = parameter(
        0.1, "1", "probability that a spike releases at one connection", source=TUTORIAL, low=0.0, high=1.0
    )
    quantum_size = parameter(1000.0, "molecules", "molecules in a vesicle", source=TUTORIAL, low=0.0)
    diffusion_coefficient = parameter(0.05, "um^2/ms", "diffusion coefficient", source=TUTORIAL, low=0.0)
    reuptake_rate = parameter(0.005, "1/ms", "rate of first-order reuptake", source=TUTORIAL, low=0.0)
