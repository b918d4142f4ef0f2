"""Fill between slices as a reader uses it: suggested on the slice shown, taken one by one or as a whole, on any native axis."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.images import ontology
from fakes.journal import FakeJournal
from graticule.domain.codes import Code
from graticule.domain.edits import voxel_change
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import AUTHOR_HAND, AUTHOR_INTERPOLATED, Labels
from graticule.domain.volume import Volume
from graticule.editing.events import Bus
from graticule.editing.suggesting import Place, place_of
from graticule.editing.tools.fill_between import ALL, EVERY, SURFACE, FillBetweenTool, FillOptions
from graticule.editing.tools.tool import Bench, Plane, Pointer
from graticule.editing.workspace import Workspace
from graticule.imaging.between import fill_between
from graticule.imaging.orientation import ANATOMICAL
from graticule.imaging.patch import Patch, whole
from graticule.presenters.hand import Hand
from graticule.quality.masks import dice

SHAPE = (36, 44, 48)
TILTED = np.array([[0.9, 0, 0, -20], [0, 0.9, -0.3, -18], [0, 0.1, 1.2, -30], [0, 0, 0, 1]])


def ball(radius: float = 14.0, at: tuple[float, float, float] = (18, 22, 24)) -> Array:
    k, j, i = np.indices(SHAPE)
    return ((k - at[0]) ** 2 + (j - at[1]) ** 2 + (i - at[2]) ** 2) < radius**2


class Room:
    def __init__(self, grid: Grid | None = None) -> None:
        grid = grid or Grid(SHAPE, np.eye(4))
        self.labels = Labels(SHAPE)
        self.workspace = Workspace("c1", self.labels, FakeJournal(), Bus())
        for value, name in ((1, "tumour"), (2, "oedema")):
            self.workspace.set(f"Add {name}", Segment(
                id=name, group="1", value=value, colour="#e69f00", name=name, type=Code("graticule", "liver", "1"),
                category=Code("graticule", "anatomical_structure", "1")))
        volume = Volume(np.zeros(SHAPE, np.int16), grid, "MR")
        self.bench = Bench(self.workspace, volume, ontology(), str, active_segment="tumour")
        self.told: list[GraticuleError] = []
        self.tool = FillBetweenTool()
        self.hand = Hand([self.tool], self.bench, self.told.append)

    def paint(self, mask: Array, value: int = 1) -> None:
        index = np.flatnonzero(mask.reshape(-1)).astype(np.int64)
        self.workspace.do("Paint", voxel_change("1", self.labels.group("1"), index, value, AUTHOR_HAND))
        self.tool.labels_are_others()

    def drawn(self, mask: Array, every: int, axis: int = 0, value: int = 1) -> "Room":
        kept = np.zeros_like(np.moveaxis(mask, axis, 0))
        slices = np.flatnonzero(np.moveaxis(mask, axis, 0).any(axis=(1, 2)))
        for n in {*slices[::every], slices[-1]}:
            kept[n] = np.moveaxis(mask, axis, 0)[n]
        self.paint(np.moveaxis(kept, 0, axis), value)
        return self

    @property
    def values(self) -> Array:
        return self.labels.group("1").values

    @property
    def authors(self) -> Array:
        return self.labels.group("1").authors

    def hover(self, k: int) -> None:
        axes = ANATOMICAL["axial"]
        at = self.bench.canvas.grid.to_patient(np.array([24.0, 22, k]))
        self.hand.hover(None, Pointer(tuple(at), Plane("axial", axes.right, axes.down, np.array([0, 0, 1.0]), 1.0)))


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_the_axis_is_found_and_the_filled_ball_is_the_ball(axis) -> None:
    room = Room().drawn(ball(), 4, axis)
    before = room.values.copy()
    room.hand.act(ALL)
    assert dice(room.values == 1, ball()) > 0.97
    assert room.workspace.undo_title == "Fill between slices of tumour"
    assert (room.authors[before == 1] == AUTHOR_HAND).all()
    assert (room.authors[(room.values == 1) & (before == 0)] == AUTHOR_INTERPOLATED).all()


def test_enter_takes_the_slice_under_the_hand_and_only_that() -> None:
    room = Room().drawn(ball(), 4)
    empty = [k for k in range(SHAPE[0]) if ball()[k].any() and not room.values[k].any()]
    room.hover(empty[3])
    room.hand.finish()
    assert dice(room.values[empty[3]][None] == 1, ball()[empty[3]][None]) > 0.95
    assert not any(room.values[k].any() for k in empty if k != empty[3])
    room.workspace.undo()
    assert not room.values[empty[3]].any()


def test_what_was_suggested_slice_by_slice_is_what_is_filled_as_a_whole() -> None:
    room = Room().drawn(ball(), 5)
    seen = np.zeros(SHAPE, dtype=bool)
    for k in range(SHAPE[0]):
        for part in room.tool.suggested(room.bench, Place(0, k)):
            seen[part.patch.box] |= part.patch.mask
    before = room.values == 1
    whole_fill = fill_between(Patch(whole(SHAPE), before), room.bench.canvas.grid).on(whole(SHAPE))
    room.hand.act(ALL)
    assert np.array_equal((room.values == 1) & ~before, seen) and np.array_equal(seen, whole_fill)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 35), st.integers(3, 15), st.booleans()), min_size=3, max_size=8))
def test_a_suggestion_after_any_acts_is_that_of_a_tool_that_never_saw_them(acts) -> None:
    room = Room()
    for k, radius, take_back in acts:
        cut = np.zeros(SHAPE, dtype=bool)
        cut[k] = ball(radius)[18]
        if (cut & (room.values == 0)).any():
            room.paint(cut)
        room.tool.suggested(room.bench, Place(0, 17))
        if take_back:
            room.workspace.undo()
            room.tool.labels_are_others()
    fresh = FillBetweenTool()
    for k in range(SHAPE[0]):
        mine, theirs = (tool.suggested(room.bench, Place(0, k)) for tool in (room.tool, fresh))
        assert [part.patch.box for part in mine] == [part.patch.box for part in theirs]
        assert all(np.array_equal(a.patch.mask, b.patch.mask) for a, b in zip(mine, theirs, strict=True))


def test_several_segments_fill_at_once_and_never_claim_one_voxel() -> None:
    one, two = ball(12, (18, 16, 16)), ball(12, (18, 26, 30))
    room = Room().drawn(one, 4).drawn(two & ~one, 4, value=2)
    room.tool.options = FillOptions(which=EVERY)
    for k in range(SHAPE[0]):
        parts = room.tool.suggested(room.bench, Place(0, k))
        claimed = np.zeros(SHAPE, dtype=np.uint8)
        for part in parts:
            claimed[part.patch.box] += part.patch.mask
        assert claimed.max(initial=0) <= 1
    room.hand.act(ALL)
    assert dice(room.values == 1, one) > 0.95 and dice(room.values == 2, two & ~one) > 0.93


def test_other_segments_are_protected() -> None:
    room = Room()
    wall = np.zeros(SHAPE, dtype=bool)
    wall[:, :, 24:26] = True
    room.paint(wall, 2)
    room.drawn(ball() & ~wall, 4)
    room.hand.act(ALL)
    assert (room.values[wall] == 2).all()


def test_without_a_gap_the_reader_is_told() -> None:
    room = Room()
    with pytest.raises(GraticuleError, match="Nothing is drawn"):
        room.tool.fill_all(room.bench, seen=True)
    room.hover(3)
    room.hand.finish()
    assert "Nothing is suggested" in room.told[-1].message
    room.drawn(ball(), 1)
    with pytest.raises(GraticuleError, match="no empty slice"):
        room.tool.fill_all(room.bench, seen=True)


def test_unseen_gaps_are_proposed_before_they_are_filled() -> None:
    room = Room().drawn(ball(), 4)
    before = room.values.copy()
    room.tool.fill_all(room.bench, seen=False)
    assert room.bench.proposals.now is not None and np.array_equal(room.values, before)
    room.hand.finish()
    assert dice(room.values == 1, ball()) > 0.97


@pytest.mark.parametrize("affine", [np.eye(4), TILTED])
def test_a_slice_of_the_grid_is_known_by_its_plane_and_an_askew_plane_is_none(affine) -> None:
    grid = Grid(SHAPE, affine)
    across = np.linalg.inv(affine[:3, :3])
    for axis in range(3):
        normal = across[2 - axis] / np.linalg.norm(across[2 - axis])
        at = grid.to_patient(np.array([5.2, 7.1, 9.3]))
        assert place_of(grid, at, normal) == Place(axis, (9, 7, 5)[axis])
        assert place_of(grid, at, -normal) == Place(axis, (9, 7, 5)[axis])
    askew = np.array([1.0, 1, 1]) / np.sqrt(3)
    assert place_of(grid, grid.to_patient(np.zeros(3)), askew) is None
    assert place_of(grid, grid.to_patient(np.array([0, 0, 90.0])), across[2] / np.linalg.norm(across[2])) is None


def test_a_surface_goes_through_three_planes_across_each_other() -> None:
    room, truth = Room(), ball(13)
    drawn = np.zeros(SHAPE, dtype=bool)
    drawn[18], drawn[:, 22], drawn[:, :, 24] = truth[18], truth[:, 22], truth[:, :, 24]
    room.paint(drawn)
    room.hand.act(SURFACE)
    assert room.bench.proposals.now is not None and room.bench.proposals.now.title == "Surface of tumour"
    room.hand.finish()
    assert dice(room.values == 1, truth) > 0.95 and (room.authors[drawn] == AUTHOR_HAND).all()
