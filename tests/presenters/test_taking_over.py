"""What came in a file becomes the reader's own in one act, and undo takes it back."""

import numpy as np
import pytest

from fakes.door_ways import ids
from fakes.images import opened_with, ramp_volume
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.formats.label_maps import IMPORTED_FROM, Builder, Meaning
from graticule.presenters.taking_over import take_over


def from_file(shape):
    """Two segments, one of them with a possible boundary, and one that overlaps the first."""
    builder, one, other = Builder(shape, ids()), np.zeros(shape, bool), np.zeros(shape, bool)
    one[1:4, 2:5, 2:6], other[2:5, 3:7, 4:8] = True, True
    wide = one.copy()
    wide[0:5, 1:6, 1:7] = True
    builder.add_possible(builder.add_mask(Meaning("Tumour", colour="#d55e00"), one), wide)
    builder.add_mask(Meaning("Oedema", colour="#56b4e9"), other)
    return builder.labels, one, other, wide


def masks(labels):
    return {(s.name, bool(s.possible_of)): labels.groups[s.group].values == s.value for s in labels.of(Segment)}


def test_twice_taken_and_twice_undone_with_sure_possible_and_overlap():
    opened = opened_with(ramp_volume())
    workspace = opened.workspace
    shape = opened.content.grid.shape
    labels, one, other, wide = from_file(shape)
    assert take_over(opened, labels, "dicom-seg") == 2
    mine = masks(workspace.labels)
    assert np.array_equal(mine["Tumour", False], one) and np.array_equal(mine["Tumour", True], wide)
    assert np.array_equal(mine["Oedema", False], other)
    assert {s.extra[IMPORTED_FROM] for s in workspace.labels.of(Segment)} == {"dicom-seg"}
    assert workspace.undo_title == "Take over 2 segments from a file"
    first = {s.id for s in workspace.labels.of(Segment)}
    take_over(opened, labels, "dicom-seg")
    again = [s for s in workspace.labels.of(Segment) if s.id not in first]
    assert len(again) == 3 and sum(workspace.labels.voxels_of(s) for s in again) == one.sum() + other.sum() + wide.sum()
    workspace.undo()
    assert masks(workspace.labels).keys() == mine.keys() and {s.id for s in workspace.labels.of(Segment)} == first
    workspace.undo()
    assert workspace.labels.of(Segment) == [] and all(not group.values.any() for group in workspace.labels.groups.values())


def test_a_signed_read_and_another_grid_are_refused():
    opened = opened_with(ramp_volume())
    labels, *_ = from_file(opened.content.grid.shape)
    opened.workspace.lock()
    with pytest.raises(GraticuleError, match="signed"):
        take_over(opened, labels, "nifti")
    elsewhere, *_ = from_file((9, 9, 9))
    with pytest.raises(GraticuleError, match="another grid"):
        take_over(opened, elsewhere, "nifti")
