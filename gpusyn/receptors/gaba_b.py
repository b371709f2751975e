"""GABA-B receptor: slow inhibition by potassium channels that a G protein opens."""
from typing import ClassVar

from gpusyn.mechanism import gate, given, markov, output, parameter, state
from gpusyn.receptors.receptor import LigandGatedReceptor

DMS = "Destexhe & Sejnowski 1995; Destexhe, Mainen & Sejnowski 1998"
FIT = "Destexhe & Sejnowski 1995, gabab3.mod"
UPSTREAM = "spiking-neural-networks before 2025-05"


class GProteinPotassiumChannel(LigandGatedReceptor):
    """Base of the GABA-B receptors: from active receptors to G protein to potassium channels.

        ds/dt         = g_protein_production active_fraction - g_protein_decay s
        open_fraction = s^4 / (s^4 + k_d)

    Four G proteins must bind to a channel to open it, so that one pulse opens almost none and a burst many. A subclass
    says which receptors are active.
    """

    member = "gaba_b"
    transmitter = "gaba"

    s = state("uM", "active G protein", not_negative=True)
    gaba = given("uM", "GABA that the receptor sees")
    active_fraction = given("1", "fraction of receptors that activate G protein")

    binding_rate = parameter(9e-5, "1/(uM ms)", "binding rate", source=DMS, low=0.0)
    unbinding_rate = parameter(1.2e-3, "1/ms", "unbinding rate", source=DMS, low=0.0)
    g_protein_production = parameter(0.18, "uM/ms", "G protein made active by all receptors", source=DMS, low=0.0)
    g_protein_decay = parameter(0.034, "1/ms", "inactivation of G protein", source=DMS, low=0.0)
    k_d = parameter(100.0, "uM^4", "dissociation of four G proteins from a channel", source=DMS, low=1e-12)
    conductance = parameter(0.06, "nS", "conductance with every channel open; its magnitude counts", source=UPSTREAM)
    reversal_potential = parameter(-95.0, "mV", "reversal potential of potassium", source=DMS, low=-200.0, high=200.0)

    @staticmethod
    def d_s(active_fraction, s, g_protein_production, g_protein_decay):
        """Production and decay, uM/ms."""
        return g_protein_production * active_fraction - g_protein_decay * s

    @output("1", "fraction of potassium channels that conduct")
    @staticmethod
    def open_fraction(s, k_d):
        """Four G proteins bind at once."""
        return s**4 / (s**4 + k_d)


class DesensitizingGABA_B_Receptor(GProteinPotassiumChannel):  # noqa: N801
    """GABA-B receptor whose bound state desensitizes.

        U <-> R         binding_rate gaba / unbinding_rate
        R <-> D         desensitization / resensitization
        ds/dt         = g_protein_production R - g_protein_decay s
        open_fraction = s^4 / (s^4 + k_d)

    In the authors' equations K2 = 0.020/ms is all that leaves R, what desensitizes (d1 = 0.017/ms) included:
    dR/dt = K1 gaba (1 - R - D) - K2 R + d2 D. unbinding_rate is the rest, K2 - d1.

    Source: Destexhe & Sejnowski (1995) PNAS 92:9515, a fit to whole-cell currents of Otis, De Koninck & Mody (1993) J.
    Physiol. 463:391, in their gabab3.mod (verified; the conductance is spiking-neural-networks's).
    """

    presets: ClassVar = {"DestexheSejnowski1995": {}}

    scheme = markov("U R D", "fractions of the receptors in each state")

    binding_rate = parameter(6.6e-4, "1/(uM ms)", "binding rate", source=FIT, low=0.0)
    unbinding_rate = parameter(3e-3, "1/ms", "unbinding rate, K2 - d1", source=FIT, low=0.0)
    desensitization = parameter(0.017, "1/ms", "from R to D", source=FIT, low=0.0)
    resensitization = parameter(5.3e-3, "1/ms", "from D to R", source=FIT, low=0.0)
    g_protein_production = parameter(0.083, "uM/ms", "G protein made active by all receptors", source=FIT, low=0.0)
    g_protein_decay = parameter(7.9e-3, "1/ms", "inactivation of G protein", source=FIT, low=0.0)

    @staticmethod
    def transitions(gaba, binding_rate, unbinding_rate, desensitization, resensitization):
        """Rates between the states, 1/ms."""
        return {
            ("U", "R"): binding_rate * gaba, ("R", "U"): unbinding_rate,
            ("R", "D"): desensitization, ("D", "R"): resensitization,
        }

    @output("1", "fraction of receptors that have bound transmitter")
    @staticmethod
    def bound_fraction(R, D):
        """Active or desensitized."""
        return R + D

    @output("1", "fraction of receptors that activate G protein")
    @staticmethod
    def active_fraction(R):
        """Bound and not desensitized."""
        return R

    @output("1", "fraction of receptors that are desensitized")
    @staticmethod
    def desensitized_fraction(D):
        """The one desensitized state."""
        return D


class GABA_B_Receptor(GProteinPotassiumChannel):  # noqa: N801, as `GABA_A_Receptor`
    """GABA-B receptor of the thalamus and hippocampus.

        dr/dt         = binding_rate gaba (1 - r) - unbinding_rate r
        ds/dt         = g_protein_production r - g_protein_decay s
        open_fraction = s^4 / (s^4 + k_d)
        current       = |conductance| open_fraction (v - reversal_potential)

    Ten pulses at 200 Hz open some hundred times more than ten times what one opens.

    Presets: Destexhe1998 (the default), Otis1993 (the same model fitted to whole-cell currents of Otis, De Koninck &
    Mody (1993) J. Physiol. 463:391, meant for pulses of 0.5 mM and 0.3 ms), SpikingNeuralNetworks (the
    receptor rates of that program before May 2025). DestexheSejnowski1995 desensitizes:
    `DesensitizingGABA_B_Receptor`.

    Source: Destexhe & Sejnowski (1995) PNAS 92:9515; Destexhe, Mainen & Sejnowski (1998) in Methods in Neuronal
    Modeling, 2nd ed., ch. 1, and its gabab.mod (verified; the conductance is spiking-neural-networks's).
    """

    presets: ClassVar = {
        "Destexhe1998": {
            "binding_rate": 9e-5, "unbinding_rate": 1.2e-3, "g_protein_production": 0.18, "g_protein_decay": 0.034,
            "reversal_potential": -95.0,
        },
        "Otis1993": {
            "binding_rate": 5.2e-4, "unbinding_rate": 1.3e-3, "g_protein_production": 0.098, "g_protein_decay": 0.033,
            "reversal_potential": -95.0,
        },
        "SpikingNeuralNetworks": {
            "binding_rate": 1.6e-5, "unbinding_rate": 4.7e-3, "g_protein_production": 0.098, "g_protein_decay": 0.033,
            "reversal_potential": -95.0,
        },
    }
    forms: ClassVar = {"DestexheSejnowski1995": DesensitizingGABA_B_Receptor}

    r = gate("fraction of receptors that have bound GABA")

    @staticmethod
    def r_rates(gaba, binding_rate, unbinding_rate):
        """Binding and unbinding, 1/ms."""
        return binding_rate * gaba, unbinding_rate

    @output("1", "fraction of receptors that have bound transmitter")
    @staticmethod
    def bound_fraction(r):
        """The gate itself."""
        return r

    @output("1", "fraction of receptors that activate G protein")
    @staticmethod
    def active_fraction(r):
        """Every bound receptor."""
        return r
