"""What release in whole vesicles does on average, and samples of it."""
import numpy as np

from gpusyn.mechanism import Mechanism
from gpusyn.program import DRAW_WORDS
from gpusyn.vesicles.drawing import draw
from gpusyn.vesicles.evaluating import evaluate


class ReleaseStatistics(Mechanism):
    """Moments of one spike's release and response: numbers, or arrays where parameters are arrays.

    A class that has them says what its `expected_release`, `release_variance` and `failure_probability` are, and has
    the parameters quantal_size and quantal_cv and the outputs vesicles and response.
    """

    def expected_release(self):
        """Mean number of vesicles."""
        raise NotImplementedError

    def release_variance(self):
        """Variance of the number of vesicles."""
        raise NotImplementedError

    def failure_probability(self):
        """Probability that no vesicle is released."""
        raise NotImplementedError

    def fano_factor(self):
        """Variance of the number of vesicles over its mean."""
        return self.release_variance() / self.expected_release()

    def expected_amplitude(self):
        """Mean response."""
        return self.expected_release() * self.values["quantal_size"]

    def amplitude_variance(self):
        """Variance of the response: E[n] s^2 + q^2 var n, with q the mean and s the SD of one quantum."""
        spread = self.expected_release() * np.square(self.values["quantal_cv"]) + self.release_variance()
        return np.square(self.values["quantal_size"]) * spread

    def coefficient_of_variation(self):
        """SD of the response over the size of its mean; infinite where nothing is released."""
        mean = np.asarray(np.abs(self.expected_amplitude()), float)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(mean > 0, np.sqrt(self.amplitude_variance()) / mean, np.inf)[()]

    def sample(self, n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """Vesicles and responses of `n` spikes, float64; spike i of a seed is the same for any n."""
        known = {name: draw(q.kind, f"sample.{name}", n, seed) for name, q in self.quantities.items()
                 if getattr(q, "kind", "") in DRAW_WORDS}
        known["vesicles"] = evaluate(self, "vesicles", known)
        return known["vesicles"], evaluate(self, "response", known)
