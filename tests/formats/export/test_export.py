import json
import shutil
import subprocess
import sysconfig

import nibabel
import numpy as np
import pydicom
import pytest
import SimpleITK

from fakes.dicom_series import Series, asymmetric, rotation
from fakes.door_ways import filled, ids, labels_beside, only_case, scanned
from graticule.domain.codes import Code, Ontology
from graticule.domain.elements import Answer, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.formats import door
from graticule.formats.export import export
from graticule.formats.export.coded import dicom_code
from graticule.formats.export.exported import differs
from graticule.formats.export.other_readers import NOT_HERE
from graticule.formats.export.readable import labels_of
from graticule.formats.label_maps import Builder, Meaning
from graticule.formats.volumes.nifti import RAS_TO_LPS
from graticule.resources import load_ontology
from real_data import DATA, needs_data

NOTHING = Ontology([])
LIVER = Meaning("Liver", Code("SCT", "123037004", ""), Code("SCT", "10200004", ""), "#56b4e9", stated=True)


def case_with_labels(folder, series):
    """A CT with two overlapping segments that no flip or shift maps onto themselves."""
    series.write(folder)
    case = only_case(folder)
    content = filled(case)
    builder = Builder(content.grid.shape, ids())
    first, second = np.zeros(content.grid.shape, bool), np.zeros(content.grid.shape, bool)
    first[1:3, 0:2, 1:5], first[2, 3, 5] = True, True
    second[2, 1:4, 3:6] = True
    builder.add_mask(LIVER, first)
    builder.add_mask(Meaning("Lesion"), second)
    return case, content, builder.labels


def back_through_the_door(case, path, content):
    outcome, = scanned(path, known=[case])
    return door.read_labels(outcome, case, content, ids())


def masks(labels):
    return {segment.name: labels.groups[segment.group].values == segment.value for segment in labels.of(Segment)}


SERIES = {
    "straight": lambda: Series(asymmetric((4, 5, 7))),
    "oblique": lambda: Series(asymmetric((4, 5, 7)), rotation((1, 2, 3), 40)),
    "left-handed": lambda: Series(asymmetric((4, 5, 7)), step=(0, 0, -2.5)),
    "tilted": lambda: Series(asymmetric((4, 5, 7)), step=(0, 0.8, 2.4)),
}


@pytest.mark.parametrize("kind", SERIES)
def test_a_seg_comes_back_voxel_by_voxel(tmp_path, kind):
    case, content, labels = case_with_labels(tmp_path / "ct", SERIES[kind]())
    made = export(case, content, labels, load_ontology("anatomy"), "dicom-seg", tmp_path / "out")
    assert len(made) == 1  # overlapping segments share a binary file
    found = {}
    for file in made:
        assert file.checks[0].result.startswith("equal")
        found |= masks(back_through_the_door(case, file.path, content))
    assert found.keys() == {"Liver", "Lesion"}
    assert all(np.array_equal(found[name], mask) for name, mask in masks(labels).items())


