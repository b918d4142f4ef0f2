"""Sure lies inside possible after whatever acts in whatever order, and undo leads back to nothing."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.segment_room import Room, made
from graticule.domain.edits import ElementChange, voxel_change
from graticule.domain.elements import Segment, element_from_json, element_to_json
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import AUTHOR_HAND, MOST_VOXELS, Labels
from graticule.editing.operations.margin import SHRINK, Margin
from graticule.editing.operations.merge import Merge
from graticule.editing.operations.possible import Possible
from graticule.editing.operations.smooth import Smooth
from graticule.records import payload
from graticule.records.payload import decode_labels, encode_labels
from segmentation_grids import ball

GRID = Grid((6, 8, 9), np.diag([1.0, 1.0, 2.0, 1.0]))
TARGETS = st.sampled_from(["sure", "possible", "other"])
ACTS = st.lists(st.tuples(TARGETS, st.booleans(), st.integers(0, 400), st.integers(1, 40), st.booleans()), max_size=25)


def pair_room() -> Room:
    """A room whose segments share a group with a neighbour, one of them with a possible boundary."""
    room = Room(GRID, ("sure", np.zeros(GRID.shape, bool)), ("other", np.zeros(GRID.shape, bool)))
    sure = room.labels.get(Segment, "sure")
    outer = replace(sure, id="possible", group="2", value=1, name="possible", possible_of="sure")
    room.workspace.do("Add possible", ElementChange.make(outer))
    return room


def nested(room: Room) -> bool:
    return not (room.mask("sure") & ~room.mask("possible")).any()


@settings(max_examples=60, deadline=None)
@given(ACTS)
def test_nesting_holds_under_random_edits_and_undo_leads_to_the_empty_mask(acts) -> None:
    room = pair_room()
    start = room.labels.copy()
    done = 0
    for name, erase, first, howmany, staged in acts:
        segment = room.labels.get(Segment, name)
        group = room.labels.group(segment.group)
        index = np.arange(first, min(first + howmany, group.values.size))
        if erase:
            index = index[group.values.reshape(-1)[index] == segment.value]
        change = voxel_change(segment.group, group, index, 0 if erase else segment.value, 0 if erase else AUTHOR_HAND)
        if change is None:
            continue
        room.workspace.stage(change)
        assert nested(room), "while the hand moves"
        if staged:
            room.workspace.cancel()
        else:
            done += room.workspace.commit("Paint") is not None
        assert nested(room)
        assert all(np.array_equal(g.counts, np.bincount(g.values.ravel(), minlength=256)) for g in room.labels.groups.values())
    for _ in range(done):
        room.workspace.undo()
        assert nested(room)
    assert room.labels == start
    for _ in range(done):
        room.workspace.redo()
        assert nested(room)


def test_painting_sure_adds_to_possible_and_erasing_possible_erases_sure_in_one_act() -> None:
    room = pair_room()
    mask = ball(GRID, GRID.centre_mm, 2.0)
    sure = room.labels.get(Segment, "sure")
    room.workspace.do("Paint", voxel_change("1", room.labels.group("1"), np.flatnonzero(mask), sure.value, AUTHOR_HAND))
    assert np.array_equal(room.mask("possible"), mask)
    half = np.flatnonzero(mask)[: mask.sum() // 2]
    room.workspace.do("Erase", voxel_change("2", room.labels.group("2"), half, 0, 0))
    assert room.mask("sure").sum() == mask.sum() - half.size and nested(room)
    room.workspace.undo()
    assert np.array_equal(room.mask("sure"), mask) and np.array_equal(room.mask("possible"), mask)


def test_operations_on_either_boundary_keep_them_nested() -> None:
    room = Room(GRID, ("sure", ball(GRID, GRID.centre_mm, 2.2)))
    room.do(made(Possible(), doubt_mm=1.0))
    outer = room.labels.possible_of(room.labels.get(Segment, "sure"))
    for operation, name in ((made(Margin(), margin_mm=3.0), "sure"), (made(Margin(), way=SHRINK, margin_mm=2.0), outer.id),
                            (made(Smooth(), size_mm=1.5), outer.id)):
        proposal = room.plan(operation, name)
        if proposal.parts:
            room.do(operation, name)
        assert not (room.mask("sure") & ~room.mask(outer.id)).any()


def test_a_locked_boundary_is_not_changed_by_the_other_and_nothing_is_half_done() -> None:
    room = pair_room()
    outer = room.labels.get(Segment, "possible")
    room.workspace.set("Lock", replace(outer, locked=True))
    before = room.labels.copy()
    with pytest.raises(GraticuleError, match="locked"):
        room.workspace.stage(voxel_change("1", room.labels.group("1"), np.arange(5), 1, AUTHOR_HAND))
    assert room.labels == before and not room.workspace.staging


def test_the_possible_boundary_goes_with_its_segment_and_comes_back_with_it() -> None:
    room = Room(GRID, ("sure", ball(GRID, GRID.centre_mm, 2.0)), ("big", ball(GRID, np.zeros(3), 1.5)))
    room.do(made(Possible(), doubt_mm=1.0), "sure")
    before = room.labels.copy()
    room.do(made(Merge(), other="sure"), "big")
    assert [s.id for s in room.labels.of(Segment)] == ["big"] and int(room.labels.group("2").counts[1:].sum()) == 0
    room.workspace.undo()
    assert room.labels == before


def test_old_payloads_keep_their_bytes_and_new_ones_survive() -> None:
    room = Room(GRID, ("sure", ball(GRID, GRID.centre_mm, 2.0)))
    sure = room.labels.get(Segment, "sure")
    assert "possible_of" not in element_to_json(sure)
    room.do(made(Possible(), doubt_mm=1.0))
    packed = encode_labels(room.labels, GRID)
    assert decode_labels(packed.payload, packed.blobs.__getitem__) == room.labels
    outer = room.labels.possible_of(sure)
    assert element_from_json("segment", element_to_json(outer)) == outer
    assert MOST_VOXELS == payload.LARGEST_LABELS
    assert Labels(GRID.shape).own_group() == "1" and room.labels.own_group() == "3"
