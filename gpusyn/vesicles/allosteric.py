"""The allosteric calcium sensor of vesicle fusion."""

from gpusyn.lang import maximum
from gpusyn.mechanism import Mechanism, given, markov, output, parameter

LOU = "Lou et al. 2005 (verified)"
REST = 0.05  # uM, calcium at rest


def fusing(V0, V1, V2, V3, V4, V5, fusion_rate, f):
    """Rate at which vesicles fuse, 1/ms, with these fractions in the sensor's states."""
    return fusion_rate * (V0 + f * (V1 + f * (V2 + f * (V3 + f * (V4 + f * V5)))))


def equilibrium(calcium, k_on, k_off, b):
    """Fractions of the sensor's states at constant calcium, without fusion.

        V(n+1) / V(n) = (5 - n) K / ((n + 1) b^n),    K = k_on calcium / k_off
    """
    K = k_on * maximum(calcium, 0.0) / k_off
    w1 = 5.0 * K
    w2 = w1 * 2.0 * K / b
    w3 = w2 * K / b**2
    w4 = w3 * 0.5 * K / b**3
    w5 = w4 * 0.2 * K / b**4
    scale = 1.0 / (1.0 + w1 + w2 + w3 + w4 + w5)
    return scale, scale * w1, scale * w2, scale * w3, scale * w4, scale * w5


def at_rest(calcium, k_on, k_off, b):
    """The start of the scheme: no vesicle fused, the sensor in equilibrium."""
    return {f"V{n}": float(fraction) for n, fraction in enumerate(equilibrium(calcium, k_on, k_off, b))}


class AllostericSensor(Mechanism):
    """Five calcium ions bind one after another; fusion goes on in every state, f times faster with each ion.

        V(n) <-> V(n+1)    binding (5 - n) k_on calcium,  unbinding (n + 1) k_off b^n
        V(n) -> fused      fusion_rate f^n,    fused -> V0    refilling

    `fused` is the fraction of release sites whose vesicle has fused and is not replaced; with refilling = 0 it is the
    probability that a site has released by now. `release_rate` is how fast sites release now, `equilibrium_rate` how
    fast they would without depletion after long enough at this calcium. Facilitation by residual calcium follows of
    itself: take no utilisation beside it.

    The fastest rates are near 6/ms: after a jump to 20 uM the rate at its peak is right within 1 % with steps of 0.1
    ms, after one to 50 uM with steps of 0.025 ms. It starts in equilibrium at 0.05 uM.

    Source: Lou, Scheuss & Schneggenburger (2005) Nature 435:497, the calyx of Held (verified).
    """

    vesicle = markov("V0 V1 V2 V3 V4 V5 fused", "sensor of a docked vesicle", initial=at_rest(REST, 0.1, 4.0, 0.5))
    calcium = given("uM", "calcium concentration at the release site")

    k_on = parameter(0.1, "1/(uM ms)", "binding rate of a site", source=LOU, low=0.0)
    k_off = parameter(4.0, "1/ms", "unbinding rate of a lone ion", source=LOU, low=1e-6)
    b = parameter(0.5, "1", "cooperativity: each further ion slows unbinding by it", source=LOU, low=1e-3)
    f = parameter(31.3, "1", "how much faster fusion is with each ion", source=LOU, low=0.0)
    fusion_rate = parameter(2e-7, "1/ms", "fusion without calcium", source=LOU, low=0.0)
    refilling = parameter(0.0, "1/ms", "rate at which an empty site refills", source="proposed: none", low=0.0)

    @staticmethod
    def transitions(calcium, k_on, k_off, b, f, fusion_rate, refilling):
        """Binding, unbinding, fusion and refilling, 1/ms."""
        bind = k_on * maximum(calcium, 0.0)
        return {
            ("V0", "V1"): 5.0 * bind, ("V1", "V0"): k_off,
            ("V1", "V2"): 4.0 * bind, ("V2", "V1"): 2.0 * k_off * b,
            ("V2", "V3"): 3.0 * bind, ("V3", "V2"): 3.0 * k_off * b**2,
            ("V3", "V4"): 2.0 * bind, ("V4", "V3"): 4.0 * k_off * b**3,
            ("V4", "V5"): bind, ("V5", "V4"): 5.0 * k_off * b**4,
            ("V0", "fused"): fusion_rate, ("V1", "fused"): fusion_rate * f,
            ("V2", "fused"): fusion_rate * f**2, ("V3", "fused"): fusion_rate * f**3,
            ("V4", "fused"): fusion_rate * f**4, ("V5", "fused"): fusion_rate * f**5,
            ("fused", "V0"): refilling,
        }  # fmt: skip

    @output("1/ms", "rate at which a release site releases")
    @staticmethod
    def release_rate(V0, V1, V2, V3, V4, V5, fusion_rate, f):
        """Vesicles that fuse per ms and site."""
        return fusing(V0, V1, V2, V3, V4, V5, fusion_rate, f)

    @output("1/ms", "rate of release in equilibrium with the present calcium, without depletion")
    @staticmethod
    def equilibrium_rate(calcium, k_on, k_off, b, fusion_rate, f):
        """What a slow rise of calcium would give."""
        V0, V1, V2, V3, V4, V5 = equilibrium(calcium, k_on, k_off, b)
        return fusing(V0, V1, V2, V3, V4, V5, fusion_rate, f)
