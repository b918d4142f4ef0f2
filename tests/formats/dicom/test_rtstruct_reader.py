"""Structure sets of other makers and of our own hand, filled on the slices they lie on."""

import nibabel
import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from fakes.dicom_series import Series, asymmetric
from fakes.door_ways import filled, ids, labels_beside, only_case, scanned
from graticule.domain.codes import Ontology
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.formats import door
from graticule.formats.export import export
from graticule.formats.label_maps import Builder, Meaning, notices_of
from graticule.formats.masks import masks_in, on_grid
from graticule.quality.masks import dice
from real_data import DATA, needs_data

SARCOMA = DATA / "imaging/seg/sarcoma_sts002"


@needs_data
@pytest.mark.parametrize("name,voxels", [("CT", 17090), ("MR_T1", 17090), ("PET", 555)])
def test_the_sarcomas_contours_enclose_the_published_voxels(name, voxels):
    _, content, labels = labels_beside(*(SARCOMA / name).iterdir(), SARCOMA / f"{name}_RTSTRUCT.dcm")
    mask, = masks_in(SARCOMA / f"{name}_mask.nii.gz")
    found = labels.groups["1"].values > 0
    assert int(found.sum()) == voxels and dice(found, on_grid(mask, content.grid)) == 1.0
    assert nibabel.load(SARCOMA / f"{name}_mask.nii.gz").get_fdata().sum() == voxels


@pytest.fixture
def made(tmp_path):
    """(case, content, the mask, a structure set of it) on a stack of 2.5 mm."""
    Series(asymmetric((5, 9, 11))).write(tmp_path / "ct")
    case = only_case(tmp_path / "ct")
    content = filled(case)
    mask = np.zeros(content.grid.shape, bool)
    mask[1:4, 1:7, 1:7] = True
    mask[1:4, 3:5, 3:5] = False
    builder = Builder(content.grid.shape, ids())
    builder.add_mask(Meaning("Ring", colour="#d55e00", stated=True), mask)
    file, = export(case, content, builder.labels, Ontology([]), "rtstruct", tmp_path / "out")
    return case, content, mask, file.path


def read(case, content, data, path):
    data.save_as(path)
    outcome, = scanned(path, known=[case])
    return door.read_labels(outcome, case, content, ids())


def contours(data):
    return data.ROIContourSequence[0].ContourSequence


def moved(contour, dz):
    points = np.array(contour.ContourData, float).reshape(-1, 3) + np.array((0, 0, dz))
    contour.ContourData = [f"{v:.4f}" for v in points.reshape(-1)]


def test_contours_beside_their_slice_are_moved_and_it_is_said(made, tmp_path):
    case, content, mask, path = made
    data = pydicom.dcmread(path)
    for contour in contours(data):
        moved(contour, 0.7)
    labels = read(case, content, data, tmp_path / "moved.dcm")
    assert np.array_equal(labels.groups["1"].values > 0, mask)
    assert "3 contours lay up to 0.70 mm beside a slice" in notices_of(labels)[0]


def test_what_encloses_nothing_or_lies_outside_is_left_out_in_words(made, tmp_path):
    case, content, mask, path = made
    data = pydicom.dcmread(path)
    moved(contours(data)[0], 100)
    contours(data)[1].ContourGeometricType = "OPEN_PLANAR"
    labels = read(case, content, data, tmp_path / "less.dcm")
    assert int((labels.groups["1"].values > 0).sum()) == mask[3].sum()
    assert "1 contours lie outside" in notices_of(labels)[0] and "1 points or open lines" in notices_of(labels)[0]


def test_holes_may_be_contours_of_their_own(made, tmp_path):
    case, content, mask, path = made
    data = pydicom.dcmread(path)
    corner = content.grid.to_patient([(2.5, 2.5, 1), (4.5, 2.5, 1), (4.5, 4.5, 1), (2.5, 4.5, 1)])
    outer = content.grid.to_patient([(0.5, 0.5, 1), (6.5, 0.5, 1), (6.5, 6.5, 1), (0.5, 6.5, 1)])
    items = []
    for points in (outer, corner):
        item = Dataset()
        item.ContourGeometricType, item.NumberOfContourPoints = "CLOSED_PLANAR", 4
        item.ContourData = [f"{v:.4f}" for v in points.reshape(-1)]
        items.append(item)
    data.ROIContourSequence[0].ContourSequence = Sequence(items)
    labels = read(case, content, data, tmp_path / "xor.dcm")
    assert np.array_equal(labels.groups["1"].values[1] > 0, mask[1])


def test_another_frame_of_reference_is_refused(made, tmp_path):
    case, content, _, path = made
    data = pydicom.dcmread(path)
    data.StructureSetROISequence[0].ReferencedFrameOfReferenceUID = "1.2.3"
    with pytest.raises(GraticuleError, match="another frame of reference"):
        read(case, content, data, tmp_path / "else.dcm")


def test_colour_and_maker_come_along(made):
    case, content, _, path = made
    outcome, = scanned(path, known=[case])
    segment, = door.read_labels(outcome, case, content, ids()).of(Segment)
    assert (segment.name, segment.colour, segment.provenance) == ("Ring", "#d55e00", "hand")
