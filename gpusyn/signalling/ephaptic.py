"""Ephaptic coupling: what cells fire shifts the potential outside their neighbours."""
from typing import ClassVar

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism, given, output, parameter, state

CRATE = "synapse-models 0.1 (verified there, no source)"


def ephaptic_shift(distance, strength: float = 0.01, length: float = 100.0) -> np.ndarray:
    """Shift of the potential (mV) for each Hz of a neighbour's firing: strength / (1 + distance / length).

    A law of distance for the wiring of `EphapticCoupling`, of strength mV/Hz and length um.

    Source: synapse-models 0.1, which computes it and applies it nowhere, and gives no source.

    Raises:
        ModelError: a distance below 0.
    """
    distance = np.asarray(distance, float)
    if not (distance >= 0).all():
        raise ModelError(f"ephaptic_shift: distance {distance.min()} um is below 0; give 0 or more")
    return strength / (1.0 + distance / length)


class EphapticCoupling(Mechanism):
    """A cell's rate, which its neighbours feel, and the current by which it feels theirs.

        d rate/dt = -rate / tau;    at a spike of the cell   rate = rate + 1000 / tau    (Hz)
        current   = -conductance shift                                                   (pA, outward > 0)

    `shift` (mV) is the sum over neighbours of law(distance) rate, which a link computes:
    ``model.link("shift", "cells.ephaptic.rate", "cells", Neighbourhood(lattice, 50.0, weight=ephaptic_shift))`` with a
    member ``ephaptic=EphapticCoupling(shift="shift")``. A shift outside drives the current through the membrane's
    leak that the same depolarisation inside would oppose; set `conductance` to the cell's leak conductance.

    Sources: law, strength and tau, synapse-models 0.1 (where tau is unused); that shifts act through the membrane's
    conductance, Anastassiou, Perin, Markram & Koch (2011) Nat. Neurosci. 14:217 (recalled, uncertain).
    """

    member: ClassVar[str] = "ephaptic"

    rate = state("Hz", "rate of the cell's spikes, over tau", not_negative=True)
    shift = given("mV", "shift of the potential that neighbours make", default=0.0)

    tau = parameter(10.0, "ms", "memory of the rate", source=CRATE, low=1e-3)
    conductance = parameter(10.0, "nS", "membrane conductance that the shift acts through", source="proposed", low=0.0)

    @staticmethod
    def d_rate(rate, tau):
        """The rate is forgotten, Hz/ms."""
        return -rate / tau

    @staticmethod
    def on_spike(rate, tau):
        """One spike within tau ms."""
        return {"rate": rate + 1000.0 / tau}

    @output("pA", "current that the shift drives, outward > 0")
    @staticmethod
    def current(shift, conductance):
        """Ohm's law."""
        return -conductance * shift
