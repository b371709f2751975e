"""What every neuron has: a membrane potential, and the currents that drive it."""
from typing import ClassVar

from gpusyn.mechanism import Mechanism, option, parameter, state, total


class Neuron(Mechanism):
    """Base of the neurons; it has no equations of its own.

    `receptor_current` is outward (pA, > 0 makes the cell more negative), `injection` inward, as electrodes are used.

    Other programs call the present potential `current_voltage` and the present recovery or adaptation variable
    `w_value`; both names work here, and set where `v` and `w` start.
    """

    other_names: ClassVar[dict[str, str]] = {"current_voltage": "v"}

    v = state("mV", "membrane potential", initial="v_init")
    receptor_current = total("current", "pA", "sum of the outward currents of the mechanisms on the cell")
    injection = total("injection", "pA", "sum of the injected currents, inward > 0")

    dt = option(None, "time step in ms that the cell asks of a lattice; None leaves it to the model")

    v_init = parameter(-65.0, "mV", "membrane potential at the start", low=-200.0, high=200.0)
    gap_conductance = parameter(7.0, "nS", "conductance of a gap junction of unit weight onto this cell", low=0.0)

    def set(self, name, value):
        """Set a parameter or an initial value, also by another program's name for it."""
        super().set(self.other_names.get(name, name), value)

    def __setattr__(self, name, value):
        super().__setattr__(self.other_names.get(name, name), value)

    def __getattr__(self, name):
        if name not in type(self).other_names:
            raise AttributeError(f"{type(self).__name__} has no attribute '{name}'")
        value = self.get(self.other_names[name])
        return self.get(value) if isinstance(value, str) else value
