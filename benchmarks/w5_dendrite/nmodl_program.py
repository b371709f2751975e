"""W5 in NEURON with the chemistry in NMODL (`calcium_wave.mod`). It needs a C++ compiler, and computes in float64."""

import atexit
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import neuron
from neuron import h

from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w5_dendrite import DT, IP3_SOURCE, SOURCE, STEPS, checks
from benchmarks.w5_dendrite.neuron_cables import courses, make_cables, place_of, prepare, record


def compile_mechanisms(*names):
    """Compile mod files of this folder, and load them.

    Raises:
        subprocess.CalledProcessError: the compiler refused one.
    """
    folder = Path(tempfile.mkdtemp(prefix="neuron_"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for name in names:
        shutil.copy(Path(__file__).with_name(f"{name}.mod"), folder)
    program = Path(sys.executable).with_name("nrnivmodl")
    subprocess.run([sys.executable, str(program)], cwd=folder, check=True, capture_output=True)
    neuron.load_mechanisms(str(folder))


def build(options):
    """Compile, and repeat on cables of `options.size`; compute in float64 whatever was asked."""
    options.precision = "float64"
    compile_mechanisms("calcium_wave")
    size = shape_of(options.size)
    cables = make_cables(size)
    for cable in cables:
        cable.insert("calcium_wave")

    def references(node):
        here = cables[0](place_of(node, size[1])).calcium_wave
        return here._ref_ca, here._ref_ca_er

    context = prepare(options.threads)
    ca, er = record(options, references)

    def repeat():
        for cable in cables:
            middle = cable(place_of(size[1] // 2, size[1])).calcium_wave
            middle.source, middle.ip3_source = SOURCE, IP3_SOURCE
        h.finitialize(-72)
        seconds, _ = timed(context.psolve, options.steps * DT)
        return Repetition(seconds, lambda: checks(*courses(ca), er.min()))

    return neuron.__version__, repeat


if __name__ == "__main__":
    measure("W5", "NEURON NMODL", build, STEPS)
