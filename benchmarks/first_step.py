"""Time from starting Python to the first step done: `python -m benchmarks.first_step`.

Cold: gpusyn's cache is empty, so everything is compiled. Warm: a second process, which finds the compiled programs. The
other simulators keep no such cache (JAX, Brian2 standalone), or load what is compiled already (NEST): they are started
twice all the same. The smallest of some repetitions is shown.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace

from benchmarks.programs import BRIAN2, OWN, PEERS, WORKLOADS
from benchmarks.session import ROOT

SIZES = {"W1": "10000", "W2": "100x100"}


def first_step_seconds(python, program, size, precision, cache):
    """Seconds from the start of a process until its first step is done; its cache lies in the folder `cache`.

    Raises:
        subprocess.CalledProcessError: the program failed.
    """
    command = [python, "-m", program.module, "--size", size, "--steps", "1", "--repetitions", "1",
               "--precision", precision, "--variant", program.variant]
    environment = os.environ | {"GPUSYN_CACHE": cache, "NUMBA_CACHE_DIR": cache}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    result = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
    return result["setup_seconds"] + result["seconds"][0]


def cold_and_warm(python, program, size, precision):
    """Seconds of a first process with an empty cache and of a second one."""
    with tempfile.TemporaryDirectory() as cache:
        return [first_step_seconds(python, program, size, precision, cache) for _ in range(2)]


def main(argv=None):
    """Print a table and one JSON line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.first_step", description=__doc__.partition("\n")[0])
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--precision", choices=("float32", "float64"), default="float32")
    parser.add_argument("--backend", default="numba", help="of gpusyn")
    parser.add_argument("--brian2-python")
    parser.add_argument("--peers-python")
    options = parser.parse_args(argv)
    pythons = {OWN: sys.executable, BRIAN2: options.brian2_python, PEERS: options.peers_python}
    rows = []
    print("| workload | program | cold s | warm s |\n|---|---|---|---|")
    for workload, size in SIZES.items():
        for program in WORKLOADS[workload].programs:
            python = pythons[program.environment]
            if python is None or program.name == "C loop":
                continue
            chosen = replace(program, variant=options.backend) if program.name == "gpusyn" else program
            pairs = [cold_and_warm(python, chosen, size, options.precision) for _ in range(options.repetitions)]
            cold, warm = (min(times) for times in zip(*pairs, strict=True))
            print(f"| {workload} {size} | {program.name} | {cold:.2f} | {warm:.2f} |", flush=True)
            rows.append({"workload": workload, "size": size, "program": program.name, "pairs": pairs})
    print(json.dumps({"time": time.strftime("%Y-%m-%dT%H:%M:%S"), "first_step": rows}))


if __name__ == "__main__":
    main()
