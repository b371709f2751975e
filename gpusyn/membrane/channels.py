"""Channels of the membrane: sodium, potassium, calcium and leak, in pA/um^2."""
from typing import ClassVar

from gpusyn.calcium.vdcc import DENSITY_PER_FLUX, R_OVER_F
from gpusyn.lang import exp, exprel, log, maximum
from gpusyn.mechanism import Mechanism, gate, given, output, parameter

POSPISCHIL = "Pospischil et al. 2008, after Traub & Miles 1991"
SPINE = "SPINE"
LEAST_CA = 1e-6  # uM, below which the reversal potential of calcium stands still


def conductance(default, meaning):
    """The parameter `conductance_density`; 1 nS/um^2 is 100 mS/cm^2."""
    return parameter(default, "nS/um^2", meaning, source=SPINE, low=0.0)


def reversal(default, meaning, source=POSPISCHIL):
    """The parameter `reversal_potential`."""
    return parameter(default, "mV", meaning, source=source, low=-200.0, high=300.0)


class SodiumChannel(Mechanism):
    """Sodium channel of pyramidal cells.

        current_density = conductance_density m^3 h (v - reversal_potential)
        dx/dt = alpha_x (1 - x) - beta_x x,   x = m, h;   u = v - threshold
        alpha_m = 0.32 (u - 13) / (1 - exp(-(u - 13) / 4)),   beta_m = 0.28 (u - 40) / (exp((u - 40) / 5) - 1)
        alpha_h = 0.128 exp(-(u - 17) / 18),                  beta_h = 4 / (1 + exp(-(u - 40) / 5))

    Where a rate is 0/0 the limit is taken.

    Source: Pospischil, Toledo-Rodriguez, Monier et al. (2008) Biol. Cybern. 99:427, verified in SPINE, from which the
    density is; the paper has 0.5 nS/um^2 too (recalled).
    """

    member: ClassVar[str] = "sodium"

    m = gate("activation")
    h = gate("what inactivation leaves")
    v = given("mV", "membrane potential")

    conductance_density = conductance(0.5, "conductance of the open channels of a membrane")
    reversal_potential = reversal(50.0, "reversal potential of sodium")
    threshold = parameter(-60.0, "mV", "shifts the rates along the potential", source=POSPISCHIL)

    @staticmethod
    def m_rates(v, threshold):
        """alpha and beta of activation, 1/ms."""
        u = v - threshold
        return 1.28 / exprel(-(u - 13.0) / 4.0), 1.4 / exprel((u - 40.0) / 5.0)

    @staticmethod
    def h_rates(v, threshold):
        """alpha and beta of inactivation, 1/ms."""
        u = v - threshold
        return 0.128 * exp(-(u - 17.0) / 18.0), 4.0 / (1.0 + exp(-(u - 40.0) / 5.0))

    @output("pA/um^2", "sodium current per area, outward > 0")
    @staticmethod
    def current_density(m, h, v, conductance_density, reversal_potential):
        """Through channels with three open gates that are not inactivated."""
        return conductance_density * m**3 * h * (v - reversal_potential)


class PotassiumChannel(Mechanism):
    """Delayed-rectifier potassium channel of pyramidal cells.

        current_density = conductance_density n^4 (v - reversal_potential),   dn/dt = alpha (1 - n) - beta n
        alpha = 0.032 (u - 15) / (1 - exp(-(u - 15) / 5)),   beta = 0.5 exp(-(u - 10) / 40),   u = v - threshold

    Source: as `SodiumChannel`.
    """

    member: ClassVar[str] = "potassium"

    n = gate("activation")
    v = given("mV", "membrane potential")

    conductance_density = conductance(0.05, "conductance of the open channels of a membrane")
    reversal_potential = reversal(-90.0, "reversal potential of potassium")
    threshold = parameter(-60.0, "mV", "shifts the rates along the potential", source=POSPISCHIL)

    @staticmethod
    def n_rates(v, threshold):
        """alpha and beta of activation, 1/ms."""
        u = v - threshold
        return 0.16 / exprel(-(u - 15.0) / 5.0), 0.5 * exp(-(u - 10.0) / 40.0)

    @output("pA/um^2", "potassium current per area, outward > 0")
    @staticmethod
    def current_density(n, v, conductance_density, reversal_potential):
        """Through channels with four open gates."""
        return conductance_density * n**4 * (v - reversal_potential)


