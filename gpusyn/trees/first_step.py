"""The first step as SPINE takes it: Euler's, implicit in what spreads; computed once, on the host."""
from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, eye_array
from scipy.sparse.linalg import spsolve

from gpusyn.backends.numpy_ import compile_python
from gpusyn.fusing.trees import IMPLICIT_SHARE


def first_changes(stepping) -> dict[str, np.ndarray]:
    """What to leave beside each state so that the first step, solved as all others are, is Euler's; by path.

    Args:
        stepping: a `gpusyn.trees.stepping.TreeStepping`.
    """
    rates, dt, of = first_rates(stepping), stepping.model.dt, stepping.spreading
    found = {path: dt * rate for path, rate in rates.items()}
    flow = stepping.inflow(stepping.host("state"))
    changes = np.stack([found[path] for path in of.paths]) + dt * flow
    for k in range(len(of.paths)):
        for point in range(changes.shape[1]):
            row = min(point, of.capacity.shape[1] - 1)
            operator = laplacian(stepping.trees.forest.parent, of.capacity[k, row], of.conductance[k, row])
            matrix = (eye_array(operator.shape[0]) - dt * operator).tocsc()
            changes[k, point] = spsolve(matrix, changes[k, point])
    right = changes - IMPLICIT_SHARE * dt * stepping.inflow(changes)
    found |= dict(zip(of.paths, right, strict=True))
    return {f"{path}:change": values for path, values in found.items()}


def first_rates(stepping) -> dict[str, np.ndarray]:
    """What the equations give at the start, per ms; (n_point, n_node) by path."""
    assembly, program = stepping.assembly, stepping.programs[0]
    arrays = {**assembly.inputs, **assembly.state}

    def value(argument):
        if argument.kind in ("dt", "time"):
            return stepping.model.dt if argument.kind == "dt" else 0.0
        if argument.kind == "parameter":
            return assembly.values(argument.path)
        return assembly.backend.to_host(arrays[argument.path]).astype(np.float64)

    results = compile_python(program)(*[value(argument) for argument in program.arguments])
    shape = (assembly.n_point, stepping.trees.n_site)
    return {path.removesuffix(":rate"): np.broadcast_to(result, shape)
            for (_, path), result in zip(program.updates, results, strict=False) if path.endswith(":rate")}


def laplacian(parent, capacity, conductance):
    """-C^-1 K of one state as a sparse matrix, 1/ms."""
    n = len(parent)
    child = np.flatnonzero(parent >= 0)
    above, k = parent[child], conductance[child]
    rows, columns = np.concatenate([child, above, child, above]), np.concatenate([above, child, child, above])
    entries = np.concatenate([k, k, -k, -k])
    return coo_array((entries / capacity[rows], (rows, columns)), shape=(n, n)).tocsr()
