"""The whole suite and the GPU figures in one command: `python -m benchmarks.gpu_report`.

Runs the tests with GPUSYN_REQUIRE_GPU=1 (a skip for want of a GPU is then a failure), then measures, and writes
`benchmarks/results/gpu_<date>.json`: device, driver, digests of the kernels that ran, the tests' last line, and per
workload updates per second, microseconds per step, events per second, and the share of the copy bandwidth measured in
the same process.

`--backend cuda-on-host --small` tries the command itself on a machine without a GPU; a report is then written only if
`--output` says where.
"""
import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

import gpusyn as gs
from benchmarks.w1_point_neurons import gpusyn_program as w1
from benchmarks.w2_lattice import gpusyn_program as w2
from benchmarks.w3_short_term import gpusyn_program as w3
from benchmarks.w4_plasticity import gpusyn_program as w4
from benchmarks.w5_dendrite import gpusyn_program as w5
from benchmarks.w6_diffusion import gpusyn_program as w6
from gpusyn import backends
from gpusyn.kernel_files import kernel_digest, kernel_names

RESULTS = Path(__file__).parent / "results"
REPETITIONS = 5


def drawn(simulation) -> float:
    """Spikes of W3's sources so far, as expected: nothing counts them."""
    n_source = simulation.model.sources["sources"].n_site
    return simulation.steps_done * w3.DT * 1e-3 * w3.RATE * n_source


def counted(simulation) -> float:
    """Spikes of W4's neurons so far."""
    return float(simulation.spike_counts("neurons").sum())


@dataclass(frozen=True)
class Case:
    """One measurement.

    Attributes:
        traffic: bytes of memory traffic per item and step in float32 (states read and written, parameters read, flags
            written), by which the share of the bandwidth is reckoned; None where something else bounds the step.
        spikes: function of the simulation that gives the spikes so far; each is an event at shape[1] synapses.
        precision: of the states.
    """

    name: str
    make_model: Callable
    shape: tuple[int, ...]
    steps: int
    traffic: int | None = None
    spikes: Callable | None = None
    precision: str = "float32"


CASES = [
    Case("W1 1e7", w1.make_model, (1, 10_000_000), 200, 7 * 8 + 4 + 1),
    Case("W6 4096^2", w6.make_model, (4096, 4096), 400, 8),
    Case("W6 256^3", w6.make_model, (256, 256, 256), 400, 8),
    Case("W2 1000^2", w2.make_model, (1000, 1000), 1000),
    Case("W2 1000 cells", w2.make_model, (25, 40), 20000),
    Case("W3 1e6 x 100", w3.make_model, (1_000_000, 100), 1000, spikes=drawn),
    Case("W4 1e5 x 1000", w4.make_model, (100_000, 1000), 1000, spikes=counted),
    Case("W5 1e4 cables", w5.make_model, (10_000, 1000), 100),
    Case("W5 1e4 cables, float64", w5.make_model, (10_000, 1000), 100, precision="float64"),
    Case("W5 1e4 cables, explicit", partial(w5.make_model, scheme="midpoint"), (10_000, 1000), 100),
    Case("W5 one cable", w5.make_model, (1, 1000), 10000),
]
SMALL = [
    Case("W1", w1.make_model, (1, 64), 4, 61), Case("W2", w2.make_model, (8, 8), 4),
    Case("W3", w3.make_model, (20, 4), 4, spikes=drawn), Case("W4", w4.make_model, (20, 4), 4, spikes=counted),
    Case("W5", w5.make_model, (2, 20), 4),
]


def parse_arguments(argv=None):
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gpu_report", description=__doc__.partition("\n")[0])
    parser.add_argument("--backend", default="cuda")
    parser.add_argument("--small", action="store_true", help="tiny sizes, to try the command")
    parser.add_argument("--no-tests", action="store_true")
    parser.add_argument("--output", type=Path)
    return parser.parse_args(argv)


def run_tests() -> str:
    """Run the suite where a missing GPU is a failure; its last line."""
    environment = {**os.environ, "GPUSYN_REQUIRE_GPU": "1"}
    done = subprocess.run([sys.executable, "-m", "pytest", "-q"], env=environment, capture_output=True, text=True)
    print(done.stdout[-4000:])
    return done.stdout.strip().splitlines()[-1]


def copy_bandwidth(backend, n_byte: int) -> float:
    """Bytes per second of copying an array, reading and writing counted; the best of several."""
    source, target = backend.zeros(n_byte // 4, np.float32), backend.zeros(n_byte // 4, np.float32)
    best = np.inf
    for _ in range(10):
        backend.device.synchronize()
        started = time.perf_counter()
        target[...] = source
        backend.device.synchronize()
        best = min(best, time.perf_counter() - started)
    return 2 * n_byte / best


def measure(case, backend, bandwidth) -> dict:
    """Median and spread of one workload; compiling and one warm-up are not counted."""
    simulation = gs.Simulation(case.make_model(case.shape), backend=backend, precision=case.precision, seed=1)
    simulation.step(case.steps)
    seconds, before = [], case.spikes(simulation) if case.spikes else 0
    for _ in range(REPETITIONS):
        started = time.perf_counter()
        simulation.step(case.steps)
        seconds.append(time.perf_counter() - started)
    middle, n_item = float(np.median(seconds)), int(np.prod(case.shape))
    result = {
        "workload": case.name, "shape": list(case.shape), "precision": case.precision, "steps": case.steps,
        "seconds": seconds, "updates_per_second": n_item * case.steps / middle,
        "microseconds_per_step": 1e6 * middle / case.steps,
    }
    if case.traffic:
        result["share_of_copy_bandwidth"] = n_item * case.traffic * case.steps / middle / bandwidth
    if case.spikes:
        result["events_per_second"] = (case.spikes(simulation) - before) * case.shape[1] / sum(seconds)
    print(json.dumps(result), flush=True)
    return result


def main(argv=None) -> None:
    """Test, measure, write."""
    options = parse_arguments(argv)
    backend = backends.get(options.backend)
    tests = "not run" if options.no_tests else run_tests()
    bandwidth = copy_bandwidth(backend, 2**20 if options.small else 2**30)
    report = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"), "backend": backend.name,
        "device": backend.description, "driver": str(getattr(backend.device, "driver", "")), "version": gs.__version__,
        "tests": tests, "copy_bytes_per_second": bandwidth,
        "kernel_digests": {name: kernel_digest(name) for name in kernel_names()},
        "workloads": [measure(case, backend, bandwidth) for case in (SMALL if options.small else CASES)],
    }
    output = options.output
    if output is None and backend.name == "cuda":
        RESULTS.mkdir(exist_ok=True)
        output = RESULTS / f"gpu_{datetime.now(UTC):%Y%m%d_%H%M}.json"
    if output is not None:
        output.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
        print(f"written to {output}")


if __name__ == "__main__":
    main()
