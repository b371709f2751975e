"""Running neurons."""
from __future__ import annotations

from typing import Any

import numpy as np

from gpusyn.recording.recorder import Recorder
from gpusyn.simulation import Simulation
from gpusyn.spine import recording
from gpusyn.spine.building import build, potential_of
from gpusyn.spine.neuron_model import NeuronModel

SOL = {"C": "ca", "CE": "ca_er", "B": "calbindin", "BE": "calreticulin", "IP3": "ip3.ip3"}


def SBDF(
    neuron_list: NeuronModel | list[NeuronModel], comm: Any = None, writeStep: int | None = None, solver: str = "SIAP",
    er_scale: float = 15 / 40, n_workers: int | None = None, threads_per_process: int = 1, *, scheme: str = "sbdf2",
    backend: str = "auto", precision: str = "float64",
) -> Simulation:
    """Run neurons from settings.T0 to settings.T.

    Args:
        neuron_list: one neuron, or several.
        comm: `SynapseCommunicator` between them.
        writeStep, solver, n_workers, threads_per_process: taken for the documents' sake. All neurons are stepped
            together; files for ParaView are written from a run's file by `gpusyn.write_vtu`.
        er_scale: radius of the ER over that of the dendrite.
        scheme: "sbdf2"; "spine" steps as SPINE does.

    Returns:
        The simulation; every neuron has its final state in `sol` and what was recorded in `results`.

    Raises:
        ModelError: whatever a model refuses; nothing has run then.
    """
    del writeStep, solver, n_workers, threads_per_process
    neurons = neuron_list if isinstance(neuron_list, list) else [neuron_list]
    running: list[Simulation] = []
    built = build(neurons, comm, er_scale, scheme, lambda: publish(running[0], built, neurons))
    wanted = [record for name, neuron in zip(built.names, neurons, strict=True)
              for record in recording.records(built, name, neuron)]
    recorder = Recorder(wanted) if wanted else None
    simulation = Simulation(built.model, backend=backend, precision=precision, recorder=recorder)
    running.append(simulation)
    begin(simulation, built, neurons)
    advance(simulation, built, neurons[0].settings)
    publish(simulation, built, neurons)
    for name, neuron in zip(built.names, neurons, strict=True):
        neuron.results = recording.results(built, name, neuron, simulation.recorder) if recorder else {}
        recording.write(neuron, neuron.results)
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


def advance(simulation, built, settings) -> None:
    """All steps; one by one where the host has a part in them."""
    if not built.acts:
        simulation.step(settings.ntime)
        return
    for step in range(settings.ntime):
        for act in built.acts:
            act.act(simulation.state, settings.T0 + step * settings.dt, settings.dt)
        simulation.step(1)


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
