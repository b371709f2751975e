"""One step of a Markov scheme: one implicit solution as an unrolled elimination.

With x_i the rates out of state i times the step, and R the matrix of the rates times the step, what flows during the
step is R times

    u_i = p_i + (p_new_i - p_i) / g_i,    g_i = max(1, 2 - a x_i),    a = 0.172,

so (diag(g + x) - R) u = g p, and p_new = p + g (u - p). Where a state is left slowly, g is 2 and u the mean of both
ends of the step: the trapezoidal rule, of second order, with half its error because of a. Where it is left fast, g is 1
and u the state at the end: backward Euler. Since a > 3 - 2 sqrt(2), g (x - 1) <= x: what was in a state leaves at most
once, so that no occupancy becomes negative, however long the step. A steady state remains one. No function of the
matrix alone is of second order and that (Bolley & Crouzeix 1978, RAIRO Anal. Numer. 12:237): g depends on each state.

The solution is written as state reduction (Grassmann, Taksar & Heyman 1985, Oper. Res. 33:1107): only additions,
multiplications and divisions of non-negative numbers, so no pivoting and no cancellation.
"""
from __future__ import annotations

EASED = "0.172"  # a, see above


def step_lines(states: list[str], rates: dict[tuple[str, str], str], dt: str, prefix: str):
    """Lines of Python that step the occupancies named in `states` by `dt`; arguments and results as below."""
    step = _Elimination(states, prefix, together=2)
    flows = step.scaled(rates, dt)
    weight = {state: step.weight(state, flows) for state in states}
    step.leak = dict(weight)
    step.mass = {s: step.let(f"{s}_weighted".replace(prefix, ""), f"{weight[s]} * {s}") for s in states}
    during = step.solve(flows)
    new = {s: step.let(f"{s}_moved".replace(prefix, ""), f"maximum({s} + {weight[s]} * ({during[s]} - {s}), 0.0)")
           for s in states}
    return step.lines, step.normalised(new, nearly=True)


def elimination_lines(states: list[str], rates: dict[tuple[str, str], str], dt: str, prefix: str):
    """Lines of Python that solve ``(I + dt L) p_new = p`` for the occupancies named in `states`.

    Args:
        states: variables that hold the occupancies, in elimination order.
        rates: (from, to) variables -> variable with the rate, 1/ms.
        dt: variable with the time step, ms.
        prefix: start of the names of temporaries, and of what `states` have in common.

    Returns:
        (lines, new): the lines, and the variable of the new occupancy of each state.
    """
    step = _Elimination(states, prefix, together=2)
    new = step.normalised(step.solve(step.scaled(rates, dt)))
    return step.lines, new


def increment_lines(states: list[str], right: dict[str, str], rates: dict[tuple[str, str], str], dt: str, prefix: str):
    """Lines of Python that solve ``(I + dt L) x = right``, of any sign, and the variable of x for each state.

    Args:
        right: variables, by state; other arguments as for `elimination_lines`.
    """
    step = _Elimination(states, prefix)
    step.mass = dict(right)
    found = step.solve(step.scaled(rates, dt))
    return step.lines, found


class _Elimination:
    """The solution of (diagonal + dt L) x = mass; the diagonal is 1 and the mass the occupancies unless they are set.

    Divisions are what a step costs, so that up to `together` occupancies that do not touch share one. Two where those
    that leave at a constant rate are to be known before the loop over items.
    """

    def __init__(self, states, prefix, together=3):
        self.states, self.prefix, self.lines = states, prefix, []
        self.flow: dict[tuple[str, str], str] = {}  # scaled rate between remaining states
        self.leak = dict.fromkeys(states, "1.0")  # scaled rate out of the remaining states
        self.mass = {s: s for s in states}
        self.removed: list[tuple[str, str, dict]] = []
        self.together = together

    def scaled(self, rates, dt):
        """The variables of rates times the step."""
        return {(source, target): self.let(f"flow_{source}_{target}".replace(self.prefix, ""), f"{dt} * {rate}")
                for (source, target), rate in rates.items()}

    def weight(self, state, flows):
        """The variable of g of a state, see above."""
        leaving = " + ".join(flow for (source, _), flow in flows.items() if source == state)
        name = state.replace(self.prefix, "")
        return self.let(f"{name}_weight", f"maximum(2.0 - {EASED} * ({leaving}), 1.0)" if leaving else "2.0")

    def solve(self, flows):
        """The variables of the solution, by state."""
        for (source, target), flow in flows.items():
            self.add(source, target, flow)
        left = list(self.states)
        while len(left) > 2:
            for k, inverse in self.inverses(self.apart(left), left).items():
                left.remove(k)
                self.remove(k, inverse, left)
        return self.substitute(self.last(left))

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
        """1 / all that leaves an occupancy, for states that do not touch, with one division."""
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
        variable = f"{self.prefix}{name}"
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

    def last(self, left):
        """The solution for the one or two states that are left, with one division."""
        first, short = left[0], [state.replace(self.prefix, "") for state in left]
        if len(left) == 1:
            return {first: self.let(f"{short[0]}_new", f"{self.mass[first]} / {self.leak[first]}")}
        other = left[1]
        forth, back = (self.flow.get(pair) for pair in ((first, other), (other, first)))
        out = [self.let(f"{name}_out", f"{self.leak[state]} + {flow}") if flow else self.leak[state]
               for name, state, flow in zip(short, left, (forth, back), strict=True)]
        closed = f" + {forth} * {self.leak[other]}" if forth else ""
        inverse = self.let("last_inverse", f"1.0 / ({self.leak[first]} * {out[1]}{closed})")
        inward = [f" + {flow} * {self.mass[state]}" if flow else "" for flow, state in ((back, other), (forth, first))]
        return {state: self.let(f"{name}_new", f"({self.mass[state]} * {beyond}{inflow}) * {inverse}")
                for name, state, beyond, inflow in zip(short, left, out[::-1], inward, strict=True)}

    def substitute(self, new):
        """The solution for all states, from that for the last ones left."""
        for k, inverse, into in reversed(self.removed):
            inflow = "".join(f" + {rate} * {new[i]}" for i, rate in into.items())
            new[k] = self.let(f"{k}_new".replace(self.prefix, ""), f"({self.mass[k]}{inflow}) * {inverse}")
        return new

    def normalised(self, new, nearly=False):
        """The solution over its sum, which may be `nearly` 1, so that 1 / sum = 2 - sum; the next occupancies."""
        total = " + ".join(new[s] for s in self.states)
        inverse = self.let("sum_inverse", f"2.0 - ({total})" if nearly else f"1.0 / ({total})")
        return {s: self.let(f"{s}_next".replace(self.prefix, ""), f"{new[s]} * {inverse}") for s in self.states}
