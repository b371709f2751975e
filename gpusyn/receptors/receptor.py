"""What every receptor of the ligand-gated kind has: a conductance, and the sign of its current."""
import warnings

import numpy as np

from gpusyn.mechanism import Mechanism, given, parameter

TUTORIAL = "the neurotransmitter tutorial of lixirnet"
DESTEXHE = "Destexhe, Mainen & Sejnowski 1998"


class LigandGatedReceptor(Mechanism):
    """Base of the receptors with a channel; it has no equations of its own.

    The current is conductance * open_fraction * (v - reversal_potential), pA, outward > 0: the potentials carry the
    sign, and of a negative conductance the magnitude counts.
    """

    v = given("mV", "membrane potential of the cell")

    conductance = parameter(1.0, "nS", "conductance with every receptor open; its magnitude counts")
    reversal_potential = parameter(0.0, "mV", "reversal potential", low=-200.0, high=200.0)

    def set(self, name, value):
        """Set a parameter, an initial value or a binding; warns of a negative conductance."""
        if name == "conductance" and not isinstance(value, str) and np.any(np.asarray(value) < 0):
            warnings.warn(
                f"{type(self).__name__}.conductance: {value} nS is negative; its magnitude is used, because "
                f"v - reversal_potential carries the sign",
                stacklevel=4,
            )
        super().set(name, value)
