"""A small model whose runs are stopped and resumed, and the commands that do so in a process of its own.

    python resumed_model.py run FOLDER BACKEND
    python resumed_model.py resume FOLDER
"""
import sys

import numpy as np

from gpusyn.currents import ConstantCurrent, WhiteNoiseCurrent
from gpusyn.model import Model
from gpusyn.neurons import IzhikevichNeuron
from gpusyn.receptors import AMPAReceptor
from gpusyn.recording.record import Record, histogram
from gpusyn.running import resume, run
from gpusyn.sweep import Sweep
from gpusyn.transmitters import CleftTransmitter

DURATION = 1000.0  # ms
RECORDS = (
    Record("neurons.v", every=7, sites=[0, 5, 39]),
    Record("neurons.ampa.current", every="1 ms"),
    Record("neurons.w", every=3, reduce=("mean", "max")),
    Record("neurons.v", every=50, reduce=histogram(8, -90.0, 40.0)),
)


def small_model(n_point=2, **given) -> Model:
    """Forty noisy neurons with a cleft and a receptor each, at two noise strengths."""
    axes = {"neurons.noise.sigma": np.linspace(1.0, 4.0, n_point)} if n_point > 1 else {}
    model = Model(lattice=(5, 8), dt=0.1, name="small", sweep=Sweep(axes))
    model.add_population(
        "neurons", IzhikevichNeuron(preset="RS", **given), cleft=CleftTransmitter(t_max=50.0),
        ampa=AMPAReceptor(preset="Destexhe1998", glutamate="cleft.concentration"),
        noise=WhiteNoiseCurrent(sigma=2.0), drive=ConstantCurrent(amplitude=np.linspace(0.0, 12.0, 40)),
    )
    return model


def start(folder, backend, duration=DURATION, **options):
    """Run the model from its beginning."""
    return run(small_model(), folder, duration=duration, backend=backend, seed=11, record=RECORDS, precision="float64",
               checkpoint_every="50 ms", budget=20_000, progress=False, **options)


if __name__ == "__main__":
    command, folder, *rest = sys.argv[1:]
    print("ready", flush=True)
    summary = start(folder, *rest, force=True) if command == "run" else resume(folder, small_model(), progress=False)
    print(summary)
    sys.exit(summary.exit_code)
