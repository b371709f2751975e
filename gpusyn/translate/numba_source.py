"""Python source for Numba: a vectorising loop over a block of items, and the operation that shares out the blocks.

Every call is written out (`flatten`), so that one function is compiled, not thirty; constants are wrapped in the
model's real type, because float32 times a literal would widen to float64.
"""
from __future__ import annotations

import ast
import copy

from gpusyn.program import DRAW_WORDS
from gpusyn.translate.event_layout import EventLayout
from gpusyn.translate.flat import flatten
from gpusyn.translate.invariant import hoist
from gpusyn.translate.layout import ITEM, POINT, RECIPROCAL, SITE, Layout, uses
from gpusyn.translate.numba_events import event_operation, event_rows
from gpusyn.translate.numba_events import parameters as event_parameters
from gpusyn.translate.ordering import ordered

# Items that are taken through the steps together: multiples of every vector length, small enough to stay in cache. Few
# items are cut finely, so that they can be shared out evenly. The size depends on nothing but the number of items.
BLOCKS = {32768: 1024}  # most items: items in a block
BLOCK = 2048                       # where there are more


def block_size(n_item: int) -> int:
    """Items in a block of a program over so many."""
    return next((size for most, size in BLOCKS.items() if n_item <= most), BLOCK)


HEADER = """\
import numpy as np

from gpusyn.backends.numba_ops.blocks import added, count_flags
from gpusyn.backends.numba_ops.compiled import inlined, inner, operation
from gpusyn.backends.numba_ops.elementary import (
    absolute, at_least, at_most, clip, cos, exp, expm1, floor, log, maximum, minimum, power, sin, sqrt, tanh, where,
)

real = np.{precision}
"""


DRAWS = """\
from gpusyn.backends.numba_ops.draws import chance, normal, uniform
from gpusyn.backends.numba_ops.inversion import binomial, poisson
from gpusyn.backends.numba_ops.philox import philox
"""


def numba_source(layout: Layout) -> str:
    """The two functions of a program: `block_<name>` (one block of items) and `step_<name>` (the operation)."""
    operation = event_operation if isinstance(layout, EventLayout) else operation_source
    return f"{block_source(layout)}\n\n{operation(layout)}"


def block_source(layout: Layout) -> str:
    """A loop over the items of one block; array arguments are slices that begin at the block's first item."""
    name, program = layout.program.name, layout.program
    head = f"@inner\ndef block_{name}({', '.join(block_parameters(layout))}):"
    known = [s.argument.variable.removesuffix(RECIPROCAL) for s in layout.slots if s.argument.path.endswith(RECIPROCAL)]
    same = invariants(layout)
    before, inside, results = hoist(ordered(flatten(program.pointwise), same, known), same, known)
    returned = [((f"new_{name}",), value) for name, value in zip(program.returned, results, strict=True)]
    ahead = [*loads(layout, varying=False), *assignments(before)]
    rows = [*loads(layout, varying=True), *draws(layout), *assignments([*inside, *returned]), *stores(layout)]
    sums = [f"ledger_sum_{k}" for k in range(len(program.ledger))]
    lines = [*ahead, *(f"{total} = real(0)" for total in sums), f"for i in range({loop_array(layout)}.shape[0]):",
             *(f"    {row}" for row in rows), *([f"return {', '.join(sums)},"] if sums else [])]
    lines = event_rows(ahead, rows) if isinstance(layout, EventLayout) else lines
    return "\n".join([head, *(f"    {line}" for line in lines), ""])


def invariants(layout: Layout) -> set[str]:
    """The variables that are the same for all items of a block."""
    return {"dt", "t"} | {s.argument.variable for s in layout.slots if layout.shared(s)}


def loop_array(layout: Layout) -> str:
    """An array of a block that has one element for each of its items."""
    return next(s.array for s in layout.slots if s.varies == ITEM and s.argument.at == "item")


def place_of(layout: Layout, at: str) -> str:
    """Where the values of the loop's item number i lie in an array of the items, or of the neurons at one end."""
    if isinstance(layout, EventLayout):
        return ("synapse" if layout.end == "post" else "place") if at == "item" else "np.uint32(partners[place])"
    # An unsigned index needs no look whether it counts from the end.
    return "i" if at == "item" else f"np.uint32({at}_index[i])"


def through_numbers(layout: Layout) -> bool:
    """Whether the items of a block lie scattered, and a list says where."""
    return isinstance(layout, EventLayout) and layout.end == "post"


def block_parameters(layout: Layout) -> list[str]:
    """Names of a block function's arguments."""
    if isinstance(layout, EventLayout):
        return event_parameters(layout)
    clock = [n for n, kind in (("dt", "dt"), ("t", "time")) if uses(layout.program, kind)]
    random = ["step", "first", "key0", "key1", *(f"stream_{a.variable}" for a in layout.draws)] if layout.draws else []
    trailing = [n for n in layout.trailing() if not n.startswith(("stream_", "seeds", "spike_count", "ledger_", "n_"))]
    return [*clock, *(s.array for s in layout.slots), *trailing, *random]


