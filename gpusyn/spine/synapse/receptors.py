"""The documents' receptors: each stands for a native mechanism (`gpusyn.receptors.graded`)."""
from __future__ import annotations

from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism
from gpusyn.receptors.graded import CalciumModulatedAMPA as NativeModulated
from gpusyn.receptors.graded import GradedTransmission
from gpusyn.spine.synapse.base import ReceptorModel
from gpusyn.spine.units import MS, MV, NANOSIEMENS


class NativeReceptor(ReceptorModel):
    """Base of the receptors that are mechanisms: g_max in S/um^2, E_rev in V, times in s.

    `Ca_fraction` is the part of inward current that calcium carries into the cytosol.
    """

    preset = ""
    Ca_fraction = 0.0

    def __init__(self, g_max: float, E_rev: float, tau_decay: float, tau_rise: float = 0.0):
        self.g_max, self.E_rev, self.tau_decay, self.tau_rise = g_max, E_rev, tau_decay, tau_rise

    @property
    def is_native(self) -> bool:
        """Whether the mechanism stands for it: no class of the user's own computes its flux or moves its state."""
        own = type(self)
        return own.compute_flux is NativeReceptor.compute_flux and own.update_state is NativeReceptor.update_state

    def native(self, weight) -> Mechanism:
        """The mechanism; `weight` per node."""
        return GradedTransmission(preset=self.preset, **self.common(weight), tau_decay=self.tau_decay * MS)

    def common(self, weight) -> dict:
        """The parameters that all have."""
        return {"conductance_density": self.g_max * NANOSIEMENS, "reversal_potential": self.E_rev * MV,
                "weight": weight, "calcium_fraction": self.Ca_fraction}

    def compute_flux(self, pre_data, post_data):
        """Not asked: the mechanism does it."""
        raise ModelError(f"{type(self).__name__}.compute_flux: it runs as a mechanism (see `native`); a class of your "
                         "own that computes its flux needs ReceptorModel as its base")

    def update_state(self, dt, pre_data, post_data):
        """Not asked: the mechanism does it."""
        raise ModelError(f"{type(self).__name__}.update_state: it runs as a mechanism (see `native`); a class of your "
                         "own that moves its state needs ReceptorModel as its base")


class AMPAReceptor(NativeReceptor):
    """Fast excitation."""

    preset = "AMPA"

    def __init__(self, g_max=2.7e-10, E_rev=0.0, tau_rise=0.5e-3, tau_decay=2.0e-3):
        super().__init__(g_max, E_rev, tau_decay, tau_rise)


class NMDAReceptor(NativeReceptor):
    """Slow excitation that magnesium (mM) blocks."""

    preset = "NMDA"

    def __init__(self, g_max=1.0e-10, E_rev=0.0, tau_rise=2.0e-3, tau_decay=50.0e-3, Mg_conc=1.0,
                 Ca_fraction=0.1):
        super().__init__(g_max, E_rev, tau_decay, tau_rise)
        self.Mg_conc, self.Ca_fraction = Mg_conc, Ca_fraction

    def native(self, weight):
        """The mechanism, with its magnesium."""
        mechanism = super().native(weight)
        mechanism.set("mg_concentration", self.Mg_conc)
        return mechanism


class GABAReceptor(NativeReceptor):
    """Fast inhibition."""

    preset = "GABA"

    def __init__(self, g_max=5.0e-10, E_rev=-0.080, tau_rise=0.5e-3, tau_decay=5.0e-3):
        super().__init__(g_max, E_rev, tau_decay, tau_rise)


class CalciumModulatedAMPAReceptor(NativeReceptor):
    """Excitation that presynaptic calcium (uM) facilitates; the release probability ends at 1."""

    def __init__(self, g_max=2.7e-10, E_rev=0.0, ca_sensitivity=5.0, baseline_release=0.5, ca_baseline=0.05,
                 tau_decay=5.26e-3):
        super().__init__(g_max, E_rev, tau_decay)
        self.ca_sensitivity, self.baseline_release, self.ca_baseline = ca_sensitivity, baseline_release, ca_baseline

    def native(self, weight):
        """The mechanism."""
        return NativeModulated(**self.common(weight), tau=self.tau_decay * MS, sensitivity=self.ca_sensitivity,
                               baseline=self.baseline_release, resting_ca=self.ca_baseline)


CalciumModulatedAMPA = CalciumModulatedAMPAReceptor
