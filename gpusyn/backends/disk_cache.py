"""Compiled kernels kept on disk between runs, by digest of all that they depend on."""

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

# Hundreds of programs; a shared library is about 50 kB, a cubin 10 kB to 1 MB.
LARGEST_BYTES = 256 * 1024**2


def cache_folder() -> Path:
    """Where gpusyn keeps what it can make again: ``$GPUSYN_CACHE``, or gpusyn's folder in the user's cache."""
    if own := os.environ.get("GPUSYN_CACHE"):
        return Path(own).expanduser()
    if shared := os.environ.get("XDG_CACHE_HOME"):
        return Path(shared).expanduser() / "gpusyn"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "gpusyn"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "gpusyn" / "cache"
    return Path.home() / ".cache" / "gpusyn"


def digest(*parts: str) -> str:
    """One SHA-256 over several texts; where one ends and the next begins counts."""
    total = hashlib.sha256()
    for part in parts:
        total.update(f"{len(part)}:".encode())
        total.update(part.encode())
    return total.hexdigest()


def cached(kind: str, key: str, suffix: str, make: Callable[[Path], None]) -> Path:
    """Path of a cached file, made first if it is not there.

    Two processes may make the same file at once: each writes under its own name and renames, so a reader never sees
    half a file. If the cache folder cannot be written, the file lies in a temporary folder of this process.

    Args:
        kind: name of a subfolder, ``"cubin"`` or ``"host"``.
        key: digest of everything that the file's content depends on.
        suffix: how the file's name ends, ``".so"``.
        make: writes the file to the path it is given.
    """
    folder = _writable(cache_folder() / kind)
    path = folder / (key + suffix)
    if path.is_file():
        with contextlib.suppress(OSError):  # another process may have pruned it; `path` is checked below
            os.utime(path)
    if not path.is_file():
        handle, unfinished = tempfile.mkstemp(dir=folder, prefix=".unfinished-", suffix=suffix)
        os.close(handle)
        try:
            make(Path(unfinished))
            os.replace(unfinished, path)
        finally:
            Path(unfinished).unlink(missing_ok=True)
        prune(folder, LARGEST_BYTES, keep=path)
    return path


def prune(folder: Path, largest_bytes: int, keep: Path | None = None) -> None:
    """Delete the files used longest ago until the folder holds no more than ``largest_bytes``; ``keep`` stays."""
    files = []
    for path in folder.iterdir():
        with contextlib.suppress(OSError):
            status = path.stat()
            files.append((status.st_mtime, status.st_size, path))
    total = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if total <= largest_bytes:
            return
        if path != keep and not path.name.startswith(".unfinished-"):
            with contextlib.suppress(OSError):
                path.unlink()
            total -= size


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return _own_folder()


_own: list[tempfile.TemporaryDirectory] = []


def _own_folder() -> Path:
    if not _own:
        _own.append(tempfile.TemporaryDirectory(prefix="gpusyn-"))
    return Path(_own[0].name)
