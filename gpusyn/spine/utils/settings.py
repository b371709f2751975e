"""What the documents import from `spine.utils.settings`."""
from gpusyn.spine.settings import ProblemSettings

__all__ = ["ProblemSettings"]
