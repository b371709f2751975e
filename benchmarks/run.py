"""Measure gpusyn beside its peers: `python -m benchmarks W1 W4 --brian2-python PATH --peers-python PATH`.

Each program runs in a process of its own. All programs of one workload and size are started first and then asked for
one repetition each in turn, so that a change in the machine's speed meets all of them alike; ratios compare
repetitions of the same round. The table goes to standard output, everything measured to a JSON file.
"""

import argparse
import json
import sys
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.machine import describe_machine, usable_cores
from benchmarks.memory import measure_memory
from benchmarks.programs import BRIAN2, NEURON, OWN, PEERS, WORKLOADS
from benchmarks.session import ProgramError, Session
from benchmarks.table import memory_table, speed_table


def parse_arguments(argv=None):
    """The command line; `pythons` maps environment to interpreter."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.partition("\n")[0])
    known = " ".join(WORKLOADS)
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD", default=[], help=f"{known}; all if none is named")
    parser.add_argument("--sizes", nargs="+", help="only these sizes, such as 100000 or 316x316")
    parser.add_argument("--peers", nargs="+", metavar="NAME", help="only these programs beside gpusyn")
    parser.add_argument("--precision", nargs="+", choices=("float32", "float64"), default=["float32"])
    parser.add_argument("--repetitions", type=int, default=7)
    parser.add_argument("--threads", type=int, default=usable_cores())
    parser.add_argument("--backend", default="numba", help="of gpusyn")
    parser.add_argument("--memory", action="store_true", help="measure bytes per element instead of speed")
    parser.add_argument("--brian2-python", help="Python of an environment made from requirements-brian2.txt")
    parser.add_argument("--neuron-python", help="Python of an environment made from requirements-neuron.txt")
    parser.add_argument("--peers-python", help="Python of an environment made from requirements-peers.txt")
    parser.add_argument("--output", type=Path, help="JSON file; default: benchmarks/results/<date and time>.json")
    options = parser.parse_args(argv)
    if unknown := set(options.workloads) - set(WORKLOADS):
        parser.error(f"{', '.join(sorted(unknown))}: not one of {', '.join(WORKLOADS)}")
    options.workloads = options.workloads or list(WORKLOADS)
    options.pythons = {OWN: sys.executable, BRIAN2: options.brian2_python, NEURON: options.neuron_python,
                       PEERS: options.peers_python}
    return options


def chosen_programs(workload, options, size=None, precision=None):
    """The programs of a workload that the command line asks for, and that run on the size and in the precision."""
    wanted = options.peers and {"gpusyn", *options.peers}
    programs = [program for program in WORKLOADS[workload].programs if not wanted or program.name in wanted]
    programs = [each for each in programs if size is None or not each.sizes or size in each.sizes]
    if precision == "float32" and "float64" in options.precision:
        programs = [each for each in programs if not each.double_only]
    return [replace(each, variant=options.backend) if each.name == "gpusyn" else each for each in programs]


def measure_size(workload, size, precision, options):
    """Alternate the repetitions of all programs on one size.

    Returns:
        Dict with workload, size, precision, `results` (one per program that ran) and `not_measured` (name: reason).
    """
    results, not_measured = {}, {}
    arguments = ["--size", size, "--precision", precision, "--threads", str(options.threads),
                 "--repetitions", str(options.repetitions)]
    with ExitStack() as stack:
        sessions = {}
        for program in chosen_programs(workload, options, size, precision):
            try:
                sessions[program.name] = stack.enter_context(start(program, arguments, options))
            except ProgramError as problem:
                not_measured[program.name] = str(problem)
        for _ in range(options.repetitions):
            ask_each(sessions, Session.repeat, not_measured)
        results = ask_each(sessions, Session.result, not_measured)
    return {"workload": workload, "size": size, "precision": precision, "unit": WORKLOADS[workload].unit,
            "results": list(results.values()), "not_measured": not_measured}


def start(program, arguments, options):
    """A started session of one program."""
    python = options.pythons[program.environment]
    if python is None:
        raise ProgramError(f"no Python was given for {program.environment} environment")
    return Session(python, program.module, [*arguments, "--variant", program.variant])


def ask_each(sessions, question, not_measured):
    """Ask every running program once; one that fails is taken out and noted."""
    answers = {}
    for name, session in list(sessions.items()):
        try:
            answers[name] = question(session)
        except (ProgramError, OSError) as problem:
            not_measured[name] = str(problem)
            del sessions[name]
    return answers


def measure_all(options):
    """Yield what was measured, one workload, size and precision after the other."""
    for workload in options.workloads:
        sizes = [size for size in WORKLOADS[workload].sizes if not options.sizes or size in options.sizes]
        for precision in options.precision:
            if options.memory:
                yield measure_memory(workload, precision, chosen_programs(workload, options), options.pythons)
                continue
            for size in sizes:
                yield measure_size(workload, size, precision, options)


def main(argv=None):
    """Measure, print tables, write the JSON file."""
    options = parse_arguments(argv)
    show = memory_table if options.memory else speed_table
    now = datetime.now(UTC)
    measured = []
    for group in measure_all(options):
        print(show(group), flush=True)
        measured.append(group)
    path = options.output or Path(__file__).parent / "results" / f"{now:%Y-%m-%d_%H%M%S}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    report = {"date": now.isoformat(timespec="seconds"), "machine": describe_machine(), "measured": measured}
    path.write_text(json.dumps(report, indent=1) + "\n")
    print(f"written: {path}")
