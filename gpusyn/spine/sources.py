"""Synapses that are sources of calcium or IP3, whose course is tabulated before a run."""
from __future__ import annotations

import numpy as np

from gpusyn.mechanism import Mechanism, given, output, parameter
from gpusyn.spine.synapse import legacy
from gpusyn.spine.synapse.synapses import DirectCalciumRelease
from gpusyn.spine.units import FLUX


class PatternedFlux(Mechanism):
    """Base of the sources whose course is a table, and whose place is a weight per node."""

    level = given("uM um/ms", "flux density now, where the weight is 1")
    weight = parameter(1.0, "1", "1 where the source is")


class PatternedCalcium(PatternedFlux):
    """Calcium that flows in with a tabulated course."""

    @output("uM um/ms", "calcium flux into the cytosol per area of plasma membrane")
    @staticmethod
    def flux_from_outside(level, weight):
        """The course, at its nodes."""
        return weight * level


class PatternedIP3(PatternedFlux):
    """IP3 that flows in with a tabulated course."""

    @output("uM um/ms", "IP3 flux into the cytosol per area of plasma membrane")
    @staticmethod
    def ip3_flux(level, weight):
        """The course, at its nodes."""
        return weight * level


def direct(neuron) -> list:
    """The synapses that are sources; without IP3 there are none of it."""
    found = [s for s in neuron.synapse_instances
             if isinstance(s, DirectCalciumRelease) or (isinstance(s, legacy.synapse) and s.is_tabulated)]
    return [s for s in found if s.domain != "ip3" or neuron.model["IP3"]]


def sources(cell) -> dict[str, Mechanism]:
    """The members that these become; `cell` is a `gpusyn.spine.building.Cell`."""
    made = {}
    for number, synapse in enumerate(direct(cell.neuron)):
        kind = PatternedIP3 if synapse.domain == "ip3" else PatternedCalcium
        made[f"synapse{number}"] = kind(weight=cell.weights(dict.fromkeys(synapse.nodes, 1.0)),
                                        level=f"{cell.name}_course{number}")
    return made


def play(cell) -> None:
    """Play the courses. Before the run nothing flows: the leaks balance that."""
    times = np.concatenate([[-cell.model.dt], cell.clock()])
    for number, synapse in enumerate(direct(cell.neuron)):
        course = synapse.course(cell.times)
        cell.model.play(f"{cell.name}_course{number}", cell.name, times, FLUX * np.array([0.0, *course]))
