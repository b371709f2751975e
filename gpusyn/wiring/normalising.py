"""What each target receives, as a mean instead of a sum."""
from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any

import numpy as np

MEAN_RELEASING = "mean_releasing"
NORMALISATIONS = (MEAN_RELEASING,)  # of spikes that arrive; without one they are summed


def mean_over(wiring: Any, releasing: Iterable[Any]) -> Any:
    """The wiring, with every target's sum divided by the number of connections that lead to it in all of `releasing`.

    Of a target that nothing leads to there is nothing to divide.
    """
    degree = sum(each.in_degree() for each in releasing)
    return with_target_factor(wiring, 1.0 / np.maximum(degree, 1))


def with_target_factor(wiring: Any, factor: np.ndarray) -> Any:
    """The same wiring with a factor on what each target receives."""
    twin = copy.copy(wiring)
    twin._listed = None  # what the wiring may have listed is without the factor
    twin.to_sites = factor if wiring.to_sites is None else factor * wiring.to_sites
    return twin
