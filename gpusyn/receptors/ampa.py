"""AMPA receptor: fast excitation by glutamate."""
from typing import ClassVar

from gpusyn.mechanism import gate, given, parameter
from gpusyn.receptors.markov_ampa import SevenStateAMPAReceptor, SixStateAMPAReceptor
from gpusyn.receptors.receptor import DESTEXHE, TUTORIAL, OneBoundStateReceptor


class AMPAReceptor(OneBoundStateReceptor):
    """AMPA receptor with one bound state, which is open.

        dr/dt   = binding_rate glutamate (1 - r) - unbinding_rate r
        current = |conductance| r (v - reversal_potential)          outward > 0, into the cell at rest

    The presets Jonas1993 (recommended where a receptor sees trains) and PatneauMayer1991 are Markov schemes that
    desensitize: `SevenStateAMPAReceptor` and `SixStateAMPAReceptor`.

    Source: Destexhe, Mainen & Sejnowski (1994) J. Comput. Neurosci. 1:195 and (1998) in Methods in Neuronal Modeling,
    2nd ed., ch. 1, whose rates are the preset Destexhe1998 (verified; its conductance, the upper end of their range, is
    from one source). The defaults are those of the neurotransmitter tutorial of lixirnet (proposed there, no source).
    """

    member = "ampa"
    transmitter = "glutamate"
    presets: ClassVar = {
        "Destexhe1998": {
            "binding_rate": 1.1e-3, "unbinding_rate": 0.19, "conductance": 1.0, "reversal_potential": 0.0,
        },
    }
    forms: ClassVar = {"Jonas1993": SevenStateAMPAReceptor, "PatneauMayer1991": SixStateAMPAReceptor}

    r = gate("fraction of receptors that have bound glutamate")
    glutamate = given("uM", "glutamate that the receptor sees")

    binding_rate = parameter(0.1, "1/(uM ms)", "binding rate", source=f"{TUTORIAL}; {DESTEXHE}: 1.1e-3", low=0.0)
    unbinding_rate = parameter(0.05, "1/ms", "unbinding rate", source=f"{TUTORIAL}; {DESTEXHE}: 0.19", low=0.0)
    conductance = parameter(10.0, "nS", "conductance with every receptor open; its magnitude counts", source=TUTORIAL)

    @staticmethod
    def r_rates(glutamate, binding_rate, unbinding_rate):
        """Binding and unbinding, 1/ms."""
        return binding_rate * glutamate, unbinding_rate
