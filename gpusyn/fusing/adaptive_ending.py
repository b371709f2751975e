"""The programs of the scheme "adaptive" after both stages of a step: how wrong it is, and what it leads to."""
from __future__ import annotations

from gpusyn.fusing.adaptive import Stage, keeps_rounding, stepped
from gpusyn.fusing.tree_stages import used
from gpusyn.fusing.trees import TreeFusion
from gpusyn.program import Program
from gpusyn.quantities import Scheme

FLOORS = {"uM": 0.01, "1": 0.01, "mV": 10.0}  # what counts as nothing, by unit; 1 of any other

# The method may leave a fraction, by less than the tolerance, outside of what it can be.
WITHIN = {"gate": "minimum(maximum({}, 0.0), 1.0)", "occupancy": "maximum({}, 0.0)"}


def adaptive_programs(name, members, inputs) -> list[Program]:
    """The programs of the two stages, of how wrong a step is, and of the new states; as `tree_programs`."""
    stages = [Stage(name, members, inputs, number).whole() for number in (0, 1)]
    return [*stages, Ending(name, members, inputs).estimate(), Ending(name, members, inputs).moved()]


class Ending(TreeFusion):
    """The programs after both stages."""

    def changes(self):
        """(member, state, variable, unit, k1, k2) of all that moves."""
        for member, mechanism in self.members.items():
            for name in stepped(mechanism):
                both = [self.beside(member, name, what) for what in ("change", "second")]
                yield member, name, self.old.variables[member, name], mechanism.quantities[name].unit, *both

    def estimate(self) -> Program:
        """The sum of squares, over the states of a node, of `wrong` as a part of the state and its floor."""
        terms = []
        for member, name, x, unit, first, second in self.changes():
            part = f"0.5 * ({first} + {second}) / (absolute({x}) + {FLOORS.get(unit, 1.0)!r})"
            terms.append(self.let(f"{self.variable(member, name)}_wrong", part))
        total = self.let("wrong_in_all", " + ".join(f"{term} * {term}" for term in terms))
        self.argument("wrong_at_node", f"{self.name}:wrong", "state")
        self.extra.append((total, f"{self.name}:wrong"))
        return Program(f"{self.name}_wrong", used(self), self.lines, self.extra, self.functions)

    def moved(self) -> Program:
        """The new states; occupancies are divided by their sum, and what came and went is booked."""
        new = {}
        for member, name, x, _, first, second in self.changes():
            variable, lasting = self.variable(member, name), keeps_rounding(self.members[member], name)
            lost = f" + {self.beside(member, name, 'lost')}" if lasting else ""
            step = self.let(f"{variable}_step", f"1.5 * {first} + 0.5 * {second}{lost}")
            within = WITHIN.get(self.members[member].quantities[name].kind, "{}")
            new[member, name] = self.let(f"{variable}_next", within.format(f"{x} + {step}"))
            if lasting:
                self.put(member, name, "lost", f"{step} - ({new[member, name]} - {x})")
        for member, mechanism in self.members.items():
            for scheme in [q for q in mechanism.quantities.values() if isinstance(q, Scheme)]:
                total = " + ".join(new[member, s] for s in scheme.states)
                inverse = self.let(self.unused(f"{self.variable(member, scheme.name)}_inverse"), f"1.0 / ({total})")
                for s in scheme.states:
                    new[member, s] = self.let(self.unused(f"{new[member, s]}_whole"), f"{new[member, s]} * {inverse}")
            for name, quantity in mechanism.quantities.items():
                if getattr(quantity, "into", "") in stepped(mechanism):
                    first, second = (self.beside(member, name, what) for what in ("change", "second"))
                    amount = self.let(f"{self.variable(member, name)}_booked", f"1.5 * {first} + 0.5 * {second}")
                    self.ledger.append((amount, self.path(member, name)))
        self.extra += [(variable, self.path(*name)) for name, variable in new.items()]
        watched = [self.path(member, q.name) for member, mechanism in self.members.items()
                   for q in self.states(mechanism) if q.not_negative]
        return Program(f"{self.name}_moved", used(self), self.lines, self.extra, self.functions, None, self.ledger,
                       watched)
