"""Running neurons."""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.errors import ModelError
from gpusyn.recording.recorder import Recorder
from gpusyn.simulation import Simulation
from gpusyn.spine import recording
from gpusyn.spine.building import build
from gpusyn.spine.electricity import potential_of
from gpusyn.spine.neuron_model import NeuronModel
from gpusyn.spine.pictured import Frames

THREADS: int | None = None  # of runs that do not say; `gpusyn.spine.utils.threading` sets it
SOL = {"C": "ca", "CE": "ca_er", "B": "calbindin", "BE": "calreticulin", "IP3": "ip3.ip3"}


def SBDF(
    neuron_list: NeuronModel | list[NeuronModel], comm: Any = None, writeStep: int | None = None, solver: str = "SIAP",
    er_scale: float = 15 / 40, n_workers: int | None = None, threads_per_process: int | None = None, *,
    scheme: str = "sbdf2", backend: str = "auto", precision: str = "float64",
) -> Simulation:
    """Run neurons from settings.T0 to settings.T.

    Args:
        neuron_list: one neuron, or several.
        comm: `SynapseCommunicator` between them.
        writeStep: steps between files for ParaView, of each neuron in top_folder/results/output_folder/vtu.
        solver: "SIAP"; areas of cross-sections count in it, for which the program has another one that does not run.
        n_workers: taken for the documents' sake: all neurons are stepped together.
        threads_per_process: threads of the run; None leaves it to gpusyn.
        er_scale: radius of the ER over that of the dendrite.
        scheme: "sbdf2"; "spine" steps as SPINE does.

    Returns:
        The simulation; every neuron has its final state in `sol` and what was recorded in `results`.

    Raises:
        ModelError: whatever a model refuses; nothing has run then.
    """
    if solver != "SIAP":
        raise ModelError(f"SBDF.solver: '{solver}' is unknown; 'SIAP' is the one, and weights diffusion by areas")
    neurons = neuron_list if isinstance(neuron_list, list) else [neuron_list]
    running: list[Simulation] = []
    frames = Frames(neurons, writeStep)
    built = build(neurons, comm, er_scale, scheme, lambda: publish(running[0], built, neurons))
    wanted = [record for name, neuron in zip(built.names, neurons, strict=True)
              for record in recording.records(built, name, neuron)]
    recorder = Recorder(wanted) if wanted else None
    simulation = Simulation(built.model, backend=backend, precision=precision, recorder=recorder,
                            threads=threads_per_process or THREADS)
    running.append(simulation)
    begin(simulation, built, neurons)
    advance(simulation, built, neurons, frames)
    publish(simulation, built, neurons)
    for name, neuron in zip(built.names, neurons, strict=True):
        neuron.results = recording.results(built, name, neuron, simulation.recorder) if recorder else {}
        recording.write(neuron, neuron.results)
    frames.write(built.names, recorder)
    return simulation


def begin(simulation, built, neurons) -> None:
    """Publish the state at rest, and let the user's initial conditions change it."""
    publish(simulation, built, neurons)
    for name, neuron in zip(built.names, neurons, strict=True):
        for synapse in neuron.synapse_instances:
            if hasattr(synapse, "receptor_model"):
                synapse.receptor_model.initialize_state(neuron.n_node)
        if neuron.initial_conditions is None:
            continue
        neuron.initial_conditions(neuron)
        for key, path in paths(built, name, neuron).items():
            if path in simulation.state:
                simulation.state[path] = getattr(neuron.sol, key)
    publish(simulation, built, neurons)


def advance(simulation, built, neurons, frames) -> None:
    """All steps; in pieces where pictures are taken, one by one where the host has a part in them."""
    settings = neurons[0].settings
    last, length = settings.ntime, 1 if built.acts else frames.every or max(settings.ntime, 1)
    for step in range(0, last + 1, length):
        if frames.every and step % frames.every == 0:
            publish(simulation, built, neurons)
            frames.take(step)
        if step < last:
            for act in built.acts:
                act.act(simulation.state, settings.T0 + step * settings.dt, settings.dt)
            simulation.step(min(length, last - step))


def paths(built, name, neuron) -> dict[str, str]:
    """Dotted names by the documents' letters."""
    members = built.model.populations[name].members
    found = {key: f"{name}.{path}" for key, path in SOL.items() if key != "IP3" or "ip3" in members}
    return found | {"V": f"{name}.{potential_of(neuron)}"}


def publish(simulation, built, neurons) -> None:
    """Bring the arrays of every neuron's `sol` up to date: uM and mV."""
    for name, neuron in zip(built.names, neurons, strict=True):
        rest = {"IP3": neuron.settings.pr * 1e15, "V": neuron.settings.Vrest * 1e3}
        for key in (*SOL, "V"):
            path = paths(built, name, neuron).get(key)
            held = simulation.state[path] if path in simulation.state else np.full(neuron.n_node, rest.get(key, 0.0))
            setattr(neuron.sol, key, np.array(held, np.float64))
