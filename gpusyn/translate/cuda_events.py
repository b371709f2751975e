"""The kernel around an event's program: blocks take the neurons that spike, threads their synapses."""
from __future__ import annotations

from gpusyn.translate.cuda_text import drawn, expression, statements
from gpusyn.translate.event_layout import EventLayout
from gpusyn.translate.layout import ITEM, POINT, SCALAR, SITE, Slot, uses

LEAST_THREADS, MOST_THREADS = 32, 256
MOST_BLOCKS = 1024  # per sweep point; a block takes one neuron after another
LEADING = {"dt_ms": "double", "sites": "const int*", "n_listed": "const long long*", "starts": "const long long*",
           "partners": "const int*", "numbers": "const int*"}


def event_kernel(layout: EventLayout) -> str:
    """The kernel of an event's program. A synapse is touched by one thread, so that no order matters."""
    program = layout.program
    scattered = layout.end == "post"
    lines = [
        "const index_t point = blockIdx.y, step = clock[0];",
        "const real dt = real(dt_ms);",
        *(["const real t = real(double(step) * dt_ms);"] if uses(program, "time") else []),
        "for (index_t listed = blockIdx.x; listed < n_listed[point]; listed += gridDim.x) {",
        "    const index_t site = sites[point * n_site + listed];",
        *(f"    {load(layout, slot)}" for slot in layout.slots if layout.shared(slot)),
        "    for (index_t place = starts[site] + threadIdx.x; place < starts[site + 1]; place += blockDim.x) {",
        f"        const index_t synapse = {'numbers[place]' if scattered else 'place'};",
        "        const index_t partner = partners[place];",
        *(f"        {load(layout, slot)}" for slot in layout.slots if not layout.shared(slot)),
        *(f"        {line}" for line in draws(layout)),
        *(f"        {line}" for line in statements(program.pointwise)),
        *(f"        {line}" for line in stores(layout)),
        "    }",
        "}",
    ]
    head = f'extern "C" __global__ void step_{program.name}({", ".join(parameters(layout))})'
    return "\n".join([head, "{", *(f"    {line}" for line in lines), "}", ""])


def parameters(layout: EventLayout):
    """The kernel's parameters, typed."""
    yield "const long long* clock"
    yield from (f"{LEADING.get(name, 'index_t')} {name}" for name in layout.leading)
    for slot in layout.slots:
        written = slot.argument.kind == "state"
        yield f"real {slot.array}" if slot.varies == SCALAR else f"{'' if written else 'const '}real* {slot.array}"
    for name in layout.trailing():
        yield f"const unsigned int* {name}" if name == "seeds" else f"unsigned int {name}"


def load(layout: EventLayout, slot: Slot) -> str:
    """One argument of a synapse, or of all synapses of a neuron."""
    name, array, at = slot.argument.variable, slot.array, slot.argument.at
    if slot.varies == SCALAR:
        return f"const real {name} = {array};"
    if at == "item":
        index = {POINT: "point", SITE: "synapse", ITEM: "point * n_item + synapse"}[slot.varies]
    else:
        index = f"point * n_{at} + " + ("first + site" if at == layout.end else "partner")
    return f"const real {name} = {array}[{index}];"


def draws(layout: EventLayout):
    """The random numbers of one synapse."""
    for a in layout.draws:
        yield f"const Words words_{a.variable} = philox(synapse, stream_{a.variable}, step, seeds + 2 * point);"
        yield drawn(a)


def stores(layout: EventLayout):
    """Results of one synapse."""
    arrays = {s.argument.path: s.array for s in layout.slots}
    results = dict(zip(layout.program.returned, layout.program.pointwise.results, strict=True))
    for variable, path in layout.program.updates:
        yield f"{arrays[path]}[point * n_item + synapse] = {expression(results[variable])};"


def event_launch(layout: EventLayout, args: list) -> tuple[tuple, tuple]:
    """Grid and block: a block for each neuron up to a limit, and threads for the synapses of a usual one."""
    given = dict(zip(layout.leading, args, strict=False))
    n_site = max(1, given["n_site"])
    threads = LEAST_THREADS
    while threads < min(given["n_item"] // n_site, MOST_THREADS):
        threads *= 2
    return (min(n_site, MOST_BLOCKS), given["n_point"]), (threads,)
