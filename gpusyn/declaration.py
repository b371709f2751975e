"""Checks of a mechanism's declaration, made when its class is defined."""
from __future__ import annotations

import inspect

from gpusyn.errors import ModelError, nearest
from gpusyn.limits import check_initial
from gpusyn.quantities import Option, Output, Parameter, Scheme, State
from gpusyn.translate.pointwise import read

CATCH_UP = "catch_up"  # in a synapse: before an event, a reading or a recording
EVENTS = ("on_spike", "on_pre", "on_post", CATCH_UP)
WITHIN = ("cytosol", "er", "membrane")  # what a state may spread within
CLOCK = ("t",)  # the time in ms may be asked for by any equation


def check_declaration(cls) -> None:
    """Raise `ModelError` or `EquationError` if a class's equations and quantities do not fit together."""
    for name, function in cls.functions.items():
        _check_name(cls, name)
        _check_arguments(cls, name, function)
        _check_results(cls, name, read(function, f"{cls.__name__}_{name}"))
    for name, quantity in cls.quantities.items():
        _check_dynamics(cls, name, quantity)


def equation_names(cls) -> dict[str, str]:
    """The names that equations of this class may have, and what each is for."""
    names = {"spikes": "the condition that fires", **dict.fromkeys(EVENTS, "what an event does")}
    for name, q in cls.quantities.items():
        if isinstance(q, Scheme):
            names["transitions"] = "the rates of a Markov scheme"
        elif isinstance(q, State) and q.kind == "count":
            names["transitions"] = "the rates at which things change from one count to another"
        elif isinstance(q, State) and q.kind == "gate":
            names[f"{name}_rates"] = "opening and closing rates"
        elif isinstance(q, State) and q.kind == "state":
            names[f"d_{name}"] = "a derivative"
            names[f"start_{name}"] = "where the state starts"
        elif isinstance(q, Output):
            names[name] = "an output"
    return names


def _check_name(cls, name):
    valid = equation_names(cls)
    if name not in valid:
        raise ModelError(f"{cls.__name__}.{name} is not the name of an equation{nearest(name, valid)}")


def _check_arguments(cls, name, function):
    before = [f"{n}_before" for n, q in cls.quantities.items() if isinstance(q, State)]
    known = [n for n, q in cls.quantities.items() if not isinstance(q, Scheme | Option)] + before + list(CLOCK)
    for argument in inspect.signature(function).parameters:
        if argument not in known:
            raise ModelError(
                f"{cls.__name__}.{name} asks for '{argument}', which {cls.__name__} does not declare"
                f"{nearest(argument, known)}"
            )


def _check_results(cls, name, pointwise):
    place = f"{cls.__name__}.{name}"
    if name in EVENTS:
        states = [n for n, q in cls.quantities.items() if isinstance(q, State)]
        for key in pointwise.keys or ():
            if key not in states:
                raise ModelError(f"{place} sets '{key}', which is not a state{nearest(key, states)}")
        if not pointwise.keys or isinstance(pointwise.keys[0], int):
            raise ModelError(f"{place} must return dict(state=new_value, ...)")
    elif name.endswith("_rates") and pointwise.keys != (0, 1):
        raise ModelError(f"{place} must return two values: opening rate, closing rate")
    elif name == "transitions":
        _check_transitions(cls, place, pointwise)
    elif not name.endswith("_rates") and pointwise.keys is not None:
        raise ModelError(f"{place} must return one value, not {len(pointwise.keys)}")


def _check_transitions(cls, place, pointwise):
    states = [s for q in cls.quantities.values() if isinstance(q, Scheme) for s in q.states]
    states = states or [n for n, q in cls.quantities.items() if isinstance(q, State) and q.kind == "count"]
    for key in pointwise.keys or (None,):
        if not (isinstance(key, tuple) and len(key) == 2):
            found = "one value" if key is None else f"the key {key!r}"
            raise ModelError(f"{place} must return {{('from', 'to'): rate, ...}}, not {found}")
        for end in key:
            if end not in states:
                raise ModelError(f"{place}: '{end}' is not a state of the scheme{nearest(end, states)}")


def _check_spread(cls, name, quantity):
    """A state that spreads has an equation, and says through what and how easily."""
    if not quantity.spreads and not quantity.within:
        return
    parameters = [n for n, q in cls.quantities.items() if isinstance(q, Parameter)]
    if quantity.spreads not in parameters:
        raise ModelError(f"{cls.__name__}.{name} spreads by '{quantity.spreads}', which is not a parameter"
                         f"{nearest(quantity.spreads, parameters)}")
    if quantity.within not in WITHIN:
        raise ModelError(f"{cls.__name__}.{name} spreads within '{quantity.within}'{nearest(quantity.within, WITHIN)}")
    if f"d_{name}" not in cls.functions:
        raise ModelError(f"{cls.__name__}: '{name}' spreads, so it needs a static function d_{name}(...)")


def _check_dynamics(cls, name, quantity):
    if isinstance(quantity, State):
        _check_spread(cls, name, quantity)
    if isinstance(quantity, Scheme) or (isinstance(quantity, State) and quantity.kind != "occupancy"):
        check_initial(cls, quantity, quantity.initial)
    if isinstance(quantity, State) and quantity.kind == "gate" and f"{name}_rates" not in cls.functions:
        raise ModelError(f"{cls.__name__}: gate '{name}' needs a static function {name}_rates(...)")
    if isinstance(quantity, Scheme) and "transitions" not in cls.functions:
        raise ModelError(f"{cls.__name__}: scheme '{name}' needs a static function transitions(...)")
    schemes = [n for n, q in cls.quantities.items() if isinstance(q, Scheme)]
    if len(schemes) > 1:
        raise ModelError(f"{cls.__name__}: one mechanism has one scheme, not {' and '.join(schemes)}; split it")
    if isinstance(quantity, Output) and quantity.into:
        moving = [n for n, q in cls.quantities.items() if isinstance(q, State) and f"d_{n}" in cls.functions]
        if quantity.into not in moving:
            raise ModelError(f"{cls.__name__}.{name} flows into '{quantity.into}', which has no equation "
                             f"d_{quantity.into}{nearest(quantity.into, moving)}")
