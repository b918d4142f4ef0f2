"""Every format out of the same labels, on straight, oblique, tilted and uneven stacks, read back by others."""

import json

import numpy as np
import pydicom
import pytest
import SimpleITK
from hypothesis import given, settings
from hypothesis import strategies as st
from vtkmodules.vtkIOGeometry import vtkGLTFReader, vtkOBJReader, vtkSTLReader

from fakes.dicom_series import Series, asymmetric, rotation
from fakes.door_ways import filled, ids, only_case, scanned
from graticule.domain.codes import Code, Ontology
from graticule.domain.elements import Region, Segment
from graticule.domain.errors import GraticuleError
from graticule.formats import door
from graticule.formats.export import export
from graticule.formats.export.makers import APPROVED, EDITED, MADE, Maker
from graticule.formats.export.other_readers import NOT_HERE
from graticule.formats.export.registry import Company
from graticule.formats.label_maps import Builder, Meaning, notices_of
from graticule.resources import load_ontology

LIVER = Meaning("Liver", Code("SCT", "123037004", ""), Code("SCT", "10200004", ""), "#56b4e9", stated=True)
SHAPE = (5, 9, 11)


class Uneven(Series):
    heights = (0, 2.5, 5.6, 7.1, 12)

    def position(self, k):
        return self.origin + np.array([0, 0.3, 1]) * self.heights[k]


SERIES = {
    "straight": lambda: Series(asymmetric(SHAPE)), "oblique": lambda: Series(asymmetric(SHAPE), rotation((1, 2, 3), 40)),
    "left-handed": lambda: Series(asymmetric(SHAPE), step=(0, 0, -2.5)),
    "tilted": lambda: Series(asymmetric(SHAPE), step=(0, 0.8, 2.4)), "uneven": lambda: Uneven(asymmetric(SHAPE)),
}


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    found = {}
    for kind, make in SERIES.items():
        folder = tmp_path_factory.mktemp(kind)
        make().write(folder)
        case = only_case(folder)
        found[kind] = case, filled(case)
    return found


def labelled(content, *masks):
    builder = Builder(content.grid.shape, ids())
    for number, mask in enumerate(masks):
        builder.add_mask(LIVER if number == 0 else Meaning(f"Lesion {number}", colour="#d55e00"), mask)
    return builder.labels


def ring(content):
    """A slab with a hole, a pixel that touches it by a corner, and a second segment over it."""
    first, second = np.zeros(content.grid.shape, bool), np.zeros(content.grid.shape, bool)
    first[1:4, 1:7, 1:7] = True
    first[1:4, 3:5, 3:5] = False
    first[2, 7, 7] = True
    second[2:5, 4:8, 2:9] = True
    return first, second


def masks(labels):
    return {segment.name: labels.groups[segment.group].values == segment.value for segment in labels.of(Segment)}


def back(case, content, made):
    found = {}
    for file in made:
        outcome, = scanned(file.path, known=[case])
        if outcome.outcome == "labels" and outcome.labels_reading != "measurement-report":
            found |= masks(door.read_labels(outcome, case, content, ids()))
    return found


@pytest.mark.parametrize("format", ["dicom-seg", "dicom-labelmap", "dicom-fractional", "rtstruct", "nrrd"])
@pytest.mark.parametrize("kind", SERIES)
def test_masks_come_back_voxel_by_voxel(opened, tmp_path, kind, format):
    case, content = opened[kind]
    labels = labelled(content, *ring(content))
    if (kind, format) == ("uneven", "nrrd"):
        with pytest.raises(GraticuleError, match="unevenly"):
            export(case, content, labels, Ontology([]), format, tmp_path)
        return
    made = export(case, content, labels, load_ontology("anatomy"), format, tmp_path)
    found = back(case, content, made)
    assert found.keys() == masks(labels).keys()
    assert all(np.array_equal(found[name], mask) for name, mask in masks(labels).items())
    checks = {check.by: check.result for file in made for check in file.checks}
    assert checks.get("dciodvfy", "no errors") in ("no errors", NOT_HERE)
    if format.startswith("dicom"):
        assert checks["highdicom"].startswith("equal")
    if kind in ("straight", "oblique") and format != "rtstruct":
        assert checks.get("SimpleITK", "equal").startswith("equal")
        assert checks.get("dcmqi", NOT_HERE) == NOT_HERE or checks["dcmqi"].startswith("equal")


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), share=st.sampled_from([0.03, 0.4, 0.9]), kind=st.sampled_from(list(SERIES)),
       format=st.sampled_from(["dicom-seg", "dicom-labelmap", "rtstruct"]))
