"""Measurements against hand computations; statistics against SimpleITK's LabelStatistics."""

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.geometry import Grid
from graticule.domain.picture import Calibrated, Picture
from graticule.domain.volume import Volume
from graticule.imaging.inside import pixels_inside, voxels_inside
from graticule.imaging.lengths import to_stored
from graticule.imaging.measure import measure
from graticule.imaging.profile import profile
from graticule.imaging.shapes import (
    ANGLE,
    BIDIRECTIONAL,
    BOX,
    COBB,
    ELLIPSE,
    FREEHAND,
    LINE,
    POINT,
    POLYGON,
    across_line,
    box_between,
    ellipse_between,
    handles,
    moved,
)
from graticule.imaging.statistics import statistics_of

SHEARED = np.array([[0.8, 0.05, 0.0, -40], [-0.05, 0.8, 0.9, -30], [0, 0, 4.6, 12], [0, 0, 0, 1.0]])


def noise_volume(affine: np.ndarray = SHEARED, levels: np.ndarray | None = None, **more: object) -> Volume:
    made = np.random.default_rng(7).normal(40, 300, (12, 60, 70)).astype(np.int16)
    return Volume(made, Grid(made.shape, affine, levels=levels), "CT", "HU", **more)


def flat_picture(**more: object) -> Picture:
    row, column = np.mgrid[0:100, 0:120]
    return Picture((row * 7 + column * 3).astype(np.uint16), "CR", "MONOCHROME2", **more)


def itk_statistics(values: np.ndarray, mask: np.ndarray) -> sitk.LabelStatisticsImageFilter:
    found = sitk.LabelStatisticsImageFilter()
    found.Execute(sitk.GetImageFromArray(values), sitk.GetImageFromArray(mask.astype(np.uint8)))
    return found


def agree(figures: dict, values: np.ndarray, mask: np.ndarray) -> None:
    theirs = itk_statistics(values, mask)
    assert int(figures["n"]) == theirs.GetCount(1)
    for name, wanted in (("mean", theirs.GetMean(1)), ("sd", theirs.GetSigma(1)), ("min", theirs.GetMinimum(1)),
                         ("max", theirs.GetMaximum(1))):
        assert float(figures[name]) == pytest.approx(wanted, abs=0.051)


def slow_inside(shape: str, corners: np.ndarray, x: float, y: float) -> bool:
    """Straight from the definition, one point at a time, apart from the code under test."""
    if shape == ELLIPSE:
        (cx, cy), a, b = corners.mean(axis=0), *(np.linalg.norm(corners[n + 1] - corners[n]) / 2 for n in (0, 2))
        return ((x - cx) / a) ** 2 + ((y - cy) / b) ** 2 <= 1
    low, high = corners.min(axis=0), corners.max(axis=0)
    return bool(low[0] <= x <= high[0] and low[1] <= y <= high[1])


@pytest.mark.parametrize("shape", [ELLIPSE, BOX])
@pytest.mark.parametrize("k", [0, 5, 11])
def test_values_in_a_volume_are_those_whose_centre_lies_inside(shape: str, k: int) -> None:
    volume = noise_volume()
    span = ellipse_between if shape == ELLIPSE else box_between
    in_index = span(np.array([12.3, 15.1]), np.array([48.9, 40.4]), np.array([1.0, 0]), np.array([0, 1.0]))
    points = volume.grid.to_patient(np.column_stack([in_index, np.full(len(in_index), k)]))
    found = measure(shape, to_stored(points), volume)
    mask = np.zeros(volume.voxels.shape, bool)
    mask[k] = [[slow_inside(shape, in_index, i, j) for i in range(70)] for j in range(60)]
    agree(found.figures, volume.voxels, mask)
    inside = volume.voxels[mask].astype(float)
    for share in (5, 50, 95):
        assert float(found.figures[f"p{share}"]) == pytest.approx(np.percentile(inside, share), abs=0.051)
    assert (found.value, found.unit) == (found.figures["mean"], "HU")


def test_an_area_on_a_tilted_series_takes_one_layer_and_reports_its_true_area() -> None:
    volume = noise_volume()
    corners = volume.grid.to_patient([[10, 10, 4], [40, 10, 4], [40, 30, 4], [10, 30, 4]])
    found = measure(BOX, to_stored(corners), volume)
    wanted = np.linalg.norm(np.cross(corners[1] - corners[0], corners[3] - corners[0]))
    assert int(found.figures["n"]) == 31 * 21
    assert float(found.figures["area"]) == pytest.approx(wanted, abs=0.06) and found.figures["area_unit"] == "mm²"


def test_uneven_slices_are_found_where_they_lie() -> None:
    levels = np.array([0, 1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13.0])
    volume = noise_volume(np.diag([1, 1, 2, 1.0]), levels)
    corners = np.array([[5, 5, 10.2], [20, 5, 10.2], [20, 15, 10.2], [5, 15, 10.2]])
    assert set(voxels_inside(volume.grid, BOX, corners)[:, 2]) == {3}


