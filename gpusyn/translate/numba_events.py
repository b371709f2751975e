"""The operation around an event's program for Numba: it takes the synapses of the neurons that spike, in pieces.

Rows are cut at multiples of `PIECE` synapses from where they begin, whatever the number of workers: a synapse is always
computed at the same place of a vector loop, so that no bit depends on how the work is shared. One function takes all
rows of a sweep point: many neurons have few synapses, and a call for each would cost more than they do.
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
    lines = [
        "dt = real(dt_ms)",
        *(["t = real(step * dt_ms)"] if uses(program, "time") else []),
        "from_piece, to_piece = share(",
        f"    worker, n_worker, pieces_listed(sites, n_listed, starts, n_point, {PIECE}))",
        "seen_piece = 0",
        "for point in range(n_point):",
        "    if seen_piece >= to_piece:",
        "        break",
        f"    seen_piece = block_{name}({', '.join(values(layout))})",
    ]
    return "\n".join(["@inlined", f"def step_{name}({', '.join(parameters)}):", *(f"    {x}" for x in lines), ""])


def values(layout: EventLayout) -> list[str]:
    """What a block gets: all of one sweep point, and which pieces are this worker's."""
    clock = [v for v, kind in (("dt", "dt"), ("t", "time")) if uses(layout.program, kind)]
    random = []
    if layout.draws:
        streams = (f"stream_{a.variable}" for a in layout.draws)
        random = ["step", "seeds[point, 0]", "seeds[point, 1]", *streams]
    rows = ["sites[point]", "n_listed[point]", "starts", "first", "seen_piece", "from_piece", "to_piece"]
    return [*clock, *(given(slot) for slot in layout.slots), *lists(layout), *random, *rows]


def parameters(layout: EventLayout) -> list[str]:
    """Names of a block function's arguments, as `values` gives them."""
    clock = [n for n, kind in (("dt", "dt"), ("t", "time")) if uses(layout.program, kind)]
    random = ["step", "key0", "key1", *(f"stream_{a.variable}" for a in layout.draws)] if layout.draws else []
    rows = ["sites", "n_listed", "starts", "first", "seen_piece", "from_piece", "to_piece"]
    return [*clock, *(slot.array for slot in layout.slots), *lists(layout), *random, *rows]


def lists(layout: EventLayout) -> list[str]:
    """The lists beside the synapses of a row."""
    return [name for name in layout.leading if name in ("partners", "numbers")]


def given(slot: Slot) -> str:
    """The part of an argument that belongs to one sweep point."""
    varies = slot.varies if slot.argument.at == "item" else ITEM
    return slot.array + {ITEM: "[point]", POINT: "[point]", SITE: ""}.get(varies, "")


def event_rows(ahead: list[str], inside: list[str]) -> list[str]:
    """The loops over a worker's pieces and over the synapses of each.

    Args:
        ahead: lines for what the synapses of a row share; `row` is where their neuron's values lie.
        inside: lines for one synapse, which lies at `place` of the lists.
    """
    return [
        "for listed in range(n_listed):",
        "    if seen_piece >= to_piece:",
        "        break",
        "    site = np.int64(sites[listed])",
        f"    n_piece = pieces_of(starts, site, {PIECE})",
        f"    row_low = starts[site] + max(from_piece - seen_piece, 0) * {PIECE}",
        f"    row_high = min(starts[site] + (to_piece - seen_piece) * {PIECE}, starts[site + 1])",
        "    seen_piece += n_piece",
        "    if row_low < row_high:",
        *(f"        {line}" for line in ["row = np.uint64(first + site)", *ahead]),
        "        for i in range(row_high - row_low):",
        # An unsigned index needs no look whether it counts from the end.
        *(f"            {line}" for line in ["place = np.uint64(row_low) + np.uint64(i)", *inside]),
        "return seen_piece",
    ]
