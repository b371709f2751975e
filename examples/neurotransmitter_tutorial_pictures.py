"""The pictures of the neurotransmitter tutorial, one function each; `neurotransmitter_tutorial.py` draws them all."""
import numpy as np

from gpusyn.plots.style import AMOUNT_MAP, GREY, INK, PALETTE, accent, page

DT = 0.1  # ms
WRITTEN = {
    "gaba": "GABA", "substance_p": "substance P", "ampa": "AMPA", "nmda": "NMDA", "mglur": "mGluR", "gaba_a": "GABA-A",
    "nk1": "NK1", "glycine": "glycine site",
}


def draw(name, simulated):
    """The picture of a section of what its function gave."""
    height, function, *labels = PICTURES[name]
    with page(height=height) as figure:
        function(figure, simulated, *labels)
    return figure


def draw_dynamics(figure, lattice):
    """The tutorial's first figure: concentrations and currents, means over the cells; beside it, who fired when."""
    times = np.arange(len(lattice.get_current_history())) * DT
    above, middle, below = figure.subplots(3, 1, sharex=True, height_ratios=(1, 1, 0.8))
    for name in lattice.channels:
        concentration = lattice.get_concentration_history(name).mean(axis=1)
        above.plot(times, concentration, color=accent(name), label=written(name))
    for receptor in lattice.currents():
        colour = accent(lattice.members[receptor].transmitter)
        middle.plot(times, lattice.get_current_history(receptor).mean(axis=1), color=colour, label=written(receptor))
    middle.axhline(0.0, color=GREY, lw=0.5)
    draw_spikes(below, lattice)
    above.set(ylabel="Concentration (µM)", title="Mean over the cells")
    middle.set(ylabel="Current (nA)", title="Mean current through receptors, into the cell below 0")
    for axes in (above, middle):
        beside(axes)


def written(name):
    """A transmitter or receptor as people write it."""
    return WRITTEN.get(name, name)


def beside(axes, **settings):
    """The legend to the right of a panel, where it covers nothing."""
    axes.legend(loc="center left", bbox_to_anchor=(1.0, 0.5), **settings)


def draw_spikes(axes, lattice):
    """A tick for every spike."""
    axes.eventplot(lattice.get_spike_times(), color=INK, lw=0.7, linelengths=0.9)
    axes.set(ylabel="Cell", xlabel="Time (ms)", ylim=(-1, lattice.size), title="Spikes")


def draw_receptors(figure, lattice, receptors=None, every=1):
    """The tutorial's second figure: bound, open and desensitized receptors, and their current, means over the cells."""
    panels = figure.subplots(2, 2, sharex=True).ravel()
    keys = {"bound_fraction": "Bound fraction", "open_fraction": "Open fraction", "current": "Current (nA)",
            "desensitized_fraction": "Desensitized fraction"}
    for colour, receptor in zip(PALETTE, receptors or lattice.receptors, strict=False):
        states = lattice.get_receptor_states(receptor)
        times = np.arange(len(states["bound"])) * DT * every
        for axes, key in zip(panels, keys, strict=True):
            axes.plot(times, states[key], color=colour, label=written(receptor))
    for axes, title in zip(panels, keys.values(), strict=True):
        axes.set_title(title)
    for axes in panels[2:]:
        axes.set_xlabel("Time (ms)")
    panels[1].set(yscale="log", ylim=(1e-4, 1))
    beside(panels[1])


def draw_co_release(figure, lattice):
    """What is released together does not stay together: a peptide that nobody takes up, and its slow receptors."""
    above, below = figure.subplots(2, 1, sharex=True)
    for name, receptor in (("glutamate", "ampa"), ("substance_p", "nk1")):
        concentration = lattice.get_concentration_history(name).mean(axis=1)
        times = np.arange(len(concentration)) * DT
        above.semilogy(times, np.where(concentration > 0, concentration, np.nan), color=accent(name),
                       label=written(name))
        below.plot(times, lattice.get_receptor_states(receptor)["bound"], color=accent(name), label=written(receptor))
    above.set(ylabel="Concentration (µM)", title="Mean over the cells")
    below.set(ylabel="Bound fraction", xlabel="Time (ms)", title="Receptors", ylim=(0, 1))
    for axes in (above, below):
        beside(axes)


