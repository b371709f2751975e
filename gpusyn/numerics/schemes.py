"""One backward-Euler step of a Markov scheme as unrolled elimination.

Written as state reduction (Grassmann, Taksar & Heyman 1985, Oper. Res. 33:1107): only additions, multiplications and
divisions of non-negative numbers, so no pivoting, no cancellation and no negative occupancy at any step size.
"""
from __future__ import annotations


def elimination_lines(states: list[str], rates: dict[tuple[str, str], str], dt: str, prefix: str):
    """Lines of Python that solve ``(I + dt L) p_new = p`` for the occupancies named in `states`.

    Args:
        states: variables that hold the occupancies, in elimination order.
        rates: (from, to) variables -> variable with the rate, 1/ms.
        dt: variable with the time step, ms.
        prefix: start of the names of temporaries.

    Returns:
        (lines, new): the lines, and the variable of the new occupancy of each state.
    """
    step = _Elimination(states, prefix)
    for (source, target), rate in rates.items():
        step.add(source, target, f"{dt} * {rate}")
    for k in range(len(states) - 1, 0, -1):
        step.remove(states[k], states[:k])
    return step.lines, step.substitute()


class _Elimination:
    def __init__(self, states, prefix):
        self.states, self.prefix, self.lines = states, prefix, []
        self.flow: dict[tuple[str, str], str] = {}  # scaled rate between remaining states
        self.leak = dict.fromkeys(states, "1.0")  # scaled rate out of the remaining states, the "1" of (I + dt L)
        self.mass = {s: s for s in states}
        self.removed: list[tuple[str, str, dict]] = []

    def let(self, name, value):
        self.lines.append(f"{self.prefix}{name} = {value}")
        return f"{self.prefix}{name}"

    def add(self, source, target, value):
        key = (source, target)
        value = f"{self.flow[key]} + {value}" if key in self.flow else value
        self.flow[key] = self.let(f"from_{source}_to_{target}".replace(self.prefix, ""), value)

    def remove(self, k, rest):
        """Eliminate occupancy `k`: what would pass through it goes directly."""
        out = {j: self.flow[k, j] for j in rest if (k, j) in self.flow}
        into = {i: self.flow[i, k] for i in rest if (i, k) in self.flow}
        short = k.replace(self.prefix, "")
        inverse = self.let(f"{short}_inverse", "1.0 / (" + " + ".join([self.leak[k], *out.values()]) + ")")
        for j, rate in out.items():
            share = self.let(f"{short}_share_{j}".replace(self.prefix, ""), f"{rate} * {inverse}")
            self.mass[j] = self.let(f"{j}_mass".replace(self.prefix, "") + f"_{short}",
                                    f"{self.mass[j]} + {share} * {self.mass[k]}")
            for i, inward in into.items():
                if i != j:
                    self.add(i, j, f"{inward} * {share}")
        for i, inward in into.items():
            name = f"{i}_leak".replace(self.prefix, "") + f"_{short}"
            self.leak[i] = self.let(name, f"{self.leak[i]} + {inward} * {self.leak[k]} * {inverse}")
        self.removed.append((k, inverse, into))

    def substitute(self):
        first = self.states[0]
        new = {first: self.let(f"{first}_new".replace(self.prefix, ""), f"{self.mass[first]} / {self.leak[first]}")}
        for k, inverse, into in reversed(self.removed):
            inflow = "".join(f" + {rate} * {new[i]}" for i, rate in into.items())
            new[k] = self.let(f"{k}_new".replace(self.prefix, ""), f"({self.mass[k]}{inflow}) * {inverse}")
        total = self.let("sum_inverse", "1.0 / (" + " + ".join(new[s] for s in self.states) + ")")
        return {s: self.let(f"{s}_next".replace(self.prefix, ""), f"{new[s]} * {total}") for s in self.states}
