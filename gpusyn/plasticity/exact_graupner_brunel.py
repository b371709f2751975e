"""Calcium-threshold plasticity solved from spike to spike: threshold crossings are computed, not sampled."""
from gpusyn.lang import clip, exp, expm1, exprel, log, maximum, minimum, sqrt, where
from gpusyn.mechanism import normal_draw, output, state, stopwatch
from gpusyn.plasticity.graupner_brunel import CalciumThresholds
from gpusyn.plasticity.small_steps import whole_grains

LEAST = 1e-30  # of calcium, so that its logarithm exists


def time_above(c, threshold, tau_ca, passed):
    """How much of `passed` ms calcium that starts at c and decays with tau_ca stays above a threshold."""
    return clip(tau_ca * log(maximum(c, LEAST) / threshold), 0.0, passed)


def well_change(rho, tau, passed):
    """Change of rho in `passed` ms of the double well alone, tau drho/dt = -rho (1 - rho) (1/2 - rho), exact.

    With u = rho - 1/2: u / sqrt(1 + (1 - 4 u^2) expm1(-passed / (2 tau))) - u, without a difference of equal numbers.
    """
    u = rho - 0.5
    less = -(1.0 - 4.0 * u * u) * expm1(-0.5 * passed / tau)
    root = sqrt(1.0 - less)
    return u * less / (root * (1.0 + root))


def driven_change(rho, up, down, tau, passed):
    """Change of rho in `passed` ms of tau drho/dt = up (1 - rho) - down rho, exact."""
    return (up - (up + down) * rho) * passed / tau * exprel(-(up + down) * passed / tau)


def spread(rate, sigma, n_above, tau, passed):
    """Variance that noise adds in `passed` ms with n_above thresholds exceeded, while rho relaxes at rate / tau."""
    return sigma * sigma * n_above * passed / tau * exprel(-2.0 * rate * passed / tau)


def strength(rho, weight_down, weight_up):
    """Linear between the weights of the two stable states."""
    return weight_down + rho * (weight_up - weight_down)


