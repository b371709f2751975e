"""What all parts of a lattice rest on: its sites, what it holds, its names in a model, and its run."""
from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.lattice import Lattice
from gpusyn.lattices.contents import Channel, Synapses
from gpusyn.lattices.running import Running
from gpusyn.mechanism import Mechanism
from gpusyn.quantities import path_of


class Grid:
    """Rows and columns of sites.

    Attributes:
        id: of the lattice in a network.
        suffix: of every name in the model; "" for a lattice that stands alone.
        neuron: with a value for all cells, or one per site, of every parameter.
        members: what sits on every cell, by name; `receptors` are the names of the receptors, oldest first.
        channels: the transmitters by name, oldest first.
        synapses: one entry per `connect` and transmitter; `incoming` are those from other lattices of a network.
        treatments: disorders and drugs, in the order of their application.
        warned: what the user has been warned of.
        running: model, simulation and recordings.
    """

    id: int
    suffix: str = ""
    drives: ClassVar[bool] = False  # junctions carry the cells' potential alone, and not its difference to the target's
    spacing: float
    dt: float
    shape: tuple[int, int]
    neuron: Mechanism
    members: dict[str, Mechanism]
    receptors: list[str]
    channels: dict[str, Channel]
    synapses: list[Synapses]
    incoming: list[Synapses]
    treatments: list[Any]
    warned: set[str]
    running: Running

    @property
    def height(self) -> int:
        """Rows."""
        return self.shape[0]

    @property
    def width(self) -> int:
        """Columns."""
        return self.shape[1]

    @property
    def size(self) -> int:
        """Cells."""
        return self.shape[0] * self.shape[1]

    @property
    def sites(self) -> Lattice:
        """The sites of the cells, with reflecting edges."""
        return Lattice(self.shape, self.spacing)

    def new_shape(self, rows, cols) -> tuple[int, int]:
        """Rows and columns as whole numbers.

        Raises:
            ModelError: one of them is none, or is negative; or the lattice is part of a network and has others.
        """
        for name, n in (("rows", rows), ("cols", cols)):
            if not isinstance(n, int | np.integer) or n < 0:
                raise ModelError(f"populate: {name} = {n!r} must be a whole number, at least 0")
        if self.suffix and (rows, cols) != self.shape:
            raise ModelError(f"populate: {rows} rows and {cols} columns; lattice {self.id} is part of a network, where "
                             f"it has {self.height} and {self.width}, and must keep them")
        return int(rows), int(cols)

    def position_to_index(self, position: tuple[int, int]) -> int:
        """The number of the site at (row, column).

        Raises:
            ModelError: there is no such site.
        """
        row, col = position
        if not (0 <= row < self.height and 0 <= col < self.width):
            raise ModelError(f"position {tuple(position)}: there are {self.height} rows and {self.width} columns, "
                             f"counted from 0")
        return int(row) * self.width + int(col)

    def index_to_position(self, index: int) -> tuple[int, int]:
        """(row, column) of a site."""
        row, col = divmod(int(index), self.width)
        return row, col

    # names and states ------------------------------------------------------------------------------------------

    def called(self, name: str) -> str:
        """The name that the lattice's population or field has in the model."""
        return f"{name}{self.suffix}"

    @property
    def cells(self) -> str:
        """The name in the model of what spikes."""
        return self.called("neurons")

    @property
    def membranes(self) -> str:
        """The name in the model of what has the potential that electrical synapses see."""
        return self.cells

    def require_alone(self, method: str, instead: str) -> None:
        """Raise a `ModelError` if the lattice is part of a network, which then does what the method would."""
        if self.suffix:
            raise ModelError(f"{method}: lattice {self.id} is part of a network, which runs as a whole; "
                             f"call network.{instead}")

    def path_of(self, owner: str, name: str) -> str:
        """The dotted name of a quantity in the model; `owner` is "neurons", "neurons.<member>" or a transmitter."""
        first, _, member = owner.partition(".")
        return path_of(self.called(first), member, name)

    def changed(self) -> None:
        """The model is no longer what it was: it will be built anew before the next step."""
        self.running.changed()

    def state_of(self, owner: str, name: str) -> Any:
        """A state as it is now, (site,)."""
        return self.running.simulation.state[self.path_of(owner, name)]

    def set_state_of(self, owner: str, name: str, value) -> None:
        """Change a state at once; one value, or one per site."""
        self.running.simulation.state[self.path_of(owner, name)] = value


def require_steps(iterations, method: str) -> int:
    """A number of steps as a whole number.

    Raises:
        ModelError: it is none, or is negative.
    """
    if iterations != int(iterations) or iterations < 0:
        raise ModelError(f"{method}: {iterations!r} steps; a whole number, at least 0, is asked for")
    return int(iterations)
