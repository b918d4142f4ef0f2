"""Masks of pictures go out and come back, pixel for pixel, on the frame they were drawn on; other libraries read them."""

import json
from itertools import count
from pathlib import Path

import highdicom
import nibabel
import numpy as np
import pydicom
import pytest
import SimpleITK
from PIL import Image
from pycocotools import mask as coco

from fakes.dicom_picture import written
from graticule.domain.case import Case
from graticule.domain.codes import Code
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_HAND, Labels
from graticule.domain.picture import Picture
from graticule.formats.door import open_case, read_labels, scan
from graticule.formats.export.registry import export
from graticule.formats.family import CASE, LABELS
from graticule.resources import load_ontology

ONTOLOGY = load_ontology()
LESION = Code("SCT", "4147007", "")


def photograph(folder: Path) -> Path:
    path = folder / "ISIC_0000009.jpg"
    Image.fromarray(np.random.default_rng(2).integers(0, 255, (37, 53, 3), dtype=np.uint8)).save(path)
    return path


def radiograph(folder: Path) -> Path:
    return written(folder / "chest.dcm", np.arange(37 * 53, dtype=np.uint16).reshape(37, 53), modality="CR",
                   sop_class="1.2.840.10008.5.1.4.1.1.1", PixelSpacing=[0.5, 0.25])


def loop(folder: Path) -> Path:
    frames = np.random.default_rng(3).integers(0, 255, (6, 37, 53), dtype=np.uint8)
    return written(folder / "loop.dcm", frames, modality="US", sop_class="1.2.840.10008.5.1.4.1.1.3.1", FrameTime="40")


def the_case(path: Path) -> tuple[Case, Picture]:
    case, = [outcome.case for outcome in scan([path]) if outcome.outcome == CASE]
    opening = open_case(case)
    return case, opening.content


def drawn(picture: Picture) -> Labels:
    """Two segments that touch neither a border alone nor each other's mirror image; on a loop on frames 2 and 4."""
    labels = Labels(picture.labels_shape)
    group = labels.group("1")
    last = picture.count - 1
    for value, (k, j, i) in ((3, (min(1, last), slice(2, 9), slice(5, 40))), (7, (min(3, last), slice(20, 37), slice(50, 53)))):
        group.values[k, j, i], group.authors[k, j, i] = value, AUTHOR_HAND
        n = int(group.values[k, j, i].size)
        group.counts[value] += n
        group.counts[0] -= n
        group.grow_box((slice(k, k + 1), j, i))
        labels.put("segment", f"s{value}", Segment(id=f"s{value}", group="1", value=value, colour="#d55e00", category=LESION,
                                                   type=LESION, number=1, name=f"Lesion {value}"))
    return labels


def again(made: list[Path], case: Case, picture: Picture, case_path: Path) -> Labels:
    """What the exported files say of the case when they are imported beside it."""
    numbers = count()
    whole = Labels(picture.labels_shape)
    for outcome in scan([case_path, *made]):
        if outcome.outcome != LABELS:
            continue
        assert outcome.case is not None and outcome.case.id == case.id, outcome.reason
        found = read_labels(outcome, case, picture, lambda: f"n{next(numbers)}")
        for segment in found.of(Segment):
            whole.group("1").values[found.group(segment.group).values == segment.value] = 3 if segment.name.endswith("3") else 7
    return whole


@pytest.mark.parametrize("make", [photograph, radiograph, loop])
@pytest.mark.parametrize("format", ["png", "dicom-seg", "dicom-labelmap"])
def test_a_label_map_comes_back(tmp_path: Path, make, format: str) -> None:
    path = make(tmp_path)
    case, picture = the_case(path)
    labels = drawn(picture)
    if make is photograph and format != "png":
        with pytest.raises(GraticuleError, match="DICOM images"):
            export(case, picture, labels, ONTOLOGY, format, tmp_path / "out")
        return
    made = export(case, picture, labels, ONTOLOGY, format, tmp_path / "out")
    assert all(one.proven for one in made), [check for one in made for check in one.checks]
    back = again([one.path for one in made], case, picture, path)
    assert np.array_equal(back.group("1").values, labels.group("1").values)


