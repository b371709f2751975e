"""Signals that ask a run to stop: noted when they come, acted on between steps."""
from __future__ import annotations

import signal
import threading

NAMES = ("SIGINT", "SIGTERM", "SIGUSR1")  # Ctrl-C, a system shutting down, a batch system whose time is up


class Interruptions:
    """Context in which these signals are only noted, in `received`; a second Ctrl-C raises `KeyboardInterrupt` at once.

    Outside the main thread, where Python delivers no signals, nothing is changed.
    """

    def __init__(self):
        self.received: str | None = None
        self._before: dict = {}

    def __enter__(self):
        if threading.current_thread() is threading.main_thread():
            for name in NAMES:
                if hasattr(signal, name):  # Windows has no SIGUSR1
                    number = getattr(signal, name)
                    self._before[number] = signal.signal(number, self._note)
        return self

    def __exit__(self, *_):
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _note(self, number, _):
        if number == signal.SIGINT and self.received is not None:
            raise KeyboardInterrupt
        self.received = signal.Signals(number).name
