"""CUDA C for a fused program: one device function per equation, one for the fused step, and the kernel around it."""
from __future__ import annotations

import ast

from gpusyn import lang
from gpusyn.program import in_order
from gpusyn.translate.layout import ITEM, POINT, SCALAR, SITE, Layout, uses
from gpusyn.translate.pointwise import Pointwise
from gpusyn.translate.reserved import CXX, free_name

BLOCK = 256  # threads; partial sums of a ledger are kept per block

HEADER = """\
#include "common.cuh"
#include "elementary.cuh"
#include "philox.cuh"
#include "population.cuh"
"""

SYMBOLS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.BitAnd: "&&", ast.BitOr: "||",
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}


def cuda_source(layout: Layout) -> str:
    """The whole translation unit of a program, its includes still by name."""
    functions = [device_function(f) for f in in_order(layout.program.pointwise.calls)]
    return "\n".join([HEADER, *functions, kernel(layout)])


def device_function(function: Pointwise) -> str:
    """One equation as a device function; several results come back as `Values<n>`."""
    many = function.keys is not None
    kind = f"Values<{len(function.results)}>" if many else "auto"
    parameters = ", ".join(f"const real {free_name(p, CXX)}" for p in function.parameters)
    results = ", ".join(expression(r) for r in function.results)
    last = f"return {{{{{results}}}}};" if many else f"return {results};"
    lines = [*statements(function), last]
    head = f"static __device__ __forceinline__ {kind} {function.name}({parameters})"
    return "\n".join([head, "{", *(f"    {line}" for line in lines), "}", ""])


def statements(function: Pointwise):
    """Assignments as C, each name assigned once."""
    for number, (names, value) in enumerate(function.statements):
        if len(names) == 1:
            yield f"const auto {free_name(names[0], CXX)} = {expression(value)};"
            continue
        yield f"const auto values_{number} = {expression(value)};"
        for k, name in enumerate(names):
            yield f"const real {free_name(name, CXX)} = values_{number}.at[{k}];"


def expression(node) -> str:
    """An expression as C, with every operation in parentheses and constants in the model's real type."""
    match node:
        case ast.Name():
            return free_name(node.id, CXX)
        case ast.Constant():
            return f"real({float(node.value)!r})"
        case ast.UnaryOp():
            return f"({'-' if isinstance(node.op, ast.USub) else '+'}{expression(node.operand)})"
        case ast.BinOp(op=ast.Pow()):
            return raised(node.left, node.right)
        case ast.BinOp():
            return f"({expression(node.left)} {SYMBOLS[type(node.op)]} {expression(node.right)})"
        case ast.Compare():
            return f"({expression(node.left)} {SYMBOLS[type(node.ops[0])]} {expression(node.comparators[0])})"
        case ast.Call():
            name = f"{node.func.id}_" if node.func.id in lang.PRIMITIVES else node.func.id
            return f"{name}({', '.join(expression(a) for a in node.args)})"
    raise TypeError(f"{type(node).__name__} is not an expression of a pointwise function")


def raised(base, exponent):
    """A power: whole exponents by multiplication, as on the other targets."""
    if isinstance(exponent, ast.Constant) and float(exponent.value).is_integer() and abs(exponent.value) < 64:
        return f"whole_power<{int(exponent.value)}>({expression(base)})"
    return f"power_({expression(base)}, {expression(exponent)})"


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
        yield f"{types.get(name, default or 'const unsigned int*')} {name}"


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
        words = f"philox(i, stream_{a.variable}, now, seeds + 2 * point)"
        drawn = f"normal(words_{a.variable}.x, words_{a.variable}.y, real(0))"
        drawn = drawn if a.kind == "normal" else f"uniform(words_{a.variable}.x, real(0))"
        yield f"    const Words words_{a.variable} = {words};"
        yield f"    const real {a.variable} = {drawn};"
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
