"""The cardiologist's hands on the page: mouse and keys in, labels and words out."""

import gc
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from fakes.ecg_case import add, ecg_case, plain, synthetic, twelve_lead
from graticule.domain.elements import Episode
from graticule.domain.progress import Silent
from graticule.domain.recording import Recording
from graticule.formats.ecg.family import FAMILY
from graticule.presenters.desk_events import Trouble
from graticule.presenters.ecg_sheet import Layout
from graticule.presenters.open_case import OpenCase
from graticule.ui import theme
from graticule.ui.ecg_page import EcgPage
from real_data import DATA, needs_data


class Desk:
    """A page in a window, and the hands that use it."""

    def __init__(self, qtbot: QtBot, opened: OpenCase) -> None:
        self.opened = opened
        self.page = EcgPage(opened)
        qtbot.addWidget(self.page, before_close_func=lambda page: page.shutdown())
        self.page.resize(1340, 900)
        self.page.show()
        qtbot.waitExposed(self.page)
        self.troubles: list[str] = []
        opened.bus.subscribe(Trouble, lambda event: self.troubles.append(event.error.message))

    @property
    def canvas(self) -> QWidget:
        return self.page.paper.viewport()

    def at(self, seconds: float, y_mm: float | None = None) -> QPoint:
        y_mm = self.page.view.sheet.rows[0] if y_mm is None else y_mm
        return self.page.paper.px(self.page.view.x_mm(seconds), y_mm)

    def drag(self, start: QPoint, end: QPoint, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mousePress(self.canvas, Qt.MouseButton.LeftButton, held, start)
        for share in (0.3, 0.7, 1.0):
            QTest.mouseMove(self.canvas, start + (end - start) * share)
        QTest.mouseRelease(self.canvas, Qt.MouseButton.LeftButton, held, end)

    def type(self, letters: str) -> None:
        QTest.keyClicks(self.focus, letters)

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.focus, key, held)

    def wheel(self, notches: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        at = QPointF(self.canvas.rect().center())
        QApplication.sendEvent(self.canvas, QWheelEvent(at, self.canvas.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches),
                                                        Qt.MouseButton.NoButton, held, Qt.ScrollPhase.NoScrollPhase, False))

    @property
    def focus(self) -> QWidget:
        return self.page.tagging.chooser._line if self.page.tagging.chooser.isVisible() else self.page.paper

    def tags(self) -> list[tuple[str, float, float]]:
        seconds = self.opened.content.seconds
        return sorted(((e.code.code, round(seconds(e.start), 1), round(seconds(e.end), 1))
                       for e in self.opened.workspace.labels.of(Episode)), key=lambda tag: tag[1:])

    @property
    def verdict(self) -> str:
        return self.page.tagging.conduction_panel.verdict_text


@pytest.fixture(autouse=True)
def look(qapp: QApplication) -> Iterator[None]:
    theme.apply(qapp)
    yield


@pytest.fixture
def desk(qtbot: QtBot) -> Any:
    def make(recording: Recording, **state: Any) -> Desk:
        return Desk(qtbot, ecg_case(recording, state))

    return make


def test_drag_a_few_letters_enter(desk: Any) -> None:
    d = desk(synthetic("wenckebach"))
    d.drag(d.at(0.3), d.at(9.5))
    d.type("wenck")
    assert "Fits: PR 180 → 260 → 310 → dropped." in d.verdict
    d.key(Qt.Key.Key_Return)
    assert d.tags() == [("avb2_mobitz1", 0.3, 9.5)]
    criteria = d.opened.workspace.labels.of(Episode)[0].criteria
    assert criteria["verdict"] == "green"
    assert [round(pr, -1) if pr > 0 else pr for pr in criteria["pr_ms"][:4]] == [180, 260, 310, -1]
    assert d.opened.workspace.undo_title == "Tag Mobitz I (Wenckebach) 0.3–9.5 s"


def test_mobitz_2_on_pure_2_to_1_is_told_in_red_and_enter_takes_2_to_1(desk: Any) -> None:
    d = desk(synthetic("2to1"))
    d.drag(d.at(2.0), d.at(8.0))
    d.type("mob2")
    assert "Against: Only 2:1 seen: type not assignable." in d.verdict
    d.key(Qt.Key.Key_Return)
    assert d.tags() == [("avb2_2to1", 2.0, 8.0)]


def test_a_reader_may_override_with_a_reason(desk: Any) -> None:
    d = desk(synthetic("2to1"))
    d.drag(d.at(2.0), d.at(8.0))
    d.type("mob2")
    d.key(Qt.Key.Key_Down)
    d.key(Qt.Key.Key_Return)
    d.type("3:2 seen on the monitor")
    d.key(Qt.Key.Key_Return)
    assert d.tags() == [("avb2_mobitz2", 2.0, 8.0)]
    assert d.opened.workspace.labels.of(Episode)[0].criteria["reason"] == "3:2 seen on the monitor"
    assert "Kept with the reason: 3:2 seen on the monitor" in d.verdict


