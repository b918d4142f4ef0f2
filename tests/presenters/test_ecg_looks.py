"""The viewing record, the trend of rate and the minutes round the strip."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ecg_case import plain
from graticule.presenters.context_lines import context_lines
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_looks import LookLog
from graticule.presenters.rate_trend import RateTrend
from graticule.presenters.time_marks import mark_text, time_marks


@pytest.fixture
def view() -> EcgPresenter:
    made = EcgPresenter(plain(seconds=60, rate=250), ("rhythm",))
    made.resize(1360, 700)
    return made


def test_what_stood_on_the_screen_is_kept_with_its_scale_and_time(view: EcgPresenter) -> None:
    log = LookLog()
    log.note(view, 0)
    view.turn(1)
    log.note(view, 5000)
    first, second = log.take(7500)
    assert (first.view, first.where, first.shown_ms, second.shown_ms) == ("ecg", 0, 5000, 2500)
    assert first.region == (0, view.recording.tick(view.sheet.page_s))
    assert first.window == ("25", "10") and first.scale_permille == round(view.scale * 1000)


def test_what_was_scrolled_past_is_no_look(view: EcgPresenter) -> None:
    log = LookLog()
    for n in range(10):
        log.note(view, n * 50)
        view.scroll(1)
    assert log.take(460) == []


def test_time_is_counted_once_and_not_while_hidden(view: EcgPresenter) -> None:
    log = LookLog()
    log.note(view, 0)
    assert [look.shown_ms for look in log.take(1000)] == [1000]
    assert [look.shown_ms for look in log.take(1500)] == [500]
    log.hide(2000)
    assert [look.shown_ms for look in log.take(9000)] == [500]


def test_rate_is_sixty_over_the_interval() -> None:
    trend = RateTrend(np.array([0, 250, 500, 1000]), plain(seconds=60, rate=250))
    assert trend.rates.tolist() == [60, 60, 30]
    assert trend.times_s.tolist() == [1, 2, 4]
    times, low, high = trend.columns(12)
    assert (low.tolist(), high.tolist()) == ([30], [60]) and times.size == 1


def test_a_record_without_beats_has_no_trend() -> None:
    trend = RateTrend(np.empty(0, dtype=np.int64), plain())
    assert trend.columns(100)[0].size == 0 and trend.range == (40, 120)


@given(st.floats(1, 100_000), st.floats(0, 1), st.integers(1, 8))
def test_context_lines_follow_each_other_and_hold_the_middle(duration: float, share: float, count: int) -> None:
    centre = share * duration * 0.999
    lines = context_lines(duration, centre, count)
    assert 1 <= len(lines) <= count
    assert all(a.end_s == b.start_s for a, b in pairwise(lines))
    assert lines[0].start_s <= centre < lines[-1].end_s
    assert lines[0].start_s >= 0 and lines[-1].start_s < duration


@given(st.floats(0, 90_000), st.floats(0.5, 1_300_000), st.floats(200, 3000))
def test_time_marks_leave_room_for_their_words(start: float, span: float, width: float) -> None:
    marks = time_marks(start, start + span, width / span)
    gaps = np.diff([mark.seconds for mark in marks]) * width / span
    assert len(marks) <= width / 64 + 2
    assert (gaps >= 63.9).all()


def test_marks_are_written_as_times() -> None:
    assert [mark_text(s) for s in (0, 97, 7513)] == ["0:00", "1:37", "2:05:13"]
    assert mark_text(97.2, 0.2) == "1:37.2"
