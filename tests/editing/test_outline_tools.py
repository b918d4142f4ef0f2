"""Outlines drawn by hand against other libraries' polygons, and what closing, subtracting and taking back do."""

import numpy as np
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st
from scipy.ndimage import binary_fill_holes, gaussian_filter
from scipy.ndimage import label as components

from editing_bench import CORONAL, GRID, at, authors, bench_with, click, given, segment, star, stroke, values, wound_round
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import AUTHOR_GROWN, AUTHOR_HAND
from graticule.editing.paint_rules import PaintRules
from graticule.editing.tools.contour import ContourTool
from graticule.editing.tools.fill_freehand import FillFreehandTool
from graticule.editing.tools.fill_polygon import FillPolygonTool
from graticule.editing.tools.level_trace import DARK, LevelTraceOptions, LevelTraceTool
from graticule.editing.tools.livewire import LivewireTool
from graticule.editing.tools.outlining import OutlineOptions
from graticule.imaging.splines import ClosedSpline
from graticule.imaging.threshold import Range

TUMOUR, LIVER = "Tumour", "Liver"


def drawn(tool, bench, corners, **more) -> None:
    places = [at(*corner, **more) for corner in corners]
    if isinstance(tool, FillFreehandTool):
        stroke(tool, bench, *places)
    else:
        click(tool, bench, *places)
        tool.finish(bench)


@pytest.mark.parametrize("sort", [FillPolygonTool, FillFreehandTool])
@settings(max_examples=25)
@hypothesis_given(seed=st.integers(0, 10**6), count=st.integers(5, 25))
def test_a_drawn_outline_holds_the_pixels_that_it_winds_round(sort, seed, count) -> None:
    corners = star(seed, count, 22, (31.3, 29.7))
    apart = np.linalg.norm(np.diff(corners, axis=0, append=corners[:1]), axis=1)
    if apart.min() < 2.1:  # so near that a second click would close it, or a hand would not have moved
        return
    bench = bench_with(segment(TUMOUR, 1))
    drawn(sort(), bench, corners)
    expected = wound_round(GRID.shape[1:], corners)
    assert np.array_equal(values(bench)[3] == 1, expected) and not values(bench)[[2, 4]].any()
    assert (authors(bench)[values(bench) == 1] == AUTHOR_HAND).all()
    assert bench.workspace.undo_title == "Fill Tumour" and bench.workspace.undo() and not values(bench).any()


def test_a_polygon_closes_by_a_double_click_by_its_first_corner_and_by_enter() -> None:
    square = [(10.5, 10.5), (30.5, 10.5), (30.5, 30.5), (10.5, 30.5)]
    masks = []
    for close in ("enter", "first", "double"):
        bench, tool = bench_with(segment(TUMOUR, 1)), FillPolygonTool()
        click(tool, bench, *(at(*corner) for corner in square))
        if close == "enter":
            tool.finish(bench)
        else:
            click(tool, bench, at(*square[0 if close == "first" else -1]))
        masks.append(values(bench)[3].copy())
        assert not tool._placed
    assert all(np.array_equal(mask, masks[0]) for mask in masks) and masks[0].sum() == 400


def test_backspace_removes_the_last_corner_and_escape_all_of_them() -> None:
    bench, tool = bench_with(segment(TUMOUR, 1)), FillPolygonTool()
    click(tool, bench, *(at(*corner) for corner in [(10.5, 10.5), (30.5, 10.5), (30.5, 30.5), (60.5, 58.5)]))
    tool.take_back(bench)
    click(tool, bench, at(10.5, 30.5))
    tool.finish(bench)
    assert (values(bench) == 1).sum() == 400
    click(tool, bench, at(40, 40), at(50, 40), at(50, 50))
    tool.cancel(bench)
    tool.finish(bench)
    assert (values(bench) == 1).sum() == 400


