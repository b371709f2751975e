"""Shapes of cells: areas and volumes by closed forms, what refinement may not change, radius laws, parts, messages."""
import re

import numpy as np
import pytest

from gpusyn import Morphology, gen_beam, gen_branch, gen_tree, reticulum
from gpusyn.errors import ModelError
from gpusyn.morphology import constant, frusta, rall, taper


def random_cell(n=200, seed=1):
    """A tree of random frusta, some of them with steps in radius."""
    rng = np.random.default_rng(seed)
    parent = np.array([-1, *(rng.integers(0, k) for k in range(1, n))])
    x, y, z = rng.normal(size=(3, n)) * 20.0
    radius = rng.uniform(0.2, 3.0, n)
    start = np.where(rng.random(n) < 0.3, rng.uniform(0.2, 3.0, n), radius[parent])
    return Morphology(parent, x, y, z, radius, start_radius=start)


def total(cell):
    """Area, volume and length of a cell, from its frusta."""
    real = cell.length > 0
    a, b, h = cell.start_radius[real], cell.radius[real], cell.length[real]
    return frusta.lateral_area(a, b, h).sum(), frusta.volume(a, b, h).sum(), h.sum()


def test_area_and_volume_of_a_frustum():
    # radii 3 and 1, height 4: slant sqrt(20), area pi * 4 * sqrt(20), volume pi * 4 (9 + 3 + 1) / 3
    assert frusta.lateral_area(3.0, 1.0, 4.0) == pytest.approx(np.pi * 4.0 * np.sqrt(20.0), rel=1e-15)
    assert frusta.volume(3.0, 1.0, 4.0) == pytest.approx(np.pi * 52.0 / 3.0, rel=1e-15)
    near, far = frusta.halves(frusta.volume, 3.0, 1.0, 4.0)           # radius 2 in the middle
    assert (near, far) == pytest.approx((np.pi * 2 * 19 / 3, np.pi * 2 * 7 / 3), rel=1e-15)


def test_a_hollow_frustum_resists_as_its_integral_says():
    from scipy.integrate import quad

    cases = [(2.0, 1.0, 0.5, 0.25, 3.0), (2.0, 1.0, 0.1, 0.9, 3.0), (1.0, 1.0, 0.2, 0.6, 0.5), (2, 1, 0, 0, 4)]
    for a, b, inner_a, inner_b, h in cases:
        def inverse(s, a=a, b=b, c=inner_a, d=inner_b):
            return 1.0 / (np.pi * ((a + (b - a) * s) ** 2 - (c + (d - c) * s) ** 2))
        exact = h * quad(inverse, 0.0, 1.0, epsabs=0.0, epsrel=1e-13)[0]
        assert frusta.hollow_resistance(a, b, inner_a, inner_b, h) == pytest.approx(exact, rel=1e-12)


def test_finite_volumes_add_up_to_the_frusta_at_branches_tapers_and_steps():
    cell = random_cell()
    area, volume, length = total(cell)
    assert cell.area.sum() == pytest.approx(area, rel=1e-13)
    assert cell.volume.sum() == pytest.approx(volume, rel=1e-13)
    assert cell.extent.sum() == pytest.approx(length, rel=1e-13)


def test_the_volumes_at_a_branch_point_are_halves_of_its_three_segments():
    cell = gen_branch(length=64.0, radius=0.2, n=501)
    h = 64.0 / 500
    assert cell.n_node == 751
    assert cell.area[[0, 100, 250, 500, 750]] == pytest.approx(2 * np.pi * 0.2 * h * np.array([0.5, 1, 1.5, 0.5, 0.5]))
    assert cell.volume[[0, 100, 250]] == pytest.approx(np.pi * 0.04 * h * np.array([0.5, 1.0, 1.5]))
    assert cell.coupling[1:] == pytest.approx(np.full(750, np.pi * 0.04 / h))
    assert cell.cross_section[1:] == pytest.approx(np.full(750, np.pi * 0.04))
    assert cell.coupling[0] == 0.0


def test_with_equal_radii_the_laplacian_is_the_one_of_unit_cross_sections():
    """(Lap u)_i = 2 / sum(h) sum((u_j - u_i) / h), which interior, branch and sealed ends have in one form."""
    cell = gen_branch(length=10.0, radius=0.3, n=21, factor=1.7)
    u = np.random.default_rng(2).normal(size=cell.n_node)
    flow, ours = np.zeros(cell.n_node), np.zeros(cell.n_node)
    lengths = np.zeros(cell.n_node)
    for node in range(1, cell.n_node):
        for here, there in ((node, cell.parent[node]), (cell.parent[node], node)):
            flow[here] += (u[there] - u[here]) / cell.spacing[node]
            lengths[here] += cell.spacing[node]
            ours[here] += cell.coupling[node] * (u[there] - u[here]) / cell.volume[here]
    assert ours == pytest.approx(2.0 / lengths * flow, rel=1e-12)


