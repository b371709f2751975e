"""NMDA receptor: glutamate gates it, magnesium blocks it."""
from math import log
from typing import ClassVar

from gpusyn.lang import absolute, exp
from gpusyn.mechanism import gate, given, output, parameter
from gpusyn.receptors.receptor import DESTEXHE, TUTORIAL, LigandGatedReceptor

# Jahr & Stevens write the block as 1 / (1 + mg exp(-0.062 v) / 3.57).
JAHR_STEVENS = {"mg_block_voltage": -log(3.57) / 0.062, "mg_block_slope": 1 / 0.062, "mg_concentration": 1.0}


def mg_unblocked(v, mg_concentration, mg_block_voltage, mg_block_slope):
    """Fraction of open channels that magnesium does not block; a half at `mg_block_voltage` in 1 mM."""
    return 1.0 / (1.0 + mg_concentration * exp(-(v - mg_block_voltage) / mg_block_slope))


class NMDA_Receptor(LigandGatedReceptor):  # noqa: N801, the tutorial's name
    """NMDA receptor with one bound state and a voltage-dependent magnesium block that follows the potential at once.

        dr/dt   = binding_rate glutamate (1 - r) - unbinding_rate r
        B(v)    = 1 / (1 + mg_concentration exp(-(v - mg_block_voltage) / mg_block_slope))
        current = |conductance| r B(v) (v - reversal_potential)       outward > 0, into the cell at rest

    mg_block_voltage is the potential at which 1 mM blocks a half. Jahr & Stevens's block, 1 / (1 + mg exp(-0.062 v) /
    3.57), has it at -20.5 mV with a slope of 1/0.062 mV: the preset JahrStevens1990. Destexhe1998 has that block and
    slow rates.

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

    r = gate("fraction of receptors that have bound glutamate")
    glutamate = given("uM", "glutamate that the receptor sees")

    binding_rate = parameter(0.05, "1/(uM ms)", "binding rate", source=f"{TUTORIAL}; {DESTEXHE}: 7.2e-5", low=0.0)
    unbinding_rate = parameter(0.01, "1/ms", "unbinding rate", source=f"{TUTORIAL}; {DESTEXHE}: 6.6e-3", low=0.0)
    conductance = parameter(5.0, "nS", "conductance with every receptor open; its magnitude counts", source=TUTORIAL)
    mg_block_voltage = parameter(
        -30.0, "mV", "potential at which 1 mM magnesium blocks a half", low=-200.0, high=200.0,
        source=f"{TUTORIAL}; Jahr & Stevens 1990: -20.5",
    )
    mg_block_slope = parameter(
        1 / 0.062, "mV", "potential over which the block changes e-fold", source="Jahr & Stevens 1990", low=1e-3
    )
    mg_concentration = parameter(1.0, "mM", "magnesium outside the cell", source=TUTORIAL, low=0.0)

    @staticmethod
    def r_rates(glutamate, binding_rate, unbinding_rate):
        """Binding and unbinding, 1/ms."""
        return binding_rate * glutamate, unbinding_rate

    @output("1", "fraction of receptors whose channel conducts")
    @staticmethod
    def open_fraction(r, v, mg_concentration, mg_block_voltage, mg_block_slope):
        """Bound and not blocked."""
        return r * mg_unblocked(v, mg_concentration, mg_block_voltage, mg_block_slope)

    @output("pA", "current through the receptors, outward > 0")
    @staticmethod
    def current(open_fraction, v, conductance, reversal_potential):
        """Current into the cell is negative."""
        return absolute(conductance) * open_fraction * (v - reversal_potential)