class MembraneLeak(Mechanism):
    """Channels that are always open: current_density = conductance_density (v - reversal_potential).

    Source: SPINE; its factory of channels has -70 mV.
    """

    member: ClassVar[str] = "leak"

    v = given("mV", "membrane potential")

    conductance_density = conductance(5e-5, "conductance of a membrane at rest; 5e-5 is 0.005 mS/cm^2")
    reversal_potential = reversal(-72.0, "reversal potential of the leak", SPINE)

    @output("pA/um^2", "leak current per area, outward > 0")
    @staticmethod
    def current_density(v, conductance_density, reversal_potential):
        """Proportional to the distance from its reversal potential."""
        return conductance_density * (v - reversal_potential)


class CalciumChannel(Mechanism):
    """Calcium channel with an ohmic current that calcium inside the cell inactivates.

        current_density = conductance_density q inactivation (v - reversal)
        dq/dt = (q_inf - q) / tau,   q_inf = 1 / (1 + exp(-(v - 3) / 8)),
        tau = 7.8 / (exp((v + 6) / 16) + exp(-(v + 6) / 16))
        inactivation = half_inactivation / (half_inactivation + ca)
        reversal = R T / (2 F) ln(ca_outside / ca)

    Its calcium enters the compartment, two charges for each ion; `calcium_fraction` says how much of the current is
    calcium's. `gpusyn.calcium.VoltageGatedCalciumChannel` has the rectification of Goldman, Hodgkin and Katz instead.

    Source: SPINE, corrected: tau in ms, and the logarithm of the quotient (132 mV at rest). Its factory of channels
    has a half_inactivation of 0.14 uM.
    """

    member: ClassVar[str] = "calcium_channel"

    q = gate("activation")
    v = given("mV", "membrane potential")
    ca = given("uM", "free calcium in the cytosol")

    conductance_density = conductance(0.03096, "conductance of the open channels of a membrane")
    half_inactivation = parameter(10.0, "uM", "calcium at which half the channels are inactivated", source=SPINE,
                                  low=1e-9)
    ca_outside = parameter(1000.0, "uM", "calcium outside the cell", source="Breit & Queisser 2018", low=1e-9)
    temperature = parameter(310.0, "K", "temperature", source=SPINE, low=1.0)
    calcium_fraction = parameter(1.0, "1", "fraction of the current that calcium carries", source="of such a channel",
                                 low=0.0, high=1.0)

    @staticmethod
    def q_rates(v):
        """Opening and closing, 1/ms."""
        steady = 1.0 / (1.0 + exp(-(v - 3.0) / 8.0))
        rate = (exp((v + 6.0) / 16.0) + exp(-(v + 6.0) / 16.0)) / 7.8
        return steady * rate, (1.0 - steady) * rate

    @output("mV", "reversal potential of calcium")
    @staticmethod
    def reversal(ca, ca_outside, temperature):
        """Nernst's, of two charges."""
        return 0.5 * R_OVER_F * temperature * log(ca_outside / maximum(ca, LEAST_CA))

    @output("pA/um^2", "calcium current per area, outward > 0")
    @staticmethod
    def current_density(q, v, ca, reversal, conductance_density, half_inactivation):
        """Through open channels that calcium has not inactivated."""
        return conductance_density * q * half_inactivation / (half_inactivation + ca) * (v - reversal)

    @output("uM um/ms", "calcium flux into the cytosol per area of plasma membrane")
    @staticmethod
    def flux_from_outside(current_density, calcium_fraction):
        """Two charges for each ion."""
        return -calcium_fraction * current_density / DENSITY_PER_FLUX
