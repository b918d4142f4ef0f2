"""Strokes obey the rules of painting, keep every lock, and are undone to the very byte."""

import numpy as np
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from editing_bench import AXIAL, GRID, at, authors, bench_with, given, segment, stroke, values
from graticule.domain.geometry import Grid
from graticule.domain.labels import AUTHOR_HAND, AUTHOR_MACHINE, AUTHOR_MACHINE_CORRECTED, AUTHOR_NONE
from graticule.editing.paint_rules import ALL, CHOSEN, FREE, PaintRules
from graticule.editing.tools.brush import BrushOptions, BrushTool
from graticule.editing.tools.eraser import EraserTool
from graticule.editing.tools.strokes import DISC, SPHERE
from graticule.editing.tools.tool import Plane, Pointer
from graticule.imaging.threshold import Range
from segmentation_grids import GRIDS

TUMOUR, LIVER, VESSEL, ORGAN = "Tumour", "Liver", "Vessel", "Organ"


def crowded(**more: object):
    """Tumour in hand; Liver, and Vessel which is locked, beside it; Organ below all in a group of its own."""
    bench = bench_with(segment(TUMOUR, 1), segment(LIVER, 2), segment(VESSEL, 3), segment(ORGAN, 1, group="2"), **more)
    given(bench, 2, np.s_[3, 10:30, 20:30])
    given(bench, 3, np.s_[3, 10:30, 30:40])
    given(bench, 1, np.s_[3, 0:20, :], group="2")
    bench.workspace.set("Lock Vessel", segment(VESSEL, 3, locked=True))
    return bench


@pytest.mark.parametrize("over, chosen, liver_stays", [(FREE, (), True), (CHOSEN, (), True), (CHOSEN, (LIVER, VESSEL), False),
                                                       (ALL, (), False)])
def test_others_are_protected_unless_chosen_and_a_lock_always_holds(over, chosen, liver_stays) -> None:
    bench = crowded()
    liver, vessel = values(bench) == 2, values(bench) == 3
    bench.paint = PaintRules(over, frozenset(chosen))
    stroke(BrushTool(), bench, at(10, 20), at(55, 20))
    assert np.array_equal(values(bench) == 3, vessel)
    assert np.array_equal(values(bench) == 2, liver) is liver_stays
    assert (values(bench)[3, 20, 10:20] == 1).all() and (values(bench)[3, 20, 41:55] == 1).all()
    assert (values(bench)[3, 20, 20:30] == (2 if liver_stays else 1)).all()


def test_inside_a_segment_of_the_same_group_its_voxels_are_taken_and_nothing_else() -> None:
    bench = crowded()
    bench.paint = PaintRules(inside=LIVER)
    stroke(BrushTool(), bench, at(10, 20), at(55, 20))
    taken = np.argwhere(values(bench) == 1)
    assert len(taken) and taken[:, 2].min() == 20 and taken[:, 2].max() == 29
    stroke(BrushTool(), bench, at(25, 20, control=True), at(26, 20, control=True))
    assert not (values(bench)[3, 20, 20:30] == 1).all()


def test_inside_a_segment_of_another_group_paint_and_eraser_stay_there() -> None:
    bench = crowded()
    bench.paint = PaintRules(inside=ORGAN)
    stroke(BrushTool(), bench, at(10, 20), at(15, 20))
    painted = np.argwhere(values(bench) == 1)
    assert len(painted) and painted[:, 1].max() == 19
    bench.paint = PaintRules()
    stroke(BrushTool(), bench, at(10, 20))
    bench.paint = PaintRules(inside=ORGAN)
    stroke(EraserTool(), bench, at(10, 20))
    assert (values(bench)[3, 20:26, 10] == 1).all() and not (values(bench)[3, 14:20, 10] == 1).any()


def test_only_values_of_the_range_are_painted_and_the_hand_is_told() -> None:
    ramp = np.broadcast_to(np.arange(64, dtype=np.int16) * 10, GRID.shape).copy()
    bench = bench_with(segment(TUMOUR, 1), voxels=ramp)
    bench.paint = PaintRules(range=Range(120, 240))
    brush = BrushTool()
    brush.hover(bench, at(10, 20))
    assert brush.preview()[0].label == "Paint Tumour · only 120–240 HU"
    stroke(brush, bench, at(5, 20), at(40, 20))
    painted = ramp[values(bench) == 1]
    assert painted.min() == 120 and painted.max() == 240
    stroke(EraserTool(), bench, at(5, 20), at(18, 20))
    assert {int(v) for v in ramp[3, 20][values(bench)[3, 20] == 1]} == set()
    brush.hover(bench, at(10, 20, control=True))
    assert brush.preview()[0].label == "Erase Tumour · only 120–240 HU"


