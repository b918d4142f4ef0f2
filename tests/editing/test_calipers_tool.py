"""Calipers: interval and rate, marching, millivolts."""

from dataclasses import replace

import pytest

from fakes.ecg_case import ecg_case, plain
from graticule.editing.tools.calipers import Caliper, CalipersOptions, CalipersTool
from graticule.editing.tools.tool import Bench, Pointer


@pytest.fixture
def bench() -> Bench:
    opened = ecg_case(plain())
    return Bench(opened.workspace, opened.content, opened.ontology, opened.new_id)


def at(seconds: float, millivolts: float = 0.0, lead: str = "II", shift: bool = False) -> Pointer:
    return Pointer((seconds, millivolts), lead=lead, shift=shift, reach=(0.05, 0.1))


def drag(tool: CalipersTool, bench: Bench, start: Pointer, end: Pointer) -> None:
    tool.press(bench, start)
    tool.drag(bench, end)
    tool.release(bench, end)


def test_two_legs_say_interval_and_rate(bench: Bench) -> None:
    tool = CalipersTool()
    drag(tool, bench, at(1.0), at(1.8))
    assert tool.caliper is not None
    assert tool.caliper.text() == "800 ms · 75/min"


def test_dragging_backwards_measures_the_same(bench: Bench) -> None:
    tool = CalipersTool()
    drag(tool, bench, at(1.8), at(1.0))
    assert tool.caliper is not None and tool.caliper.interval_ms == 800


def test_a_click_opens_nothing(bench: Bench) -> None:
    tool = CalipersTool()
    drag(tool, bench, at(1.0), at(1.0))
    assert tool.caliper is None


def test_a_leg_is_dragged_alone_and_the_bar_carries_both(bench: Bench) -> None:
    tool = CalipersTool()
    drag(tool, bench, at(1.0), at(2.0))
    drag(tool, bench, at(2.02), at(2.5))
    assert tool.caliper is not None and tool.caliper.interval_ms == 1500
    drag(tool, bench, at(1.5), at(3.5))
    assert (tool.caliper.start_s, tool.caliper.end_s) == (3.0, 4.5)


def test_off_the_bar_between_the_legs_new_calipers_open(bench: Bench) -> None:
    tool = CalipersTool()
    drag(tool, bench, at(1.0), at(3.0))
    drag(tool, bench, at(1.5, 0.8), at(2.0, 0.8))
    assert tool.caliper is not None and tool.caliper.interval_ms == 500


def test_shift_measures_millivolts(bench: Bench) -> None:
    tool = CalipersTool()
    drag(tool, bench, at(1.0, -0.25, shift=True), at(1.1, 1.0, shift=True))
    assert tool.caliper is not None
    assert tool.caliper.vertical and tool.caliper.text() == "1.25 mV"


def test_escape_brings_back_what_was_before_the_drag_then_removes_it(bench: Bench) -> None:
    tool = CalipersTool()
    drag(tool, bench, at(1.0), at(2.0))
    kept = tool.caliper
    tool.press(bench, at(2.0))
    tool.drag(bench, at(5.0))
    tool.cancel(bench)
    assert tool.caliper == kept
    tool.cancel(bench)
    assert tool.caliper is None


def test_marching_repeats_the_legs_without_the_measured_ones() -> None:
    caliper = Caliper(2.0, 2.8, 0, 0, "II")
    assert caliper.marched(0.0, 6.0) == pytest.approx([0.4, 1.2, 3.6, 4.4, 5.2, 6.0])
    assert replace(caliper, end_s=2.0).marched(0, 6) == []


def test_march_is_switched_on_and_off(bench: Bench) -> None:
    tool = CalipersTool()
    assert tool.options == CalipersOptions(march=False)
    assert tool.toggle_march() is True and tool.options.march
    assert tool.toggle_march() is False


def test_calipers_are_no_label(bench: Bench) -> None:
    drag(CalipersTool(), bench, at(1.0), at(2.0))
    assert bench.workspace.labels.empty and bench.workspace.undo_title is None
