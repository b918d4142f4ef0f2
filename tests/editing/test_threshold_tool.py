from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage

from fakes.lesions import BRIGHT_AT, GRID, RADIUS_MM, ball, held, lesion_bench, over, proposed, segment
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_GROWN
from graticule.editing.proposal import BECOMES, ProposalChanged
from graticule.editing.tools.threshold import BRIGHT, CONNECTED, DARK, HAND, MIDDLE, ROUND, THREE, ThresholdTool
from graticule.imaging.threshold import METHODS, Range


def tool_on(bench, **options):
    tool = ThresholdTool()
    tool.taken(bench)
    if options:
        tool.options = replace(tool.options, **options)
        tool.changed(bench)
    return tool


def test_the_range_chooses_exactly_its_voxels_and_nothing_is_painted_before_enter() -> None:
    bench = lesion_bench()
    tool_on(bench, range=Range(150, 260))
    voxels = bench.canvas.voxels
    assert np.array_equal(proposed(bench), (voxels >= 150) & (voxels <= 260))
    assert not held(bench).any() and bench.workspace.undo_title is None
    bench.proposals.accept()
    assert np.array_equal(held(bench), (voxels >= 150) & (voxels <= 260))
    assert set(np.unique(bench.workspace.labels.group("1").authors[held(bench)])) == {AUTHOR_GROWN}
    assert bench.workspace.undo_title == "Threshold Tumour"
    bench.workspace.undo()
    assert not held(bench).any()


def test_otsu_is_taken_at_first_without_the_padding() -> None:
    bench = lesion_bench()
    tool = tool_on(bench)
    values = bench.canvas.voxels[bench.canvas.voxels > -2000]
    level = sitk.OtsuThresholdImageFilter()
    level.SetNumberOfHistogramBins(256)
    level.Execute(sitk.GetImageFromArray(values[None, None, :].astype(np.float32)))
    assert tool.counts is not None and tool.counts.first > -100
    assert abs(tool.options.range.low - level.GetThreshold()) <= 2 * tool.counts.step
    assert bench.proposals.now is not None and "voxels" in bench.proposals.now.note and "mL" in bench.proposals.now.note


@pytest.mark.parametrize("method", [*METHODS, THREE])
def test_every_method_gives_a_range_and_its_other_side(method: str) -> None:
    bench = lesion_bench()
    tool = tool_on(bench, method=method, part=BRIGHT)
    bright = proposed(bench)
    tool.options = replace(tool.options, part=DARK)
    tool.changed(bench)
    dark = proposed(bench)
    tissue = bench.canvas.voxels > -2000
    assert bright.any() and dark.any() and not (dark & ~tissue).any()
    assert not (bright & dark).any() or method != THREE


def test_the_middle_class_is_what_lies_between() -> None:
    bench = lesion_bench()
    tool_on(bench, method=THREE, part=MIDDLE)
    found, balls = proposed(bench), ball(GRID, BRIGHT_AT, RADIUS_MM)
    assert not (found & balls).any() and found[2, 40, 45]


def test_dragging_the_range_makes_it_the_hands_own() -> None:
    bench = lesion_bench()
    tool = tool_on(bench)
    tool.options = replace(tool.options, range=Range(20, 30))
    tool.changed(bench)
    assert tool.options.method == HAND


def test_a_click_takes_the_value_there_as_the_lower_end_and_with_ctrl_the_upper() -> None:
    bench, tool = lesion_bench(voxels=None), ThresholdTool()
    tool.taken(bench)
    tool.press(bench, over(BRIGHT_AT))
    k, j, i = BRIGHT_AT
    middle = float(np.median(bench.canvas.voxels[k, j - 1:j + 2, i - 1:i + 2]))
    assert tool.options.range.low == middle
    tool.press(bench, over((2, 40, 45), control=True))
    assert abs(tool.options.range.high - 100) < 10 and tool.options.range.low <= tool.options.range.high


def test_connected_to_the_click_is_one_part_only() -> None:
    bench = lesion_bench()
    tool = tool_on(bench, range=Range(60, 300), where=CONNECTED)
    assert bench.proposals.now is None  # nothing was clicked yet
    tool.press(bench, over(BRIGHT_AT))
    numbered, _ = ndimage.label((bench.canvas.voxels >= 60) & (bench.canvas.voxels <= 300))
    assert np.array_equal(proposed(bench), numbered == numbered[BRIGHT_AT])


def test_a_box_round_the_segment_keeps_to_it() -> None:
    bench = lesion_bench()
    tool_on(bench, range=Range(190, 210))
    bench.proposals.accept()
    tool = tool_on(bench, range=Range(50, 300), where=ROUND)
    found = proposed(bench)
    assert found.any() and not found[:, :, 46:].any()
    assert tool.options.where == ROUND
    with pytest.raises(GraticuleError, match="still empty"):
        tool_on(lesion_bench(), where=ROUND)


def test_locked_and_other_segments_are_left_alone_and_replace_gives_back_its_own() -> None:
    bench = lesion_bench(segment("Tumour", 1), segment("Vessel", 2, locked=True))
    group = bench.workspace.labels.group("1")
    group.values[10, 20:28, 10:20] = 2
    group.counts[2], group.counts[0] = 80, group.counts[0] - 80
    group.grow_box((slice(10, 11), slice(20, 28), slice(10, 20)))
    tool = tool_on(bench, range=Range(150, 260))
    assert not proposed(bench)[10, 20:28, 10:20].any()
    bench.proposals.accept()
    assert (group.values[10, 20:28, 10:20] == 2).all()
    tool.options = replace(tool.options, range=Range(10, 30), way=BECOMES)
    tool.changed(bench)
    bench.proposals.accept()
    assert not held(bench)[BRIGHT_AT] and held(bench)[10, 24, 38]


def test_use_as_painting_range() -> None:
    bench = lesion_bench()
    tool = tool_on(bench, range=Range(150, 260))
    tool.act(bench, "paint-range")
    assert bench.paint.range == Range(150, 260)


def test_without_a_segment_it_only_looks_and_a_press_says_why() -> None:
    bench = lesion_bench()
    bench.active_segment = None
    tool = tool_on(bench)
    assert tool.counts is not None and bench.proposals.now is None
    with pytest.raises(GraticuleError, match="No segment"):
        tool.press(bench, over(BRIGHT_AT))


def test_a_sketch_stands_until_the_whole_is_known() -> None:
    """While the hand drags, what waits can not be accepted by mistake: it would be another range."""
    bench, seen = lesion_bench(), []
    bench.workspace.bus.subscribe(ProposalChanged, lambda event: seen.append((bench.proposals.now, bench.proposals.sketched)))
    tool_on(bench, range=Range(150, 260))
    assert seen[-2][0] is None and seen[-2][1].range == Range(150, 260)
    assert seen[-1][0] is not None and seen[-1][1] is None


@settings(max_examples=30, deadline=None)
@given(low=st.integers(-2100, 400), span=st.integers(0, 800), way=st.sampled_from(["gains", BECOMES]))
def test_any_range_is_what_numpy_says_without_padding(low: int, span: int, way: str) -> None:
    bench = lesion_bench()
    tool_on(bench, range=Range(low, low + span), way=way)
    voxels = bench.canvas.voxels
    wanted = (voxels >= low) & (voxels <= low + span) & (voxels != -2000)
    assert np.array_equal(proposed(bench), wanted)
