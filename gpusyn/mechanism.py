"""Declaration of a mechanism: its states, gates, parameters and givens, and the functions that relate them.

A mechanism is a class. Quantities are declared as class attributes, equations are static functions whose arguments bind
by name:

    class Leak(Mechanism):
        v = given("mV", "membrane potential")
        conductance = parameter(10.0, "nS", "leak conductance")
        reversal_potential = parameter(-70.0, "mV", "reversal potential")

        @output("pA", "leak current, outward > 0")
        @staticmethod
        def current(v, conductance, reversal_potential):
            return conductance * (v - reversal_potential)

Dynamics come in four shapes: ``<gate>_rates`` (opening, closing), ``transitions`` of a Markov scheme, ``d_<state>`` (an
ordinary differential equation) and ``on_spike`` (what an event does). None of them mentions a time step. `transitions`
between counts instead of a scheme's states move whole numbers, drawn in every step.
"""
from __future__ import annotations

from typing import Any, ClassVar

from gpusyn.declaration import check_declaration
from gpusyn.errors import ModelError, nearest
from gpusyn.limits import check_initial, check_option, check_parameter
from gpusyn.quantities import Given, Option, Output, Parameter, Quantity, Scheme, State

INTEGRATORS = ("euler", "exponential_euler", "heun", "rk4", "linearly_implicit")


def state(unit, meaning, initial: float | str = 0.0, at="item", not_negative=False, spreads="", within=""):
    """A state with a ``d_<name>``, or one that only events change; a ``start_<name>`` may say where it starts.

    On a tree it may flow from node to node: `spreads` names the parameter that says how easily, `within` is "cytosol",
    "er" (a diffusion coefficient, um^2/ms) or "membrane" (an axial resistivity, Ohm cm).
    """
    return State(unit, meaning, initial=initial, at=at, not_negative=not_negative, spreads=spreads, within=within)


def gate(meaning, initial: float | str = "steady"):
    """A fraction between 0 and 1 with ``<name>_rates``; it starts at its steady state unless told otherwise."""
    return State("1", meaning, initial=initial, kind="gate", not_negative=True)


def countdown(meaning):
    """A time in ms that runs down to zero in whole steps, so that no rounding moves its end."""
    return State("ms", meaning, kind="countdown", not_negative=True)


def stopwatch(meaning, at="item"):
    """A time in ms that runs up in whole steps, exactly over two million of them, until an event sets it to 0."""
    return State("ms", meaning, kind="stopwatch", at=at, not_negative=True)


def count(unit, meaning, initial: float | str = 0.0):
    """A whole number of things. `transitions` moves them between counts at rates of each, and draws how many in a step.

    As many arrive as leave: transitions conserve the sum of the counts exactly. Events may set counts too.
    """
    return State(unit, meaning, initial=initial, kind="count", not_negative=True)


def markov(states, meaning, initial: str | dict[str, float] = "steady"):
    """A Markov scheme over the named states, with ``transitions``; `initial` is "steady", a state, or fractions."""
    return Scheme(tuple(states.split()), meaning, initial)


def parameter(default, unit, meaning, source="", low=float("-inf"), high=float("inf")):
    """A constant with its default, unit, meaning, and where the number comes from."""
    return Parameter(unit, meaning, default=default, source=source, low=low, high=high)


def option(default, meaning, choices=()):
    """A choice that is no number; one of `choices` if there are any. Equations do not see it."""
    return Option(default, meaning, tuple(choices))


def given(unit, meaning, default=None, at="item"):
    """A quantity read from elsewhere by its name; without a default it must exist."""
    return Given(unit, meaning, default=default, at=at)


def total(sums, unit, meaning):
    """The sum over all mechanisms of the population of the outputs called `sums`; zero if there are none."""
    return Given(unit, meaning, kind="total", sums=sums)


def white_noise(meaning):
    """Gaussian white noise xi(t) with <xi(t) xi(t')> = delta(t - t'), in 1/sqrt(ms); one draw per step and item."""
    return Given("1/sqrt(ms)", meaning, kind="noise")


def uniform_draw(meaning):
    """A uniform random number in (0, 1), one draw per step and item."""
    return Given("1", meaning, kind="uniform")


def normal_draw(meaning):
    """A standard normal random number, one draw per step and item."""
    return Given("1", meaning, kind="normal")


def chance_draw(meaning):
    """A uniform random number in (0, 1] that is as fine near 0 as the type allows: for `binomial` and `poisson`."""
    return Given("1", meaning, kind="chance")


def output(unit, meaning):
    """Decorator: this function computes a quantity that other mechanisms, recordings and totals may use."""
    return lambda function: Output(unit, meaning, function=_bare(function))


def flux(unit, meaning, into):
    """Decorator: this function computes a rate of change of the concentration `into`; the ledger counts it."""
    return lambda function: Output(unit, meaning, function=_bare(function), into=into)


def _bare(function):
    """The function itself, whether or not it is marked static."""
    return function.__func__ if isinstance(function, staticmethod) else function


