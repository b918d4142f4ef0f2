from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
from scipy import ndimage

from fakes.lesions import BRIGHT_AT, DARK_AT, GRID, RADIUS_MM, ball, held, lesion_bench, over, proposed, segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import AUTHOR_GROWN
from graticule.editing.tools.flood import LEAK, STATISTICS, FloodTool
from graticule.imaging.confidence import ConfidenceParameters, grow_by_confidence
from graticule.imaging.flood import near_value


def dice(one, two) -> float:
    return 2 * float((one & two).sum()) / float(one.sum() + two.sum())


def clicked(bench, *places, **options):
    tool = FloodTool()
    tool.options = replace(tool.options, **options)
    for number, at in enumerate(places):
        tool.press(bench, over(at, shift=number > 0))
    return tool


def test_a_click_fills_what_is_connected_and_alike_and_waits_for_enter() -> None:
    bench = lesion_bench()
    tool = clicked(bench, BRIGHT_AT, filled=False, tolerance=30.0)
    voxels, near = bench.canvas.voxels, near_value(bench.canvas.voxels, BRIGHT_AT, 30.0)
    numbered, _ = ndimage.label((voxels >= near.low) & (voxels <= near.high))
    assert np.array_equal(proposed(bench), numbered == numbered[BRIGHT_AT])
    assert not held(bench).any()
    bench.proposals.accept()
    assert dice(held(bench), ball(GRID, BRIGHT_AT, RADIUS_MM)) == 1.0
    assert set(np.unique(bench.workspace.labels.group("1").authors[held(bench)])) == {AUTHOR_GROWN}
    tool.labels_changed(bench)
    assert not tool.wheel(bench, 1)  # nothing is proposed any more: the wheel belongs to the slices


def test_the_first_tolerance_comes_from_the_image() -> None:
    bench = lesion_bench()
    tool = clicked(bench, BRIGHT_AT)
    assert 5 < tool.options.tolerance < 60 and tool.limits[2] == "HU"
    assert dice(proposed(bench), ball(GRID, BRIGHT_AT, RADIUS_MM)) > 0.97


def test_the_wheel_widens_until_it_leaks_and_the_leak_is_said() -> None:
    bench = lesion_bench()
    tool = clicked(bench, BRIGHT_AT, reach_mm=15.0, tolerance=20.0)
    assert bench.proposals.now.warning == ""
    before = proposed(bench).sum()
    for _ in range(20):
        assert tool.wheel(bench, 1)
    assert proposed(bench).sum() > before and bench.proposals.now.warning == LEAK
    assert not held(bench).any()


def test_shift_adds_a_place() -> None:
    bench = lesion_bench()
    clicked(bench, BRIGHT_AT, DARK_AT, tolerance=30.0)
    both = ball(GRID, BRIGHT_AT, RADIUS_MM) | ball(GRID, DARK_AT, RADIUS_MM)
    assert dice(proposed(bench), both) > 0.99


def test_this_slice_only() -> None:
    bench = lesion_bench()
    clicked(bench, BRIGHT_AT, tolerance=30.0, flat=True)
    assert set(np.flatnonzero(proposed(bench).any(axis=(1, 2)))) == {BRIGHT_AT[0]}


def test_it_does_not_enter_what_is_protected() -> None:
    bench = lesion_bench(segment("Tumour", 1), segment("Vessel", 2))
    group = bench.workspace.labels.group("1")
    group.values[:, :, 16] = 2
    group.counts[2], group.counts[0] = 960, group.counts[0] - 960
    group.grow_box((slice(0, 20), slice(0, 48), slice(16, 17)))
    clicked(bench, (10, 24, 12), tolerance=30.0)
    assert not proposed(bench)[:, :, 16:].any() and proposed(bench)[10, 24, 12]


def test_beside_the_image_and_locked_it_says_why() -> None:
    with pytest.raises(GraticuleError, match="outside"):
        clicked(lesion_bench(), (10, 24, 400))
    with pytest.raises(GraticuleError, match="locked"):
        clicked(lesion_bench(segment("Tumour", 1, locked=True)), BRIGHT_AT)


def test_by_statistics_it_finds_the_ball_without_a_tolerance() -> None:
    bench = lesion_bench()
    tool = clicked(bench, BRIGHT_AT, by=STATISTICS, spread=3.0)
    assert dice(proposed(bench), ball(GRID, BRIGHT_AT, RADIUS_MM)) > 0.98
    tool.wheel(bench, 1)
    assert tool.options.spread > 3.0


@pytest.mark.parametrize("spread", [1.5, 2.0, 2.5, 3.0])
@pytest.mark.parametrize("rounds", [0, 1, 4])
def test_statistics_are_those_of_itk(spread: float, rounds: int) -> None:
    noise = np.random.default_rng(3).normal(0, 6, (14, 30, 32))
    voxels = np.where(ball(Grid((14, 30, 32), np.eye(4)), (7, 15, 14), 6.5), 60.0, 20.0) + ndimage.gaussian_filter(noise, 0.8)
    voxels = voxels.astype(np.float32)
    seeds = [(7, 15, 14), (6, 13, 15)]
    found, _ = grow_by_confidence(voxels, Grid(voxels.shape, np.eye(4)), seeds, ConfidenceParameters(spread, rounds))
    theirs = sitk.ConfidenceConnected(sitk.GetImageFromArray(voxels), [tuple(s[::-1]) for s in seeds], numberOfIterations=rounds,
                                      multiplier=spread, initialNeighborhoodRadius=1, replaceValue=1)
    ours = np.zeros(voxels.shape, dtype=bool)
    ours[found.patch.box] = found.patch.mask
    assert dice(ours, sitk.GetArrayFromImage(theirs) > 0) >= 0.999
