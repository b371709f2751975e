"""Calcium-threshold plasticity: two thresholds of one calcium trace decide between potentiation and depression."""
from typing import ClassVar

from gpusyn.lang import sqrt, where
from gpusyn.mechanism import Mechanism, output, parameter, state, white_noise

PAPER = "Graupner & Brunel 2012, set DP"


def _set(tau_ca, c_pre, c_post, theta_d, theta_p, gamma_d, gamma_p, sigma, tau, delay, b):
    """A parameter set as the authors list it: times in s there, in ms here; b = w1 / w0."""
    return {
        "tau_ca": 1e3 * tau_ca, "c_pre": c_pre, "c_post": c_post, "theta_d": theta_d, "theta_p": theta_p,
        "gamma_d": gamma_d, "gamma_p": gamma_p, "sigma": sigma, "tau": 1e3 * tau, "pre_delay": 1e3 * delay,
        "weight_down": 1.0, "weight_up": b,
    }


class CalciumThresholds(Mechanism):
    """Base of both forms of the rule: its parameters, and its presets from the paper."""

    presets: ClassVar = {
        "DP": _set(0.020, 1.0, 2.0, 1.0, 1.3, 200.0, 321.808, 2.8284, 150.0, 0.0137, 5.0),
        "DPD": _set(0.020, 0.9, 0.9, 1.0, 1.3, 250.0, 550.0, 2.8284, 150.0, 0.0046, 5.0),
        "DPD'": _set(0.020, 1.0, 2.0, 1.0, 2.5, 50.0, 600.0, 2.8284, 150.0, 0.0022, 5.0),
        "P": _set(0.020, 2.0, 2.0, 1.0, 1.3, 160.0, 257.447, 2.8284, 150.0, 0.0, 5.0),
        "D": _set(0.020, 0.6, 0.6, 1.0, 1.3, 500.0, 550.0, 5.6568, 150.0, 0.0, 5.0),
        "D'": _set(0.020, 1.0, 2.0, 1.0, 3.5, 60.0, 600.0, 2.8284, 150.0, 0.0, 5.0),
        "hippocampal-slices": _set(
            0.0488373, 1.0, 0.275865, 1.0, 1.3, 313.0965, 1645.59, 9.1844, 688.355, 0.0188008, 5.28145
        ),
        "hippocampal-cultures": _set(
            0.0119536, 0.58156, 1.76444, 1.0, 1.3, 61.141, 113.6545, 2.5654, 33.7596, 0.01, 36.0263
        ),
        "cortical-slices": _set(
            0.0226936, 0.5617539, 1.23964, 1.0, 1.3, 331.909, 725.085, 3.3501, 346.3615, 0.0046098, 5.40988
        ),
    }

    rho_init = parameter(0.0, "1", "efficacy at the start", low=0.0, high=1.0)
    tau = parameter(150e3, "ms", "time scale of the efficacy", source=PAPER, low=1e-3)
    tau_ca = parameter(20.0, "ms", "decay time of calcium", source=PAPER, low=1e-3)
    c_pre = parameter(1.0, "1", "calcium of a presynaptic spike", source=PAPER, low=0.0)
    c_post = parameter(2.0, "1", "calcium of a postsynaptic spike", source=PAPER, low=0.0)
    pre_delay = parameter(13.7, "ms", "delay of the presynaptic calcium", source=PAPER, low=0.0)
    theta_d = parameter(1.0, "1", "threshold of depression", source=PAPER, low=0.0)
    theta_p = parameter(1.3, "1", "threshold of potentiation", source=PAPER, low=0.0)
    gamma_d = parameter(200.0, "1", "rate of depression times tau", source=PAPER, low=0.0)
    gamma_p = parameter(321.808, "1", "rate of potentiation times tau", source=PAPER, low=0.0)
    sigma = parameter(2.8284, "1", "strength of the noise", source=PAPER, low=0.0)
    weight_down = parameter(1.0, "1", "weight at rho = 0", source=PAPER)
    weight_up = parameter(5.0, "1", "weight at rho = 1", source=PAPER)


class GraupnerBrunel(CalciumThresholds):
    """Bistable synaptic efficacy rho, driven by the calcium that both neurons' spikes let in, stepped in time.

        tau drho/dt = -rho (1 - rho) (rho_star - rho) + gamma_p (1 - rho) H(c - theta_p) - gamma_d rho H(c - theta_d)
                      + sigma sqrt(tau) sqrt(H(c - theta_p) + H(c - theta_d)) xi(t)
        dc/dt = -c / tau_ca;     c = c + c_pre at t_pre + pre_delay,  c = c + c_post at a postsynaptic spike
        weight = weight_down + rho (weight_up - weight_down)

    H is the step function. At c below both thresholds only the double well acts: no calcium, no change. `pre_delay`
    is for the connection: presynaptic spikes reach the synapse that much later. With tau of minutes, a step changes
    rho by 1e-6 or less: hold rho in float64, or use `ExactGraupnerBrunel`, which computes at spikes only.

    Source: Graupner & Brunel (2012) PNAS 109:3991; parameter sets as in the authors' code (verified). Presets: the
    curve classes DP, DPD, DPD', P, D, D' of the paper and its fits to slices and cultures. The defaults are DP.
    """

    rho = state("1", "synaptic efficacy: 0 is the lower, 1 the upper stable state", initial="rho_init")
    c = state("1", "calcium, in units of theta_d", not_negative=True)
    xi = white_noise("fluctuation of the efficacy")

    rho_star = parameter(0.5, "1", "boundary between the two stable states", source=PAPER, low=0.0, high=1.0)

    @staticmethod
    def d_rho(rho, c, xi, rho_star, tau, theta_d, theta_p, gamma_d, gamma_p, sigma):
        """Double well, potentiation, depression and noise, 1/ms."""
        potentiating = where(c > theta_p, 1.0, 0.0)
        depressing = where(c > theta_d, 1.0, 0.0)
        well = -rho * (1.0 - rho) * (rho_star - rho)
        drive = gamma_p * (1.0 - rho) * potentiating - gamma_d * rho * depressing
        noise = sigma * sqrt(tau) * sqrt(potentiating + depressing) * xi
        return (well + drive + noise) / tau

    @staticmethod
    def d_c(c, tau_ca):
        """First-order decay."""
        return -c / tau_ca

    @staticmethod
    def on_pre(c, c_pre):
        """Calcium through NMDA receptors."""
        return {"c": c + c_pre}

    @staticmethod
    def on_post(c, c_post):
        """Calcium through voltage-dependent channels."""
        return {"c": c + c_post}

    @output("1", "synaptic weight")
    @staticmethod
    def weight(rho, weight_down, weight_up):
        """Linear between the weights of the two stable states."""
        return weight_down + rho * (weight_up - weight_down)
