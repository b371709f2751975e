"""Spines as compartments, and the ER with the cytosol around it."""
import re

import numpy as np
import pytest

from gpusyn import gen_beam, gen_branch, gen_tree, read_swc, reticulum
from gpusyn.errors import ModelError
from gpusyn.morphology import rall, taper


def beam():
    return gen_beam(length=20.0, radius=0.5, n=41)


@pytest.mark.parametrize("n_neck", [1, 3])
def test_necks_are_cylinders_and_heads_spheres(n_neck):
    cell = beam().with_spines([10, 30], neck_length=0.9, neck_radius=0.1, head_radius=[0.2, 0.3], n_neck=n_neck)
    assert cell.n_node == 41 + 2 * (n_neck + 1)
    assert cell.spine_heads.tolist() == [41 + n_neck, 41 + 2 * n_neck + 1]
    assert cell.spine_bases.tolist() == [10, 30]
    heads, necks = cell.spine_heads, cell.select("spine_neck")
    assert cell.volume[heads] == pytest.approx(4 / 3 * np.pi * np.array([0.2, 0.3]) ** 3, rel=1e-15)
    assert cell.area[heads] == pytest.approx(4 * np.pi * np.array([0.2, 0.3]) ** 2, rel=1e-15)
    assert cell.volume[necks] == pytest.approx(np.full(2 * n_neck, np.pi * 0.01 * 0.9 / n_neck), rel=1e-14)
    assert cell.area[necks] == pytest.approx(np.full(2 * n_neck, 2 * np.pi * 0.1 * 0.9 / n_neck), rel=1e-14)
    assert (cell.volume[:41] == beam().volume).all()                   # the dendrite stays as it was
    assert (cell.coupling[:41] == beam().coupling).all()
    chain = np.arange(41, 42 + n_neck)
    assert (1.0 / cell.coupling[chain]).sum() == pytest.approx(0.9 / (np.pi * 0.01), rel=1e-13)


def test_spines_stand_on_the_dendrite_and_are_one_way_off():
    cell = beam().with_spines(np.arange(41), neck_length=0.6, head_radius=0.25)
    heads, base = cell.spine_heads, cell.spine_bases
    assert cell.x[heads] == pytest.approx(cell.x[base], abs=1e-12)     # at right angles to the cable
    assert np.hypot(cell.y[heads], cell.z[heads]) == pytest.approx(np.full(41, 0.5 + 0.6 + 0.25))
    assert cell.path_distance[heads] == pytest.approx(cell.path_distance[base] + 1.35, rel=1e-13)
    assert np.unique(np.arctan2(cell.z[heads], cell.y[heads])).size == 41
    assert set(cell.branch_order) == {1}                               # spines are no branches
    assert (cell.sample[41:] == -1).all()


def test_default_spines_have_the_volume_of_the_source():
    """Harris & Stevens (1989): head volume 0.051 um^3; the default radius is rounded to 0.01 um."""
    cell = beam().with_spines([5])
    assert cell.volume[-1] == pytest.approx(0.051, rel=5e-3)


def test_density_draws_as_many_as_it_says_and_the_same_ones_for_a_seed():
    dendrite = gen_branch(length=2000.0, radius=0.5, n=2001)
    cell = dendrite.with_spines(density=1.5, seed=11)
    count = len(cell.spine_heads)
    assert abs(count - 1.5 * 3000.0) < 4 * np.sqrt(4500.0)
    assert (dendrite.with_spines(density=1.5, seed=11).spine_bases == cell.spine_bases).all()
    assert len(dendrite.with_spines(density=1.5, seed=12).spine_heads) != count
    per_node = np.bincount(cell.spine_bases, minlength=3001)[:3001]
    assert per_node.var() == pytest.approx(1.5, rel=0.15)              # Poisson: as large as the mean
    assert dendrite.with_spines(density=0.0) is dendrite
    assert len(dendrite.with_spines(density=9.0, region="axon").spine_heads) == 0


def test_spines_stay_what_they_are_when_dendrites_are_refined_or_resized():
    cell = gen_tree(2, 10.0, rall(1.0), 4).with_spines([3, 7])
    fine = cell.refine(0.5)
    assert fine.volume[fine.spine_heads].tolist() == cell.volume[cell.spine_heads].tolist()
    assert fine.sample[fine.spine_bases].tolist() == [3, 7]
    wide = cell.with_radii(taper(2.0, 1.0))
    for field in ("volume", "area", "coupling"):
        assert getattr(wide, field)[cell.spine_heads].tolist() == getattr(cell, field)[cell.spine_heads].tolist()
    assert cell.with_radii(rall(1.0)).radius[:13] == pytest.approx(cell.radius[:13], rel=1e-14)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "beam.with_spines: give either nodes or a density (1/um)"),
        ({"nodes": [1], "density": 1.0}, "beam.with_spines: give either nodes or a density (1/um)"),
        ({"nodes": [41]}, "beam: there is no node 41; valid: 0 to 40"),
        ({"nodes": [1.5]}, "beam: there is no node 1.5; valid: 0 to 40"),
        ({"nodes": [1], "neck_radius": 0.0}, "beam.with_spines: neck_radius 0 um must be above 0"),
        ({"nodes": [1], "head_radius": [0.1, 0.2]}, "head_radius is [0.1, 0.2]; it must be one number, or one per"),
        ({"nodes": [1], "n_neck": 0}, "beam.with_spines: n_neck 0 must be a whole number of at least 1"),
        ({"density": -1.0}, "beam.with_spines: density -1.0 1/um must be at least 0"),
        ({"density": 1.0, "region": "dendrites"}, "there is no region 'dendrites'; did you mean 'dendrite'?"),
    ],
)
def test_impossible_spines_are_refused(arguments, message):
    with pytest.raises(ModelError, match=re.escape(message)):
        beam().with_spines(**arguments)


