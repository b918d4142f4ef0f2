"""Presentation states and measurement reports, made by highdicom or out of its test data, as regions beside their image."""

import shutil
from itertools import count
from pathlib import Path

import highdicom as hd
import numpy as np
import pydicom
import pytest
from highdicom.pr import GraphicAnnotation, GraphicLayer, GraphicObject, SoftcopyVOILUTTransformation, TextObject
from highdicom.sr import CodedConcept
from pydicom.sr.codedict import codes

from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.formats.door import open_case, read_labels, scan
from graticule.formats.family import CASE, LABELS
from graticule.imaging.lengths import from_stored
from graticule.presenters.sender_look import sender_looks
from graticule.records.payload import decode_labels, encode_labels
from real_data import DATA, needs_data

CT = DATA / "imaging" / "seg" / "highdicom_ct"

pytestmark = needs_data


def source() -> pydicom.Dataset:
    return pydicom.dcmread(CT / "ct_image.dcm")


def brought_in(folder: Path) -> tuple[Labels, list[Region], object]:
    found = list(scan([folder]))
    case = next(outcome.case for outcome in found if outcome.outcome == CASE)
    label = next(outcome for outcome in found if outcome.outcome == LABELS)
    assert label.case is not None and label.case.id == case.id
    content = open_case(case).content
    numbers = count(1)
    labels = read_labels(label, case, content, lambda: f"id-{next(numbers)}")
    return labels, labels.of(Region), content


def folder_with(tmp_path: Path, other: pydicom.Dataset | Path) -> Path:
    shutil.copy(CT / "ct_image.dcm", tmp_path / "ct.dcm")
    if isinstance(other, Path):
        shutil.copy(other, tmp_path / "other.dcm")
    else:
        other.save_as(tmp_path / "other.dcm")
    return tmp_path


def presentation_state(**more: object) -> pydicom.Dataset:
    image, layer = source(), GraphicLayer("MARKS", 1)
    drawings = [GraphicObject("POLYLINE", np.array([[10.5, 20.5], [30.5, 20.5]]), "PIXEL"),
                GraphicObject("CIRCLE", np.array([[64.0, 64.0], [74.0, 64.0]]), "PIXEL"),
                GraphicObject("POINT", np.array([[5.0, 6.0]]), "PIXEL"),
                GraphicObject("POLYLINE", np.array([[1.0, 1], [9, 1], [9, 9], [1, 9], [1, 1]]), "PIXEL"),
                GraphicObject("ELLIPSE", np.array([[20.0, 40], [60, 40], [40, 30], [40, 50]]), "PIXEL")]
    words = [TextObject("look here", "PIXEL", anchor_point=(100.0, 90.0))]
    annotation = GraphicAnnotation([image], layer, graphic_objects=drawings, text_objects=words)
    return hd.pr.GrayscaleSoftcopyPresentationState(
        [image], hd.UID(), 1, hd.UID(), 1, "maker", "model", "1", "0", "ASSENT", graphic_annotations=[annotation],
        graphic_layers=[layer], **more,
        voi_lut_transformations=[SoftcopyVOILUTTransformation(window_center=60, window_width=300)])


def test_a_presentation_state_becomes_regions_where_they_were_drawn(tmp_path: Path) -> None:
    labels, regions, volume = brought_in(folder_with(tmp_path, presentation_state()))
    assert [region.shape for region in regions] == ["line", "ellipse", "point", "polygon", "ellipse", "text"]
    assert all(region.space == "patient" for region in regions) and regions[-1].name == "look here"
    index = volume.grid.to_index(from_stored(regions[0].points))
    assert np.allclose(index, [[10, 20, 0], [30, 20, 0]], atol=1e-2)
    circle = volume.grid.to_index(from_stored(regions[1].points))
    assert np.allclose(circle[:, :2].mean(axis=0), [63.5, 63.5], atol=1e-2)
    assert np.linalg.norm(circle[1] - circle[0]) == pytest.approx(20, abs=1e-2)
    assert decode_labels(encode_labels(labels, None).payload, lambda name: b"").of(Region) == regions


def test_its_look_is_offered(tmp_path: Path) -> None:
    state = presentation_state()
    state.ImageRotation, state.ImageHorizontalFlip = 90, "Y"
    area = pydicom.Dataset()
    area.DisplayedAreaTopLeftHandCorner, area.DisplayedAreaBottomRightHandCorner = [11, 21], [60, 90]
    area.PresentationSizeMode = "SCALE TO FIT"
    state.DisplayedAreaSelectionSequence = [area]
    state.ShutterShape = "RECTANGULAR"
    state.ShutterLeftVerticalEdge, state.ShutterRightVerticalEdge = 10, 100
    state.ShutterUpperHorizontalEdge, state.ShutterLowerHorizontalEdge = 5, 120
    labels, _, _ = brought_in(folder_with(tmp_path, state))
    again = decode_labels(encode_labels(labels, None).payload, lambda name: b"")
    look, = sender_looks([again])
    assert (look.window.width, look.window.level, look.title) == (300, 60, "ASSENT")
    assert look.area == (10, 20, 60, 90) and look.shutter == (10, 5, 99, 119)
    # A quarter clockwise, then mirrored: the image's right runs down, its down runs right.
    assert look.turn.matrix == ((0, 1), (1, 0)) and look.turn.mirrored


