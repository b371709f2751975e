"""Where a run came from: everything needed to repeat it, nothing about who ran it."""
import os
import platform
import sys
from datetime import UTC, datetime
from importlib import metadata


def now():
    """The time of day as ISO 8601 text in UTC."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def collect_provenance(*, backend, backend_reason, seed, precision, device="", driver="", kernel_digests=None,
                       argv=None, **more):
    """What the file of a run keeps about its origin, ready for JSON.

    Args:
        backend, backend_reason: which backend runs it, and why that one.
        seed: of the random numbers.
        precision: 'float32' or 'float64'.
        device, driver: name of the device and version of its driver.
        kernel_digests: {file or program: sha256}.
        argv: command line; sys.argv if None. Folders are left out, as they name users.
        more: anything else that JSON can hold.
    """
    return {
        "start": now(), "backend": backend, "backend_reason": backend_reason, "device": device, "driver": driver,
        "precision": precision, "seed": seed, "kernel_digests": dict(kernel_digests or {}),
        "argv": [_without_folder(word) for word in (sys.argv if argv is None else argv)],
        "python": platform.python_version(), "platform": platform.platform(), "machine": platform.machine(),
        "cpus": os.cpu_count(), "packages": installed_packages(), **more,
    }


def installed_packages():
    """{package: version} of everything that is installed, sorted by name."""
    found = {dist.metadata["Name"]: dist.version for dist in metadata.distributions()}
    return {name: found[name] for name in sorted(filter(None, found), key=str.lower)}


def _without_folder(word):
    """'/somewhere/model.toml' -> 'model.toml', '--out=/somewhere/runs' -> '--out=runs'."""
    option, equals, value = word.rpartition("=")
    return option + equals + (os.path.basename(value.rstrip("/\\")) if os.path.isabs(value) else value)
