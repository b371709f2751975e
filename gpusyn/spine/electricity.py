"""A neuron's potential: of its own, with channels, or one that is given."""
from __future__ import annotations

from math import pi

import numpy as np

from gpusyn import membrane
from gpusyn.mechanism import Mechanism, given, output, parameter
from gpusyn.spine import hosted
from gpusyn.spine.cable_eq import ChannelModel
from gpusyn.spine.synapse.synapses import ChemicalSynapse
from gpusyn.spine.translating import UntranslatableError, mechanism_of_channel
from gpusyn.spine.units import MV, PICOFARAD

CM_PER_UM = 1e-4


class PlayedInjection(Mechanism):
    """A current that is injected with a tabulated course."""

    level = given("pA/um^2", "current per area now, inward > 0")
    membrane_area = parameter(pi, "um^2", "area of membrane", source="1 um of a dendrite with a radius of 0.5 um")

    @output("pA", "injected current, inward > 0")
    @staticmethod
    def injection(level, membrane_area):
        """As it is played."""
        return membrane_area * level


def coupled(neuron) -> bool:
    """Whether a neuron has a potential of its own: if it is told so, or has synapses whose current needs one."""
    return neuron.model["voltage_coupling"] or any(isinstance(s, ChemicalSynapse) for s in neuron.synapse_instances)


def potential_of(neuron) -> str:
    """The name, within its population, of a neuron's potential."""
    return "cable.v" if coupled(neuron) else "voltage.v"


def electricity(cell) -> dict[str, Mechanism]:
    """The members that give a neuron its potential; `cell` is a `gpusyn.spine.building.Cell`."""
    neuron, s = cell.neuron, cell.neuron.settings
    if not coupled(neuron):
        return {"voltage": membrane.PrescribedVoltage(potential=f"{cell.name}_potential")}
    made = {"cable": membrane.Cable(resting_potential=s.Vrest * MV, axial_resistivity=s.Ra * CM_PER_UM,
                                    capacitance=s.Cm * PICOFARAD),
            "rest": membrane.RestingCurrent()}
    if callable(neuron.CableSettings.Ext):
        made["clamp"] = PlayedInjection(level=f"{cell.name}_injection")
    elif np.any(neuron.CableSettings.Ext):  # V/s are mV/ms
        made["clamp"] = membrane.CurrentClamp(density=np.asarray(neuron.CableSettings.Ext) * s.Cm * PICOFARAD)
    return made | {name: channel_of(cell, name, one) for name, one in neuron.CableSettings.chosen().items()}


def channel_of(cell, name, channel) -> Mechanism:
    """A channel as a mechanism: as it is, translated, or asked on the host."""
    if not isinstance(channel, ChannelModel):
        return channel
    try:
        return mechanism_of_channel(channel, cell.neuron.settings)()
    except UntranslatableError as reason:
        hosted.warn(f"{cell.name}: {type(channel).__name__}", str(reason))
        cell.built.acts.append(hosted.HostedChannel(f"{cell.name}.{name}.level", channel, cell.name, cell.neuron))
        return hosted.HostedCurrent()


def play(cell) -> None:
    """Play the potential, or the injected current, from tables over time."""
    neuron, model = cell.neuron, cell.model
    if not coupled(neuron):
        values = np.array([neuron.settings.potential(t, neuron.n_node) for t in cell.times])
        model.play(f"{cell.name}_potential", cell.name, cell.clock(), values * MV)
    elif callable(neuron.CableSettings.Ext):
        course = np.array([neuron.CableSettings.Ext(t) for t in cell.times])
        model.play(f"{cell.name}_injection", cell.name, cell.clock(), course * neuron.settings.Cm * PICOFARAD)