def test_a_plane_across_the_slices_takes_one_voxel_of_each_row() -> None:
    volume = noise_volume(np.diag([1, 1, 2, 1.0]))
    corners = np.array([[10.0, 20.3, 2], [30, 20.3, 2], [30, 20.3, 18], [10, 20.3, 18]])
    index = voxels_inside(volume.grid, BOX, corners)
    assert set(index[:, 1]) == {20} and len(index) == 21 * 9 == len(np.unique(index, axis=0))


def test_padding_and_slices_on_their_way_do_not_count() -> None:
    volume = noise_volume(np.eye(4), blank=(-2000.0, -2000.0))
    volume.voxels[3, 10:20, 10:20] = -2000
    points = np.array([[8.0, 8, 3], [30, 8, 3], [30, 30, 3], [8, 30, 3]])
    found = measure(POLYGON, to_stored(points - [0.5, 0.5, 0]), volume)
    assert int(found.figures["n"]) == 22 * 22 - 100 and float(found.figures["min"]) > -2000
    volume.arrived[3] = False
    late = measure(POLYGON, to_stored(points - [0.5, 0.5, 0]), volume)
    assert "mean" not in late.figures and late.unit == "mm²"


def test_a_monochrome1_picture_is_measured_in_its_own_values() -> None:
    picture = flat_picture(inverted=True)
    box = to_stored(box_between(np.array([10.0, 20]), np.array([40.0, 50]), np.array([1.0, 0]), np.array([0, 1.0])))
    found = measure(BOX, box, picture)
    mask = np.zeros(picture.pixels.shape, bool)
    mask[20:50, 10:40] = True
    agree(found.figures, picture.pixels, mask)


def test_colours_are_measured_by_channel_and_as_brightness() -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (50, 60, 3), dtype=np.uint8)
    found = measure(BOX, to_stored([[10, 10], [30, 10], [30, 20], [10, 20]]), Picture(pixels, "DMS", "RGB"))
    part = pixels[10:20, 10:30].reshape(-1, 3).astype(float)
    assert float(found.figures["red_mean"]) == pytest.approx(part[:, 0].mean(), abs=0.051)
    assert float(found.figures["blue_sd"]) == pytest.approx(part[:, 2].std(ddof=1), abs=0.051)
    assert float(found.value) == pytest.approx((part @ [0.2126, 0.7152, 0.0722]).mean(), abs=0.06)


def test_frames_are_measured_each_by_itself() -> None:
    frames = np.stack([np.full((20, 30), n, np.uint16) for n in (5, 9)])
    picture = Picture(frames[0], "US", "MONOCHROME2", frames=frames)
    second = [(5, 5, 1), (15, 5, 1), (15, 15, 1), (5, 15, 1)]
    assert measure(BOX, to_stored(second), picture).value == "9.0"
    assert measure(BOX, to_stored([place[:2] for place in second]), picture).value == "5.0"
    assert measure(POINT, to_stored([(5.5, 5.5, 1)]), picture).value == "9"


def test_lengths_say_why_they_are_in_mm_or_why_not() -> None:
    line = to_stored([[10, 10], [50, 40]])
    assert measure(LINE, line, flat_picture()).value == "50" and measure(LINE, line, flat_picture()).unit == "px"
    found = measure(LINE, line, flat_picture(pixel_mm=(0.2, 0.1), pixel_mm_source="ImagerPixelSpacing, at the detector"))
    assert (found.value, found.unit) == ("7.2", "mm")
    assert found.figures["scale"] == "at the detector, pixels 0.1 × 0.2 mm"
    tall = measure(LINE, to_stored([[10, 10], [10, 40]]), flat_picture(pixel_aspect=2.0))
    assert tall.value == "60" and "not square" in tall.figures["scale"]


def test_a_line_across_ultrasound_regions_refuses_millimetres() -> None:
    parts = (Calibrated(0, 0, 60, 100, (0.2, 0.2)), Calibrated(60, 0, 120, 50, (0.2, 0.2)),
             Calibrated(60, 50, 120, 100, None, "Doppler", ("cm/s", "s")))
    picture = flat_picture(calibrated=parts)
    assert measure(LINE, to_stored([[5, 5], [35, 45]]), picture).value == "10.0"
    across = measure(LINE, to_stored([[5, 5], [100, 5]]), picture)
    assert across.unit == "px" and "no mm" in across.figures["scale"]
    assert "Doppler" in measure(LINE, to_stored([[70, 60], [90, 70]]), picture).figures["scale"]


def test_angles_honour_pixels_that_are_not_square() -> None:
    corner = to_stored([[50, 20], [50, 50], [80, 50]])
    assert measure(ANGLE, corner, flat_picture()).value == "90.0"
    slope = to_stored([[10, 50], [50, 50], [80, 80]])
    assert measure(ANGLE, slope, flat_picture(pixel_mm=(0.2, 0.1))).value == f"{180 - np.degrees(np.arctan(2)):.1f}"


