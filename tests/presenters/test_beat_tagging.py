"""Beats by letters, and the keyboard's cursor."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.ecg_case import ecg_case, plain
from graticule.domain.elements import Beat
from graticule.domain.errors import GraticuleError
from graticule.editing.tools.episode import Span
from graticule.presenters.beat_tagging import BeatTagging
from graticule.presenters.caret import Caret


def named() -> tuple[object, BeatTagging]:
    recording = plain(seconds=60)
    opened = ecg_case(recording)
    beats = BeatTagging(opened, recording)
    for tick in (100, 300, 500):
        beats.name(tick, "N")
    return opened, beats


def test_a_letter_names_the_beat_near_the_cursor_or_puts_one_there() -> None:
    opened, beats = named()
    assert beats.name(303, "V") == 300
    assert [(b.tick, b.symbol) for b in opened.workspace.labels.of(Beat)] == [(100, "N"), (300, "V"), (500, "N")]
    assert opened.workspace.undo_title == "Name ventricular premature beat at 1.20 s"
    opened.workspace.undo()
    assert beats.at(300) == (300, "N") and beats.at(400) is None
    with pytest.raises(GraticuleError, match="names no beat"):
        beats.name(300, "x")


def test_beats_move_and_go_and_come_back() -> None:
    opened, beats = named()
    beats.move(300, 310)
    beats.remove(500)
    assert beats.ticks().tolist() == [100, 310]
    with pytest.raises(GraticuleError, match="no beat here"):
        beats.remove(500)
    opened.workspace.undo()
    opened.workspace.undo()
    assert beats.ticks().tolist() == [100, 300, 500]


@pytest.mark.parametrize("letter", list("NLRBAaJSVrFejnE/fQ?"))
def test_every_wfdb_letter_of_a_beat_names_one(letter: str) -> None:
    _, beats = named()
    beats.name(100, letter)
    assert beats.at(100) == (100, letter)


@given(st.lists(st.integers(0, 15_000), unique=True, max_size=40), st.lists(st.sampled_from([-1, 1]), max_size=30))
def test_the_cursor_stops_only_at_beats_and_the_ends(peaks: list[int], steps: list[int]) -> None:
    caret = Caret(plain(seconds=60))
    caret.peaks = sorted(peaks)
    for by in steps:
        before = caret.tick
        caret.step(by, (0, 15_000))
        assert caret.tick in {*peaks, 0, 15_000} or not peaks
        assert before is None or (caret.tick - before) * by >= 0
        assert caret.span is None


def test_a_stretch_is_drawn_from_beat_to_beat() -> None:
    caret = Caret(plain(seconds=60))
    caret.peaks = np.array([1000, 1200, 1400, 1600])
    caret.put(1000)
    for _ in range(2):
        caret.step(1, (0, 5000), extend=True)
    assert caret.span == Span(1000, 1400)
    caret.step(-1, (0, 5000), extend=True)
    assert caret.span == Span(1000, 1200)
    caret.step(1, (0, 5000))
    assert caret.span is None and caret.tick == 1400
