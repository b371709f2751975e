"""Plasticity by rates: the activity of either neuron is a trace of its spikes, and the weight follows both."""
from gpusyn.mechanism import Mechanism, parameter, state

LIXIRNET = "spiking-neural-networks 0.24 (lixirnet)"


class RateRule(Mechanism):
    """Base of the rules by rates: activities and the limits of the weight, and no dynamics of the weight.

        dpre/dt = -pre / tau_activity,     pre = pre + 1 at a presynaptic spike;  post likewise

    An activity is the number of spikes within about `tau_activity`: rate times tau_activity where the rate is steady.
    """

    weight = state("1", "synaptic weight", initial=1.0)
    pre = state("1", "presynaptic activity", at="pre", not_negative=True)
    post = state("1", "postsynaptic activity", at="post", not_negative=True)

    tau_activity = parameter(500.0, "ms", "memory of an activity", source=f"{LIXIRNET}: its window", low=1e-3)
    weight_min = parameter(0.0, "1", "smallest weight", source="proposed")
    weight_max = parameter(float("inf"), "1", "largest weight", source="proposed: none")

    @staticmethod
    def d_pre(pre, tau_activity):
        """First-order decay."""
        return -pre / tau_activity

    @staticmethod
    def d_post(post, tau_activity):
        """First-order decay."""
        return -post / tau_activity

    @staticmethod
    def on_pre(pre):
        """One more spike."""
        return {"pre": pre + 1.0}

    @staticmethod
    def on_post(post):
        """One more spike."""
        return {"post": post + 1.0}


class BCMRule(RateRule):
    """Bienenstock, Cooper and Munro's rule: above a threshold that slides with its own activity, a neuron potentiates.

        dweight/dt  = eta (pre post (post - average / average_scalar) - decay weight)
        daverage/dt = (post - average) / tau_average

    Source: Bienenstock, Cooper & Munro (1982) J. Neurosci. 2:32; the form and its constants as in lixirnet (verified):
    with them a weight forgets within 10 ms, so scale by eta.
    """

    average = state("1", "long average of the postsynaptic activity", at="post", not_negative=True)
    eta = parameter(1.0, "1/ms", "speed of learning", source="proposed: 1 is lixirnet's", low=0.0)
    decay = parameter(0.1, "1", "forgetting", source=LIXIRNET, low=0.0)
    average_scalar = parameter(0.1, "1", "average activity over threshold", source=LIXIRNET, low=1e-12)
    tau_average = parameter(1500.0, "ms", "memory of the average", source=f"{LIXIRNET}: three windows", low=1e-3)

    @staticmethod
    def d_average(average, post, tau_average):
        """It follows the activity."""
        return (post - average) / tau_average

    @staticmethod
    def d_weight(weight, pre, post, average, eta, decay, average_scalar):
        """Potentiation above the sliding threshold, depression below, and forgetting, 1/ms."""
        return eta * (pre * post * (post - average / average_scalar) - decay * weight)


class HebbianRule(RateRule):
    """Hebb's rule with a threshold: dweight/dt = eta pre (post - threshold).

    With a threshold of 0 nothing ever depresses: set weight_max.

    Source: Hebb (1949) The Organization of Behavior; the form, e.g. Gerstner & Kistler (2002) Spiking Neuron Models,
    chapter 10. The constants are proposals (uncertain).
    """

    eta = parameter(1e-5, "1/ms", "speed of learning", source="proposed")
    threshold = parameter(0.0, "1", "postsynaptic activity below which synapses depress", source="proposed", low=0.0)

    @staticmethod
    def d_weight(pre, post, eta, threshold):
        """Correlation, 1/ms."""
        return eta * pre * (post - threshold)


class OjaRule(RateRule):
    """Oja's rule: dweight/dt = eta (pre post - beta post^2 weight), which keeps the sum of squared weights at 1 / beta.

    Source: Oja (1982) J. Math. Biol. 15:267. The constants are proposals (uncertain).
    """

    eta = parameter(1e-5, "1/ms", "speed of learning", source="proposed", low=0.0)
    beta = parameter(1.0, "1", "forgetting", source="proposed", low=0.0)

    @staticmethod
    def d_weight(weight, pre, post, eta, beta):
        """Correlation, less what the neuron's own activity takes away, 1/ms."""
        return eta * (pre * post - beta * post * post * weight)
