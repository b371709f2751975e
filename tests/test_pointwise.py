"""The language of equations: what it refuses, and that the message shows where and what to write instead."""
from math import sqrt

import pytest
from single_item import as_python

from gpusyn.errors import EquationError
from gpusyn.fusing.text import ProgramText
from gpusyn.lang import exp
from gpusyn.mechanism import Mechanism, state
from gpusyn.numerics import gates
from gpusyn.translate.derivative import differentiate
from gpusyn.translate.pointwise import read


def pair(x):
    """Not a pair."""
    return 2 * x


def three(x):
    """Three values."""
    return x, 2 * x, 3 * x


def log(x):
    """Not the logarithm."""
    return 2 * x


logarithm = log


def test_a_branch_is_refused_at_its_line_with_what_to_write_instead():
    rule = r"test_pointwise\.py, line \d+: 'If' cannot be used in a pointwise function; use where"
    with pytest.raises(EquationError, match=rule):
        class Branch(Mechanism):
            x = state("1", "x")

            @staticmethod
            def d_x(x):
                if x > 0:
                    return -x
                return 0.0


def test_the_offending_column_is_marked():
    with pytest.raises(EquationError) as caught:
        class Attribute(Mechanism):
            x = state("1", "x")

            @staticmethod
            def d_x(x):
                return 1.0 + x.real
    message, line, caret = str(caught.value).splitlines()
    assert "import the word from gpusyn.lang" in message
    assert line[caret.index("^"):] == "x.real"


def declare(equation):
    """A class whose only state has this derivative."""
    return type("Wrong", (Mechanism,), {"x": state("1", "x"), "d_x": staticmethod(equation)})


def declare_and():
    def d_x(x):
        return -x * (x > 0 and x < 1)
    return declare(d_x)


def declare_chain():
    def d_x(x):
        return -x * (0 < x < 1)
    return declare(d_x)


def declare_word():
    def d_x(x):
        return expp(x)  # noqa: F821
    return declare(d_x)


def declare_name():
    def d_x(x):
        return x + y  # noqa: F821
    return declare(d_x)


def declare_count():
    def d_x(x):
        return exp(x, x)
    return declare(d_x)


def declare_loop():
    def d_x(x):
        for _ in range(x):
            x = x + 1
        return x
    return declare(d_x)


def declare_default():
    def d_x(x=1.0):
        return x
    return declare(d_x)


def declare_two_at_once():
    def d_x(x):
        a, b = x, 2.0
        return a * b
    return declare(d_x)


def declare_two_of_one():
    def d_x(x):
        a, b = pair(x)
        return a * b
    return declare(d_x)


def declare_one_of_three():
    def d_x(x):
        return three(x)
    return declare(d_x)


def declare_chained():
    def d_x(x):
        a = b = x
        return a * b
    return declare(d_x)


def declare_item():
    def d_x(x):
        x[0] += 1.0
        return x
    return declare(d_x)


def declare_pretender():
    def d_x(x):
        return log(x)
    return declare(d_x)


def declare_alias():
    def d_x(x):
        return logarithm(x)
    return declare(d_x)


def declare_foreign():
    def d_x(x):
        return sqrt(x)
    return declare(d_x)


def declare_endless():
    def d_x(x):
        x = x + 1
    return declare(d_x)


@pytest.mark.parametrize(("define", "message"), [
    (declare_and, r"'BoolOp' cannot be used .* join conditions with & and \|"),
    (declare_chain, r"compare two things at a time: \(a < b\) & \(b < c\)"),
    (declare_word, r"'expp' is not a word of gpusyn.lang; did you mean 'exp'"),
    (declare_name, r"'y' is not an argument or a constant"),
    (declare_count, r"exp takes 1 arguments, not 2"),
    (declare_loop, r"a loop must run over constants: for k in range\(4\)"),
    (declare_default, r"arguments bind by name: no \*args, no \*\*kwargs, no defaults"),
    (declare_two_at_once, r"assign one name per line"),
    (declare_chained, r"'Assign' cannot be used in a pointwise function; assign one name per line"),
    (declare_two_of_one, r"pair returns 1 values; assign them to as many names on a line of their own"),
    (declare_one_of_three, r"three returns 3 values; assign them to as many names on a line of their own"),
    (declare_item, r"'AugAssign' cannot be used"),
    (declare_pretender, r"'log' is a word of gpusyn.lang, but here it is something else; import the word"),
    (declare_alias, r"'log' is a word of gpusyn.lang, but here it is something else; .* give your function another"),
    (declare_foreign, r"'sqrt' is a word of gpusyn.lang, but here it is something else; import the word"),
    (declare_endless, r"a pointwise function ends with return"),
])
def test_what_equations_may_not_say(define, message):
    with pytest.raises(EquationError, match=message):
        define()


def test_functions_of_one_name_stay_apart():
    def scaled(factor):
        def scale(x, offset):
            return factor * x + offset
        return scale

    double, triple = scaled(2.0), scaled(3.0)

    def both(x):
        return double(x, 1.0) + 10.0 * triple(x, 2.0)

    function = read(both)
    assert [c.name for c in function.calls.values()] == ["scale", "scale"]
    text = ProgramText("p")
    named = text.function(function)
    assert list(named.calls) == ["scale", "scale_2"] == [c.name for c in named.calls.values()]
    assert text.function(function) is named
    assert as_python(named)(5.0) == both(5.0) == 181.0
    assert as_python(text.function(differentiate(function, "x")))() == 32.0


def test_a_function_named_as_a_word_of_the_program_gets_another_name():
    def tick(steps):
        return steps + 100.0

    def uses(x):
        return tick(x)

    text = ProgramText("p")
    text.function(read(gates.tick))
    named = text.function(read(uses))
    assert list(named.calls) == ["tick_2"]
    assert as_python(named)(1.0) == 101.0
