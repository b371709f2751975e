"""Plasticity that follows the calcium of the postsynaptic spine: little of it depresses, much potentiates."""
from gpusyn.lang import exp
from gpusyn.mechanism import Mechanism, given, output, parameter, state

SHOUVAL = "Shouval, Bear & Cooper 2002, recalled, uncertain"


def rising(ca, threshold, steepness):
    """1 / (1 + exp(-steepness (ca - threshold)))."""
    return 1.0 / (1.0 + exp(-steepness * (ca - threshold)))


class CalciumControlRule(Mechanism):
    """The weight moves to what calcium says, the faster the more calcium there is.

        dweight/dt = (scale omega(ca) - weight) / tau(ca)
        omega(ca)  = baseline (1 - s(ca - theta_d)) + s(ca - theta_p),      s(x) = 1 / (1 + exp(-steepness x))
        tau(ca)    = tau_fast + tau_slow / (1e-5 + (ca / ca_unit)^3)

    Without calcium weights rest at `scale` baseline, and nothing changes them for hours; between the thresholds
    they go to 0, above both to `scale`. The calcium is that of the postsynaptic site: of a `CalciumCompartment` in the
    same population, or linked from the spine that the site owns (``CalciumControlRule(ca="spine_ca")``).

    Source: Shouval, Bear & Cooper (2002) PNAS 99:10831, equations 2 to 4, constants as recalled (uncertain).
    """

    weight = state("1", "synaptic weight", initial=0.25, not_negative=True)
    ca = given("uM", "calcium of the postsynaptic spine", at="post")

    scale = parameter(1.0, "1", "weight at much calcium", source="proposed", low=0.0)
    baseline = parameter(0.25, "1", "weight without calcium, of the scale", source=SHOUVAL, low=0.0, high=1.0)
    theta_d = parameter(0.35, "uM", "calcium above which synapses depress", source=SHOUVAL, low=0.0)
    theta_p = parameter(0.55, "uM", "calcium above which they potentiate", source=SHOUVAL, low=0.0)
    steepness = parameter(80.0, "1/uM", "sharpness of both thresholds", source=SHOUVAL, low=0.0)
    tau_fast = parameter(1000.0, "ms", "time constant at much calcium", source=SHOUVAL, low=1e-3)
    tau_slow = parameter(100.0, "ms", "what slows the weight without calcium", source=SHOUVAL, low=0.0)
    ca_unit = parameter(1.0, "uM", "calcium at which tau_slow counts once", source=SHOUVAL, low=1e-9)

    @output("1", "weight to which the calcium of now leads, of the scale")
    @staticmethod
    def omega(ca, baseline, theta_d, theta_p, steepness):
        """A valley of depression, then potentiation."""
        return baseline * (1.0 - rising(ca, theta_d, steepness)) + rising(ca, theta_p, steepness)

    @output("ms", "how fast the weight follows")
    @staticmethod
    def tau(ca, tau_fast, tau_slow, ca_unit):
        """Hours at rest, a second at much calcium."""
        return tau_fast + tau_slow / (1e-5 + (ca / ca_unit) ** 3)

    @staticmethod
    def d_weight(weight, omega, tau, scale):
        """Towards what calcium says, 1/ms."""
        return (scale * omega - weight) / tau