def test_any_mask_survives(opened, tmp_path_factory, seed, share, kind, format):
    case, content = opened[kind]
    mask = np.random.default_rng(seed).random(content.grid.shape) < share
    mask[0, 0, 0] = True
    labels = labelled(content, mask)
    made = export(case, content, labels, Ontology([]), format, tmp_path_factory.mktemp("out"))
    assert np.array_equal(back(case, content, made)["Liver"], mask)


def test_a_hole_is_one_keyholed_contour_and_its_area_is_that_of_the_ring(opened, tmp_path):
    case, content = opened["straight"]
    first, _ = ring(content)
    made, = export(case, content, labelled(content, first), Ontology([]), "rtstruct", tmp_path)
    data = pydicom.dcmread(made.path)
    roi = data.ROIContourSequence[0]
    assert len(roi.ContourSequence) == 4  # three slices, and the pixel that touches by a corner
    assert {item.ContourGeometricType for item in roi.ContourSequence} == {"CLOSED_PLANAR"}
    assert data.RTROIObservationsSequence[0].RTROIIdentificationCodeSequence[0].CodeValue == "10200004"


def test_segments_carry_codes_tracking_and_overlap(opened, tmp_path):
    case, content = opened["straight"]
    labels = labelled(content, *ring(content))
    segment = labels.of(Segment)[0]
    side = Code("SCT", "7771000", "")
    labels.put("segment", segment.id, type(segment)(**{**{name: getattr(segment, name) for name in (
        "id", "group", "value", "colour", "category", "type", "name", "provenance")}, "laterality": side, "region": LIVER.type}))
    names = []
    for number in range(2):
        made, = export(case, content, labels, load_ontology("anatomy"), "dicom-seg", tmp_path / str(number))
        data = pydicom.dcmread(made.path)
        names.append([item.TrackingUID for item in data.SegmentSequence])
    first = data.SegmentSequence[0]
    assert names[0] == names[1] and len(set(names[0])) == 2
    assert data.SegmentsOverlap == "YES" and first.AnatomicRegionSequence[0].CodeValue == "10200004"
    assert first.SegmentedPropertyTypeCodeSequence[0].SegmentedPropertyTypeModifierCodeSequence[0].CodeValue == "7771000"


def test_a_report_names_who_made_edited_and_approved(opened, tmp_path):
    case, content = opened["oblique"]
    labels = labelled(content, *ring(content))
    ends = content.grid.to_patient([(1, 1, 2), (7, 1, 2)])
    points = tuple(tuple(int(v) for v in row) for row in np.rint(ends * 1000))
    labels.put("region", "r", Region(id="r", shape="distance", space="patient", points=points, value="3.6", unit="mm"))
    makers = {"": (Maker("R-17", MADE), Maker("R-18", EDITED), Maker("R-19", APPROVED))}
    seg, report = export(case, content, labels, load_ontology("anatomy"), "dicom-sr", tmp_path, Company(makers=makers))
    text = str(pydicom.dcmread(report.path))
    assert all(word in text for word in ("R-17", "R-18", "R-19", "Performing", "Editing", "Verifying", "118565006"))
    assert str(pydicom.dcmread(seg.path).SOPInstanceUID) in text
    checks = {check.by: check.result for check in report.checks}
    assert checks["highdicom"].startswith("equal: 2") and checks["Graticule"] == "equal: 1 lines at their places"
    assert checks["dciodvfy"] in ("no errors", NOT_HERE)


@pytest.mark.parametrize("format,reader", [("stl", vtkSTLReader), ("obj", vtkOBJReader), ("gltf", vtkGLTFReader)])
@pytest.mark.parametrize("kind", ["straight", "left-handed", "oblique"])
def test_surfaces_lie_where_the_voxels_are(opened, tmp_path, kind, format, reader):
    case, content = opened[kind]
    first, _ = ring(content)
    made, = export(case, content, labelled(content, first), Ontology([]), format, tmp_path)
    assert "closed" in made.checks[0].result and "not closed" not in made.checks[0].result
    source = reader()
    source.SetFileName(str(made.path))
    source.Update()
    surface = source.GetOutputDataObject(0)
    low = np.array(surface.GetBounds() if surface.IsA("vtkPolyData") else _bounds(surface))
    at = content.grid.to_patient(np.argwhere(first)[:, ::-1])
    reach = np.abs(content.grid.affine[:3, :3]).sum(axis=1)
    assert (low[0::2] <= at.min(axis=0) + 1e-3).all() and (low[0::2] >= at.min(axis=0) - reach).all()
    assert (low[1::2] >= at.max(axis=0) - 1e-3).all() and (low[1::2] <= at.max(axis=0) + reach).all()


