"""How every benchmark program measures itself and reports: one JSON line, whatever simulator it drives.

A program calls `measure` with its name and a function that builds its simulation. The result line holds

    workload, program, version, size, steps, precision, threads
    seconds          wall seconds of each repetition's steps alone, without building or compiling
    cpu_seconds      core-seconds of each repetition (of the whole simulator process where steps cannot be told apart)
    other_load       cores kept busy by anything else meanwhile, per repetition
    setup_seconds    from the start of the process to the first repetition
    peak_memory_mb   largest resident memory, simulator process alone
    checks           quantities that must agree between programs

With `--on-request` a repetition starts when a line arrives on standard input, and is answered with a line of its own;
`python -m benchmarks` uses this to alternate the repetitions of several programs.
"""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.machine import busy_seconds, own_cpu_seconds, peak_memory_mb, process_age, usable_cores


@dataclass
class Repetition:
    """What one repetition gave: seconds of stepping, and its own peak memory where it ran in another process.

    `checks` computes the check values; it is called when memory has been noted, so that its arrays do not count.
    """

    seconds: float
    checks: Callable[[], dict[str, float]]
    peak_memory_mb: float | None = None


def timed(function, *arguments):
    """Wall seconds that one call takes, and what it returned."""
    start = time.perf_counter()
    answer = function(*arguments)
    return time.perf_counter() - start, answer


def shape_of(size):
    """(4096, 4096) from "4096x4096"."""
    return tuple(int(extent) for extent in size.split("x"))


def parse_arguments(steps_of_size, argv=None):
    """Options that all programs share; `steps` follows from the size unless given."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", default=next(iter(steps_of_size)), help="neurons, or cells as in 4096x4096")
    parser.add_argument("--steps", type=int, help="steps of one repetition")
    parser.add_argument("--precision", choices=("float32", "float64"), default="float32")
    parser.add_argument("--threads", type=int, default=usable_cores())
    parser.add_argument("--repetitions", type=int, default=3)
    parser.add_argument("--variant", default="", help="a program's own choice, listed in its docstring")
    parser.add_argument("--on-request", action="store_true", help="wait for a line before each repetition")
    options = parser.parse_args(argv)
    options.steps = options.steps or steps_of_size.get(options.size, 100)
    return options


def measure(workload, program, build, steps_of_size, argv=None):
    """Build one simulation, repeat it, and print the result as one JSON line.

    Args:
        workload: "W1", "W2" or "W6".
        program: name of the simulator, as the table shows it.
        build: function of the options that returns `(version, repeat)`; `repeat()` runs all steps from the initial
            state and returns a `Repetition`. Compilation belongs into `build`.
        steps_of_size: dict from size, a string, to the number of steps of one repetition.
    """
    options = parse_arguments(steps_of_size, argv)
    version, repeat = build(options)
    result: dict[str, Any] = {
        "workload": workload, "program": program + (f" {options.variant}" if options.variant else ""),
        "version": version, "size": options.size, "steps": options.steps, "precision": options.precision,
        "threads": options.threads, "setup_seconds": process_age(),
        "seconds": [], "cpu_seconds": [], "other_load": [],
    }
    if options.on_request:
        print(json.dumps({"ready": result["setup_seconds"]}), flush=True)
    for _ in range(options.repetitions):
        if options.on_request and not sys.stdin.readline():
            break
        _add_repetition(result, repeat)
        if options.on_request:
            print(json.dumps({"seconds": result["seconds"][-1]}), flush=True)
    if options.on_request:
        sys.stdin.read()  # until all programs are done: to end a process takes a core for a while
    print(json.dumps(result), flush=True)


def _add_repetition(result, repeat):
    """Run one repetition and note its time, its processor time and what else kept the machine busy."""
    busy, own = busy_seconds(), own_cpu_seconds()
    wall, repetition = timed(repeat)
    own = own_cpu_seconds() - own
    result["seconds"].append(repetition.seconds)
    result["cpu_seconds"].append(round(own, 4))
    result["other_load"].append(round(max(0.0, (busy_seconds() - busy - own) / wall), 2))
    result["peak_memory_mb"] = round(repetition.peak_memory_mb or peak_memory_mb(), 1)
    result["checks"] = repetition.checks()
