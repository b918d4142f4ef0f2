"""Labels: what counts as equal, what a group holds, which value is free."""

import numpy as np
import pytest
from hypothesis import given

from graticule.domain.codes import Code
from graticule.domain.edits import Edit, apply, voxel_change
from graticule.domain.elements import Beat, Note, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import LabelMap, Labels
from label_strategies import SHAPE, labels

CODE = Code("graticule", "liver", "1")


def _painted(value: int, voxels: int) -> Labels:
    labels = Labels(SHAPE)
    apply(labels, Edit("paint", (voxel_change("main", labels.group("main"), np.arange(voxels), value, 1),)))
    return labels


@given(labels())
def test_a_copy_is_equal_and_apart(state):
    copy = state.copy()
    assert copy == state
    copy.put("note", "new", Note(id="new", text="x"))
    assert copy != state


def test_order_of_making_and_empty_groups_do_not_count():
    one, two = Labels(SHAPE), Labels(SHAPE)
    first, second = Beat(id="a", tick=1, symbol="N"), Beat(id="b", tick=2, symbol="V")
    for made, order in ((one, (first, second)), (two, (second, first))):
        for beat in order:
            made.put("beat", beat.id, beat)
    two.group("empty")
    assert one == two


def test_labels_with_other_voxels_or_other_authors_differ():
    assert _painted(1, 5) != _painted(2, 5)
    other = _painted(1, 5)
    apply(other, Edit("grow", (voxel_change("main", other.group("main"), np.arange(2), 1, 3),)))
    assert other != _painted(1, 5)


def test_a_field_of_a_newer_version_counts():
    newer = Labels()
    newer.extra = {"lesions": [1]}
    assert newer != Labels() and newer.copy() == newer


def test_an_element_is_stored_under_its_own_name_only():
    with pytest.raises(GraticuleError):
        Labels().put("beat", "other", Beat(id="a", tick=1, symbol="N"))


def test_the_lowest_unused_value_is_free():
    labels = _painted(1, 5)
    segment = Segment(id="s", group="main", value=2, colour="#ffffff", category=CODE, type=CODE)
    labels.put("segment", "s", segment)
    assert labels.free_value("main") == 3
    assert labels.free_value("other") == 1
    assert labels.voxels_of(segment) == 0


def test_a_full_group_says_so():
    labels = Labels(SHAPE)
    for value in range(1, 256):
        labels.put("segment", str(value), Segment(id=str(value), group="main", value=value, colour="", category=CODE, type=CODE))
    with pytest.raises(GraticuleError, match="255"):
        labels.free_value("main")


def test_a_group_without_labelled_voxels_has_no_box():
    labels = _painted(1, 5)
    assert labels.group("main").box == (slice(0, 1), slice(0, 1), slice(0, 5))
    apply(labels, Edit("erase", (voxel_change("main", labels.group("main"), np.arange(5), 0, 0),)))
    assert labels.group("main").box is None
    assert labels.empty and labels == Labels(SHAPE)


def test_counts_start_with_every_voxel_empty():
    assert LabelMap(SHAPE).counts[0] == 60
    assert LabelMap(SHAPE).counts.sum() == 60
