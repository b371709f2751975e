"""CUDA C for a fused program: one device function per equation, one for the fused step, and the kernel around it."""
from __future__ import annotations

from gpusyn.program import in_order
from gpusyn.translate.cuda_events import event_kernel, event_launch
from gpusyn.translate.cuda_text import device_function, drawn, expression, statements
from gpusyn.translate.event_layout import EventLayout
from gpusyn.translate.layout import ITEM, POINT, SCALAR, SITE, Layout, uses

BLOCK = 256  # threads; partial sums of a ledger are kept per block

HEADER = """\
#include "common.cuh"
#include "elementary.cuh"
#include "philox.cuh"
#include "population.cuh"
"""

def cuda_source(layout: Layout) -> str:
    """The whole translation unit of a program, its includes still by name."""
    functions = [device_function(f) for f in in_order(layout.program.pointwise.calls)]
    frame = event_kernel(layout) if isinstance(layout, EventLayout) else kernel(layout)
    counts = ['#include "inversion.cuh"'] if layout.draws else []
    return "\n".join([HEADER, *counts, *functions, frame])


def launch_of(layout: Layout, args: list) -> tuple[tuple, tuple]:
    """Grid and block of a program's kernel, given the arguments of its call."""
    if isinstance(layout, EventLayout):
        return event_launch(layout, args)
    n_point, n_item = args[1:3]
    return (max(1, -(-n_item // BLOCK)), n_point), (BLOCK,)


def kernel(layout: Layout) -> str:
    """The kernel: one thread per item, one row of blocks per sweep point."""
    program = layout.program
    lines = [
        "const index_t i = index_t(blockIdx.x) * blockDim.x + threadIdx.x, point = blockIdx.y;",
        "const bool inside = i < n_item;",
        *(f"double amount_{k} = 0.0;" for k in range(len(program.ledger))),
        *(["bool fired = false;"] if program.spike else []),
        "if (inside) {",
        *(f"    {line}" for line in item_lines(layout)),
        "}",
        *sums(program),
    ]
    parameters = ", ".join(["const long long* clock", *kernel_parameters(layout)])
    head = f'extern "C" __global__ void step_{program.name}({parameters})'
    return "\n".join([head, "{", *(f"    {line}" for line in lines), "}", ""])


def kernel_parameters(layout):
    """The kernel's parameters after the clock, typed, in the order of the operation's arguments."""
    yield from ("index_t n_step", "index_t n_point", "index_t n_item", "double dt_ms")
    for slot in layout.slots:
        kind = "unsigned char" if slot.argument.kind == "flag" else "real"
        written = slot.argument.kind == "state"
        yield f"real {slot.array}" if slot.varies == SCALAR else f"{'' if written else 'const '}{kind}* {slot.array}"
    types = {"spike_at": "unsigned char*", "spike_count": "long long*", "seeds": "const unsigned int*"}
    for name in layout.trailing():
        default = {"ledger": "double*", "stream": "unsigned int", "n": "index_t"}.get(name.split("_")[0])
        yield f"{types.get(name, default or 'const int*')} {name}"


def item_lines(layout):
    """Loads, the fused program and stores of one item, `n_step` times."""
    program = layout.program
    yield "const index_t item = point * n_item + i;"
    yield "const real dt = real(dt_ms);"
    yield "for (index_t now = clock[0]; now < clock[0] + n_step; ++now) {"
    if uses(program, "time"):
        yield "    const real t = real(double(now) * dt_ms);"
    for slot in layout.slots:
        yield f"    {load(slot)}"
    for a in layout.draws:
        yield f"    const Words words_{a.variable} = philox(i, stream_{a.variable}, now, seeds + 2 * point);"
        yield f"    {drawn(a)}"
    for line in statements(program.pointwise):
        yield f"    {line}"
    yield from stores(layout)
    yield "}"


def load(slot):
    """One argument of one item."""
    name, array, at = slot.argument.variable, slot.array, slot.argument.at
    if slot.varies == SCALAR:
        return f"const real {name} = {array};"
    index = {POINT: "point", SITE: "i", ITEM: "item"}[slot.varies]
    if at != "item":
        index = f"point * n_{at} + {at}_index[i]"
    kind, condition = ("bool", " != 0") if slot.argument.kind == "flag" else ("real", "")
    return f"const {kind} {name} = {array}[{index}]{condition};"


def stores(layout):
    """Results of one item."""
    program = layout.program
    arrays = {s.argument.path: s.array for s in layout.slots}
    results = dict(zip(program.returned, program.pointwise.results, strict=True))
    for variable, path in program.updates:
        yield f"    {arrays[path]}[item] = {expression(results[variable])};"
    if program.spike:
        yield f"    fired = {expression(results[program.spike])};"
        yield "    spike_at[item] = fired;"
    for k, (variable, _) in enumerate(program.ledger):
        yield f"    amount_{k} += double({expression(results[variable])});"


def sums(program):
    """Sums over the block, by thread 0 in a fixed order."""
    if program.spike:
        yield "count_fired(fired, spike_count + point * gridDim.x + blockIdx.x);"
    for k in range(len(program.ledger)):
        yield f"add_block_sum(amount_{k}, ledger_{k} + point * gridDim.x + blockIdx.x);"
