"""Spines: a neck and a head on a dendrite, as compartments of their own."""
from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from gpusyn.errors import ModelError, shown
from gpusyn.morphology.regions import SPINE_HEAD, SPINE_NECK, kinds_of
from gpusyn.morphology.selecting import require_node
from gpusyn.numerics.counts import poisson
from gpusyn.numerics.draws import uniform
from gpusyn.numerics.philox import philox, seed_words, stream_of

COUNT_STREAM, ANGLE_STREAM = stream_of("morphology.spines.count"), stream_of("morphology.spines.angle")


def with_spines(cell, nodes=None, density: float | None = None, region="dendrite", neck_length=0.45, neck_radius=0.075,
                head_radius=0.23, n_neck: int = 1, seed: int = 0):
    """The cell with spines attached at nodes, or at random with a mean density.

    A neck is a cylinder in `n_neck` equal compartments, a head a sphere; each owns its area and volume, 2 pi a L and
    pi a^2 L, 4 pi r^2 and 4/3 pi r^3. The dendrite's membrane under the neck is not taken away. Diffusion along the
    neck meets A / L = pi a^2 / distance, with distances between the middles of the neck's compartments, and from its
    ends to these; head and dendrite are well mixed. Spines are numbered after all nodes of the cell, each neck before
    its head, and stand at random angles around the dendrite.

    Args:
        nodes: where to attach, a node as often as it carries spines.
        density: instead of nodes, mean number per um of dendrite; each node draws a Poisson number for its extent,
            from Philox with the node as counter.
        region: where density applies, as for `Morphology.select`.
        neck_length, neck_radius, head_radius: um, one number or one per spine.
        n_neck: compartments per neck, at least 1.
        seed: of numbers and angles.

    The defaults are means of CA1 pyramidal cells (stratum radiatum of rats), recalled and not checked: neck length
    0.45 um, neck diameter 0.15 um, head volume 0.051 um^3.

    Returns:
        a `Morphology`; its `spine_heads` and `spine_bases` are in the order of the spines.

    Raises:
        ModelError: both or neither of nodes and density, nodes that do not exist, sizes that are not positive.

    Source: Harris & Stevens (1989) Dendritic spines of CA1 pyramidal cells in the rat hippocampus, J. Neurosci.
    9:2982-2997.
    """
    if (nodes is None) == (density is None):
        raise ModelError(f"{cell.name}.with_spines: give either nodes or a density (1/um)")
    if not (isinstance(n_neck, int | np.integer) and n_neck >= 1):
        raise ModelError(f"{cell.name}.with_spines: n_neck {n_neck!r} must be a whole number of at least 1")
    if nodes is None:
        base = _drawn(cell, density, region, seed)
    else:
        base = np.array([require_node(cell, node) for node in np.ravel(nodes).tolist()], dtype=np.int64)
    neck_length, neck_radius, head_radius = (
        _sizes(cell, name, values, len(base)) for name, values in
        (("neck_length", neck_length), ("neck_radius", neck_radius), ("head_radius", head_radius)))
    return _attached(cell, base, neck_length, neck_radius, head_radius, int(n_neck), seed) if len(base) else cell


def _drawn(cell, density, region, seed):
    """Nodes of spines drawn with a density, each as often as it has spines."""
    if not (math.isfinite(density) and density >= 0):
        raise ModelError(f"{cell.name}.with_spines: density {density} 1/um must be at least 0")
    nodes = np.flatnonzero(np.isin(cell.kind, kinds_of(region, f"{cell.name}.with_spines")))
    counts = poisson(nodes, COUNT_STREAM, 0, 0, *seed_words(seed), density * cell.extent[nodes])
    return np.repeat(nodes, counts)


def _sizes(cell, name, values, n_spine):
    sizes = np.asarray(values, dtype=np.float64)
    if sizes.shape not in ((), (n_spine,)):
        raise ModelError(f"{cell.name}.with_spines: {name} is {shown(values)}; it must be one number, or one per spine "
                         f"({n_spine})")
    if not (np.isfinite(sizes) & (sizes > 0)).all():
        raise ModelError(f"{cell.name}.with_spines: {name} {sizes.min():g} um must be above 0")
    return np.broadcast_to(sizes, (n_spine,))


def _attached(cell, base, neck_length, neck_radius, head_radius, n_neck, seed):
    """The cell with necks and heads; every array below is (spine, compartment), the head last."""
    n_spine, per = len(base), n_neck + 1
    own = cell.n_node + np.arange(n_spine * per).reshape(n_spine, per)
    parent = np.concatenate([base[:, None], own[:, :-1]], axis=1)
    step = neck_length[:, None] / n_neck
    neck = np.arange(per) < n_neck
    access = step * np.where(np.arange(per) % n_neck == 0, 0.5, 1.0)          # at the foot and at the head half a step
    middle = step * (np.arange(per) + 0.5)
    height = np.where(neck, middle, neck_length[:, None] + head_radius[:, None]) + cell.radius[base, None]
    across = _across(cell, base, seed)
    x, y, z = (values[base, None] + height * across[:, k, None] for k, values in enumerate((cell.x, cell.y, cell.z)))
    radius = np.where(neck, neck_radius[:, None], head_radius[:, None])
    area = np.where(neck, 2.0 * np.pi * radius * step, 4.0 * np.pi * radius**2)
    volume = np.where(neck, np.pi * radius**2 * step, 4.0 / 3.0 * np.pi * radius**3)
    added = {
        "parent": parent, "x": x, "y": y, "z": z, "radius": radius, "access": access,
        "kind": np.where(neck, SPINE_NECK, SPINE_HEAD), "start_radius": neck_radius[:, None], "length": 0.0,
        "own_area": area, "own_volume": volume, "sample": -1,
    }
    return replace(cell, **{field: _grown(getattr(cell, field), values, (n_spine, per))
                            for field, values in added.items()})


def _grown(old, new, shape):
    return np.concatenate([old, np.broadcast_to(new, shape).ravel().astype(old.dtype)])


def _across(cell, base, seed):
    """Unit vectors that stand on the dendrite at each base, at random angles around it; (n_spine, 3)."""
    places = np.stack([cell.x, cell.y, cell.z], axis=1)
    first_child = np.full(cell.n_node, -1)
    first_child[cell.parent[:0:-1]] = np.arange(cell.n_node - 1, 0, -1)
    other = np.where(cell.parent[base] >= 0, cell.parent[base], first_child[base])
    along = _unit(np.where(other[:, None] >= 0, places[base] - places[other], 0.0))
    first = _unit(np.cross(along, np.eye(3)[np.argmin(np.abs(along), axis=1)]))
    words = philox(np.arange(len(base)), ANGLE_STREAM, 0, 0, *seed_words(seed))
    angle = 2.0 * np.pi * uniform(words[0], np.float64)[:, None]
    return np.cos(angle) * first + np.sin(angle) * np.cross(along, first)


def _unit(vectors):
    """Vectors of length 1; the x axis for those of length 0."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.where(lengths > 0.0, vectors / np.where(lengths > 0.0, lengths, 1.0), [1.0, 0.0, 0.0])