def test_steady_diffusion_through_a_cone_is_exact_on_any_grid():
    """Resistances in series: h / (pi a b) over the whole cone, however it is cut."""
    for n in (2, 3, 17):
        cone = gen_beam(10.0, taper(2.0, 0.5), n)
        assert (1.0 / cone.coupling[1:]).sum() == pytest.approx(10.0 / (np.pi * 2.0 * 0.5), rel=1e-13)


def test_refining_changes_no_area_volume_length_or_resistance():
    cell = random_cell()
    fine = cell.refine(0.7)
    old = np.flatnonzero(fine.sample >= 0)
    assert fine.length.max() <= 0.7
    assert fine.n_node > 10 * cell.n_node
    assert (fine.sample[old] == np.arange(cell.n_node)).all()
    for one, other in zip(total(fine), total(cell), strict=True):
        assert one == pytest.approx(other, rel=1e-12)
    assert fine.area.sum() == pytest.approx(cell.area.sum(), rel=1e-12)
    assert fine.path_distance[old] == pytest.approx(cell.path_distance, rel=1e-12)
    assert resistance_to_root(fine)[old] == pytest.approx(resistance_to_root(cell), rel=1e-12)
    for axis in ("x", "y", "z", "radius", "kind"):
        assert (getattr(fine, axis)[old] == getattr(cell, axis)).all()


def resistance_to_root(cell):
    """Axial resistance between the root and each node, 1/um."""
    result = np.zeros(cell.n_node)
    for node in range(1, cell.n_node):
        result[node] = result[cell.parent[node]] + 1.0 / cell.coupling[node]
    return result


def test_refining_what_is_fine_enough_changes_nothing():
    beam = gen_beam(64.0, 0.2, 1000)
    same = beam.refine(64.0 / 999)
    assert same.n_node == 1000
    assert (same.x == beam.x).all()
    with pytest.raises(ModelError, match="beam: spacing 0 um must be positive"):
        beam.refine(0)
    with pytest.raises(ModelError, match="nodes; there may be 2147483647 at most"):
        beam.refine(1e-9)


def test_beams_and_branches_are_those_of_the_documents():
    """Rows wave_readme (N 1000, dx 0.064064) and branch_equal (probe_xyz_um) of the dendrite references."""
    beam = gen_beam(length=64.0, radius=0.2, n=1000)
    assert beam.spacing[1:] == pytest.approx(np.full(999, 0.064064064), rel=1e-7)
    assert beam.x[700] - beam.x[500] == pytest.approx(12.81, abs=5e-3)
    branch = gen_branch(length=64.0, radius=0.2, n=501, factor=1.0)
    probes = {50: (6.4, 0.0), 250: (32.0, 0.0), 500: (64.0, 0.0), 501: (32.09050967, 0.09050967),
              600: (41.0509668, 9.0509668), 750: (54.627417, 22.627417)}  # fmt: skip
    for node, place in probes.items():
        assert (branch.x[node], branch.y[node]) == pytest.approx(place, abs=1e-7)
    assert branch.parent[501] == 250
    assert set(branch.kind) == {3}


def test_cytosol_and_er_of_a_beam_have_the_documents_ratios():
    """sP, sE, sL of R 0.2 um, r = 0.375 R: 11.63636, 4.363636, 26.66667 per um."""
    beam = gen_beam(64.0, 0.2, 1000)
    er = reticulum(beam)
    assert beam.area / er.cytosol_volume == pytest.approx(np.full(1000, 2 * 0.2 / (0.2**2 - 0.075**2)), rel=1e-12)
    assert (beam.area / er.cytosol_volume)[7] == pytest.approx(11.63636, abs=1e-5)
    assert (er.area / er.cytosol_volume)[7] == pytest.approx(4.363636, abs=1e-6)
    assert (er.area / er.volume)[7] == pytest.approx(26.66667, abs=1e-5)


def test_rall_branches_keep_the_sum_of_radii_to_three_halves():
    tree = gen_tree(levels=5, length=20.0, radius=rall(2.0), n=8)
    tips = np.bincount(tree.parent[1:], minlength=tree.n_node) == 0
    assert tips.sum() == 16
    assert tree.radius[tips] == pytest.approx(np.full(16, 2.0 * 2.0 ** (-2.0 / 3.0 * 4)), rel=1e-13)
    assert (tree.radius[tips] ** 1.5).sum() == pytest.approx(2.0**1.5, rel=1e-13)
    first = np.flatnonzero(np.bincount(tree.parent[1:], minlength=tree.n_node) == 2)[0]
    children = np.flatnonzero(tree.parent == first)
    assert (tree.start_radius[children] == tree.radius[children]).all()          # a step, no taper
    assert (tree.radius[children] < tree.radius[first]).all()


