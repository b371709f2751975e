"""Dopamine receptors: D1 drives adenylyl cyclase and D2 holds it back; both scale what they are told to."""
from typing import ClassVar

from gpusyn.mechanism import given, option, output, parameter
from gpusyn.receptors.effects import CyclaseRegulation, Modulation
from gpusyn.receptors.metabotropic import OneSiteReceptor
from gpusyn.receptors.receptor import TUTORIAL

# EC50 1 uM and 100 nM, and 1.6 uM and 25 nM with an unbinding rate of 0.5/min.
FAST_D1 = {"binding_rate": 0.01, "unbinding_rate": 0.01}
FAST_D2 = {"binding_rate": 3e-3, "unbinding_rate": 3e-4}
SLOW_D1 = {"binding_rate": 0.5 / 60e3 / 1.6, "unbinding_rate": 0.5 / 60e3}
SLOW_D2 = {"binding_rate": 0.5 / 60e3 / 0.025, "unbinding_rate": 0.5 / 60e3}


class DopamineReceptor(OneSiteReceptor):
    """A receptor that binds one molecule of dopamine."""

    transmitter: ClassVar[str] = "dopamine"

    dopamine = given("uM", "dopamine that the receptor sees")

    @output("1/ms", "rate at which a free receptor binds dopamine")
    @staticmethod
    def association(dopamine, binding_rate):
        """Mass action."""
        return binding_rate * dopamine


class D1_Receptor(DopamineReceptor, Modulation, CyclaseRegulation):  # noqa: N801, the tutorial's name
    """D1 dopamine receptor (Gs): it excites, and raises cAMP.

        dr/dt           = binding_rate dopamine (1 - r) - unbinding_rate r
        gain            = 1 + (modulation_factor - 1) r        on `target`
        camp_production = max_camp_production r

    The gain acts at once. For the slow way through cAMP set modulation_factor to 1, or target to "", and put
    `cAMPDynamics` and `ProteinKinaseA` on the cell.

    Presets: "fast", half bound at 1 uM, from the public Dopamine-Simulation-Tools (verified in code); "slow", half
    bound at 1.6 uM and unbinding 0.5/min, Hunger, Kumar & Schmidt (2020) J. Neurosci. 40:2868 (recalled, uncertain).
    "slow" changes so little in a step that float32 is 0.2 % off after a minute in steps of 0.1 ms; float64 is not.
    The defaults are those of the neurotransmitter tutorial of lixirnet (proposed there, no source).
    """

    member: ClassVar[str] = "d1"
    presets: ClassVar = {"fast": FAST_D1, "slow": SLOW_D1}

    target = option("ampa_conductance", "what is modulated: <member>_<name>, or a name of the cell")

    modulation_factor = parameter(
        1.5, "1", "factor on the target with every receptor bound", source=TUTORIAL, low=0.0
    )
    max_camp_production = parameter(
        0.01, "uM/ms", "production of cAMP with every receptor bound", source="proposed", low=0.0
    )


class D2_Receptor(DopamineReceptor, Modulation, CyclaseRegulation):  # noqa: N801, the tutorial's name
    """D2 dopamine receptor (Gi): it inhibits, and lowers cAMP. Equations as of `D1_Receptor`.

    Presets: "fast", half bound at 100 nM, from the public Dopamine-Simulation-Tools, where it is the autoreceptor's
    (verified in code); "slow", half bound at 25 nM and unbinding 0.5/min, Hunger, Kumar & Schmidt (2020) J. Neurosci.
    40:2868 (recalled, uncertain; better in float64, as of D1). The defaults are those of the neurotransmitter tutorial
    of lixirnet (proposed there, no source).
    """

    member: ClassVar[str] = "d2"
    presets: ClassVar = {"fast": FAST_D2, "slow": SLOW_D2}

    target = option("ampa_conductance", "what is modulated: <member>_<name>, or a name of the cell")

    modulation_factor = parameter(
        0.7, "1", "factor on the target with every receptor bound", source=TUTORIAL, low=0.0
    )
    max_camp_production = parameter(
        -5e-4, "uM/ms", "change of cAMP's production with every receptor bound", source="proposed", high=0.0
    )
