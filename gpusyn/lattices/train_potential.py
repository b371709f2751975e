"""What electrical synapses see of cells that only spike: a potential that follows the time since their latest spike."""
from gpusyn.lang import exp
from gpusyn.mechanism import Mechanism, given, output, parameter, state

LONG_AGO = 1e9  # ms
STEP = 0.1  # ms, for which the width of a Gaussian is meant


class SpikeTrainPotential(Mechanism):
    """Base: the time since the latest spike of a source, which `fired` is bound to; it has no potential itself.

    A spike is seen from the next step on: `latency` is one step.
    """

    integrator = "euler"

    since = state("ms", "time since the end of the step of the latest spike", initial=LONG_AGO)
    fired = given("1", "whether the cell spikes in this step")

    v_th = parameter(30.0, "mV", "potential at a spike")
    v_resting = parameter(0.0, "mV", "potential long after a spike")
    k = parameter(10000.0, "ms", "how slowly the potential comes back", low=1e-6)
    latency = parameter(STEP, "ms", "time from a spike to the first step that sees it", low=0.0)

    @staticmethod
    def d_since():
        """Time passes."""
        return 1.0

    @staticmethod
    def spikes(fired):
        """The cell spikes when its source does."""
        return fired > 0.5

    @staticmethod
    def on_spike():
        """Time is counted from here."""
        return {"since": 0.0}


class DeltaDiracPotential(SpikeTrainPotential):
    """v = v_resting + (v_th - v_resting) exp(-s^2 / (k 0.1 ms)), s = since + latency."""

    @output("mV", "potential")
    @staticmethod
    def v(since, latency, v_th, v_resting, k):
        """A Gaussian in the time since the spike."""
        return v_resting + (v_th - v_resting) * exp(-((since + latency) ** 2) / (k * 0.1))


class ExponentialDecayPotential(SpikeTrainPotential):
    """v = v_resting + (v_th - v_resting) exp(-s / k), s = since + latency."""

    @output("mV", "potential")
    @staticmethod
    def v(since, latency, v_th, v_resting, k):
        """An exponential in the time since the spike."""
        return v_resting + (v_th - v_resting) * exp(-(since + latency) / k)


POTENTIALS = {"delta_dirac": DeltaDiracPotential, "exponential_decay": ExponentialDecayPotential}
