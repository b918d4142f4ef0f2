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
from graticule.editing.events import LabelsChanged, LockChanged
from graticule.editing.tools.beats import BeatTool
from graticule.editing.tools.calipers import CalipersTool
from graticule.editing.tools.episode import EpisodeTool
from graticule.editing.tools.tool import Bench, Pointer, Tool
from graticule.jobs import Handle
from graticule.presenters.beat_marks import BeatMarks
from graticule.presenters.desk_events import Trouble
from graticule.presenters.ec57 import Ec57Desk
from graticule.presenters.ecg import EcgPresenter, Half
from graticule.presenters.ecg_filters import from_stored, stored
from graticule.presenters.ecg_leads import Choice, Colours, Order
from graticule.presenters.ecg_looks import LookLog
from graticule.presenters.ecg_numbers import EcgNumbersDesk
from graticule.presenters.ecg_sheet import Layout
from graticule.presenters.ecg_sources import EcgSources
from graticule.presenters.episodes import ALWAYS_SHOWN
from graticule.presenters.open_case import OpenCase
from graticule.presenters.statements import Statements
from graticule.ui.calibration_dialog import CalibrationDialog
from graticule.ui.ec57_panel import Ec57Panel
from graticule.ui.ecg_acts import EcgActs
from graticule.ui.ecg_bar import CaptionBar, PaperBar
from graticule.ui.ecg_beats import BeatsItem
from graticule.ui.ecg_caret import CaretItem, LeadBandsItem
from graticule.ui.ecg_context import ContextView
from graticule.ui.ecg_hand import Hand
from graticule.ui.ecg_ink import DARK, LIGHT
from graticule.ui.ecg_keys import EcgKeys
from graticule.ui.ecg_marks import BandsItem, CalipersItem
from graticule.ui.ecg_measures_panel import MeasuresPanel
from graticule.ui.ecg_numbers_panel import EcgNumbersPanel
from graticule.ui.ecg_overview import OverviewBar
from graticule.ui.ecg_print_errand import PrintButton
from graticule.ui.ecg_prior import PriorButton, PriorView
from graticule.ui.ecg_rate_ruler import RateRulerItem
from graticule.ui.ecg_tagging import Tagging
from graticule.ui.ecg_view import EcgView
from graticule.ui.holter_room import HolterRoom
from graticule.ui.ladder import LadderItem
from graticule.ui.options_form import OptionsForm
from graticule.ui.screen_size import pixel_mm_of
from graticule.ui.seen_bar import SeenBar
from graticule.ui.statements_panel import StatementsPanel
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

log = logging.getLogger("graticule.ecg")

