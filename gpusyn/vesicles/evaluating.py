"""Call a mechanism's equations outside of any program: for statistics and fronts, so that nothing is written twice."""
import inspect
from collections.abc import Mapping
from typing import Any

from gpusyn.mechanism import Mechanism
from gpusyn.quantities import Given, Output


def evaluate(mechanism: Mechanism, name: str, known: Mapping[str, Any]) -> Any:
    """What an equation gives; what it asks for is looked up in `known`, or is a parameter, a default, or computed.

    Args:
        name: an output, an event (the result is a dict) or any other equation.
        known: states, draws and givens by name, numbers or arrays.
    """
    function = mechanism.functions[name]
    wanted = inspect.signature(function).parameters
    return function(**{argument: _value(mechanism, argument, known) for argument in wanted})


def _value(mechanism, name, known):
    """What an equation sees under this name."""
    quantity = mechanism.quantities[name]
    if name in known:
        return known[name]
    if isinstance(quantity, Output):
        return evaluate(mechanism, name, known)
    return quantity.default if isinstance(quantity, Given) else mechanism.values[name]
