"""Receptors alone in given concentrations: their outputs from their equations, and their responses to pulses."""
import inspect

import numpy as np
from single_item import Items

from gpusyn.quantities import Given

MM = 1000.0  # uM


def value_of(mechanism, name, **known):
    """A quantity of a mechanism, from its parameters and equations and from what is `known` (states, givens)."""
    if name in known:
        return known[name]
    if name in mechanism.values:
        return mechanism.values[name]
    quantity = mechanism.quantities.get(name)
    if isinstance(quantity, Given):
        return quantity.default
    function = type(mechanism).functions[name]
    return function(*(value_of(mechanism, n, **known) for n in inspect.signature(function).parameters))


class Alone:
    """One receptor without a cell; `concentration` (uM) of its transmitter may change between steps."""

    def __init__(self, receptor, concentration=0.0, dt=0.1, v=-65.0, n=1, **inputs):
        self.receptor, self.ligand = receptor, type(receptor).transmitter
        self.items = Items({"receptor": receptor}, {self.ligand: concentration, "v": v, **inputs}, n=n, dt=dt)

    def states(self):
        """The states as they are, by name."""
        return {path.rpartition(".")[2]: value for path, value in self.items.state.items()}

    def output(self, name):
        """An output as it is now."""
        return value_of(self.receptor, name, **self.states(), v=self.items.inputs["v"])

    def run(self, duration, concentration, dt, wanted):
        """`wanted` outputs, (n_step, n), over `duration` ms in steps of `dt` ms."""
        self.items.inputs[self.ligand], self.items.dt = concentration, dt
        rows = []
        for _ in range(round(duration / dt)):
            self.items.step()
            rows.append(np.broadcast_to(self.output(wanted), (self.items.n,)).copy())
        return np.array(rows).reshape(-1, self.items.n)


class Trace:
    """A response to a pulse over time (ms): its peak and how fast it rises and falls."""

    def __init__(self, receptor, pulse, stretches, wanted="open_fraction"):
        """`pulse` is (uM, ms); `stretches` are (duration, dt) in ms from the start on, dt constant in each."""
        self.receptor, (concentration, length) = receptor, pulse
        alone, times, values, start = Alone(receptor), [0.0], [0.0], 0.0
        for duration, dt in stretches:
            on = min(max(length - start, 0.0), duration)
            for part, uM in ((on, concentration), (duration - on, 0.0)):
                values += list(alone.run(part, uM, dt, wanted)[:, 0])
                times += list(start + dt * np.arange(1, round(part / dt) + 1))
                start += part
        self.t, self.y = np.array(times), np.array(values)
        self.at = int(self.y.argmax())
        self.peak, self.t_peak = self.y[self.at], self.t[self.at]

    def rise(self):
        """Time from 10 to 90 % of the peak."""
        low, high = np.interp([0.1 * self.peak, 0.9 * self.peak], self.y[:self.at + 1], self.t[:self.at + 1])
        return high - low

    def fall(self, fraction):
        """Time from the peak until `fraction` of it is left."""
        after = self.y[self.at:]
        return np.interp(-fraction * self.peak, -after, self.t[self.at:]) - self.t_peak
