"""Series whose geometry lies: each lie is measured in millimetres, told in a sentence, and nothing is stretched."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fakes.dicom_series import Series, asymmetric, rotation
from fakes.door_ways import cases_of, filled, only_case, opened, same_place, scanned
from graticule.formats.describe import describe

turns = st.tuples(*[st.floats(-1, 1)] * 3).filter(lambda axis: np.linalg.norm(axis) > 0.1)


class Placed(Series):
    """A series whose slices lie where they are told: `heights` in mm along the step's direction."""

    def __init__(self, voxels, heights, **more):
        super().__init__(voxels, **more)
        self.heights = heights
        self.rise = self.step / self.spacing[0]

    def position(self, k):
        return self.origin + self.heights[k] * self.rise


def shown(folder):
    case = only_case(folder)
    volume = filled(case)
    return case, volume, describe(case, volume)


def told(volume):
    return {doubt.what: doubt.text for doubt in volume.doubts}


def sheet(volume):
    return {label: (value, level) for label, value, level in volume.signs}


@given(turns, st.floats(-180, 180), st.floats(-30, 30), st.floats(-30, 30),
       st.lists(st.integers(3, 90).map(lambda tenths: tenths / 10), min_size=2, max_size=7),
       st.sampled_from([1, -1]), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_slice_lies_where_its_header_says(tmp_path_factory, axis, degrees, tilt_x, tilt_y, gaps, handed, shuffler):
    """Whatever the orientation, tilt, gaps, direction and order of files: to_patient((0, 0, k)) is the slice's own position."""
    axes = rotation(axis, degrees)
    rise = axes @ np.array([np.tan(np.radians(tilt_y)), np.tan(np.radians(tilt_x)), 1.0]) * handed
    heights = np.concatenate([[0.0], np.cumsum(gaps)])
    series = Placed(asymmetric((len(heights), 3, 4)), heights, axes=axes, spacing=(1.0, 0.8, 0.6), step=rise)
    order = list(range(len(heights)))
    shuffler.shuffle(order)
    folder = tmp_path_factory.mktemp("placed")
    series.write(folder, order)
    seen = 0
    for case in cases_of(folder):
        volume = filled(case)
        for k in range(volume.grid.shape[0]):
            source = int(volume.voxels[k, 0, 0]) // 1000
            assert same_place(volume.grid, (0, 0, k), series.position(source), 1e-3)
            assert same_place(volume.grid, (3, 2, k), series.lps(3, 2, source), 1e-3)
            seen += 1
        assert "station" not in case.facts["interpretation"] and "jitter" not in told(volume)
    assert seen == len(heights)


@pytest.mark.parametrize("about_row,about_column", [(18.5, 0), (-18.5, 0), (0, 12), (0, -12), (10, -7)])
def test_both_tilts_are_measured_with_their_signs_and_stay_sheared(tmp_path, about_row, about_column):
    rise = np.array([np.tan(np.radians(about_column)), np.tan(np.radians(about_row)), 1.0]) * 2.5
    series = Series(asymmetric((5, 4, 6)), step=rise)
    series.write(tmp_path)
    _, volume, said = shown(tmp_path)
    assert said["tilt_x_deg"] == pytest.approx(about_row, abs=0.01)
    assert said["tilt_y_deg"] == pytest.approx(about_column, abs=0.01)
    whole = np.degrees(np.arctan(np.hypot(np.tan(np.radians(about_row)), np.tan(np.radians(about_column)))))
    assert said["tilt_deg"] == pytest.approx(whole, abs=0.01)
    assert volume.grid.levels is None
    assert f"{whole:.1f}°" in told(volume)["tilt"]
    assert sheet(volume)["Tilt"][1] == "warn"
    for k in range(5):
        assert same_place(volume.grid, (5, 3, k), series.lps(5, 3, k))


@pytest.mark.parametrize("gone,places", [([4], [(4, 1)]), ([4, 5], [(4, 2)]), ([2, 7], [(2, 1), (6, 1)]),
                                         ([1, 3], [(1, 1), (2, 1)])])
def test_missing_slices_leave_true_gaps_and_are_named_with_their_place(tmp_path, gone, places):
    kept = [k for k in range(12) if k not in gone]
    series = Placed(asymmetric((len(kept), 4, 4)), [2.5 * k for k in kept])
    series.write(tmp_path)
    _, volume, said = shown(tmp_path)
    assert said["missing"] == len(gone)
    assert [(k + 1, count) for k, count, *_ in said["missing_at"]] == places
    assert said["spacing_mm"][0] == pytest.approx(2.5)
    assert said["positions_mm"] == pytest.approx([33 + 2.5 * k for k in kept])
    assert volume.grid.levels.tolist() == pytest.approx(kept)
    text = told(volume)["missing-slices"]
    assert f"{len(gone)} slice" in text and f"{33 + 2.5 * (gone[0] - 1):.1f}" in text
    assert "uneven-spacing" not in told(volume)
    assert sheet(volume)["Missing slices"][1] == "bad"


def test_slices_missing_beside_the_first_of_three(tmp_path):
    Placed(asymmetric((3, 4, 4)), [0, 2.5, 7.5]).write(tmp_path)
    assert shown(tmp_path)[2]["missing"] == 1


def test_uneven_spacing_is_measured_and_every_slice_keeps_its_place(tmp_path):
    heights = [0, 2.5, 5.3, 7.5, 9.6, 12.5, 15.2, 17.5]
    Placed(asymmetric((8, 4, 4)), heights).write(tmp_path)
    _, volume, said = shown(tmp_path)
    assert (said["missing"], said["even"]) == (0, False)
    assert said["spacing_error_mm"] == pytest.approx(np.abs(np.array(heights) - 2.5 * np.arange(8)).max(), abs=1e-4)
    assert said["positions_mm"] == pytest.approx([33 + height for height in heights])
    assert "2.10 to 2.90 mm" in told(volume)["uneven-spacing"]
    assert volume.grid.slice_ml.sum() == pytest.approx((17.5 + 2.5 / 2 + 2.3 / 2) * 0.8 * 0.6 / 1000)


def test_rounded_headers_are_no_uneven_spacing(tmp_path):
    Placed(asymmetric((40, 3, 3)), [round(0.625 * k, 2) for k in range(40)], spacing=(0.625, 0.8, 0.6)).write(tmp_path)
    _, volume, said = shown(tmp_path)
    assert (said["even"], said["missing"]) == (True, 0)
    assert not {"uneven-spacing", "jitter", "said-spacing"} & set(told(volume))


def test_a_coarser_part_is_uneven_and_nothing_is_missing(tmp_path):
    heights = [*range(20), *range(24, 50, 5)]
    Placed(asymmetric((len(heights), 3, 3)), heights, spacing=(1.0, 0.8, 0.6)).write(tmp_path)
    _, volume, said = shown(tmp_path)
    assert (said["missing"], said["even"]) == (0, False)
    assert told(volume)["uneven-spacing"].startswith("Slices are unevenly spaced: 1.00 to 5.00 mm apart")


def test_blocks_far_apart_are_items_of_their_own(tmp_path):
    heights = [*np.arange(8) * 2.5, *(120 + np.arange(6) * 2.5)]
    Placed(asymmetric((14, 4, 4)), heights).write(tmp_path)
    cases = sorted(cases_of(tmp_path), key=lambda case: case.facts["interpretation"])
    assert [case.facts["shape"][0] for case in cases] == [8, 6]
    assert [case.facts["interpretation"] for case in cases] == ["block 1 of 2", "block 2 of 2"]
    assert all(case.facts["missing"] == 0 for case in cases)
    assert cases[0].facts["alternatives"] == ["one item of 14 slices with one large gap"]
    assert "102.5 mm between them" in " ".join(cases[0].warnings)


def test_an_oblique_stack_numbered_against_its_normal_is_sorted_and_told(tmp_path):
    axes = rotation((1, 0.3, 0), 35)
    series = Series(asymmetric((5, 4, 6)), axes=axes, step=-axes[:, 2] * 2.5)
    series.write(tmp_path)
    _, volume, _ = shown(tmp_path)
    assert np.linalg.det(volume.grid.affine[:3, :3]) > 0
    assert same_place(volume.grid, (5, 3, 0), series.lps(5, 3, 4))
    assert "left-handed" in sheet(volume)["Numbered"][0]


@pytest.mark.parametrize("feet_first", [False, True])
def test_prone_and_feet_first_lie_as_their_cosines_say(tmp_path, feet_first):
    axes = np.array([[-1, 0, 0], [0, -1, 0], [0, 0, 1]]).T if not feet_first else np.array([[-1, 0, 0], [0, 1, 0], [0, 0, -1]]).T
    series = Series(asymmetric((4, 4, 6)), axes=axes.astype(float))
    series.write(tmp_path, order=[3, 2, 1, 0], PatientPosition="FFS" if feet_first else "HFP")
    volume = opened(tmp_path)
    for k in range(4):
        source = int(volume.voxels[k, 0, 0]) // 1000
        assert same_place(volume.grid, (5, 3, k), series.lps(5, 3, source))


def test_slices_shifted_sideways_are_measured(tmp_path):
    class Shaken(Series):
        def position(self, k):
            return super().position(k) + (np.array([1.7, 0, 0]) if k == 3 else 0)

    Shaken(asymmetric((9, 4, 4))).write(tmp_path)
    _, volume, said = shown(tmp_path)
    assert said["jitter_mm"] == pytest.approx(1.7, abs=0.01)
    assert "1.70 mm (slice 4)" in told(volume)["jitter"]
    assert said["tilt_deg"] == pytest.approx(0, abs=1e-6)


def test_a_stray_last_slice_does_not_pass_for_a_tilt(tmp_path):
    class Stray(Series):
        def position(self, k):
            return super().position(k) + (np.array([0, 4.0, 0]) if k == 8 else 0)

    Stray(asymmetric((9, 4, 4))).write(tmp_path)
    volume = opened(tmp_path)
    assert volume.grid.tilt_deg == pytest.approx(0, abs=1e-6)
    assert "(slice 9)" in told(volume)["jitter"]


@pytest.mark.parametrize("thickness,word", [(5.0, "overlapping"), (1.0, "gaps"), (2.5, None)])
def test_thickness_is_held_against_the_real_step(tmp_path, thickness, word):
    Series(asymmetric((4, 3, 3))).write(tmp_path, SliceThickness=thickness)
    found = {"overlapping", "gaps"} & set(told(opened(tmp_path)))
    assert found == ({word} if word else set())


def test_a_header_that_states_another_step_is_not_believed(tmp_path):
    Series(asymmetric((5, 3, 3))).write(tmp_path, SpacingBetweenSlices=4.0)
    _, volume, said = shown(tmp_path)
    assert said["spacing_mm"][0] == pytest.approx(2.5)
    assert "4 mm between slices, their positions say 2.5 mm" in told(volume)["said-spacing"]


def test_slice_locations_that_disagree_are_told(tmp_path):
    series = Series(asymmetric((5, 3, 3)))
    for k in range(5):
        series.slice(k, SliceLocation=3.0 * k).save_as(tmp_path / f"{k}.dcm", enforce_file_format=True)
    assert "up to 0.50 mm" in told(opened(tmp_path))["said-location"]


def test_axes_that_are_slightly_wrong_are_mended_and_told(tmp_path):
    Series(asymmetric((3, 3, 3))).write(tmp_path, ImageOrientationPatient=[1.02, 0, 0, 0.005, 1, 0])
    volume = opened(tmp_path)
    assert volume.grid.oriented
    assert "1.0200" in told(volume)["axes"] and "89.71°" in told(volume)["axes"]
    assert np.allclose(volume.grid.direction.T @ volume.grid.direction, np.eye(3), atol=1e-9)


def test_axes_far_from_a_right_angle_are_refused_with_the_angle(tmp_path):
    Series(asymmetric((3, 3, 3))).write(tmp_path, ImageOrientationPatient=[1, 0, 0, 0.5, 1, 0])
    volume = opened(tmp_path)
    assert not volume.grid.oriented
    assert "63.4°" in told(volume)["axes"] and "no-position" in told(volume)


def test_zero_spacing_gives_no_millimetres(tmp_path):
    Series(asymmetric((3, 3, 3))).write(tmp_path, PixelSpacing=[0, 0])
    _, volume, said = shown(tmp_path)
    assert said["spacing_mm"] is None
    assert sheet(volume)["Pixels"][1] == "bad"


def test_without_orientation_slices_follow_their_locations(tmp_path):
    series = Series(asymmetric((4, 3, 3)))
    for k in range(4):
        data = series.slice(k, ImageOrientationPatient=None, SliceLocation=-2.0 * k)
        data.save_as(tmp_path / f"{k}.dcm", enforce_file_format=True)
    volume = opened(tmp_path)
    assert not volume.grid.oriented
    assert [int(v) // 1000 for v in volume.voxels[:, 0, 0]] == [3, 2, 1, 0]
    assert volume.grid.spacing_mm[0] == pytest.approx(2.0)


@pytest.mark.parametrize("change", [{"Rows": 4}, {"PixelSpacing": [0.4, 0.3]}])
def test_mixed_sizes_stand_apart_and_are_counted(tmp_path, change):
    series = Series(asymmetric((6, 8, 8)))
    for k in range(6):
        series.slice(k, **(change if k > 3 else {})).save_as(tmp_path / f"{k}.dcm", enforce_file_format=True)
    cases = cases_of(tmp_path)
    assert sorted(case.facts["shape"][0] for case in cases) == [2, 4]
    assert all("2 sizes, kept apart: 4 of 8 × 8" in " ".join(case.warnings) for case in cases)


def test_two_frames_of_reference_never_share_a_volume(tmp_path):
    series = Series(asymmetric((6, 4, 4)))
    for k in range(6):
        series.slice(k, **({"FrameOfReferenceUID": "1.2.3.4"} if k > 2 else {})).save_as(tmp_path / f"{k}.dcm",
                                                                                       enforce_file_format=True)
    cases = cases_of(tmp_path)
    assert sorted(case.facts["shape"][0] for case in cases) == [3, 3]
    assert all("2 frames of reference" in " ".join(case.warnings) for case in cases)


def test_the_sheet_of_a_plain_series_warns_of_nothing(tmp_path):
    Series(asymmetric((5, 4, 4))).write(tmp_path)
    case, volume, said = shown(tmp_path)
    assert [label for label, _, level in volume.signs if level] == []
    assert said["sheet"] and said["alternatives"] == [] and case.warnings == ()


def test_identical_identifiers_on_different_slices_lose_no_slice(tmp_path):
    Series(asymmetric((4, 3, 3))).write(tmp_path, SOPInstanceUID="1.2.3.4.5")
    assert {outcome.outcome for outcome in scanned(tmp_path)} == {"case"}
    assert only_case(tmp_path).facts["shape"][0] == 4