def test_a_range_that_follows_the_stroke_keeps_to_the_tissue_it_began_in() -> None:
    noise = np.random.default_rng(0).normal(0, 5, GRID.shape)
    voxels = (np.where(np.arange(64) < 32, 100, 300) + noise).astype(np.int16)
    bench = bench_with(segment(TUMOUR, 1), voxels=voxels)
    bench.paint = PaintRules(follow=True)
    brush = BrushTool()
    brush.options = BrushOptions(radius_mm=9.0)
    stroke(brush, bench, at(26, 10), at(26, 50))
    painted = values(bench)[3] == 1
    assert not painted[:, 32:].any()
    assert painted[12:48, 20:31].mean() > 0.9


def test_an_edge_aware_brush_stops_at_the_edge_and_a_plain_one_does_not() -> None:
    voxels = np.where(np.arange(64) < 32, 100, 300).astype(np.int16) + np.zeros(GRID.shape, np.int16)
    voxels += np.random.default_rng(0).normal(0, 6, GRID.shape).astype(np.int16)
    for aware, shape in ((False, DISC), (True, DISC), (True, SPHERE)):
        bench, brush = bench_with(segment(TUMOUR, 1), voxels=voxels), BrushTool()
        brush.options = BrushOptions(radius_mm=9.0, shape=shape, edge_aware=aware)
        stroke(brush, bench, at(26, 15), at(26, 45))
        beyond = (values(bench)[3][:, 32:] == 1).sum()
        assert bool(beyond == 0) is aware
        assert (values(bench)[3, 16:45, 24:31] == 1).mean() > 0.95


def test_what_the_hand_covers_of_a_machine_is_marked_corrected() -> None:
    bench = bench_with(segment(TUMOUR, 1))
    given(bench, 1, np.s_[3, 10:30, 10:20], author=AUTHOR_MACHINE)
    stroke(BrushTool(), bench, at(19, 20))
    assert authors(bench)[3, 20, 19] == AUTHOR_MACHINE_CORRECTED and authors(bench)[3, 20, 22] == AUTHOR_HAND
    assert authors(bench)[3, 12, 11] == AUTHOR_MACHINE
    stroke(EraserTool(), bench, at(19, 20))
    assert authors(bench)[3, 20, 18] == AUTHOR_MACHINE_CORRECTED and values(bench)[3, 20, 18] == 0
    assert authors(bench)[3, 20, 22] == AUTHOR_NONE


points = st.tuples(st.floats(-5, 68), st.floats(-5, 64), st.floats(0, 35))
rule_sets = st.builds(PaintRules, st.sampled_from([FREE, CHOSEN, ALL]), st.frozensets(st.sampled_from([LIVER, VESSEL])),
                      st.sampled_from(["", LIVER, ORGAN, TUMOUR]), st.none() | st.just(Range(-20, 30)), st.booleans())
hands = st.tuples(st.sampled_from([BrushTool, EraserTool]), st.floats(0.5, 12), st.sampled_from([DISC, SPHERE]), st.booleans(),
                  st.booleans(), rule_sets, st.lists(points, min_size=1, max_size=4))


@settings(max_examples=40)
@hypothesis_given(st.lists(hands, min_size=1, max_size=5))
def test_no_stroke_changes_what_is_locked_or_protected_and_undo_restores_every_byte(strokes) -> None:
    bench = crowded(voxels=np.random.default_rng(1).normal(0, 20, GRID.shape).astype(np.int16))
    given(bench, 1, np.s_[2:5, 30:50, 5:60], author=AUTHOR_MACHINE)
    states = [(values(bench).copy(), authors(bench).copy())]
    organ = values(bench, "2").copy()
    for sort, radius, shape, control, aware, rules, way in strokes:
        before, undo = values(bench).copy(), bench.workspace.undo_title
        bench.paint, tool = rules, sort()
        options = {"edge_aware": aware} if sort is BrushTool else {}
        tool.options = type(tool.options)(radius_mm=radius, shape=shape, **options)
        rows = len(bench.workspace._journal.rows())
        stroke(tool, bench, *(at(x, y, z, control=control) for x, y, z in way))
        _nothing_protected_changed(bench, before, rules, erase=control or sort is EraserTool)
        if len(bench.workspace._journal.rows()) > rows:
            states.append((values(bench).copy(), authors(bench).copy()))
        else:
            assert bench.workspace.undo_title == undo and np.array_equal(before, values(bench))
    assert np.array_equal(values(bench, "2"), organ)
    for value, author in reversed(states[:-1]):
        bench.workspace.undo()
        assert np.array_equal(values(bench), value) and np.array_equal(authors(bench), author)