def loads(layout, varying):
    """Lines that fetch the arguments of one item, or those that all items of a block share."""
    if varying and through_numbers(layout):
        yield "synapse = np.uint32(numbers[place])"
    for slot in layout.slots:
        variable, array = slot.argument.variable, slot.array
        if layout.shared(slot) == varying:
            continue
        if not varying:
            of_neuron = isinstance(layout, EventLayout) and slot.argument.at == layout.end
            yield f"{variable} = {array}[row]" if of_neuron else f"{variable} = {array}"
            continue
        condition = " != 0" if slot.argument.kind == "flag" else ""
        yield f"{variable} = {array}[{place_of(layout, slot.argument.at)}]{condition}"


def draws(layout):
    """Lines that draw the random numbers of one item."""
    number = f"np.uint32({place_of(layout, 'item') if isinstance(layout, EventLayout) else 'first + i'})"
    for a in layout.draws:
        counter = f"{number}, stream_{a.variable}, np.uint32(step), np.uint32(step >> 32)"
        yield f"w0, w1, w2, w3 = philox({counter}, key0, key1)"
        words = ", ".join(f"w{k}" for k in range(DRAW_WORDS[a.kind]))
        yield f"{a.variable} = {a.kind}({words}, real(0))"


def assignments(statements):
    """Lines of single assignments, every constant in the real type."""
    for names, value in statements:
        yield f"{', '.join(names)} = {text(value)}"


def stores(layout):
    """Lines that store the results of one item, and add up what the ledger counts."""
    program = layout.program
    arrays = {s.argument.path: s.array for s in layout.slots}
    for variable, path in program.updates:
        yield f"{arrays[path]}[{place_of(layout, 'item')}] = new_{variable}"
    if program.spike:
        yield f"spike_at[i] = new_{program.spike}"
    for k, (variable, _) in enumerate(program.ledger):
        yield f"ledger_sum_{k} = added(ledger_sum_{k}, new_{variable})"


BOUNDED = {"maximum": "at_least", "minimum": "at_most"}  # the second argument is a number


class _Literals(ast.NodeTransformer):
    def visit_Call(self, node):
        bounded = isinstance(node.func, ast.Name) and node.func.id in BOUNDED and isinstance(node.args[1], ast.Constant)
        name = ast.Name(BOUNDED[node.func.id], ast.Load()) if bounded else node.func
        return ast.Call(name, [self.visit(argument) for argument in node.args], [])

    def visit_Constant(self, node):
        return ast.Call(ast.Name("real", ast.Load()), [ast.Constant(float(node.value))], [])


def text(node) -> str:
    """An expression with its constants in the model's real type."""
    return ast.unparse(ast.fix_missing_locations(_Literals().visit(copy.deepcopy(node))))


def operation_source(layout: Layout) -> str:
    """The operation: this worker's blocks, `n_step` steps of each before the next block is touched.

    It is part of its caller: else every part of an array that it passes on is counted, by one core after another.
    """
    program, name = layout.program, layout.program.name
    size = "n_item"
    few = "".join(f"{block} if {size} <= {most} else " for most, block in BLOCKS.items())
    parameters = ["worker", "n_worker", "step", *layout.leading, *(s.array for s in layout.slots), *layout.trailing()]
    clock = [v for v, kind in (("dt", "dt"), ("t", "time")) if uses(program, kind)]
    values = [*clock, *(sliced(s) for s in layout.slots), *trailing_values(layout), *random_values(layout)]
    lines = [
        "dt = real(dt_ms)",
        f"size = {layout.block or f'{few}{BLOCK}'}",
        f"n_block = ({size} + size - 1) // size",
        "n_task = n_point * n_block",
        "for task in range(worker * n_task // n_worker, (worker + 1) * n_task // n_worker):",
        "    point, block = task // n_block, task % n_block",
        "    low = block * size",
        f"    high = min(low + size, {size})",
        "    for now in range(step, step + n_step):",
        *(["        t = real(now * dt_ms)"] if "t" in clock else []),
        f"        {'amounts = ' if program.ledger else ''}block_{name}({', '.join(values)})",
        *(f"        {line}" for line in after_block(program)),
    ]
    return "\n".join(["@inlined", f"def step_{name}({', '.join(parameters)}):", *(f"    {x}" for x in lines), ""])


def sliced(slot):
    """The part of an argument that belongs to one block of one sweep point."""
    if slot.argument.at != "item":
        return f"{slot.array}[point]"
    return slot.array + {ITEM: "[point, low:high]", SITE: "[low:high]", POINT: "[point]"}.get(slot.varies, "")


def trailing_values(layout):
    """What a block gets of indices and spikes."""
    spike = ["spike_at[point, low:high]"] if layout.program.spike else []
    return [*(f"{end}_index[low:high]" for end in layout.ends), *spike]


def random_values(layout):
    """What a block needs to draw random numbers."""
    if not layout.draws:
        return []
    return ["now", "low", "seeds[point, 0]", "seeds[point, 1]", *(f"stream_{a.variable}" for a in layout.draws)]


def after_block(program):
    """Sums over the block: spikes, and amounts for the ledger."""
    if program.spike:
        yield "spike_count[point, block] += count_flags(spike_at[point, low:high])"
    for k in range(len(program.ledger)):
        yield f"ledger_{k}[point, block] += np.float64(amounts[{k}])"
