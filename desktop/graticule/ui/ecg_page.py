"""The page on which an ECG is read. It joins presenter, tools and widgets and decides nothing clinical."""

import logging
from typing import Any

from PySide6.QtCore import QElapsedTimer, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Recording
from graticule.domain.viewing import Look
from graticule.ecg.qrs import find_qrs
from graticule.editing.events import LabelsChanged, LockChanged
from graticule.editing.tools.calipers import CalipersTool
from graticule.editing.tools.episode import EpisodeTool
from graticule.editing.tools.tool import Bench, Pointer, Tool
from graticule.jobs import Handle
from graticule.presenters.desk_events import Trouble
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_looks import LookLog
from graticule.presenters.ecg_sheet import Layout
from graticule.presenters.open_case import OpenCase
from graticule.ui.ecg_bar import CaptionBar, PaperBar
from graticule.ui.ecg_context import ContextView
from graticule.ui.ecg_hand import Hand
from graticule.ui.ecg_ink import DARK, LIGHT
from graticule.ui.ecg_keys import EcgKeys
from graticule.ui.ecg_marks import BandsItem, CalipersItem
from graticule.ui.ecg_overview import OverviewBar
from graticule.ui.ecg_tagging import Tagging
from graticule.ui.ecg_view import EcgView
from graticule.ui.ladder import LadderItem
from graticule.ui.options_form import OptionsForm
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

log = logging.getLogger("graticule.ecg")

BEATS = "beats"   # a lane of its own: looking for R peaks must hold up neither reading nor measuring
OVERVIEW_FROM_S = 20.0
CONTEXT_FROM_S, CONTEXT_TO_S = 90.0, 120.0   # the minutes round a strip help as long as it shows less than they do