def _nothing_protected_changed(bench, before, rules: PaintRules, *, erase: bool) -> None:
    changed = values(bench) != before
    assert not changed[before == 3].any()
    if erase:
        assert (before[changed] == 1).all() and not values(bench)[changed].any()
    elif rules.over == FREE and rules.inside != LIVER:
        assert not changed[before == 2].any()
    if rules.range is not None and not rules.follow:
        found = bench.canvas.voxels[changed]
        assert ((found >= -20) & (found <= 30)).all()
    if rules.inside == ORGAN:
        assert (values(bench, "2")[changed] == 1).all()


part = st.floats(-1, 1)
normals = st.tuples(part, part, part).filter(lambda n: np.linalg.norm(n) > 0.2)


@settings(max_examples=40)
@hypothesis_given(st.sampled_from(sorted(GRIDS)), normals, st.floats(1.5, 6), st.integers(0, 10**6))
def test_a_stroke_on_an_oblique_plane_leaves_no_stripes(name, normal, radius, seed) -> None:
    """Looked at on the plane it was drawn on, sampled ten times as fine as any voxel, paint has no hole but where a voxel's
    centre lies beyond the brush; and nothing is painted that the plane does not cut."""
    grid: Grid = GRIDS[name]
    plane = _plane(np.array(normal))
    way = grid.centre_mm + np.random.default_rng(seed).uniform(-4, 4, (2, 2)) @ np.stack([plane.right, plane.down])
    bench = bench_with(segment(TUMOUR, 1), voxels=np.zeros(grid.shape, np.int16), grid=grid)
    brush = BrushTool()
    brush.options = BrushOptions(radius_mm=radius)
    stroke(brush, bench, *(Pointer(tuple(map(float, point)), plane=plane, reach=(1.0, 1.0)) for point in way))
    mask = values(bench) == 1
    fine = min(grid.spacing_mm) / 10
    u, v = np.meshgrid(np.arange(-12, 12, max(fine, 0.1)), np.arange(-12, 12, max(fine, 0.1)))
    samples = grid.centre_mm + u.reshape(-1, 1) * plane.right + v.reshape(-1, 1) * plane.down
    met = grid.to_index(samples) + 0.5
    met = np.floor(met[(np.abs(met - np.rint(met)) > 1e-4).all(axis=1)]).astype(int)
    met = np.unique(met[((met >= 0) & (met < grid.shape[::-1])).all(axis=1)], axis=0)
    seen = _off_the_way(grid.to_patient(met), way, plane) <= radius - 1e-6
    i, j, k = met[seen].T
    assert mask[k, j, i].all()
    k, j, i = np.nonzero(mask)
    centres = grid.to_patient(np.stack([i, j, k], axis=1))
    # Only the way itself belongs whatever the radius.
    far = _off_the_way(centres, way, plane) > radius + 1e-6
    assert far.sum() <= 3 + 6 * np.linalg.norm(way[1] - way[0]) / min(grid.spacing_mm)


def _plane(normal) -> Plane:
    normal = normal / np.linalg.norm(normal)
    right = np.cross(normal, [0.3, 0.5, 0.8])
    right /= np.linalg.norm(right)
    return Plane("oblique", right, np.cross(normal, right), normal, 0.5)


def _off_the_way(points, way, plane: Plane):
    """mm from the way, seen along the normal."""
    flat = np.stack([plane.right, plane.down], axis=1)
    points, (one, two) = points @ flat, way @ flat
    share = np.clip((points - one) @ (two - one) / max(float((two - one) @ (two - one)), 1e-12), 0, 1)
    return np.linalg.norm(points - one - share[:, None] * (two - one), axis=1)


def test_on_a_slice_paint_is_one_slice() -> None:
    bench = bench_with(segment(TUMOUR, 1))
    stroke(BrushTool(), bench, at(20, 20, 15.0, plane=AXIAL))
    assert np.flatnonzero(values(bench).any(axis=(1, 2))).tolist() == [3]
