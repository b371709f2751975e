"""What was recorded of a lattice, in the shapes of the tutorial.

Row k of a history is the state at the beginning of step k: a run of n steps adds n rows, the first of which is where it
began. What is not tracked is not recorded and costs nothing.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.lattices.activity import Activity
from gpusyn.lattices.chemistry import Chemistry
from gpusyn.lattices.contents import Setting
from gpusyn.lattices.eeg import MeanPotential
from gpusyn.recording.record import Record

PA_PER_NA = 1000.0
FRACTIONS = ("bound_fraction", "open_fraction", "desensitized_fraction")


class Histories(Chemistry, Activity, MeanPotential):
    """The part of a lattice that says what is recorded and gives it back."""

    track_concentrations = Setting(False, "record the concentration of every transmitter at every site")
    track_currents = Setting(False, "record the current through every receptor at every site")
    track_receptors = Setting(False, "record the states of every receptor at every site")
    update_grid_history = Setting(False, "record the potential of every cell")
    track_every: Any = Setting(1, "steps between rows of the histories")
    tracked: tuple[str, ...] = ()

    def wanted_records(self) -> list[Record]:
        """What the flags ask for; means of receptor states come with concentrations and currents."""
        every, cells = self.track_every, self.called("neurons")
        records = self.mean_records()
        records += [Record(f"{cells}.v", every)] if self.update_grid_history else []
        if self.track_concentrations:
            records += [Record(self.called(name), every) for name in self.channels]
        if self.track_currents:
            records += [Record(f"{cells}.{member}.current", every) for member in self.currents()]
        for member in self.receptors:
            for name in self.receptor_states(member):
                path = f"{cells}.{member}.{name}"
                if self.track_concentrations or self.track_currents or self.track_receptors:
                    records.append(Record(path, every, reduce="mean"))
                if self.track_receptors and not (name == "current" and self.track_currents):
                    records.append(Record(path, every))
        there = {record.path for record in records if record.reduce is None}
        return records + [Record(path, every) for path in map(self.in_model, self.tracked) if path not in there]

    def track(self, *names: str) -> None:
        """Record any state or output of the cells or transmitters, at every site.

        Args:
            names: dotted, as in the model of a lattice that stands alone: "neurons.calcium.calcium", "neurons.w".

        Raises:
            ModelError: there is no such name.
        """
        for name in names:
            self.running.model.quantity(self.in_model(name))
        self.tracked = tuple(dict.fromkeys((*self.tracked, *names)))
        self.changed()

    def get_history(self, name: str) -> np.ndarray:
        """What `track` recorded of a name, (time, site), in the quantity's own unit."""
        return self.rows(self.in_model(name), f"call lattice.track({name!r}) before running")

    def in_model(self, name: str) -> str:
        """A dotted name of this lattice as its model has it."""
        owner, _, rest = name.partition(".")
        return f"{self.called(owner)}.{rest}"

    def currents(self) -> list[str]:
        """The receptors that carry a current."""
        return [member for member in self.receptors if "current" in self.members[member].quantities]

    def receptor_states(self, member: str) -> list[str]:
        """What `get_receptor_states` needs of a receptor."""
        return [name for name in (*FRACTIONS, "current") if name in self.members[member].quantities]

    def rows(self, key: str, advice: str) -> np.ndarray:
        """Rows of a recording by the name that it has on this lattice."""
        return self.running.series(key, advice)

    @property
    def history(self) -> np.ndarray:
        """Potential of every cell, mV, (time, row, column); with `update_grid_history`."""
        if self.size == 0:
            return np.empty((0, *self.shape))
        rows = self.rows(f"{self.called('neurons')}.v", "set lattice.update_grid_history = True before running")
        return rows.reshape(len(rows), *self.shape)

    def get_concentrations(self, neurotransmitter: str | None = None) -> np.ndarray:
        """Concentration now, uM, (row, column), of the transmitter named, by default of the first connected."""
        field = self.transmitter_asked(neurotransmitter)
        return self.running.simulation.state[f"{self.called(field)}.concentration"].reshape(self.shape)

    def get_concentration_history(self, neurotransmitter: str | None = None) -> np.ndarray:
        """Concentration, uM, (time, site), of the transmitter named, by default of the first connected."""
        field = self.transmitter_asked(neurotransmitter)
        advice = "set lattice.track_concentrations = True before running"
        return self.rows(f"{self.called(field)}.concentration", advice)

    def get_current_history(self, receptor: str | None = None) -> np.ndarray:
        """Current through a receptor by its name, by default through all of them, nA, (time, site); outward > 0."""
        members = self.currents() if receptor is None else [self.receptor_asked(receptor)]
        if not members:
            raise ModelError(f"lattice {self.id}: no receptor carries a current")
        advice = "set lattice.track_currents = True before running"
        paths = [f"{self.called('neurons')}.{member}.current" for member in members]
        return np.sum([self.rows(path, advice) for path in paths], axis=0) / PA_PER_NA

    def get_receptor_states(self, receptor: str | None = None, per_site: bool = False) -> dict[str, np.ndarray]:
        """States of a receptor over time, by default of the first connected.

        Keys are bound_fraction, open_fraction, desensitized_fraction, bound (the same as bound_fraction, desensitised
        receptors included), unbound (1 - bound), and current (nA, outward > 0); what a receptor does not have is 0.

        Args:
            receptor: its name ("ampa", "nmda", ...).
            per_site: (time, site), recorded with `track_receptors`; else means over the sites, (time,), recorded with
                any of `track_receptors`, `track_currents` and `track_concentrations`.
        """
        member = self.receptor_asked(receptor)
        ending, flag = ("", "track_receptors") if per_site else (".mean", "track_currents or track_receptors")
        advice = f"set lattice.{flag} = True before running"
        found = {name: self.rows(f"{self.called('neurons')}.{member}.{name}{ending}", advice)
                 for name in self.receptor_states(member)}
        found = {name: rows if per_site else rows.reshape(len(rows)) for name, rows in found.items()}
        bound = found["bound_fraction"]
        states = {name: found.get(name, np.zeros_like(bound)) for name in (*FRACTIONS, "current")}
        return states | {"current": states["current"] / PA_PER_NA, "bound": bound, "unbound": 1.0 - bound}

    # names -----------------------------------------------------------------------------------------------------

    def transmitter_asked(self, name: str | None) -> str:
        """The transmitter of this name, or the first."""
        if name is None and self.channels:
            return next(iter(self.channels))
        self.channel_of(str(name), "neurotransmitter")
        return str(name)

    def receptor_asked(self, name: str | None) -> str:
        """The receptor of this name, or the first."""
        if name is None and self.receptors:
            return self.receptors[0]
        if name not in self.receptors:
            what = "" if self.receptors else "; it has none"
            raise ModelError(f"lattice {self.id}: no receptor '{name}'{what}{nearest(str(name), self.receptors)}")
        return name