@pytest.mark.parametrize("sort", [FillPolygonTool, FillFreehandTool, LivewireTool])
def test_ctrl_or_the_option_takes_away_what_the_outline_holds(sort) -> None:
    square = [(10.5, 10.5), (30.5, 10.5), (30.5, 30.5), (10.5, 30.5), (10.5, 12.9)]
    bench = bench_with(segment(TUMOUR, 1))
    given(bench, 1, np.s_[3, 5:50, 5:50])
    tool = sort()
    tool.hover(bench, at(*square[0], control=True))
    assert tool.preview()[-1].label == "Erase Tumour"
    drawn(tool, bench, square, control=True)
    hole = (values(bench)[3, 5:50, 5:50] == 0).sum()
    assert hole > 350 and bench.workspace.undo_title == "Erase Tumour"
    bench.workspace.undo()
    tool.options = type(tool.options)(subtract=True)
    drawn(tool, bench, square)
    assert (values(bench)[3, 5:50, 5:50] == 0).sum() == hole


def test_an_outline_obeys_rules_and_says_when_nothing_would_change() -> None:
    ramp = np.broadcast_to(np.arange(64, dtype=np.int16) * 10, GRID.shape).copy()
    bench = bench_with(segment(TUMOUR, 1), segment(LIVER, 2), voxels=ramp)
    given(bench, 2, np.s_[3, 20:25, :])
    bench.paint = PaintRules(range=Range(150, 200))
    square = [(10.5, 10.5), (30.5, 10.5), (30.5, 30.5), (10.5, 30.5)]
    drawn(FillPolygonTool(), bench, square)
    assert set(np.argwhere(values(bench) == 1)[:, 2]) == set(range(15, 21)) and (values(bench) == 2).sum() == 5 * 64
    with pytest.raises(GraticuleError, match="Nothing would change"):
        drawn(FillPolygonTool(), bench, square)


# --- contour ------------------------------------------------------------------------------------------------------------

ANCHORS = [(12.3, 12.1), (40.2, 10.4), (48.7, 33.3), (25.1, 48.9), (9.4, 30.2)]


def spline_mask(anchors) -> np.ndarray:
    return wound_round(GRID.shape[1:], ClosedSpline(np.array(anchors)).polygon(0.5))


def proposed(bench) -> np.ndarray:
    part, = bench.proposals.now.parts
    return part.patch.on(tuple(slice(0, n) for n in GRID.shape))[3]


