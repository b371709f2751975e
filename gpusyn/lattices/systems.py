"""What is given to `connect` as one: a transmitter with its receptors, or several that are released together."""
from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from gpusyn.errors import ModelError, nearest
from gpusyn.mechanism import Mechanism

SYNAPSE_MODELS = ("classic",)
WHOLE = 1e-9  # how far fractions may be from 1 in sum


@dataclass
class NeurotransmitterSystem:
    """A transmitter, the receptors that read it, and what regulates its release.

    Args:
        neurotransmitter: such as ``GlutamateNeurotransmitter()``.
        receptor: one receptor, or a list of them; they sit on the postsynaptic cells.
        synapse_model: "classic": every spike releases a vesicle with the transmitter's probability.
        autoreceptor: on the presynaptic cells; its `release_probability` takes the place of the transmitter's.

    Raises:
        ModelError: an unknown synapse model, or a part that is no mechanism.
    """

    neurotransmitter: Any
    receptor: Any = None
    synapse_model: str = "classic"
    autoreceptor: Any = None

    def __post_init__(self):
        if self.synapse_model not in SYNAPSE_MODELS:
            hint = nearest(self.synapse_model, SYNAPSE_MODELS)
            raise ModelError(f"synapse_model: '{self.synapse_model}' is unknown{hint}")
        require_mechanism(self.neurotransmitter, "neurotransmitter", "GlutamateNeurotransmitter()")
        for receptor in self.receptors:
            require_mechanism(receptor, "receptor", "AMPAReceptor()")
        if self.autoreceptor is not None:
            require_mechanism(self.autoreceptor, "autoreceptor", "GABA_B_Autoreceptor()")

    @property
    def receptors(self) -> list:
        """The receptors, none or more."""
        if self.receptor is None:
            return []
        return list(self.receptor) if isinstance(self.receptor, list | tuple) else [self.receptor]


class MultiNeurotransmitterSynapse:
    """Synapses that release several transmitters: each a part of its quantum, with its own probability.

    The parts draw their successes independently, as transmitters in vesicles of their own kinds do: amino acids in
    small clear ones, peptides in dense-core ones.

    Args:
        parts: ``(neurotransmitter, receptor, fraction)`` each; fractions are positive and sum to 1.

    Raises:
        ModelError: fractions that do not sum to 1, or one that is not positive.
    """

    def __init__(self, parts):
        self.parts = [(NeurotransmitterSystem(transmitter, receptor), float(fraction))
                      for transmitter, receptor, fraction in parts]
        fractions = [fraction for _, fraction in self.parts]
        for place, fraction in enumerate(fractions):
            if not 0 < fraction <= 1:
                raise ModelError(f"MultiNeurotransmitterSynapse[{place}]: fraction {fraction:g} must be above 0 and at "
                                 f"most 1")
        if not math.isclose(sum(fractions), 1.0, abs_tol=WHOLE):
            raise ModelError(f"MultiNeurotransmitterSynapse: fractions {fractions} sum to {sum(fractions):g}; "
                             f"they must sum to 1")


def require_mechanism(thing, place: str, example: str) -> None:
    """Raise a `ModelError` if something is not an instance of a mechanism."""
    if not isinstance(thing, Mechanism):
        raise ModelError(f"{place}: {thing!r} is not a mechanism; pass e.g. {example}")
