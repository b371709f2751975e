"""A simulation in a checkpoint, and back: its arrays, its step, its seed, and the model that it belongs to."""
from __future__ import annotations

import hashlib

import numpy as np

from gpusyn.model_text import Described, describe
from gpusyn.recording.checkpoint import Checkpoint, read_checkpoint, write_checkpoint
from gpusyn.recording.errors import CheckpointError
from gpusyn.state_view import on_host, put

INITIAL = "ledger.initial"


def save(simulation, path, notes) -> None:
    """Write everything that the next step depends on; see `Simulation.save`."""
    assembly = simulation.assembly
    arrays = {name: on_host(simulation.backend, held) for name, held in assembly.persistent.items()}
    arrays |= {f"{INITIAL}.{name}": amount for name, amount in simulation.ledger.initial.items()}
    about = {
        "step": simulation.steps_done, "seed": simulation.seed, "precision": simulation.precision,
        "backend": simulation.backend.name, "programs": program_digests(assembly),
        "config": config_place(simulation.described.config), **notes,
    }
    write_checkpoint(path, arrays, about, simulation.described.text)


def config_place(config) -> dict | None:
    """Where a configuration looks for its files, and the digest of it and them; None for a model built in Python."""
    return None if config is None else {"folder": str(config.folder), "digest": config.digest}


def program_digests(assembly) -> dict[str, str]:
    """Digests of the generated programs, equations and order of evaluation included."""
    return {name: hashlib.sha256(p.listing().encode()).hexdigest() for name, p in assembly.programs.items()}


def checkpoint_and_model(path, model, allow_config_change) -> tuple[Checkpoint, Described]:
    """The checkpoint at `path`, and the model that continues from it: the one given, or the one in the checkpoint.

    Raises:
        CheckpointError: no whole checkpoint, another model, or a model is needed.
    """
    if model is not None:
        described = describe(model)
        return read_checkpoint(path, described.text, allow_config_change), described
    found = read_checkpoint(path)
    place = found.attrs["config"]
    if place is None:
        raise CheckpointError(f"{found.path}: the model was built in Python, and a checkpoint holds no code; "
                              "pass it again: resume(path, model=...)")
    from gpusyn.config import loads

    config = loads(found.config, name=found.path.name, folder=place["folder"])
    if config_place(config) != place and not allow_config_change:
        raise CheckpointError(f"{found.path}: a file of the configuration ({', '.join(config.files)}) has "
                              "changed since it was saved; restore it, or allow the configuration to change")
    return found, describe(config)


def restore(cls, found: Checkpoint, described: Described, backend, threads, recorder, allow_config_change):
    """A simulation of class `cls` in the state of a checkpoint; see `Simulation.resume`."""
    about = found.attrs
    simulation = cls(described, backend=backend or about["backend"], precision=about["precision"], seed=about["seed"],
                     threads=threads, recorder=recorder)
    load(simulation, found, allow_config_change)
    return simulation


def load(simulation, found: Checkpoint, allow_config_change: bool) -> None:
    """Put the arrays of a checkpoint in place.

    Raises:
        CheckpointError: an array is missing or of another shape, or an equation has changed.
    """
    assembly, about = simulation.assembly, found.attrs
    changed = [n for n, d in program_digests(assembly).items() if about["programs"].get(n) != d]
    if changed and not allow_config_change:
        raise CheckpointError(f"{found.path}: the equations of {', '.join(changed)} have changed since it was saved; "
                              "restore them, or allow the configuration to change")
    for name, held in assembly.persistent.items():
        values = found.state.get(name)
        if values is None or values.shape != tuple(held.shape) or values.dtype != held.dtype:
            there = "is missing" if values is None else f"is {values.dtype} {values.shape}"
            raise CheckpointError(f"{found.path}: {name} {there} where {held.dtype} {tuple(held.shape)} is needed; "
                                  f"it was saved on backend {about['backend']}")
        put(simulation.backend, held, values)
    for name in simulation.ledger.initial:
        simulation.ledger.initial[name] = np.asarray(found.state[f"{INITIAL}.{name}"])
    simulation.steps_done = int(about["step"])
    if simulation.recorder is not None:
        simulation.recorder.resume(simulation.steps_done)
