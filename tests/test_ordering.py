"""The order of factors in compiled loops: same value, what is the same for all items first, what is known late last."""
import ast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gpusyn.translate.flat import flatten
from gpusyn.translate.invariant import hoist
from gpusyn.translate.ordering import ordered
from gpusyn.translate.pointwise import read_source

NAMES = ("a", "b", "x", "y", "z")  # a and b are the same for all items


def reordered(lines, result, reciprocals=()):
    """A function of NAMES with its parts in order; as text, statement by statement and the result."""
    source = "\n".join([f"def f({', '.join(NAMES)}):", *(f"    {line}" for line in lines), f"    return {result}"])
    function = ordered(flatten(read_source(source, "f", {})), {"a", "b"}, reciprocals)
    text = [f"{names[0]} = {ast.unparse(ast.fix_missing_locations(v))}" for names, v in function.statements]
    return [*text, ast.unparse(ast.fix_missing_locations(function.results[0]))]


@pytest.mark.parametrize(("lines", "result", "expected"), [
    ([], "x * a * y * b", ["a * b * x * y"]),                            # what is the same for all items moves out
    (["u = x / y"], "u * a * z * b", ["u = x / y", "a * b * z * u"]),    # a quotient is known last
    ([], "(x + y) * z", ["z * (x + y)"]),
    ([], "x * y * x * a", ["a * y * (x * x)"]),                          # squares are found again
    (["u = b * x", "v = a * u"], "v + y", ["v = a * b * x", "v + y"]),   # a product that serves one other
    (["u = b * x", "v = a * u"], "v + u", ["u = b * x", "v = a * b * x", "v + u"]),  # of one that differs, any other
    (["u = y * x", "v = a * u"], "v + u", ["u = y * x", "v = a * u", "v + u"]),
    ([], "x * a / b", ["a / b * x"]),
    ([], "x / b", ["1.0 / b * x"]),
    ([], "x / (y + z) * a", ["a * x / (y + z)"]),
    (["u = x / y"], "u * z / (x + y)", ["u = x / y", "z / (x + y) * u"]),  # one division each
    ([], "x / y / z", ["x / y / z"]),
    (["u = x / y"], "u + z - a * x", ["u = x / y", "u + z - a * x"]),    # sums stay
])
def test_order(lines, result, expected):
    assert reordered(lines, result) == expected


def test_a_reciprocal_that_is_given_costs_no_division():
    assert reordered([], "(x + y) / z * a", {"z"}) == ["a / z * (x + y)"]
    before, _, (result,) = hoist(flatten(read_source("def f(x, z):\n    return 1.0 / z * x\n", "f", {})), set(), {"z"})
    assert not before
    assert ast.unparse(ast.fix_missing_locations(result)) == "z_reciprocal * x"


expressions = st.recursive(
    st.sampled_from([*NAMES, "2.0", "0.5"]),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner, st.booleans()).map(
        lambda parts: f"({parts[0]} {parts[1]} {parts[2]})" if parts[3] else f"{parts[0]} {parts[1]} {parts[2]}"),
    max_leaves=12)


@settings(max_examples=300, deadline=None)
@given(st.lists(expressions, min_size=1, max_size=4))
def test_values_stay(values):
    """Whatever is written: the same number, to rounding."""
    lines, known = [], [*NAMES]
    for k, value in enumerate(values):
        lines.append(f"u{k} = {value} * {known[-1]}")
        known.append(f"u{k}")
    text = reordered(lines, f"u0 + {known[-1]} * x")
    numbers = dict(zip(NAMES, np.array([1.3, 0.7, 2.1, 0.9, 3.7]), strict=True))
    with np.errstate(all="ignore"):
        plain, new, size = dict(numbers), dict(numbers), dict(numbers)
        for line in lines:
            exec(line, {}, plain)
            exec(line.replace("-", "+"), {}, size)  # how large the terms are
        for line in text[:-1]:
            exec(line, {}, new)
        wanted, found = plain["u0"] + plain[known[-1]] * plain["x"], eval(text[-1], {}, new)
    if np.isfinite(wanted) and abs(wanted) < 1e12:
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9 * size_of(size))


def size_of(numbers):
    """The largest of the numbers that are finite."""
    return max(1.0, *(abs(v) for v in numbers.values() if np.isfinite(v)))