@pytest.mark.parametrize("kind", SERIES)
def test_a_seg_lies_at_the_same_places_for_a_reader_that_knows_only_dicom(tmp_path, kind):
    """Every set pixel's place in the patient, computed from the SEG's own positions, is a place that was painted."""
    series = SERIES[kind]()
    case, content, labels = case_with_labels(tmp_path / "ct", series)
    liver = labels.of(Segment)[0]
    only = Labels(content.grid.shape)
    only.put("segment", liver.id, liver)
    only.groups[liver.group] = labels.groups[liver.group]
    path = export(case, content, only, NOTHING, "dicom-seg", tmp_path / "out")[0].path
    data = pydicom.dcmread(path)
    shared = data.SharedFunctionalGroupsSequence[0]
    row, column = (float(v) for v in shared.PixelMeasuresSequence[0].PixelSpacing)
    axes = np.array(shared.PlaneOrientationSequence[0].ImageOrientationPatient, float)
    places = set()
    for plane, group in zip(np.atleast_3d(data.pixel_array.reshape(-1, 5, 7)), data.PerFrameFunctionalGroupsSequence):
        origin = np.array(group.PlanePositionSequence[0].ImagePositionPatient, float)
        for j, i in np.argwhere(plane):
            places.add(tuple(np.round(origin + axes[:3] * column * i + axes[3:] * row * j, 2)))
    painted = {tuple(np.round(series.lps(i, j, int(content.voxels[k, 0, 0]) // 1000), 2))
               for k, j, i in np.argwhere(masks(labels)["Liver"])}
    assert places == painted


def test_highdicom_dcmqi_and_dciodvfy_agree(tmp_path):
    import highdicom
    case, content, labels = case_with_labels(tmp_path / "ct", SERIES["oblique"]())
    made = export(case, content, labels, load_ontology("anatomy"), "dicom-seg", tmp_path / "out")
    checks = {check.by: check.result for check in made[0].checks}
    assert checks["dcmqi"] == NOT_HERE or checks["dcmqi"].startswith("equal")
    assert checks["dciodvfy"] in (NOT_HERE, "no errors")
    seg = highdicom.seg.segread(str(made[0].path))
    description = seg.get_segment_description(1)
    assert (description.segmented_property_type.value, description.segment_label,
            description.algorithm_type.value) == ("10200004", "Liver", "MANUAL")
    pixels = seg.get_pixels_by_source_instance([source.object_id for source in case.sources],
                                               assert_missing_frames_are_empty=True)
    assert np.array_equal(pixels[..., 0] != 0, masks(labels)["Liver"])


def test_codes_are_real_dicom_codes():
    anatomy = load_ontology("anatomy")
    liver = next(concept for concept in anatomy if concept.code.code == "liver")
    assert dicom_code(liver.code, anatomy) == ("10200004", "SCT", liver.label)
    assert dicom_code(Code("SCT", "10200004", ""), NOTHING) == ("10200004", "SCT", "Liver")
    assert dicom_code(Code("graticule", "never_heard_of", "1"), NOTHING)[1] == "99GRATICULE"


def test_a_seg_needs_a_dicom_series_with_positions_and_something_painted(tmp_path):
    case, content, labels = case_with_labels(tmp_path / "ct", SERIES["straight"]())
    with pytest.raises(GraticuleError, match="no painted"):
        export(case, content, Labels(content.grid.shape), NOTHING, "dicom-seg", tmp_path)
    (tmp_path / "ct" / "im0001.dcm").unlink()
    with pytest.raises(GraticuleError, match="no longer be read"):
        export(case, content, labels, NOTHING, "dicom-seg", tmp_path)
    with pytest.raises(GraticuleError, match="does not export"):
        export(case, content, labels, NOTHING, "papyrus", tmp_path)


@pytest.mark.parametrize("kind", SERIES)
def test_nifti_comes_back_at_the_same_places(tmp_path, kind):
    case, content, labels = case_with_labels(tmp_path / "ct", SERIES[kind]())
    made = export(case, content, labels, NOTHING, "nifti", tmp_path / "out")
    assert [file.path.suffix for file in made] == [".gz", ".gz", ".json"]
    image = nibabel.load(made[0].path)
    liver = masks(labels)["Liver"]
    assert np.array_equal(np.asarray(image.dataobj).transpose(2, 1, 0) == 1, liver)
    k, j, i = np.argwhere(liver)[-1]
    assert np.allclose((RAS_TO_LPS @ image.affine @ [i, j, k, 1])[:3], content.grid.to_patient((i, j, k)), atol=1e-3)
    if kind != "tilted":
        assert made[0].checks[1].result.startswith("equal")
        theirs = SimpleITK.ReadImage(str(made[0].path))
        assert np.allclose(theirs.TransformIndexToPhysicalPoint((int(i), int(j), int(k))), content.grid.to_patient((i, j, k)),
                           atol=1e-3)
    rows = json.loads(made[-1].path.read_text())["segments"]
    assert [(row["file"], row["value"], row["name"]) for row in rows] == [(1, 1, "Liver"), (2, 1, "Lesion")]


def test_json_holds_everything_and_reads_back_equal(tmp_path):
    case, content, labels = case_with_labels(tmp_path / "ct", SERIES["straight"]())
    labels.put("answer", "image_adequate", Answer(id="image_adequate", value=True, confidence=3))
    made, = export(case, content, labels, load_ontology("anatomy"), "json", tmp_path / "out")
    document = json.loads(made.path.read_text(encoding="utf-8"), parse_float=pytest.fail)
    assert labels_of(document) == labels
    assert document["words"]["SCT 10200004"]
    assert case.id.split(":")[1].startswith(made.path.name.split("_")[0])


def test_a_file_that_reads_back_differently_is_removed(tmp_path):
    path = tmp_path / "wrong.nii.gz"
    path.write_bytes(b"x")
    assert "removed" in str(differs(path, "SimpleITK", "has other voxels"))
    assert not path.exists()


def test_an_unwritable_folder_is_a_sentence(tmp_path):
    case, content, labels = case_with_labels(tmp_path / "ct", SERIES["straight"]())
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(GraticuleError, match="could not be written"):
        export(case, content, labels, NOTHING, "json", tmp_path / "file" / "out")


@needs_data
@pytest.mark.parametrize("images,label_file,total", [
    ("imaging/seg/ct3slice_dcmqi", "heart_seg.nrrd", 41449), ("imaging/seg/bitpacked_23x38x3", "label_seg.dcm", 322)])
def test_real_masks_survive_a_seg(tmp_path, images, label_file, total):
    folder = DATA / images
    pictures = [path for path in folder.glob("*.dcm") if path.name.startswith(("ct_", "IMG"))]
    case, content, labels = labels_beside(*pictures, folder / label_file)
    made, = export(case, content, labels, NOTHING, "dicom-seg", tmp_path)
    again = back_through_the_door(case, made.path, content)
    assert sum(int(group.counts[1:].sum()) for group in again.groups.values()) == total
    assert np.array_equal(next(iter(masks(again).values())), next(iter(masks(labels).values())))


@needs_data
@pytest.mark.skipif(shutil.which("segimage2itkimage", path=sysconfig.get_path("scripts")) is None,
                    reason="dcmqi is not installed")
def test_dcmqi_finds_the_heart_where_its_own_nrrd_has_it(tmp_path):
    folder = DATA / "imaging/seg/ct3slice_dcmqi"
    case, content, labels = labels_beside(*folder.glob("ct_*.dcm"), folder / "heart_seg.nrrd")
    made, = export(case, content, labels, NOTHING, "dicom-seg", tmp_path)
    program = shutil.which("segimage2itkimage", path=sysconfig.get_path("scripts"))
    subprocess.run([program, "--inputDICOM", str(made.path), "--outputDirectory", str(tmp_path), "-t", "nrrd"], check=True,
                   capture_output=True)
    ours, theirs = SimpleITK.ReadImage(str(tmp_path / "1.nrrd")), SimpleITK.ReadImage(str(folder / "heart_seg.nrrd"))
    resampled = SimpleITK.Resample(ours, theirs, SimpleITK.Transform(), SimpleITK.sitkNearestNeighbor, 0)
    assert np.array_equal(SimpleITK.GetArrayFromImage(resampled) != 0, SimpleITK.GetArrayFromImage(theirs) != 0)


@needs_data
def test_an_enhanced_series_exports_too(tmp_path):
    case = only_case(DATA / "imaging/mr/enhanced/xa10_phantom_6_1.dcm")
    content = filled(case)
    builder = Builder(content.grid.shape, ids())
    mask = np.zeros(content.grid.shape, bool)
    mask[4, 10:20, 30:50] = True
    builder.add_mask(LIVER, mask)
    made, = export(case, content, builder.labels, NOTHING, "dicom-seg", tmp_path)
    assert np.array_equal(masks(back_through_the_door(case, made.path, content))["Liver"], mask)