class EcgPage(QWidget):
    """See `presenters/open_case.py` for what it is given and `ui/pages.py` for what the window expects of it."""

    status_changed = Signal(str)
    tool_changed = Signal(str)
    fidelity_changed = Signal(str)

    def __init__(self, opened: OpenCase, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        if not isinstance(opened.content, Recording):
            raise GraticuleError("This case is not an ECG.")
        self._opened, self._recording = opened, opened.content
        self.view = EcgPresenter(self._recording, opened.protocol.episode_tracks)
        self.episode_tool, self.calipers_tool = EpisodeTool(), CalipersTool()
        self.tagging = Tagging(opened, self._recording, self.view, self.episode_tool)
        self._clock, self._looks, self._fidelity = QElapsedTimer(), LookLog(), ""
        self._jobs: list[Handle] = []
        self._clock.start()
        self._build()
        self._connect()
        self._leave = [opened.bus.subscribe(LabelsChanged, self._labels_changed),
                       opened.bus.subscribe(LockChanged, self._lock_changed)]
        self._restore(opened.view_state)
        self._read()

    # What the window asks

    @property
    def active_tool(self) -> str:
        return self.hand.tool.name

    def tools(self) -> list[Tool]:
        return [self.episode_tool, self.calipers_tool]

    def set_tool(self, name: str) -> None:
        chosen = next((tool for tool in self.tools() if tool.name == name), None)
        if chosen is None or chosen is self.hand.tool:
            return
        self.tagging.close_chooser()
        self.episode_tool.cancel(self._bench)
        self.hand.tool = chosen
        self.options.show_tool(chosen)
        self.paper.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self._marks_changed()
        self.tool_changed.emit(name)

    def panels(self) -> list[tuple[str, QWidget]]:
        return [(tr("Episodes"), self.tagging.episode_panel), (tr("Conduction"), self.tagging.conduction_panel),
                (tr("Tool"), self.options)]

    def view_state(self) -> dict[str, Any]:
        v = self.view
        return {"first_tick": self._recording.tick(v.first_s), "layout": v.layout.value, "speed": f"{v.speed_mm_s:g}",
                "gain": f"{v.gain_mm_mv:g}", "tool": self.active_tool, "dark": self.bar.dark}

    def looks(self) -> list[Look]:
        return self._looks.take(self._clock.elapsed())

    def hint(self) -> str:
        wheel = tr("Wheel turns the page") if self.view.turns_pages else tr("Wheel scrolls")
        return f"{tr(self.hand.tool.hint)} · {wheel} · {tr('Ctrl+wheel zooms')} · {tr('← → page')}"

    PLACES = ("ecg", "tool")

    def perform(self, name: str) -> bool:
        """Do an action of `settings/actions.py` by its name (menus do)."""
        return self._keys.perform(name)

    def can(self, name: str) -> bool:
        return self._keys.can(name)

    def shutdown(self) -> None:
        for leave in self._leave:
            leave()
        self._leave = []
        for job in self._jobs:
            job.cancel()
        self.tagging.conduction.forget()
        self.paper.close()

    # Building

    def _build(self) -> None:
        episodes, view = self.tagging.episodes, self.view
        self._bench = Bench(self._opened.workspace, self._recording, self._opened.ontology, self._opened.new_id)
        self.bar, self.caption = PaperBar(view, self), CaptionBar(view, self)
        self.paper = EcgView(view, self)
        self.tagging.attach(self, self.paper)
        for item in (LadderItem(view, self.tagging.conduction), BandsItem(view, episodes, self.episode_tool),
                     CalipersItem(view, self.calipers_tool)):
            self.paper.add(item)
        self.context = ContextView(view, episodes, self.episode_tool, self)
        self.overview = OverviewBar(view, episodes, self)
        self.overview.setVisible(view.duration_s > OVERVIEW_FROM_S)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if self._recording.synthetic:
            column.addWidget(_synthetic_banner())
        for widget in (self.bar, self.paper, self.context, self.caption, self.overview):
            column.addWidget(widget, 1 if widget is self.paper else 0)
        self.hand = Hand(self.paper, view, self._bench, self.episode_tool)
        self.options = OptionsForm()
        self.options.show_tool(self.episode_tool)
        self._keys = EcgKeys(view, self.tagging, self.tools(), lambda: self.hand.tool, self.set_tool, self._key_moved,
                             self._escape)
        self.setFocusProxy(self.paper)
        self.paper.viewport().setCursor(Qt.CursorShape.CrossCursor)

    def _connect(self) -> None:
        hand, paper, tagging = self.hand, self.paper, self.tagging
        self.options.changed.connect(self._marks_changed)
        hand.pressed.connect(tagging.close_chooser)
        hand.let_go.connect(self._let_go)
        hand.marked.connect(self._marks_changed)
        hand.read_out.connect(self.status_changed)
        hand.failed.connect(self._trouble)
        paper.clicked_twice.connect(self._clicked_twice)
        paper.moved.connect(self._view_moved)
        tagging.changed.connect(self._marks_changed)
        tagging.went.connect(self._go_to)
        self.bar.changed.connect(self._laid_out)
        self.bar.dark_changed.connect(self._set_dark)
        self.overview.chosen.connect(self._centre)
        self.context.chosen.connect(self._centre)
        for signal, act in ((self.context.pressed, "press"), (self.context.dragged, "drag"), (self.context.released, "release")):
            signal.connect(lambda seconds, act=act: self._on_context(act, seconds))

    def _restore(self, state: dict[str, Any]) -> None:
        view = self.view
        if state.get("layout") in {layout.value for layout in view.layouts}:
            view.set_layout(Layout(state["layout"]))
        view.set_gain(float(state.get("gain", view.gain_mm_mv)))
        view.set_speed(float(state.get("speed", view.speed_mm_s)))
        view.first_s = self._recording.seconds(int(state.get("first_tick", 0)))
        self.bar.set_dark(bool(state.get("dark", False)))
        self.set_tool(str(state.get("tool", self.active_tool)))
        self.bar.follow()

    def _read(self) -> None:
        """Bring the samples if they are not all there, then look for R peaks: for the trend and for snapping."""
        opening, runner = self._opened.opening, self._opened.runner
        if opening is not None:
            self._jobs.append(runner.start(lambda progress: opening.fill(progress, lambda part: None),
                                           done=lambda _: self._filled(), failed=self._trouble, title=tr("Reading the ECG")))
        recording = self._recording
        self._jobs.append(runner.start(lambda progress: find_qrs(recording), done=self._peaks_found, failed=self._trouble,
                                       lane=BEATS))

    def _filled(self) -> None:
        self.view.forget_traces()
        self.context.forget()
        self.paper.refresh()

    def _peaks_found(self, peaks: Array) -> None:
        self.episode_tool.peaks = peaks
        self.overview.set_peaks(peaks)
        log.info("%d R peaks found", len(peaks))

    # What the hand did

    def _let_go(self) -> None:
        span = self.episode_tool.span
        if self.hand.tool is self.episode_tool and span is not None:
            self.tagging.dragged_out(span)
        else:
            self.tagging.select(self.episode_tool.selected)

    def _on_context(self, act: str, seconds: float) -> None:
        """A long stretch drawn over the minutes: the same tool, the same chooser."""
        if act == "press":
            self.tagging.close_chooser()
            self.set_tool(EpisodeTool.name)
        self.hand.act(act, Pointer((seconds, 0.0)))
        if act == "release":
            if self.episode_tool.span is not None:
                self._go_to(self._recording.seconds(self.episode_tool.span.start))
            self._let_go()

    def _clicked_twice(self, x_mm: float, y_mm: float) -> None:
        """On a bar: another code for it. On the paper: back to the standard sheet."""
        selected = self.episode_tool.selected
        if selected and self.hand.tool is self.episode_tool and self.view.place(x_mm, y_mm).track:
            self.tagging.ask_code_of(selected)
        elif self.view.px_mm is not None or self.view.compressed:
            self.view.fit()
            self.paper.refresh()

    def _escape(self) -> None:
        self.hand.tool.cancel(self._bench)
        if self.hand.tool is self.episode_tool:
            self.tagging.select(None)
        self._marks_changed()

    def _key_moved(self) -> None:
        """A key scrolled the paper or switched an option."""
        self.options.refresh()
        self.paper.refresh()

    # What changed

    def _labels_changed(self, event: LabelsChanged) -> None:
        if event.case_id == self._opened.case.id:
            self.tagging.labels_changed(committed=event.committed)
            if event.committed:
                self.overview.forget()
                self.context.forget()

    def _lock_changed(self, event: LockChanged) -> None:
        if event.case_id == self._opened.case.id:
            self.tagging.close_chooser()
            self.tagging.select(None)

    def _marks_changed(self) -> None:
        self.paper.repaint_marks()
        self.context.update()

    def _view_moved(self) -> None:
        for part in (self.bar, self.caption):
            part.follow()
        self.overview.update()
        self.context.update()
        if self.isVisible():
            self._looks.note(self.view, self._clock.elapsed())
        self._tell_fidelity()
        if self.context.isVisible() == (self.view.sheet.page_s >= CONTEXT_TO_S):
            self._share_room()

    def _tell_fidelity(self) -> None:
        merged = self.view.merged
        text = tr("Every sample drawn") if merged <= 1 else tr("{n} samples a column, extremes kept", n=merged)
        if text != self._fidelity:
            self._fidelity = text
            self.fidelity_changed.emit(text)

    def _laid_out(self) -> None:
        """Another layout or speed: the minutes may have more or less room."""
        self._share_room()
        self.paper.refresh()

    def _share_room(self) -> None:
        """What the strip does not need goes to the minutes round it."""
        total = self.paper.height() + (self.context.height() if self.context.isVisible() else 0)
        view = self.view
        fits = view.layout is Layout.STRIP and view.duration_s > CONTEXT_FROM_S and view.sheet.page_s < CONTEXT_TO_S
        height = self.context.height_for(total - round(view.comfortable_mm * view.fit_scale)) if fits else 0
        self.context.setVisible(height > 0)
        if height:
            self.context.setFixedHeight(height)

    def _go_to(self, seconds: float) -> None:
        self.set_tool(EpisodeTool.name)
        self.view.go_to(seconds)
        self.paper.refresh()

    def _centre(self, seconds: float) -> None:
        self.view.centre(seconds)
        self.paper.refresh()

    def _set_dark(self, dark: bool) -> None:
        for part in (self.paper, self.context):
            part.set_colours(DARK if dark else LIGHT)

    def _trouble(self, error: GraticuleError) -> None:
        self._opened.bus.publish(Trouble(error))

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._keys.press(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_room()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._share_room()
        self._looks.note(self.view, self._clock.elapsed())

    def hideEvent(self, event: QHideEvent) -> None:
        self._looks.hide(self._clock.elapsed())
        super().hideEvent(event)


def _synthetic_banner() -> QLabel:
    banner = QLabel(tr("SYNTHETIC: no heart made this strip. For teaching and demonstration, never clinical evidence."))
    banner.setAlignment(Qt.AlignmentFlag.AlignCenter)
    banner.setStyleSheet(f"background: {TOKENS.warn}; color: {TOKENS.on_accent}; font-weight: 600; padding: 4px;")
    return banner
