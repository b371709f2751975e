"""What compilers say when CUDA C does not compile, shown beside the line they mean."""

import re

from gpusyn.errors import BackendError

REAL_NAME = {"float32": "float", "float64": "double"}
# NVRTC writes `name.cu(12): error: ...`, g++ `name.cu:12:5: error: ...`.
ERROR = re.compile(r"^(?P<file>[^\s:(]+)(?:\((?P<a>\d+)\)|:(?P<b>\d+)(?::\d+)?): (?:fatal |catastrophic )?error", re.M)
LINE = re.compile(r'^#line (\d+) "([^"]+)"')


class CompilationError(BackendError):
    """A kernel source did not compile; the message shows the place and all that the compiler said.

    Attributes:
        log: the compiler's output.
    """

    def __init__(self, compiler: str, source: str, log: str):
        self.log = log
        marked = marked_lines(source, log)
        super().__init__(f"{compiler} refused the source:\n{marked}\n{log.strip()}" if marked else f"{compiler}: {log}")


def complete_source(source: str, precision: str) -> str:
    """Source text with the meaning of ``real`` in front, as compilers get it.

    Raises:
        ValueError: the precision is neither float32 nor float64.
    """
    if precision not in REAL_NAME:
        raise ValueError(f"precision {precision!r} is not one of {', '.join(REAL_NAME)}")
    start = "" if source.startswith("#line") else '#line 1 "program.cu"\n'
    return f"typedef {REAL_NAME[precision]} real;\n{start}{source}"


def marked_lines(source: str, log: str, around: int = 2) -> str:
    """The first place that the compiler complains of, with lines around it and ``>`` before the one that is meant."""
    match = ERROR.search(log)
    if match is None:
        return ""
    place = (match["file"].rpartition("/")[2], int(match["a"] or match["b"]))
    lines = numbered_lines(source)
    if place not in lines:
        return ""
    name, bad = place
    shown = [number for number in range(bad - around, bad + around + 1) if (name, number) in lines]
    text = (f"{'>' if number == bad else ' '} {number:4d} | {lines[name, number]}" for number in shown)
    return f"{name}, line {bad}:\n" + "\n".join(text)


def numbered_lines(source: str) -> dict[tuple[str, int], str]:
    """Lines of a source by the (file, line) that its ``#line`` directives give them."""
    lines, name, number = {}, "", 1
    for text in source.splitlines():
        if directive := LINE.match(text):
            name, number = directive[2], int(directive[1])
            continue
        lines[name, number] = text
        number += 1
    return lines
