"""The language of equations: what it refuses, and that the message shows where and what to write instead."""

import pytest

from gpusyn.errors import EquationError
from gpusyn.lang import exp
from gpusyn.mechanism import Mechanism, state


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
    (declare_endless, r"a pointwise function ends with return"),
])
def test_what_equations_may_not_say(define, message):
    with pytest.raises(EquationError, match=message):
        define()
