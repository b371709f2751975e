"""Equations written out, hoisted, differentiated and printed: each transformation alone, on small functions."""
import ast

import numpy as np
import pytest
from parity_cases import all_cases, start_of
from single_item import as_python

from gpusyn import lang
from gpusyn.errors import EquationError
from gpusyn.program import lang_words
from gpusyn.translate.cuda_text import device_function, expression
from gpusyn.translate.derivative import calls_in, differentiate, names_in, without_dead_code
from gpusyn.translate.flat import flatten
from gpusyn.translate.invariant import hoist
from gpusyn.translate.numba_source import invariants, text
from gpusyn.translate.pointwise import Pointwise, read, read_source

CASES = all_cases()
X = np.array([-2.5, -0.7, -0.1, 0.2, 0.9, 1.7, 3.0])


def function_of(formula, parameters="x, y", **scope):
    return read_source(f"def f({parameters}):\n    return {formula}", "f", lang_words() | scope)


def cube_and_square(x):
    """Two results."""
    square = x * x
    return square * x, square


def line(x, offset, slope):
    """A function whose derivative by x takes fewer arguments than it does."""
    return slope * x + offset


# written out ---------------------------------------------------------------------------------------------------


def test_a_flat_function_calls_only_words_and_assigns_every_name_once():
    for case in CASES:
        flat = flatten(case.program.pointwise)
        assigned = [name for names, _ in flat.statements for name in names]
        assert len(set(assigned)) == len(assigned), case.name
        assert not set(assigned) & set(flat.parameters), case.name
        for node in [value for _, value in flat.statements] + flat.results:
            assert calls_in(node) <= set(lang.PRIMITIVES), case.name
            assert not any(isinstance(n, ast.Pow) for n in ast.walk(node)), case.name


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 4, 7, 13, -1, -2, -5, 2.0])
def test_whole_powers_are_products_for_either_sign_of_the_base(exponent):
    flat = flatten(function_of(f"x ** {exponent}", "x"))
    assert not {n for node in flat.results for n in calls_in(node)}
    assert np.broadcast_to(as_python(flat)(X), X.shape) == pytest.approx(X**exponent, rel=1e-14)


@pytest.mark.parametrize("exponent", ["0.5", "y", "64", "-1.5"])
def test_other_powers_are_calls(exponent):
    flat = flatten(function_of(f"x ** {exponent}"))
    assert {n for _, value in flat.statements for n in calls_in(value)} == {"power"}
    assert as_python(flat)(1.7, 0.3) == pytest.approx(eval(f"1.7 ** {exponent}", {"y": 0.3}), rel=1e-14)


@pytest.mark.parametrize(("formula", "short"), [
    ("x * y + 0.0", "x * y"), ("0.0 + x", "x"), ("x - 0.0", "x"), ("x + y * 0.0", "x"), ("1.0 * x / y", "x / y"),
    ("0.0 - x", "0.0 - x"), ("x * (0.0 * y + 1.0)", "x"), ("x / 1.0 + 2.0", "x / 1.0 + 2.0"),
])
def test_zeros_and_ones_of_totals_that_nothing_contributes_to_are_not_computed(formula, short):
    (result,) = flatten(function_of(formula)).results
    assert ast.unparse(ast.fix_missing_locations(result)) == short


def test_functions_of_several_results_are_written_out():
    def both(x):
        cube, square = cube_and_square(x + 1.0)
        return cube - square

    flat = flatten(read(both))
    assert not flat.calls
    assert as_python(flat)(X) == pytest.approx(both(X), rel=1e-15)


# before the loop -----------------------------------------------------------------------------------------------


def joined(function, before, inside, results):
    """What `hoist` took apart, as one function again."""
    return as_python(Pointwise("f", function.parameters, [*before, *inside], results, function.keys))


@pytest.mark.parametrize("real", [np.float32, np.float64])
def test_a_hoisted_division_is_right_to_one_unit_in_the_last_place(real):
    random = np.random.default_rng(3)
    function = function_of("x / y")
    before, inside, results = hoist(function, {"y"})
    assert len(before) == 1
    x, y = (np.exp(random.uniform(-20.0, 20.0, 100_000)).astype(real) for _ in range(2))
    quotient, found = x / y, joined(function, before, inside, results)(x, y)
    assert found.dtype == real
    assert (np.abs(found - quotient) <= np.spacing(quotient)).all()


def test_only_what_is_the_same_for_all_items_is_hoisted():
    for case in CASES:
        layout = case.layout()
        shared = invariants(layout)
        flat = flatten(case.program.pointwise)
        before, inside, results = hoist(flat, shared)
        known = set(shared)
        for names, value in before:
            assert names_in(value) <= known, case.name
            known |= set(names)
        known |= set(flat.parameters)
        for names, value in inside:
            assert names_in(value) <= known, case.name
            known |= set(names)
        assert all(names_in(result) <= known for result in results), case.name
        assert {n for names, _ in flat.statements for n in names} <= known, case.name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_hoisting_changes_a_program_by_rounding_only(case):
    shared, flat = invariants(case.layout()), flatten(case.program.pointwise)
    values = [plausible(case, argument) for argument in case.program.arguments]
    expected = as_python(flat)(*values)
    found = joined(flat, *hoist(flat, shared))(*values)
    for one, other in zip(*(r if isinstance(r, tuple) else (r,) for r in (expected, found)), strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-11, atol=1e-11 * np.abs(one).max())