def _bounds(blocks):
    bounds = [0.0] * 6
    blocks.GetBounds(bounds)
    return bounds


def test_coco_counts_run_down_the_columns(opened, tmp_path):
    case, content = opened["straight"]
    made, = export(case, content, labelled(content, *ring(content)), Ontology([]), "coco", tmp_path)
    document = json.loads(made.path.read_text())
    row = document["annotations"][0]
    assert row["segmentation"]["size"] == [9, 11] and sum(row["segmentation"]["counts"]) == 99
    assert row["segmentation"]["counts"][:2] == [10, 6] and row["bbox"] == [1, 1, 6, 6] and row["area"] == 32


def test_measurements_as_a_table(opened, tmp_path):
    case, content = opened["uneven"]
    labels = labelled(content, *ring(content))
    made, = export(case, content, labels, load_ontology("anatomy"), "csv", tmp_path)
    head, one, _two = made.path.read_text().splitlines()
    row = dict(zip(head.split(","), one.split(",")))
    segment = labels.of(Segment)[0]
    assert float(row["volume_ml"]) == pytest.approx(labels.ml_of(segment, content.grid), abs=1e-4)
    assert (row["name"], row["code"], row["scheme"], row["voxels"]) == ("Liver", "10200004", "SCT", "97")


def test_a_slicer_file_is_read_by_simpleitk_with_its_names(opened, tmp_path):
    case, content = opened["oblique"]
    made, = export(case, content, labelled(content, *ring(content)), load_ontology("anatomy"), "nrrd", tmp_path)
    image = SimpleITK.ReadImage(str(made.path))
    assert image.GetNumberOfComponentsPerPixel() == 2 and image.GetMetaData("Segment1_Layer") == "1"
    assert "SCT^10200004^Liver" in image.GetMetaData("Segment0_Tags")


def test_every_export_leaves_its_proof(opened, tmp_path):
    case, content = opened["straight"]
    made, = export(case, content, labelled(content, *ring(content)), Ontology([]), "dicom-seg", tmp_path)
    proof = json.loads(next(tmp_path.glob("*_proof.json")).read_text())
    assert proof["files"][0]["file"] == made.path.name and len(proof["files"][0]["sha256"]) == 64
    assert {check["by"] for check in proof["files"][0]["checks"]} == {"pydicom", "highdicom", "dcmqi", "dciodvfy"}


def test_a_mask_of_another_grid_is_resampled_only_in_the_same_frame_and_says_so(tmp_path):
    fine = Series(asymmetric((6, 12, 12)), spacing=(2.0, 1.0, 1.0))
    coarse = Series(asymmetric((3, 6, 6)), spacing=(4.0, 2.0, 2.0))
    coarse.frame_uid = fine.frame_uid
    coarse.origin = fine.origin + np.array((0.5, 0.5, 1.0))
    fine.write(tmp_path / "fine")
    coarse.write(tmp_path / "coarse")
    case, other = only_case(tmp_path / "fine"), only_case(tmp_path / "coarse")
    content, drawn = filled(case), filled(other)
    mask = np.zeros(drawn.grid.shape, bool)
    mask[0:2, 1:4, 1:3] = True
    seg, = export(other, drawn, labelled(drawn, mask), Ontology([]), "dicom-seg", tmp_path / "out")
    outcome, = scanned(seg.path, known=[case])
    labels = door.read_labels(outcome, case, content, ids())
    assert np.array_equal(masks(labels)["Liver"], mask.repeat(2, 0).repeat(2, 1).repeat(2, 2))
    assert "Resampled" in notices_of(labels)[0] and "(+0.0 %)" in notices_of(labels)[0]
    strange = Series(asymmetric((6, 12, 12)), spacing=(2.0, 1.0, 1.0))
    strange.write(tmp_path / "strange")
    elsewhere = only_case(tmp_path / "strange")
    with pytest.raises(GraticuleError, match="another voxel grid"):
        door.read_labels(outcome, elsewhere, filled(elsewhere), ids())
