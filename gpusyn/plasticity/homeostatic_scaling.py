"""Homeostasis: all weights onto a neuron are scaled by one factor that brings its activity to a goal."""
from gpusyn.lang import clip, exp, expm1
from gpusyn.mechanism import Mechanism, output, parameter, state, stopwatch
from gpusyn.plasticity.small_steps import whole_grains

PAPER = "van Rossum, Bi & Turrigiano 2000"


def summed_activity(activity, tau, passed):
    """The integral over `passed` ms of an activity that decays with tau."""
    return -activity * tau * expm1(-passed / tau)


def summed_error(activity, goal, tau, passed):
    """The integral over `passed` ms of goal - activity."""
    return goal * passed - summed_activity(activity, tau, passed)


def doubly_summed_error(activity, goal, tau, passed):
    """The integral over `passed` ms of `summed_error`."""
    return 0.5 * goal * passed * passed - tau * (activity * passed - summed_activity(activity, tau, passed))


class HomeostaticScaling(Mechanism):
    """Multiplicative scaling by the error of the postsynaptic activity and by its integral.

        dweight/dt = beta weight e + gamma weight integral(e),      e = goal - activity
        tau_sensor dactivity/dt = -activity,   activity = activity + 1 / tau_sensor at a postsynaptic spike

    so weight = weight(0) exp(log_gain), with one log_gain per neuron: ratios of weights are kept. It is solved exactly
    from spike to spike, and nothing is computed between. A weight takes up the gain where one of its neurons spikes, in
    steps of 1/16384 of itself; as `log_gain` is summed apart, none is lost in float32, however slow.

    With the published constants the loop is under-damped (zeta = beta sqrt(goal / gamma) / 2 = 0.2 at 10 Hz) and
    overshoots; for a monotone approach choose gamma <= beta^2 goal / 4.

    Source: van Rossum, Bi & Turrigiano (2000) J. Neurosci. 20:8812 (constants from one secondary source): 4e-5 /s/Hz,
    1e-7 /s^2/Hz, 100 s. Turrigiano et al. (1998) Nature 391:892.
    """

    weight = state("1", "synaptic weight", initial=1.0)
    applied = state("1", "logarithm of the gain that the weight has taken up")
    activity = state("1/ms", "activity just after the latest postsynaptic spike", at="post", not_negative=True)
    error = state("1", "integral of the error up to that spike", at="post")
    log_gain_then = state("1", "logarithm of the gain at that spike", at="post")
    since = stopwatch("time since the latest postsynaptic spike", at="post")

    goal = parameter(0.01, "1/ms", "activity that is kept", source="proposed: 10 Hz", low=0.0)
    beta = parameter(4e-5, "1", "gain per error, 1/(s Hz)", source=PAPER)
    gamma = parameter(1e-10, "1/ms", "gain per integrated error, 1/ms for 1e-7 /(s^2 Hz)", source=PAPER)
    tau_sensor = parameter(1e5, "ms", "memory of the activity", source=PAPER, low=1e-3)
    weight_min = parameter(0.0, "1", "smallest weight", source="proposed")
    weight_max = parameter(float("inf"), "1", "largest weight", source="proposed: none")

    @output("1", "logarithm of the gain of now")
    @staticmethod
    def log_gain(activity, error, log_gain_then, since, goal, beta, gamma, tau_sensor):
        """The present value of the solution."""
        once = summed_error(activity, goal, tau_sensor, since)
        twice = doubly_summed_error(activity, goal, tau_sensor, since)
        return log_gain_then + beta * once + gamma * (error * since + twice)

    @staticmethod
    def on_pre(weight, applied, log_gain, weight_min, weight_max):
        """The weight takes up what the gain has changed by."""
        more = whole_grains(log_gain - applied)
        return {"weight": clip(weight * exp(more), weight_min, weight_max), "applied": applied + more}

    @staticmethod
    def on_post(weight, applied, log_gain, activity, error, since, goal, tau_sensor, weight_min, weight_max):
        """The weight takes up what the gain has changed by, and the neuron its activity."""
        more = whole_grains(log_gain - applied)
        return {
            "weight": clip(weight * exp(more), weight_min, weight_max),
            "applied": applied + more,
            "activity": activity * exp(-since / tau_sensor) + 1.0 / tau_sensor,
            "error": error + summed_error(activity, goal, tau_sensor, since),
            "log_gain_then": log_gain,
            "since": 0.0,
        }
