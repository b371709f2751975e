"""Asking a mechanism for a number outside of any model."""
from __future__ import annotations

import inspect
from typing import Any

from gpusyn.errors import ModelError
from gpusyn.mechanism import Mechanism


def computed(mechanism: Mechanism, name: str, **known) -> Any:
    """What one of a mechanism's functions gives; parameters are the mechanism's, unless they are among the `known`."""
    functions = type(mechanism).functions

    def value(quantity):
        if quantity in known:
            return known[quantity]
        return computed(mechanism, quantity, **known) if quantity in functions else mechanism.get(quantity)

    return functions[name](*[value(argument) for argument in inspect.signature(functions[name]).parameters])


def permeability(constants, name: str, setter: str) -> Any:
    """A leak's permeability that must have been set, um/s."""
    if constants[name] is None:
        raise ModelError(f"neuron.{constants.place}['{name}'] is not set; call {setter} first")
    return constants[name]
