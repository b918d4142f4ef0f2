import nibabel
import nrrd
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.dicom_series import Series, asymmetric, rotation
from fakes.door_ways import ids, labels_beside, only_case, opened, scanned
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.formats import door
from graticule.formats.masks import masks_in, on_grid
from graticule.formats.placing import place, turned
from graticule.formats.volumes.nifti import RAS_TO_LPS
from real_data import DATA, needs_data

SEG = DATA / "imaging/seg"


def voxels_by_name(labels):
    return {segment.name: labels.voxels_of(segment) for segment in labels.of(Segment)}


@needs_data
@pytest.mark.parametrize("image,mask,total", [
    ("seg/brain_tumour/brain1_image.nrrd", "seg/brain_tumour/brain1_label.nrrd", 4137),
    ("seg/sarcoma_sts002/CT", "seg/sarcoma_sts002/CT_mask.nii.gz", 17090),
    ("seg/sarcoma_sts002/MR_T1", "seg/sarcoma_sts002/MR_T1_mask.nii.gz", 17090),
    ("seg/sarcoma_sts002/PET", "seg/sarcoma_sts002/PET_mask.nii.gz", 555),
    ("ct/torso_3mm_30slices.nii.gz", "ct/torso_3mm_30slices_organs.nii.gz", 110225),
    ("ct/body_j2k_siemens", "ct/body_j2k_siemens_organs.nii.gz", 739420)])
def test_known_masks_lie_on_their_images(image, mask, total):
    _, content, labels = labels_beside(DATA / "imaging" / image, DATA / "imaging" / mask)
    assert sum(voxels_by_name(labels).values()) == total
    assert labels.grid_shape == content.grid.shape


@needs_data
def test_the_tumour_has_its_published_volume():
    _, content, labels = labels_beside(SEG / "brain_tumour")
    segment, = labels.of(Segment)
    assert labels.voxels_of(segment) * content.grid.voxel_ml * 1000 == pytest.approx(16412.7, abs=0.1)


@needs_data
def test_organs_in_las_are_turned_onto_the_dicom_grid():
    """The liver must be where the CT is dense as a liver, on the patient's right."""
    _, content, labels = labels_beside(DATA / "imaging/ct/body_j2k_siemens", DATA / "imaging/ct/body_j2k_siemens_organs.nii.gz")
    liver = next(segment for segment in labels.of(Segment) if segment.value == 5)
    mask = labels.groups[liver.group].values == liver.value
    assert labels.voxels_of(liver) == 366708
    assert 20 < float(np.median(content.voxels[mask])) < 150
    centre = content.grid.to_patient(np.argwhere(mask).mean(axis=0)[::-1])
    assert centre[0] < content.grid.centre_mm[0]


@needs_data
def test_masks_find_their_case_among_others():
    outcomes = scanned(SEG / "ct3slice_dcmqi", SEG / "brain_tumour", SEG / "sarcoma_sts002")
    titles = {outcome.path.name: outcome.case.modality for outcome in outcomes if outcome.outcome == "labels"}
    assert titles["heart_seg.nrrd"] == titles["CT_mask.nii.gz"] == titles["partial_overlaps-1.nrrd"] == "CT"
    assert titles["MR_T1_mask.nii.gz"] == "MR" and titles["PET_mask.nii.gz"] == "PT" and titles["brain1_label.nrrd"] == "OT"


def test_labels_for_a_case_known_from_before_are_matched(tmp_path):
    image, mask = tmp_path / "v.nrrd", tmp_path / "v_mask.nrrd"
    nrrd.write(str(image), asymmetric((4, 5, 6)).transpose(2, 1, 0))
    nrrd.write(str(mask), (asymmetric((4, 5, 6)) > 2000).astype(np.uint8).transpose(2, 1, 0))
    case = only_case(image)
    outcome, = scanned(mask, known=[case])
    assert (outcome.outcome, outcome.case.id) == ("labels", case.id)
    alone, = scanned(mask)
    assert alone.case is None and alone.reason


def test_a_mask_half_a_voxel_away_is_not_attached(tmp_path):
    affine = np.diag([1.0, 1.0, 2.0, 1.0])
    nibabel.save(nibabel.Nifti1Image(asymmetric((4, 5, 6)), affine), tmp_path / "image.nii")
    affine[0, 3] = 0.5
    nibabel.save(nibabel.Nifti1Image((asymmetric((4, 5, 6)) > 2000).astype(np.uint8), affine), tmp_path / "mask.nii")
    outcome, = [outcome for outcome in scanned(tmp_path) if outcome.outcome == "labels"]
    assert outcome.case is None
    with pytest.raises(GraticuleError, match="another voxel grid"):
        door.read_labels(outcome, only_case(tmp_path / "image.nii"), opened(tmp_path / "image.nii"), ids())