class ExactGraupnerBrunel(CalciumThresholds):
    """The rule of `GraupnerBrunel` with rho_star = 1/2, solved from spike to spike: nothing is computed between spikes.

        tau drho/dt = -rho (1 - rho) (1/2 - rho) + gamma_p (1 - rho) H(c - theta_p) - gamma_d rho H(c - theta_d)
                      + sigma sqrt(tau) sqrt(H(c - theta_p) + H(c - theta_d)) xi(t)
        dc/dt = -c / tau_ca;     c = c + c_pre at t_pre + pre_delay,  c = c + c_post at a postsynaptic spike
        weight = weight_down + rho (weight_up - weight_down)

    Calcium stays above a threshold for tau_ca log(c / theta). Meanwhile rho relaxes linearly, with Gaussian noise of
    known variance (one draw per spike); the double well has a closed form too, and is split around the former: an error
    of the third order in the time above threshold over tau, 1e-7 per pair. Neither depends on the step. The
    weight is brought up to date where calcium of either neuron comes: a spike gives what the spike before left.

    `rho` moves by whole grains, and `rest` keeps what is less than one, so that float32 loses no small change. The
    efficacy of the latest spike is rho + rest; `efficacy` is that of now, without the noise since. `seen` tells whether
    both neurons spiked in one step: their calcium then adds up, in no order.

    Source: Graupner & Brunel (2012) PNAS 109:3991; parameter sets as in the authors' code (verified).
    """

    weight = state("1", "synaptic weight, as of the latest spike", initial=1.0)
    rho = state("1", "efficacy just after the latest spike, whole grains", initial="rho_init")
    rest = state("1", "what is less than a grain")
    c = state("1", "calcium just after the latest spike, in units of theta_d", not_negative=True)
    seen = state("ms", "since_post at the latest presynaptic spike; -1 if the latest was postsynaptic", initial=-1.0)
    since_pre = stopwatch("time since the latest presynaptic spike", at="pre")
    since_post = stopwatch("time since the latest postsynaptic spike", at="post")
    xi = normal_draw("fluctuation of the efficacy since the latest spike")

    @output("ms", "time since the latest spike of either neuron")
    @staticmethod
    def passed(since_pre, since_post, seen):
        """None, where the presynaptic spike came in this very step."""
        return where(seen == since_post, 0.0, minimum(since_pre, since_post))

    @output("ms", "how much of the time since the latest spike calcium was above theta_d")
    @staticmethod
    def above_d(c, theta_d, tau_ca, passed):
        """Depressing time."""
        return time_above(c, theta_d, tau_ca, passed)

    @output("ms", "how much of the time since the latest spike calcium was above theta_p")
    @staticmethod
    def above_p(c, theta_p, tau_ca, passed):
        """Potentiating time."""
        return time_above(c, theta_p, tau_ca, passed)

    @output("1", "change of the efficacy since the latest spike, without noise")
    @staticmethod
    def change(rho, rest, passed, above_d, above_p, tau, gamma_d, gamma_p):
        """Half the well, potentiation and depression, the other half of the well."""
        both = minimum(above_d, above_p)
        either = maximum(above_d, above_p)
        only_p = where(above_p > above_d, gamma_p, 0.0)
        only_d = where(above_d > above_p, gamma_d, 0.0)
        start = rho + rest
        change_well = well_change(start, tau, 0.5 * either)
        change_both = change_well + driven_change(start + change_well, gamma_p, gamma_d, tau, both)
        change_one = change_both + driven_change(start + change_both, only_p, only_d, tau, either - both)
        return change_one + well_change(start + change_one, tau, passed - 0.5 * either)

    @output("1", "standard deviation of the efficacy since the latest spike")
    @staticmethod
    def deviation(above_d, above_p, tau, gamma_d, gamma_p, sigma):
        """Of the noise while both thresholds are exceeded, as it has relaxed since, and while one is."""
        both = minimum(above_d, above_p)
        either = maximum(above_d, above_p)
        rate = where(above_p > above_d, gamma_p, gamma_d)
        first = spread(gamma_p + gamma_d, sigma, 2.0, tau, both)
        relaxed = first * exp(-2.0 * rate * (either - both) / tau)
        return sqrt(relaxed + spread(rate, sigma, 1.0, tau, either - both))

    @output("1", "efficacy of now, without the noise since the latest spike")
    @staticmethod
    def efficacy(rho, rest, change):
        """The present value of the solution."""
        return rho + rest + change

    @staticmethod
    def start_weight(rho_init, weight_down, weight_up):
        """As the efficacy says, whatever the wiring does."""
        return strength(rho_init, weight_down, weight_up)

    @staticmethod
    def on_pre(rho, rest, change, deviation, xi, c, passed, tau_ca, c_pre, since_post, weight_down, weight_up):
        """What happened since the latest spike, then calcium through NMDA receptors."""
        more = rest + change + deviation * xi
        moved = whole_grains(more)
        after = c * exp(-passed / tau_ca) + c_pre
        return {
            "rho": rho + moved, "rest": more - moved, "weight": strength(rho + more, weight_down, weight_up),
            "c": after, "seen": since_post, "since_pre": 0.0,
        }

    @staticmethod
    def on_post(rho, rest, change, deviation, xi, c, passed, tau_ca, c_post, weight_down, weight_up):
        """What happened since the latest spike, then calcium through voltage-dependent channels."""
        more = rest + change + deviation * xi
        moved = whole_grains(more)
        after = c * exp(-passed / tau_ca) + c_post
        return {
            "rho": rho + moved, "rest": more - moved, "weight": strength(rho + more, weight_down, weight_up),
            "c": after, "seen": -1.0, "since_post": 0.0,
        }
