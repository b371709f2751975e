"""GABA-A receptor: fast inhibition by chloride."""
from typing import ClassVar

from gpusyn.mechanism import gate, given, parameter
from gpusyn.receptors.markov_gaba_a import FiveStateGABA_A_Receptor
from gpusyn.receptors.receptor import DESTEXHE, TUTORIAL, OneBoundStateReceptor


class GABA_A_Receptor(OneBoundStateReceptor):  # noqa: N801, the tutorial's name
    """GABA-A receptor with one bound state, which is open.

        dr/dt   = binding_rate gaba (1 - r) - unbinding_rate r
        current = |conductance| r (v - reversal_potential)     outward > 0: out of a cell above the reversal potential

    Inhibition needs no negative conductance: below the reversal potential the current turns round by itself. The
    preset BuschSakmann1990 is a Markov scheme with two open states: `FiveStateGABA_A_Receptor`.

    Source: Destexhe, Mainen & Sejnowski (1998) in Methods in Neuronal Modeling, 2nd ed., ch. 1, whose rates are the
    preset Destexhe1998 (verified; its conductance, the upper end of their range, is from one source). The defaults
    are those of the neurotransmitter tutorial of lixirnet, which writes the conductance as -5 nS (proposed there, no
    source).
    """

    member = "gaba_a"
    transmitter = "gaba"
    presets: ClassVar = {
        "Destexhe1998": {
            "binding_rate": 5e-3, "unbinding_rate": 0.18, "conductance": 1.2, "reversal_potential": -80.0,
        },
    }
    forms: ClassVar = {"BuschSakmann1990": FiveStateGABA_A_Receptor}

    r = gate("fraction of receptors that have bound GABA")
    gaba = given("uM", "GABA that the receptor sees")

    binding_rate = parameter(0.2, "1/(uM ms)", "binding rate", source=f"{TUTORIAL}; {DESTEXHE}: 5e-3", low=0.0)
    unbinding_rate = parameter(0.1, "1/ms", "unbinding rate", source=f"{TUTORIAL}; {DESTEXHE}: 0.18", low=0.0)
    conductance = parameter(5.0, "nS", "conductance with every receptor open; its magnitude counts", source=TUTORIAL)
    reversal_potential = parameter(-70.0, "mV", "reversal potential", source=TUTORIAL, low=-200.0, high=200.0)

    @staticmethod
    def r_rates(gaba, binding_rate, unbinding_rate):
        """Binding and unbinding, 1/ms."""
        return binding_rate * gaba, unbinding_rate