def test_er_and_cytosol_make_up_the_dendrite():
    cell = gen_beam(10.0, taper(2.0, 0.5), 21)
    er = reticulum(cell, 0.4)
    whole = np.pi * 10.0 * (4.0 + 1.0 + 0.25) / 3.0
    assert er.volume.sum() == pytest.approx(0.16 * whole, rel=1e-13)
    assert er.cytosol_volume.sum() == pytest.approx(0.84 * whole, rel=1e-13)
    assert er.area.sum() == pytest.approx(np.pi * 0.4 * 2.5 * np.hypot(10.0, 0.4 * 1.5), rel=1e-13)
    assert er.coupling == pytest.approx(0.16 * cell.coupling, rel=1e-12)
    assert er.cytosol_coupling == pytest.approx(0.84 * cell.coupling, rel=1e-12)
    by_volume = reticulum(cell, volume_fraction=0.16)
    assert by_volume.volume == pytest.approx(er.volume, rel=1e-13)


def test_er_at_a_constant_gap_leaves_thin_dendrites_empty():
    cell = gen_beam(10.0, [1.0, 1.0, 0.3, 0.1, 0.1], 5)
    er = reticulum(cell, gap=0.2)
    assert er.radius == pytest.approx([0.8, 0.8, 0.1, 0.0, 0.0])
    assert er.coupling == pytest.approx([0.0, np.pi * 0.64 / 2.5, np.pi * 0.08 / 2.5, 0.0, 0.0])
    assert er.volume[3:].tolist() == [0.0, 0.0]
    assert er.cytosol_coupling[3:] == pytest.approx(cell.coupling[3:])
    # between nodes 1 and 2: 1/(pi (R^2 - r^2)) with R from 1 to 0.3 and r = R - 0.2
    exact = 2.5 / (0.4 * np.pi) * np.log(0.9 / 0.2) / 0.7
    assert 1.0 / er.cytosol_coupling[2] == pytest.approx(exact, rel=1e-12)


def test_spines_have_er_only_where_it_is_asked_for():
    cell = beam().with_spines([10, 20])
    usual = reticulum(cell)
    spine = cell.select("spine")
    assert (usual.volume[spine] == 0).all()
    assert (usual.coupling[spine] == 0).all()
    assert usual.cytosol_coupling[spine] == pytest.approx(cell.coupling[spine], rel=1e-14)
    asked = reticulum(cell, {"dendrite": 0.375, "spine_neck": 0.5, "spine_head": 0.2})
    head = cell.spine_heads
    assert asked.volume[head] == pytest.approx(0.04 * cell.volume[head], rel=1e-14)
    assert asked.coupling[head - 1] == pytest.approx(0.375**2 * cell.coupling[head - 1], rel=1e-14)   # the narrower
    assert asked.coupling[head] == pytest.approx(0.04 * cell.coupling[head], rel=1e-14)
    assert (asked.volume + asked.cytosol_volume) == pytest.approx(cell.volume, rel=1e-15)


def test_regions_differ_in_er(tmp_path):
    path = tmp_path / "cell.swc"
    path.write_text("1 1 0 0 0 5 -1\n2 3 9 0 0 1 1\n3 3 12 0 0 1 2\n4 2 -9 0 0 1 1\n")
    cell = read_swc(path)
    er = reticulum(cell, {"soma": 0.5, "dendrite": 0.3})
    assert er.ratio == pytest.approx([0.5, 0.3, 0.3, 0.0])
    assert er.volume[0] == pytest.approx(0.25 * cell.own_volume[0] + 0.09 * np.pi * 2.0, rel=1e-13)
    assert er.coupling[3] == 0.0
    assert er.coupling[1] > 0.0
    per_node = reticulum(cell, [0.1, 0.2, 0.3, 0.4])
    assert per_node.ratio == pytest.approx([0.1, 0.2, 0.3, 0.4])


@pytest.mark.parametrize(
    ("laws", "message"),
    [
        ({"ratio": 1.0}, "beam: ratio 1 must be at least 0 and below 1"),
        ({"volume_fraction": -0.1}, "beam: volume_fraction -0.1 must be at least 0 and below 1"),
        ({"ratio": 0.3, "gap": 0.1}, "beam: give one of ratio, volume_fraction and gap, not 2"),
        ({"gap": 0.0}, "beam: gap 0.0 um must be positive"),
        ({"ratio": {"dendrit": 0.1}}, "beam: ratio: there is no region 'dendrit'; did you mean 'dendrite'?"),
        ({"ratio": [0.1, 0.2]}, "ratio is [0.1, 0.2]; it must be a number, one per region, or one per node (41)"),
        ({"ratio": np.nan}, "beam: ratio nan must be at least 0 and below 1"),
    ],
)
def test_impossible_er_is_refused(laws, message):
    with pytest.raises(ModelError, match=re.escape(message)):
        reticulum(beam(), **laws)
