"""How a soma of an SWC file is meant: samples of a tapering trunk, a sphere, three points, an outline."""
from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.morphology import frusta, graph
from gpusyn.morphology.checks import distances
from gpusyn.morphology.regions import SOMA

CONVENTIONS = ("auto", "cylinders", "sphere", "contour", "samples")
ALIKE = 0.01    # relative: how far radii and distances of a three-point soma may differ


@dataclass(frozen=True, eq=False)
class Samples:
    """The samples of a file, parents first: `parent` holds positions in these arrays, `sample` the file's numbers."""

    sample: np.ndarray
    kind: np.ndarray
    x: np.ndarray
    y: np.ndarray
    z: np.ndarray
    radius: np.ndarray
    parent: np.ndarray

    def taken(self, order, **changed) -> Samples:
        """Some of the samples, in an order; parents among them."""
        fields = {field: getattr(self, field)[order] for field in ("sample", "kind", "x", "y", "z", "radius")}
        return Samples(**fields | {"parent": graph.renumbered(self.parent, order)} | changed)


@dataclass(frozen=True)
class Sphere:
    """A soma as one body: centre and radius, um."""

    x: float
    y: float
    z: float
    radius: float


def sphere_of(samples: Samples, convention: str, place: str) -> Sphere | None:
    """The sphere that stands for the soma, None if its samples are segments.

    Args:
        convention: "auto": a single sample and NeuroMorpho's three samples (two at one radius beside the first) are a
            sphere, more samples "cylinders". "cylinders": each soma sample and its parent make a frustum; neurites
            leave at its surface, but for a single one that goes on from the last sample. "sphere": the sphere of as
            much surface as these frusta have, at the centre of the samples. "contour": the samples are an outline;
            centre, and mean distance from it. "samples": types mean nothing, all samples and parents make frusta.
        place: for messages.

    Raises:
        ModelError: an unknown convention; a sphere is asked for and the soma is not one piece that holds the root.

    Source: NeuroMorpho.Org, SWC soma format; a cylinder of length and diameter 2 r has the surface of the sphere.
    """
    if convention not in CONVENTIONS:
        raise ModelError(f"{place}: soma '{convention}' is unknown{nearest(convention, CONVENTIONS)}")
    soma = np.flatnonzero(samples.kind == SOMA)
    if convention in ("samples", "cylinders") or not len(soma):
        return None
    three = _is_three_point(samples, soma)
    whole = soma[0] == 0 and (samples.kind[samples.parent[soma[1:]]] == SOMA).all()
    if convention == "auto" and not (whole and (len(soma) == 1 or three)):
        return None
    if not whole:
        raise ModelError(f"{place}: soma '{convention}' needs soma samples (type 1) that are one piece with the root; "
                         "soma='cylinders' takes them as segments")
    x, y, z = (float(values[0] if three else values[soma].mean()) for values in (samples.x, samples.y, samples.z))
    if convention == "contour":
        if len(soma) < 3:
            raise ModelError(f"{place}: soma 'contour' needs at least 3 soma samples; there are {len(soma)}")
        away = np.sqrt((samples.x[soma] - x) ** 2 + (samples.y[soma] - y) ** 2 + (samples.z[soma] - z) ** 2)
        return Sphere(x, y, z, float(away.mean()))
    if three or len(soma) == 1:
        return Sphere(x, y, z, float(samples.radius[0]))
    part = samples.taken(soma)
    length = distances(part.parent, part.x, part.y, part.z)
    area = frusta.shares(frusta.lateral_area, part.parent, part.radius[part.parent], part.radius, length).sum()
    return Sphere(x, y, z, float(np.sqrt(area / (4.0 * np.pi))))


def _is_three_point(samples, soma) -> bool:
    """Whether the soma is NeuroMorpho's: two samples at the first one's radius from it, which carry nothing."""
    if len(soma) != 3 or soma[0] != 0 or (samples.parent[soma[1:]] != 0).any():
        return False
    radius, sides = samples.radius[0], soma[1:]
    away = distances(samples.parent, samples.x, samples.y, samples.z)[sides]
    alike = np.abs(np.concatenate([away, samples.radius[sides]]) / radius - 1.0) < ALIKE
    return bool(alike.all() and not np.isin(samples.parent, sides).any())


def with_sphere(samples: Samples, sphere: Sphere) -> tuple[Samples, dict[str, np.ndarray]]:
    """Samples whose soma is one node, and the `Morphology` fields of a body that all neurites leave at its surface."""
    body = np.where(samples.kind == SOMA, 0, np.arange(len(samples.kind)))
    kept = np.concatenate([[0], np.flatnonzero(samples.kind != SOMA)])
    cell = replace(samples, parent=np.where(samples.parent >= 0, body[samples.parent], -1)).taken(kept)
    values = {"x": sphere.x, "y": sphere.y, "z": sphere.z, "radius": sphere.radius}
    cell = replace(cell, **{field: np.concatenate([[value], getattr(cell, field)[1:]])
                            for field, value in values.items()})
    root = np.arange(len(kept)) == 0
    return cell, {
        **at_surface(cell, cell.parent == 0),
        "own_area": np.where(root, 4.0 * np.pi * sphere.radius**2, 0.0),
        "own_volume": np.where(root, 4.0 / 3.0 * np.pi * sphere.radius**3, 0.0),
    }


def leaving(samples: Samples) -> np.ndarray:
    """Mask of neurites' first samples that leave a soma of cylinders sideways, not as one that goes on from its end."""
    soma = samples.kind == SOMA
    on_soma = ~soma & soma[samples.parent] & (samples.parent >= 0)
    children = graph.child_counts(samples.parent)
    goes_on = (children[samples.parent] == 1) & (samples.parent > 0)
    return on_soma & ~goes_on


def at_surface(samples: Samples, leaves) -> dict[str, np.ndarray]:
    """`Morphology` fields of segments that begin at the surface of a soma, with their own radius a.

    The way from there into the soma is that through a disc, 1 / (4 a) for unit diffusion: as much as a cylinder of
    length pi a / 4. A first sample within the soma has no membrane before it.

    Source: Hall (1975) Access resistance of a small circular pore, J. Gen. Physiol. 66:531-532.
    """
    length = distances(samples.parent, samples.x, samples.y, samples.z)
    above = samples.radius[samples.parent]
    return {
        "length": np.where(leaves, np.maximum(length - above, 0.0), length),
        "access": np.where(leaves, np.pi / 4.0 * samples.radius, 0.0),
        "start_radius": np.where(leaves | (samples.parent < 0), samples.radius, above),
    }
