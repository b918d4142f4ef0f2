"""One series, several volumes: what tells them apart, and what is said where nothing does."""

import numpy as np
import pytest

from fakes.dicom_series import Series, asymmetric, rotation
from fakes.door_ways import cases_of, filled, only_case, scanned


def write(folder, *slices):
    folder.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(slices):
        data.save_as(folder / f"{number:04d}.dcm", enforce_file_format=True)
    return cases_of(folder)


def words(cases):
    return sorted(case.facts["interpretation"] for case in cases)


def test_echoes_at_interleaved_places_are_two_volumes(tmp_path):
    series = Series(asymmetric((8, 3, 3)))
    cases = write(tmp_path, *(series.slice(k, EchoTime=20.0 + 60 * (k % 2)) for k in range(8)))
    assert words(cases) == ["echo 1 of 2", "echo 2 of 2"]
    assert all(case.facts["shape"][0] == 4 for case in cases)


def test_one_volume_whose_two_halves_differ_in_a_contrast_stays_one(tmp_path):
    series = Series(asymmetric((8, 3, 3)))
    cases = write(tmp_path, *(series.slice(k, ConvolutionKernel="Br38" if k < 4 else "Br40") for k in range(8)))
    assert words(cases) == [""]


def test_b_values_with_directions_are_told_apart_one_after_the_other(tmp_path):
    series = Series(asymmetric((3, 3, 3)))
    weights = [(0, None), (1000, [1, 0, 0]), (1000, [0, 1, 0]), (1000, [0, 0, 1])]
    slices = []
    for n, (b, direction) in enumerate(weights):
        more = {"DiffusionGradientOrientation": [float(v) for v in direction]} if direction else {}
        slices += [series.slice(k, DiffusionBValue=float(b), InstanceNumber=3 * n + k, **more) for k in range(3)]
    cases = write(tmp_path, *slices)
    assert words(cases) == ["b-value 1 of 2", *(f"b-value 2 of 2, direction {n} of 3" for n in (1, 2, 3))]
    assert len({case.id for case in cases}) == 4


@pytest.mark.parametrize("letters", ["MP", "MPRI"])
def test_magnitude_phase_real_and_imaginary_stand_apart(tmp_path, letters):
    series = Series(asymmetric((3, 3, 3)))
    cases = write(tmp_path, *(series.slice(k, Modality="MR", ImageType=["ORIGINAL", "PRIMARY", letter]) for letter in letters
                              for k in range(3)))
    assert words(cases) == [f"part {n} of {len(letters)}" for n in range(1, len(letters) + 1)]


def test_cardiac_phases_with_times_of_their_own_at_every_slice(tmp_path):
    series = Series(asymmetric((4, 3, 3)))
    cases = write(tmp_path, *(series.slice(k, TriggerTime=float(35 * phase + k), InstanceNumber=k * 5 + phase) for k in range(4)
                              for phase in range(5)))
    assert words(cases) == [f"phase {n} of 5" for n in range(1, 6)]
    first = next(case for case in cases if case.facts["interpretation"] == "phase 1 of 5")
    assert sorted(filled(first).voxels[:, 0, 0].tolist()) == [0, 1000, 2000, 3000]


def test_times_and_echoes_together(tmp_path):
    series = Series(asymmetric((3, 3, 3)))
    cases = write(tmp_path, *(series.slice(k, EchoTime=echo, TemporalPositionIdentifier=time) for echo in (20.0, 80.0)
                              for time in (1, 2, 3) for k in range(3)))
    assert words(cases) == sorted(f"echo {e} of 2, time {t} of 3" for e in (1, 2) for t in (1, 2, 3))


def test_ct_phases_at_other_heights_are_two_scans(tmp_path):
    series = Series(asymmetric((10, 3, 3)))
    other = Series(asymmetric((10, 3, 3)) + 7, origin=(-11.0, 22.0, 33.9))
    other.series_uid, other.study_uid, other.frame_uid = series.series_uid, series.study_uid, series.frame_uid
    cases = write(tmp_path, *(series.slice(k, AcquisitionNumber=1) for k in range(10)),
                  *(other.slice(k, AcquisitionNumber=2, InstanceNumber=k + 11) for k in range(10)))
    assert words(cases) == ["acquisition 1 of 2", "acquisition 2 of 2"]
    assert all(case.facts["spacing_error_mm"] == "0.0" or float(case.facts["spacing_error_mm"]) < 1e-3 for case in cases)


