"""Release in whole vesicles: how many a spike releases, and how large a response they make."""
from math import lgamma

import numpy as np

from gpusyn.lang import binomial, clip, poisson, sqrt
from gpusyn.mechanism import chance_draw, given, normal_draw, output, parameter, state
from gpusyn.vesicles.statistics import ReleaseStatistics
from gpusyn.vesicles.whole import WholeNumbers

CRATE = "synapse-models 0.1 (verified)"


class Quanta(WholeNumbers):
    """Release in whole vesicles whose responses vary; subclasses say how many. Here every site releases at every spike.

        release = weight quantal_size (vesicles + quantal_cv sqrt(vesicles) z),    z standard normal

    `release` is what a spike gives to its target. `released` and `amplitude` keep what the latest spike released, and
    how large a response that made, before the weight.
    """

    whole = ("n_sites",)

    weight = state("1", "synaptic weight", initial=1.0)
    released = state("vesicles", "vesicles that the latest spike released", not_negative=True)
    amplitude = state("1", "response to the latest spike, in the target's unit")
    scatter = normal_draw("sizes of the vesicles of a spike")
    release_gain = given("1", "factor on the probability, as of presynaptic receptors", default=1.0, at="pre")

    n_sites = parameter(10.0, "1", "release sites", source=CRATE, low=0.0)
    quantal_size = parameter(1.0, "1", "mean response to one vesicle, in the target's unit")
    quantal_cv = parameter(0.3, "1", "standard deviation of that response over its mean", source=CRATE, low=0.0)

    @output("vesicles", "vesicles that a spike releases")
    @staticmethod
    def vesicles(n_sites):
        """One from each site."""
        return n_sites

    @output("1", "response to a spike, in the target's unit")
    @staticmethod
    def response(vesicles, quantal_size, quantal_cv, scatter):
        """The sum of quanta: each is normal with mean quantal_size and SD quantal_cv quantal_size."""
        return quantal_size * (vesicles + quantal_cv * sqrt(vesicles) * scatter)

    @output("1", "what a spike gives to its target")
    @staticmethod
    def release(weight, response):
        """The weighted response."""
        return weight * response

    @staticmethod
    def on_pre(vesicles, response):
        """What this spike does is kept."""
        return {"released": vesicles, "amplitude": response}


class QuantalRelease(ReleaseStatistics, Quanta):
    """Each vesicle docked at n_sites sites, vesicles_per_site at each, is released with release_probability.

        vesicles ~ Binomial(N, release_probability),    N = n_sites vesicles_per_site;    amplitude as in `Quanta`
        mean N p q,    variance N p s^2 + q^2 N p (1 - p),    failures (1 - p)^N

    With several vesicles at a site, release is multivesicular and yet bounded; without a bound it is
    `MultiVesicularRelease`.

    synapse-models 0.1 adds the two coefficients of variation without the factor 1 / E[n] that the quantal one needs.

    Source: del Castillo & Katz (1954) J. Physiol. 124:560; Katz (1969) The Release of Neural Transmitter Substances.
    """

    whole = ("n_sites", "vesicles_per_site")

    release_chance = chance_draw("how many vesicles a spike releases")

    release_probability = parameter(0.5, "1", "probability that a site releases", source=CRATE, low=0.0, high=1.0)

    vesicles_per_site = parameter(1.0, "vesicles", "docked vesicles of a site", source="one: del Castillo & Katz 1954",
                                  low=0.0)

    @output("vesicles", "vesicles that a spike releases")
    @staticmethod
    def vesicles(n_sites, vesicles_per_site, release_probability, release_gain, release_chance):
        """A binomial number."""
        return binomial(n_sites * vesicles_per_site, clip(release_gain * release_probability, 0.0, 1.0), release_chance)

    def docked(self):
        """N: vesicles that a spike can release."""
        return np.asarray(self.n_sites, float) * self.vesicles_per_site

    def expected_release(self):
        """N p."""
        return self.docked() * self.release_probability

    def release_variance(self):
        """N p (1 - p)."""
        return self.expected_release() * (1.0 - np.asarray(self.release_probability, float))

    def failure_probability(self):
        """(1 - p)^N."""
        return np.power(1.0 - np.asarray(self.release_probability, float), self.docked())


class MultiVesicularRelease(ReleaseStatistics, Quanta):
    """Each of n_sites sites releases a Poisson number of vesicles; there is no largest number.

        vesicles ~ Poisson(n_sites mean_vesicles);    amplitude as in `Quanta`

    synapse-models 0.1 cuts the distribution off and normalises what is left: mean 4.908, not 5, at a limit of 10.

    Source: the Poisson limit of del Castillo & Katz (1954) J. Physiol. 124:560; one site with 2 vesicles is what the
    test of synapse-models 0.1 takes.
    """

    release_chance = chance_draw("how many vesicles a spike releases")

    n_sites = parameter(1.0, "1", "release sites", source=CRATE, low=0.0)
    mean_vesicles = parameter(2.0, "vesicles", "vesicles that a site releases on average", source=CRATE, low=0.0)

    @output("vesicles", "vesicles that a spike releases")
    @staticmethod
    def vesicles(n_sites, mean_vesicles, release_gain, release_chance):
        """A Poisson number."""
        return poisson(release_gain * n_sites * mean_vesicles, release_chance)

    def expected_release(self):
        """n_sites mean_vesicles."""
        return np.asarray(self.n_sites, float) * self.mean_vesicles

    def release_variance(self):
        """That of a Poisson distribution: its mean."""
        return self.expected_release()

    def failure_probability(self):
        """exp(-mean)."""
        return np.exp(-self.expected_release())

    def probability(self, k: int) -> float:
        """Probability that a spike releases exactly k vesicles (one number: parameters must not be arrays)."""
        mean = float(self.expected_release())
        return float(np.exp(k * np.log(mean) - mean - lgamma(k + 1))) if mean > 0 else float(k == 0)
