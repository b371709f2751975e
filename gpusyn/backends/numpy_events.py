"""An event's program on whole arrays: all synapses of all neurons that spike at once."""
from __future__ import annotations

import numpy as np

from gpusyn.numerics.draws import drawn
from gpusyn.numerics.philox import philox
from gpusyn.translate.event_layout import EventLayout
from gpusyn.translate.layout import ITEM, POINT, SCALAR, Slot


class NumpyEvents:
    """What spikes do to their neurons' synapses; no synapse belongs to two neurons of one end, so no order matters."""

    def __init__(self, layout: EventLayout, args, real, function):
        self.layout, self.real, self.function = layout, real, function
        names = [*layout.leading, *(s.array for s in layout.slots), *layout.trailing()]
        self.values = dict(zip(names, args, strict=True))

    def __call__(self, step):
        for point in range(self.values["n_point"]):
            self.act(step, point)

    def act(self, step, point):
        """The spikes of one sweep point."""
        given, program = self.values, self.layout.program
        listed = given["sites"][point, : given["n_listed"][point]].astype(np.int64)
        counts = given["starts"][listed + 1] - given["starts"][listed]
        first = np.repeat(given["starts"][listed] - np.cumsum(counts) + counts, counts)
        place = first + np.arange(first.size)
        if place.size == 0:
            return
        synapse = given["numbers"][place] if self.layout.end == "post" else place
        index = {"item": synapse, self.layout.end: np.repeat(given["first"] + listed, counts)}
        index[{"pre": "post", "post": "pre"}[self.layout.end]] = given["partners"][place]
        slots = {s.argument.variable: s for s in self.layout.slots}
        seen = [self.value(slots[a.variable], point, index) if a.variable in slots
                else self.made(a, step, point, synapse) for a in program.arguments]
        arrays = {s.argument.path: given[s.array] for s in self.layout.slots}
        for (_, path), result in zip(program.updates, self.function(*seen), strict=True):
            arrays[path][point, synapse] = result

    def value(self, slot: Slot, point, index):
        """What the equations see of one slot."""
        array = self.values[slot.array]
        if slot.varies == SCALAR:
            return self.real(array)
        if slot.varies == POINT:
            return array[point]
        return array[point, index[slot.argument.at]] if slot.varies == ITEM else array[index["item"]]

    def made(self, argument, step, point, synapse):
        """The step, the time, or a random number for each synapse."""
        if argument.kind in ("dt", "time"):
            return self.real(self.values["dt_ms"] * (1 if argument.kind == "dt" else step))
        key = self.values["seeds"][point]
        words = philox(synapse.astype(np.uint32), np.uint32(self.values[f"stream_{argument.variable}"]),
                       np.uint32(step & 0xFFFFFFFF), np.uint32(step >> 32), key[0], key[1])
        return drawn(argument.kind, words, self.real)
