"""States of synapses that a rule keeps as of the latest event, as they are now, for whoever reads or sets them.

Nothing is computed for a synapse between its events; its arrays lag behind (`gpusyn.fusing.synapses.lagging`). What is
read from outside of a step is computed on the host, by the rule's own equation, and changes no array.
"""
from __future__ import annotations

import numpy as np

from gpusyn.backends.numpy_ import compile_python
from gpusyn.backends.paired import front_of
from gpusyn.fusing.synapses import SynapseFusion, lagging


def lagging_states(assembly) -> dict:
    """The plastic connection that each lagging state is of, by dotted name."""
    return {f"{name}.{state}": synapses for name, synapses in assembly.synapse_sets.items()
            for state in lagging(synapses.rule)}


def caught_up(synapses) -> dict[str, np.ndarray]:
    """The lagging states of a plastic connection as they are now, on the host, (n_point, n_synapse), by dotted name."""
    program = SynapseFusion(synapses.name, synapses.rule, synapses.inputs, synapses.shared, "item").catch_up()
    with np.errstate(all="ignore"):
        results = compile_python(program)(*(seen(synapses, argument) for argument in program.arguments))
    shape = synapses.weights.shape
    return {path: np.broadcast_to(result, shape) for (_, path), result in zip(program.updates, results, strict=True)}


def seen(synapses, argument) -> np.ndarray:
    """What each synapse sees of an argument of its programs, on the host; broadcasts to (n_point, n_synapse)."""
    assembly = synapses.assembly
    if argument.kind == "parameter":
        return assembly.values(argument.path).astype(assembly.real)
    held = assembly.state[argument.path] if argument.path in assembly.state else assembly.inputs[argument.path]
    values = assembly.backend.to_host(front_of(held))
    if argument.at == "item":
        return values
    return values[:, synapses.wiring.indices if argument.at == "post" else synapses.pre_places()]
