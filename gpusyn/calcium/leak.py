"""Leaks through the plasma membrane and the membrane of the ER, which hold the cell at rest."""
from __future__ import annotations

from typing import ClassVar

from gpusyn.calcium.balance import balanced_permeability
from gpusyn.mechanism import Mechanism, given, option, output, parameter

README = "SPINE's README wave, whose other mechanisms it balances"


class CalciumLeak(Mechanism):
    """Base of the leaks: a permeability that is given, or that holds the rest.

    A `balanced` leak gets, at every site and sweep point, the permeability at which the fluxes through its membrane add
    up to 0 at rest with a `density` of 1 (`gpusyn.calcium.balance`), whatever the cell starts from. Setting
    `permeability`, or sweeping it, makes the leak a given one. It is passive and electroneutral.
    """

    balances: ClassVar[str] = ""

    ca = given("uM", "free calcium in the cytosol")

    density = parameter(1.0, "1", "factor on the leak: 0 switches it off", low=0.0)
    permeability = parameter(0.0, "um/ms", "permeability of the membrane", low=0.0)
    balanced = option(True, "whether the permeability is what holds the rest, instead of the given one", (True, False))

    def set(self, name, value):
        """Set a value; a permeability that is given is taken as it is."""
        super().set(name, value)
        if name == "permeability":
            super().set("balanced", False)

    def placed(self, model, part, name, values):
        """A parameter's values as the sites of a model have them: the permeability of a balanced leak follows."""
        if name != "permeability" or not self.balanced:
            return values
        member = next(m for m, mechanism in part.members.items() if mechanism is self)
        swept = f"{part.name}.{member}.permeability" in model.sweep.axes
        return values if swept else balanced_permeability(model, part, member, self.balances)


class PlasmaMembraneLeak(CalciumLeak):
    """Leak of the plasma membrane: what the pumps take out at rest comes back through it.

        flux_from_outside = density permeability (ca_outside - ca)

    Source: Breit & Queisser (2018) J. Math. Neurosci. 8:9; verified in NeuroBox and in SPINE, 1 mM outside included.
    """

    member: ClassVar[str] = "pm_leak"
    presets: ClassVar = {"Breit2018": {}}
    balances = "flux_from_outside"

    permeability = parameter(4.497345e-6, "um/ms", "permeability of the membrane", source=README, low=0.0)
    ca_outside = parameter(1000.0, "uM", "calcium outside the cell", source="Breit & Queisser 2018", low=0.0)

    @output("uM um/ms", "calcium flux into the cytosol per area of plasma membrane")
    @staticmethod
    def flux_from_outside(ca, density, permeability, ca_outside):
        """Proportional to the difference of the concentrations."""
        return density * permeability * (ca_outside - ca)


class ERLeak(CalciumLeak):
    """Leak of the ER: what SERCA takes up at rest comes back through it and through the receptors.

        flux_from_er = density permeability (ca_er - ca)

    Source: Breit & Queisser (2018) J. Math. Neurosci. 8:9; verified in NeuroBox and in SPINE.
    """

    member: ClassVar[str] = "er_leak"
    presets: ClassVar = {"Breit2018": {}}
    balances = "flux_from_er"

    permeability = parameter(3.786353e-5, "um/ms", "permeability of the membrane", source=README, low=0.0)
    ca_er = given("uM", "free calcium in the endoplasmic reticulum")

    @output("uM um/ms", "calcium flux from the ER into the cytosol per area of ER membrane")
    @staticmethod
    def flux_from_er(ca, ca_er, density, permeability):
        """Proportional to the difference of the concentrations."""
        return density * permeability * (ca_er - ca)
