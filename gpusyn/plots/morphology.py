"""A cell drawn flat, its radii to scale."""
import numpy as np

from gpusyn.errors import ModelError, nearest
from gpusyn.plots.choice import NothingToDraw
from gpusyn.plots.style import AMOUNT_MAP, FAINT, INK, PALETTE, POTENTIAL_MAP, WIDTH, label, limits, page

AXES = "xyz"
PLANES = ("xy", "xz", "yz", "yx", "zx", "zy")
THINNEST = 0.5          # points: what is thinner to scale is drawn as wide as this
LONGEST_BAR = 2.6       # inch
NARROWEST = 0.12        # height of the picture's content, relative to its width, at least
COLOURS = {"soma": INK, "axon": PALETTE[0], "basal": PALETTE[1], "apical": PALETTE[2], "spine_neck": PALETTE[3],
           "spine_head": PALETTE[3], "undefined": PALETTE[6]}  # fmt: skip


def draw_morphology(morphology, values=None, meaning="value", unit="1", plane="xy", colour_map=None, colour_limits=None,
                    figure=None):
    """A cell seen from one side, coloured by a value per node or by region.

    Segments and spherical bodies are to scale, but for thin ones, which are as wide as can be seen.

    Args:
        morphology: a `gpusyn.morphology.Morphology`.
        values: (n_node,) numbers, NaN where there is none (drawn grey); regions in colours of their own if None.
        meaning, unit: of the values, for the colour bar.
        plane: the two axes that are drawn, "xy", "xz" ...
        colour_map: name of a matplotlib map; by default that of potentials for mV, of amounts else.
        colour_limits: (low, high); by default those that few outliers cannot stretch.
        figure: Figure or SubFigure to draw into.

    Returns:
        the figure.

    Raises:
        ModelError: values of another length, or an unknown plane.
        NothingToDraw: no value is finite.
    """
    if plane not in PLANES:
        raise ModelError(f"draw_morphology: plane '{plane}' is unknown{nearest(plane, PLANES)}")
    places = np.stack([getattr(morphology, axis) for axis in plane], axis=1)
    values = None if values is None else _checked(morphology, values)
    (left, right), (low, high) = frame(places, morphology.radius)
    bar = 0.0 if values is None else 1.0
    height = float(np.clip((WIDTH - 0.8 - bar) * (high - low) / (right - left) + 0.6, 1.2, 6.5))
    with page(figure, height, layout="compressed") as figure:
        axes = figure.add_subplot()
        axes.set(xlim=(left, right), ylim=(low, high), aspect="equal", xlabel=f"{plane[0]} (µm)",
                 ylabel=f"{plane[1]} (µm)")
        drawn = shapes(axes, morphology, places)
        if values is None:
            _colour_regions(axes, morphology, drawn)
        else:
            colour_map = colour_map or (POTENTIAL_MAP if unit == "mV" else AMOUNT_MAP)
            _colour_values(figure, axes, drawn, values, label(meaning, unit), colour_map, colour_limits)
    return figure


def _checked(morphology, values):
    values = np.asarray(values, dtype=np.float64)
    if values.shape != (morphology.n_node,):
        raise ModelError(f"draw_morphology: values of shape {values.shape}; '{morphology.name}' has "
                         f"{morphology.n_node} nodes, and each needs one number")
    if not np.isfinite(values).any():
        raise NothingToDraw(f"draw_morphology: no value of '{morphology.name}' is a finite number")
    return values


def frame(places, radius, narrowest=NARROWEST):
    """What the picture shows: left and right, bottom and top, um; neither is less than a share of the other."""
    low, high = (places - radius[:, None]).min(axis=0), (places + radius[:, None]).max(axis=0)
    middle, half = 0.5 * (low + high), 0.53 * (high - low)
    half = np.maximum(half, narrowest * half.max())
    return np.stack([middle - half, middle + half], axis=1)


def shapes(axes, morphology, places, thinnest=THINNEST):
    """Collections of segments and of node discs in axes, and the node of each of their members.

    `morphology` has parent, radius, start_radius and length; `places` are the nodes' positions in the picture, (n, 2);
    `thinnest` in points.
    """
    from matplotlib.collections import EllipseCollection, PolyCollection

    nodes = np.flatnonzero(np.asarray(morphology.parent) >= 0)
    begin, end = places[morphology.parent[nodes]], places[nodes]
    along = end - begin
    length = np.hypot(*along.T)[:, None]
    across = np.divide(along[:, ::-1] * [-1.0, 1.0], length, out=np.zeros_like(along), where=length > 0)
    first, last = across * morphology.start_radius[nodes, None], across * _end_radius(morphology)[nodes, None]
    corners = np.stack([begin - first, begin + first, end + last, end - last], axis=1)
    segments = PolyCollection(list(corners), linewidths=thinnest, joinstyle="round", rasterized=len(nodes) > 5000)
    nodes_of_discs = np.arange(len(places))
    width = 2.0 * morphology.radius
    discs = EllipseCollection(width, width, np.zeros_like(width), units="xy", offsets=places, linewidths=0.0,
                              offset_transform=axes.transData, rasterized=len(nodes) > 5000)
    for collection in (segments, discs):
        collection.set_snap(False)                              # whole pixels would leave steps between neighbours
        axes.add_collection(collection, autolim=False)
    return (segments, nodes), (discs, nodes_of_discs)


def _end_radius(morphology):
    """Radius of each segment where it meets its node: that of the neck where the node is a body, a spine's head."""
    return np.where(morphology.length > 0, morphology.radius, morphology.start_radius)


def colours(low, high, colour_map):
    """How values from `low` to `high` become colours: the norm, and the map, in which what is missing is grey."""
    import matplotlib as mpl
    from matplotlib.colors import Normalize

    return Normalize(low, high), mpl.colormaps[colour_map].with_extremes(bad=FAINT)


def paint(drawn, values, norm, shades):
    """Colour what `shapes` has drawn by a value per node."""
    for collection, nodes in drawn:
        rgba = shades(norm(np.ma.masked_invalid(values[nodes])))
        collection.set(facecolors=rgba, edgecolors=rgba)


def _colour_values(figure, axes, drawn, values, text, colour_map, colour_limits):
    from matplotlib.cm import ScalarMappable

    low, high, ends = (*colour_limits, "neither") if colour_limits else limits(values)
    norm, shades = colours(low, high, colour_map)
    paint(drawn, values, norm, shades)
    bar = figure.colorbar(ScalarMappable(norm, shades), ax=axes, extend=ends, pad=0.015, aspect=22,
                          shrink=min(1.0, LONGEST_BAR / figure.bbox.height * figure.dpi))
    bar.set_label(text)
    bar.outline.set_visible(False)


def _colour_regions(axes, morphology, drawn):
    from matplotlib.colors import to_rgba
    from matplotlib.patches import Patch

    from gpusyn.morphology.regions import name_of

    kinds, which = np.unique(morphology.kind, return_inverse=True)
    names = [name_of(kind) for kind in kinds]
    inks = np.array([to_rgba(COLOURS.get(name, PALETTE[k % len(PALETTE)])) for k, name in enumerate(names)])
    for collection, nodes in drawn:
        collection.set(facecolors=inks[which[nodes]], edgecolors=inks[which[nodes]])
    shown = {name.removesuffix("_neck").removesuffix("_head"): ink for name, ink in zip(names, inks, strict=True)}
    axes.legend(handles=[Patch(color=colour, label=name) for name, colour in shown.items()], loc="upper left",
                bbox_to_anchor=(1.01, 1.0), borderaxespad=0.0, handlelength=1.0)
