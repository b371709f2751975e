"""From the text of a config to a model: every section read, every problem noted, then all of them reported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from gpusyn.config.assembling import ModelReader
from gpusyn.config.problems import SECTIONS_OF_NAMES, ConfigError
from gpusyn.config.reading import SECTIONS, apply_overrides, find_file, parse, read_text, start_problems
from gpusyn.config.records import RecordReader
from gpusyn.config.sections import MOST_STEPS, Output, Plots, Run, validated
from gpusyn.config.sweeps import read_sweep
from gpusyn.config.toml_text import toml_text
from gpusyn.errors import nearest, shown
from gpusyn.idle_members import idle_members
from gpusyn.model import Model

Overrides = Iterable[str] | Mapping[str, Any]


@dataclass
class Config:
    """A config that has been read without a problem.

    Attributes:
        model: what it describes.
        run, output, plots: its sections; times in ms, `run.checkpoint_every` in minutes, `output.memory` in MB.
        records: `gpusyn.recording.record.Record`s.
        text: the resolved config, every value with its unit; reading it again gives the same model.
        source: the config as it was written.
        folder: where its files are looked for.
        files: names of the files that it reads, relative to the folder.
        digest: SHA-256 of the resolved config and of those files, 64 hexadecimal digits.
        notes: warnings, as lines of text.
    """

    model: Model
    run: Run
    records: list
    output: Output
    plots: Plots
    text: str
    source: str
    folder: Path
    files: list[str] = field(default_factory=list)
    digest: str = ""
    notes: list[str] = field(default_factory=list)


def load(path: str | Path, overrides: Overrides = (), options: Mapping[str, Any] | None = None) -> Config:
    """Read a config file.

    Args:
        path: of the file; or the name of a config that gpusyn brings, such as "quickstart".
        overrides: values by dotted name, as a mapping or as text ("neurons.ampa.conductance=2 nS").
        options: values of ``[run]`` that are options of the command line; None is not given.

    Raises:
        ConfigError: with every problem of the file, each with its line.
    """
    file = find_file(path)
    return loads(
        read_text(file), overrides, options, name=str(path if Path(path) == file else file.name), folder=file.parent
    )


def loads(
    text: str,
    overrides: Overrides = (),
    options: Mapping[str, Any] | None = None,
    *,
    name: str = "config",
    folder: str | Path = ".",
) -> Config:
    """Read a config from its text; `name` stands in messages, `folder` is where its files lie. See `load`."""
    tree = parse(text, name)
    problems = start_problems(text, name)
    apply_overrides(tree, overrides, problems)
    for option, value in (options or {}).items():
        if value is not None and isinstance(tree.setdefault("run", {}), dict):
            tree["run"][option] = value
            problems.set_by[("run", option)] = f"--{option.replace('_', '-')}"
    _check_sections(tree, problems)
    run = validated(Run, tree.get("run", {}), ("run",), problems)
    output = validated(Output, tree.get("output", {}), ("output",), problems)
    plots = validated(Plots, tree.get("plots", {}), ("plots",), problems)
    if run is not None and not run.duration / run.dt <= MOST_STEPS:
        problems.add(("run", "duration"), f"{run.duration / run.dt:.3g} steps of {run.dt:g} ms; 2**47 at most")
    reader = ModelReader(tree, run, Path(folder), problems)
    model, written = reader.read()
    model.sweep, swept = read_sweep(tree.get("sweep", {}), model, reader.broken, problems)
    full_disorders = reader.apply_disorders()
    records, recorded = RecordReader(model, reader.groups, reader.broken, problems).read(tree.get("record", []))
    reader.check_programs()
    problems.raise_if_any()
    assert run is not None
    assert output is not None
    assert plots is not None
    written |= {"disorders": full_disorders} if full_disorders else {}
    full = {"run": _full(run, UNITS)} | written | ({"sweep": swept} if model.sweep.axes else {})
    full |= {"output": _full(output, UNITS), "plots": _full(plots, {})} | ({"record": recorded} if recorded else {})
    config = Config(model, run, records, output, plots, toml_text(full), text, Path(folder).resolve(), reader.files)
    config.digest = _digest(config)
    config.notes = [*reader.notes, *idle_members(model, [record.path for record in records])]
    return config


UNITS = {"duration": "ms", "dt": "ms", "checkpoint_every": "min", "memory": "MB"}


def _full(section, units) -> dict:
    """A section with every value and unit."""
    values = {key: value for key, value in section.model_dump().items() if value is not None}
    return {key: f"{value!r} {units[key]}" if key in units else value for key, value in values.items()}


def _check_sections(tree, problems):
    for section in list(tree):
        if section not in SECTIONS:
            problems.add((section,), f"unknown section{nearest(section, SECTIONS)}")
        elif section in SECTIONS_OF_NAMES and not isinstance(tree[section], dict):
            problems.add((section,), f"{shown(tree[section])} is not a table of named {section.replace('_', ' ')}")
            tree[section] = {}


def _digest(config) -> str:
    total = sha256(config.text.encode())
    for name in config.files:
        try:
            total.update(sha256((config.folder / name).read_bytes()).digest())
        except OSError as error:
            raise ConfigError([f"{name}: {error.strerror}"]) from None
    return total.hexdigest()
