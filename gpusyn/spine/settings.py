"""Settings of a run: its times, what is at rest, and where files go."""
from __future__ import annotations

import inspect
import math
from pathlib import Path
from typing import Any

import numpy as np

from gpusyn.errors import ModelError, nearest

DEFAULTS = {
    "T0": 0.0, "T": 10e-3, "dt": 5e-6, "cceq": 50e-18, "ceeq": 250e-15, "pr": 40e-18, "Vrest": -72e-3, "rad": 0.5,
    "h": 1.0, "len_scale": 1.0, "Cm": 0.01e-12, "Ra": 750e4, "Dc": 220.0, "Db": 20.0, "De": 220.0, "Dbe": 27.0,
    "Dp": 280.0, "Vdat": None, "volt_scale": 1e-3, "voltage_loop": None, "volt_vector": None, "top_folder": "./",
    "data_folder": None, "output_folder": None,
}


class ProblemSettings:
    """What `neuron.settings` holds; the defaults are SPINE's where it has any.

    Attributes:
        T0, T, dt: beginning, end and time step, s.
        cceq, ceeq, pr: calcium in cytosol and ER and IP3 at rest, umol/um^3.
        Vrest: V.
        rad, h: radius of generated shapes and length of every edge where `neuron.geom_builder` asks for such, um.
        len_scale: um per unit of an SWC file. Here it is 1, as the format says; the program's is 1e6, for metres.
        Cm, Ra: capacitance and axial resistivity, F/um^2 and Ohm um (SPINE's name for the latter is Rm).
        Dc, Db, De, Dbe, Dp: diffusion of calcium, calbindin, calcium and calreticulin of the ER, and IP3, um^2/s.
        Vdat: folder of vm_0000000.dat, vm_0000001.dat, ..., one for each step, whose fourth column is the potential of
            every node, times `volt_scale` in V; they begin again after `voltage_loop` s, or after the last.
        volt_vector: anything that a `read_voltage` of one's own needs.
        top_folder, output_folder: arrays go to top_folder/results/output_folder; nothing is written without the latter.
        data_folder: taken for the program's sake; nothing is read or written there.

    Args:
        read_voltage: function of a time in s that gives the potential in V, one or one per node; or as the program has
            it, a function of (settings, tid=number of the step, length=number of nodes).
    """

    T0: float
    T: float
    dt: float
    cceq: float
    ceeq: float
    pr: float
    Vrest: float
    rad: float
    h: float
    len_scale: float
    Cm: float
    Ra: float
    Dc: float
    Db: float
    De: float
    Dbe: float
    Dp: float
    Vdat: str | None
    volt_scale: float
    voltage_loop: float | None
    volt_vector: Any
    top_folder: str
    data_folder: str | None
    output_folder: str | None
    read_voltage: Any

    def __init__(self, read_voltage=None, **values):
        self.__dict__["read_voltage"] = read_voltage
        for name, value in (DEFAULTS | values).items():
            setattr(self, name, value)

    def __setattr__(self, name, value):
        if name == "Rm":
            name = "Ra"
        if name not in (*DEFAULTS, "read_voltage"):
            raise ModelError(f"settings: there is no '{name}'{nearest(name, [*DEFAULTS, 'read_voltage'])}")
        self.__dict__[name] = value

    def set_time_step(self, dt: float) -> None:
        """Set the time step, s."""
        if not dt > 0:
            raise ModelError(f"settings.dt: {dt} s must be positive")
        self.dt = dt

    def potential(self, t: float, n_node: int = 1):
        """The potential that is given for a time in s: V, one or one per node.

        Raises:
            ModelError: the folder of potentials has no such file.
        """
        if self.read_voltage is not None:
            if "tid" in self._asked or "kwargs" in self._asked:
                return self.read_voltage(self, tid=round((t - self.T0) / self.dt), length=n_node)
            return self.read_voltage(t)
        if self.Vdat is None:
            return self.Vrest
        folder = Path(self.Vdat)
        n_file = round(self.voltage_loop / self.dt) if self.voltage_loop else len(list(folder.glob("vm_*.dat")))
        file = folder / f"vm_{round((t - self.T0) / self.dt) % max(n_file, 1):07d}.dat"
        if not file.is_file():
            raise ModelError(f"settings.Vdat: there is no file {file}")
        return self.volt_scale * np.loadtxt(file, usecols=3, ndmin=1)

    @property
    def _asked(self) -> set[str]:
        """What `read_voltage` takes by name; "kwargs" for anything."""
        taken = inspect.signature(self.read_voltage).parameters.values()
        return {"kwargs" if one.kind is one.VAR_KEYWORD else one.name for one in taken}

    @property
    def ntime(self) -> int:
        """Number of steps."""
        return math.ceil((self.T - self.T0) / self.dt - 1e-9)
