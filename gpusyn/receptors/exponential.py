"""Synapses without transmitter: a spike adds to a current or conductance, which decays."""
from gpusyn.mechanism import Mechanism, given, output, parameter, state


class ExponentialCurrentSynapse(Mechanism):
    """Current that jumps at a spike and decays.

        d inward_current/dt = -inward_current / tau;     an arriving spike adds its weight (pA)
        current = -inward_current                        outward > 0, as of every receptor

    A positive weight excites. tau = 5 ms is proposed.
    """

    inward_current = state("pA", "current into the cell; spikes add to it")

    tau = parameter(5.0, "ms", "decay time constant", source="proposed", low=1e-3)

    @staticmethod
    def d_inward_current(inward_current, tau):
        """First-order decay."""
        return -inward_current / tau

    @output("pA", "current through the synapse, outward > 0")
    @staticmethod
    def current(inward_current):
        """The same current counted outwards."""
        return -inward_current


class ExponentialConductanceSynapse(Mechanism):
    """Conductance that jumps at a spike and decays.

        d conductance/dt = -conductance / tau;           an arriving spike adds its weight (nS, not negative)
        current = conductance (v - reversal_potential)   outward > 0

    The reversal potential makes it excite (0 mV) or inhibit (about -80 mV).

    Source: tau = 5 ms is the time constant of Vogels & Abbott (2005) J. Neurosci. 25:10786 for excitation; theirs for
    inhibition is 10 ms with -80 mV (recalled, uncertain).
    """

    conductance = state("nS", "conductance of the synapse; spikes add to it", not_negative=True)
    v = given("mV", "membrane potential of the cell")

    tau = parameter(5.0, "ms", "decay time constant", source="Vogels & Abbott 2005, recalled", low=1e-3)
    reversal_potential = parameter(0.0, "mV", "reversal potential", low=-200.0, high=200.0)

    @staticmethod
    def d_conductance(conductance, tau):
        """First-order decay."""
        return -conductance / tau

    @output("pA", "current through the synapse, outward > 0")
    @staticmethod
    def current(conductance, v, reversal_potential):
        """Current into the cell is negative."""
        return conductance * (v - reversal_potential)
