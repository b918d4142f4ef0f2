"""Tools that cut and smooth: what a click, a line and a stroke do, on the same stacks as the operations."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import ndimage

from fakes.segment_room import Room
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import AUTHOR_GROWN, AUTHOR_HAND
from graticule.editing.tools.divide import DivideTool
from graticule.editing.tools.islands import KEEP, OWN, REMOVE, IslandsTool
from graticule.editing.tools.smooth_brush import ALONE, TOGETHER, SmoothBrushTool
from graticule.editing.tools.strokes import SPHERE
from graticule.editing.tools.tool import Plane, Pointer
from segmentation_grids import GRIDS, ball, centres

AXIAL = Plane("axial", np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([0, 0, 1.0]), 0.5)
FULL = np.ones((3, 3, 3), bool)


def at(point, **more) -> Pointer:
    return Pointer(tuple(float(v) for v in point), AXIAL, reach=(1.0, 1.0), **more)


def three_balls() -> tuple[Room, list[np.ndarray], list[np.ndarray]]:
    grid = Grid((12, 30, 40), np.diag([1.0, 1.0, 2.0, 1.0]))
    middles = [np.array([8.0, 8, 8]), np.array([30.0, 8, 14]), np.array([20.0, 23, 12])]
    balls = [ball(grid, middle, radius) for middle, radius in zip(middles, (4.0, 3.0, 5.0), strict=True)]
    return Room(grid, ("a", balls[0] | balls[1] | balls[2])), balls, middles


@pytest.mark.parametrize("what", [REMOVE, KEEP])
def test_clicked_parts_go_or_stay_and_a_second_click_leaves_one_out(what) -> None:
    room, balls, middles = three_balls()
    tool, before = IslandsTool(), room.labels.copy()
    tool.options = replace(tool.options, what=what)
    for number in (0, 1, 2, 1):
        tool.press(room.bench, at(middles[number]))
    assert room.labels == before and "2 of 3 parts" in room.bench.proposals.now.note
    assert room.bench.proposals.accept()
    assert np.array_equal(room.mask("a"), balls[1] if what == REMOVE else balls[0] | balls[2])
    assert room.undone(before)


def test_a_clicked_part_becomes_a_segment_of_its_own() -> None:
    room, balls, middles = three_balls()
    tool = IslandsTool()
    tool.options = replace(tool.options, what=OWN)
    tool.press(room.bench, at(middles[2]))
    room.bench.proposals.accept()
    assert np.array_equal(room.mask("new-1"), balls[2]) and np.array_equal(room.mask("a"), balls[0] | balls[1])
    with pytest.raises(GraticuleError, match="not part"):
        tool.press(room.bench, at(middles[2]))


def test_a_line_divides_along_the_line_of_sight_and_a_click_at_the_plane() -> None:
    grid = GRIDS["tilted and uneven"]
    mask = ball(grid, grid.centre_mm, 6.0)
    for end in (np.array([6.0, 3.0, 0.0]), np.zeros(3)):
        room, tool = Room(grid, ("a", mask)), DivideTool()
        before, start = room.labels.copy(), np.add(grid.centre_mm, (0.3, -0.4, 0.2))
        tool.press(room.bench, at(start))
        tool.drag(room.bench, at(start + end))
        tool.release(room.bench, at(start + end))
        room.bench.proposals.accept()
        normal = np.array([3.0, -6.0, 0.0]) if end.any() else AXIAL.normal
        beyond = mask & ((centres(grid) - start) @ normal > 0)
        small, large = sorted((beyond, mask & ~beyond), key=np.count_nonzero)
        assert np.array_equal(room.mask("a"), large) and np.array_equal(room.mask("new-1"), small) and room.undone(before)


@pytest.mark.parametrize("how", [ALONE, TOGETHER])
def test_the_smoothing_brush_changes_only_what_it_covers_once_a_stroke(how) -> None:
    grid = Grid((14, 40, 40), np.diag([1.0, 1.0, 1.5, 1.0]))
    rough = ball(grid, grid.centre_mm, 12.0) ^ (np.random.default_rng(0).random(grid.shape) < 0.05)
    room, tool = Room(grid, ("a", rough)), SmoothBrushTool()
    tool.options = replace(tool.options, how=how, radius_mm=6.0, shape=SPHERE, size_mm=1.5)
    before, middle = room.labels.copy(), np.add(grid.centre_mm, (8.0, 0, 0))
    tool.press(room.bench, at(middle))
    tool.drag(room.bench, at(np.add(middle, (3.0, 0, 0))))
    tool.release(room.bench, at(middle))
    once = room.mask("a")
    covered = np.linalg.norm(centres(grid) - middle, axis=-1) <= 9.1
    assert not (once ^ rough)[~covered].any() and (once ^ rough)[covered].any()
    assert ndimage.label(once & covered, FULL)[1] < ndimage.label(rough & covered, FULL)[1] or once.sum() != rough.sum()
    changed = room.labels.group("1").authors[once & ~rough]
    assert set(changed.tolist()) <= {AUTHOR_GROWN} and room.workspace.undo_title == "Smooth a"
    assert room.undone(before)
    # Back and forth over the same place is the same stroke.
    tool.press(room.bench, at(middle))
    for _ in range(3):
        tool.drag(room.bench, at(np.add(middle, (3.0, 0, 0))))
        tool.drag(room.bench, at(middle))
    tool.release(room.bench, at(middle))
    assert np.array_equal(room.mask("a"), once)


def test_neighbours_under_the_smoothing_brush_keep_touching() -> None:
    grid = Grid((14, 40, 40), np.diag([1.0, 1.0, 1.5, 1.0]))
    whole = ball(grid, grid.centre_mm, 14.0)
    _, j, i = np.indices(grid.shape)
    left = whole & (i + 3 * (j % 4 < 2) < 20)
    room, tool = Room(grid, ("a", left), ("b", whole & ~left)), SmoothBrushTool()
    tool.options = replace(tool.options, radius_mm=6.0, shape=SPHERE, size_mm=2.0)
    tool.press(room.bench, at(grid.centre_mm))
    tool.release(room.bench, at(grid.centre_mm))
    inside = ball(grid, grid.centre_mm, 6.0)
    assert (room.mask("a") | room.mask("b"))[inside].all() and not np.array_equal(room.mask("a"), left)
    assert not (room.mask("a") & room.mask("b")).any()
    room.workspace.undo()
    room.workspace.set("Lock", replace(room.labels.get(Segment, "b"), locked=True))
    tool.press(room.bench, at(grid.centre_mm))
    tool.release(room.bench, at(grid.centre_mm))
    assert np.array_equal(room.mask("b"), whole & ~left)
    assert set(room.authors("b").tolist()) == {AUTHOR_HAND}