def test_rall_shares_by_tips_make_all_tips_alike():
    lopsided = Morphology([-1, 0, 1, 1, 3, 3], [0, 1, 2, 1, 1, 2], [0, 0, 0, 1, 2, 1], 0.0, 1.0)
    cell = lopsided.with_radii(rall(3.0, split="tips"))
    assert cell.radius[[2, 4, 5]] == pytest.approx(np.full(3, 3.0 / 3.0 ** (2.0 / 3.0)), rel=1e-13)
    assert cell.radius[3] == pytest.approx(3.0 * (2.0 / 3.0) ** (2.0 / 3.0), rel=1e-13)
    assert lopsided.with_radii(rall(3.0, exponent=2.0)).radius[3] == pytest.approx(3.0 / np.sqrt(2.0), rel=1e-13)
    with pytest.raises(ModelError, match=r"rall.split: 'tip' is unknown; did you mean 'tips'\?"):
        rall(1.0, split="tip")


def test_constant_and_tapering_radii_and_radii_per_node():
    beam = gen_beam(10.0, taper(2.0, 1.0), 11)
    assert beam.radius == pytest.approx(np.linspace(2.0, 1.0, 11))
    assert beam.start_radius[1:] == pytest.approx(beam.radius[:-1])
    assert set(beam.with_radii(constant(0.4)).radius) == {0.4}
    assert gen_beam(10.0, [1.0, 2.0, 3.0], 3).start_radius.tolist() == [1.0, 1.0, 2.0]
    with pytest.raises(ModelError, match=r"a number, a law \(constant, taper, rall\), or one number per node \(11\)"):
        beam.with_radii([1.0, 2.0])
    with pytest.raises(ModelError, match="beam: node 1: radius -1 um; a radius must be above 0"):
        gen_beam(10.0, [1.0, -1.0, 1.0], 3)


def y_shape():
    """Soma (0, 1), a dendrite that forks at 3 into 4 and 5-6."""
    return Morphology([-1, 0, 1, 2, 3, 3, 5], [0, 3, 5, 8, 8, 12, 13], [0, 0, 0, 0, 7, 0, 0], 0.0, 1.0,
                      kind=[1, 1, 4, 4, 4, 4, 2], sample=[3, 1, 4, 15, 9, 2, 6])


def test_distances_orders_and_depths():
    cell = y_shape()
    assert cell.path_distance.tolist() == [0.0, 0.0, 2.0, 5.0, 12.0, 9.0, 10.0]
    assert cell.branch_order.tolist() == [0, 0, 1, 1, 2, 2, 2]
    assert cell.depth.tolist() == [0, 1, 2, 3, 4, 4, 5]
    assert cell.distances_from(4).tolist() == [15.0, 12.0, 10.0, 7.0, 0.0, 11.0, 12.0]
    assert gen_tree(3, 10.0, 0.5, 1).branch_order.tolist() == [1, 1, 2, 2, 3, 3, 3, 3]
    rooted_in_a_dendrite = Morphology([-1, 0, 1, 2], [0, 1, 3, 6], 0.0, 0.0, 1.0, kind=[3, 3, 1, 3])
    assert rooted_in_a_dendrite.path_distance.tolist() == [3.0, 2.0, 0.0, 3.0]


def test_selecting_by_region_subtree_distance_and_order():
    cell = y_shape()
    assert cell.select("apical").tolist() == [2, 3, 4, 5]
    assert cell.select(["soma", "axon"]).tolist() == [0, 1, 6]
    assert cell.select("dendrite", beyond=5.0, within=9.0).tolist() == [3, 5]
    assert cell.select(below=5).tolist() == [5, 6]
    assert cell.select(order=2, region=4).tolist() == [4, 5]
    assert cell.node(15) == 3
    for ask, message in (
        (lambda: cell.select("apicle"), r"there is no region 'apicle'; did you mean 'apical'\?"),
        (lambda: cell.select(below=7), "morphology: there is no node 7; valid: 0 to 6"),
        (lambda: cell.node(14), "no node comes from sample 14; the nearest is 15"),
    ):
        with pytest.raises(ModelError, match=message):
            ask()


def test_a_part_keeps_its_shape_and_must_be_one_piece():
    cell = y_shape()
    part = cell.extract(cell.select(below=3))
    assert part.parent.tolist() == [-1, 0, 0, 2]
    assert part.length.tolist() == [0.0, 7.0, 4.0, 1.0]
    assert part.sample.tolist() == [15, 9, 2, 6]
    with pytest.raises(ModelError, match="do not hang together; 2 have no parent among them: 2, 5; a part is one"):
        cell.extract([6, 2, 5])
    with pytest.raises(ModelError, match="no nodes; give at least one"):
        cell.extract([])


