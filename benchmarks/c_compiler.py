"""Compile a C file of a benchmark into a shared library, with the flags of a hand-tuned program."""

import ctypes
import shutil
import subprocess
import tempfile
from pathlib import Path

FLAGS = ["-O3", "-march=native", "-ffast-math", "-fopenmp", "-shared", "-fPIC", "-std=c11", "-mprefer-vector-width=512"]
PRECISIONS = {"float32": "float", "float64": "double"}


def compile_c(source, precision, definitions=()):
    """Load `source` as a library whose `real` is the given precision.

    Args:
        source: path of a C file.
        precision: "float32" or "float64".
        definitions: preprocessor definitions such as "EXPM1".

    Returns:
        A `ctypes.CDLL`.

    Raises:
        FileNotFoundError: there is no C compiler.
        subprocess.CalledProcessError: the compiler refused the file.
    """
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        raise FileNotFoundError("the hand-written C programs need gcc or cc, and neither is on the path")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "program.so"
        names = [f"-D{name}" for name in (f"real={PRECISIONS[precision]}", *definitions)]
        subprocess.run([compiler, *FLAGS, *names, str(source), "-o", str(library), "-lm"], check=True)
        return ctypes.CDLL(str(library))


def compiler_version():
    """First line of what the compiler says about itself."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    return subprocess.run([compiler, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]


def pointer(array):
    """Address of a contiguous array, for a C call."""
    return ctypes.c_void_p(array.ctypes.data)
