"""A few items of one population or synapse set, stepped in NumPy float64 straight from the generated program's text."""

import numpy as np

from gpusyn import lang
from gpusyn.fuse import fuse_population, fuse_synapses
from gpusyn.initial import initial_states
from gpusyn.program import DRAW_WORDS, in_order, lang_words
from gpusyn.quantities import State
from gpusyn.translate.python_source import python_source


def as_python(pointwise):
    """A pointwise function as a Python function, with those that it calls."""
    scope = {name: getattr(lang, name) for name in lang.PRIMITIVES}
    for function in in_order({pointwise.name: pointwise}):
        exec(python_source(function), scope)
    return scope[pointwise.name]


def compiled(program):
    """The program as a Python function, with the equations that it calls."""
    scope = {name: getattr(lang, name) for name in lang.PRIMITIVES}
    for function in in_order(program.functions):
        exec(python_source(function), scope)
    exec(program.source, lang_words() | scope, scope)
    return scope[f"step_{program.name}"]


class Items:
    """`n` items of a population with the mechanisms `members`; the cell is the member "".

    `inputs` are what the population reads from outside, by name (arrays or numbers, assignable between steps).
    """

    def __init__(self, members, inputs=None, n=1, dt=0.1, seed=0):
        self.members = members if isinstance(members, dict) else {"": members}
        self.inputs, self.n, self.dt, self.step_number = dict(inputs or {}), n, dt, 0
        self.random = np.random.default_rng(seed)
        declared = {name: (name, "1") for name in self.inputs}
        self.program = fuse_population("p", self.members, declared)
        self.function = compiled(self.program)
        starts = initial_states("p", self.members, declared, self.value)
        self.state = {path: np.broadcast_to(array, (1, n))[0].copy() for path, array in starts.items()}
        self.spiked = np.zeros(n, bool)
        self.ledger = {path: np.zeros(n) for _, path in self.program.ledger}

    def __getitem__(self, name):
        return self.state[f"p.{name}"]

    def __setitem__(self, name, value):
        self.state[f"p.{name}"] = np.broadcast_to(np.asarray(value, float), (self.n,)).copy()

    def value(self, path):
        """A parameter or an input."""
        if path in self.inputs:
            return np.asarray(self.inputs[path], float)
        member, _, name = path.removeprefix("p.").rpartition(".")
        return np.asarray(self.members[member].values[name], float)

    def argument(self, a):
        if a.kind == "dt":
            return self.dt
        if a.kind == "time":
            return self.step_number * self.dt
        if a.kind == "normal":
            return self.random.standard_normal(self.n)
        if a.kind in DRAW_WORDS:
            return self.random.random(self.n)
        return self.state[a.path] if a.kind == "state" else self.value(a.path)

    def step(self):
        """One step; `spiked` says who fired."""
        results = self.function(*[self.argument(a) for a in self.program.arguments])
        for (_, path), new in zip(self.program.updates, results, strict=False):
            self.state[path] = np.broadcast_to(new, (self.n,)).astype(float)
        rest = results[len(self.program.updates):]
        if self.program.spike:
            self.spiked = np.broadcast_to(rest[0], (self.n,)).copy()
            rest = rest[1:]
        for (_, path), amount in zip(self.program.ledger, rest, strict=True):
            self.ledger[path] += amount
        self.step_number += 1

    def run(self, duration, record=None):
        """Run `duration` ms; gives back the steps at which each item fired, or the recorded state (n_step, n)."""
        rows, spikes = [], [[] for _ in range(self.n)]
        for _ in range(round(duration / self.dt)):
            self.step()
            for item in np.flatnonzero(self.spiked):
                spikes[item].append(self.step_number)
            if record:
                rows.append(self[record])
        return np.array(rows) if record else spikes


class Synapse:
    """`n` synapses between the same two neurons, stepped as the engine does: spikes, what goes on between, traces."""

    def __init__(self, rule, n=1, dt=0.1, seed=0, inputs=None):
        self.rule, self.n, self.dt, self.step_number = rule, n, dt, 0
        self.random = np.random.default_rng(seed)
        self.inputs = dict(inputs or {})  # givens by name: numbers or arrays, assignable between steps
        declared = {name: (f"s.{name}", "1") for name in self.inputs}
        self.programs = {kind: (p, compiled(p)) for kind, p in fuse_synapses("s", rule, declared).items()}
        self.state = {}
        for name, quantity in rule.quantities.items():
            if isinstance(quantity, State):
                start = rule.initial.get(name, quantity.initial)
                self.state[name] = np.full(n, rule.values[start] if isinstance(start, str) else start, float)
        stored = [a.path for p, _ in self.programs.values() for a in p.arguments if a.kind == "state"]
        self.state |= {p.removeprefix("s."): np.zeros(n) for p in stored if p.removeprefix("s.") not in self.state}

    def __getitem__(self, name):
        """A state of the first synapse."""
        return self.state[name][0]

    def argument(self, a, flags):
        name = a.path.removeprefix("s.")
        if a.kind == "dt":
            return self.dt
        if a.kind == "normal":
            return self.random.standard_normal(self.n)
        if a.kind in DRAW_WORDS:
            return self.random.random(self.n)
        if a.kind == "flag":
            return np.full(self.n, flags[name])
        if a.kind == "input" and name in self.inputs:
            return self.inputs[name]
        return self.rule.values[name] if a.kind == "parameter" else self.state[name]

    def step(self, pre=False, post=False):
        """One step."""
        flags = {"pre_spike": pre, "post_spike": post}
        for kind, (program, function) in self.programs.items():
            if kind.startswith("on_") and not flags[f"{kind.removeprefix('on_')}_spike"]:
                continue
            results = function(*[self.argument(a, flags) for a in program.arguments])
            for (_, path), new in zip(program.updates, results, strict=False):
                self.state[path.removeprefix("s.")] = np.broadcast_to(new, (self.n,)).astype(float)
        self.step_number += 1

    def run(self, duration, pre=(), post=(), record=None):
        """Run `duration` ms with spikes at these times (ms); gives back the recorded state of the first synapse."""
        pre, post = ({round(float(t) / self.dt) for t in times} for times in (pre, post))
        rows = []
        for _ in range(round(duration / self.dt)):
            self.step(self.step_number in pre, self.step_number in post)
            if record:
                rows.append(self[record])
        return np.array(rows)
