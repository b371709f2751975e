"""Runs a diffusing field on any backend, operation by operation, for the tests of diffusion."""
import functools
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import numpy as np
from operations import host_module

from gpusyn.backends.operations import find_operation
from gpusyn.backends.paired import Paired
from gpusyn.numerics.diffusion import Transport, choose_scheme
from gpusyn.numerics.diffusion_calls import transport_calls


def allocator(name):
    """What `transport_calls` asks of a backend, with host arrays."""
    return SimpleNamespace(name=name, in_place=name != "cuda-on-host", asarray=np.array, zeros=np.zeros)


class FieldRun:
    """A field and its ledger on one backend.

    Args:
        initial: (n_batch, *shape) or (*shape,) concentrations at the start.
        backend: "numpy", "numba" or "cuda-on-host".
        scheme: "auto", "explicit", "exact", or a Scheme.
        threads: run Numba's workers at the same time, not one after another.
        transport: arguments of Transport.
    """

    def __init__(self, initial, backend="numpy", precision="float64", scheme="auto", n_worker=1, counted=True,
                 threads=False, descending=False, **transport):
        initial = np.asarray(initial)
        shape = transport.pop("shape", initial.shape)
        self.shape, real = shape, np.dtype(precision)
        n_site = int(np.prod(shape))
        field = initial.reshape(-1, n_site).astype(real)
        self.backend, self.precision, self.descending = backend, precision, descending
        self.n_worker, self.pool = n_worker, ThreadPoolExecutor(n_worker) if threads else None
        self.field = field if backend != "cuda-on-host" else Paired((field, np.full_like(field, np.nan)))
        self.decayed, self.escaped = np.zeros((2, len(field), n_site // shape[-1]))
        self.transport = Transport(shape, transport.pop("edges", "reflecting"),
                                   **{"diffusion_coefficient": 0.0, "decay_rate": 0.0, "dt": 0.1, **transport})
        self.scheme = choose_scheme(self.transport, scheme) if isinstance(scheme, str) else scheme
        self.calls = transport_calls(self.transport, self.scheme, self.field, self.decayed, self.escaped,
                                     allocator(backend), counted=counted, n_worker=n_worker)

    def run(self, n_step):
        """Take steps; returns self."""
        for step in range(n_step):
            for call in self.calls:
                getattr(self, f"_on_{self.backend.replace('-', '_')}")(step, *call)
        return self

    def _on_numpy(self, step, name, args, _swaps):
        find_operation("numpy", name)(step, *args)

    def _on_numba(self, step, name, args, _swaps):
        operation = find_operation("numba", name)
        run = functools.partial(self._work, operation, step, args)
        list(self.pool.map(run, range(self.n_worker)) if self.pool else map(run, range(self.n_worker)))

    def _work(self, operation, step, args, worker):
        operation(worker, self.n_worker, step, *args)

    def _on_cuda_on_host(self, step, name, args, swaps):
        args = [half for arg in args for half in ((arg.front, arg.back) if isinstance(arg, Paired) else (arg,))]
        module = host_module("diffusion.cu", self.precision, self.descending)
        module.launch(module.kernel(name), *find_operation("cuda", name)(args), [np.array([step]), *args])
        if swaps:
            self.field.flip()

    @property
    def cells(self):
        """The field now, (*shape,) of its only entry or (n_batch, *shape)."""
        field = self.field.front if isinstance(self.field, Paired) else self.field
        return field.reshape(self.shape if len(field) == 1 else (-1, *self.shape))

    @property
    def total(self):
        """Sum over sites of each batch entry, float64."""
        return self.cells.reshape(len(self.decayed), -1).sum(axis=1, dtype=np.float64)

    def accounted(self):
        """What is present, decayed or escaped, per batch entry."""
        return self.total + self.decayed.sum(axis=1) + self.escaped.sum(axis=1)


def pulse(*shape, at=None):
    """One in one cell, in the middle unless told where."""
    cells = np.zeros(shape)
    cells[tuple(n // 2 for n in shape) if at is None else at] = 1.0
    return cells