def test_interleaved_acquisitions_that_make_one_even_stack_stay_one_and_say_so(tmp_path):
    series = Series(asymmetric((8, 3, 3)))
    case, = write(tmp_path, *(series.slice(k, AcquisitionNumber=1 + k % 2) for k in range(8)))
    assert case.facts["shape"][0] == 8
    assert case.facts["alternatives"] == ["2 items by acquisition, of 4 and 4 slices"]


def test_pet_frames_by_their_reference_time(tmp_path):
    series = Series(asymmetric((4, 3, 3)))
    cases = write(tmp_path, *(series.slice(k, FrameReferenceTime=1000.0 * t, InstanceNumber=10 * t + k) for t in (1, 2, 3)
                              for k in range(4)))
    assert words(cases) == ["time 1 of 3", "time 2 of 3", "time 3 of 3"]


def test_one_slice_twice_is_told_as_a_duplicate(tmp_path):
    series = Series(asymmetric((8, 3, 3)))
    cases = write(tmp_path, *(series.slice(k) for k in range(8)), series.slice(3, InstanceNumber=99))
    assert sorted(case.facts["shape"][0] for case in cases) == [1, 8]
    assert words(cases) == ["repeat 1 of 2", "repeat 2 of 2"]
    whole = next(case for case in cases if case.facts["shape"][0] == 8)
    assert "1 image lies where another lies already (1 place of 8)" in " ".join(whole.warnings)
    assert ["Images at one place", "several, not told apart", "bad"] in whole.facts["signs"]


def test_copies_of_a_file_are_skipped_with_a_sentence(tmp_path):
    series = Series(asymmetric((3, 3, 3)))
    data = series.slice(1)
    write(tmp_path, series.slice(0), data, series.slice(2), data)
    assert sorted(outcome.outcome for outcome in scanned(tmp_path)) == ["case", "case", "case", "skipped"]


def test_rotating_slices_stand_alone(tmp_path):
    slices = []
    series = Series(asymmetric((6, 3, 3)))
    for k in range(6):
        axes = rotation((0, 0, 1), 30 * k) @ np.array([[1, 0, 0], [0, 0, 1], [0, -1, 0]]).T
        slices.append(series.slice(k, ImageOrientationPatient=[float(v) for v in (*axes[:, 0], *axes[:, 1])],
                                   ImagePositionPatient=[0, 0, 0]))
    cases = write(tmp_path, *slices)
    assert [case.facts["shape"][0] for case in cases] == [1] * 6
    assert all("6 images of the series are turned against each other" in " ".join(case.warnings) for case in cases)


def test_three_orientations_are_three_items(tmp_path):
    slices = []
    for number, axes in enumerate((np.eye(3), rotation((1, 0, 0), 90), rotation((0, 1, 0), 90))):
        series = Series(asymmetric((4, 3, 3)), axes=axes)
        series.series_uid, series.study_uid, series.frame_uid = "1.2.3", "1.2.4", "1.2.5"
        slices += [series.slice(k, InstanceNumber=4 * number + k) for k in range(4)]
    cases = write(tmp_path, *slices)
    assert [case.facts["shape"][0] for case in cases] == [4, 4, 4]
    assert all("3 orientations, kept apart" in " ".join(case.warnings) for case in cases)


def test_table_stations_at_the_same_heights_are_items_of_their_own(tmp_path):
    axes = rotation((1, 0, 0), 90)
    slices = []
    for station in range(3):
        series = Series(asymmetric((4, 6, 6)), axes=axes, origin=(0, 0, -300.0 * station))
        series.series_uid, series.study_uid, series.frame_uid = "1.2.3", "1.2.4", "1.2.5"
        slices += [series.slice(k, InstanceNumber=4 * station + k) for k in range(4)]
    cases = write(tmp_path, *slices)
    assert words(cases) == ["station 1 of 3", "station 2 of 3", "station 3 of 3"]
    assert all(len({source.path for source in case.sources}) == 4 for case in cases)


