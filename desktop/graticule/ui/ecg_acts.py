"""What the keyboard does with stretches, episodes, beats and marks: each act by its name in `settings/actions.py`."""

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, Signal

from graticule.domain.elements import Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.ecg.marks import QRS, P
from graticule.editing.tracks import RHYTHM, gap_at
from graticule.presenters.beat_tagging import NEAR_S
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.open_case import OpenCase
from graticule.ui.ecg_tagging import Tagging
from graticule.ui.words import tr

NINE = range(1, 10)


class EcgActs(QObject):
    """`moved`: the caret or the stretch changed, look there. `told(str)`: a word for the status line. `failed(error)`."""

    moved = Signal()
    told = Signal(str)
    failed = Signal(object)

    def __init__(self, opened: OpenCase, recording: Recording, view: EcgPresenter, tagging: Tagging) -> None:
        super().__init__()
        self._opened, self._recording, self._view, self._tagging = opened, recording, view, tagging
        self._caret = tagging.caret

    def by_name(self) -> dict[str, Callable[[], object]]:
        """Every act, guarded: a refusal is told and nothing stays half done."""
        acts: dict[str, Callable[[], object]] = {
            "ecg.caret-left": partial(self._step, -1), "ecg.caret-right": partial(self._step, 1),
            "ecg.extend-left": partial(self._step, -1, extend=True), "ecg.extend-right": partial(self._step, 1, extend=True),
            "ecg.take-shown": self._take_shown, "ecg.take-gap": self._take_gap, "ecg.snap": self._snap,
            "ecg.split": self._split, "ecg.merge": self._with_selected("merge"),
            "ecg.until-change": self._with_selected("extend"),
            "ecg.start-here": partial(self._trim, start=True), "ecg.end-here": partial(self._trim, start=False),
            "ecg.name-beats": self._name_beats, "ecg.previous-beat": partial(self._to_beat, -1),
            "ecg.next-beat": partial(self._to_beat, 1), "ecg.mark-p": partial(self._mark, P),
            "ecg.mark-qrs": partial(self._mark, QRS),
            "ecg.unmark": self._unmark, "ecg.conducts": self._conducts,
            **{f"ecg.favourite-{n}": partial(self._favourite, n) for n in NINE}}
        return {name: partial(self._guarded, act) for name, act in acts.items()}

    def letter(self, text: str) -> bool:
        """While beats are named a letter of WFDB names the one at the cursor, and the cursor goes on to the next."""
        tagging = self._tagging
        if not tagging.naming_beats or not text or not tagging.beats.knows(text):
            return False
        self._guarded(partial(self._name, text))
        return True

    def remove_beat(self) -> bool:
        """Del while beats are named takes the one at the cursor away."""
        if not self._tagging.naming_beats or self._caret.tick is None:
            return False
        self._guarded(lambda: self._tagging.beats.remove(self._at()))
        return True

    def _guarded(self, act: Callable[[], object]) -> object:
        try:
            return act()
        except GraticuleError as error:
            self.failed.emit(error)
            return True

    # Caret

    def _step(self, by: int, *, extend: bool = False) -> None:
        self._caret.to_peaks = self._tagging.tool.options.snap
        self._caret.peaks = self._stops()
        shown = tuple(self._recording.tick(seconds) for seconds in self._view.shown_s)
        self._caret.step(by, (shown[0], shown[1]), extend=extend)
        self._show_caret()

    def _stops(self) -> list[int]:
        """The reader's beats, and the R peaks that were found where he has none yet."""
        mine, found = self._tagging.beats.ticks(), np.asarray(self._tagging.tool.peaks, np.int64)
        if not mine.size or not found.size:
            return (mine if mine.size else found).tolist()
        at = np.clip(np.searchsorted(mine, found), 1, max(1, mine.size - 1)) if mine.size > 1 else np.zeros(found.size, int)
        near = np.minimum(np.abs(found - mine[at]), np.abs(found - mine[np.maximum(at - 1, 0)]))
        return np.union1d(mine, found[near > self._recording.tick(NEAR_S)]).tolist()

    def _take_shown(self) -> None:
        start, end = (self._recording.tick(seconds) for seconds in self._view.shown_s)
        self._caret.take(start, end)
        self._show_caret(follow=False)
        self._ask()

    def _take_gap(self) -> None:
        """What nobody has labelled on the track of rhythm, round the cursor."""
        tick = self._caret.tick if self._caret.tick is not None else self._recording.tick(self._view.shown_s[0])
        gap = gap_at(self._opened.workspace.labels.of(Episode), RHYTHM, tick, self._recording.ticks)
        if gap is None:
            raise GraticuleError("There is no gap in the rhythm here.", "Bring the cursor to a place without a rhythm.")
        self._caret.take(*gap)
        self._show_caret(follow=False)
        self._ask()

    def _show_caret(self, *, follow: bool = True) -> None:
        tagging, span = self._tagging, self._caret.span
        tagging.tool.span = span
        if span is not None and tagging.tool.selected is not None:
            tagging.select(None)
        if follow and self._caret.tick is not None:
            self._view.go_to(self._recording.seconds(self._caret.tick))
        self.moved.emit()

    def ask(self) -> bool:
        """Enter with a stretch drawn asks for its code; False without one."""
        if self._tagging.tool.span is None:
            return False
        self._ask()
        return True

    def _ask(self) -> None:
        span = self._tagging.tool.span
        if span is not None:
            self._tagging.dragged_out(span)

    def _snap(self) -> None:
        options = self._tagging.tool.options
        self._tagging.tool.options = type(options)(snap=not options.snap)
        self.told.emit(tr("The cursor stops at R peaks") if not options.snap else tr("The cursor stops everywhere"))
        self.moved.emit()

    # Episodes

    def _with_selected(self, act: str) -> Callable[[], bool]:
        def run() -> bool:
            selected = self._tagging.tool.selected
            if selected is None:
                return False
            getattr(self._tagging.episodes, act)(selected)
            return True
        return run

    def _split(self) -> bool:
        selected = self._tagging.tool.selected
        if selected is None:
            return False
        self._tagging.episodes.split(selected, self._at())
        return True

    def _trim(self, *, start: bool) -> bool:
        episode = self._tagging.episodes.element(self._tagging.tool.selected)
        if episode is None:
            return False
        tick, desk = self._at(), self._tagging.conduction
        ends = (tick, episode.end) if start else (episode.start, tick)
        if ends[0] < ends[1]:
            reason = str(episode.criteria.get("reason", ""))
            criteria = desk.evidence(episode.track, episode.code.code, *ends, reason)
        else:
            criteria = {}
        self._tagging.episodes.trim(episode.id, tick, criteria, start=start)
        return True

    def _favourite(self, number: int) -> bool:
        """Tag what is drawn, or the episode in hand, at once."""
        slugs, tagging = self._tagging.favourites, self._tagging
        if number > len(slugs) or not slugs[number - 1]:
            return False
        return tagging.favourite(slugs[number - 1])

    def _at(self) -> int:
        if self._caret.tick is None:
            raise GraticuleError("The cursor is not on the strip yet.", "Ctrl+→ brings it there.")
        return self._caret.tick

    # Beats

    def _name_beats(self) -> None:
        tagging = self._tagging
        tagging.naming_beats = not tagging.naming_beats
        self.told.emit(tr("Letters name beats: N V A / F …") if tagging.naming_beats else tr("Letters are codes again"))
        if tagging.naming_beats:
            tagging.select(None)
            if self._caret.tick is None:
                self._to_beat(1)
        self.moved.emit()

    def _to_beat(self, by: int) -> None:
        self._caret.peaks, self._caret.to_peaks = self._stops(), True
        start, end = (self._recording.tick(seconds) for seconds in self._view.shown_s)
        self._caret.step(by, (start, end))
        self._show_caret()

    def _name(self, letter: str) -> None:
        self._tagging.beats.name(self._at(), letter)
        self._to_beat(1)

    # Marks

    def _mark(self, kind: str) -> None:
        self._tagging.marking.add(kind, self._at())

    def _unmark(self) -> None:
        marks, tick = self._tagging.marking.marks, self._at()
        if marks is None:
            raise GraticuleError("There are no marks to change here.", "Take a stretch or an episode in hand first.")
        near = [(abs(row[n].onset - tick), kind, n) for kind, row in ((P, marks.p), (QRS, marks.qrs))
                if (n := marks.nearest(kind, tick)) is not None]
        if near:
            _, kind, number = min(near)
            self._tagging.marking.remove(kind, number)

    def _conducts(self) -> None:
        number = self._tagging.marking.nearest(P, self._at())
        if number is not None:
            self._tagging.marking.toggle(number)