_FIELDS = ("values", "options", "bindings", "initial", "preset", "integrator")


class Mechanism:
    """Base of all mechanisms. An instance holds parameter values; everything else is declared on the class.

    A preset is a set of values; one that needs other equations is a form, a class of its own that `forms` names:
    ``AMPAReceptor(preset="Jonas1993")`` is an instance of that class.
    """

    quantities: ClassVar[dict[str, Any]] = {}
    presets: ClassVar[dict[str, dict[str, Any]]] = {}
    forms: ClassVar[dict[str, type]] = {}
    integrator: str = "exponential_euler"

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        cls.quantities = _declared(cls)
        cls.functions = _functions(cls)
        check_declaration(cls)

    def __new__(cls, *, preset: str | None = None, integrator: str | None = None, **values):
        form = cls.form(preset)
        made = object.__new__(form)
        if not issubclass(form, cls):  # Python then leaves it to us
            made.__init__(preset=preset, integrator=integrator, **values)
        return made

    @classmethod
    def form(cls, preset: str | None) -> type:
        """The class that a preset of this one makes: itself, or one of its forms."""
        return cls.forms.get(preset, cls) if preset is not None else cls

    def __init__(self, *, preset: str | None = None, integrator: str | None = None, **values):
        self.values = {name: q.default for name, q in self.quantities.items() if isinstance(q, Parameter)}
        self.options = {name: q.default for name, q in self.quantities.items() if isinstance(q, Option)}
        self.bindings: dict[str, str] = {}
        self.initial: dict[str, Any] = {}
        self.preset = preset
        self.integrator = _valid_integrator(type(self), integrator or self.integrator)
        if preset is not None:
            self._take(self._preset(preset))
        self._take(values)

    def _preset(self, name):
        known = {**{form: {} for form in self.forms}, **self.presets}
        if name not in known:
            raise ModelError(f"{type(self).__name__}: no preset '{name}'{nearest(name, known)}")
        return known[name]

    def _take(self, values):
        for name, value in values.items():
            self.set(name, value)

    def set(self, name: str, value: Any) -> None:
        """Set a parameter, an option, a state's initial value, or what a given is bound to (a dotted name).

        Raises:
            ModelError: no such name, or a value that `gpusyn.limits` does not allow.
        """
        quantity = self.quantities.get(name)
        if isinstance(quantity, Parameter):
            check_parameter(type(self), quantity, value)
            self.values[name] = value
        elif isinstance(quantity, Option):
            check_option(type(self), quantity, value)
            self.options[name] = value
        elif isinstance(quantity, State | Scheme):
            check_initial(type(self), quantity, value)
            self.initial[name] = value
        elif isinstance(quantity, Given) and quantity.kind == "given" and isinstance(value, str):
            self.bindings[name] = value
        else:
            raise ModelError(f"{type(self).__name__} has no parameter '{name}'{nearest(name, settable(type(self)))}")

    def get(self, name: str) -> Any:
        """The value of a parameter or option, the initial value of a state, or what a given is bound to."""
        quantity = self.quantities[name]
        if isinstance(quantity, Parameter):
            return self.values[name]
        if isinstance(quantity, Option):
            return self.options[name]
        if isinstance(quantity, Given):
            return self.bindings.get(name, name)
        return self.initial.get(name, quantity.initial)

    def __setattr__(self, name, value):
        if name in _FIELDS:
            object.__setattr__(self, name, value)
        else:
            self.set(name, value)

    def __repr__(self):
        own = {n: v for n, v in {**self.values, **self.options}.items() if v is not self.quantities[n].default}
        return f"{type(self).__name__}({', '.join(f'{n}={v!r}' for n, v in own.items())})"


def settable(cls) -> list[str]:
    """The names that a constructor of this mechanism takes."""
    return [n for n, q in cls.quantities.items()
            if isinstance(q, Parameter | Option | Scheme) or (isinstance(q, State) and q.kind != "occupancy")
            or (isinstance(q, Given) and q.kind == "given")]


def _declared(cls):
    found = {}
    for base in reversed(cls.__mro__):
        found.update({n: q for n, q in vars(base).items() if isinstance(q, Quantity | Scheme | Option)})
    for scheme in [q for q in found.values() if isinstance(q, Scheme)]:
        for name in scheme.states:
            occupancy = State("1", f"fraction in {name}", kind="occupancy", not_negative=True)
            occupancy.name = name
            found[name] = occupancy
    return found


def _functions(cls):
    """The equations of a class by name: its static functions and its outputs, inherited ones included."""
    found = {}
    for base in reversed(cls.__mro__):
        for name, attribute in vars(base).items():
            if isinstance(attribute, staticmethod) and name != "__new__":
                found[name] = attribute.__func__
            elif isinstance(attribute, Output):
                found[name] = attribute.function
    return found


def _valid_integrator(cls, name):
    if name not in INTEGRATORS:
        raise ModelError(f"{cls.__name__}.integrator: '{name}' is not an integrator{nearest(name, INTEGRATORS)}")
    return name
