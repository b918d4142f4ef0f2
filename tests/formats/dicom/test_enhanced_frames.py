"""Multi-frame images: stacks, times, dimensions, slopes; and what each storage class becomes."""

import numpy as np
import pytest
from pydicom.uid import generate_uid

from fakes.dicom_series import Series, asymmetric, rotation
from fakes.door_ways import cases_of, filled, only_case, opened, same_place, scanned
from fakes.enhanced_series import CT, MAP, PET, TOMO, enhanced, item, plane, write
from graticule.formats.dicom import objects
from real_data import DATA, needs_data

S = "1.2.840.10008.5.1.4.1.1."


def words(cases):
    return sorted(case.facts["interpretation"] for case in cases)


def test_two_stacks_of_one_file_are_two_volumes_with_names_of_their_own(tmp_path):
    axes = rotation((1, 0, 0), 90)
    planes = [plane((0, 0, 3 * k), stack="1", place=k + 1) for k in range(4)]
    planes += [plane((0, 3 * k, 50), axes, stack="2", place=k + 1) for k in range(3)]
    voxels = asymmetric((7, 5, 6))
    write(enhanced(voxels, planes, dimensions=("StackID", "InStackPositionNumber")), tmp_path / "e.dcm")
    cases = cases_of(tmp_path)
    assert words(cases) == ["stack 1 of 2", "stack 2 of 2"]
    assert len({case.id for case in cases}) == 2
    for case in cases:
        volume = filled(case)
        for k in range(volume.grid.shape[0]):
            source = int(volume.voxels[k, 0, 0]) // 1000
            where = planes[source].PlanePositionSequence[0].ImagePositionPatient
            assert same_place(volume.grid, (0, 0, k), [float(v) for v in where])


def test_parallel_stacks_of_one_place_are_kept_apart_by_their_stack(tmp_path):
    planes = [plane((0, 0, 3 * k + shift), stack=name, place=k + 1) for name, shift in (("1", 0), ("2", 1.5)) for k in range(4)]
    write(enhanced(asymmetric((8, 4, 4)), planes), tmp_path / "e.dcm")
    assert words(cases_of(tmp_path)) == ["stack 1 of 2", "stack 2 of 2"]


@pytest.mark.parametrize("shuffled", [False, True])
def test_two_times_of_one_file_are_two_volumes(tmp_path, shuffled):
    order = [(t, k) for t in (1, 2) for k in range(4)]
    if shuffled:
        order = [(t, k) for k in (2, 0, 3, 1) for t in (2, 1)]
    planes = [plane((0, 0, 3 * k), place=k + 1, time=t) for t, k in order]
    voxels = np.stack([np.full((4, 4), 100 * t + k, np.int16) for t, k in order])
    write(enhanced(voxels, planes, dimensions=("StackID", "InStackPositionNumber", "TemporalPositionIndex")), tmp_path / "e.dcm")
    cases = sorted(cases_of(tmp_path), key=lambda case: case.facts["interpretation"])
    assert words(cases) == ["time 1 of 2", "time 2 of 2"]
    assert [filled(case).voxels[:, 0, 0].tolist() for case in cases] == [[100, 101, 102, 103], [200, 201, 202, 203]]


def test_a_dimension_that_only_the_index_names_tells_volumes_apart(tmp_path):
    planes = []
    for n in (1, 2):
        for k in range(3):
            one = plane((0, 0, 3 * k), place=k + 1)
            one.FrameContentSequence[0].DimensionIndexValues = [1, k + 1, n]
            planes.append(one)
    dimensions = ("StackID", "InStackPositionNumber", 0x00181242)
    write(enhanced(asymmetric((6, 4, 4)), planes, dimensions=dimensions), tmp_path / "e.dcm")
    assert words(cases_of(tmp_path)) == ["dimension 1 of 2", "dimension 2 of 2"]


def test_each_frame_has_its_own_slope(tmp_path):
    planes = [plane((0, 0, 3 * k), place=k + 1, slope=0.5 + k) for k in range(3)]
    voxels = np.full((3, 4, 4), 10, np.int16)
    write(enhanced(voxels, planes), tmp_path / "e.dcm")
    assert opened(tmp_path).voxels[:, 0, 0].tolist() == [5.0, 15.0, 25.0]


