"""IP3 in a cell: receptors coupled to Gq make it, and it is degraded."""
from typing import ClassVar

from gpusyn.mechanism import Mechanism, output, parameter, state, total

NADKARNI = "Nadkarni & Jung 2003"


class IP3Dynamics(Mechanism):
    """Inositol trisphosphate in the cytosol.

        d ip3/dt = production - degradation_rate (ip3 - resting_concentration)

    `production` is the sum of what the population's receptors give as `ip3_production`.

    Source of the form and of the numbers, 0.16 uM and 7.142 s: Nadkarni & Jung (2003) Phys. Rev. Lett. 91:268101, as in
    the astrocyte of NEST (verified in its code; an astrocyte's, taken over for neurons).
    """

    member: ClassVar[str] = "ip3"

    ip3 = state("uM", "IP3 in the cytosol", initial="resting_concentration", not_negative=True,
                spreads="ip3_diffusion", within="cytosol")
    production = total("ip3_production", "uM/ms", "IP3 that receptors make")

    resting_concentration = parameter(0.16, "uM", "concentration at rest", source=NADKARNI, low=0.0)
    degradation_rate = parameter(1 / 7142.0, "1/ms", "rate of degradation", source=NADKARNI, low=0.0)

    ip3_diffusion = parameter(0.28, "um^2/ms", "diffusion along a tree", source="SPINE; NeuroBox", low=0.0)

    @output("uM/ms", "IP3 that is degraded beyond what is made at rest")
    @staticmethod
    def degradation(ip3, resting_concentration, degradation_rate):
        """First order."""
        return degradation_rate * (ip3 - resting_concentration)

    @staticmethod
    def d_ip3(production, degradation):
        """Production less degradation, uM/ms."""
        return production - degradation
