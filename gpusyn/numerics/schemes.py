"""One step of a Markov scheme: two backward-Euler solutions as unrolled eliminations.

The first, g, is backward Euler. The second takes the rates out of state j times (p_j + g_j) / (2 g_j), so that what
flows is the mean of the flows at both ends of the step; it is solved for p_new / (2 g), which needs no such quotient.
The whole is of second order, and as positive, as conservative and as exact at the steady state as backward Euler
itself: the modified Patankar scheme MPRK22 of Burchard, Deleersnijder & Meister (2003) Appl. Numer. Math. 47:1, for
rates that are constant within the step.

Each solution is written as state reduction (Grassmann, Taksar & Heyman 1985, Oper. Res. 33:1107): only additions,
multiplications and divisions of non-negative numbers, so no pivoting, no cancellation and no negative occupancy at any
step size.
"""
from __future__ import annotations

TINY = "1e-12"  # smaller than any occupancy of something: keeps 0/0 away; its cube is a float32


def step_lines(states: list[str], rates: dict[tuple[str, str], str], dt: str, prefix: str):
    """Lines of Python that step the occupancies named in `states` by `dt`; arguments and results as below."""
    first = _Elimination(states, prefix, "guess_", together=2)
    flows = first.scaled(rates, dt)
    guess = first.solve(flows)
    lines, both, mean = first.lines, {}, {}
    for state in states:
        short = state.replace(prefix, "")
        both[state], mean[state] = f"{prefix}{short}_twice", f"{prefix}{short}_both"
        lines.append(f"{both[state]} = 2.0 * maximum({guess[state]}, {TINY})")
        lines.append(f"{mean[state]} = 0.5 * {both[state]} + {state}")
    second = _Elimination(states, prefix, "", both)
    share = second.solve({(source, target): f"{mean[source]} * {flow}" for (source, target), flow in flows.items()})
    new = {s: second.let(f"{s}_fresh".replace(prefix, ""), f"{both[s]} * {share[s]}") for s in states}
    new = second.normalised(new)
    return lines + second.lines, new


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
    step = _Elimination(states, prefix, stage, together=2)
    new = step.normalised(step.solve(step.scaled(rates, dt)))
    return step.lines, new


def increment_lines(states: list[str], right: dict[str, str], rates: dict[tuple[str, str], str], dt: str, prefix: str):
    """Lines of Python that solve ``(I + dt L) x = right``, of any sign, and the variable of x for each state.

    Args:
        right: variables, by state; other arguments as for `elimination_lines`.
    """
    step = _Elimination(states, prefix, "")
    step.mass = dict(right)
    found = step.solve(step.scaled(rates, dt))
    return step.lines, found


class _Elimination:
    """The solution of (diagonal + dt L) x = occupancies; the diagonal is 1 unless it is given, by state.

    Divisions are what a step costs, so that up to `together` occupancies that do not touch share one. Two where those
    that leave at a constant rate are to be known before the loop over items.
    """

    def __init__(self, states, prefix, stage, diagonal=None, together=3):
        self.states, self.prefix, self.stage, self.lines = states, prefix, stage, []
        self.flow: dict[tuple[str, str], str] = {}  # scaled rate between remaining states
        self.leak = dict(diagonal or dict.fromkeys(states, "1.0"))  # scaled rate out of the remaining states
        self.mass = {s: s for s in states}
        self.removed: list[tuple[str, str, dict]] = []
        self.together = together

    def scaled(self, rates, dt):
        """The variables of rates times the step."""
        return {(source, target): self.let(f"flow_{source}_{target}".replace(self.prefix, ""), f"{dt} * {rate}")
                for (source, target), rate in rates.items()}

    def solve(self, flows):
        """The variables of the solution, by state."""
        for (source, target), flow in flows.items():
            self.add(source, target, flow)
        left = list(self.states)
        while len(left) > 1:
            for k, inverse in self.inverses(self.apart(left), left).items():
                left.remove(k)
                self.remove(k, inverse, left)
        return self.substitute()

    def apart(self, left):
        """The last states of those left that do not touch each other."""
        found = left[-1:]
        for state in left[-2:0:-1]:
            touches = any((state, k) in self.flow or (k, state) in self.flow for k in found)
            if touches or len(found) == self.together:
                break
            found.append(state)
        return found

    def inverses(self, removed, left):
        """1 / all that leaves an occupancy, for states that do not touch, with one division.

        What leaves lies between `TINY` and rates times the step.
        """
        leaving = {}
        for k in removed:
            terms = [self.leak[k], *(self.flow[k, j] for j in left if (k, j) in self.flow)]
            leaving[k] = self.let(f"{k.replace(self.prefix, '')}_leaving", " + ".join(terms))
        names = {k: f"{k.replace(self.prefix, '')}_inverse" for k in removed}
        products = [leaving[removed[0]]]
        for k in removed[1:]:
            products.append(self.let(f"{names[k]}_product", f"{products[-1]} * {leaving[k]}"))
        rest, found = self.let(f"{names[removed[-1]]}_rest", f"1.0 / {products[-1]}"), {}
        for place in range(len(removed) - 1, 0, -1):
            k = removed[place]
            found[k] = self.let(names[k], f"{rest} * {products[place - 1]}")
            rest = self.let(f"{names[k]}_next_rest", f"{rest} * {leaving[k]}")
        return {removed[0]: rest, **found}

    def let(self, name, value):
        variable = f"{self.prefix}{self.stage}{name}"
        self.lines.append(f"{variable} = {value}")
        return variable

    def add(self, source, target, value):
        key = (source, target)
        value = f"{self.flow[key]} + {value}" if key in self.flow else value
        self.flow[key] = self.let(f"from_{source}_to_{target}".replace(self.prefix, ""), value)

    def remove(self, k, inverse, rest):
        """Eliminate occupancy `k`: what would pass through it goes directly."""
        out = {j: self.flow[k, j] for j in rest if (k, j) in self.flow}
        into = {i: self.flow[i, k] for i in rest if (i, k) in self.flow}
        short = k.replace(self.prefix, "")
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
        return new

    def normalised(self, new):
        """The solution over its sum; the variables of the next occupancies."""
        total = self.let("sum_inverse", "1.0 / (" + " + ".join(new[s] for s in self.states) + ")")
        return {s: self.let(f"{s}_next".replace(self.prefix, ""), f"{new[s]} * {total}") for s in self.states}
