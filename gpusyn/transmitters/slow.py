"""What is released rarely and stays long: a peptide, and the co-agonists of the NMDA receptor."""
from gpusyn.transmitters.transmitter import (
    Transmitter,
    diffusion,
    initial,
    probability,
    quantum,
    reuptake,
    supply,
)


class SubstanceP(Transmitter):
    """Substance P: a peptide of eleven residues from dense-core vesicles, without reuptake.

    Peptidases remove it within minutes, so that it spreads far beyond the synapse: Duggan, Schaible, Hope & Lang (1992)
    Brain Res. 579:261 saw it do so in the spinal cord (recalled, uncertain; no rates). All numbers are proposed:
    release by one spike in twenty, a half-life of two minutes, and the diffusion of a molecule of 1.3 kDa in the
    tortuous space between cells.
    """

    transmitter = "substance_p"

    release_probability = probability(0.05, "proposed")
    quantum_size = quantum(1000.0, "proposed")
    diffusion_coefficient = diffusion(0.1, "proposed")
    reuptake_rate = reuptake(5.8e-6, "proposed: ln 2 / (2 min), by peptidases")


class Glycine(Transmitter):
    """Glycine, co-agonist of the NMDA receptor and transmitter of the spinal cord.

    It is there all the time: `source` balances `reuptake_rate` at the initial concentration, which is of the order of
    what saturates half to all of the NMDA receptor's co-agonist sites. All numbers are proposed.
    """

    transmitter = "glycine"

    release_probability = probability(0.5, "proposed")
    quantum_size = quantum(2000.0, "proposed")
    diffusion_coefficient = diffusion(0.1, "proposed, as of glutamate")
    reuptake_rate = reuptake(0.01, "proposed, as of glutamate")
    initial_concentration = initial(1.0, "proposed")
    source = supply(0.01, "proposed: reuptake_rate times 1 uM")


class DSerine(Transmitter):
    """D-serine, co-agonist of the NMDA receptor that glial cells and neurons supply.

    6.5 uM is what microdialysis found in the frontal cortex: Matsui et al. (1995) J. Neurochem. 65:454 (verified), who
    also found it three to four times as potent as glycine. `source` balances `reuptake_rate` there; the other numbers
    are proposed.
    """

    transmitter = "d_serine"

    release_probability = probability(0.1, "proposed")
    quantum_size = quantum(1000.0, "proposed")
    diffusion_coefficient = diffusion(0.1, "proposed, as of glutamate")
    reuptake_rate = reuptake(1e-3, "proposed: slow, by transporters of low affinity")
    initial_concentration = initial(6.5, "Matsui et al. 1995")
    source = supply(6.5e-3, "proposed: reuptake_rate times 6.5 uM")
