"""Store-operated calcium entry: an empty ER opens channels of the plasma membrane."""
from typing import ClassVar

from gpusyn.lang import maximum, power
from gpusyn.mechanism import Mechanism, given, output, parameter

LUIK = "Luik et al. 2008, recalled"


class StoreOperatedCalciumEntry(Mechanism):
    """Calcium that enters through the plasma membrane the more, the emptier the ER is.

        flux_from_outside = max_flux / (1 + (ca_er / half_activation)^hill)

    It only ever enters: what comes in at rest is part of what a balanced `PlasmaMembraneLeak` has to let in, which is
    then smaller by as much. The calcium comes from outside, and the ER fills through SERCA.

    Source: half_activation and hill are of the size that Luik, Wang, Prakriya, Wu & Lewis (2008) Nature 454:538 found
    for the current I_CRAC (recalled; their 169 uM and 4.2 are the preset Luik2008). max_flux is proposed: a third of
    what enters at rest, and a doubling of it by an empty ER.
    """

    member: ClassVar[str] = "soce"
    presets: ClassVar = {"Luik2008": {"half_activation": 169.0, "hill": 4.2}}

    ca_er = given("uM", "free calcium in the endoplasmic reticulum")

    max_flux = parameter(5e-3, "uM um/ms", "flux with an empty ER", source="proposed", low=0.0)
    half_activation = parameter(200.0, "uM", "calcium in the ER that opens a half", source=LUIK, low=1e-9)
    hill = parameter(4.0, "1", "Hill coefficient", source=LUIK, low=0.1, high=20.0)

    @output("uM um/ms", "calcium flux into the cytosol per area of plasma membrane")
    @staticmethod
    def flux_from_outside(ca_er, max_flux, half_activation, hill):
        """Cooperative binding of calcium within the ER closes the channels."""
        return max_flux / (1.0 + power(maximum(ca_er, 0.0) / half_activation, hill))
