"""Transmitters that diffuse between the sites of a lattice: what they have in common."""
from typing import ClassVar

from gpusyn.mechanism import Mechanism, flux, parameter, state, total

TUTORIAL = "the neurotransmitter tutorial of lixirnet"
CRATE = "the crate synapse-models 0.1.0, where it has no source"


def probability(default, source=""):
    """The parameter `release_probability`."""
    meaning = "probability that a spike releases at one connection"
    return parameter(default, "1", meaning, source=source, low=0.0, high=1.0)


def quantum(default, source=""):
    """The parameter `quantum_size`."""
    return parameter(default, "molecules", "molecules in a vesicle", source=source, low=0.0)


def diffusion(default, source=""):
    """The parameter `diffusion_coefficient`."""
    return parameter(default, "um^2/ms", "diffusion coefficient", source=source, low=0.0)


def reuptake(default, source=""):
    """The parameter `reuptake_rate`."""
    return parameter(default, "1/ms", "rate of first-order reuptake", source=source, low=0.0)


def initial(default, source=""):
    """The parameter `initial_concentration`."""
    return parameter(default, "uM", "concentration at the start", source=source, low=0.0)


def supply(default, source=""):
    """The parameter `source`."""
    return parameter(default, "uM/ms", "constant supply", source=source, low=0.0)


class Transmitter(Mechanism):
    """A transmitter outside the cells of a lattice.

        dC/dt = diffusion_coefficient laplacian(C) - reuptake_rate C + source - uptake
        a released vesicle adds quantum_size / (N_A release_volume)

    Written here is what each site does by itself, source - uptake. Diffusion and first-order reuptake couple to the
    lattice's edges and are stepped by the diffusion operation, exactly in time or in stable substeps; release is
    delivered by connections, each of whose spikes succeeds with release_probability. `uptake` sums the transporters
    that are put on the transmitter (`gpusyn.transmitters.transporters`); what they use of ATP is counted in the ledger
    as `energy`, to full precision however long the run.

    5000 molecules in 1 um^3 are 8.30 uM. Source of the form: Rusakov & Kullmann (1998) J. Neurosci. 18:3158 (recalled,
    uncertain); release_volume = 1 um^3 is proposed.
    """

    transmitter: ClassVar[str] = ""

    concentration = state("uM", "concentration", initial="initial_concentration", not_negative=True)
    uptake = total("uptake", "uM/ms", "what the transporters on this transmitter take up")
    energy_use = total("energy_use", "uM/ms", "ATP that the transporters on this transmitter use")

    release_probability = probability(0.5)
    quantum_size = quantum(5000.0)
    diffusion_coefficient = diffusion(0.1)
    reuptake_rate = reuptake(0.01)
    initial_concentration = initial(0.0)
    release_volume = parameter(1.0, "um^3", "volume that a vesicle empties into", source="proposed", low=1e-9)
    source = supply(0.0)

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

    @flux("uM/ms", "ATP that transporters use; counted beside the concentration, which it does not change",
          into="concentration")
    @staticmethod
    def energy(energy_use):
        """What the transporters' work costs."""
        return energy_use

    @staticmethod
    def d_concentration(supplied, taken_up):
        """Supply less uptake, uM/ms."""
        return supplied - taken_up