@pytest.mark.parametrize("degrees", [1.0, 10.0, 30.0])
def test_a_tilted_series_of_two_times_is_two_tilted_volumes(tmp_path, degrees):
    tilt = np.radians(degrees)
    series = Series(asymmetric((12, 4, 4)), step=(0, 2.5 * np.sin(tilt), 2.5 * np.cos(tilt)))
    cases = write(tmp_path, *(series.slice(k, TemporalPositionIdentifier=t, InstanceNumber=20 * t + k) for t in (1, 2)
                              for k in range(12)))
    assert words(cases) == ["time 1 of 2", "time 2 of 2"]
    assert all(filled(case).grid.tilt_deg == pytest.approx(degrees, abs=0.01) for case in cases)


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("degrees", [2.0, 18.0])
def test_a_tilted_series_that_lacks_a_slice_stays_one_stack(tmp_path, degrees, times):
    tilt = np.radians(degrees)
    series = Series(asymmetric((12, 4, 4)), step=(0, 2.5 * np.sin(tilt), 2.5 * np.cos(tilt)))
    cases = write(tmp_path, *(series.slice(k, TemporalPositionIdentifier=t, InstanceNumber=20 * t + k)
                              for t in range(1, times + 1) for k in range(12) if k not in (4, 5)))
    assert [case.facts["shape"][0] for case in cases] == [10] * times
    assert all(case.facts["missing"] == 2 for case in cases)


def test_a_shift_of_the_field_of_view_within_a_series_is_two_items(tmp_path):
    one, two = Series(asymmetric((5, 8, 8))), Series(asymmetric((5, 8, 8)), origin=(9.0, 30.0, 33.0 + 12.5))
    two.series_uid, two.study_uid, two.frame_uid = one.series_uid, one.study_uid, one.frame_uid
    cases = write(tmp_path, *(one.slice(k) for k in range(5)), *(two.slice(k, InstanceNumber=6 + k) for k in range(5)))
    assert words(cases) == ["station 1 of 2", "station 2 of 2"]


def test_times_whose_tables_did_not_quite_return_are_still_repeats(tmp_path):
    """Two hundredths of a millimetre between slices of 2.5 mm are no two places."""
    one, two = Series(asymmetric((5, 8, 8))), Series(asymmetric((5, 8, 8)) + 7, origin=(-11.0, 22.0, 33.02))
    two.series_uid, two.study_uid, two.frame_uid = one.series_uid, one.study_uid, one.frame_uid
    cases = write(tmp_path, *(one.slice(k) for k in range(5)), *(two.slice(k, InstanceNumber=6 + k) for k in range(5)))
    assert words(cases) == ["time 1 of 2", "time 2 of 2"]
    assert all(case.facts["even"] and case.facts["jitter_mm"] == "0.0" for case in cases)


def test_an_incomplete_last_time_is_told(tmp_path):
    series = Series(asymmetric((4, 3, 3)))
    cases = write(tmp_path, *(series.slice(k, TemporalPositionIdentifier=1) for k in range(4)),
                  *(series.slice(k, TemporalPositionIdentifier=2, InstanceNumber=5 + k) for k in range(3)))
    assert sorted(case.facts["shape"][0] for case in cases) == [3, 4]
    assert all("some of these volumes lack slices" in " ".join(case.warnings) for case in cases)


def test_who_and_when_are_facts_and_no_name_is(tmp_path):
    Series(asymmetric((2, 3, 3))).write(tmp_path, StudyDate="20200315", StudyTime="101112", PatientBirthDate="19741231",
                                        PatientSex="F", BodyPartExamined="CHEST", AdditionalPatientHistory="Cough for weeks",
                                        SeriesDescription="Sentinel^Patience T1", Laterality="L", ViewPosition="AP")
    case = only_case(tmp_path)
    facts = case.facts
    assert facts["patient"].startswith("p-") and len(facts["patient"]) == 18
    assert facts["taken"] == "2020-03-15T10:11:12"
    assert facts["context"] == {"age": "45 years", "sex": "female", "history": "Cough for weeks"}
    assert (facts["laterality"], facts["view"], facts["body_part"]) == ("L", "AP", "chest")
    assert "Sentinel" not in str(facts) + case.title and "4711" not in str(facts)
    assert "Cough" not in case.title


def test_a_person_is_the_same_in_two_studies_and_another_is_not(tmp_path):
    for name, changes in (("a", {}), ("b", {}), ("c", {"PatientID": "other"}), ("d", {"IssuerOfPatientID": "clinic"})):
        Series(asymmetric((2, 3, 3))).write(tmp_path / name, **changes)
    one, two, three, four = (only_case(tmp_path / name).facts for name in "abcd")
    assert one["patient"] == two["patient"] and one["study"] != two["study"]
    assert len({one["patient"], three["patient"], four["patient"]}) == 3
