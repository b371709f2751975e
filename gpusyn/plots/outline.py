"""What is drawn of cells: their nodes and segments, of very many only as many as can be seen."""
from types import SimpleNamespace

import numpy as np

from gpusyn.morphology.graph import child_counts

FIELDS = ("x", "y", "z", "radius", "start_radius", "length")
MOST_NODES = 8000


def outline(forest, cells, most=MOST_NODES):
    """Nodes of some cells of a forest, as `gpusyn.plots.morphology.shapes` takes them, and their sites, (n,).

    Of more than `most` only ends, branch points and every so many nodes between them are kept; segments then lead
    from one of these to the next.
    """
    parts = [forest.distinct[forest.which[cell]] for cell in cells]
    sites = np.concatenate([np.arange(part.n_node) + forest.offset[cell]
                            for part, cell in zip(parts, cells, strict=True)])
    before = np.cumsum([0, *(part.n_node for part in parts[:-1])])
    parent = np.concatenate([np.where(part.parent >= 0, part.parent + at, -1)
                             for part, at in zip(parts, before, strict=True)])
    drawn = SimpleNamespace(parent=parent, **{field: np.concatenate([getattr(part, field) for part in parts])
                                              for field in FIELDS})
    return (drawn, sites) if len(sites) <= most else _thinned(drawn, sites, -(-len(sites) // most))


def _thinned(whole, sites, every):
    """The same with every so many nodes of each branch."""
    parent = whole.parent.tolist()
    kept = (child_counts(whole.parent) != 1) | (whole.parent < 0)
    above, passed = [-1] * len(parent), [0] * len(parent)
    for node, up in enumerate(parent):
        if up < 0:
            continue
        above[node] = up if kept[up] else above[up]
        passed[node] = 1 if kept[up] else passed[up] + 1
        kept[node] |= passed[node] >= every
    chosen, place = np.flatnonzero(kept), np.cumsum(kept) - 1
    up = np.array(above)[chosen]
    begins = np.where(up == whole.parent[chosen], whole.start_radius[chosen], whole.radius[up])
    fields = {field: getattr(whole, field)[chosen] for field in FIELDS} | {"start_radius": begins}
    return SimpleNamespace(parent=np.where(up >= 0, place[up], -1), **fields), sites[chosen]
