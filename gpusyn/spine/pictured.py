"""Files for ParaView while a run goes on: what `SBDF(writeStep=...)` asks for."""
from __future__ import annotations

from pathlib import Path

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.recording.vtu import write_vtu
from gpusyn.spine.units import MS

FIELDS = {"cyt": "C", "er": "CE", "calb": "B", "ip3": "IP3", "volt": "V"}  # vtu_...: the array of `sol`
TOTALS = {"total_cyt": "ca", "total_er": "ca_er"}


class Frames:
    """States of all neurons at every so many steps, kept on the host.

    Args:
        neurons: whose `sol` is up to date when `take` is called.
        every: steps between them; None for none.

    Raises:
        ModelError: no whole number above 0, or a neuron without a folder.
    """

    def __init__(self, neurons, every):
        if every is not None and (every != int(every) or every < 1):
            raise ModelError(f"SBDF.writeStep: {every} is no number of steps; it must be whole and above 0")
        for k, neuron in enumerate(neurons if every else ()):
            if neuron.settings.output_folder is None:
                raise ModelError(f"SBDF.writeStep: files of neuron {k} go to top_folder/results/output_folder/vtu; set "
                                 "its settings.output_folder")
        self.neurons, self.every = neurons, every
        self.steps: list[int] = []
        self.taken: list[list[dict]] = [[] for _ in neurons]

    def take(self, step: int) -> None:
        """Keep the state before a step, which is a multiple of `every`."""
        self.steps.append(step)
        for neuron, frames in zip(self.neurons, self.taken, strict=True):
            frames.append({key: getattr(neuron.sol, key).copy() for key in self.wanted(neuron).values()})

    @staticmethod
    def wanted(neuron) -> dict[str, str]:
        """Names in the files, and of which array of `sol`."""
        asked = {name: key for name, key in FIELDS.items() if neuron.recorder[f"vtu_{name}"]}
        if not neuron.model["IP3"]:
            asked.pop("ip3", None)
        return {name.upper(): key for name, key in asked.items()}

    def write(self, names, recorder) -> None:
        """One file per time and neuron, and a list of them that ParaView opens."""
        for name, neuron, frames in zip(names, self.neurons, self.taken, strict=True):
            fields = {title: np.stack([frame[key] for frame in frames])
                      for title, key in self.wanted(neuron).items()} if frames else {}
            for total, quantity in TOTALS.items():
                if frames and neuron.recorder[total] and neuron.recorder[f"vtu_{total}"]:
                    rows = recorder[f"{name}.{quantity}"]
                    sums = np.concatenate([0 * rows[:1], np.cumsum(rows, axis=0)]) * neuron.settings.dt
                    fields[total.upper()] = sums[self.steps]
            if fields:
                s = neuron.settings
                times = (s.T0 + s.dt * np.array(self.steps)) * MS
                folder = Path(s.top_folder) / "results" / s.output_folder / "vtu"
                write_vtu(folder, neuron.morphology, fields, times=times)
