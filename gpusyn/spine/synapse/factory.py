"""Common synapses by name."""
from __future__ import annotations

from gpusyn.spine.synapse.patterns import (
    ConstantPattern,
    CustomPattern,
    ExponentialDecayPattern,
    LinearDecayPattern,
    TrainPattern,
)
from gpusyn.spine.synapse.receptors import AMPAReceptor, CalciumModulatedAMPAReceptor, GABAReceptor, NMDAReceptor
from gpusyn.spine.synapse.synapses import (
    CalciumCoupledSynapse,
    ChemicalSynapse,
    CustomCoupledSynapse,
    DirectCalciumRelease,
    IP3InfluxSynapse,
)


class SynapseFactory:
    """Makes synapses; amplitudes in umol/(um^2 s), times in s, g_max in S/um^2, potentials in V."""

    @staticmethod
    def create_calcium_pulse(nodes, amplitude=1e-11, duration=1e-3, start_time=0.0):
        """Constant influx."""
        return DirectCalciumRelease(nodes, ConstantPattern(duration, start_time), amplitude)

    @staticmethod
    def create_calcium_linear(nodes, amplitude=1e-11, duration=1e-3, start_time=0.0):
        """Influx that falls to 0."""
        return DirectCalciumRelease(nodes, LinearDecayPattern(duration, start_time), amplitude)

    @staticmethod
    def create_calcium_exponential(nodes, amplitude=1e-11, tau=1e-2, duration=None, start_time=0.0):
        """Influx that decays."""
        return DirectCalciumRelease(nodes, ExponentialDecayPattern(tau, duration, start_time), amplitude)

    @staticmethod
    def create_calcium_train(nodes, amplitude=1e-11, pulse_duration=1e-3, frequency=10.0, n_pulses=None,
                             start_time=0.0):
        """Pulses of influx."""
        return DirectCalciumRelease(nodes, TrainPattern(pulse_duration, frequency, n_pulses, start_time), amplitude)

    @staticmethod
    def create_custom_calcium(nodes, callback, amplitude=1.0):
        """Influx that a function of the time gives."""
        return DirectCalciumRelease(nodes, CustomPattern(callback), amplitude)

    @staticmethod
    def create_ip3_pulse(nodes, amplitude=5e-12, duration=1e-3, start_time=0.0):
        """Constant influx of IP3."""
        return IP3InfluxSynapse(nodes, ConstantPattern(duration, start_time), amplitude)

    @staticmethod
    def create_ip3_linear(nodes, amplitude=5e-12, duration=1e-3, start_time=0.0):
        """Influx of IP3 that falls to 0."""
        return IP3InfluxSynapse(nodes, LinearDecayPattern(duration, start_time), amplitude)

    @staticmethod
    def create_AMPA(post_nodes, g_max=2.7e-10, E_rev=0.0, weight=1.0):
        """AMPA receptors."""
        return ChemicalSynapse(post_nodes, AMPAReceptor(g_max, E_rev), weight)

    @staticmethod
    def create_NMDA(post_nodes, g_max=1.0e-10, E_rev=0.0, Mg_conc=1.0, weight=1.0, Ca_fraction=0.1):
        """NMDA receptors, of whose inward current calcium carries a fraction."""
        return ChemicalSynapse(post_nodes, NMDAReceptor(g_max, E_rev, Mg_conc=Mg_conc, Ca_fraction=Ca_fraction), weight)

    @staticmethod
    def create_GABA(post_nodes, g_max=5.0e-10, E_rev=-0.080, weight=1.0):
        """GABA-A receptors."""
        return ChemicalSynapse(post_nodes, GABAReceptor(g_max, E_rev), weight)

    @staticmethod
    def create_calcium_modulated_AMPA(post_nodes, g_max=2.7e-10, ca_sensitivity=5.0, baseline_release=0.3,
                                      ca_baseline=0.05, weight=1.0):
        """AMPA receptors that presynaptic calcium facilitates."""
        receptor = CalciumModulatedAMPAReceptor(g_max, 0.0, ca_sensitivity, baseline_release, ca_baseline)
        return ChemicalSynapse(post_nodes, receptor, weight)

    @staticmethod
    def create_calcium_coupled(post_nodes, sensitivity=1e3):
        """Coupling by presynaptic calcium."""
        return CalciumCoupledSynapse(post_nodes, sensitivity)

    @staticmethod
    def create_custom_receptor(post_nodes, receptor_class, weight=1.0, **receptor_kwargs):
        """Receptors of a class of your own."""
        return ChemicalSynapse(post_nodes, receptor_class(**receptor_kwargs), weight)

    @staticmethod
    def create_custom_coupled(post_nodes, coupling_callback, **kwargs):
        """Coupling by a function of what is on either side, which runs on the host."""
        return CustomCoupledSynapse(post_nodes, coupling_callback, **kwargs)

    @staticmethod
    def create_custom_temporal(nodes, temporal_class, amplitude, **temporal_kwargs):
        """Influx with a course of your own."""
        return DirectCalciumRelease(nodes, temporal_class(**temporal_kwargs), amplitude)