def test_several_enhanced_files_of_one_series_make_one_volume(tmp_path):
    series = generate_uid()
    for part in range(2):
        planes = [plane((0, 0, 3 * (2 * part + k)), place=k + 1) for k in range(2)]
        write(enhanced(asymmetric((4, 4, 4))[2 * part:2 * part + 2], planes, series=series, StudyInstanceUID="1.2.3",
                       InstanceNumber=part + 1), tmp_path / f"{part}.dcm")
    assert opened(tmp_path).voxels[:, 0, 0].tolist() == [0, 1000, 2000, 3000]


def test_echoes_inside_functional_groups(tmp_path):
    planes = [plane((0, 0, 3 * k), place=k + 1, MREchoSequence=item(EffectiveEchoTime=float(echo))) for echo in (20, 80)
              for k in range(3)]
    write(enhanced(asymmetric((6, 4, 4)), planes), tmp_path / "e.dcm")
    assert words(cases_of(tmp_path)) == ["echo 1 of 2", "echo 2 of 2"]


def test_tomosynthesis_is_a_volume(tmp_path):
    planes = [plane((0, 0, k), place=k + 1) for k in range(5)]
    write(enhanced(asymmetric((5, 8, 6)), planes, TOMO, "MG"), tmp_path / "t.dcm")
    case = only_case(tmp_path)
    assert (str(case.kind), case.modality, case.facts["shape"]) == ("volume", "MG", [5, 8, 6])


def test_enhanced_ct_is_in_hounsfield_units(tmp_path):
    planes = [plane((0, 0, k), place=k + 1, slope=1, CTImageFrameTypeSequence=item(FrameType=["ORIGINAL", "PRIMARY", "VOLUME"]))
              for k in range(3)]
    for group in planes:
        group.PixelValueTransformationSequence[0].RescaleType = "HU"
    write(enhanced(asymmetric((3, 4, 4)), planes, CT, "CT"), tmp_path / "c.dcm")
    assert opened(tmp_path).unit == "HU"


def test_a_parametric_map_of_floats_is_a_volume(tmp_path):
    planes = [plane((0, 0, 2.5 * k), place=k + 1) for k in range(3)]
    values = (asymmetric((3, 4, 4)) / 7).astype(np.float32)
    write(enhanced(values, planes, MAP, "MR"), tmp_path / "m.dcm")
    volume = opened(tmp_path)
    assert np.allclose(volume.voxels, values)
    assert volume.grid.spacing_mm[0] == pytest.approx(2.5)


def nuclear(step=4.0, image_type="RECON TOMO", **more):
    data = enhanced(asymmetric((4, 5, 6)), [], S + "20", "NM", ImageType=["ORIGINAL", "PRIMARY", image_type, "EMISSION"],
                    SpacingBetweenSlices=step, PixelSpacing=[0.8, 0.6], SliceThickness=abs(step), **more)
    del data.PerFrameFunctionalGroupsSequence, data.SharedFunctionalGroupsSequence
    data.DetectorInformationSequence = [item(ImagePositionPatient=[1, 2, 3], ImageOrientationPatient=[1, 0, 0, 0, 1, 0])]
    return data


@pytest.mark.parametrize("step", [4.0, -4.0])
def test_a_reconstructed_nuclear_scan_stacks_by_the_sign_of_its_step(tmp_path, step):
    write(nuclear(step, SliceVector=[1, 2, 3, 4], FrameIncrementPointer=0x00540080), tmp_path / "n.dcm")
    volume = opened(tmp_path)
    for k in range(4):
        source = int(volume.voxels[k, 0, 0]) // 1000
        assert same_place(volume.grid, (0, 0, k), (1, 2, 3 + source * step))


