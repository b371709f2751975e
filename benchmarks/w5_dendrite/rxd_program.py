"""W5 in NEURON's reaction-diffusion module (rxd), which computes in float64.

All species are declared in one region, so that every rate is one expression per volume: the cheapest form for rxd.
Its own threads are as many as asked for; NEURON's are not, because it cannot play a source's course into several.
"""

import neuron
from neuron import h, rxd

from benchmarks.measurement import Repetition, measure, shape_of, timed
from benchmarks.w5_dendrite import DT, ER_RATIO, IP3_SOURCE, RADIUS, SOURCE, STEPS, checks
from benchmarks.w5_dendrite.neuron_cables import courses, make_cables, place_of, prepare, record

DIFFUSION = {"ca": 0.22, "b": 0.02, "ca_er": 0.22, "ip3": 0.28}
REST = {"ca": 0.05, "b": 160 * 0.019 / (0.019 + 0.027 * 0.05), "ca_er": 250.0, "ip3": 0.04}


def resting_receptors(ca):
    """Fractions of ryanodine receptors in o1, o2 and c2 in the steady state; the others are in c1."""
    to_c1, to_o2, to_c2 = 0.0288 / (1.5 * ca**4), 1.5 * ca**3 / 0.3859, 1.75e-3 / 1e-4
    o1 = 1 / (1 + to_c1 + to_o2 + to_c2)
    return {"o1": o1, "o2": to_o2 * o1, "c2": to_c2 * o1}


def make_chemistry(region):
    """Species, sources and rates, by name."""
    starts = REST | resting_receptors(REST["ca"])
    species = {name: rxd.Species(region, d=DIFFUSION.get(name, 0), name=name, initial=start)
               for name, start in starts.items()}
    sources = {name: rxd.Parameter(region, name=name, value=0.0) for name in ("source", "ip3_source")}
    ca, b, ca_er, ip3, o1, o2, c2 = species.values()
    source, ip3_source = sources.values()
    er = ER_RATIO * RADIUS
    volume = RADIUS**2 - er**2
    buffering = 0.019 * (160 - b) - 0.027 * b * ca
    outward = 8.5e-3 * ca**2 / (0.0036 + ca**2) + 0.0375 * ca / (1.8 + ca)
    from_outside = source - outward + 4.497345e-6 * (1000 - ca)
    p = 1.05 * ca * ip3 / ((ca * ip3 + 1.05 * ip3 + 0.94 * ca + 0.1365) * (ca + 0.0823))
    open_share = 0.042 * (o1 + o2) + 7.612e-3 * p**3 + 3.786353e-5
    from_er = open_share * (ca_er - ca) - 15.535 * ca / ((0.18 + ca) * ca_er)
    closing = 0.0288 * o1 - 1.5 * ca**4 * (1 - o1 - o2 - c2)
    to_o2, to_c2 = 1.5 * ca**3 * o1 - 0.3859 * o2, 1.75e-3 * o1 - 1e-4 * c2
    rates = {
        ca: buffering + 2 * RADIUS / volume * from_outside + 2 * er / volume * from_er, b: buffering,
        ca_er: -2 / er * from_er, ip3: 2 * RADIUS / volume * ip3_source - (ip3 - 0.04),
        o1: -closing - to_o2 - to_c2, o2: to_o2, c2: to_c2,
    }
    return species, sources, [rxd.Rate(one, rate) for one, rate in rates.items()]


def falling(species, node, amplitude, duration):
    """Let a source fall from its amplitude to 0."""
    values, times = h.Vector([amplitude, 0.0, 0.0]), h.Vector([0.0, duration, 1e9])
    values.play(species.nodes(node)[0]._ref_concentration, times, True)
    return values, times


def build(options):
    """Set up, and repeat on cables of `options.size`; compute in float64 whatever was asked."""
    options.precision = "float64"
    size = shape_of(options.size)
    cables = make_cables(size)
    rxd.nthread(options.threads)
    context = prepare()
    species, sources, rates = make_chemistry(rxd.Region(cables, name="dendrite"))
    h.finitialize(-72)
    middles = [cable(place_of(size[1] // 2, size[1])) for cable in cables]
    played = [falling(sources["source"], node, SOURCE, 1.0) for node in middles]
    played += [falling(sources["ip3_source"], node, IP3_SOURCE, 200.0) for node in middles]

    def references(node):
        place = cables[0](place_of(node, size[1]))
        return [species[name].nodes(place)[0]._ref_concentration for name in ("ca", "ca_er")]

    ca, er = record(options, references)

    def repeat(_held=(cables, played, rates)):  # NEURON forgets what Python no longer holds
        h.finitialize(-72)
        seconds, _ = timed(context.psolve, options.steps * DT)
        return Repetition(seconds, lambda: checks(*courses(ca), er.min()))

    return neuron.__version__, repeat


if __name__ == "__main__":
    measure("W5", "NEURON rxd", build, STEPS)