@pytest.mark.parametrize("make", [photograph, radiograph, loop])
def test_nifti_holds_the_same_pixels_and_says_no_place(tmp_path: Path, make) -> None:
    path = make(tmp_path)
    case, picture = the_case(path)
    labels = drawn(picture)
    made = export(case, picture, labels, ONTOLOGY, "nifti", tmp_path / "out")
    file = next(one.path for one in made if one.path.suffix == ".gz")
    image = nibabel.load(file)
    assert np.array_equal(np.asarray(image.dataobj).transpose(2, 1, 0), labels.group("1").values)
    assert int(image.header["sform_code"]) == 0
    assert image.header.get_xyzt_units()[0] == ("mm" if make is radiograph else "unknown")
    assert np.array_equal(SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(file))), labels.group("1").values)
    outcome, = [one for one in scan([path, file]) if one.outcome == LABELS]
    back = read_labels(outcome, case, picture, iter("abcdef").__next__)
    assert np.array_equal(back.group("1").values, labels.group("1").values)


@pytest.mark.parametrize("make", [radiograph, loop])
def test_highdicom_finds_the_segments_by_image_and_frame(tmp_path: Path, make) -> None:
    case, picture = the_case(make(tmp_path))
    labels = drawn(picture)
    made, = export(case, picture, labels, ONTOLOGY, "dicom-seg", tmp_path / "out")
    file, source = highdicom.seg.segread(str(made.path)), case.sources[0].object_id
    for number, value in ((1, 3), (2, 7)):
        options = {"segment_numbers": [number], "ignore_spatial_locations": True, "assert_missing_frames_are_empty": True}
        found = (file.get_pixels_by_source_instance([source], **options) if picture.count == 1 else
                 file.get_pixels_by_source_frame(source, list(range(1, picture.count + 1)), **options))
        assert np.array_equal(found[..., 0] > 0, labels.group("1").values == value)
    assert "FrameOfReferenceUID" not in pydicom.dcmread(made.path)


def test_coco_runs_are_those_of_pycocotools(tmp_path: Path) -> None:
    case, picture = the_case(loop(tmp_path))
    labels = drawn(picture)
    made = export(case, picture, labels, ONTOLOGY, "coco", tmp_path / "out")
    document = json.loads(made[0].path.read_text())
    for row in document["annotations"]:
        frame = next(image["slice"] for image in document["images"] if image["id"] == row["image_id"])
        size = row["segmentation"]["size"]
        mask = coco.decode(coco.frPyObjects(row["segmentation"], *size))
        assert np.array_equal(mask > 0, labels.group("1").values[frame] == (3 if frame == 1 else 7))


def test_a_mask_by_another_program_goes_to_the_picture_of_its_name(tmp_path: Path) -> None:
    path = photograph(tmp_path)
    case, picture = the_case(path)
    mask = np.zeros((37, 53), np.uint8)
    mask[3:9, 8:30] = 255
    Image.fromarray(mask).save(tmp_path / "ISIC_0000009_segmentation.png")
    outcome, = [one for one in scan([tmp_path]) if one.outcome == LABELS]
    assert outcome.case is not None and outcome.case.id == case.id
    back = read_labels(outcome, case, picture, iter("abcdef").__next__)
    assert np.array_equal(back.group("1").values[0], mask // 255) and [s.name for s in back.of(Segment)] == ["Mask"]


def test_a_mask_of_another_size_is_refused(tmp_path: Path) -> None:
    path = photograph(tmp_path)
    case, picture = the_case(path)
    Image.fromarray(np.eye(20, dtype=np.uint8)).save(tmp_path / "ISIC_0000009_mask.png")
    outcome, = [one for one in scan([tmp_path]) if one.outcome == LABELS]
    with pytest.raises(GraticuleError, match="another voxel grid"):
        read_labels(outcome, case, picture, iter("abcdef").__next__)
