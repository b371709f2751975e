"""The NMDA receptor's channel: magnesium blocks it, and a co-agonist must be bound for it to open."""
from math import log

from gpusyn.lang import exp
from gpusyn.mechanism import given, output, parameter
from gpusyn.receptors.receptor import TUTORIAL, LigandGatedReceptor

# Jahr & Stevens write the block as 1 / (1 + mg exp(-0.062 v) / 3.57).
JAHR_STEVENS = {"mg_block_voltage": -log(3.57) / 0.062, "mg_block_slope": 1 / 0.062, "mg_concentration": 1.0}


def mg_unblocked(v, mg_concentration, mg_block_voltage, mg_block_slope):
    """Fraction of open channels that magnesium does not block; a half at `mg_block_voltage` in 1 mM."""
    return 1.0 / (1.0 + mg_concentration * exp(-(v - mg_block_voltage) / mg_block_slope))


class MagnesiumBlockedReceptor(LigandGatedReceptor):
    """Base of the NMDA receptors: a voltage-dependent magnesium block that follows the potential at once.

        B(v)          = 1 / (1 + mg_concentration exp(-(v - mg_block_voltage) / mg_block_slope))
        open_fraction = activated_fraction coagonist B(v)

    coagonist is the fraction of receptors whose site for glycine or D-serine is taken: 1 unless a `GlycineReceptor`
    on the same cell provides it. mg_block_voltage is the potential at which 1 mM blocks a half; Jahr & Stevens's
    block, 1 / (1 + mg exp(-0.062 v) / 3.57), has it at -20.5 mV with a slope of 1/0.062 mV.

    Source of the block: Jahr & Stevens (1990) J. Neurosci. 10:3178 (verified). That the co-agonist multiplies: Johnson
    & Ascher (1987) Nature 325:529, that it is needed at all: Kleckner & Dingledine (1988) Science 241:835 (recalled).
    """

    member = "nmda"
    transmitter = "glutamate"

    glutamate = given("uM", "glutamate that the receptor sees")
    activated_fraction = given("1", "fraction of receptors that glutamate has activated")
    coagonist = given("1", "fraction of receptors whose co-agonist site is taken", default=1.0)

    mg_block_voltage = parameter(
        -30.0, "mV", "potential at which 1 mM magnesium blocks a half", low=-200.0, high=200.0,
        source=f"{TUTORIAL}; Jahr & Stevens 1990: -20.5",
    )
    mg_block_slope = parameter(
        1 / 0.062, "mV", "potential over which the block changes e-fold", source="Jahr & Stevens 1990", low=1e-3
    )
    mg_concentration = parameter(1.0, "mM", "magnesium outside the cell", source=TUTORIAL, low=0.0)

    @output("1", "fraction of receptors whose channel conducts")
    @staticmethod
    def open_fraction(activated_fraction, coagonist, v, mg_concentration, mg_block_voltage, mg_block_slope):
        """Activated by both agonists and not blocked."""
        return activated_fraction * coagonist * mg_unblocked(v, mg_concentration, mg_block_voltage, mg_block_slope)
