import numpy as np
import pydicom
import pytest

from fakes.door_ways import filled, ids, labels_beside, only_case, scanned
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.formats import door
from graticule.formats.dicom.seg_file import SegFile
from real_data import DATA, needs_data

pytestmark = needs_data
SEG = DATA / "imaging/seg"
CT3 = [SEG / f"ct3slice_dcmqi/ct_0{n}.dcm" for n in (1, 2, 3)]


def counts(labels):
    return {segment.name: labels.voxels_of(segment) for segment in labels.of(Segment)}


def test_a_liver_has_its_voxels_where_its_nrrd_twin_has_them():
    _, _, labels = labels_beside(*CT3, SEG / "ct3slice_dcmqi/liver.dcm")
    assert counts(labels) == {"Liver": 107098}
    _, _, twin = labels_beside(*CT3, SEG / "ct3slice_dcmqi/liver_seg.nrrd")
    assert np.array_equal(labels.groups["1"].values, twin.groups["1"].values)


def test_overlapping_segments_land_in_several_groups_with_all_their_voxels():
    _, _, labels = labels_beside(*CT3, SEG / "ct3slice_dcmqi/partial_overlaps.dcm")
    assert counts(labels) == {"GREEN": 9602, "ORANGE": 11888, "PURPLE": 10743, "LIGHT_BLUE": 6693, "DARK_BLUE": 4713}
    assert len(labels.groups) == 3
    for number, name in ((1, "GREEN"), (2, "ORANGE"), (3, "PURPLE"), (4, "LIGHT_BLUE"), (5, "DARK_BLUE")):
        segment = next(segment for segment in labels.of(Segment) if segment.name == name)
        file = {1: 1, 4: 1, 5: 1, 2: 2, 3: 3}[number]
        _, _, twin = labels_beside(*CT3, SEG / f"ct3slice_dcmqi/partial_overlaps-{file}.nrrd")
        theirs = next(twin.groups[other.group].values == other.value for other in twin.of(Segment) if other.value == number)
        assert np.array_equal(labels.groups[segment.group].values == segment.value, theirs)


def test_bits_that_cross_bytes():
    folder = SEG / "bitpacked_23x38x3"
    _, _, labels = labels_beside(*folder.glob("IMG*.dcm"), folder / "label_seg.dcm")
    values = labels.groups["1"].values
    assert int(values.sum()) == 322
    assert all(values[:, j, i].all() for j in (0, 37) for i in (0, 22))


def test_a_single_frame_and_codes_and_colour():
    folder = SEG / "highdicom_ct"
    _, _, labels = labels_beside(folder / "ct_image.dcm", folder / "seg_image_ct_binary_single_frame.dcm")
    assert sum(counts(labels).values()) == 1832
    _, _, labels = labels_beside(*CT3, SEG / "ct3slice_dcmqi/liver.dcm")
    segment, = labels.of(Segment)
    assert (segment.type.scheme, segment.type.code, segment.colour) == ("SRT", "T-62000", "#d98265")


@pytest.mark.parametrize("name,total", [("seg_image_ct_binary", 638), ("seg_image_ct_binary_overlap", 64 + 16),
                                        ("seg_image_ct_binary_single_frame", 1832)])
def test_frames_hold_what_their_publishers_say(name, total):
    file = SegFile(SEG / f"highdicom_ct/{name}.dcm")
    assert sum(int(file.mask(frame).sum()) for frame in file.frames) == total


def test_true_fractions_are_refused_and_equivalents_of_binary_are_not():
    with pytest.raises(GraticuleError, match="fractional"):
        SegFile(SEG / "highdicom_ct/seg_image_ct_true_fractional.dcm")
    file = SegFile(SEG / "highdicom_ct/seg_image_ct_binary_fractional.dcm")
    assert sum(int(file.mask(frame).sum()) for frame in file.frames) == 638


def test_highdicom_reads_the_same_frames():
    import highdicom
    path = SEG / "ct3slice_dcmqi/partial_overlaps.dcm"
    theirs = highdicom.seg.segread(str(path))
    file = SegFile(path)
    sources = [pydicom.dcmread(ct).SOPInstanceUID for ct in CT3]
    volume = theirs.get_pixels_by_source_instance(sources, ignore_spatial_locations=True, assert_missing_frames_are_empty=True)
    for frame in file.frames:
        k = sources.index(frame.sources[0])
        assert np.array_equal(file.mask(frame), volume[k, :, :, frame.segment - 1] != 0)


def test_a_seg_of_other_images_says_so_and_is_not_forced_on(tmp_path):
    outcome, = [o for o in scanned(SEG / "ct3slice_dcmqi/liver.dcm", SEG / "sarcoma_sts002/MR_T1") if o.outcome == "labels"]
    assert outcome.case is None and "images these labels were drawn on" in outcome.reason
    other = only_case(SEG / "sarcoma_sts002/MR_T1")
    with pytest.raises(GraticuleError, match="another voxel grid"):
        door.read_labels(outcome, other, filled(other), ids())


def test_a_shifted_frame_is_refused_not_rounded(tmp_path):
    data = pydicom.dcmread(SEG / "ct3slice_dcmqi/liver.dcm")
    for group in data.PerFrameFunctionalGroupsSequence:
        position = group.PlanePositionSequence[0].ImagePositionPatient
        group.PlanePositionSequence[0].ImagePositionPatient = [float(position[0]) + 0.4, float(position[1]), float(position[2])]
    data.save_as(tmp_path / "shifted.dcm")
    with pytest.raises(GraticuleError, match="another voxel grid"):
        labels_beside(*CT3, tmp_path / "shifted.dcm")


def test_damaged_segs_are_refused(tmp_path):
    whole = (SEG / "ct3slice_dcmqi/liver.dcm").read_bytes()
    for length in range(200, len(whole), 9973):
        (tmp_path / f"{length}.dcm").write_bytes(whole[:length])
    assert {outcome.outcome for outcome in scanned(tmp_path)} == {"refused"}
