"""The Holter views under the strip: full disclosure, plots, shapes and events, with one choice of beats for all."""

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.ecg.beat_classes import BeatDrafts
from graticule.ecg.rhythm_candidates import Candidate
from graticule.jobs import Handle
from graticule.presenters.desk_events import Trouble
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.holter import NOTHING, HolterDesk
from graticule.presenters.holter_review import Offer
from graticule.presenters.holter_views import LONGEST_MS, Points, lorenz, rate_trend, tachogram
from graticule.presenters.open_case import OpenCase
from graticule.ui.holter_bar import HolterBar
from graticule.ui.holter_disclosure import Disclosure
from graticule.ui.holter_events import EventList
from graticule.ui.holter_panel import ACTS, HolterPanel
from graticule.ui.holter_plot import BeatPlot
from graticule.ui.holter_shapes import ShapesView
from graticule.ui.keys import acts_of
from graticule.ui.words import tr

LANE = "holter"
ASK_FROM = 2        # a change of so many beats is shown before it is done
BEAT_MS, LOOK_AGAIN_MS = 100, 400
RATES = (20.0, 220.0)


class HolterRoom(QWidget):
    """`went(seconds)`: bring this instant to the strip. `drafted(ticks)`: beats were found. `changed`: marks differ."""

    went = Signal(float)
    drafted = Signal(object)
    changed = Signal()

    def __init__(self, opened: OpenCase, view: EcgPresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened, self._view = opened, view
        self.desk = HolterDesk(opened, view.recording)
        self.panel = HolterPanel(self.desk)
        self.bar = HolterBar(view, self.desk)
        self.disclosure = Disclosure(view, self.desk)
        self.tachogram = BeatPlot(tr("Time"), tr("RR, ms"), in_time=True)
        self.lorenz = BeatPlot(tr("RR, ms"), tr("next RR, ms"), in_time=False)
        self.trend = BeatPlot(tr("Time"), tr("Beats a minute"), in_time=True)
        self.shapes = ShapesView(self.desk)
        self.events = EventList(self.desk.review)
        self.tabs = QTabWidget()
        for name, widget in (("Full disclosure", self.disclosure), ("Tachogram", self.tachogram), ("Lorenz plot", self.lorenz),
                             ("Rate", self.trend), ("Shapes", self.shapes), ("Events", self.events)):
            self.tabs.addTab(widget, tr(name))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.tabs, 1)
        self._asked = ""
        self._origin: int | None = None
        self._drawn: dict[int, object] = {}
        self._job: Handle | None = None
        self._looking: Handle | None = None
        self._watch = QTimer(self, interval=BEAT_MS)
        self._watch.timeout.connect(self._tell_progress)
        self._again = QTimer(self, singleShot=True, interval=LOOK_AGAIN_MS)
        self._again.timeout.connect(self._look)
        for part in (self.disclosure, self.tachogram, self.lorenz, self.trend, self.shapes, self.events.table, self.tabs,
                     self.tabs.tabBar()):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)   # the keys are the room's, wherever in it was clicked
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._connect()

    def analyse(self) -> Handle:
        """Start looking for beats; drafts come home when it is done."""
        self._job = self._opened.runner.start(self.desk.analyse, done=self._analysed, failed=self._trouble, lane=LANE)
        self.panel.working(0, 0, "")
        if not self._job.finished:
            self._watch.start()
        else:
            self._tell_progress()
        return self._job

    def labels_changed(self) -> None:
        self.desk.labels_changed()
        self._refresh()
        self._again.start()

    def view_moved(self) -> None:
        """The strip shows another stretch."""
        if self.isVisible():
            start, end = self._view.shown_s
            self.bar.update()
            if self.tabs.currentWidget() is self.disclosure:
                self.disclosure.reveal(start)
                self.disclosure.refresh()
            for plot in (self.tachogram, self.trend):
                plot.show_window((start + end) / 2)

    def pick(self, seconds: float) -> None:
        """The beat nearest to an instant is chosen; others like it are a slider away."""
        tick = self.desk.beats.nearest(self._view.recording.tick(seconds))
        if tick is not None:
            self._origin = tick
            self._choose(np.array([tick]), f"at {self._view.recording.seconds(tick):.2f} s")

    def choose_stretch(self, start: int, end: int) -> None:
        """All beats of [start, end) ticks."""
        seconds = self._view.recording.seconds
        self.desk.choose_between(start, end, f"{seconds(start):.1f}–{seconds(end):.1f} s")
        self._chosen()

    def acts(self) -> dict[str, Callable[[], object]]:
        """What the keys of the place "holter" do."""
        out: dict[str, Callable[[], object]] = {act: partial(self._ask, letter) for letter, act in ACTS.items()}
        review = self.desk.review
        return {**out, "holter.accept-beats": self._accept, "holter.delete-beats": partial(self._do, self.desk.delete),
                "holter.accept": partial(self._decide, review.accept), "holter.refuse": partial(self._decide, review.refuse),
                "holter.correct": partial(self._decide, review.corrected), "holter.next": lambda: self.events.step(1),
                "holter.confirm": self._confirm,
                "holter.previous": lambda: self.events.step(-1), "holter.none": lambda: self._choose(NOTHING, "")}

    # Inside

    def _connect(self) -> None:
        for plot in (self.tachogram, self.lorenz, self.trend):
            plot.went.connect(self._go_to_beat)
            plot.chose.connect(partial(self._choose, words="drawn in a plot"))
        self.bar.went.connect(self.went)
        self.disclosure.went.connect(self._go_and_pick)
        self.disclosure.chose.connect(lambda a, b: self.choose_stretch(*(self._view.recording.tick(s) for s in (a, b))))
        self.shapes.chose.connect(lambda numbers: self._choose(self.desk.beats.of_shape(numbers), "of a shape"))
        self.shapes.went.connect(self._go_to_beat)
        self.events.went.connect(self._show_offer)
        self.tabs.currentChanged.connect(lambda _: self._draw())
        panel = self.panel
        panel.classed.connect(self._ask)
        panel.accepted.connect(self._accept)
        panel.deleted.connect(partial(self._do, self.desk.delete))
        panel.confirmed.connect(self._confirm)
        panel.dropped.connect(self._drop)
        panel.likened.connect(self._like)
        panel.everything.connect(self._every_draft)
        panel.stopped.connect(self._stop)
        panel.joined.connect(self.shapes.join)

    def _analysed(self, drafts: BeatDrafts) -> None:
        self.desk.analysed(drafts)
        self.drafted.emit(drafts.ticks)
        self._refresh()
        self._look()

    def _look(self) -> None:
        """Offers again, from the beats as they are now."""
        if self._looking is not None:
            self._looking.cancel()
        self._looking = self._opened.runner.start(lambda progress: self.desk.review.look(), done=self._looked,
                                                  failed=self._trouble, lane=LANE)

    def _looked(self, found: list[Candidate]) -> None:
        self.desk.review.show(found)
        self.events.refresh()
        self.bar.refresh()

    def _refresh(self) -> None:
        self.panel.refresh()
        self.bar.refresh()
        self.events.refresh()
        self._draw()
        self.changed.emit()

    def _draw(self) -> None:
        """What the tab in front shows; the others are drawn when they come to the front."""
        if not self.isVisible():
            return
        shown, beats = self.tabs.currentWidget(), self.desk.beats.beats()
        if isinstance(shown, BeatPlot):
            if self._drawn.get(id(shown)) is not beats:
                self._drawn[id(shown)] = beats
                shown.show_points(*self._points(shown))
            shown.show_chosen(self.desk.chosen)
        elif shown is self.disclosure:
            self.disclosure.refresh()
        elif shown is self.shapes:
            self.shapes.viewport().update()

    def _points(self, plot: BeatPlot) -> tuple[Points, tuple[float, float, float, float]]:
        recording, beats, end = self._view.recording, self.desk.beats.beats(), self._view.duration_s
        if plot is self.tachogram:
            return tachogram(recording, beats), (0, end, 0, LONGEST_MS)
        if plot is self.trend:
            return rate_trend(recording, beats), (0, end, *RATES)
        return lorenz(recording, beats), (0, LONGEST_MS, 0, LONGEST_MS)

    def _choose(self, ticks: Array, words: str = "") -> None:
        self.desk.choose(ticks, words)
        self._chosen()

    def _chosen(self) -> None:
        self.panel.refresh()
        self._draw()
        self.changed.emit()

    def _every_draft(self) -> None:
        self.desk.choose_drafts()
        self._chosen()

    def _like(self, likeness: float) -> None:
        if self._origin is not None:
            self.desk.choose_like(self._origin, likeness)
            self._chosen()

    def _ask(self, letter: str) -> None:
        """One beat is changed at once; of more it is first told what the change would do."""
        if self.desk.chosen.size < ASK_FROM:
            self._do(partial(self.desk.reclassify, letter))
            return
        self._asked = letter
        self.panel.ask(self.desk.effect(letter), letter)

    def _confirm(self) -> None:
        """Do what was asked, as one act."""
        if self._asked:
            asked, self._asked = self._asked, ""
            self._do(partial(self.desk.reclassify, asked))

    def _drop(self) -> None:
        self._asked = ""
        self.panel.ask(None, "")

    def _accept(self) -> None:
        self._do(self.desk.accept)

    def _do(self, act: Callable[[], object]) -> None:
        try:
            act()
        except GraticuleError as error:
            self._trouble(error)
        self.panel.refresh()

    def _decide(self, act: Callable[[], Offer | None]) -> None:
        try:
            self._show_offer(act())
        except GraticuleError as error:
            self._trouble(error)
        self.events.refresh()

    def _show_offer(self, offer: Offer | None) -> None:
        if offer is not None:
            seconds = self._view.recording.seconds
            self.went.emit(seconds(offer.candidate.start))
            self.desk.choose_between(offer.candidate.start, offer.candidate.end, offer.label)
            self._chosen()

    def _go_and_pick(self, seconds: float) -> None:
        self.went.emit(seconds)
        self.pick(seconds)

    def _go_to_beat(self, tick: int) -> None:
        self._go_and_pick(self._view.recording.seconds(tick))

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()

    def _tell_progress(self) -> None:
        job = self._job
        if job is None or job.finished:
            self._watch.stop()
            self.panel.working(0, -1, "")
        else:
            self.panel.working(job.progress.done, job.progress.total, job.progress.text)

    def _trouble(self, error: GraticuleError) -> None:
        self._opened.bus.publish(Trouble(error))

    # Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        acts = self.acts()
        for name in acts_of(event, "holter"):
            if name in acts:
                acts[name]()
                return
        super().keyPressEvent(event)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self._draw()
