"""The cells of a lattice: how many, where, and each with its own parameters."""
from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.lattices.contents import copied
from gpusyn.lattices.grid import Grid
from gpusyn.mechanism import Mechanism
from gpusyn.quantities import State


class Sites(Grid):
    """The part of a lattice that holds its cells: one `neuron`, whose parameters may have a value for every site."""

    def get_neuron(self, row: int, col: int) -> Mechanism:
        """A copy of the neuron at a position: its parameters, and its states as they are now as where it starts."""
        return self.neuron_at(self.position_to_index((row, col)), self.cell_values())

    def neuron_at(self, site: int, values: dict) -> Mechanism:
        """A neuron with the values of a site, of those that `cell_values` gives."""
        twin = copied(self.neuron)
        for name, value in values.items():
            held = twin.values if name in twin.values else twin.initial
            held[name] = value if np.ndim(value) == 0 else value[site].item()
        return twin

    def set_neuron(self, row: int, col: int, neuron: Mechanism) -> None:
        """Put a neuron, of the lattice's kind, at a position: its parameters, and the states where it starts."""
        self.position_to_index((row, col))
        self.apply_given_position(lambda position, old: neuron if position == (row, col) else old)

    def apply(self, change: Callable[[Mechanism], Mechanism | None]) -> None:
        """Change every neuron: ``change(neuron)`` gives it back, or changes the one that it is given."""
        self.apply_given_position(lambda position, neuron: change(neuron))

    def apply_given_position(self, change: Callable[[tuple[int, int], Mechanism], Mechanism | None]) -> None:
        """Change every neuron, knowing where it is: ``change((row, column), neuron)``.

        Raises:
            ModelError: a neuron of another kind came back.
        """
        before, cells = self.cell_values(), []
        for site in range(self.size):
            position = self.index_to_position(site)
            neuron = self.neuron_at(site, before)
            changed = change(position, neuron)
            changed = neuron if changed is None else changed
            if type(changed) is not type(self.neuron):
                raise ModelError(f"site {position}: a {type(changed).__name__} cannot take the place of a "
                                 f"{type(self.neuron).__name__}; a lattice has one kind of neuron")
            cells.append(changed)
        names = dict.fromkeys([*before, *(name for cell in cells for name in cell.initial)])
        self.put_cells({name: collapsed([start_of(cell, name) for cell in cells]) for name in names})

    def cell_values(self) -> dict[str, np.ndarray | float]:
        """Parameters of the neurons by name, one number or one per site; in a run their states too, as they are now."""
        values = dict(self.neuron.values)
        if self.running.steps_done:
            states = [n for n, q in self.neuron.quantities.items() if isinstance(q, State)]
            values |= {name: self.state_of("neurons", name) for name in states}
        else:
            values |= {n: v for n, v in self.neuron.initial.items() if not isinstance(v, str | dict)}
        return {n: v if np.ndim(v) == 0 else np.asarray(v, np.float64).reshape(-1) for n, v in values.items()}

    def put_cells(self, values: dict) -> None:
        """Give the cells these values; states of a running simulation change at once."""
        for name, value in values.items():
            self.neuron.set(name, value)
            if self.running.steps_done and isinstance(self.neuron.quantities[name], State):
                self.set_state_of("neurons", name, value)
        self.changed()


def start_of(neuron: Mechanism, name: str):
    """The value of a parameter, or where a state starts; a state that starts from a parameter has that one's value."""
    value = neuron.get(name)
    return neuron.get(value) if isinstance(value, str) and value in neuron.quantities else value


def collapsed(values: list):
    """One number if all are equal, else an array."""
    if all(value == values[0] for value in values):
        return values[0]
    return np.asarray(values, np.float64)
