"""Masks as other makers write them: highdicom, pydicom, nibabel, SimpleITK, pynrrd and COCO's own library."""

import json

import highdicom
import nibabel
import nrrd
import numpy as np
import pydicom
import pytest
import SimpleITK
from PIL import Image
from pycocotools import mask as coco
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes

from fakes.dicom_series import Series, asymmetric, rotation
from fakes.door_ways import cases_of, filled, ids, only_case, scanned
from graticule.domain.codes import Ontology
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.formats import door
from graticule.formats.export import export
from graticule.formats.label_maps import Builder, Meaning, landed, notices_of

SHAPE = (5, 9, 12)


@pytest.fixture(scope="module", params=["straight", "oblique"])
def series(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    turned = rotation((1, 2, 3), 40) if request.param == "oblique" else None
    paths = Series(asymmetric(SHAPE), turned).write(folder)
    case = only_case(folder)
    return case, filled(case), paths


def lumps():
    """(k, j, i): two structures that no flip or turn brings onto themselves, on some slices only."""
    values = np.zeros(SHAPE, np.uint8)
    values[1, 2:5, 3:9] = 1
    values[2, 2:4, 3:6] = 1
    values[3, 5:8, 7:11] = 2
    return values


def made_by_highdicom(paths, values, kind, syntax="1.2.840.10008.1.2.1", **options):
    headers = [pydicom.dcmread(path) for path in paths]
    count = int(values.max()) if values.ndim == 3 else values.shape[-1]
    net = highdicom.AlgorithmIdentificationSequence("Net", codes.DCM.ArtificialIntelligence, "1")
    described = [highdicom.seg.SegmentDescription(n, f"Lump {n}", codes.SCT.Tissue, codes.SCT.Liver, "AUTOMATIC", net)
                 for n in range(1, count + 1)]
    return highdicom.seg.Segmentation(
        source_images=headers, pixel_array=values, segmentation_type=kind, segment_descriptions=described,
        series_instance_uid=highdicom.UID(), series_number=1, sop_instance_uid=highdicom.UID(), instance_number=1,
        manufacturer="Peer", manufacturer_model_name="Peer", software_versions="1", device_serial_number="1",
        transfer_syntax_uid=syntax, **options)


def read(path, case, content):
    outcome, = [one for one in scanned(path, known=[case]) if one.outcome != "skipped"]
    assert outcome.outcome == "labels", outcome.reason
    return door.read_labels(outcome, case, content, ids())


def found(labels):
    return {s.name: labels.groups[s.group].values == s.value for s in labels.of(Segment) if not s.possible_of}


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2.5", "1.2.840.10008.1.2.4.80"])
def test_label_maps_of_highdicom_in_every_compression(series, tmp_path, syntax):
    case, content, paths = series
    made_by_highdicom(paths, lumps(), "LABELMAP", syntax).save_as(tmp_path / "a.dcm")
    labels = read(tmp_path / "a.dcm", case, content)
    assert all(np.array_equal(found(labels)[f"Lump {n}"], lumps() == n) for n in (1, 2))
    assert landed(labels) == "2 segments, 36 voxels, on the image's own grid."
    assert {s.provenance for s in labels.of(Segment)} == {"machine"}


def test_a_label_map_in_palette_colour(series, tmp_path):
    case, content, paths = series
    table = highdicom.PaletteColorLUTTransformation.from_colors(["black", "red", "green"])
    made_by_highdicom(paths, lumps(), "LABELMAP", palette_color_lut_transformation=table).save_as(tmp_path / "a.dcm")
    assert np.array_equal(found(read(tmp_path / "a.dcm", case, content))["Lump 2"], lumps() == 2)


def test_overlap_empty_frames_and_part_of_the_series(series, tmp_path):
    case, content, paths = series
    both = np.stack([lumps() == 1, lumps() > 0], axis=-1)[1:4]
    made_by_highdicom(paths[1:4], both, "BINARY", omit_empty_frames=False).save_as(tmp_path / "a.dcm")
    labels = read(tmp_path / "a.dcm", case, content)
    assert np.array_equal(found(labels)["Lump 1"], lumps() == 1) and np.array_equal(found(labels)["Lump 2"], lumps() > 0)
    assert len({s.group for s in labels.of(Segment)}) == 2


def test_occupancy_is_read_and_probability_is_refused(series, tmp_path):
    case, content, paths = series
    shares = np.where(lumps() == 1, 1.0, np.where(lumps() == 2, 0.25, 0.0))[..., None]
    made_by_highdicom(paths, shares, "FRACTIONAL", fractional_type="OCCUPANCY").save_as(tmp_path / "o.dcm")
    labels = read(tmp_path / "o.dcm", case, content)
    sure, = [s for s in labels.of(Segment) if not s.possible_of]
    outer = labels.possible_of(sure)
    assert np.array_equal(labels.groups[sure.group].values == sure.value, lumps() == 1)
    assert np.array_equal(labels.groups[outer.group].values == outer.value, lumps() > 0)
    made_by_highdicom(paths, shares, "FRACTIONAL", fractional_type="PROBABILITY").save_as(tmp_path / "p.dcm")
    outcome, = scanned(tmp_path / "p.dcm", known=[case])
    assert outcome.outcome == "refused" and "how sure a program is" in outcome.reason


def test_tiles_of_a_slide_are_refused_kindly(series, tmp_path):
    case, content, paths = series
    data = made_by_highdicom(paths, lumps(), "LABELMAP")
    data.DimensionOrganizationType = "TILED_FULL"
    del data.PerFrameFunctionalGroupsSequence
    data.save_as(tmp_path / "a.dcm")
    outcome, = scanned(tmp_path / "a.dcm", known=[case])
    assert "slide" in outcome.reason or outcome.case is None
    if outcome.outcome == "labels":
        with pytest.raises(GraticuleError, match="slide"):
            door.read_labels(outcome, case, content, ids())


@pytest.mark.parametrize("kind", [np.float32, np.float64, np.int16])
@pytest.mark.parametrize("flips", [(), (0,), (1, 2), (0, 1, 2)])
def test_nifti_of_any_hand_and_number_kind(series, tmp_path, kind, flips):
    case, content, _ = series
    affine, values = np.diag([-1, -1, 1, 1]) @ content.grid.affine, lumps().transpose(2, 1, 0)
    for axis in flips:
        affine = affine.copy()
        affine[:3, 3] += affine[:3, axis] * (values.shape[axis] - 1)
        affine[:3, axis] *= -1
        values = np.flip(values, axis)
    nibabel.save(nibabel.Nifti1Image(values.astype(kind), affine), tmp_path / "labels.nii.gz")
    masks = found(read(tmp_path / "labels.nii.gz", case, content))
    assert all(np.array_equal(masks[f"Label {n}"], lumps() == n) for n in (1, 2))


def test_a_slicer_file_with_shared_layers_codes_and_a_cut_extent(series, tmp_path):
    case, content, _ = series
    grid = content.grid
    cut = lumps()[1:4, 2:8, 3:11]
    over = np.zeros_like(cut)
    over[0, 0:4, 1:5] = 3
    tags = ("TerminologyEntry:List~SCT^123037004^Anatomical Structure~SCT^10200004^Liver~SCT^7771000^Left~Anatomic codes~"
            "SCT^818981001^Abdomen~^^|")
    header = {"space": "left-posterior-superior", "kinds": ["list", "domain", "domain", "domain"],
              "space directions": np.array([[np.nan] * 3, *grid.affine[:3, :3].T]), "space origin": grid.to_patient((3, 2, 1)),
              "Segment0_Name": "Right lump", "Segment0_LabelValue": "1", "Segment0_Layer": "0", "Segment0_Tags": tags,
              "Segment1_Name": "Other", "Segment1_LabelValue": "2", "Segment1_Layer": "0",
              "Segment2_Name": "Above", "Segment2_LabelValue": "3", "Segment2_Layer": "1"}
    nrrd.write(str(tmp_path / "a.seg.nrrd"), np.stack([cut, over], axis=-1).transpose(3, 2, 1, 0), header)
    labels = read(tmp_path / "a.seg.nrrd", case, content)
    masks = found(labels)
    assert np.array_equal(masks["Right lump"], lumps() == 1) and np.array_equal(masks["Other"], lumps() == 2)
    assert masks["Above"].sum() == 16 and masks["Above"][1, 2:6, 4:8].all()
    first = next(s for s in labels.of(Segment) if s.name == "Right lump")
    assert (first.type.code, first.modifier.code, first.region.code) == ("10200004", "7771000", "818981001")


def test_simpleitk_writes_and_the_phantom_lies_on_the_same_patient_point(series, tmp_path):
    """Every format of ours, read by SimpleITK or highdicom: the same voxel lies at the same millimetre."""
    case, content, _ = series
    builder = Builder(content.grid.shape, ids())
    mask = np.zeros(SHAPE, bool)
    mask[3, 6, 10] = True
    builder.add_mask(Meaning("Point", colour="#d55e00"), mask)
    at = content.grid.to_patient((10, 6, 3))
    for format in ("nifti", "nrrd"):
        made = export(case, content, builder.labels, Ontology([]), format, tmp_path)
        image = SimpleITK.ReadImage(str(made[0].path))
        where = np.argwhere(SimpleITK.GetArrayFromImage(image))[0][::-1].tolist()[-3:]
        assert np.allclose(image.TransformIndexToPhysicalPoint([int(v) for v in where]), at, atol=1e-3)
    made, = export(case, content, builder.labels, Ontology([]), "dicom-seg", tmp_path)
    volume = highdicom.seg.segread(made.path).get_volume(combine_segments=True)
    assert np.allclose(volume.map_indices_to_reference(np.argwhere(volume.array)), at, atol=1e-3)
    made, = export(case, content, builder.labels, Ontology([]), "rtstruct", tmp_path)
    points = np.array(pydicom.dcmread(made.path).ROIContourSequence[0].ContourSequence[0].ContourData, float).reshape(-1, 3)
    assert np.allclose(points.mean(axis=0), at, atol=1e-3)


def test_contours_as_plastimatch_writes_them_and_what_encloses_nothing_is_named(series, tmp_path):
    case, content, _ = series
    grid = content.grid

    def contour(kind, flat, k):
        item = Dataset()
        item.ContourGeometricType, item.NumberOfContourPoints = kind, len(flat)
        item.ContourData = [f"{v:.4f}" for v in grid.to_patient([(i, j, k) for i, j in flat]).reshape(-1)]
        return item

    def region(number, *contours):
        item = Dataset()
        item.ROIDisplayColor, item.ReferencedROINumber, item.ContourSequence = [255, 0, 0], number, Sequence(contours)
        return item

    data = pydicom.dcmread(export(case, content, _one(content), Ontology([]), "rtstruct", tmp_path / "own")[0].path)
    outer, hole = [(2, 1), (9, 1), (9, 7), (2, 7)], [(4, 3), (6, 3), (6, 5), (4, 5)]
    box = [(i - 0.5, j - 0.5) for i, j in outer]
    data.ROIContourSequence = Sequence([
        region(1, contour("CLOSED_PLANAR", box, 2), contour("CLOSED_PLANAR", [(i - 0.5, j - 0.5) for i, j in hole], 2)),
        region(2, contour("POINT", [(3, 3)], 1)), region(3, contour("OPEN_PLANAR", [(1, 1), (4, 4)], 1))])
    names = []
    for number, name in enumerate(("Organ", "Isocentre", "Wire"), 1):
        item = Dataset()
        item.ROINumber, item.ROIName, item.ReferencedFrameOfReferenceUID = number, name, data.FrameOfReferenceUID
        item.ROIGenerationAlgorithm = ""
        names.append(item)
    data.StructureSetROISequence, data.RTROIObservationsSequence = Sequence(names), Sequence([])
    data.save_as(tmp_path / "rs.dcm")
    labels = read(tmp_path / "rs.dcm", case, content)
    want = np.zeros(SHAPE, bool)
    want[2, 1:7, 2:9] = True
    want[2, 3:5, 4:6] = False
    assert np.array_equal(found(labels)["Organ"], want)
    said, = notices_of(labels)
    assert "“Isocentre” (points)" in said and "“Wire” (open lines)" in said


def _one(content):
    builder = Builder(content.grid.shape, ids())
    builder.add_mask(Meaning("Any", colour="#d55e00"), lumps() == 1)
    return builder.labels


def test_coco_of_our_own_comes_back_to_its_slices(series, tmp_path):
    case, content, _ = series
    builder = Builder(content.grid.shape, ids())
    builder.add_label_map(lumps(), {1: Meaning("One", colour="#d55e00"), 2: Meaning("Two", colour="#56b4e9")})
    made, = export(case, content, builder.labels, Ontology([]), "coco", tmp_path)
    masks = found(read(made.path, case, content))
    assert np.array_equal(masks["One"], lumps() == 1) and np.array_equal(masks["Two"], lumps() == 2)


def test_coco_of_others_with_packed_runs_and_polygons_reaches_its_picture(tmp_path):
    for name in ("a", "b"):
        noise = np.random.default_rng(ord(name)).integers(0, 255, (40, 60, 3), np.uint8)
        Image.fromarray(noise).save(tmp_path / f"skin_{name}.png")
    plane = np.zeros((40, 60), np.uint8)
    plane[5:20, 8:31] = 1
    plane[7:9, 10:12] = 0
    packed = coco.encode(np.asfortranarray(plane))
    document = {"images": [{"id": n, "file_name": f"images/skin_{name}.png", "height": 40, "width": 60}
                           for n, name in enumerate("ab")],
                "categories": [{"id": 7, "name": "lesion"}],
                "annotations": [
                    {"id": 1, "image_id": 0, "category_id": 7,
                     "segmentation": {"size": [40, 60], "counts": packed["counts"].decode()}},
                    {"id": 2, "image_id": 1, "category_id": 7, "segmentation": [[10, 10, 20, 10, 20, 25, 10, 25]]}]}
    (tmp_path / "coco.json").write_text(json.dumps(document))
    assert len(cases_of(tmp_path)) == 2
    outcomes = [one for one in scanned(tmp_path) if one.outcome == "labels"]
    got = [found(door.read_labels(one, one.case, filled(one.case), ids()))["lesion"] for one in outcomes]
    want = [plane.astype(bool), np.zeros((40, 60), bool)]
    want[1][10:25, 10:20] = True
    assert [mask.shape for mask in got] == [(1, 40, 60)] * 2
    assert all(np.array_equal(mask[0], wanted) for mask, wanted in zip(got, want, strict=True))


@pytest.mark.parametrize("shape", [{"size": [40, 60], "counts": [5, -1]}, {"size": [40, 60], "counts": [1 << 40]},
                                   {"size": [40, 60], "counts": "~~~~"}, [[1e12, 0, 5, 5, 9, 9]], [[1, 2]],
                                   {"size": [4, 4]}, "x"])
def test_hostile_coco_masks_are_refused(shape):
    from graticule.formats.coco_file import mask_in

    with pytest.raises(GraticuleError, match="does not fit"):
        mask_in(shape, 40, 60)
