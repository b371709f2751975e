"""Reads the parameter lists of CUDA C kernels, and checks arguments against them.

A wrong pointer type or a missing argument is silent memory corruption on a GPU; here it is an error that names the
kernel and the parameter, on every backend that launches kernels.
"""

import re
from dataclasses import dataclass

import numpy as np

KERNEL = re.compile(r'extern\s+"C"\s+__global__\s+void\s+(?:__launch_bounds__\s*\([^)]*\)\s*)?(\w+)\s*\(([^)]*)\)')
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
TYPES = {
    "bool": np.bool_,
    "signed char": np.int8,
    "unsigned char": np.uint8,
    "short": np.int16,
    "unsigned short": np.uint16,
    "int": np.int32,
    "unsigned": np.uint32,
    "unsigned int": np.uint32,
    "long long": np.int64,
    "index_t": np.int64,
    "unsigned long long": np.uint64,
    "float": np.float32,
    "double": np.float64,
}


@dataclass(frozen=True)
class Parameter:
    """One parameter of a kernel: its name, the NumPy type of its elements, and whether it is an array."""

    name: str
    dtype: np.dtype
    is_array: bool


@dataclass(frozen=True)
class Signature:
    """A kernel's name and parameters."""

    name: str
    parameters: tuple[Parameter, ...]

    def check(self, args) -> list:
        """The arguments as they are handed to the kernel: arrays as they are, numbers in the parameter's type.

        Args:
            args: arrays (NumPy or CuPy, C-contiguous, of the parameter's type; None is a null pointer) and numbers.

        Raises:
            TypeError: count, kind, element type or memory layout differ; the message names the parameter.
            OverflowError: an integer does not fit its parameter's type.
        """
        if len(args) != len(self.parameters):
            names = ", ".join(parameter.name for parameter in self.parameters)
            raise TypeError(f"{self.name} takes {len(self.parameters)} arguments ({names}), not {len(args)}")
        return [self._checked(parameter, arg) for parameter, arg in zip(self.parameters, args, strict=True)]

    def _checked(self, parameter: Parameter, arg):
        place = f"{self.name}({parameter.name})"
        if not parameter.is_array:
            return _number(place, parameter.dtype, arg)
        if arg is not None:
            _check_array(place, parameter.dtype, arg)
        return arg


def _check_array(place: str, dtype: np.dtype, arg) -> None:
    if not hasattr(arg, "flags") or not hasattr(arg, "dtype"):
        raise TypeError(f"{place}: {arg!r} is not an array; an array of {dtype} is asked for")
    if arg.dtype != dtype:
        raise TypeError(f"{place}: the array holds {arg.dtype}; the kernel reads {dtype}")
    if not arg.flags.c_contiguous:
        raise TypeError(f"{place}: the array of shape {arg.shape} is not C-contiguous; pass a contiguous copy")


def _number(place: str, dtype: np.dtype, arg):
    if getattr(arg, "ndim", 0) or isinstance(arg, str) or arg is None:
        raise TypeError(f"{place}: a number ({dtype}) is asked for, not {type(arg).__name__}")
    if dtype.kind in "iu" and arg != int(arg):
        raise TypeError(f"{place}: {arg!r} is not a whole number; {dtype} is asked for")
    return dtype.type(int(arg) if dtype.kind in "iu" else arg)


def signatures(source: str, precision: str) -> dict[str, Signature]:
    """Signatures of every ``extern "C" __global__`` kernel in a source, by name.

    Args:
        source: CUDA C text.
        precision: ``"float32"`` or ``"float64"``, what ``real`` means.

    Raises:
        ValueError: a parameter's type is not one that arguments can be checked against.
    """
    found = {}
    for name, parameters in KERNEL.findall(COMMENT.sub(" ", source)):
        parts = [part for part in parameters.split(",") if part.strip()]
        found[name] = Signature(name, tuple(_parameter(name, part, precision) for part in parts))
    return found


def _parameter(kernel: str, text: str, precision: str) -> Parameter:
    words = re.findall(r"\w+|\*", re.sub(r"\bconst\b|\b__restrict__\b", " ", text))
    name, is_array = words[-1], "*" in words
    type_name = " ".join(word for word in words[:-1] if word != "*")
    known = {**TYPES, "real": np.dtype(precision)}
    if type_name not in known:
        raise ValueError(f"{kernel}({name}): {type_name!r} is not one of {', '.join(sorted(known))}")
    return Parameter(name, np.dtype(known[type_name]), is_array)


def launch_shape(name: str, grid: tuple, block: tuple) -> tuple[int, ...]:
    """Grid and block as six numbers, missing ones 1.

    Raises:
        ValueError: a number is below 1 or above what CUDA allows (1024 threads in a block).
    """
    grid, block = (tuple(int(n) for n in size) + (1,) * (3 - len(size)) for size in (grid, block))
    limits = ((2**31 - 1, 65535, 65535), (1024, 1024, 64))
    for what, size, limit in (("grid", grid, limits[0]), ("block", block, limits[1])):
        if len(size) != 3 or not all(1 <= n <= most for n, most in zip(size, limit, strict=False)):
            raise ValueError(f"{name}: {what} {size} must lie within (1, 1, 1) and {limit}")
    if (threads := block[0] * block[1] * block[2]) > 1024:
        raise ValueError(f"{name}: block {block} has {threads} threads; CUDA allows 1024")
    return grid + block
