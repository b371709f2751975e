"""Injected currents that fluctuate."""
from gpusyn.lang import sqrt
from gpusyn.mechanism import Mechanism, output, parameter, state, white_noise


class WhiteNoiseCurrent(Mechanism):
    """Gaussian white noise around a mean.

        injection = mean + sigma xi(t) sqrt(1 ms),     <xi(t) xi(t')> = delta(t - t')

    `sigma` is the standard deviation of the current's average over one millisecond, so the average over a step dt has
    sigma sqrt(1 ms / dt), and a capacitance c_m alone would spread as sigma sqrt(t * 1 ms) / c_m. Its power spectral
    density, two-sided, is sigma^2 * 1 ms.
    """

    xi = white_noise("fluctuation")

    mean = parameter(0.0, "pA", "mean current, inward > 0")
    sigma = parameter(1.0, "pA", "standard deviation of the current's average over one millisecond", low=0.0)

    @output("pA", "injected current, inward > 0")
    @staticmethod
    def injection(mean, sigma, xi):
        """One draw per step and cell."""
        return mean + sigma * xi


class OrnsteinUhlenbeckCurrent(Mechanism):
    """Coloured noise around a mean, as a barrage of small synaptic currents gives.

        d fluctuation/dt = -fluctuation / tau + sigma sqrt(2 / tau) xi(t);     injection = mean + fluctuation

    `sigma` is the standard deviation that the current settles to. A step dt makes it smaller by (dt / tau)^2 / 24 of
    itself.

    Source: Uhlenbeck & Ornstein (1930) Phys. Rev. 36:823; tau = 3 ms is proposed.
    """

    fluctuation = state("pA", "deviation from the mean")
    xi = white_noise("fluctuation")

    mean = parameter(0.0, "pA", "mean current, inward > 0")
    sigma = parameter(1.0, "pA", "standard deviation of the current", low=0.0)
    tau = parameter(3.0, "ms", "correlation time", source="proposed", low=1e-3)

    @staticmethod
    def d_fluctuation(fluctuation, xi, sigma, tau):
        """Return to the mean, and the kicks that keep it away."""
        return -fluctuation / tau + sigma * sqrt(2.0 / tau) * xi

    @output("pA", "injected current, inward > 0")
    @staticmethod
    def injection(mean, fluctuation):
        """Inward current."""
        return mean + fluctuation
