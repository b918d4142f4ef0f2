"""Scissors on a slice: the shape, the side, how deep and whose voxels, against plain geometry."""

import numpy as np
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st

from editing_bench import CORONAL, GRID, at, authors, bench_with, given, segment, star, stroke, values, wound_round
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_MACHINE, AUTHOR_MACHINE_CORRECTED
from graticule.editing.cutting import ERASE, FILL, cut
from graticule.editing.paint_rules import ALL as OVER_ALL
from graticule.editing.paint_rules import PaintRules
from graticule.editing.tools.scissors import ALL, BOX, CIRCLE, DEPTH, FREE, SLICE, THROUGH, ScissorsOptions, ScissorsTool
from graticule.imaging.patch import Patch
from graticule.imaging.scissors import INSIDE, OUTSIDE

TUMOUR, LIVER, VESSEL = "Tumour", "Liver", "Vessel"


def full():
    """Tumour left, Liver right of column 32, Vessel (locked) in rows 40 to 45, in slices 1 to 6."""
    bench = bench_with(segment(TUMOUR, 1), segment(LIVER, 2), segment(VESSEL, 3))
    given(bench, 1, np.s_[1:7, :40, :32])
    given(bench, 2, np.s_[1:7, :40, 32:])
    given(bench, 3, np.s_[1:7, 40:45, :])
    bench.workspace.set("Lock", segment(VESSEL, 3, locked=True))
    return bench


def scissors(**options) -> ScissorsTool:
    tool = ScissorsTool()
    tool.options = ScissorsOptions(**options)
    return tool


def slices_of(reach: str) -> list[int]:
    return {SLICE: [3], DEPTH: [2, 3, 4], THROUGH: [0, 1, 2, 3, 4, 5, 6, 7]}[reach]


@settings(max_examples=30)
@hypothesis_given(st.sampled_from([ERASE, FILL]), st.sampled_from([INSIDE, OUTSIDE]), st.sampled_from([SLICE, DEPTH, THROUGH]),
                  st.sampled_from(["own", ALL]), st.integers(0, 10**6))
def test_every_way_of_cutting_is_what_plain_masks_say(act, side, reach, whose, seed) -> None:
    bench, corners = full(), star(seed, 14, 20, (30.3, 28.7))
    if np.linalg.norm(np.diff(corners, axis=0), axis=1).min() < 0.6:
        return
    before = values(bench).copy()
    shape = wound_round(GRID.shape[1:], corners)
    region = np.zeros(GRID.shape, dtype=bool)
    region[slices_of(reach)] = shape if side == INSIDE else ~shape
    expected = before.copy()
    if act == ERASE:
        expected[region & np.isin(before, (1, 2) if whose == ALL else (1,))] = 0
    else:
        expected[region & (before == 0)] = 1
    tool = scissors(act=act, side=side, reach=reach, depth_mm=6.0, whose=whose)
    if np.array_equal(expected, before):
        with pytest.raises(GraticuleError, match="Nothing would change"):
            stroke(tool, bench, *(at(*corner) for corner in corners))
        return
    stroke(tool, bench, *(at(*corner) for corner in corners))
    assert np.array_equal(values(bench), expected)
    bench.workspace.undo()
    assert np.array_equal(values(bench), before)


def test_boxes_and_circles_are_drawn_by_a_diagonal_and_a_radius() -> None:
    bench = full()
    stroke(scissors(shape=BOX), bench, at(5.5, 5.5), at(20.5, 15.5))
    assert not values(bench)[3, 6:16, 6:21].any() and (values(bench) == 0).sum() - (full_free()) == 150
    bench = full()
    stroke(scissors(shape=CIRCLE), bench, at(15.0, 20.0), at(15.0, 30.2))
    rows, columns = np.mgrid[:60, :64]
    inside = (rows - 20.0) ** 2 + (columns - 15.0) ** 2 < 10.15**2
    assert not values(bench)[3][inside & (columns < 32)].any()


def full_free() -> int:
    return int((values(full()) == 0).sum())


def test_painting_over_all_fills_others_but_never_a_locked_one_and_authors_are_kept() -> None:
    bench = full()
    given(bench, 1, np.s_[3, 50:55, 5:20], author=AUTHOR_MACHINE)
    bench.paint = PaintRules(over=OVER_ALL)
    stroke(scissors(shape=BOX, act=FILL), bench, at(1.5, 1.5), at(60.5, 58.5))
    assert (values(bench)[3, 2:40, 2:61] == 1).all() and (values(bench)[3, 40:45] == 3).all()
    stroke(scissors(shape=BOX, act=ERASE), bench, at(1.5, 45.5), at(60.5, 58.5))
    assert (authors(bench)[3, 50:55, 5:20] == AUTHOR_MACHINE_CORRECTED).all() and not values(bench)[3, 46:59, 2:61].any()


def test_a_cut_on_a_coronal_plane_goes_through_along_its_own_normal() -> None:
    bench = full()
    stroke(scissors(shape=BOX, reach=THROUGH), bench, at(5.5, 10.0, 12.0, plane=CORONAL), at(20.5, 10.0, 23.0, plane=CORONAL))
    assert not values(bench)[3:5, :40, 6:21].any() and (values(bench)[2, :40, :32] == 1).all()


def test_a_click_cuts_nothing_and_nothing_to_cut_is_said() -> None:
    bench = full()
    before = values(bench).copy()
    stroke(scissors(), bench, at(10, 10))
    assert np.array_equal(values(bench), before)
    with pytest.raises(GraticuleError, match="Nothing would change"):
        stroke(scissors(shape=BOX), bench, at(50, 50), at(60, 58))


def test_the_shared_act_cuts_several_segments_of_several_groups_in_one_change_each() -> None:
    bench = full()
    labels = bench.workspace.labels
    other = segment("Organ", 1, group="2")
    bench.workspace.set("Add", other)
    given(bench, 1, np.s_[3, :, :], group="2")
    box = (slice(3, 4), slice(0, 60), slice(0, 64))
    patch = Patch(box, np.ones((1, 60, 64), dtype=bool))
    segments = [one for one in labels.of(type(other)) if one.id in (TUMOUR, LIVER, "Organ")]
    changes = cut(labels, segments, patch, ERASE)
    assert sorted(change.group for change in changes) == ["1", "2"]
    bench.workspace.do("Cut", *changes)
    assert set(np.unique(values(bench)[3])) == {0, 3} and not values(bench, "2").any()
    with pytest.raises(GraticuleError, match="No segment"):
        cut(labels, [], patch, ERASE)


def test_the_shape_is_free_by_default() -> None:
    assert ScissorsOptions().shape == FREE
