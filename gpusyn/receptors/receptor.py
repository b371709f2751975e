"""What every receptor of the ligand-gated kind has: a conductance, and the sign of its current."""
import warnings
from typing import ClassVar

import numpy as np

from gpusyn.lang import absolute
from gpusyn.mechanism import Mechanism, given, output, parameter

TUTORIAL = "the neurotransmitter tutorial of lixirnet"
DESTEXHE = "Destexhe, Mainen & Sejnowski 1998"


class LigandGatedReceptor(Mechanism):
    """Base of the receptors with a channel; a receptor says with outputs which fractions are bound and open.

        current = |conductance| open_fraction (v - reversal_potential)       pA, outward > 0

    The potentials carry the sign, and of a negative conductance the magnitude counts. bound_fraction counts every
    receptor that holds transmitter, the desensitized ones too, so that 1 - bound_fraction are free.

    `member` is the usual name of the receptor on a cell, `transmitter` the name of what it binds.
    """

    member: ClassVar[str] = ""
    transmitter: ClassVar[str] = ""

    v = given("mV", "membrane potential of the cell")
    bound_fraction = given("1", "fraction of receptors that have bound transmitter")
    open_fraction = given("1", "fraction of receptors whose channel conducts")

    conductance = parameter(1.0, "nS", "conductance with every receptor open; its magnitude counts")
    reversal_potential = parameter(0.0, "mV", "reversal potential", low=-200.0, high=200.0)

    @output("1", "fraction of receptors that are desensitized")
    @staticmethod
    def desensitized_fraction():
        """None, in receptors without such a state."""
        return 0.0

    @output("pA", "current through the receptors, outward > 0")
    @staticmethod
    def current(open_fraction, v, conductance, reversal_potential):
        """Current into the cell is negative."""
        return absolute(conductance) * open_fraction * (v - reversal_potential)

    def set(self, name, value):
        """Set a parameter, an initial value or a binding; warns of a negative conductance."""
        if name == "conductance" and not isinstance(value, str) and np.any(np.asarray(value) < 0):
            warnings.warn(
                f"{type(self).__name__}.conductance: {value} nS is negative; its magnitude is used, because "
                f"v - reversal_potential carries the sign",
                stacklevel=4,
            )
        super().set(name, value)


class OneBoundStateReceptor(LigandGatedReceptor):
    """Base of the receptors with one bound state, which is open: a subclass declares the gate `r` and its rates."""

    r = given("1", "fraction of receptors that have bound transmitter")

    @output("1", "fraction of receptors that have bound transmitter")
    @staticmethod
    def bound_fraction(r):
        """The gate itself."""
        return r

    @output("1", "fraction of receptors whose channel conducts")
    @staticmethod
    def open_fraction(r):
        """Every bound receptor is open."""
        return r
