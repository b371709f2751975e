"""Bytes per neuron, synapse or cell: by how much peak memory grows from one size to a larger one.

What a program needs at any size (interpreter, libraries, compiler) cancels; what building the model needs for a
while counts, as the peak is what has to fit.
"""

import json
import subprocess

from benchmarks.programs import elements
from benchmarks.session import ROOT

SIZES = {"W1": ("4000000", "8000000"), "W2": ("2000x2000", "4000x2000"), "W3": ("10000x500", "10000x1000"),
         "W4": ("10000x500", "10000x1000"), "W5": ("1x100000", "1x200000"), "W6": ("4096x4096", "8192x4096")}
SMALLER = {"Brian2": ("500x500", "1000x500"), "NEST": ("500x500", "1000x500")}  # on W2: lists of synapses fill memory
# What one element of the model itself holds, in numbers of the model's precision: states, inputs and parameters per
# site. W1: seven states and the drive. W2: v, u, i, the drive and the sign. W3: a weight, a target, x, u and
# what the synapse released last. W4: a weight, a target, and the source and number of each synapse of a target. W5:
# nine states. W6: two copies of the grid.
NUMBERS = {"W1": 8, "W2": 5, "W3": 5, "W4": 4, "W5": 9, "W6": 2}
STEPS = 4


def measure_memory(workload, precision, programs, pythons):
    """Marginal peak memory of each program.

    Returns:
        Dict with workload, precision, `needed` (bytes that the model's own numbers take), `results` and `not_measured`.
    """
    needed = NUMBERS[workload] * (4 if precision == "float32" else 8)
    group = {"workload": workload, "precision": precision, "needed": needed, "results": [], "not_measured": {}}
    for program in programs:
        try:
            group["results"].append(marginal(workload, precision, program, pythons[program.environment]))
        except subprocess.CalledProcessError as problem:
            words = problem.stderr.strip().splitlines() or [f"ended with status {problem.returncode}"]
            group["not_measured"][program.name] = words[-1][:200]
        except OSError as problem:
            group["not_measured"][program.name] = str(problem)
    return group


def marginal(workload, precision, program, python):
    """Bytes per element of one program, from two processes."""
    if python is None:
        raise FileNotFoundError(f"no Python was given for {program.environment} environment")
    sizes = SMALLER.get(program.name, SIZES[workload]) if workload == "W2" else SIZES[workload]
    peaks = [peak_memory(python, program, size, precision) for size in sizes]
    grown = elements(sizes[1]) - elements(sizes[0])
    return {"program": program.name, "sizes": sizes, "peak_memory_mb": peaks,
            "bytes_per_element": round((peaks[1] - peaks[0]) * 1e6 / grown, 1)}


def peak_memory(python, program, size, precision):
    """Peak memory of one short run, MB."""
    command = [python, "-m", program.module, "--size", size, "--steps", str(STEPS), "--precision", precision,
               "--repetitions", "1", "--variant", program.variant]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))["peak_memory_mb"]
