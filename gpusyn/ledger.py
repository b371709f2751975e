"""The ledger: where every amount of transmitter came from and went, and the calcium of trees.

initial + released + supplied + entered = present + taken_up + decayed + escaped, in uM um^3 (= 1e-21 mol), summed over
sites. A population of trees whose cell has an output `total_calcium` is in it under its own name.
"""
from __future__ import annotations

from contextlib import contextmanager

import numpy as np

from gpusyn.backends.numpy_ import compile_python
from gpusyn.backends.numpy_ops.reductions import PART_SITES
from gpusyn.backends.paired import front_of
from gpusyn.backends.plan import Call
from gpusyn.outputs import outputs_program

TERMS = {
    "initial": "amount at the start, or put there by hand",
    "released": "released from vesicles",
    "supplied": "supplied by sources",
    "entered": "came in through the membrane, less what left",
    "present": "amount in the field",
    "taken_up": "taken up by transporters",
    "decayed": "decayed",
    "escaped": "lost through absorbing edges",
    "energy": "ATP that transporters used",
}
SOURCES = ("initial", "released", "supplied", "entered")
SINKS = ("present", "taken_up", "decayed", "escaped")
USES = ("energy",)  # counted beside the transmitter, and no part of its balance
ROLES = dict.fromkeys(SOURCES, "source") | dict.fromkeys(SINKS, "fate") | dict.fromkeys(USES, "use")


class Ledger:
    """Amounts per transmitter and kind; each is (n_point,) in uM um^3."""

    unit = "uM um^3"

    def __init__(self, assembly):
        self._assembly = assembly
        self._sums = {name: field_sum(assembly, name) for name in assembly.model.transmitters}
        self._sums |= {name: tree_sum(assembly, name) for name, trees in assembly.trees.items() if counted(trees)}
        self._initial = {name: self._present(name) for name in self._sums}

    def _shape(self, name):
        part = {**self._assembly.model.transmitters, **self._assembly.model.populations}[name]
        return self._assembly.n_point, part.n_site

    def _volume(self, name):
        """um^3 per site of a transmitter's lattice; a two-dimensional one is one site thick. Trees count amounts."""
        fields = self._assembly.model.transmitters
        return fields[name].lattice.spacing ** 3 if name in fields else 1.0

    def _present(self, name):
        return self._sums[name]() * self._volume(name)

    @property
    def initial(self) -> dict[str, np.ndarray]:
        """Amounts at the start, by transmitter: what a checkpoint keeps beside the accounts."""
        return self._initial

    @contextmanager
    def put_by_hand(self, path: str):
        """Around an assignment to a state: what it adds to a transmitter counts as having been there at the start."""
        name, _, state = path.partition(".")
        if name not in self._initial or (name in self._assembly.model.transmitters and state != "concentration"):
            yield
            return
        before = self._present(name)
        yield
        self._initial[name] = self._initial[name] + (self._present(name) - before)

    def __getitem__(self, name: str) -> dict[str, np.ndarray]:
        """All amounts of one transmitter."""
        amounts = {kind: np.zeros(self._assembly.n_point) for kind in TERMS}
        amounts["initial"], amounts["present"] = self._initial[name], self._present(name)
        for account in self._assembly.accounts:
            if account.transmitter == name:
                total = self._assembly.backend.to_host(account.partial).sum(axis=1)
                amounts[account.kind] = amounts[account.kind] + total * self._volume(name)
        return amounts

    def continue_from(self, other: Ledger) -> None:
        """Take over the amounts of another ledger for every transmitter whose concentrations were taken over.

        What this model has no account for (a transporter that is gone) counts as never having been there.
        """
        for name in set(self) & set(other):
            if self._shape(name) != other._shape(name):
                continue
            before = other[name]
            self._initial[name] = before["initial"]
            for kind in (*SOURCES[1:], *SINKS[1:], *USES):
                accounts = [a.partial for a in self._assembly.accounts if (a.transmitter, a.kind) == (name, kind)]
                if accounts:
                    start = np.zeros(accounts[0].shape)
                    start[:, 0] = before[kind] / self._volume(name)
                    accounts[0][...] = self._assembly.backend.asarray(start)
                elif kind not in USES:
                    self._initial[name] = self._initial[name] + before[kind] * (1 if kind in SOURCES else -1)

    def residual(self, name: str) -> np.ndarray:
        """(sources - sinks) / sources, per sweep point: round-off if nothing was lost uncounted."""
        amounts = self[name]
        gained = sum(amounts[kind] for kind in SOURCES)
        lost = sum(amounts[kind] for kind in SINKS)
        return (gained - lost) / np.maximum(gained, np.finfo(np.float64).tiny)

    def __iter__(self):
        return iter(self._initial)

    def snapshot(self) -> dict[str, dict[str, np.ndarray]]:
        """All amounts of all transmitters."""
        return {name: self[name] for name in self}


def counted(stepping) -> bool:
    """Whether a population of trees has an account: whether its cell knows what it holds."""
    return "total_calcium" in stepping.trees.members[""].quantities


def tree_sum(assembly, name):
    """A function that sums the calcium of all nodes of a population of trees, (n_point,), in float64 on the host."""
    trees, inputs = assembly.model.populations[name], assembly.part_inputs[name]
    program = outputs_program(name, trees.members, inputs, [("", "total_calcium")])
    equation, shape = compile_python(program), (assembly.n_point, trees.n_site)

    def value(argument):
        if argument.kind == "parameter":
            return assembly.model.values(argument.path)
        held = assembly.state.get(argument.path)
        return np.zeros((1, 1)) if held is None else assembly.backend.to_host(front_of(held)).astype(np.float64)

    return lambda: np.broadcast_to(equation(*[value(a) for a in program.arguments])[0], shape).sum(axis=1)


def field_sum(assembly, name):
    """A function that sums a transmitter's concentration over the sites, (n_point,), where the array lies."""
    held, backend = assembly.state[f"{name}.concentration"], assembly.backend
    if backend.on_host:
        return lambda: held.sum(axis=1, dtype=np.float64)
    n_point, n_site = held.shape
    n_part = -(-n_site // PART_SITES)
    partials = backend.zeros((n_point, n_part, 3), np.float64)
    call = Call("reduce_parts", [held, partials, 1, n_point, n_site, n_part])
    runner = backend.runner([call], assembly.precision)

    def on_device():
        runner.run(0, 1)
        return backend.to_host(partials)[..., 0].sum(axis=1)

    return on_device