LINE = {"x": [0.0, 1.0, 2.0], "y": 0.0, "z": 0.0, "radius": 1.0}


@pytest.mark.parametrize(
    ("parent", "changed", "message"),
    [
        ([], {}, "parent is []; it must be one whole number per node, of at least one node"),
        ([-1.0, 0.0, 1.0], {}, "it must be one whole number per node"),
        ([-1, 0, 5], {}, "node 2: parent 5 does not exist; valid: 0 to 2, -1 at the root"),
        ([-1, 0, -1], {}, "node 2: a second root (parent -1) beside cell: node 0; a morphology is one cell"),
        ([-1, 2, 1], {}, "node 1: its parents form a cycle, 1 -> 2 -> 1, so that 2 of 3 nodes have no way to the root"),
        ([-1, 1, 1], {}, "node 1: its parents form a cycle, 1 -> 1"),
        ([-1, 2, 0], {}, "node 1 comes before its parent 2; number parents before their children"),
        ([-1, 0, 1], {"radius": [1.0, 0.0, 1.0]}, "node 1: radius 0 um; a radius must be above 0"),
        ([-1, 0, 1], {"y": [0.0, 0.0, np.nan]}, "node 2: x, y, z, radius 2, nan, 0, 1; every one must be finite"),
        ([-1, 0, 1], {"y": [0.0, 0.0, 1e9]}, "x, y, z, radius 2, 1e+09, 0, 1; every one must be finite, below 1e+09"),
        ([-1, 0, 1], {"radius": [1.0, 1e-320, 1.0]}, "node 1: radius 9.99989e-321 um; a radius must be at least 1e-09"),
        ([-1, 0, 1], {"x": [0.0, 1.0, 1.0]}, "node 2: length 0 um, it lies on its parent (cell: node 1)"),
        ([-1, 0, 1], {"z": [1.0, 2.0]}, "z is [1.0, 2.0]; it must be a number, or one per node (3)"),
        ([-1, 0, 1], {"kind": 1.5}, "kind is 1.5; it must be a whole number, or one per node (3)"),
        ([-1, 0, 1], {"access": [0.0, -1.0, 0.0]}, "node 1: access -1; it must be a finite number of at least 0"),
        ([-1, 0, 1], {"start_radius": [1.0, 0.0, 1.0]}, "node 1: start_radius 0 um; a radius must be above 0"),
        ([-1, 0, 1], {"length": 1.0}, "node 0: length 1 um, access 0 um; the root has no segment, so both must be 0"),
        ([-1], {"x": 0.0}, "node 0: volume 0 um^3, area 0 um^2; a node needs a segment of some length or"),
    ],
)
def test_what_is_no_tree_is_refused(parent, changed, message):
    with pytest.raises(ModelError, match=re.escape(message)):
        Morphology(parent, **LINE | changed, name="cell")


def test_many_problems_are_told_together_but_not_all_of_very_many():
    with pytest.raises(ModelError) as caught:
        gen_beam(10.0, np.zeros(30), 30)
    lines = str(caught.value).splitlines()
    assert len(lines) == 9
    assert lines[0] == "beam: node 0: radius 0 um; a radius must be above 0"
    assert lines[-1] == "... and 22 more"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: gen_beam(-1.0), "gen_beam: length -1.0 um must be positive"),
        (lambda: gen_beam(64.0, 0.0), "gen_beam: radius 0.0 um must be positive"),
        (lambda: gen_beam(64.0, 0.2, 1), "gen_beam: n 1 must be a whole number of at least 2"),
        (lambda: gen_branch(n=2), "gen_branch: n 2 must be a whole number of at least 3"),
        (lambda: gen_branch(factor=0.0), "gen_branch: factor 0.0 must be positive"),
        (lambda: gen_tree(levels=0), "gen_tree: levels 0 must be at least 1"),
    ],
)
def test_impossible_cells_are_not_made(make, message):
    with pytest.raises(ModelError, match=re.escape(message)):
        make()


def test_arrays_are_read_only_and_a_cell_describes_itself():
    beam = gen_beam(10.0, 0.5, 11)
    with pytest.raises(ValueError, match="read-only"):
        beam.radius[0] = 1.0
    assert repr(beam) == "<Morphology 'beam': 11 nodes (11 basal), 10 um, 31.4159 um^2, 7.85398 um^3>"


def test_a_hundred_thousand_nodes_take_little_memory():
    tree = gen_tree(levels=10, length=100.0, radius=rall(1.0), n=98)
    assert tree.n_node == 100_255
    held = [getattr(tree, name) for name in ("area", "volume", "extent", "coupling", "path_distance", "branch_order")]
    size = sum(array.nbytes for array in [*vars(tree).values(), *held] if isinstance(array, np.ndarray))
    assert size < 300 * tree.n_node                     # bytes; the engine's limit is 1 kB per node with all its states
