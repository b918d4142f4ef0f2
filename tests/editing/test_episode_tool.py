"""Dragging out, moving and resizing episodes."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.ecg_case import add, ecg_case, plain
from graticule.domain.elements import Episode
from graticule.domain.errors import GraticuleError
from graticule.editing.tools.episode import EpisodeOptions, EpisodeTool, Grip, Span, nearest
from graticule.editing.tools.tool import Bench, Pointer
from graticule.presenters.open_case import OpenCase


def bench(opened: OpenCase) -> Bench:
    return Bench(opened.workspace, opened.content, opened.ontology, opened.new_id)


def on_strip(seconds: float, **more: bool) -> Pointer:
    return Pointer((seconds, 0.0), lead="II", reach=(0.1, 0.1), **more)


def on_band(seconds: float, track: str = "conduction") -> Pointer:
    return Pointer((seconds, 0.0), track=track, reach=(0.1, 0.1))


def gesture(tool: EpisodeTool, at: Bench, *pointers: Pointer) -> None:
    tool.press(at, pointers[0])
    for pointer in pointers[1:]:
        tool.drag(at, pointer)
    tool.release(at, pointers[-1])


def spans(opened: OpenCase) -> list[tuple[int, int]]:
    return sorted((e.start, e.end) for e in opened.workspace.labels.of(Episode))


def test_a_drag_gives_a_span_and_changes_nothing_yet() -> None:
    opened, tool = ecg_case(plain(rate=250)), EpisodeTool()
    gesture(tool, bench(opened), on_strip(4.0), on_strip(3.0), on_strip(2.0))
    assert tool.span == Span(500, 1000)
    assert spans(opened) == [] and opened.workspace.undo_title is None


def test_a_click_is_not_a_span() -> None:
    opened, tool = ecg_case(plain()), EpisodeTool()
    gesture(tool, bench(opened), on_strip(4.0), on_strip(4.01))
    assert tool.span is None


def test_a_drag_past_the_end_stops_at_the_end() -> None:
    opened, tool = ecg_case(plain(seconds=10, rate=250)), EpisodeTool()
    gesture(tool, bench(opened), on_strip(8.0), on_strip(40.0))
    assert tool.span == Span(2000, 2500)


def test_a_bar_is_moved_as_one_act_with_a_title() -> None:
    opened, tool = ecg_case(plain(rate=250)), EpisodeTool()
    add(opened, "avb2_mobitz2", 500, 1000)
    gesture(tool, bench(opened), on_band(3.0), on_band(3.5), on_band(5.0))
    assert spans(opened) == [(1000, 1500)]
    assert opened.workspace.undo_title == "Move Mobitz II to 4.0–6.0 s"
    opened.workspace.undo()
    assert spans(opened) == [(500, 1000)]


def test_ends_are_handles() -> None:
    opened, tool = ecg_case(plain(rate=250)), EpisodeTool()
    episode = add(opened, "avb1", 500, 1000)
    at = bench(opened)
    assert tool.grip_at(at, on_band(2.05)) is Grip.START
    assert tool.grip_at(at, on_band(3.0)) is Grip.BODY
    assert tool.grip_at(at, on_band(3.95)) is Grip.END
    assert tool.grip_at(at, on_band(3.0, "rhythm")) is None
    gesture(tool, at, on_band(4.0), on_band(6.0))
    gesture(tool, at, on_band(2.0), on_band(1.0))
    assert spans(opened) == [(250, 1500)]
    assert tool.selected == episode.id


def test_an_end_never_passes_the_other() -> None:
    opened, tool = ecg_case(plain(rate=250)), EpisodeTool()
    add(opened, "avb1", 500, 1000)
    gesture(tool, bench(opened), on_band(4.0), on_band(0.5))
    (start, end), = spans(opened)
    assert start == 500 and end > start


def test_moving_over_another_trims_it_and_moving_back_before_letting_go_does_not() -> None:
    opened, tool = ecg_case(plain(rate=250)), EpisodeTool()
    add(opened, "avb1", 500, 1000)
    add(opened, "avb3", 1000, 2000)
    at = bench(opened)
    tool.press(at, on_band(3.0))
    tool.drag(at, on_band(5.0))
    assert spans(opened) == [(1000, 1500), (1500, 2000)]
    tool.drag(at, on_band(3.0))
    tool.release(at, on_band(3.0))
    assert spans(opened) == [(500, 1000), (1000, 2000)]


def test_escape_during_a_move_leaves_everything() -> None:
    opened, tool = ecg_case(plain(rate=250)), EpisodeTool()
    add(opened, "avb1", 500, 1000)
    at = bench(opened)
    tool.press(at, on_band(3.0))
    tool.drag(at, on_band(9.0))
    tool.cancel(at)
    assert spans(opened) == [(500, 1000)] and not opened.workspace.staging


def test_moving_measures_again() -> None:
    opened, tool = ecg_case(plain(rate=250)), EpisodeTool()
    add(opened, "avb1", 500, 1000, criteria={"from": 500})
    tool.measured = lambda episode: {"from": episode.start}
    gesture(tool, bench(opened), on_band(3.0), on_band(4.0))
    assert opened.workspace.labels.of(Episode)[0].criteria == {"from": 750}


def test_a_signed_read_refuses() -> None:
    opened, tool = ecg_case(plain(rate=250)), EpisodeTool()
    add(opened, "avb1", 500, 1000)
    opened.workspace.lock()
    at = bench(opened)
    tool.press(at, on_band(3.0))
    with pytest.raises(GraticuleError, match="locked"):
        tool.drag(at, on_band(5.0))


def test_snapping_goes_to_the_nearest_peak_unless_alt_is_held() -> None:
    opened, tool = ecg_case(plain(rate=250)), EpisodeTool()
    tool.options, tool.peaks = EpisodeOptions(snap=True), [500, 760, 1010]
    gesture(tool, bench(opened), on_strip(2.05), on_strip(4.0))
    assert tool.span == Span(500, 1010)
    gesture(tool, bench(opened), on_strip(2.05, alt=True), on_strip(4.0, alt=True))
    assert tool.span == Span(512, 1000)


@given(st.lists(st.integers(0, 1000), max_size=20), st.integers(0, 1000), st.integers(0, 50))
def test_nearest_is_nearest(peaks: list[int], tick: int, reach: int) -> None:
    found = nearest(sorted(peaks), tick, reach)
    close = [peak for peak in peaks if abs(peak - tick) <= reach]
    assert abs(found - tick) == min((abs(peak - tick) for peak in close), default=0)
    assert found in close or (not close and found == tick)


moves = st.tuples(st.floats(0, 60), st.floats(-5, 65), st.sampled_from(["conduction", "rhythm"]))


@settings(max_examples=60)
@given(st.lists(moves, max_size=8))
def test_any_gestures_on_the_bands_keep_tracks_disjoint_and_inside_the_record(acts: list[tuple[float, float, str]]) -> None:
    opened, tool = ecg_case(plain(rate=250)), EpisodeTool()
    for slug, start, end in (("avb1", 0, 3000), ("avb3", 3000, 9000), ("sinus", 100, 15000)):
        add(opened, slug, start, end)
    for press, drop, track in acts:
        gesture(tool, bench(opened), on_band(press, track), on_band((press + drop) / 2, track), on_band(drop, track))
        for name in ("conduction", "rhythm"):
            row = sorted((e.start, e.end) for e in opened.workspace.labels.of(Episode) if e.track == name)
            assert all(0 <= s < e <= 15000 for s, e in row)
            assert all(a[1] <= b[0] for a, b in pairwise(row))
