"""Build a Brian2 network as a C++ program with OpenMP, and run that program as often as wanted.

Brian2's `cpp_standalone` writes a program that runs once from the initial values. It is built once here and started
anew for each repetition; the time counted is what the program itself notes for its loop over the steps, so that
creating synapses and writing results do not count.
"""

import atexit
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import brian2
import numpy as np


def choose_standalone(options):
    """Select C++ code with OpenMP in the precision asked for; to be called before any object is made."""
    folder = tempfile.mkdtemp(prefix="brian2_")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    brian2.prefs.core.default_float_dtype = np.dtype(options.precision).type
    brian2.prefs.devices.cpp_standalone.openmp_threads = options.threads
    brian2.set_device("cpp_standalone", build_on_run=False)
    brian2.defaultclock.dt = 0.1 * brian2.ms
    return folder


def compile_program(network, options, namespace, folder):
    """Write the program of all steps into `folder` and compile it."""
    network.run(options.steps * brian2.defaultclock.dt, namespace=namespace)
    brian2.device.build(directory=folder, compile=True, run=False, with_output=False)


def run_program(folder):
    """Run the program once.

    Returns:
        Seconds that its loop over the steps took, and its peak memory in MB.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    process = subprocess.Popen(["./main"], cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise subprocess.CalledProcessError(status, "./main")
    process.returncode = 0
    brian2.get_device().has_been_run = True
    seconds, _completed = map(float, (Path(folder) / "results" / "last_run_info.txt").read_text().split())
    return seconds, usage.ru_maxrss * 1024 / 1e6
