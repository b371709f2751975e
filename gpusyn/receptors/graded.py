"""Synapses between cells with a shape whose transmission is graded: receptors follow the presynaptic potential.

The presynaptic potential, or calcium, reaches a node through `Model.link`. `weight` is 0 at nodes without a synapse.
"""
from typing import ClassVar

from gpusyn.calcium.vdcc import DENSITY_PER_FLUX
from gpusyn.lang import clip, exp, maximum, tanh, where
from gpusyn.mechanism import Mechanism, gate, given, output, parameter, state
from gpusyn.receptors.magnesium import JAHR_STEVENS, mg_unblocked

SPINE = "SPINE"


def ease(default):
    """The parameter `conductance_density`."""
    return parameter(default, "nS/um^2", "conductance of the open receptors of a membrane", source=SPINE, low=0.0)


def reversal(default):
    """The parameter `reversal_potential`."""
    return parameter(default, "mV", "reversal potential", source=SPINE, low=-200.0, high=200.0)


class GradedReceptor(Mechanism):
    """Base of the receptors that follow a presynaptic potential.

        current_density = weight conductance_density open_fraction (v - reversal_potential)
        flux_from_outside = calcium_fraction max(-current_density, 0) / (2 F)

    Only inward current brings calcium. Of NMDA receptors calcium carries some 0.1 (Burnashev, Zhou, Neher & Sakmann
    1995, J. Physiol. 485:403), of other receptors little or nothing, which is the default.
    """

    pre_v = given("mV", "presynaptic potential")
    v = given("mV", "postsynaptic membrane potential")
    weight = parameter(1.0, "1", "strength; 0 where there is no synapse", low=0.0)
    conductance_density = ease(0.27)
    reversal_potential = reversal(0.0)
    calcium_fraction = parameter(0.0, "1", "fraction of inward current that calcium carries", low=0.0, high=1.0)

    @output("1", "open fraction")
    @staticmethod
    def open_fraction(pre_v):
        """All while the presynaptic potential is positive; every receptor has an equation of its own."""
        return where(pre_v > 0.0, 1.0, 0.0)

    @output("pA/um^2", "current per area, outward > 0")
    @staticmethod
    def current_density(open_fraction, v, weight, conductance_density, reversal_potential):
        """Ohm's law."""
        return weight * conductance_density * open_fraction * (v - reversal_potential)

    @output("uM um/ms", "calcium flux into the cytosol per area of plasma membrane")
    @staticmethod
    def flux_from_outside(current_density, calcium_fraction):
        """Two charges for each ion."""
        return calcium_fraction * maximum(-current_density, 0.0) / DENSITY_PER_FLUX


class GradedAMPA(GradedReceptor):
    """AMPA receptor that relaxes to 0.55 (1 + tanh(pre_v / 4 mV)) with one time constant.

    Source: SPINE's AMPAReceptor (verified in its code).
    """

    member: ClassVar[str] = "graded_ampa"
    s = gate("open fraction; up to 1.1, as in the source", initial=0.0)
    tau = parameter(5.26, "ms", "time constant", source=SPINE, low=1e-6)

    @staticmethod
    def s_rates(pre_v, tau):
        """Towards the presynaptic potential's steady state."""
        steady = 0.55 * (1.0 + tanh(pre_v / 4.0))
        return steady / tau, (1.0 - steady) / tau

    @output("1", "open fraction")
    @staticmethod
    def open_fraction(s):
        """Not more than all."""
        return clip(s, 0.0, 1.0)


class GradedGABA(GradedReceptor):
    """GABA-A receptor that relaxes to 1 / (1 + exp(-(pre_v + 20 mV) / 20 mV)).

    It is open a little (7 %) at rest. Source: SPINE's GABAReceptor (verified in its code).
    """

    member: ClassVar[str] = "graded_gaba"
    s = gate("open fraction", initial=0.0)
    tau = parameter(10.0, "ms", "time constant", source=SPINE, low=1e-6)
    conductance_density = ease(0.05)
    reversal_potential = reversal(-70.0)

    @staticmethod
    def s_rates(pre_v, tau):
        """Towards the presynaptic potential's steady state."""
        steady = 1.0 / (1.0 + exp(-(pre_v + 20.0) / 20.0))
        return steady / tau, (1.0 - steady) / tau

    @output("1", "open fraction")
    @staticmethod
    def open_fraction(s):
        """The gate."""
        return s


class GradedNMDA(GradedReceptor):
    """NMDA receptor whose rise and decay follow the time for which the presynaptic cell is depolarised.

        d rising/dt  = spike_rate [pre_v > threshold] - rising / tau_rise
        d decaying/dt = spike_rate [pre_v > threshold] - decaying / tau_decay
        open_fraction = (decaying - rising) B(v)

    With 1/ms, the default, a spike of 1 ms opens most receptors; the preset "SPINE" has the 1/s of its source.
    Source: SPINE's NMDAReceptor (verified in its code); block: Jahr & Stevens (1990) J. Neurosci. 10:1830.
    """

    member: ClassVar[str] = "graded_nmda"
    presets: ClassVar = {"SPINE": {"spike_rate": 1e-3}}
    rising = state("1", "fast component")
    decaying = state("1", "slow component")
    tau_rise = parameter(2.0, "ms", "time constant of the rise", source=SPINE, low=1e-6)
    tau_decay = parameter(80.0, "ms", "time constant of the decay", source=SPINE, low=1e-6)
    spike_rate = parameter(1.0, "1/ms", "growth while the presynaptic cell is depolarised", source="normalised",
                           low=0.0)
    threshold = parameter(-20.0, "mV", "above which it is", source=SPINE)
    mg_concentration = parameter(1.0, "mM", "magnesium", source=SPINE, low=0.0)
    mg_block_voltage = parameter(JAHR_STEVENS["mg_block_voltage"], "mV", "potential at which 1 mM blocks a half",
                                 source="Jahr & Stevens 1990")
    mg_block_slope = parameter(JAHR_STEVENS["mg_block_slope"], "mV", "steepness of the block",
                               source="Jahr & Stevens 1990", low=1e-6)
    conductance_density = ease(0.1)

    @staticmethod
    def d_rising(rising, pre_v, tau_rise, spike_rate, threshold):
        """While depolarised, growth; always, decay."""
        return where(pre_v > threshold, spike_rate, 0.0) - rising / tau_rise

    @staticmethod
    def d_decaying(decaying, pre_v, tau_decay, spike_rate, threshold):
        """While depolarised, growth; always, decay."""
        return where(pre_v > threshold, spike_rate, 0.0) - decaying / tau_decay

    @output("1", "open fraction")
    @staticmethod
    def open_fraction(rising, decaying, v, mg_concentration, mg_block_voltage, mg_block_slope):
        """What magnesium leaves."""
        return (decaying - rising) * mg_unblocked(v, mg_concentration, mg_block_voltage, mg_block_slope)