def plausible(case, argument):
    """A value of a program's argument, one for 7 items where it varies."""
    if argument.kind == "parameter":
        return case.parameter(argument.path).flat[0]
    if argument.kind in ("dt", "time"):
        return 0.05
    if argument.kind in ("normal", "uniform"):
        return np.linspace(0.1, 0.9, 7)
    start = start_of(argument)[0, :7]
    return start != 0 if argument.kind == "flag" else start


# derivatives ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("formula", [
    "x * y + 3.0", "-x / (y + x)", "exp(x * y)", "expm1(x) - x", "log(x)", "tanh(y * x)", "sqrt(x + y)", "sin(x * x)",
    "cos(x)", "absolute(x - 5.0)", "minimum(x, y * x * x)", "maximum(x * x, y)", "where(x > y, x * x, y * x)",
    "clip(x, 0.1, 3.0)", "clip(x, 2.0, 5.0)", "clip(y, 0.0, x)", "clip(y, x, 9.0)", "exprel(x)", "power(x, y)",
    "power(y, x)", "x ** y", "y ** x", "x ** 3", "x ** -2", "x ** 0.5", "x ** 1", "line(x * x, y, 2.0)",
    "line(2.0, x, y) * line(y, y, x)",
])
@pytest.mark.parametrize(("x", "y"), [(1.3, 2.2), (0.4, 0.3)])
def test_rules_of_differentiation(formula, x, y):
    function = function_of(formula, line=line)
    partial = differentiate(function, "x")
    known, evaluate, h = {"x": x, "y": y}, as_python(function), 1e-6
    found = as_python(partial)(*[known[p] for p in partial.parameters])
    assert found == pytest.approx((evaluate(x + h, y) - evaluate(x - h, y)) / (2 * h), rel=1e-7, abs=1e-8)


@pytest.mark.parametrize("formula", ["y", "floor(x)", "where(x > y, 1.0, 2.0)", "x ** 0", "line(y, 1.0, 2.0)"])
def test_what_does_not_depend_on_an_argument_has_no_derivative(formula):
    assert differentiate(function_of(formula, line=line), "x") is None


def test_a_power_of_zero_has_a_derivative_by_its_exponent():
    partial = differentiate(function_of("y ** x + power(y, x)"), "x")
    assert as_python(partial)(**{p: {"x": 2.0, "y": 0.0}[p] for p in partial.parameters}) == 0.0


def test_derivatives_of_several_results():
    def sum_of_both(x, y):
        cube, square = cube_and_square(x * y)
        return cube + square

    partial = differentiate(read(sum_of_both), "x")
    assert as_python(partial)(0.5, 3.0) == pytest.approx(3 * 3.0 * 1.5**2 + 2 * 3.0 * 1.5, rel=1e-15)


def test_a_derivative_takes_only_the_arguments_that_matter():
    partial = differentiate(read(line), "x")
    assert partial.parameters == ("slope",)
    assert partial.statements == []


def test_dead_code_goes_with_its_calls_and_arguments():
    def two(x, y):
        kept = x + 1.0
        cube, square = cube_and_square(y)
        return {"a": kept, "b": cube * square}

    live = without_dead_code(read(two), ["a"])
    assert (live.parameters, live.keys, live.calls) == (("x",), ("a",), {})
    assert [names for names, _ in live.statements] == [("kept",)]


# printing ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("formula", "cuda", "numba"), [
    ("x ** 3", "whole_power<3>(x)", "x ** real(3.0)"),
    ("x ** -2", "whole_power<-2>(x)", "x ** real(-2.0)"),
    ("x ** 2.0", "whole_power<2>(x)", "x ** real(2.0)"),
    ("x ** 0.5", "power_(x, real(0.5))", "x ** real(0.5)"),
    ("x ** 64", "power_(x, real(64.0))", "x ** real(64.0)"),
    ("(x + 1) ** 2", "whole_power<2>((x + real(1.0)))", "(x + real(1.0)) ** real(2.0)"),
    ("0.1 - -x", "(real(0.1) - (-x))", "real(0.1) - -x"),
    ("1 / 3", "(real(1.0) / real(3.0))", "real(1.0) / real(3.0)"),
    ("x - (y - 1e-30)", "(x - (y - real(1e-30)))", "x - (y - real(1e-30))"),
    ("maximum(x, 0.5) + minimum(x, y)", "(maximum_(x, real(0.5)) + minimum_(x, y))",
     "at_least(x, real(0.5)) + minimum(x, y)"),
    ("where((x > y) & (x != 2), x, y)", "where_(((x > y) && (x != real(2.0))), x, y)",
     "where((x > y) & (x != real(2.0)), x, y)"),
])
def test_expressions_are_printed_in_the_real_type(formula, cuda, numba):
    (result,) = function_of(formula).results
    assert expression(result) == cuda
    assert text(result) == numba


def test_an_equation_is_printed_as_a_device_function():
    lines = device_function(read(cube_and_square)).splitlines()
    assert lines == [
        "static __device__ __forceinline__ Values<2> cube_and_square(const real x)", "{",
        "    const auto square = (x * x);", "    return {{(square * x), square}};", "}",
    ]


@pytest.mark.parametrize("constant", ["1e999", "-1e999", "1" + "0" * 400])
def test_constants_that_no_target_can_write_are_refused(constant):
    with pytest.raises(EquationError, match="cannot be a constant of an equation; it must be a finite number"):
        function_of(f"x * {constant}", "x")
    with pytest.raises(EquationError, match="cannot be a constant of an equation"):
        function_of("x * LARGE", "x", LARGE=float("nan"))
