"""Glycine's two receptors: the co-agonist site of the NMDA receptor, and a chloride channel."""
from typing import ClassVar

from gpusyn.mechanism import Mechanism, gate, given, output, parameter
from gpusyn.receptors.markov_glycine import SixStateGlycineChannel
from gpusyn.receptors.receptor import TUTORIAL, OneBoundStateReceptor

CNMODEL = "cnmodel, gly2.mod"


class GlycineReceptor(Mechanism):
    """The co-agonist site of the NMDA receptors on a cell: without glycine or D-serine they do not open.

        dr/dt     = binding_rate agonist (1 - r) - unbinding_rate r,    agonist = glycine + d_serine_potency d_serine
        coagonist = r

    Both bind to the same site and are alike to it, so that their concentrations add, D-serine's weighed by its
    potency. One that nothing provides counts as absent; for a constant level bind it to one, or set `r`. The NMDA
    receptors on the cell multiply their opening by `coagonist`. The site is no channel and has no current; the channel
    that glycine opens by itself is `GlycineChannel`.

    Source: rates of the neurotransmitter tutorial of lixirnet (proposed there, no source); the site: Johnson & Ascher
    (1987) Nature 325:529 (recalled).
    """

    member: ClassVar[str] = "glycine"
    transmitter: ClassVar[str] = "glycine"

    r = gate("fraction of sites that have bound glycine or D-serine")
    glycine = given("uM", "glycine that the site sees", default=0.0)
    d_serine = given("uM", "D-serine that the site sees", default=0.0)

    binding_rate = parameter(0.1, "1/(uM ms)", "binding rate", source=TUTORIAL, low=0.0)
    unbinding_rate = parameter(0.02, "1/ms", "unbinding rate", source=TUTORIAL, low=0.0)
    d_serine_potency = parameter(
        1.0, "1", "how much glycine the same amount of D-serine is worth", source="proposed", low=0.0
    )

    @staticmethod
    def r_rates(glycine, d_serine, binding_rate, unbinding_rate, d_serine_potency):
        """Binding and unbinding, 1/ms."""
        return binding_rate * (glycine + d_serine_potency * d_serine), unbinding_rate

    @output("1", "fraction of sites that have bound glycine or D-serine")
    @staticmethod
    def bound_fraction(r):
        """The gate itself."""
        return r

    @output("1", "fraction of sites that are desensitized")
    @staticmethod
    def desensitized_fraction():
        """The site does not desensitize."""
        return 0.0

    @output("1", "fraction of NMDA receptors whose co-agonist site is taken")
    @staticmethod
    def coagonist(r):
        """What NMDA receptors on the cell read."""
        return r


class GlycineChannel(OneBoundStateReceptor):
    """Strychnine-sensitive glycine receptor, a chloride channel, with one bound state, which is open.

        dr/dt   = binding_rate glycine (1 - r) - unbinding_rate r
        current = |conductance| r (v - reversal_potential)

    The preset LegendreType is a Markov scheme: `SixStateGlycineChannel`.

    Source: rates of gly2.mod of cnmodel (one code base), which adapts the GABA-A receptor of Destexhe, Mainen &
    Sejnowski (1998); the conductance is proposed.
    """

    member = "glycine_channel"
    transmitter = "glycine"
    forms: ClassVar = {"LegendreType": SixStateGlycineChannel}

    r = gate("fraction of receptors that have bound glycine")
    glycine = given("uM", "glycine that the receptor sees")

    binding_rate = parameter(5.3e-4, "1/(uM ms)", "binding rate", source=CNMODEL, low=0.0)
    unbinding_rate = parameter(0.18, "1/ms", "unbinding rate", source=CNMODEL, low=0.0)
    reversal_potential = parameter(-80.0, "mV", "reversal potential", source=CNMODEL, low=-200.0, high=200.0)

    @staticmethod
    def r_rates(glycine, binding_rate, unbinding_rate):
        """Binding and unbinding, 1/ms."""
        return binding_rate * glycine, unbinding_rate
