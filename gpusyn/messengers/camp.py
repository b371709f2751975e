"""cAMP in a cell: adenylyl cyclase makes it, phosphodiesterase degrades it, protein kinase A answers to it."""
from typing import ClassVar

from gpusyn.lang import maximum, power
from gpusyn.mechanism import Mechanism, gate, given, option, output, parameter, state, total
from gpusyn.receptors.effects import Modulation

NAIR = "computed from the rates of Nair et al. 2015"


class cAMPDynamics(Mechanism):  # noqa: N801, the tutorial's name
    """Cyclic AMP in the cytosol.

        d camp/dt     = cyclase - degradation_rate camp
        cyclase       = max(degradation_rate resting_concentration + regulation, 0)

    `regulation` is the sum of what the population's receptors give as `camp_production`: Gs adds, Gi takes away, but
    adenylyl cyclase never runs backwards, so cAMP stays positive.

    Source of the numbers: the cascade of Nair, Gutierrez-Arenas, Eriksson, Vincent & Hellgren Kotaleski (2015) J.
    Neurosci. 35:14017. Phosphodiesterase 4 at 2 uM with 2/s and a Michaelis constant of 0.3 uM degrades 13.3/s of a
    little cAMP, and the cyclase's basal 0.7 uM/s keeps it at 50 nM (rates verified in public code; first order is
    ours, and it overstates the degradation above 0.3 uM).
    """

    member: ClassVar[str] = "camp"

    camp = state("uM", "cAMP in the cytosol", initial="resting_concentration", not_negative=True)
    regulation = total("camp_production", "uM/ms", "what receptors add to the production of cAMP")

    resting_concentration = parameter(0.05, "uM", "concentration at rest", source=NAIR, low=0.0)
    degradation_rate = parameter(0.0133, "1/ms", "rate of degradation", source=NAIR, low=0.0)

    @output("uM/ms", "cAMP that adenylyl cyclase makes")
    @staticmethod
    def cyclase(regulation, resting_concentration, degradation_rate):
        """The basal activity and what receptors do to it."""
        return maximum(degradation_rate * resting_concentration + regulation, 0.0)

    @output("uM/ms", "cAMP that is degraded")
    @staticmethod
    def degradation(camp, degradation_rate):
        """First order."""
        return degradation_rate * camp

    @staticmethod
    def d_camp(cyclase, degradation):
        """Production less degradation, uM/ms."""
        return cyclase - degradation


class ProteinKinaseA(Modulation):
    """Protein kinase A: cAMP activates it, and it scales what its `target` names.

        d active/dt = (activation - active) / tau,   activation = camp^hill / (camp^hill + half_activation^hill)
        gain        = 1 + (modulation_factor - 1) active

    The slow way by which D1 receptors strengthen AMPA receptors.

    Source: half activation near 0.1 uM with a Hill coefficient of 1.6, Zawadzki & Taylor (2004) J. Biol. Chem. 279:7029
    (recalled, uncertain); tau = 1 s and modulation_factor = 1.5 are proposed.
    """

    member: ClassVar[str] = "pka"

    active = gate("fraction of the kinase that is active")
    camp = given("uM", "cAMP in the cytosol")

    target = option("ampa_conductance", "what is modulated: <member>_<name>, or a name of the cell")

    half_activation = parameter(
        0.1, "uM", "cAMP that activates a half", source="Zawadzki & Taylor 2004, recalled", low=1e-9
    )
    hill = parameter(1.6, "1", "Hill coefficient", source="Zawadzki & Taylor 2004, recalled", low=0.1, high=10.0)
    tau = parameter(1000.0, "ms", "time in which the activity follows", source="proposed", low=1e-3)
    modulation_factor = parameter(
        1.5, "1", "factor on the target with all of the kinase active", source="proposed", low=0.0
    )

    @output("1", "fraction of the kinase that this much cAMP activates in the long run")
    @staticmethod
    def activation(camp, half_activation, hill):
        """Cooperative binding."""
        return 1.0 / (1.0 + power(half_activation / maximum(camp, 1e-9), hill))

    @staticmethod
    def active_rates(activation, tau):
        """Activation and deactivation, 1/ms."""
        return activation / tau, (1.0 - activation) / tau

    @output("1", "strength of the kinase's effect")
    @staticmethod
    def active_fraction(active):
        """The active kinase."""
        return active
