"""An output of one mechanism alone, computed in NumPy float64 at the states that it starts from."""

from typing import Any

import numpy as np

from gpusyn.backends.numpy_ import compile_python
from gpusyn.initial import initial_states
from gpusyn.outputs import outputs_program
from gpusyn.quantities import State


def value(mechanism, name, t: Any = 0.0, **inputs) -> Any:
    """The output called `name`; `inputs` are what it reads, and they and `t` may be arrays.

    A number if all of them are numbers.
    """
    declared = {n: (n, "1") for n in inputs}

    def given(path):
        return np.asarray(inputs[path] if path in inputs else mechanism.values[path.removeprefix("p.m.")], float)

    members, states = {"m": mechanism}, {}
    if any(isinstance(q, State) for q in mechanism.quantities.values()):
        states = initial_states("p", members, declared, given)
    program = outputs_program("p", members, declared, [("m", name)])
    values = {"p.m." + name: 0.0, "t": t} | states
    (result,) = compile_python(program)(*[values[a.path] if a.path in values else given(a.path)
                                          for a in program.arguments])
    return result if max(map(np.size, (t, *inputs.values()))) > 1 else np.ravel(result)[0]