OVERVIEW = "overview"   # pyramids of a long record
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
        self.view = EcgPresenter(self._recording, opened.protocol.episode_tracks[:ALWAYS_SHOWN])
        self.episode_tool, self.calipers_tool, self.beat_tool = EpisodeTool(), CalipersTool(), BeatTool()
        self.tagging = Tagging(opened, self._recording, self.view, self.episode_tool)
        self._clock, self._looks, self._fidelity = QElapsedTimer(), LookLog(), ""
        self._seen = list(opened.looks)   # kept already, so the bar goes on from there
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
        return [self.episode_tool, self.calipers_tool, self.beat_tool]

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
        return [(tr("Episodes"), self.tagging.episode_panel), (tr("Beats"), self.holter.panel),
                (tr("Conduction"), self.tagging.conduction_panel),
                (tr("Statements"), self.statements),
                (tr("Measures"), self.measures), (tr("Numbers"), self.numbers), (tr("Comparison (EC57)"), self.ec57),
                (tr("Tool"), self.options)]

    def view_state(self) -> dict[str, Any]:
        v = self.view
        return {"first_tick": self._recording.tick(v.first_s), "layout": v.layout.value, "speed": f"{v.speed_mm_s:g}",
                "gain": f"{v.gain_mm_mv:g}", "half": v.half.value, "filter": stored(v.filter), "order": v.choice.order.value,
                "rhythm": list(v.choice.rhythm), "strip": list(v.choice.strip), "colours": v.colours.value,
                "true_size": v.true_size, "tool": self.active_tool, "dark": self.bar.dark}

    def looks(self) -> list[Look]:
        taken = self._looks.take(self._clock.elapsed())
        self._seen.extend(taken)
        return taken

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
        self.measures.close_job()
        self.numbers.shutdown()
        self.ec57.shutdown()
        self.prior.put_away()
        self.paper.close()

    # Building

    def _build(self) -> None:
        episodes, view = self.tagging.episodes, self.view
        self._bench = Bench(self._opened.workspace, self._recording, self._opened.ontology, self._opened.new_id)
        self.bar, self.caption = PaperBar(view, self), CaptionBar(view, self)
        self.paper = EcgView(view, self)
        self.tagging.attach(self, self.paper)
        self.holter = HolterRoom(self._opened, view, self)
        self.beat_tool.book = self.holter.desk.beats
        beats = BeatMarks(self._recording, self.holter.desk.tables)
        for item in (LadderItem(view, self.tagging.conduction), BandsItem(view, episodes, self.episode_tool),
                     BeatsItem(view, beats), LeadBandsItem(view, self.tagging), CaretItem(view, self.tagging),
                     CalipersItem(view, self.calipers_tool)):
            self.paper.add(item)
        self.ruler = RateRulerItem(view)
        self.paper.add(self.ruler)
        self._peaks: Array | None = None
        self.measures = MeasuresPanel(self._opened, self._recording, view, lambda: self._peaks)
        self.prior, self._priors = PriorView(self._opened, view, self), PriorButton(self._opened, self)
        self._print = PrintButton(self._opened, self._recording, view, self)
        self.bar.add(self._priors, self._print)
        self._priors.setVisible(self._priors.any)
        self.context = ContextView(view, episodes, self.episode_tool, self)
        self.overview = OverviewBar(view, episodes, self)
        self.overview.setVisible(view.duration_s > OVERVIEW_FROM_S)
        self.seen_bar = SeenBar(self._recording, self._opened.protocol.coverage,
                                lambda: [*self._seen, *self._looks.so_far(self._clock.elapsed())], self)
        self.seen_bar.setVisible(view.duration_s > OVERVIEW_FROM_S)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if self._recording.synthetic:
            column.addWidget(_synthetic_banner())
        self.holter.hide()
        for widget in (self.bar, self.paper, self.prior, self.context, self.caption, self.overview, self.seen_bar, self.holter):
            column.addWidget(widget, 2 if widget in (self.paper, self.prior) else 3 if widget is self.holter else 0)
        self._sources = EcgSources(self._opened)
        self.numbers = EcgNumbersPanel(EcgNumbersDesk(self._opened, self._recording, self._sources), self._recording.seconds)
        self.ec57 = Ec57Panel(Ec57Desk(self._opened, self._recording, self._sources), self._recording)
        self.hand = Hand(self.paper, view, self._bench, self.episode_tool)
        self.options = OptionsForm()
        self.options.show_tool(self.episode_tool)
        self.acts = EcgActs(self._opened, self._recording, view, self.tagging)
        self._keys = EcgKeys(view, self.tagging, self.acts, self.tools(), lambda: self.hand.tool, self.set_tool, self._key_moved,
                             self._escape, {"ecg.raw": self.bar.toggle_raw,
                                            "ecg.holter": lambda: self._set_holter(not self.holter.isVisible()),
                                            "ecg.true-size": self.bar.toggle_true_size,
                                            "ecg.rate-ruler": self._toggle_ruler,
                                            "ecg.next-difference": lambda: self.ec57.step(1),
                                            "ecg.previous-difference": lambda: self.ec57.step(-1)})
        self.statements = StatementsPanel(Statements(self._opened), self)
        self.statements.failed.connect(self._trouble)
        self.setFocusProxy(self.paper)
        self.paper.viewport().setCursor(Qt.CursorShape.CrossCursor)

    def _connect(self) -> None:
        hand, paper, tagging = self.hand, self.paper, self.tagging
        self.options.changed.connect(self._marks_changed)
        hand.pressed.connect(tagging.close_chooser)
        hand.let_go.connect(self._let_go)
        hand.marked.connect(self._marks_changed)
        hand.read_out.connect(self.status_changed)
        for part in (hand, self.measures, self.prior, self._print):
            part.failed.connect(self._trouble)
        for panel in (self.numbers, self.ec57):
            panel.went.connect(self._centre)
            panel.trouble.connect(self._trouble)
        self._priors.chosen.connect(self.prior.show_case)
        paper.clicked_twice.connect(self._clicked_twice)
        paper.moved.connect(self._view_moved)
        paper.hovered.connect(self._point_ruler)
        tagging.changed.connect(self._marks_changed)
        self.acts.moved.connect(self._key_moved)
        self.acts.told.connect(self.status_changed)
        self.acts.failed.connect(self._trouble)
        tagging.went.connect(self._go_to)
        self.holter.went.connect(self._centre)
        self.holter.drafted.connect(self._peaks_found)
        self.holter.changed.connect(self._marks_changed)
        self.holter.panel.views.connect(self._set_holter)
        self.holter.panel.marked_stretch.connect(self._choose_stretch)
        self.bar.changed.connect(self._laid_out)
        self.bar.dark_changed.connect(self._set_dark)
        self.bar.true_size_wanted.connect(self._calibrate)
        self.overview.chosen.connect(self._centre)
        self.seen_bar.chosen.connect(self._centre)
        self.context.chosen.connect(self._centre)
        for signal, act in ((self.context.pressed, "press"), (self.context.dragged, "drag"), (self.context.released, "release")):
            signal.connect(lambda seconds, act=act: self._on_context(act, seconds))

    def _restore(self, state: dict[str, Any]) -> None:
        view = self.view
        if state.get("layout") in {layout.value for layout in view.layouts}:
            view.set_layout(Layout(state["layout"]))
        view.set_gain(float(state.get("gain", view.gain_mm_mv)), Half(state.get("half", "")))
        view.set_filter(from_stored(state.get("filter", "")))
        view.colours = Colours(state.get("colours", Colours.INK))
        view.set_choice(Choice(Order(state.get("order", Order.STANDARD)), tuple(state.get("rhythm", ())),
                               tuple(state.get("strip", ()))))
        view.set_speed(float(state.get("speed", view.speed_mm_s)))
        view.first_s = self._recording.seconds(int(state.get("first_tick", 0)))
        self.bar.set_dark(bool(state.get("dark", False)))
        self._wants_true_size = bool(state.get("true_size", False))   # once it is known on which screen the page stands
        self.set_tool(str(state.get("tool", self.active_tool)))
        self.bar.follow()

    def _read(self) -> None:
        """Bring the samples if they are not all there, then look for R peaks: for the trend and for snapping."""
        opening, runner = self._opened.opening, self._opened.runner
        if opening is not None:
            self._jobs.append(runner.start(lambda progress: opening.fill(progress, lambda part: None),
                                           done=lambda _: self._filled(), failed=self._trouble, title=tr("Reading the ECG")))
        else:
            self._overviews()
        self._jobs.append(self.holter.analyse())

    def _filled(self) -> None:
        self.view.forget_traces()
        self.context.forget()
        self.paper.refresh()
        self._overviews()

    def _overviews(self) -> None:
        """Pyramids of a long record; the first page does not wait for them."""
        if all(trace.built for trace in self.view.traces.values()):
            return
        self._jobs.append(self._opened.runner.start(self.view.build_overviews, done=lambda _: self._overviews_there(),
                                                    failed=self._trouble, lane=OVERVIEW, title=tr("Overview of the ECG")))

    def _overviews_there(self) -> None:
        self.context.forget()
        self.paper.refresh()

    # The glass

    def _take_screen(self) -> None:
        """How large the pixels of the screen under this page are, as far as somebody measured them."""
        found = pixel_mm_of(self.screen())
        if found != self.view.pixel_mm:
            self.view.set_pixel_mm(found)
            self.paper.refresh()

    def _calibrate(self) -> None:
        if CalibrationDialog(self.window()).exec():
            self._take_screen()
            self.view.set_true_size(True)
            self._laid_out()

    def _set_holter(self, on: bool) -> None:
        """Show the Holter views in place of the minutes round the strip, or the other way round."""
        self.holter.panel.show_views.setChecked(on)
        self.holter.setVisible(on)
        self._share_room()
        self.paper.refresh()
        (self.holter if on else self.paper).setFocus()

    def _choose_stretch(self) -> None:
        """The beats of the stretch that is drawn out, or of the episode in hand."""
        marked = self.episode_tool.span or self.tagging.episodes.element(self.episode_tool.selected)
        if marked is not None:
            self.holter.choose_stretch(marked.start, marked.end)

    def _peaks_found(self, peaks: Array) -> None:
        self._peaks = self._sources.detected = peaks
        self.numbers.refresh()
        self.ec57.refresh()
        self.episode_tool.peaks = peaks
        self.overview.set_peaks(peaks)
        log.info("%d R peaks found", len(peaks))

    # What the hand did

    def _let_go(self) -> None:
        span = self.episode_tool.span
        if self.hand.tool is self.beat_tool:
            if self.beat_tool.taken is not None:
                self.holter.pick(self._recording.seconds(self.beat_tool.taken))
        elif self.hand.tool is self.episode_tool and span is not None:
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
        self.tagging.caret.anchor = None
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
                self.numbers.labels_changed()
                self.ec57.labels_changed()
                self.statements.refresh(locked=self._opened.workspace.locked)
                self.overview.forget()
                self.context.forget()
                self.holter.labels_changed()

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
        self.prior.follow()
        self.holter.view_moved()
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
        fits = (not self.holter.isVisible() and view.layout is Layout.STRIP and view.duration_s > CONTEXT_FROM_S
                and view.sheet.page_s < CONTEXT_TO_S)
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

    def _toggle_ruler(self) -> None:
        self.ruler.toggle()
        self._marks_changed()

    def _point_ruler(self, x_mm: float, y_mm: float, held: object) -> None:
        self.ruler.point(x_mm, y_mm)
        if self.ruler.on:
            self.paper.repaint_marks()

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
        self._take_screen()
        if self._wants_true_size:
            self._wants_true_size = False
            self.view.set_true_size(True)
        handle = self.window().windowHandle()
        if handle is not None:
            handle.screenChanged.connect(self._take_screen, Qt.ConnectionType.UniqueConnection)
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
