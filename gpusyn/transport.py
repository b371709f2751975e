"""The calls by which transmitters diffuse, decay and escape."""
from __future__ import annotations

from dataclasses import replace

import numpy as np

from gpusyn.assembly import Assembly
from gpusyn.backends.plan import Call
from gpusyn.errors import ModelError
from gpusyn.model import Model
from gpusyn.numerics.diffusion import Scheme, Transport, choose_scheme
from gpusyn.numerics.diffusion_calls import transport_calls
from gpusyn.parts import Field

STEPS_AT_ONCE = 8  # a power of two: dt times it, divided by it, is dt again


def diffusion_calls(assembly: Assembly) -> list[Call]:
    """Operations that transport every transmitter by one step.

    Raises:
        ModelError: a coefficient that differs from site to site, or a number that cannot be.
    """
    calls: list[Call] = []
    for field in assembly.model.transmitters.values():
        transport = transport_of(assembly.model, field)
        scheme = choose_scheme(transport, field.scheme)
        assembly.notes[field.name] = scheme.reason
        rows = (assembly.n_point, field.lattice.n_row)
        decayed, escaped = (assembly.account(rows, field.name, kind) for kind in ("decayed", "escaped"))
        calls += field_calls(assembly, field, transport, scheme, decayed, escaped)
    return calls


def many_step_calls(assembly: Assembly) -> list[Call] | None:
    """Operations that transport every transmitter by `STEPS_AT_ONCE` steps, if nothing else happens in the model.

    Several steps then share one pass over memory; the bits are those of single steps.
    """
    model = assembly.model
    if model.populations or model.sources or not model.transmitters or any(f.acts for f in model.transmitters.values()):
        return None
    calls: list[Call] = []
    for field in model.transmitters.values():
        transport = transport_of(model, field)
        scheme = choose_scheme(transport, field.scheme)
        if scheme.name != "explicit":
            return None
        decayed, escaped = (
            next(a.partial for a in assembly.accounts if (a.transmitter, a.kind) == (field.name, kind))
            for kind in ("decayed", "escaped")
        )
        longer = replace(transport, dt=transport.dt * STEPS_AT_ONCE)
        scheme = replace(scheme, n_substep=scheme.n_substep * STEPS_AT_ONCE)
        calls += field_calls(assembly, field, longer, scheme, decayed, escaped)
    return calls


def field_calls(
    assembly: Assembly, field: Field, transport: Transport, scheme: Scheme, decayed, escaped
) -> list[Call]:
    """The operations of one transmitter."""
    concentration = assembly.state[f"{field.name}.concentration"]
    return [
        Call(name, args, swaps)
        for name, args, swaps in transport_calls(
            transport, scheme, concentration, decayed, escaped, assembly.backend, n_worker=assembly.backend.most_threads
        )
    ]


def transport_of(model: Model, field: Field) -> Transport:
    """A transmitter's coefficients on its lattice, one per sweep point."""
    coefficients = {}
    for name in ("diffusion_coefficient", "reuptake_rate"):
        values = model.values(f"{field.name}.{name}")
        if values.shape[1] > 1:
            raise ModelError(
                f"{field.name}.{name}: {values.shape[1]} values; diffusion and first-order loss are the same at all "
                f"sites of a lattice, so give one value (it may be swept)"
            )
        coefficients[name] = np.atleast_1d(values[:, 0])
    lattice = field.lattice
    return Transport(
        lattice.shape, lattice.edges, coefficients["diffusion_coefficient"], coefficients["reuptake_rate"], model.dt,
        lattice.spacing,
    )
