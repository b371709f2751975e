"""The operation around an event's program for Numba: it takes the synapses of the neurons that spike, in pieces.

Rows are cut at multiples of `PIECE` synapses from where they begin, whatever the number of workers: a synapse is always
computed at the same place of a vector loop, so that no bit depends on how the work is shared.
"""
from __future__ import annotations

from gpusyn.translate.event_layout import EventLayout
from gpusyn.translate.layout import ITEM, POINT, SITE, Slot, uses

PIECE = 256

EVENTS = """\
from gpusyn.backends.numba_ops.events import pieces_listed, pieces_of
from gpusyn.backends.numba_ops.share import share
"""


def event_operation(layout: EventLayout) -> str:
    """The operation: this worker's pieces of the rows of all neurons that spike."""
    program, name = layout.program, layout.program.name
    parameters = ["worker", "n_worker", "step", *layout.leading, *(s.array for s in layout.slots), *layout.trailing()]
    time = uses(program, "time")
    lines = [
        "dt = real(dt_ms)",
        *(["t = real(step * dt_ms)"] if time else []),
        f"begin, end = share(worker, n_worker, pieces_listed(sites, n_listed, starts, n_point, {PIECE}))",
        "seen = 0",
        "for point in range(n_point):",
        "    for listed in range(n_listed[point]):",
        "        if seen >= end:",
        "            break",
        "        site = np.int64(sites[point, listed])",
        f"        n_piece = pieces_of(starts, site, {PIECE})",
        f"        low = starts[site] + max(begin - seen, 0) * {PIECE}",
        f"        high = min(starts[site] + (end - seen) * {PIECE}, starts[site + 1])",
        "        seen += n_piece",
        "        if low < high:",
        f"            block_{name}({', '.join(values(layout))})",
    ]
    return "\n".join(["@operation", f"def step_{name}({', '.join(parameters)}):", *(f"    {x}" for x in lines), ""])


def values(layout: EventLayout) -> list[str]:
    """What a block gets: the synapses low to high of one neuron of one sweep point."""
    clock = [v for v, kind in (("dt", "dt"), ("t", "time")) if uses(layout.program, kind)]
    lists = [f"{name}[low:high]" for name in layout.leading if name in ("partners", "numbers")]
    random = []
    if layout.draws:
        streams = (f"stream_{a.variable}" for a in layout.draws)
        random = ["step", "low", "seeds[point, 0]", "seeds[point, 1]", *streams]
    return [*clock, *(given(layout, s) for s in layout.slots), *lists, *random]


def given(layout: EventLayout, slot: Slot) -> str:
    """The part of an argument that belongs to one neuron's synapses."""
    if slot.argument.at == layout.end:
        return f"{slot.array}[point, first + site]"
    if slot.argument.at != "item":
        return f"{slot.array}[point]"
    part = "low:high" if layout.end == "pre" else ":"
    return slot.array + {ITEM: f"[point, {part}]", SITE: f"[{part}]", POINT: "[point]"}.get(slot.varies, "")