@pytest.mark.parametrize("degrees", [12.0, 48.0, 100.0])
@pytest.mark.parametrize("turned", [False, True])
def test_cobb_is_the_same_whichever_way_the_lines_were_drawn(degrees: float, turned: bool) -> None:
    def line(y: float, tilt: float) -> np.ndarray:
        way = 20 * np.array([np.cos(np.radians(tilt)), np.sin(np.radians(tilt))])
        middle = np.array([60, y])
        return np.array([middle - way, middle + way])

    upper, lower = line(25, degrees / 2), line(75, -degrees / 2)
    points = np.concatenate([upper, lower[::-1] if turned else lower])
    assert float(measure(COBB, to_stored(points), flat_picture()).value) == pytest.approx(degrees, abs=0.11)


def test_two_diameters_name_the_longer_one_long() -> None:
    points = to_stored([[0, 0, 3], [20, 0, 3], [10, -8, 3], [10, 17, 3]])
    found = measure(BIDIRECTIONAL, points, noise_volume())
    assert (found.value, found.figures["long"], found.figures["short"]) == ("25.0", "25.0", "20.0")


coordinates = st.floats(-50, 50).map(lambda value: round(value, 3))
points3 = st.tuples(coordinates, coordinates, coordinates).map(np.array)


@given(points3, points3, points3, points3)
def test_the_short_axis_stays_perpendicular_whatever_is_moved(one, two, start, to) -> None:
    if np.linalg.norm(two - one) < 1 or np.linalg.norm(to - one) < 1 or np.linalg.norm(to - two) < 1:
        return
    axes = np.concatenate([[one, two], across_line(np.stack([one, two]), start, to)])
    for handle in range(4):
        after = moved(BIDIRECTIONAL, axes, handle, to)
        size = np.linalg.norm(after[1] - after[0]) * np.linalg.norm(after[3] - after[2])
        assert abs((after[1] - after[0]) @ (after[3] - after[2])) <= 1e-6 * max(size, 1)
        if handle < 2:
            assert np.allclose(after[handle], to)
            assert np.linalg.norm(after[3] - after[2]) == pytest.approx(np.linalg.norm(axes[3] - axes[2]), abs=1e-6)


@given(st.sampled_from([BOX, ELLIPSE]), points3, points3, st.integers(0, 3))
def test_moving_a_handle_onto_itself_changes_nothing(shape, start, end, handle) -> None:
    right, down = np.array([0.6, 0.8, 0]), np.array([-0.8, 0.6, 0])
    if abs((end - start) @ right) < 0.1 or abs((end - start) @ down) < 0.1:
        return
    points = (box_between if shape == BOX else ellipse_between)(start, end, right, down)
    assert np.allclose(moved(shape, points, handle, handles(shape, points)[handle]), points, atol=1e-9)


def test_freehand_and_its_mirror_hold_the_same_pixels() -> None:
    turn = np.linspace(0, 2 * np.pi, 200, endpoint=False)
    ring = np.stack([50 + 20 * np.cos(turn) + 5 * np.cos(3 * turn), 50 + 20 * np.sin(turn)], axis=1)
    rows, columns = pixels_inside((100, 100), FREEHAND, ring)
    again = pixels_inside((100, 100), FREEHAND, ring[::-1])
    assert set(zip(rows, columns, strict=True)) == set(zip(*again, strict=True)) and 1000 < len(rows) < 1500


def test_statistics_say_no_more_than_there_is() -> None:
    assert statistics_of(np.zeros(0)) is None and statistics_of(np.array([np.nan])) is None
    one = statistics_of(np.array([7], np.int16))
    assert one is not None and one.sd is None and "sd" not in one.as_text()
    assert statistics_of(np.array([0.0123, 0.0125])).as_text()["mean"] == "0.01240"


def test_a_profile_follows_the_values_and_stops_at_the_edge() -> None:
    volume = Volume(np.tile(np.arange(70, dtype=np.int16), (12, 60, 1)), Grid((12, 60, 70), np.diag([2, 2, 2, 1.0])), "CT", "HU")
    away, values, unit = profile(np.array([[20.0, 40, 8], [60, 40, 8]]), volume)
    assert unit == "mm" and away[-1] == pytest.approx(40) and np.allclose(values, 10 + away / 2)
    _, beyond, _ = profile(np.array([[120.0, 40, 8], [150, 40, 8]]), volume)
    assert np.isnan(beyond[-1]) and not np.isnan(beyond[0])
    away, values, unit = profile(np.array([[10.5, 5.5], [20.5, 5.5]]), flat_picture())
    assert unit == "px" and np.allclose(values, 35 + 3 * (10 + away))
