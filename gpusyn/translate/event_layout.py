"""How the arguments of an event's program lie in memory: it runs over the synapses of the neurons that spike.

Synapses are stored by source: those of a presynaptic neuron lie side by side, and the postsynaptic neuron of each is
looked up. Those of a postsynaptic neuron are reached through a list of their numbers, beside one of their sources.
"""
from __future__ import annotations

from dataclasses import dataclass

from gpusyn.program import Program
from gpusyn.translate.layout import Layout, Slot, lay_out

SIZES = ("n_point", "n_item", "dt_ms", "n_pre", "n_post", "n_site", "first")
LISTS = ("sites", "n_listed", "starts", "partners")


@dataclass(frozen=True)
class EventLayout(Layout):
    """A program that acts on the synapses of the neurons that spike at one end.

    Its arguments are, in this order:
        n_point, n_item, dt_ms: sweep points, synapses, the step in ms.
        n_pre, n_post: length of the arrays at either end.
        n_site: neurons that may spike; first: where their values begin in the arrays at their end.
        sites, n_listed: (n_point, n_site) int32 and (n_point,) int64, the neurons that spike (`list_spikes`).
        starts: (n_site + 1,) int64, where the synapses of each neuron begin.
        partners: (n_item,) int32, the other neuron of each synapse, in the order that `starts` counts.
        numbers: (n_item,) int32, only at the postsynaptic end: which synapse it is.
    and then the slots and what `trailing` says.
    """

    end: str = "pre"

    @property
    def leading(self) -> tuple[str, ...]:  # type: ignore[override]
        """Names of the arguments before the slots."""
        return SIZES + LISTS + (("numbers",) if self.end == "post" else ())

    @property
    def ends(self) -> list[str]:
        """None: the lists of the event take the place of an index at each end."""
        return []

    def shared(self, slot: Slot) -> bool:
        """Whether all synapses of one neuron see the same value."""
        return super().shared(slot) or slot.argument.at == self.end


def lay_out_event(program: Program, varies: dict[str, str], end: str) -> EventLayout:
    """The layout of what a spike at `end` does; `varies` as for `lay_out`."""
    return EventLayout(program, lay_out(program, varies).slots, end)