def test_a_gated_nuclear_scan_is_one_volume_for_each_phase(tmp_path):
    write(nuclear(SliceVector=[1, 2, 1, 2], TimeSlotVector=[1, 1, 2, 2], image_type="RECON GATED TOMO"), tmp_path / "n.dcm")
    assert words(cases_of(tmp_path)) == ["phase 1 of 2", "phase 2 of 2"]


def test_a_nuclear_camera_picture_is_a_picture(tmp_path):
    write(nuclear(image_type="DYNAMIC"), tmp_path / "n.dcm")
    assert str(only_case(tmp_path).kind) == "image"


@pytest.mark.parametrize("name", ["6.1", "3.1", "12.1", "12.2", "12.1.1", "7.2", "7.4", "77.1.4", "77.1.5.1", "13.1.4"])
def test_pictures_and_loops_are_routed_as_pictures(name):
    assert objects.read_as(S + name) == objects.PICTURE


@pytest.mark.parametrize("name,word", [("88.59", "key object"), ("481.5", "plan"),
                                       ("481.2", "dose"), ("104.1", "PDF"), ("88.67", "radiation dose"), ("66", "raw data")])
def test_what_holds_no_image_is_left_aside_by_name(tmp_path, name, word):
    data = Series(asymmetric((1, 4, 4))).slice(0, SOPClassUID=S + name)
    data.file_meta.MediaStorageSOPClassUID = S + name
    del data.PixelData
    write(data, tmp_path / "x.dcm")
    outcome, = scanned(tmp_path)
    assert outcome.outcome == "skipped" and word in outcome.reason and outcome.reason.endswith(".")


def test_a_reformatted_capture_that_knows_its_place_is_a_volume(tmp_path):
    series = Series(asymmetric((3, 4, 4)))
    for k in range(3):
        data = series.slice(k, SOPClassUID=S + "7", ImageType=["DERIVED", "SECONDARY", "MPR"], SOPInstanceUID=f"1.2.3.{k}")
        data.file_meta.MediaStorageSOPClassUID = S + "7"
        write(data, tmp_path / f"{k}.dcm")
    case = only_case(tmp_path)
    assert case.facts["shape"] == [3, 4, 4] and case.facts["unit"] is None


def test_a_map_in_colours_is_shown_as_a_picture(tmp_path):
    data = Series(asymmetric((1, 4, 4))).slice(0, Modality="MR", SOPClassUID=S + "4", SamplesPerPixel=3,
                                               PhotometricInterpretation="RGB", PlanarConfiguration=0, BitsAllocated=8,
                                               BitsStored=8, HighBit=7, PixelRepresentation=0, PixelData=bytes(range(48)))
    data.file_meta.MediaStorageSOPClassUID = S + "4"
    write(data, tmp_path / "x.dcm")
    assert str(only_case(tmp_path).kind) == "image"


def test_legacy_converted_files_tell_times_by_what_was_converted(tmp_path):
    planes = [plane((0, 0, 3 * k), place=k + 1, UnassignedPerFrameConvertedAttributesSequence=item(TemporalPositionIdentifier=t))
              for t in (1, 2) for k in range(3)]
    write(enhanced(asymmetric((6, 4, 4)), planes, S + "128.1", "PT", Units="GML"), tmp_path / "e.dcm")
    cases = cases_of(tmp_path)
    assert words(cases) == ["time 1 of 2", "time 2 of 2"]
    assert {case.facts["unit"] for case in cases} == {"SUV"}


def test_enhanced_pet_is_read(tmp_path):
    write(enhanced(asymmetric((3, 4, 4)), [plane((0, 0, 3 * k), place=k + 1) for k in range(3)], PET, "PT"), tmp_path / "p.dcm")
    case = only_case(tmp_path)
    assert case.facts["unit"] is None and "no SUV" in " ".join(case.warnings)


@needs_data
def test_the_enhanced_ct_of_the_collection_has_two_frames():
    paths = [path for path in (DATA / "imaging/ct/transfer_syntaxes").rglob("*") if path.is_file()]
    found = {case.facts["shape"][0] for path in paths for case in cases_of(path) if case.facts["sop_class"].endswith(".2.1")}
    assert found <= {1, 2}