def test_a_contour_is_a_proposal_that_follows_its_anchors_until_it_is_taken() -> None:
    bench, tool = bench_with(segment(TUMOUR, 1)), ContourTool()
    click(tool, bench, *(at(*anchor) for anchor in ANCHORS))
    assert bench.proposals.now is None
    click(tool, bench, at(*ANCHORS[-1]))
    assert np.array_equal(proposed(bench), spline_mask(ANCHORS)) and not values(bench).any()
    stroke(tool, bench, at(*ANCHORS[1]), at(42, 8), at(50.3, 6.6))
    moved = [ANCHORS[0], (50.3, 6.6), *ANCHORS[2:]]
    assert np.array_equal(proposed(bench), spline_mask(moved))
    on_line = ClosedSpline(np.array(moved)).polygon(0.5)
    middle = on_line[len(on_line) // 2]
    stroke(tool, bench, at(*middle), at(middle[0] + 6, middle[1]))
    assert len(tool.preview()[1].points) == len(ANCHORS) + 1
    shown = proposed(bench)
    bench.proposals.accept()
    assert np.array_equal(values(bench)[3] == 1, shown) and bench.workspace.undo_title == "Fill Tumour"
    assert (authors(bench)[values(bench) == 1] == AUTHOR_HAND).all()
    tool.hover(bench, at(5, 5))
    assert len(tool.preview()) == 1, "the contour is done"


def test_a_contour_dropped_or_taken_back_leaves_nothing_behind() -> None:
    bench, tool = bench_with(segment(TUMOUR, 1)), ContourTool()
    click(tool, bench, *(at(*anchor) for anchor in ANCHORS))
    tool.finish(bench)
    tool.take_back(bench)
    assert np.array_equal(proposed(bench), spline_mask(ANCHORS[:-1]))
    bench.proposals.drop()
    assert not tool.closed and not tool._placed and not values(bench).any()


def test_pressing_on_the_next_slice_takes_the_contour_of_the_one_before() -> None:
    bench, tool = bench_with(segment(TUMOUR, 1)), ContourTool()
    click(tool, bench, *(at(*anchor) for anchor in ANCHORS))
    tool.finish(bench)
    click(tool, bench, at(20, 20, 20.0))
    assert np.array_equal(values(bench)[3] == 1, spline_mask(ANCHORS)) and len(tool._placed) == 1


def test_a_contour_with_ctrl_takes_away() -> None:
    bench, tool = bench_with(segment(TUMOUR, 1)), ContourTool()
    given(bench, 1, np.s_[3, 5:50, 5:50])
    click(tool, bench, *(at(*anchor, control=True) for anchor in ANCHORS))
    tool.finish(bench)
    bench.proposals.accept()
    assert np.array_equal(values(bench)[3, 5:50, 5:50] == 0, spline_mask(ANCHORS)[5:50, 5:50])


# --- following edges ----------------------------------------------------------------------------------------------------

def disc_bench(plane_of: str = "axial"):
    rows, columns = np.mgrid[:60, :64]
    disc = (rows - 30.0) ** 2 + (columns - 32.0) ** 2 < 18**2
    picture = gaussian_filter(np.where(disc, 300.0, 80.0) + np.random.default_rng(0).normal(0, 10, disc.shape), 0.7)
    return bench_with(segment(TUMOUR, 1), voxels=np.broadcast_to(picture, GRID.shape).astype(np.int16).copy()), disc


def dice(one, other) -> float:
    return float(2 * (one & other).sum() / (one.sum() + other.sum()))


def test_a_livewire_with_four_sloppy_anchors_finds_the_disc() -> None:
    bench, disc = disc_bench()
    tool = LivewireTool()
    drawn(tool, bench, [(32.8, 12.9), (49.1, 30.5), (32.3, 47.2), (14.9, 29.6)])
    straight = wound_round(disc.shape, np.array([(32.8, 12.9), (49.1, 30.5), (32.3, 47.2), (14.9, 29.6)]))
    found = values(bench)[3] == 1
    assert dice(found, disc) > 0.96 > 0.85 > dice(straight, disc)


def test_livewire_anchors_are_taken_back_one_by_one() -> None:
    bench, _ = disc_bench()
    tool = LivewireTool()
    click(tool, bench, at(32.8, 12.9), at(49.1, 30.5))
    before = tool.way(at(40, 40))[0].points
    click(tool, bench, at(60.1, 55.5))
    tool.take_back(bench)
    assert tool.way(at(40, 40))[0].points == before


@settings(max_examples=20)
@hypothesis_given(st.integers(0, 10**6), st.sampled_from(["bright", "dark"]))
def test_level_tracing_fills_the_component_and_its_holes(seed, side) -> None:
    random = np.random.default_rng(seed)
    picture = (gaussian_filter(random.normal(0, 1, (60, 64)), 4) * 1000).astype(np.int16)
    bench = bench_with(segment(TUMOUR, 1), voxels=np.broadcast_to(picture, GRID.shape).copy())
    row, column = int(random.integers(5, 55)), int(random.integers(5, 59))
    tool = LevelTraceTool()
    tool.options = LevelTraceOptions(side=side)
    click(tool, bench, at(column, row))
    level = picture[row, column]
    field = (picture >= level) if side != DARK else (picture <= level)
    parts, _ = components(field)
    expected = binary_fill_holes(parts == parts[row, column])
    found = values(bench)[3] == 1
    # Two parts that only touch by a corner have two outlines; the longer one is filled.
    assert np.array_equal(found, expected)
    assert (authors(bench)[values(bench) == 1] == AUTHOR_GROWN).all()


def test_on_a_coronal_plane_a_polygon_is_one_native_layer_and_level_tracing_follows_the_resampled_slices() -> None:
    bench = bench_with(segment(TUMOUR, 1))
    drawn(FillPolygonTool(), bench, [(10.5, 20.0, 2.0), (40.5, 20.0, 2.0), (40.5, 20.0, 28.0), (10.5, 20.0, 28.0)], plane=CORONAL)
    assert np.flatnonzero(values(bench).any(axis=(0, 2))).tolist() == [20]
    assert {int(k) for k in np.argwhere(values(bench))[:, 0]} == {1, 2, 3, 4, 5}
    block = np.zeros(GRID.shape, np.int16)
    block[2:6, :, 20:40] = 500
    other = bench_with(segment(TUMOUR, 1), voxels=block)
    click(LevelTraceTool(), other, at(30, 20, 20.0, plane=CORONAL))
    assert np.array_equal(values(other)[:, 20] == 1, block[:, 20] == 500)


def test_an_outline_begun_on_one_slice_does_not_go_on_upon_another() -> None:
    bench, tool = bench_with(segment(TUMOUR, 1)), FillPolygonTool()
    click(tool, bench, at(10, 10), at(30, 10), at(30, 30))
    click(tool, bench, at(10, 10, 20.0))
    assert len(tool._placed) == 1
    tool.finish(bench)
    assert not values(bench).any()


def test_nothing_is_drawn_without_a_segment_or_into_a_locked_one() -> None:
    bench = bench_with(segment(TUMOUR, 1, locked=True))
    for sort in (FillPolygonTool, FillFreehandTool, ContourTool, LivewireTool, LevelTraceTool):
        with pytest.raises(GraticuleError, match="locked"):
            sort().press(bench, at(10, 10))


def test_options_say_that_subtracting_is_possible() -> None:
    assert OutlineOptions().subtract is False


def test_an_oblique_livewire_and_trace_work_on_thick_slices() -> None:
    grid = Grid((20, 40, 40), np.diag([1.0, 1.0, 3.0, 1.0]))
    k, j, i = np.indices(grid.shape)
    ball = ((k - 10) * 3.0) ** 2 + (j - 20.0) ** 2 + (i - 20.0) ** 2 < 14**2
    voxels = gaussian_filter(np.where(ball, 400.0, 50.0), (0.3, 0.8, 0.8)).astype(np.int16)
    from graticule.editing.tools.tool import Plane, Pointer

    right, down = np.array([1.0, 0, 0]), np.array([0, np.cos(0.5), np.sin(0.5)])
    plane = Plane("oblique", right, down, np.cross(right, down), 0.5)
    centre = grid.to_patient(np.array([20.0, 20.0, 10.0]))

    def place(x, y):
        return Pointer(tuple(float(v) for v in centre + x * right + y * down), plane=plane, reach=(1.0, 1.0))

    for tool in (LivewireTool(), LevelTraceTool()):
        bench = bench_with(segment(TUMOUR, 1), voxels=voxels, grid=grid)
        if isinstance(tool, LivewireTool):
            click(tool, bench, place(13, 0), place(0, 13), place(-13, 0), place(0, -13))
            tool.finish(bench)
        else:
            click(tool, bench, place(12.6, 0))
        samples = np.stack(np.meshgrid(np.arange(-19, 19, 0.25), np.arange(-16, 16, 0.25)), axis=-1).reshape(-1, 2)
        met = np.floor(grid.to_index(centre + samples[:, :1] * right + samples[:, 1:] * down) + 0.5).astype(int)
        seen = values(bench)[met[:, 2], met[:, 1], met[:, 0]] == 1
        truth = (samples**2).sum(axis=1) < 14**2
        assert dice(seen, truth) > 0.93
