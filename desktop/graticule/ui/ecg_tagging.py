"""Tagging on the ECG page: which episode is in hand, which code is asked for, what its stretch was measured to say."""

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QWidget

from graticule.domain.elements import Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.editing.tools.episode import EpisodeTool, Span
from graticule.editing.tools.ladder import LadderHand
from graticule.presenters.beat_tagging import BeatTagging
from graticule.presenters.caret import Caret
from graticule.presenters.code_choice import Choice, CodeChoice
from graticule.presenters.conduction import ConductionDesk
from graticule.presenters.desk_events import Trouble
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.episodes import Episodes
from graticule.presenters.marking import Marking
from graticule.presenters.open_case import OpenCase
from graticule.ui.code_chooser import CodeChooser
from graticule.ui.conduction_panel import ConductionPanel
from graticule.ui.ecg_favourites import READERS
from graticule.ui.ecg_marks import span_chip
from graticule.ui.ecg_view import EcgView
from graticule.ui.episode_panel import EpisodePanel
from graticule.ui.words import tr

LOCKED = GraticuleError("This read is signed and locked.", "Choose “Correct as a new version” to change it.")


class Tagging(QObject):
    """`changed`: marks must be drawn again. `went(seconds)`: bring this instant into view."""

    changed = Signal()
    went = Signal(float)

    def __init__(self, opened: OpenCase, recording: Recording, view: EcgPresenter, tool: EpisodeTool) -> None:
        super().__init__()
        self._opened, self._recording, self._view, self.tool = opened, recording, view, tool
        self.episodes = Episodes(opened)
        self.conduction = ConductionDesk(opened, recording, self._measured)
        self.marking = Marking(opened, recording, self.conduction)
        self.caret, self.beats, self.naming_beats = Caret(recording), BeatTagging(opened, recording), False
        tool.measured, tool.ladder = self.conduction.measured_again, LadderHand(self.marking)
        self.episode_panel, self.conduction_panel = EpisodePanel(self.episodes), ConductionPanel(recording)
        self._recoding: str | None = None
        self._highlighted: Choice | None = None
        self.episode_panel.chosen.connect(self.go_to)
        self.episode_panel.change.connect(self.ask_code_of)
        self.episode_panel.delete.connect(self.delete)

    def attach(self, page: QWidget, paper: EcgView) -> None:
        """The page on which the chooser stands, and its paper."""
        self._page, self._paper = page, paper
        self._view.set_tracks(self.episodes.bands())
        self.chooser = CodeChooser(page)
        self.chooser.chosen.connect(self._chosen)
        self.chooser.highlighted.connect(self._highlight)
        self.chooser.dismissed.connect(self._dismissed)

    # Asking for a code

    def dragged_out(self, span: Span) -> None:
        """A stretch was dragged: measure it and ask what it is."""
        if self._opened.workspace.locked:
            self.tool.span = None
            self._trouble(LOCKED)
            return
        self._recoding = None
        self.conduction.ask(span.start, span.end)
        self._open_chooser(span, span_chip(self._recording, span.start, span.end))
        self._show_conduction()

    def ask_code_of(self, episode_id: str) -> None:
        """Another code for an episode that is there."""
        episode = self.episodes.element(episode_id)
        if episode is None:
            return
        if self._opened.workspace.locked:
            self._trouble(LOCKED)
            return
        self.go_to(episode_id)
        self._recoding = episode_id
        label = self._opened.ontology.label(episode.code)
        self._open_chooser(Span(episode.start, episode.end), tr("Instead of {code}", code=label))

    def code_key(self, letter: str, *, at_once: bool) -> bool:
        """With an episode in hand: Alt+key gives it that code, a letter alone opens the list there."""
        selected = self.tool.selected
        if selected is None or not letter.isalnum() or self._opened.workspace.locked:
            return False
        self.ask_code_of(selected)
        if not at_once:
            self.chooser.type(letter)
        elif not self.chooser.take_key(letter.lower()):
            self.chooser.dismiss()
        return True

    def favourite(self, slug: str) -> bool:
        """Give the stretch that is drawn, or the episode in hand, a code at once; one that the measurement speaks against asks
        for its reason first. False with nothing in hand."""
        selected, span = self.tool.selected, self.tool.span
        if selected is None and span is None:
            return False
        if selected is not None:
            self.ask_code_of(selected)
        elif not self.chooser.isVisible() and span is not None:
            self.dragged_out(span)
        if not self.chooser.take_slug(slug):
            self.chooser.dismiss()
            return False
        return True

    def close_chooser(self) -> None:
        if self.chooser.isVisible():
            self.chooser.hide()
            self.tool.span = None
        self._recoding = self._highlighted = None

    def _open_chooser(self, span: Span, title: str) -> None:
        self._highlighted = None
        self.chooser.open(CodeChoice(self.episodes, self.conduction, self.favourites), title)
        self._place_chooser(span)

    def _place_chooser(self, span: Span) -> None:
        """Under the label bands where there is room, else beside the stretch; inside the page whatever happens."""
        view, page, size = self._view, self._page, self.chooser.size()
        x0, x1 = (self._paper.px(view.x_mm(self._recording.seconds(tick)), 0).x() for tick in (span.start, span.end))
        under = self._paper.mapTo(page, self._paper.px(0, view.sheet.height_mm)).y() + 6
        widest, lowest = page.width() - size.width() - 8, page.height() - self.chooser.FULL_HEIGHT - 8
        if under <= lowest:
            at = QPoint(min(x0, widest), under)
        else:
            right, left = x1 + 12, x0 - size.width() - 12
            at = QPoint(right if right <= widest else left if left >= 8 else widest, lowest)
        self.chooser.move(max(8, at.x()), max(8, at.y()))

    def _highlight(self, choice: Choice) -> None:
        self._highlighted = choice
        self._show_conduction()

    def _chosen(self, choice: Choice, reason: str) -> None:
        try:
            self._tag(choice, reason)
        except GraticuleError as error:
            self._trouble(error)
        self._gone()

    def _tag(self, choice: Choice, reason: str) -> None:
        code, episode, span = choice.concept, self.episodes.element(self._recoding), self.tool.span
        self.tool.span = None
        if episode is not None:
            criteria = self.conduction.evidence(code.track, code.code.code, episode.start, episode.end, reason)
            self.episodes.recode(episode.id, code, criteria, lead=choice.lead, said=choice.said)
            self.tool.selected = episode.id
        elif span is not None:
            criteria = self.conduction.evidence(code.track, code.code.code, span.start, span.end, reason)
            self.tool.selected = self.episodes.tag(span, code, criteria, lead=choice.lead, said=choice.said)
            self.caret.put(span.end)

    def _dismissed(self) -> None:
        self.tool.span = None
        self._gone()

    def _gone(self) -> None:
        self._recoding = self._highlighted = None
        self._paper.setFocus(Qt.FocusReason.OtherFocusReason)
        self.select(self.tool.selected)

    # Episodes

    def select(self, episode_id: str | None) -> None:
        """Take an episode in hand, or none: its stretch is measured and shown."""
        episode = self.episodes.element(episode_id)
        self.tool.selected = episode.id if episode else None
        self.episode_panel.refresh(self.tool.selected, locked=self._opened.workspace.locked)
        if episode is not None:
            self.conduction.ask(episode.start, episode.end)
        elif self.tool.span is None:
            self.conduction.forget()
        self._show_conduction()
        self.changed.emit()

    def go_to(self, episode_id: str) -> None:
        episode = self.episodes.element(episode_id)
        if episode is not None:
            self.went.emit(self._recording.seconds(episode.start))
            self.select(episode_id)

    def step(self, by: int) -> None:
        """To the next (1) or previous (−1) episode by time."""
        ids = [row.id for row in self.episodes.rows()]
        if not ids:
            return
        selected = self.tool.selected
        at = ids.index(selected) + by if selected in ids else 0 if by > 0 else len(ids) - 1
        self.go_to(ids[max(0, min(at, len(ids) - 1))])

    def delete(self, episode_id: str) -> None:
        try:
            self.episodes.delete(episode_id)
        except GraticuleError as error:
            self._trouble(error)
        self.select(None)

    @property
    def favourites(self) -> tuple[str, ...]:
        """The protocol's own codes on the keys 1 to 9, else the reader's."""
        return self._opened.protocol.favourites or READERS.slugs

    def labels_changed(self, *, committed: bool) -> None:
        self.episodes.forget()
        if self._view.tracks != self.episodes.bands():
            self._view.set_tracks(self.episodes.bands())
            self._paper.refresh()
        if committed:
            stretch = self.conduction.stretch
            self.select(self.tool.selected)
            if self.tool.selected is None and stretch is not None and self.tool.span is not None:
                self.conduction.ask(*stretch)
        self.changed.emit()

    # Conduction

    def _measured(self) -> None:
        self.chooser.refresh()
        self._show_conduction()
        self.changed.emit()

    def _show_conduction(self) -> None:
        """The verdict on the code that was typed or highlighted, else on that of the episode in hand."""
        choice = self._highlighted if self.chooser.isVisible() and self.chooser.said else None
        episode = self.episodes.element(self.tool.selected)
        if choice is not None:
            asked = choice.because or choice.concept
            self._show(asked.track, asked.code.code, asked.label)
        elif episode is not None and not self.chooser.isVisible():
            self._show_episode(episode)
        else:
            self._show("", "", "")

    def _show_episode(self, episode: Episode) -> None:
        label = self._opened.ontology.label(episode.code)
        self._show(episode.track, episode.code.code, label, str(episode.criteria.get("reason", "")))

    def _show(self, track: str, slug: str, label: str, reason: str = "") -> None:
        desk = self.conduction
        concept = next((c for c in self._opened.ontology.track(track) if c.code.code == slug), None) if slug else None
        verdict = desk.verdict(slug)
        self.conduction_panel.show_criteria(desk.found, code_label=label, slug=slug if verdict else "", verdict=verdict,
                                            reason=reason, waiting=desk.waiting, conflict=concept.conflict if concept else "")

    def _trouble(self, error: GraticuleError) -> None:
        self._opened.bus.publish(Trouble(error))
