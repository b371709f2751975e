"""NMDA receptor: glutamate gates it, magnesium blocks it."""
from typing import ClassVar

from gpusyn.mechanism import gate, output, parameter
from gpusyn.receptors.magnesium import JAHR_STEVENS, MagnesiumBlockedReceptor, mg_unblocked
from gpusyn.receptors.markov_nmda import FiveStateNMDA_Receptor
from gpusyn.receptors.receptor import DESTEXHE, TUTORIAL

__all__ = ["JAHR_STEVENS", "NMDA_Receptor", "mg_unblocked"]


class NMDA_Receptor(MagnesiumBlockedReceptor):  # noqa: N801, the tutorial's name
    """NMDA receptor with one bound state and a voltage-dependent magnesium block that follows the potential at once.

        dr/dt   = binding_rate glutamate (1 - r) - unbinding_rate r
        B(v)    = 1 / (1 + mg_concentration exp(-(v - mg_block_voltage) / mg_block_slope))
        current = |conductance| r coagonist B(v) (v - reversal_potential)       outward > 0, into the cell at rest

    coagonist is 1, or what a `GlycineReceptor` on the cell provides. The preset JahrStevens1990 has their block,
    Destexhe1998 that block and slow rates. The presets Destexhe1998FiveState, LesterJahr1992Equal and
    LesterJahr1992Statistical are Markov schemes that desensitize: `FiveStateNMDA_Receptor`.

    Sources: rates of Destexhe1998, Destexhe, Mainen & Sejnowski (1998) in Methods in Neuronal Modeling, 2nd ed., ch.
    1 (verified; its conductance, the upper end of their range, is from one source); block, Jahr & Stevens (1990) J.
    Neurosci. 10:3178 (verified). The defaults are those of the neurotransmitter tutorial of lixirnet (proposed there,
    no source).
    """

    presets: ClassVar = {
        "JahrStevens1990": JAHR_STEVENS,
        "Destexhe1998": JAHR_STEVENS | {
            "binding_rate": 7.2e-5, "unbinding_rate": 6.6e-3, "conductance": 0.6, "reversal_potential": 0.0,
        },
    }
    forms: ClassVar = dict.fromkeys(FiveStateNMDA_Receptor.presets, FiveStateNMDA_Receptor)

    r = gate("fraction of receptors that have bound glutamate")

    binding_rate = parameter(0.05, "1/(uM ms)", "binding rate", source=f"{TUTORIAL}; {DESTEXHE}: 7.2e-5", low=0.0)
    unbinding_rate = parameter(0.01, "1/ms", "unbinding rate", source=f"{TUTORIAL}; {DESTEXHE}: 6.6e-3", low=0.0)
    conductance = parameter(5.0, "nS", "conductance with every receptor open; its magnitude counts", source=TUTORIAL)

    @staticmethod
    def r_rates(glutamate, binding_rate, unbinding_rate):
        """Binding and unbinding, 1/ms."""
        return binding_rate * glutamate, unbinding_rate

    @output("1", "fraction of receptors that have bound transmitter")
    @staticmethod
    def bound_fraction(r):
        """The gate itself."""
        return r

    @output("1", "fraction of receptors that glutamate has activated")
    @staticmethod
    def activated_fraction(r):
        """Every bound receptor."""
        return r
