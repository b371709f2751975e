"""A small run as a simulation would record it, with values that tell their place."""
import numpy as np

from gpusyn.recording import Histogram, Layout, LedgerTerm, Reduction, SweepAxis, Trace

CONFIG = '[run]\nduration = "10 ms"\nseed = 7\n'
DT = 0.1
EDGES = np.linspace(-80, 40, 5)


def small_layout(n_point=1, compression="none", lattice_shape=(6, 10), every=2):
    """Voltages everywhere, calcium at three sites, a reduction, a histogram, spikes and a ledger that closes."""
    sweep = (SweepAxis("neurons.nmda.conductance", np.linspace(0.1, 1.0, n_point), "nS"),) if n_point > 1 else ()
    terms = [("initial", "source"), ("released", "source"), ("present", "fate"), ("decayed", "fate")]
    return Layout(
        lattice_shape, (10.0,) * len(lattice_shape), DT, n_point, compression=compression, sweep=sweep,
        spikes=("neurons",),
        traces=(Trace("neurons.v", "mV", "membrane potential", every),
                Trace("neurons.calcium.free", "uM", "free calcium", every, 0, "float64", sites=np.array([3, 5, 59]))),
        reductions=(Reduction("neurons.v", "mV", "membrane potential", every),),
        histograms=(Histogram("neurons.v", "mV", "membrane potential", EDGES, every),),
        ledger=tuple(LedgerTerm("glutamate", term, "amol", role, f"glutamate {term}", every) for term, role in terms))


def row_block(layout, key, first_row, n_row):
    """Rows whose values are a fixed function of key, row, point and site, (n, point, ...)."""
    series = {series.key: series for series in layout.series()}[key]
    shape = series.row_shape if len(series.row_shape) > 1 or layout.n_point > 1 else (1, *series.row_shape)
    if key.startswith("ledger") or key.endswith((".mean", ".min", ".max")):
        shape = series.row_shape
    rows = np.arange(first_row, first_row + n_row, dtype=float)
    place = np.arange(np.prod(shape), dtype=float).reshape(shape)
    salt = sum(map(ord, key)) % 97
    return (salt + np.sin(rows.reshape(-1, *[1] * len(shape)) * 0.7) * 30 + place % 53).astype(series.dtype)


def spike_rows(layout, first_step, n_row):
    """Packed spike bits, (step, point, byte): about one site in twenty, the same for the same step."""
    flags = np.zeros((n_row, layout.n_point, layout.n_site("neurons")), np.uint8)
    for row in range(n_row):
        random = np.random.default_rng(first_step + row)
        flags[row] = random.random(flags.shape[1:]) < 0.05
    return np.packbits(flags, axis=-1, bitorder="little")


def record(writer, layout, steps, block=8):
    """Append what a simulation of `steps` (a range) would, in blocks of `block` rows of each series."""
    every = layout.traces[0].every
    first, end = -(-steps.start // every), -(-steps.stop // every)
    for row in range(first, end, block):
        n = min(block, end - row)
        writer.append_all([(series.key, row, row_block(layout, series.key, row, n)) for series in layout.series()])
    for step in range(steps.start, steps.stop, block):
        n = min(block, steps.stop - step)
        writer.append_spikes("neurons", step, spike_rows(layout, step, n), layout.n_site("neurons"))


def contents(file):
    """Every dataset of an open HDF5 file but the descriptions, as {place: array}."""
    found = {}
    file.visititems(lambda name, thing: found.update({name: thing[()]}) if hasattr(thing, "shape") else None)
    return {name: value for name, value in found.items() if name not in ("provenance", "ending")}
