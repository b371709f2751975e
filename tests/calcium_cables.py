"""Trees with all of calcium's mechanisms on them, and what their waves come to, for several tests."""
import numpy as np

import gpusyn as gs
from gpusyn.morphology import Forest, gen_beam

LENGTH = 64.0  # um


def calcium_model(cells, dt, *, scheme="sbdf2", er_buffer=0.0, ryr=3.0, ip3r=17.3, pm_leak=1.0, source=0.0,
                  ip3_source=0.0, compartment=None, sweep=None, **members):
    """The mechanisms of the README wave of the SPINE project on trees called "dendrite"; densities per node if need be.

    Args:
        er_buffer: sites of calreticulin, uM; the wave has none.
        source, ip3_source: flux densities, uM um/ms, that fall to 0 within 1 ms and 200 ms.
    """
    model = gs.Model(dt=dt, sweep=gs.Sweep(sweep or {}))
    model.add_trees(
        "dendrite", cells, gs.CalciumCompartment(calreticulin_total=er_buffer, **(compartment or {})), scheme=scheme,
        pmca=gs.PMCA(), ncx=gs.NCX(), serca=gs.SERCA(), pm_leak=gs.PlasmaMembraneLeak(density=pm_leak),
        er_leak=gs.ERLeak(), ryr=gs.RyanodineReceptor(density=ryr), ip3r=gs.IP3Receptor(density=ip3r),
        ip3=gs.CytosolicIP3(preset="SPINE"),
        source=gs.CalciumSource(preset="linear", amplitude=source, duration=1.0),
        ip3_source=gs.IP3Source(preset="linear", amplitude=ip3_source, duration=200.0), **members,
    )
    return model


class Cables:
    """Beams side by side in one forest, each with its own settings; a wave starts in the middle of each.

    Args:
        cases: by name, settings that differ from those of the README wave: n, radius, and those of `calcium_model`;
            `wide` is the number of nodes on each side of the middle that are stimulated too.
    """

    def __init__(self, cases):
        self.names = list(cases)
        self.cells = {name: gen_beam(LENGTH, case.get("radius", 0.2), case.get("n", 1000))
                      for name, case in cases.items()}
        self.forest = Forest(list(self.cells.values()))
        self.settings = {key: np.concatenate([self.over(name, case, key) for name, case in cases.items()])
                         for key in ("er_buffer", "ryr", "ip3r", "pm_leak", "source", "ip3_source")}

    def over(self, name, case, key):
        """One setting at the nodes of one cable."""
        defaults = {"er_buffer": 0.0, "ryr": 3.0, "ip3r": 17.3, "pm_leak": 1.0, "source": 2.5, "ip3_source": 5.0}
        n, value = self.cells[name].n_node, case.get(key, defaults[key])
        if key not in ("source", "ip3_source"):
            return np.full(n, float(value))
        course, wide = np.zeros(n), case.get("wide", 0)
        # A source is a flux density at its nodes: what comes in does not depend on the spacing if it grows with it.
        course[n // 2 - wide:n // 2 + wide + 1] = value * (1.0 if wide else (n - 1) / 999)
        return course

    def span(self, name):
        """The nodes of a cable."""
        k = self.names.index(name)
        return slice(int(self.forest.offset[k]), int(self.forest.offset[k + 1]))


class Waves:
    """Where free calcium crosses 1 uM, its peaks and its lowest in the ER, step by step, of all nodes."""

    def __init__(self, simulation, duration):
        n = simulation.model.populations["dendrite"].n_site
        self.crossing, self.peak, self.least = np.full(n, np.nan), np.zeros(n), np.full(n, np.inf)
        old, dt = simulation.state["dendrite.ca"].astype(float), simulation.model.dt
        for _ in range(round(duration / dt)):
            simulation.step(1)
            new = simulation.state["dendrite.ca"].astype(float)
            hit = np.flatnonzero(np.isnan(self.crossing) & (new >= 1) & (old < 1))
            share = (1 - old[hit]) / (new[hit] - old[hit])
            self.crossing[hit] = (simulation.steps_done - 1 + share) * dt
            np.maximum(self.peak, new, out=self.peak)
            np.minimum(self.least, simulation.state["dendrite.ca_er"], out=self.least)
            old = new
        self.state = {name: simulation.state[f"dendrite.{name}"].astype(float) for name in ("ca", "ca_er", "calbindin")}

    def speed(self, span, near, far):
        """um/s, of the front between two distances from the middle of a cable, um."""
        crossing = self.crossing[span]
        way = (np.arange(crossing.size) - crossing.size // 2) * LENGTH / (crossing.size - 1)
        there = (way >= near) & (way <= far)
        return np.polyfit(crossing[there], way[there], 1)[0] * 1000.0