class CalciumModulatedAMPA(GradedAMPA):
    """AMPA receptor whose presynaptic terminal releases more the more calcium it has.

        release = min(most, max(0, baseline (1 + sensitivity (pre_ca - resting_ca))))

    The preset "SPINE" leaves out the limit of 1, as its source does (verified in its code).
    """

    member: ClassVar[str] = "modulated_ampa"
    presets: ClassVar = {"SPINE": {"most": float("inf")}}
    pre_ca = given("uM", "presynaptic calcium")
    baseline = parameter(0.5, "1", "release probability at rest", source=SPINE, low=0.0, high=1.0)
    sensitivity = parameter(5.0, "1/uM", "relative growth of release with calcium", source=SPINE)
    resting_ca = parameter(0.05, "uM", "presynaptic calcium at rest", source=SPINE, low=0.0)
    most = parameter(1.0, "1", "limit of the release probability", low=0.0)

    @output("1", "open fraction times the release probability")
    @staticmethod
    def open_fraction(s, pre_ca, baseline, sensitivity, resting_ca, most):
        """Not below 0."""
        return clip(s, 0.0, 1.0) * clip(baseline * (1.0 + sensitivity * (pre_ca - resting_ca)), 0.0, most)


class CalciumCoupling(Mechanism):
    """Calcium that flows in as presynaptic calcium stands above its rest.

        flux_from_outside = weight sensitivity (pre_ca - resting_ca)

    Source: SPINE's CalciumCoupledSynapse (verified in its code), whose sensitivity is in um/s.
    """

    member: ClassVar[str] = "coupling"
    pre_ca = given("uM", "presynaptic calcium")
    weight = parameter(1.0, "1", "strength; 0 where there is no synapse", low=0.0)
    sensitivity = parameter(1.0, "um/ms", "flux density for each difference", source=SPINE)
    resting_ca = parameter(0.05, "uM", "presynaptic calcium at rest", source=SPINE, low=0.0)

    @output("uM um/ms", "calcium flux into the cytosol per area of plasma membrane")
    @staticmethod
    def flux_from_outside(pre_ca, weight, sensitivity, resting_ca):
        """Nothing at rest."""
        return weight * sensitivity * (pre_ca - resting_ca)


class GradedTransmission(GradedReceptor):
    """Receptor that opens with the presynaptic potential and closes by itself, with or without a block by magnesium.

        ds/dt = opening / (1 + exp(-pre_v / slope)) (1 - s) - s / tau_decay
        open_fraction = s B(v)

    Source: Destexhe, Mainen & Sejnowski (1994) J. Comput. Neurosci. 1:195 for the form; SPINE's documents for the
    numbers, whose opening is 1/ms here (they write 1/s, with which nothing opens).
    """

    member: ClassVar[str] = "transmission"
    presets: ClassVar = {
        "AMPA": {}, "GABA": {"opening": 0.5, "tau_decay": 5.0, "conductance_density": 0.5, "reversal_potential": -80.0},
        "NMDA": {"opening": 0.3, "tau_decay": 50.0, "conductance_density": 0.1, "mg_concentration": 1.0},
    }
    s = gate("fraction of receptors that are open but for the block", initial=0.0)
    opening = parameter(0.55, "1/ms", "opening at a large presynaptic potential", source=SPINE, low=0.0)
    slope = parameter(4.0, "mV", "steepness of transmission", source=SPINE, low=1e-3)
    tau_decay = parameter(2.0, "ms", "time constant of the decay", source=SPINE, low=1e-6)
    mg_concentration = parameter(0.0, "mM", "magnesium that blocks", low=0.0)
    mg_block_voltage = parameter(JAHR_STEVENS["mg_block_voltage"], "mV", "potential at which 1 mM blocks a half",
                                 source="Jahr & Stevens 1990")
    mg_block_slope = parameter(JAHR_STEVENS["mg_block_slope"], "mV", "steepness of the block",
                               source="Jahr & Stevens 1990", low=1e-6)

    @staticmethod
    def s_rates(pre_v, opening, slope, tau_decay):
        """Opening with the presynaptic potential, closing."""
        return opening / (1.0 + exp(-pre_v / slope)), 1.0 / tau_decay

    @output("1", "open fraction")
    @staticmethod
    def open_fraction(s, v, mg_concentration, mg_block_voltage, mg_block_slope):
        """What magnesium leaves."""
        return s * mg_unblocked(v, mg_concentration, mg_block_voltage, mg_block_slope)