def draw_volume(figure, lattice):
    """Dopamine over the sheet, its profile beside the analytic one, and when receptors at a distance answer."""
    sheet, profile, answer = figure.subplots(1, 3, width_ratios=(1, 1.1, 1.1))
    field = lattice.get_concentrations()
    size = lattice.width
    image = sheet.imshow(field, cmap=AMOUNT_MAP, norm="log", vmin=1e-3 * field.max())
    sheet.set(title="Dopamine (µM)", xlabel="µm", ylabel="µm")
    figure.colorbar(image, ax=sheet, shrink=0.7, extend="min")
    mean = lattice.get_concentration_history().reshape(-1, size, size)[-150:].mean(axis=0)[size // 2]
    distance = np.abs(np.arange(size) - size // 2)
    length = np.sqrt(0.05 / (0.005 + 0.01))
    profile.semilogy(distance[size // 2 :], mean[size // 2 :], "o", ms=3, color=accent("dopamine"), label="simulated")
    profile.semilogy(distance[size // 2 :], mean[size // 2] * np.exp(-distance[size // 2 :] / length), color=GREY,
                     label=f"exp(-x / {length:.2f} µm)")
    profile.set(title="Time average", xlabel="Distance from the releasing cells (µm)", ylabel="Dopamine (µM)",
                ylim=(1e-5, None))
    profile.axvline(12.0, color=GREY, lw=0.6, ls=":")
    profile.annotate(" diffusion_radius", (12.0, 0.02), fontsize=6, color=GREY)
    profile.legend()
    bound = lattice.get_receptor_states("d1", per_site=True)["bound"].reshape(-1, size, size)[:, size // 2]
    times = np.arange(len(bound)) * DT * lattice.track_every
    for colour, step in zip(PALETTE, (0, 2, 4, 6, 8), strict=False):
        answer.plot(times, bound[:, size // 2 + step], color=colour, label=f"{step} µm")
    answer.set(title="D1 receptors", xlabel="Time (ms)", ylabel="Bound fraction")
    beside(answer, title="Distance", title_fontsize=7)


def draw_comparison(figure, lattices, labels, name):
    """Mean concentration in several lattices, and what became of the transmitter."""
    over_time, amounts = figure.subplots(1, 2, width_ratios=(1.6, 1))
    for colour, lattice, label in zip(PALETTE, lattices, labels, strict=False):
        history = lattice.get_concentration_history(name).mean(axis=1)
        over_time.plot(np.arange(len(history)) * DT, history, color=colour, label=label)
    over_time.set(xlabel="Time (ms)", ylabel=f"{written(name)} (µM)", title="Mean over the cells")
    over_time.legend()
    ledgers = [lattice.simulation.ledger[name] for lattice in lattices]
    every = ("released", "decayed", "taken_up", "present")
    terms = [term for term in every if any(ledger[term][0] for ledger in ledgers)]
    for k, (colour, ledger, label) in enumerate(zip(PALETTE, ledgers, labels, strict=False)):
        places = np.arange(len(terms)) + 0.4 * (k - 0.5)
        amounts.bar(places, [ledger[term][0] / lattices[0].size for term in terms], 0.36, color=colour, label=label)
    amounts.set_xticks(np.arange(len(terms)), [term.replace("_", " ") for term in terms])
    amounts.set(title="Where it went (µM per site)")


def draw_rewards(figure, weights):
    """Weights after a pair of spikes: a reward that comes sooner finds more eligibility."""
    axes = figure.subplots()
    for colour, (pause, weight) in zip(PALETTE, weights.items(), strict=False):
        label = "no reward" if pause is None else f"reward {pause:g} ms after the pair"
        axes.plot(np.arange(len(weight)) * DT, weight - 1.0, color=colour, label=label)
    axes.set(xlabel="Time (ms)", ylabel="Change of weight", title="A pair of spikes at 0 and 10 ms")
    axes.legend()


def draw_messengers(figure, lattice):
    """Three second messengers, means over the cells, and the spikes that they follow."""
    panels = figure.subplots(4, 1, sharex=True)
    for axes, colour, (name, title) in zip(panels, PALETTE, (
        ("calcium", "Calcium, through NMDA receptors"), ("ip3", "IP3, made by mGluR"), ("camp", "cAMP, raised by D1"),
    ), strict=False):
        history = lattice.get_history(f"neurons.{name}.{name}")
        axes.plot(np.arange(len(history)) * DT, history.mean(axis=1), color=colour)
        axes.set(ylabel="µM", title=title)
    draw_spikes(panels[3], lattice)


def draw_disorder(figure, lattices):
    """Dopamine and what becomes of the activity: healthy, with a deficit, compensated."""
    panels = figure.subplots(2, 3, sharex=True, sharey="row")
    for colour, column, (name, lattice) in zip(PALETTE, panels.T, lattices.items(), strict=False):
        dopamine = lattice.get_concentration_history("dopamine").mean(axis=1)
        column[0].plot(np.arange(len(dopamine)) * DT, dopamine, color=colour)
        n_spike = sum(map(len, lattice.get_spike_times()))
        rate = n_spike / lattice.size / (len(dopamine) * DT / 1000)
        draw_spikes(column[1], lattice)
        column[0].set_title(name)
        column[1].set_title(f"{rate:.1f} spikes/s per cell")
    panels[0, 0].set_ylabel("Dopamine (µM)")
    for axes in panels[1, 1:]:
        axes.set_ylabel("")


def draw_drug(figure, lattice):
    """Serotonin, and its receptors, before and after the drug."""
    above, below = figure.subplots(2, 1, sharex=True)
    serotonin = lattice.get_concentration_history("serotonin").mean(axis=1)
    times = np.arange(len(serotonin)) * DT * lattice.track_every
    above.plot(times, serotonin, color=accent("serotonin"))
    below.plot(times, lattice.get_receptor_states("ht1a")["bound"], color=accent("serotonin"))
    for axes in (above, below):
        axes.axvline(times[len(times) // 2], color=GREY, lw=0.6, ls=":")
    above.annotate(" drug", (times[len(times) // 2], serotonin.max()), color=GREY, va="top")
    above.set(ylabel="Serotonin (µM)", title="Extracellular serotonin")
    below.set(ylabel="Bound fraction", xlabel="Time (ms)", title="5-HT1A receptors", ylim=(0, 1))


PICTURES = {
    "1_glutamate": (4.2, draw_dynamics),
    "2_glutamate_and_gaba": (4.2, draw_dynamics),
    "3_volume": (2.5, draw_volume),
    "4_co_release": (3.2, draw_co_release),
    "5_receptors": (3.6, draw_receptors),
    "6_rewards": (2.6, draw_rewards),
    "7_autoreceptor": (2.6, draw_comparison, ("no autoreceptor", "GABA-B autoreceptor"), "gaba"),
    "8_transporter": (2.6, draw_comparison, ("first-order reuptake", "and transporters"), "glutamate"),
    "9_second_messengers": (4.6, draw_messengers),
    "10_parkinson": (3.4, draw_disorder),
    "11_antidepressant": (3.2, draw_drug),
}
