"""What metabotropic receptors share: how a ligand binds to them, and how a G protein passes that on.

A receptor is put together from one base that binds (`OneSiteReceptor`, `GProteinReceptor`) and from the effects that it
has (`gpusyn.receptors.effects`). Every such receptor puts out `bound_fraction`, `desensitized_fraction` and
`active_fraction`; its effects are proportional to the last.
"""
from typing import ClassVar

from gpusyn.mechanism import Mechanism, gate, given, output, parameter
from gpusyn.receptors.receptor import DESTEXHE, TUTORIAL


class MetabotropicReceptor(Mechanism):
    """Base of the receptors that open no channel of their own; it has no equations of its own.

    A subclass names its ligand and says how fast free receptors bind it, `association` = binding_rate * ligand.
    Half of the receptors are bound, in the long run, at unbinding_rate / binding_rate.

    `member` is the usual name of the receptor on a cell, `transmitter` the name of what it binds.
    """

    member: ClassVar[str] = ""
    transmitter: ClassVar[str] = ""

    association = given("1/ms", "rate at which a free receptor binds")

    binding_rate = parameter(0.01, "1/(uM ms)", "binding rate", source=TUTORIAL, low=0.0)
    unbinding_rate = parameter(0.001, "1/ms", "unbinding rate", source=TUTORIAL, low=0.0)


class OneSiteReceptor(MetabotropicReceptor):
    """A receptor that is free or bound, and that acts as long as it is bound.

        dr/dt = association (1 - r) - unbinding_rate r
    """

    r = gate("fraction of receptors that have bound their ligand")

    @staticmethod
    def r_rates(association, unbinding_rate):
        """Binding and unbinding, 1/ms."""
        return association, unbinding_rate

    @output("1", "fraction of receptors that have bound their ligand")
    @staticmethod
    def bound_fraction(r):
        """The occupancy."""
        return r

    @output("1", "fraction of receptors that are desensitized")
    @staticmethod
    def desensitized_fraction():
        """None: this receptor does not desensitize."""
        return 0.0

    @output("1", "strength of the receptor's effects, 1 with all receptors bound for long")
    @staticmethod
    def active_fraction(r):
        """Bound receptors act at once."""
        return r


class GProteinReceptor(OneSiteReceptor):
    """A receptor that acts through G proteins, which bound receptors activate and which inactivate by themselves.

        dr/dt = association (1 - r) - unbinding_rate r
        dG/dt = g_protein_activation r (1 - G) - g_protein_deactivation G

    The G protein starts inactive. Source: the G protein of the GABA-B receptor, Destexhe & Sejnowski (1995) PNAS
    92:9515, here as a fraction, which cannot exceed 1. Its deactivation, 0.034/ms, is theirs for GABA-B in Destexhe,
    Mainen & Sejnowski (1998) (verified there; proposed for other receptors).
    """

    g_protein = gate("fraction of G proteins that are active", initial=0.0)

    g_protein_activation = parameter(
        0.1, "1/ms", "rate of activation with every receptor bound", source=TUTORIAL, low=0.0
    )
    g_protein_deactivation = parameter(0.034, "1/ms", "rate of deactivation", source=f"{DESTEXHE}, proposed", low=0.0)

    @staticmethod
    def g_protein_rates(r, g_protein_activation, g_protein_deactivation):
        """Activation and deactivation, 1/ms."""
        return g_protein_activation * r, g_protein_deactivation

    @output("1", "strength of the receptor's effects, 1 with all G proteins active")
    @staticmethod
    def active_fraction(g_protein):
        """The active G proteins."""
        return g_protein