@pytest.mark.parametrize("flip", [(), (0,), (1, 2), (0, 1, 2)])
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 0, 2)])
def test_turned_masks_come_back_onto_the_image(tmp_path, flip, order):
    """The mask file holds the same voxels in another order of axes; every one must find its place."""
    series = Series(asymmetric((4, 5, 6)), rotation((1, 2, 3), 25))
    series.write(tmp_path / "ct")
    mask = (asymmetric((4, 5, 6)) % 7 == 0).astype(np.uint8)
    volume = opened(tmp_path / "ct")
    ours = volume.voxels % 7 == 0
    array, affine = mask.transpose(2, 1, 0), np.eye(4)
    affine[:3, :3] = np.stack([series.axes[:, 0] * 0.6, series.axes[:, 1] * 0.8, series.step], axis=1)
    affine[:3, 3] = series.origin
    array, affine[:, :3] = array.transpose(order), affine[:, list(order)]
    for axis in flip:
        affine[:3, 3] += affine[:3, axis] * (array.shape[axis] - 1)
        affine[:3, axis] *= -1
        array = np.flip(array, axis)
    nibabel.save(nibabel.Nifti1Image(array, RAS_TO_LPS @ affine), tmp_path / "mask.nii")
    _, _, labels = labels_beside(tmp_path)
    assert np.array_equal(labels.groups["1"].values == 1, ours)


@given(st.permutations([0, 1, 2]), st.tuples(*[st.booleans()] * 3))
def test_placing_undoes_any_turn(order, flips):
    grid = Grid((3, 4, 5), np.array([[0.5, 0.1, 0, 3], [0, 0.7, 0.2, 4], [0, 0, 2, 5], [0, 0, 0, 1.0]]))
    from graticule.formats.placing import Placing
    other = turned(grid, Placing(tuple(order), flips))
    found = place(other, grid)
    assert found is not None and turned(other, found).same_as(grid, 1e-9)


def test_slicer_segmentations_bring_names_codes_colours_and_layers(tmp_path):
    layers = np.zeros((2, 6, 5, 4), np.uint8)
    layers[0, :3], layers[1, 2:5, :2] = 1, 1
    header = {
        "space": "left-posterior-superior", "kinds": ["list", "domain", "domain", "domain"],
        "space directions": np.array([[np.nan] * 3, [1, 0, 0], [0, 1, 0], [0, 0, 2.0]]), "space origin": np.zeros(3),
        "Segment0_ID": "a", "Segment0_Name": "liver", "Segment0_LabelValue": "1", "Segment0_Layer": "0",
        "Segment0_Color": "1 0.5 0",
        "Segment0_Tags": "TerminologyEntry:Cat~SCT^123037004^Anatomical Structure~SCT^10200004^Liver~^^~|", "Segment1_ID": "b",
        "Segment1_Name": "lesion", "Segment1_LabelValue": "1", "Segment1_Layer": "1", "Segment1_Color": "0 0 1",
        "Segment1_Tags": ""}
    nrrd.write(str(tmp_path / "image.nrrd"), asymmetric((4, 5, 6)).transpose(2, 1, 0),
               {"space": "left-posterior-superior", "space directions": np.diag([1, 1, 2.0]), "space origin": np.zeros(3)})
    nrrd.write(str(tmp_path / "case.seg.nrrd"), layers, header)
    _, _, labels = labels_beside(tmp_path)
    liver, lesion = labels.of(Segment)
    assert (liver.name, liver.colour, liver.type.code, liver.category.code) == ("liver", "#ff8000", "10200004", "123037004")
    assert (lesion.name, lesion.group != liver.group) == ("lesion", True)
    assert np.array_equal(labels.groups[lesion.group].values.transpose(2, 1, 0), layers[1])


def test_masks_of_two_files_are_compared_on_one_grid(tmp_path):
    nrrd.write(str(tmp_path / "a.nrrd"), (asymmetric((4, 5, 6)) > 2000).astype(np.uint8).transpose(2, 1, 0))
    nrrd.write(str(tmp_path / "b.nrrd"), (asymmetric((4, 5, 6)) > 2000).astype(np.int32).transpose(2, 1, 0))
    (one,), (two,) = masks_in(tmp_path / "a.nrrd"), masks_in(tmp_path / "b.nrrd")
    assert np.array_equal(on_grid(two, one.grid), one.voxels)


@needs_data
def test_a_seg_and_its_nrrd_twin_hold_the_same_liver():
    seg, = masks_in(SEG / "ct3slice_dcmqi/liver.dcm")
    twin, = masks_in(SEG / "ct3slice_dcmqi/liver_seg.nrrd")
    assert np.array_equal(on_grid(seg, twin.grid), twin.voxels)
    assert int(twin.voxels.sum()) == 107098
