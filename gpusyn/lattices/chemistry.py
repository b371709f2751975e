"""What is on the cells of a lattice and around them: receptors, transmitters, transporters, injected currents."""
from __future__ import annotations

from gpusyn.errors import ModelError, nearest
from gpusyn.lattices.contents import Channel, copied, member_name, require_equal, transmitter_name
from gpusyn.lattices.grid import Grid
from gpusyn.lattices.systems import require_mechanism
from gpusyn.mechanism import Mechanism
from gpusyn.model import free_name
from gpusyn.quantities import Given, Output


class Chemistry(Grid):
    """The part of a lattice that holds mechanisms: `members` of the cells, and `channels` for its transmitters."""

    def add_receptor(self, receptor: Mechanism, name: str | None = None) -> None:
        """Put a receptor on every cell; it reads the field of its transmitter at its own site.

        Args:
            name: by default the receptor's own; for a second receptor of a kind, such as one with another target.

        Raises:
            ModelError: another receptor of this name, with other parameters, is there already.
        """
        require_mechanism(receptor, "receptor", "AMPAReceptor()")
        name = member_name(receptor) if name is None else name
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

    def set_second_messenger_system(self, system) -> None:
        """Put second messengers into every cell, in the place of those of their names.

        They add up what the receptors on the cell make of them; of the NMDA receptors' current calcium carries a part.

        Args:
            system: `SecondMessengerSystem`.
        """
        for name, mechanism in system.members.items():
            self.members[name] = copied(mechanism)
        self.changed()

    def add_neurotransmitter(self, transmitter: Mechanism, edges=None) -> str:
        """Give a transmitter its field; gives its name. `edges` as of `Lattice`, by default "reflecting".

        Raises:
            ModelError: the transmitter is there already, with other parameters.
        """
        require_mechanism(transmitter, "neurotransmitter", "GlutamateNeurotransmitter()")
        name = transmitter_name(transmitter)
        if name in self.channels:
            path = self.path_of(name, "...")
            advice = (f"a lattice has one field of {name}; change it with lattice.set(\"{path}\", value), or give "
                      f"weight= for stronger synapses")
            require_equal(self.channels[name].transmitter, transmitter, f"'{name}'", advice)
        else:
            self.channels[name] = Channel(copied(transmitter))
        if edges is not None:
            self.channels[name].edges = edges
        self.changed()
        return name

    def add_transporter(self, transporter: Mechanism) -> None:
        """Let transporters take up the transmitter that they are for.

        Raises:
            ModelError: the lattice has no such transmitter.
        """
        require_mechanism(transporter, "transporter", "GlutamateTransporter()")
        channel = self.channel_of(transmitter_name(transporter), f"add_transporter({type(transporter).__name__})")
        channel.members[free_name(member_name(transporter), channel.members)] = copied(transporter)
        self.changed()

    def channel_of(self, name: str, place: str) -> Channel:
        """The channel of a transmitter.

        Raises:
            ModelError: the lattice has no such transmitter.
        """
        if name not in self.channels:
            raise ModelError(f"{place}: lattice {self.id} has no {name}; {self.what_is_there()}"
                             f"{nearest(name, self.channels)}")
        return self.channels[name]

    def what_is_there(self) -> str:
        """The lattice's transmitters, for messages."""
        return f"it has {', '.join(self.channels)}" if self.channels else "it has no transmitter yet, connect first"

    def unprovided(self) -> dict[str, str]:
        """The transmitters that receptors cannot do without and that have no field, each with a receptor."""
        found: dict[str, str] = {}
        for member in self.receptors:
            receptor = self.members[member]
            for name, quantity in receptor.quantities.items():
                if isinstance(quantity, Given) and quantity.kind == "given" and quantity.default is None:
                    found.setdefault(receptor.get(name), member)
        put_out = {name for m in self.members.values() for name, q in m.quantities.items() if isinstance(q, Output)}
        known = set(transmitter_classes()) - set(self.channels) - put_out
        return {name: member for name, member in found.items() if name in known}


def transmitter_classes() -> dict[str, type]:
    """The built-in transmitters by name."""
    from gpusyn import transmitters

    classes = [getattr(transmitters, name) for name in transmitters.__all__]
    return {kind.transmitter: kind for kind in classes
            if getattr(kind, "transmitter", "") and "concentration" in kind.quantities
            and "quantum_size" in kind.quantities}
