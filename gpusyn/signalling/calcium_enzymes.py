"""Enzymes that read calcium: CaMKII, which strengthens synapses, and calcineurin, which weakens them."""
from typing import ClassVar

from gpusyn.lang import maximum, power
from gpusyn.mechanism import gate, given, option, output, parameter
from gpusyn.receptors.effects import Modulation

CRATE = "synapse-models 0.1 (verified there, no source)"


class CalciumEnzyme(Modulation):
    """An enzyme that calcium activates cooperatively, and that scales what its `target` names.

        d active/dt = (activation - active) / tau,    activation = calcium^hill / (calcium^hill + half_activation^hill)
        gain        = 1 + (modulation_factor - 1) active

    `activation` is the read-out of the present calcium; `active` follows it, exactly for calcium that is constant in a
    step. Calcium below zero counts as none. `target` "" modulates nothing; either number may feed a rule of plasticity
    (``a_plus`` by ``target="..."``, or a given bound to ``enzyme.active``).
    """

    active = gate("fraction of the enzyme that is active")
    calcium = given("uM", "free calcium in the cytosol")

    target = option("", "what is modulated: <member>_<name>, or a name of the cell")

    half_activation = parameter(0.7, "uM", "calcium that activates a half", source=CRATE, low=1e-9)
    hill = parameter(3.0, "1", "Hill coefficient", source=CRATE, low=0.1, high=10.0)
    tau = parameter(1000.0, "ms", "time in which the activity follows", source="proposed", low=1e-3)
    modulation_factor = parameter(1.0, "1", "factor on the target with all of it active", source="proposed", low=0.0)

    @output("1", "fraction of the enzyme that this much calcium activates in the long run")
    @staticmethod
    def activation(calcium, half_activation, hill):
        """Hill's function; a very small calcium stands for none, so that the quotient is finite."""
        return 1.0 / (1.0 + power(half_activation / maximum(calcium, 1e-6 * half_activation), hill))

    @staticmethod
    def active_rates(activation, tau):
        """Activation and deactivation, 1/ms."""
        return activation / tau, (1.0 - activation) / tau

    @output("1", "strength of the enzyme's effect")
    @staticmethod
    def active_fraction(active):
        """The active enzyme."""
        return active


class CaMKII(CalciumEnzyme):
    """Calcium/calmodulin-dependent kinase II: calcium of potentiation activates it.

    Equations: `CalciumEnzyme`, with half activation at 0.7 uM and a Hill coefficient of 3. It stays active for seconds:
    tau is 10 s, of the order of Lee, Escobedo-Lozoya, Szatmari & Yasuda (2009) Nature 458:299 (recalled, uncertain).
    There is no memory in it by autophosphorylation.

    Source of the read-out: synapse-models 0.1, which gives none.
    """

    member: ClassVar[str] = "camkii"

    tau = parameter(10e3, "ms", "time in which the activity follows", source="Lee et al. 2009, recalled", low=1e-3)


class Calcineurin(CalciumEnzyme):
    """Calcineurin, the phosphatase of depression: less calcium than CaMKII's activates it, and less steeply.

    Equations: `CalciumEnzyme`, with half activation at 0.3 uM and a Hill coefficient of 2; tau is proposed.

    Source of the read-out: synapse-models 0.1, which gives none.
    """

    member: ClassVar[str] = "calcineurin"

    half_activation = parameter(0.3, "uM", "calcium that activates a half", source=CRATE, low=1e-9)
    hill = parameter(2.0, "1", "Hill coefficient", source=CRATE, low=0.1, high=10.0)
