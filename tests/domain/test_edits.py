"""An edit is applied, undone and merged; nothing is ever half applied."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.edits import Edit, ElementChange, VoxelChange, apply, apply_changes, merge, voxel_change
from graticule.domain.elements import Beat
from graticule.domain.errors import EditMismatch, GraticuleError
from graticule.domain.labels import Labels
from label_strategies import SHAPE, VOXELS, beats, edits_for, labels


@given(st.data(), labels())
def test_undoing_an_edit_gives_the_labels_back(data, before):
    edit = data.draw(edits_for(before))
    after = before.copy()
    apply(after, edit)
    undone = after.copy()
    apply(undone, edit.inverse())
    assert undone == before
    apply(undone, edit)
    assert undone == after


@given(st.data())
def test_any_walk_of_undo_and_redo_passes_the_same_states(data):
    state, states, edits = Labels(SHAPE), [], []
    for _ in range(data.draw(st.integers(1, 5))):
        states.append(state.copy())
        edits.append(data.draw(edits_for(state)))
        apply(state, edits[-1])
    states.append(state.copy())
    at = len(edits)
    for step in data.draw(st.lists(st.booleans(), max_size=20)):
        if step and at > 0:
            at -= 1
            apply(state, edits[at].inverse())
        elif not step and at < len(edits):
            apply(state, edits[at])
            at += 1
        assert state == states[at]


@given(st.data(), labels())
def test_the_inverse_of_the_inverse_is_the_edit(data, before):
    edit = data.draw(edits_for(before))
    assert edit.inverse().inverse() == edit


@given(st.data(), labels())
def test_counts_and_box_stay_true(data, state):
    apply(state, data.draw(edits_for(state)))
    for group in state.groups.values():
        assert np.array_equal(group.counts, np.bincount(group.values.reshape(-1), minlength=256))
        outside = group.values.copy()
        if group.box is not None:
            outside[group.box] = 0
        assert not outside.any()


@given(st.data(), labels())
def test_an_edit_that_does_not_fit_changes_nothing(data, state):
    edit = data.draw(edits_for(state))
    stranger = Beat(id="stranger", tick=1, symbol="N")
    untouched = state.copy()
    with pytest.raises(EditMismatch):
        apply(state, Edit("wrong", (*edit.changes, ElementChange.remove(stranger))))
    assert state == untouched


def test_a_stroke_that_expects_other_voxels_is_refused():
    state = Labels(SHAPE)
    stroke = voxel_change("main", state.group("main"), np.arange(5), 1, 1)
    apply(state, Edit("once", (stroke,)))
    with pytest.raises(EditMismatch):
        apply(state, Edit("twice", (stroke,)))


@pytest.mark.parametrize("start", [-1, VOXELS - 1])
def test_a_stroke_on_an_image_of_another_size_is_refused(start):
    plane = np.zeros(1, np.uint8)
    stroke = VoxelChange("main", np.array([start]), np.array([2]), plane, plane + 1, plane, plane + 1)
    with pytest.raises(EditMismatch, match="another size"):
        apply(Labels(SHAPE), Edit("stray", (stroke,)))


def test_voxels_on_a_case_without_a_grid_are_refused():
    with pytest.raises(GraticuleError, match="no voxels"):
        Labels().group("main")


@given(st.data(), labels())
def test_merged_strokes_equal_the_strokes_in_order(data, before):
    after, strokes = before.copy(), []
    for _ in range(data.draw(st.integers(1, 4))):
        edit = data.draw(edits_for(after))
        voxels = [change for change in edit.changes if isinstance(change, VoxelChange)]
        apply_changes(after, voxels)
        strokes += voxels
    merged = merge(after, strokes)
    again = before.copy()
    apply_changes(again, merged)
    assert again == after
    assert len(merged) <= len({stroke.group for stroke in strokes})
    apply_changes(again, [change.inverse() for change in merged])
    assert again == before


def test_the_box_of_a_stroke_is_exact_in_every_axis():
    state = Labels(SHAPE)
    index = np.ravel_multi_index(([1, 1, 2], [2, 3, 2], [1, 3, 2]), SHAPE)
    stroke = voxel_change("main", state.group("main"), np.sort(index), 7, 1)
    assert stroke.box(SHAPE) == (slice(1, 3), slice(2, 4), slice(1, 4))
    assert stroke.voxels == 3


def test_a_run_over_the_end_of_a_row_widens_the_box():
    state = Labels(SHAPE)
    stroke = voxel_change("main", state.group("main"), np.arange(4, 6), 7, 1)
    assert stroke.box(SHAPE) == (slice(0, 1), slice(0, 2), slice(0, 5))


def test_painting_what_is_painted_is_no_change():
    state = Labels(SHAPE)
    index = np.arange(10)
    apply(state, Edit("paint", (voxel_change("main", state.group("main"), index, 1, 1),)))
    assert voxel_change("main", state.group("main"), index, 1, 1) is None


@given(beats, beats)
def test_touched_names_what_changed(one, two):
    state = Labels()
    touched = apply(state, Edit("mark", (ElementChange.make(one), ElementChange.make(two))) if one.id != two.id
                    else Edit("mark", (ElementChange.make(one),)))
    assert touched.elements == {("beat", one.id), ("beat", two.id)}
    assert touched and not touched.boxes
