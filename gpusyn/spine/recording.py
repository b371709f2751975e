"""What `neuron.recorder` asks for: arrays after a run, and files if a folder is set."""
from __future__ import annotations

from pathlib import Path

import numpy as np

from gpusyn.quantities import path_of
from gpusyn.recording.record import Record
from gpusyn.spine.building import Built
from gpusyn.spine.electricity import potential_of

TOTALS = {"avg_cyt": "ca", "avg_er": "ca_er", "total_cyt": "ca", "total_er": "ca_er", "soma": "ca"}
FULL = {"full": "ca", "full_er": "ca_er"}
SOMA = 1  # SWC's number


def flux_paths(built: Built, name: str, flux: str) -> list[str]:
    """The dotted names of the outputs that add up to a flux; none if the neuron has no such mechanism."""
    members = built.model.populations[name].members
    outward = ("pmca", "ncx", "pm_leak", "vdcc", "soc")
    sources = [m for m in members if m.startswith(("synapse", "driven", "hosted"))]
    if flux in outward:
        found = [(flux, "flux_from_outside")]
    elif flux in ("ryr", "serca", "er_leak", "ip3r"):
        found = [(flux, "flux_from_er")]
    elif flux in ("total_pm", "total_er"):
        found = [("", "membrane_flux" if flux == "total_pm" else "er_flux")]
    else:
        found = [(m, "ip3_flux" if "ip3" in flux else "flux_from_outside") for m in sources]
    return [path_of(name, m, q) for m, q in found
            if m in members and q in members[m].quantities]


def records(built: Built, name: str, neuron) -> list[Record]:
    """What to record of one neuron, in every step."""
    asked, nodes = neuron.recorder, list(neuron.recorder["nodes"])
    wanted = {f"{name}.{FULL[key]}" for key in FULL if asked[key]} | {f"{name}.{TOTALS[k]}" for k in TOTALS if asked[k]}
    wanted |= {f"{name}.{potential_of(neuron)}"} if asked["full_voltage"] else set()
    wanted |= {f"{name}.ryr.open_fraction"} if asked["RyR"] and neuron.model["RyR"] else set()
    at = list(neuron.recorder["flux_nodes"]) or None
    made = [Record(path) for path in sorted(wanted)]
    for path in states_of(built, name, neuron):
        if nodes and path not in wanted:
            made.append(Record(path, sites=nodes))
    fluxes = {path for key, on in asked.items() if key.startswith("flux_") and key != "flux_nodes" and on
              for path in flux_paths(built, name, key.removeprefix("flux_"))}
    return made + [Record(path, sites=at) if at else Record(path) for path in sorted(fluxes)]


def states_of(built: Built, name: str, neuron) -> list[str]:
    """The dotted names of what is recorded at nodes."""
    ip3 = ["ip3.ip3"] if "ip3" in built.model.populations[name].members else []
    return [f"{name}.{quantity}" for quantity in ("ca", "ca_er", *ip3, potential_of(neuron))]


def results(built: Built, name: str, neuron, recorder) -> dict[str, np.ndarray]:
    """Arrays by the documents' keys; rows are of the times in "t" (s), concentrations in uM, potentials in mV."""
    asked, found = neuron.recorder, {}
    s = neuron.settings
    found["t"] = s.T0 + s.dt * np.arange(s.ntime)
    nodes = list(asked["nodes"])
    for key, quantity in FULL.items():
        if asked[key]:
            found[key] = recorder[f"{name}.{quantity}"]
    if asked["full_voltage"]:
        found["full_voltage"] = recorder[f"{name}.{potential_of(neuron)}"]
    if asked["RyR"] and neuron.model["RyR"]:
        found["RyR"] = recorder[f"{name}.ryr.open_fraction"]
    for path in states_of(built, name, neuron) if nodes else ():
        rows = recorder[path]
        rows = rows if rows.shape[-1] == len(nodes) else rows[..., nodes]
        found[f"nodes_{path.rpartition('.')[2]}"] = rows
    for key, quantity in TOTALS.items():
        if asked[key]:
            found[key] = summed(key, recorder[f"{name}.{quantity}"], neuron)
    for key, on in asked.items():
        if key.startswith("flux_") and key != "flux_nodes" and on:
            paths = flux_paths(built, name, key.removeprefix("flux_"))
            found[key] = sum((recorder[path] for path in paths), np.zeros(1)) if paths else np.zeros((s.ntime, 1))
    return found


def summed(key, rows, neuron):
    """A mean over nodes, or an integral over time in uM s."""
    if key.startswith("total"):
        return rows.sum(axis=0) * neuron.settings.dt
    cell = neuron.morphology
    of = cell.kind == SOMA if key == "soma" else np.ones(cell.n_node, bool)
    of = of if of.any() else np.ones(cell.n_node, bool)
    return rows[..., of] @ (cell.volume[of] / cell.volume[of].sum())


def write(neuron, found: dict[str, np.ndarray]) -> None:
    """One .npy file per key, in top_folder/results/output_folder, if that is set."""
    if neuron.settings.output_folder is None:
        return
    folder = Path(neuron.settings.top_folder) / "results" / neuron.settings.output_folder
    folder.mkdir(parents=True, exist_ok=True)
    for key, values in found.items():
        np.save(folder / f"{key}.npy", values)