def test_display_units_are_shares_of_what_was_shown(tmp_path: Path) -> None:
    state = presentation_state()
    area = pydicom.Dataset()
    area.DisplayedAreaTopLeftHandCorner, area.DisplayedAreaBottomRightHandCorner = [11, 21], [60, 120]
    area.PresentationSizeMode = "SCALE TO FIT"
    state.DisplayedAreaSelectionSequence = [area]
    drawing = state.GraphicAnnotationSequence[0].GraphicObjectSequence[0]
    drawing.GraphicAnnotationUnits, drawing.GraphicData = "DISPLAY", [0.0, 0.0, 1.0, 1.0]
    _, regions, volume = brought_in(folder_with(tmp_path, state))
    index = volume.grid.to_index(from_stored(regions[0].points))
    assert np.allclose(index[:, :2] + 0.5, [[10, 20], [60, 120]], atol=1e-2)


def test_a_state_of_other_images_finds_no_case(tmp_path: Path) -> None:
    state = presentation_state()
    for image in (*state.ReferencedSeriesSequence[0].ReferencedImageSequence,
                  *state.GraphicAnnotationSequence[0].ReferencedImageSequence):
        image.ReferencedSOPInstanceUID = hd.UID()
    found = list(scan([folder_with(tmp_path, state)]))
    label = next(outcome for outcome in found if outcome.outcome == LABELS)
    assert label.case is None and "No case" in label.reason


def test_highdicom_s_own_report_gives_its_circle_and_area(tmp_path: Path) -> None:
    """Truth as the file says it: a circle about (58, 52) through (58, 41), spinal cord, 1.7 cm²."""
    _, (region,), volume = brought_in(folder_with(tmp_path, CT / "sr_document.dcm"))
    assert (region.shape, region.value, region.unit, region.code.code) == ("ellipse", "1.7", "cm²", "T-A7010")
    assert region.name == "Spinal cord, Cervico-thoracic spine"
    index = volume.grid.to_index(from_stored(region.points))
    assert np.allclose(index[:, :2].mean(axis=0) + 0.5, [58, 52], atol=1e-2)
    assert np.linalg.norm(index[1] - index[0]) == pytest.approx(22, abs=1e-2)


def report(*groups: object) -> pydicom.Dataset:
    observer = hd.sr.ObserverContext(codes.DCM.Person, hd.sr.PersonObserverIdentifyingAttributes("A^B"))
    content = hd.sr.MeasurementReport(hd.sr.ObservationContext(observer), codes.LN.CTUnspecifiedBodyRegion,
                                      imaging_measurements=groups)
    return hd.sr.Comprehensive3DSR([source()], content, hd.UID(), 1, hd.UID(), 1, "maker")


def triangle(origin: np.ndarray, frame_of_reference: str) -> hd.sr.ImageRegion3D:
    steps = np.array([[0, 0, 0], [9, 0, 0], [9, 9, 0], [0, 0, 0]], float)
    return hd.sr.ImageRegion3D("POLYGON", origin + steps, frame_of_reference)


def test_points_in_the_patient_keep_their_place_and_every_number(tmp_path: Path) -> None:
    image = source()
    origin = np.array(image.ImagePositionPatient, float)
    area = triangle(origin, image.FrameOfReferenceUID)
    numbers = [hd.sr.Measurement(codes.SCT.Diameter, 12.5, codes.UCUM.Millimeter),
               hd.sr.Measurement(CodedConcept("112031", "DCM", "Attenuation Coefficient"), 41.0,
                                 CodedConcept("[hnsf'U]", "UCUM", "HU"))]
    group = hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        hd.sr.TrackingIdentifier(hd.UID(), "one"), referenced_region=area, finding_type=codes.SCT.Nodule, measurements=numbers)
    _, regions, _ = brought_in(folder_with(tmp_path, report(group)))
    region, = regions
    assert region.shape == "polygon" and (region.value, region.unit) == ("12.5", "mm")
    assert region.figures["sent"][1] == ["Attenuation Coefficient", "41.0", "HU"]
    assert np.allclose(from_stored(region.points)[0], origin, atol=1e-3)


def test_another_frame_of_reference_is_refused(tmp_path: Path) -> None:
    image = source()
    origin = np.array(image.ImagePositionPatient, float)
    area = triangle(origin, hd.UID())
    group = hd.sr.PlanarROIMeasurementsAndQualitativeEvaluations(
        hd.sr.TrackingIdentifier(hd.UID(), "one"), referenced_region=area, finding_type=codes.SCT.Nodule)
    with pytest.raises(GraticuleError, match="draws nothing"):
        brought_in(folder_with(tmp_path, report(group)))
