"""What is on the cells of a lattice and around them: receptors, transmitters, transporters, injected currents."""
from __future__ import annotations

import warnings

from gpusyn.errors import ModelError, nearest
from gpusyn.lattices.contents import Channel, copied, member_name, require_equal, transmitter_name
from gpusyn.lattices.grid import Grid
from gpusyn.lattices.systems import require_mechanism
from gpusyn.mechanism import Mechanism
from gpusyn.quantities import Given


class Chemistry(Grid):
    """The part of a lattice that holds mechanisms: `members` of the cells, and `channels` for its transmitters."""

    def add_receptor(self, receptor: Mechanism) -> None:
        """Put a receptor on every cell; it reads the field of its transmitter at its own site.

        Raises:
            ModelError: another receptor of this name, with other parameters, is there already.
        """
        require_mechanism(receptor, "receptor", "AMPAReceptor()")
        name = member_name(receptor)
        self.add_mechanism(name, receptor)
        if name not in self.receptors:
            self.receptors.append(name)

    def add_mechanism(self, name: str, mechanism: Mechanism) -> None:
        """Put any mechanism on every cell, under a name of its own: an injected current, an ion channel.

        Raises:
            ModelError: something else of this name is there already.
        """
        require_mechanism(mechanism, name, "ConstantCurrent(amplitude=40.0)")
        if name in self.members:
            path = self.path_of(f"neurons.{name}", "...")
            advice = f"a cell has one '{name}'; change it with lattice.set(\"{path}\", value)"
            require_equal(self.members[name], mechanism, f"'{name}'", advice)
            return
        self.members[name] = copied(mechanism)
        self.changed()

    def add_current(self, current: Mechanism, name: str = "drive") -> None:
        """Inject a current (pA) into every cell: ``ConstantCurrent(amplitude=40.0)``, one value or one per site."""
        self.add_mechanism(name, current)

    def add_neurotransmitter(self, transmitter: Mechanism, edges=None) -> str:
        """Give a transmitter its field; gives its name. `edges` as of `Lattice`, by default "reflecting".

        Raises:
            ModelError: the transmitter is there already, with other parameters.
        """
        require_mechanism(transmitter, "neurotransmitter", "GlutamateNeurotransmitter()")
        name = transmitter_name(transmitter)
        if name in self.channels:
            advice = (f"a lattice has one field of {name}; change it with lattice.set(\"{self.path_of(name, '...')}\", "
                      f"value), or give weight= for stronger synapses")
            require_equal(self.channels[name].transmitter, transmitter, f"'{name}'", advice)
        else:
            self.channels[name] = Channel(copied(transmitter))
            self.changed()
        if edges is not None and edges != self.channels[name].edges:
            self.channels[name].edges = edges
            self.changed()
        return name

    def channel_of(self, name: str, place: str) -> Channel:
        """The channel of a transmitter.

        Raises:
            ModelError: the lattice has no such transmitter.
        """
        if name not in self.channels:
            what = f"it has {', '.join(self.channels)}" if self.channels else "it has none yet; connect first"
            raise ModelError(f"{place}: this lattice has no {name}; {what}{nearest(name, self.channels)}")
        return self.channels[name]

    def ligands(self) -> dict[str, str]:
        """The transmitters that receptors cannot do without, each with a receptor that reads it."""
        found: dict[str, str] = {}
        for member in self.receptors:
            receptor = self.members[member]
            for name, quantity in receptor.quantities.items():
                if isinstance(quantity, Given) and quantity.kind == "given" and quantity.default is None:
                    found.setdefault(receptor.get(name), member)
        return {name: member for name, member in found.items() if name in transmitter_classes()}


def transmitter_classes() -> dict[str, type]:
    """The built-in transmitters by name."""
    from gpusyn import transmitters

    classes = [getattr(transmitters, name) for name in transmitters.__all__]
    return {c.transmitter: c for c in reversed(classes) if getattr(c, "transmitter", "")}


def warn_of(message: str) -> None:
    """A warning that points to the line of the user's program."""
    warnings.warn(message, UserWarning, stacklevel=_user_level())


def _user_level() -> int:
    """How many frames up the first is that is not gpusyn's."""
    import inspect

    frame, level = inspect.currentframe(), 0
    while frame is not None and frame.f_globals.get("__name__", "").split(".")[0] == "gpusyn":
        frame, level = frame.f_back, level + 1
    return max(1, level)
