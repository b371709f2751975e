"""Runs on disk: what a simulation leaves behind, and how it is read again.

    layout.py       what a run records: traces, reductions, histograms, spikes, ledger, sweep
    hdf5.py         the run file while it is being written
    writer.py       a thread that writes while the simulation goes on
    reader.py       `open(path)`: a finished or unfinished run as NumPy arrays
    sonata.py       spikes as other tools of the field exchange them
    checkpoint.py   the state that a run continues from
"""
from importlib import import_module

_HOME = {
    "open": "reader", "Run": "reader",
    "RunFile": "hdf5", "Writer": "writer",
    "Layout": "layout", "Trace": "layout", "Reduction": "layout", "Histogram": "layout", "LedgerTerm": "layout",
    "SweepAxis": "layout",
    "decode_spike_bits": "spike_bits", "read_spikes": "sonata", "write_spikes": "sonata",
    "read_checkpoint": "checkpoint", "write_checkpoint": "checkpoint",
    "CheckpointError": "errors", "RecordingError": "errors", "UnknownRecordingError": "errors",
    "collect_provenance": "provenance",
}
__all__ = sorted(_HOME)  # pyright: ignore[reportUnsupportedDunderAll]


def __getattr__(name):
    """Import on first use, so that `import gpusyn.recording` costs nothing."""
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
