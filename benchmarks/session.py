"""Run one benchmark program in a process of its own and ask it for one repetition at a time."""

import json
import subprocess
import tempfile
import threading
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 900  # seconds until a program that does not answer counts as failed


class ProgramError(Exception):
    """A program could not start, ended early or did not answer; the message says which, with its last words."""


class Session:
    """A started program, ready to repeat. Use as a context manager: leaving it ends the process."""

    def __init__(self, python, module, arguments):
        """Start `python -m module arguments --on-request` and wait until it has built its simulation.

        Raises:
            ProgramError: it ended or stayed silent instead.
        """
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115  closed with the session
        try:
            self._process = subprocess.Popen(
                [python, "-m", module, *arguments, "--on-request"], cwd=ROOT, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors,
            )
        except OSError as problem:
            raise ProgramError(f"{python}: {problem.strerror}") from problem
        self._answer()

    def __enter__(self):
        return self

    def __exit__(self, *_problem):
        self._process.kill()
        self._process.wait()
        self._errors.close()

    def repeat(self):
        """One repetition; returns its seconds."""
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self._answer()["seconds"]

    def result(self):
        """Ask for no more repetitions; returns the program's result, see `benchmarks.measurement`."""
        self._process.stdin.close()
        return self._answer()

    def _answer(self):
        """The next JSON line; whatever else the simulator prints is passed over."""
        watch = threading.Timer(PATIENCE, self._process.kill)
        watch.start()
        try:
            for line in self._process.stdout:
                if line.startswith("{"):
                    return json.loads(line)
        finally:
            watch.cancel()
        raise ProgramError(self._last_words())

    def _last_words(self):
        self._process.wait()
        self._errors.seek(0)
        words = [line.strip() for line in self._errors if line.strip()]
        return words[-1][:200] if words else f"ended with status {self._process.returncode}"