def test_escape_steps_back_and_tags_nothing(desk: Any) -> None:
    d = desk(synthetic("2to1"))
    d.drag(d.at(2.0), d.at(8.0))
    d.type("mob2")
    d.key(Qt.Key.Key_Down)
    d.key(Qt.Key.Key_Return)
    d.key(Qt.Key.Key_Escape)
    assert d.page.tagging.chooser.isVisible()
    d.key(Qt.Key.Key_Escape)
    assert not d.page.tagging.chooser.isVisible()
    assert d.tags() == [] and d.page.episode_tool.span is None


def test_alt_and_a_key_tag_at_once(desk: Any) -> None:
    d = desk(plain())
    d.drag(d.at(1.0), d.at(4.0))
    d.key(Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    assert d.tags() == [("afib", 1.0, 4.0)]
    d.key(Qt.Key.Key_S, Qt.KeyboardModifier.AltModifier)
    assert d.tags() == [("sinus", 1.0, 4.0)]


def test_letters_typed_for_a_code_reach_no_tool(desk: Any) -> None:
    d = desk(plain())
    d.drag(d.at(1.0), d.at(4.0))
    d.type("ce")
    assert d.page.active_tool == "episode"
    d.key(Qt.Key.Key_Escape)
    d.type("c")
    assert d.page.active_tool == "calipers"


def test_a_bar_is_moved_resized_and_deleted_by_hand(desk: Any) -> None:
    d = desk(plain())
    add(d.opened, "afib", 500, 1000)
    y = d.page.view.sheet.bands[0].y_mm + 3
    d.drag(d.at(3.0, y), d.at(5.0, y))
    assert d.tags() == [("afib", 4.0, 6.0)]
    d.drag(d.at(6.0, y), d.at(8.0, y))
    assert d.tags() == [("afib", 4.0, 8.0)]
    d.key(Qt.Key.Key_Delete)
    assert d.tags() == []
    assert d.opened.workspace.undo_title == "Delete Atrial fibrillation 4.0–8.0 s"


def test_the_list_follows_and_takes_one_there(desk: Any) -> None:
    d = desk(plain(seconds=120))
    panel = d.page.tagging.episode_panel
    assert panel.count() == 0
    episode = add(d.opened, "afib", 20000, 21000)
    assert panel.count() == 1
    panel.chosen.emit(episode.id)
    start, end = d.page.view.shown_s
    assert start < 80 < end and d.page.episode_tool.selected == episode.id
    d.opened.workspace.undo()
    assert panel.count() == 0 and d.page.episode_tool.selected is None


def test_page_keys_step_through_episodes(desk: Any) -> None:
    d = desk(plain(seconds=120))
    first, second = add(d.opened, "afib", 1000, 2000), add(d.opened, "sinus", 20000, 21000)
    for key, expected in ((Qt.Key.Key_PageDown, first.id), (Qt.Key.Key_PageDown, second.id), (Qt.Key.Key_PageUp, first.id)):
        d.key(key)
        assert d.page.episode_tool.selected == expected


def test_a_long_stretch_is_tagged_over_the_minutes(desk: Any) -> None:
    d = desk(plain(seconds=600))
    context = d.page.context
    assert context.isVisible()
    start, end = (QPoint(round(context._x(s, context.lines[n])), 20 + 44 * n + 20) for s, n in ((6.0, 0), (150.0, 2)))
    QTest.mousePress(context, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start)
    QTest.mouseMove(context, start + QPoint(30, 0))
    QTest.mouseMove(context, end)
    QTest.mouseRelease(context, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, end)
    d.type("aflutter")
    d.key(Qt.Key.Key_Return)
    (code, first, last), = d.tags()
    assert code == "aflutter" and first == pytest.approx(6.0, abs=0.3) and last == pytest.approx(150.0, abs=0.3)


def test_calipers_measure_and_march_and_go(desk: Any) -> None:
    d = desk(plain())
    d.key(Qt.Key.Key_C)
    d.drag(d.at(2.0), d.at(2.8))
    caliper = d.page.calipers_tool.caliper
    assert caliper is not None and caliper.interval_ms == pytest.approx(800, abs=15)
    d.key(Qt.Key.Key_M)
    assert d.page.calipers_tool.options.march
    d.key(Qt.Key.Key_Escape)
    assert d.page.calipers_tool.caliper is None and d.tags() == []


def test_wheel_scrolls_ctrl_wheel_zooms_arrows_page(desk: Any) -> None:
    d = desk(plain(seconds=120))
    d.wheel(-3)
    assert d.page.view.first_s > 0
    before = d.page.view.scale
    d.wheel(2, Qt.KeyboardModifier.ControlModifier)
    assert d.page.view.scale > before
    d.key(Qt.Key.Key_Home)
    assert d.page.view.first_s == 0
    d.key(Qt.Key.Key_Right)
    assert d.page.view.first_s == pytest.approx(d.page.view.sheet.page_s)
    d.key(Qt.Key.Key_End)
    assert d.page.view.shown_s[1] == 120


def test_a_locked_read_is_measured_but_not_tagged(desk: Any) -> None:
    d = desk(plain())
    d.opened.workspace.lock()
    d.drag(d.at(2.0), d.at(4.0))
    assert not d.page.tagging.chooser.isVisible()
    assert d.troubles == ["This read is signed and locked."]


def test_the_view_comes_back_as_it_was_left(desk: Any) -> None:
    d = desk(twelve_lead(17))
    d.page.view.turn(1)
    d.page.view.set_gain(20)
    d.page.set_tool("calipers")
    state = d.page.view_state()
    again = desk(twelve_lead(17), **state).page
    assert again.view.first_s == 7 and again.view.gain_mm_mv == 20
    assert again.view.layout is Layout.PAGE and again.active_tool == "calipers"
    assert again.view_state() == state


def test_what_was_looked_at_is_told_once(desk: Any, qtbot: QtBot) -> None:
    d = desk(plain())
    qtbot.wait(350)
    looks = d.page.looks()
    assert looks and looks[-1].view == "ecg" and looks[-1].region[0] == 0
    assert d.page.looks() == []


def test_synthetic_strips_are_marked_and_the_caption_is_always_there(desk: Any) -> None:
    texts = [w.text() for w in desk(synthetic("2to1")).page.findChildren(QWidget) if hasattr(w, "text") and callable(w.text)]
    assert any(text.startswith("SYNTHETIC") for text in texts)
    assert any("25 mm/s   10 mm/mV   filters not stated" in text for text in texts)
    assert not any(str(w.text()).startswith("SYNTHETIC") for w in desk(plain()).page.findChildren(QWidget) if hasattr(w, "text"))


def test_the_picture_has_paper_and_trace(desk: Any) -> None:
    d = desk(twelve_lead())
    image = d.page.paper.grab().toImage()
    colours = {image.pixelColor(x, y).name() for x in range(0, image.width(), 3) for y in range(0, image.height(), 7)}
    assert {theme.TOKENS.paper_ground, theme.TOKENS.paper_fine, theme.TOKENS.paper_coarse} <= colours
    darkest = min(colours, key=lambda name: int(name[1:3], 16) + int(name[3:5], 16) + int(name[5:], 16))
    assert int(darkest[1:3], 16) < 0x60


def test_the_paper_is_drawn_at_exactly_the_scale_it_says(desk: Any) -> None:
    d = desk(plain())
    shown = d.page.paper.viewportTransform()
    assert shown.m11() == pytest.approx(d.page.view.scale) and shown.m22() == pytest.approx(d.page.view.scale)
    assert (shown.dx(), shown.dy()) == (0, 0)


def test_pages_follow_the_contract_of_the_window(desk: Any) -> None:
    page = desk(plain()).page
    assert [tool.name for tool in page.tools()] == ["episode", "calipers", "beats"]
    assert {"Episodes", "Conduction", "Measures", "Tool"} <= {title for title, _ in page.panels()}
    assert "Drag along the strip" in page.hint() and "Wheel scrolls" in page.hint()


def test_a_page_that_was_left_is_gone(qtbot: QtBot) -> None:
    opened = ecg_case(plain())
    page = EcgPage(opened)
    page.show()
    gone = weakref.ref(page)
    panels = [panel for _, panel in page.panels()]
    page.shutdown()
    for widget in (*panels, page):
        widget.deleteLater()
    del page, panels, widget
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert gone() is None
    add(opened, "afib", 0, 100)


@needs_data
def test_a_real_2_to_1_stretch_of_mit_bih_231(desk: Any) -> None:
    d = desk(real("mitdb", "231_first15min"))
    assert d.page.context.isVisible() and d.page.overview.isVisible()
    d.page._centre(101)
    d.drag(d.at(97.6), d.at(103.0))
    d.type("mob2")
    assert "Only 2:1 seen: type not assignable." in d.verdict
    d.key(Qt.Key.Key_Return)
    assert [code for code, _, _ in d.tags()] == ["avb2_2to1"]


@needs_data
def test_a_real_12_lead_stands_on_one_page(desk: Any) -> None:
    view = desk(real("challenge2021_12lead", "E05526")).page.view
    assert view.layout is Layout.PAGE and view.shown_s == (0, 10)
    assert len(view.sheet.strips) == 13


def real(*parts: str) -> Recording:
    """A record of the collection, through the door by which the desk opens it."""
    folder = DATA.joinpath("ecg", *parts[:-1])
    files = sorted(folder.glob(f"{parts[-1]}.*"))
    case = next(outcome.case for outcome in FAMILY.gather(files, Silent()) if outcome.case is not None)
    content = FAMILY.open(case).content
    assert isinstance(content, Recording)
    return content
