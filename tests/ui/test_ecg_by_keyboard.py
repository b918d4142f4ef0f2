"""A strip tagged by real key events alone, and how long a reader needs for that by the keystroke-level model.

Card, Moran and Newell (1983): 0.28 s a key for an average typist, a held modifier being a key of its own, and 1.35 s for each
time of thinking. A reader thinks before he draws a stretch, before he names a code, and when he reads the answer of the gates.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from fakes.ecg_case import ecg_case, synthetic, twelve_lead
from graticule.domain.elements import Answer, Beat, Episode
from graticule.domain.recording import Recording
from graticule.editing.tracks import MARKS
from graticule.presenters.desk_events import Trouble
from graticule.ui import theme
from graticule.ui.ecg_page import EcgPage

KEY_S, THINK_S, LIMIT_S = 0.28, 1.35, 10.0
NONE, SHIFT, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
BOTH = SHIFT | CTRL
Key = Qt.Key


class Typist:
    """Sends keys to whatever has the focus, and counts the seconds."""

    def __init__(self, qtbot: QtBot, recording: Recording) -> None:
        self.opened = ecg_case(recording)
        self.page = EcgPage(self.opened)
        qtbot.addWidget(self.page, before_close_func=lambda page: page.shutdown())
        self.page.resize(1340, 900)
        self.page.show()
        qtbot.waitExposed(self.page)
        self.page.setFocus()
        self.seconds, self._held = 0.0, NONE
        self.troubles: list[str] = []
        self.opened.bus.subscribe(Trouble, lambda event: self.troubles.append(event.error.message))

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
        if held != self._held:
            self.seconds += KEY_S * bin(held.value & ~self._held.value).count("1")
            self._held = held
        self.seconds += KEY_S
        QTest.keyClick(self._focus, key, held)

    def type(self, letters: str) -> None:
        self._held = NONE
        self.seconds += KEY_S * len(letters)
        QTest.keyClicks(self._focus, letters)

    def think(self) -> None:
        self.seconds += THINK_S

    @property
    def _focus(self) -> Any:
        return self.page.tagging.chooser._line if self.page.tagging.chooser.isVisible() else self.page.paper

    def tags(self) -> list[tuple[str, int, int, str | None]]:
        found = [e for e in self.opened.workspace.labels.of(Episode) if e.track != MARKS]
        return sorted(((e.code.code, e.start, e.end, e.lead) for e in found), key=lambda tag: tag[1])


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp)
    yield


@pytest.fixture
def typist(qtbot: QtBot) -> Any:
    return lambda recording: Typist(qtbot, recording)


@pytest.mark.parametrize(("name", "letters", "slug"), [
    ("wenckebach", "wenck", "avb2_mobitz1"), ("2to1", "2:1", "avb2_2to1"), ("highgrade", "high", "avb_highgrade")])
def test_a_strip_is_tagged_by_keys_alone_in_less_than_ten_seconds(typist: Any, name: str, letters: str, slug: str) -> None:
    t = typist(synthetic(name))
    t.think()
    t.key(Key.Key_A, CTRL)
    t.think()
    t.type(letters)
    t.think()
    t.key(Key.Key_Return)
    assert [tag[0] for tag in t.tags()] == [slug]
    assert t.opened.workspace.labels.of(Episode)[0].criteria["verdict"] == "green"
    assert t.seconds < LIMIT_S, t.seconds


def test_three_episodes_of_a_strip_from_beat_to_beat_each_in_less_than_ten_seconds(typist: Any) -> None:
    t = typist(synthetic("wenckebach"))
    peaks = [int(p) for p in t.page.episode_tool.peaks]
    t.key(Key.Key_R, CTRL)   # stop at R peaks
    t.key(Key.Key_Right, CTRL)
    for slug, letters in (("avb2_mobitz1", "w"), ("avb_unspecified", "grade not"), ("av_dissociation", "avd")):
        t.seconds = 0.0
        t.think()
        for _ in range(3):
            t.key(Key.Key_Right, SHIFT)
        t.key(Key.Key_Return)
        t.think()
        t.type(letters)
        t.think()
        t.key(Key.Key_Return)
        if t.page.tagging.chooser.isVisible():
            t.type("seen")
            t.key(Key.Key_Return)
        assert t.seconds < LIMIT_S, (slug, t.seconds)
    spans = [(start, end) for _, start, end, _ in t.tags()]
    assert spans == [(peaks[0], peaks[3]), (peaks[3], peaks[6]), (peaks[6], peaks[9])]


def test_quality_of_one_lead_with_its_cause_is_one_line_of_letters(typist: Any) -> None:
    t = typist(synthetic("mobitz2"))
    t.key(Key.Key_A, CTRL)
    t.type("sev, muscle @v1")
    t.key(Key.Key_Return)
    (tag,) = t.tags()
    assert (tag[0], tag[3]) == ("q_severe", "V1")
    assert t.opened.workspace.labels.of(Episode)[0].criteria == {"cause": "qc_muscle"}


def test_an_episode_is_split_joined_trimmed_and_extended_by_keys(typist: Any) -> None:
    t = typist(synthetic("2to1"))
    t.key(Key.Key_A, CTRL)
    t.key(Key.Key_1, CTRL)
    whole = t.tags()[0]
    assert whole[0] == "sinus"
    t.page.tagging.caret.put(2000)
    t.key(Key.Key_K, CTRL)
    assert [(a, b) for _, a, b, _ in t.tags()] == [(whole[1], 2000), (2000, whole[2])]
    t.key(Key.Key_J, CTRL)
    assert t.tags() == [whole]
    t.page.tagging.caret.put(3000)
    t.key(Key.Key_BracketRight)
    assert t.tags()[0][2] == 3000
    t.key(Key.Key_U, CTRL)
    assert t.tags()[0][2] == t.opened.content.ticks
    t.page.tagging.caret.put(1000)
    t.key(Key.Key_BracketLeft)
    assert t.tags()[0][1] == 1000 and t.troubles == []


def test_letters_name_beats_and_the_cursor_goes_on(typist: Any) -> None:
    t = typist(synthetic("2to1"))
    t.key(Key.Key_F9)
    t.type("NVA")
    QTest.keyClicks(t.page.paper, "/")
    beats = t.opened.workspace.labels.of(Beat)
    assert [b.symbol for b in beats] == ["N", "V", "A", "/"]
    assert [b.tick for b in beats] == [int(p) for p in t.page.episode_tool.peaks[:4]]
    t.key(Key.Key_Comma)
    t.key(Key.Key_Delete)
    assert [b.symbol for b in t.opened.workspace.labels.of(Beat)] == ["N", "V", "A"]
    t.key(Key.Key_F9)
    t.type("e")
    assert len(t.opened.workspace.labels.of(Beat)) == 3 and t.troubles == []


def test_marks_are_set_by_keys_and_feed_the_gate(typist: Any) -> None:
    t = typist(synthetic("2to1"))
    t.key(Key.Key_A, CTRL)
    t.key(Key.Key_Escape)
    t.key(Key.Key_A, CTRL)
    t.type("2:1")
    t.key(Key.Key_Return)
    dropped = t.page.tagging.conduction.found.conduction.dropped
    t.page.tagging.caret.put(dropped[0].onset)
    t.key(Key.Key_D, CTRL)
    assert len(t.page.tagging.conduction.found.conduction.dropped) == len(dropped) - 1
    assert t.page.tagging.conduction.found.conduction.marked_p
    t.key(Key.Key_P, BOTH)
    assert len(t.page.tagging.conduction.found.conduction.dropped) == len(dropped)


def test_statements_are_typed(typist: Any) -> None:
    t = typist(twelve_lead())
    line = t.page.statements._line
    for letters in ("lbbb", "+intermittent"):
        QTest.keyClicks(line, letters)
        QTest.keyClick(line, Key.Key_Return)
    (answer,) = t.opened.workspace.labels.of(Answer)
    assert answer.value["code"][1] == "aha_104" and answer.value["modifiers"][0][1] == "aha_304"
