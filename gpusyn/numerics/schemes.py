"""One step of a Markov scheme: two backward-Euler solutions as unrolled eliminations.

The first, g, is backward Euler. The second takes the rates out of state j times (p_j + g_j) / (2 g_j), so that what
flows is the mean of the flows at both ends of the step. The whole is of second order, and as positive, as conservative
and as exact at the steady state as backward Euler itself: the modified Patankar scheme MPRK22 of Burchard,
Deleersnijder & Meister (2003) Appl. Numer. Math. 47:1, for rates that are constant within the step.

Each solution is written as state reduction (Grassmann, Taksar & Heyman 1985, Oper. Res. 33:1107): only additions,
multiplications and divisions of non-negative numbers, so no pivoting, no cancellation and no negative occupancy at any
step size.
"""
from __future__ import annotations

TINY = "1e-20"  # smaller than any occupancy of something: keeps 0/0 away


def step_lines(states: list[str], rates: dict[tuple[str, str], str], dt: str, prefix: str):
    """Lines of Python that step the occupancies named in `states` by `dt`; arguments and results as below."""
    lines, guess = elimination_lines(states, rates, dt, prefix, "guess_")
    factors = {}
    for state in {source: None for source, _ in rates}:
        factors[state] = f"{prefix}{state.replace(prefix, '')}_mean"
        lines.append(f"{factors[state]} = 0.5 + 0.5 * {state} / maximum({guess[state]}, {TINY})")
    scaled = {(source, target): f"{factors[source]} * {rate}" for (source, target), rate in rates.items()}
    second, new = elimination_lines(states, scaled, dt, prefix)
    return lines + second, new


def elimination_lines(states: list[str], rates: dict[tuple[str, str], str], dt: str, prefix: str, stage: str = ""):
    """Lines of Python that solve ``(I + dt L) p_new = p`` for the occupancies named in `states`.

    Args:
        states: variables that hold the occupancies, in elimination order.
        rates: (from, to) variables -> variable with the rate, 1/ms.
        dt: variable with the time step, ms.
        prefix: start of the names of temporaries, and of what `states` have in common.
        stage: what tells these temporaries from others of the same prefix.

    Returns:
        (lines, new): the lines, and the variable of the new occupancy of each state.
    """
    step = _Elimination(states, prefix, stage)
    for (source, target), rate in rates.items():
        step.add(source, target, f"{dt} * {rate}")
    for k in range(len(states) - 1, 0, -1):
        step.remove(states[k], states[:k])
    return step.lines, step.substitute()


class _Elimination:
    def __init__(self, states, prefix, stage):
        self.states, self.prefix, self.stage, self.lines = states, prefix, stage, []
        self.flow: dict[tuple[str, str], str] = {}  # scaled rate between remaining states
        self.leak = dict.fromkeys(states, "1.0")  # scaled rate out of the remaining states, the "1" of (I + dt L)
        self.mass = {s: s for s in states}
        self.removed: list[tuple[str, str, dict]] = []

    def let(self, name, value):
        variable = f"{self.prefix}{self.stage}{name}"
        self.lines.append(f"{variable} = {value}")
        return variable

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
