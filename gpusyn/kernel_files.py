"""Finds the CUDA C kernel files, and reads them with their own includes put in place.

In a checkout and in an editable install the files lie in ``kernels/`` beside the package; a wheel carries them as
``gpusyn/_kernels`` (``pyproject.toml`` copies the folder there).
"""

import hashlib
import re
from functools import cache
from pathlib import Path

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"(?P<name>[^"]+)"[ \t]*$', re.MULTILINE)


@cache
def kernels_folder() -> Path:
    """The folder that holds the ``.cu`` and ``.cuh`` files.

    Raises:
        FileNotFoundError: neither place has them; the message names both.
    """
    package = Path(__file__).resolve().parent
    # The wheel's place first: beside an installed package, `kernels` could be anybody's.
    places = [package / "_kernels", package.parent / "kernels"]
    for place in places:
        if (place / "common.cuh").is_file():
            return place
    raise FileNotFoundError(f"no kernel files: neither {places[0]} nor {places[1]} holds common.cuh; reinstall gpusyn")


def host_header_folder() -> Path:
    """The folder of ``cuda_on_host.h``, which lets g++ compile the kernels for the CPU."""
    return kernels_folder() / "host"


def kernel_names() -> list[str]:
    """Names of the kernel files that are compiled by themselves, such as ``"diffusion.cu"``, in order."""
    return sorted(path.name for path in kernels_folder().glob("*.cu"))


def kernel_source(name: str) -> str:
    """Text of a kernel file with every ``#include "..."`` replaced by that file, each included once.

    ``#line`` directives keep compilers' messages at the place that the reader knows.

    Args:
        name: a file of the kernels folder, such as ``"diffusion.cu"``.

    Raises:
        FileNotFoundError: there is no such file; the message lists those there are.
    """
    return _with_includes(name, included=set())


def inline_includes(source: str, name: str) -> str:
    """Text that is not a file of the kernels folder (a generated program), with its includes put in place."""
    return _inline(source, name, included=set())


def kernel_digest(name: str) -> str:
    """SHA-256 of a kernel file and all it includes, as 64 hexadecimal digits."""
    return hashlib.sha256(kernel_source(name).encode()).hexdigest()


def _with_includes(name: str, included: set[str]) -> str:
    path = kernels_folder() / name
    if not path.is_file():
        there = ", ".join(sorted(file.name for file in kernels_folder().glob("*.cu*")))
        raise FileNotFoundError(f"there is no kernel file {name!r}; there are {there}")
    included.add(name)
    return _inline(path.read_text(encoding="utf-8"), name, included)


def _inline(source: str, name: str, included: set[str]) -> str:
    pieces, position = [f'#line 1 "{name}"\n'], 0
    for match in INCLUDE.finditer(source):
        pieces.append(source[position : match.start()])
        if match["name"] not in included:
            pieces.append(_with_includes(match["name"], included).rstrip("\n") + "\n")
        next_line = source.count("\n", 0, match.end()) + 2
        pieces.append(f'#line {next_line} "{name}"')
        position = match.end()
    pieces.append(source[position:])
    return "".join(pieces)
