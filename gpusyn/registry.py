"""Mechanisms by name: the built-in ones, and classes in a user's own files."""
from __future__ import annotations

import importlib
import inspect
import sys
from contextlib import contextmanager
from hashlib import sha256
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

from gpusyn.errors import ModelError, nearest
from gpusyn.mechanism import Mechanism

FOLDERS = (
    "neurons", "receptors", "transmitters", "vesicles", "currents", "calcium", "membrane", "messengers",
    "pharmacology", "plasticity", "signalling",
)
BASES = {"Neuron": "neurons.neuron", "LigandGatedReceptor": "receptors.receptor", "Modulator": "modulation"}


def kinds(folder: str) -> dict[str, type[Mechanism]]:
    """The built-in mechanisms of one of gpusyn's folders ("receptors"), by class name.

    Raises:
        ModelError: there is no such folder.
    """
    if folder not in FOLDERS:
        raise ModelError(f"'{folder}' is not a folder of mechanisms{nearest(folder, FOLDERS)}")
    module = importlib.import_module(f"gpusyn.{folder}")
    return {name: getattr(module, name) for name in module.__all__}


def all_mechanisms() -> list[type[Mechanism]]:
    """Every built-in mechanism, folder by folder."""
    return [kind for folder in FOLDERS for kind in kinds(folder).values()]


def plain_mechanisms() -> list[type[Mechanism]]:
    """Those of them that are not forms of another, made by its presets: what messages suggest."""
    every = all_mechanisms()
    forms = {form for kind in every for form in kind.forms.values()}
    return [kind for kind in every if kind not in forms]


def bases() -> dict[str, type[Mechanism]]:
    """Classes without equations of their own that a mechanism given as text may be based on."""
    return {name: getattr(importlib.import_module(f"gpusyn.{module}"), name) for name, module in BASES.items()}


def find_kind(name: str, folder: str | Path = ".") -> type[Mechanism]:
    """The mechanism that a config's ``kind`` names.

    Args:
        name: a built-in class ("AMPAReceptor"), a class in a module ("my_lab.receptors:SlowNMDA"), a class in a file
            ("my_receptors.py:SlowNMDA"), or a mechanism given as text ("my_receptors.toml:SlowNMDA").
        folder: where the user's modules and files are looked for first, e.g. the folder of the config.

    Importing that module or file is all that is run.

    Raises:
        ModelError: no such mechanism, module, file or class; the message suggests the nearest.
    """
    place, colon, class_name = name.rpartition(":")
    if not colon:
        return _built_in(name)
    if not place or not class_name:
        raise ModelError(f"kind '{name}': write module:Class or file.py:Class")
    if place.endswith(".toml"):
        return _text(place, class_name, Path(folder))
    module = _file(place, Path(folder)) if place.endswith(".py") else _module(place, Path(folder))
    return _class_of(module, class_name, name)


def _built_in(name):
    built_in = {kind.__name__: kind for kind in all_mechanisms()}
    if name not in built_in:
        raise ModelError(f"kind '{name}' is not a built-in mechanism{nearest(name, built_in)}")
    return built_in[name]


def _class_of(module, class_name, name):
    own = {
        n: c for n, c in vars(module).items()
        if inspect.isclass(c) and issubclass(c, Mechanism) and c.__module__ == module.__name__
    }
    found = vars(module).get(class_name)
    if found is None:
        raise ModelError(f"kind '{name}': {_origin(module)} has no '{class_name}'{nearest(class_name, own)}")
    if not (inspect.isclass(found) and issubclass(found, Mechanism)):
        raise ModelError(f"kind '{name}': {class_name} is not a Mechanism{nearest(class_name, own)}")
    return found


def _origin(module):
    return Path(module.__file__).name if getattr(module, "__file__", None) else module.__name__


def _module(dotted, folder):
    """A module of the user's folder, else one that is installed."""
    path = folder.joinpath(*dotted.split("."))
    if path.with_suffix(".py").is_file():
        return _load(path.with_suffix(".py"), folder)
    try:
        with _importing_from(folder):
            return importlib.import_module(dotted)
    except ModuleNotFoundError as missing:
        if missing.name is None or not f"{dotted}.".startswith(f"{missing.name}."):
            raise  # the module exists and itself imports something that does not
    except ValueError:  # empty parts, as in "a..b" or ".a"
        pass
    choices = [".".join(p.relative_to(folder).with_suffix("").parts) for p in _files(folder, ".py")]
    raise ModelError(f"there is no module '{dotted}', installed or in {folder.resolve()}{nearest(dotted, choices)}")


def _file(name, folder):
    return _load(_existing(name, folder), folder)


def _text(name, class_name, folder):
    """A mechanism of a TOML file: read, and never run."""
    from gpusyn.config.reading import read_text
    from gpusyn.text_mechanism import mechanism_from_text

    path = _existing(name, folder)
    return mechanism_from_text(read_text(path), class_name, folder=path.parent, file=name)


def _existing(name, folder) -> Path:
    path = folder / name
    if not path.is_file():
        choices = [str(p.relative_to(folder)) for p in _files(folder, path.suffix)]
        raise ModelError(f"there is no file '{name}' in {folder.resolve()}{nearest(name, choices)}")
    return path


def _files(folder, suffix):
    return sorted(folder.glob(f"*{suffix}")) + sorted(folder.glob(f"*/*{suffix}"))


def _load(path, folder):
    """The module of a file: loaded once for each content, under a name that no other module can have."""
    path = path.resolve()
    digest = sha256(str(path).encode() + b"\0" + path.read_bytes()).hexdigest()[:16]
    name = f"gpusyn_user_{path.stem}_{digest}"
    if name not in sys.modules:
        module = ModuleType(name)
        module.__file__ = str(path)
        sys.modules[name] = module
        try:
            with _importing_from(folder):
                SourceFileLoader(name, str(path)).exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
    return sys.modules[name]


@contextmanager
def _importing_from(folder):
    """A user's file may import its neighbours, as it may when it is run."""
    entry = str(Path(folder).resolve())
    sys.path.insert(0, entry)
    try:
        yield
    finally:
        if entry in sys.path:
            sys.path.remove(entry)
