"""How many threads a run has, by the program's name."""
from gpusyn.spine import solver


def limit_to_one_thread() -> None:
    """Runs that follow use one thread, unless `SBDF` is told otherwise."""
    solver.THREADS = 1
