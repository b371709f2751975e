"""Voltage-gated calcium channels of the plasma membrane, types N, T and L."""
from typing import ClassVar

from gpusyn.constants import FARADAY
from gpusyn.lang import exp, exprel
from gpusyn.mechanism import Mechanism, gate, given, output, parameter

BORG_GRAHAM = "Borg-Graham 1998, table 5, as in NeuroBox"
BREIT = "NeuroBox, from Gollasch et al. and Fisher et al."
R_OVER_F = 8.314 / 96.485  # mV/K; rounded as the models that the numbers come from do
DENSITY_PER_FLUX = 2e-6 * FARADAY  # pA/um^2 that calcium carries at 1 uM um/ms


def boltzmann(v, valence, half, temperature):
    """Steady state of a gate that moves `valence` charges and stands at a half at `half`."""
    return 1.0 / (1.0 + exp(-valence * (v - half) / (R_OVER_F * temperature)))


def ghk_influx(v, ca, ca_outside, temperature):
    """Goldman, Hodgkin and Katz: net influx of calcium, uM, for a permeability of 1.

        x (ca_outside - ca e^x) / (e^x - 1),   x = 2 F v / (R T);     ca_outside - ca at v = 0

    in the form that is finite everywhere.
    """
    x = 2.0 * v / (R_OVER_F * temperature)
    return (ca_outside - ca) / exprel(x) - ca * x


class LTypeCalciumChannel(Mechanism):
    """Calcium channel that depolarization opens and that does not inactivate.

        flux_from_outside = density permeability m^2 x (ca_outside - ca e^x) / (e^x - 1),   x = 2 F v / (R T)
        dm/dt = (m_inf - m) / tau_m,   m_inf = 1 / (1 + exp(-activation_valence (v - half_activation) F / (R T)))

    The flux carries `calcium_current_density`, which `CalciumCompartment` turns into a current of its cell.

    Sources: gates, Borg-Graham (1998) Interpretations of data and mechanisms for hippocampal pyramidal cell models,
    table 5; permeabilities from a conductance of 5.5 pS, as 2 : 1 : 3 for N : T : L. All values verified: read in
    NeuroBox. The density, one channel per um^2, is SPINE's.
    """

    member: ClassVar[str] = "vdcc"
    presets: ClassVar = {"L": {}}

    m = gate("activation")
    ca = given("uM", "free calcium in the cytosol")
    v = given("mV", "membrane potential", default=-72.0)

    density = parameter(1.0, "1/um^2", "channels per area of plasma membrane", source="SPINE", low=0.0)
    permeability = parameter(5.7e-4, "um^3/ms", "permeability of an open channel", source=BREIT, low=0.0)
    ca_outside = parameter(1000.0, "uM", "calcium outside the cell", source="Breit & Queisser 2018", low=0.0)
    temperature = parameter(310.0, "K", "temperature", source=BREIT, low=1.0)
    activation_valence = parameter(4.6, "1", "gating charge of activation", source=BORG_GRAHAM, low=0.0)
    half_activation = parameter(-1.0, "mV", "potential of half the activation", source=BORG_GRAHAM)
    tau_m = parameter(1.5, "ms", "time constant of activation", source=BORG_GRAHAM, low=1e-6)

    @output("1", "activation in the long run")
    @staticmethod
    def m_steady(v, activation_valence, half_activation, temperature):
        """Rises with the potential."""
        return boltzmann(v, activation_valence, half_activation, temperature)

    @staticmethod
    def m_rates(m_steady, tau_m):
        """Opening and closing, 1/ms."""
        return m_steady / tau_m, (1.0 - m_steady) / tau_m

    @output("1", "fraction of channels that are open")
    @staticmethod
    def open_fraction(m):
        """Two gates must be open."""
        return m * m

    @output("uM um/ms", "calcium flux into the cytosol per area of plasma membrane")
    @staticmethod
    def flux_from_outside(open_fraction, v, ca, ca_outside, temperature, density, permeability):
        """Inwards as long as the potential is below calcium's reversal potential."""
        return density * permeability * open_fraction * ghk_influx(v, ca, ca_outside, temperature)

    @output("pA/um^2", "current that calcium carries per area of plasma membrane, outward > 0")
    @staticmethod
    def calcium_current_density(flux_from_outside):
        """Two charges for each ion."""
        return -DENSITY_PER_FLUX * flux_from_outside


class VoltageGatedCalciumChannel(LTypeCalciumChannel):
    """Calcium channel that depolarization opens and then inactivates: type N, or with the preset "T" type T.

        flux_from_outside = density permeability m^2 h x (ca_outside - ca e^x) / (e^x - 1),   x = 2 F v / (R T)
        dh/dt = (h_inf - h) / tau_h,   h_inf = 1 / (1 + exp(-inactivation_valence (v - half_inactivation) F / (R T)))

    m as in `LTypeCalciumChannel`, which is the preset "L". Sources and certainty as there; Borg-Graham adds 1.7 and
    70 ms to the time constants of N where NeuroBox has 1.5 and 75 ms.
    """

    presets: ClassVar = {
        "N": {},
        "T": {
            "permeability": 1.9e-4, "activation_valence": 3.0, "half_activation": -36.0, "inactivation_valence": -5.2,
            "half_inactivation": -68.0, "tau_h": 10.0,
        },
    }
    forms: ClassVar = {"L": LTypeCalciumChannel}

    h = gate("what inactivation leaves")

    permeability = parameter(3.8e-4, "um^3/ms", "permeability of an open channel", source=BREIT, low=0.0)
    activation_valence = parameter(3.4, "1", "gating charge of activation", source=BORG_GRAHAM, low=0.0)
    half_activation = parameter(-21.0, "mV", "potential of half the activation", source=BORG_GRAHAM)
    inactivation_valence = parameter(-2.0, "1", "gating charge of inactivation", source=BORG_GRAHAM, high=0.0)
    half_inactivation = parameter(-40.0, "mV", "potential of half the inactivation", source=BORG_GRAHAM)
    tau_h = parameter(75.0, "ms", "time constant of inactivation", source=BORG_GRAHAM, low=1e-6)

    @output("1", "what inactivation leaves in the long run")
    @staticmethod
    def h_steady(v, inactivation_valence, half_inactivation, temperature):
        """Falls with the potential."""
        return boltzmann(v, inactivation_valence, half_inactivation, temperature)

    @staticmethod
    def h_rates(h_steady, tau_h):
        """Recovery and inactivation, 1/ms."""
        return h_steady / tau_h, (1.0 - h_steady) / tau_h

    @output("1", "fraction of channels that are open")
    @staticmethod
    def open_fraction(m, h):
        """Two gates must be open, and the third not inactivated."""
        return m * m * h
