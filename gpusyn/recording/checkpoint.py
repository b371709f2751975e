"""The state that a run continues from, with a checksum, kept twice.

    now.ckpt             the last checkpoint
    now.ckpt.previous    the one before it, for the case that the last one is torn

A checkpoint is an HDF5 file: /state/<name> arrays, /notes the rest as JSON, /config the resolved configuration, and a
root attribute `checksum` over all of them.
"""
import hashlib
import json
import logging
import os
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path

import h5py
import numpy as np

from gpusyn.recording.errors import CheckpointError
from gpusyn.recording.recovery import part_of
from gpusyn.recording.storage import put_in_place

FORMAT = "gpusyn checkpoint 1"
LOG = logging.getLogger("gpusyn")


@dataclass(frozen=True)
class Checkpoint:
    """What was saved: arrays by name, attrs (step, seed, recorded rows, ...), the configuration, and its file."""

    state: dict[str, np.ndarray]
    attrs: dict
    config: str
    path: Path


def previous_of(path):
    """Name of the checkpoint before the last."""
    path = Path(path)
    return path.with_name(path.name + ".previous")


def write_checkpoint(path, state, attrs, config=""):
    """Save a state; the checkpoint that was there becomes `<path>.previous`.

    The new file is complete and on the disk before any name changes: at every moment one good checkpoint exists.

    Args:
        path: of the checkpoint.
        state: {name: array}, any shapes and types of numbers.
        attrs: what JSON can hold: step, seed, `rows` of the recording (`RunFile.flush`), ...
        config: the resolved configuration as TOML text; a run with another one will not continue from here.

    Raises:
        CheckpointError: an array of objects, a name with a slash, or attrs that JSON cannot hold.
    """
    path = Path(path)
    arrays = {name: np.asarray(value, order="C") for name, value in state.items()}
    for name, array in arrays.items():
        if "/" in name:
            raise CheckpointError(f"{path.name}: '{name}' has a slash; names of arrays are dotted")
        if array.dtype.hasobject:
            raise CheckpointError(f"{path.name}: '{name}' holds Python objects; a checkpoint keeps arrays of numbers")
    try:
        notes = json.dumps(attrs, sort_keys=True)
    except TypeError as error:
        raise CheckpointError(f"{path.name}: attrs cannot be written as JSON ({error})") from None
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(part_of(path), "w", libver="v110") as file:
        for name, array in arrays.items():
            file.create_dataset(f"state/{name}", data=array)
        file["notes"], file["config"] = notes, config
        file.attrs.update(format=FORMAT, checksum=_checksum(arrays, notes, config))
    put_in_place(part_of(path), part_of(path))
    if path.exists():
        os.replace(path, previous_of(path))
    put_in_place(part_of(path), path)


def read_checkpoint(path, config=None, allow_config_change=False):
    """The last good checkpoint at `path`; where that one is torn or missing, the one before it, with a warning.

    Args:
        path: as given to `write_checkpoint`.
        config: configuration of the run that wants to continue, TOML text; None asks no question.
        allow_config_change: continue although the configuration differs.

    Returns:
        A `Checkpoint`.

    Raises:
        CheckpointError: there is none, neither is whole, or its configuration differs from `config`.
    """
    path = Path(path)
    troubles = []
    for candidate in (path, previous_of(path)):
        try:
            found = _read(candidate)
        except CheckpointError as error:
            troubles.append(str(error))
            continue
        for trouble in troubles:
            LOG.warning("%s; continuing from %s", trouble, candidate.name)
        if config is not None and not allow_config_change:
            _require_config(found, config)
        return found
    raise CheckpointError("no checkpoint to continue from: " + "; ".join(troubles))


def _read(path):
    if not path.exists():
        raise CheckpointError(f"{path}: there is no such file")
    try:
        with h5py.File(path, "r") as file:
            if file.attrs.get("format") != FORMAT:
                raise CheckpointError(f"{path}: not a gpusyn checkpoint of this version ('{FORMAT}')")
            state = {name: dataset[()] for name, dataset in file["state"].items()}
            notes, config, checksum = file["notes"].asstr()[()], file["config"].asstr()[()], file.attrs["checksum"]
    except (OSError, KeyError, RuntimeError, ValueError) as error:
        if isinstance(error, CheckpointError):
            raise
        raise CheckpointError(f"{path}: torn or not a checkpoint ({error})") from error
    if _checksum(state, notes, config) != checksum:
        raise CheckpointError(f"{path}: torn: its content does not match its checksum")
    return Checkpoint(state, json.loads(notes), config, path)


def _checksum(state, notes, config):
    """SHA-256 over names, types, shapes and bytes of the arrays, the notes and the configuration."""
    digest = hashlib.sha256()
    for name in sorted(state):
        array = np.ascontiguousarray(state[name])
        digest.update(f"{name} {array.dtype.str} {np.shape(state[name])}\n".encode())
        digest.update(array.reshape(-1).view(np.uint8).data)
    digest.update(f"{notes}\n{config}".encode())
    return digest.hexdigest()


def _require_config(checkpoint, config):
    """Refuse a checkpoint of another configuration, and show what changed."""
    if checkpoint.config == config:
        return
    digests = [hashlib.sha256(text.encode()).hexdigest()[:12] for text in (checkpoint.config, config)]
    lines = list(unified_diff(checkpoint.config.splitlines(), config.splitlines(), lineterm="", n=0))[2:]
    changes = [line for line in lines if line[0] in "+-"]
    more = f"\n  and {len(changes) - 8} more" if len(changes) > 8 else ""
    raise CheckpointError(
        f"{checkpoint.path}: saved under another configuration ({digests[0]}) than this run's ({digests[1]}):\n  "
        + "\n  ".join(changes[:8]) + more + "\nRestore the old values, or allow the configuration to change.")
