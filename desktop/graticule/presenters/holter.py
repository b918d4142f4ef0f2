"""The Holter desk: beats and drafts, what is chosen of them, what a change would do, and the queue of offers."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from graticule.domain.beats import BeatTable
from graticule.domain.elements import Episode
from graticule.domain.geometry import Array
from graticule.domain.labels import AUTHOR_MACHINE, AUTHOR_MACHINE_CORRECTED
from graticule.domain.progress import Progress
from graticule.domain.recording import Recording
from graticule.ecg.beat_classes import BeatDrafts, draft_beats
from graticule.presenters.holter_beats import CLASSES, Beats, HolterBeats
from graticule.presenters.holter_effect import Effect, effect_of
from graticule.presenters.holter_review import HolterReview
from graticule.presenters.open_case import OpenCase

NOTHING = np.empty(0, np.int64)


class HolterDesk:
    """chosen: (n,) rising ticks of the beats that the next act concerns; chosen_words: how they were chosen."""

    def __init__(self, opened: OpenCase, recording: Recording) -> None:
        self._opened, self.recording = opened, recording
        self.beats = HolterBeats(opened.workspace, recording)
        self.review = HolterReview(opened, recording, self.beats)
        self.chosen: Array = NOTHING
        self.chosen_words = ""
        self._shown: tuple[object, BeatTable] | None = None

    def analyse(self, progress: Progress) -> BeatDrafts:
        """For a job: find, gather and draft the beats."""
        return draft_beats(self.recording, progress)

    def analysed(self, drafts: BeatDrafts) -> None:
        self.beats.set_drafts(drafts)
        self.choose(NOTHING, "")

    def labels_changed(self) -> None:
        self.beats.forget()

    def choose(self, ticks: Array, words: str) -> None:
        self.chosen, self.chosen_words = np.unique(ticks), words

    def choose_between(self, start: int, end: int, words: str) -> None:
        """All beats of [start, end) ticks."""
        beats = self.beats.beats()
        self.choose(beats.ticks[beats.between(start, end)], words)

    def choose_like(self, tick: int, likeness: float) -> None:
        """The beats that look like the one at `tick`."""
        self.choose(self.beats.like(tick, likeness), f"like the beat at {self.recording.seconds(tick):.2f} s")

    def join_shapes(self, numbers: list[int]) -> None:
        """Several shapes are one from now on; a matter of looking, which changes no label."""
        drafts = self.beats.drafts
        if drafts is not None and len(numbers) > 1:
            self.beats.set_drafts(replace(drafts, shapes=drafts.shapes.joined(numbers)))

    def choose_drafts(self) -> None:
        beats = self.beats.beats()
        self.choose(beats.ticks[beats.drafts], "every draft")

    def effect(self, letter: str) -> Effect:
        """What changing the chosen beats to a letter would do."""
        change, _ = self.beats.reclassified(self.chosen, letter)
        return effect_of(self.recording, self.beats.beats(), self._opened.workspace.labels.of(Episode), change)

    def accept(self) -> int:
        return self._done(lambda: self.beats.accept(self.chosen))

    def reclassify(self, letter: str) -> int:
        return self._done(lambda: self.beats.reclassify(self.chosen, letter))

    def delete(self) -> int:
        return self._done(lambda: self.beats.delete(self.chosen))

    def coverage(self, columns: int) -> tuple[Array, Array]:
        """((columns,) beats, (columns,) of them taken or set by the reader) over the whole record."""
        beats = self.beats.beats()
        edges = np.linspace(0, self.recording.ticks, columns + 1)
        places = np.searchsorted(beats.ticks, edges)
        said = np.concatenate(([0], np.cumsum(~beats.drafts)))
        return np.diff(places), np.diff(said[places])

    def tables(self) -> dict[str, BeatTable]:
        """What the strip shows (`presenters/beat_marks.py`): everything that was said is solid, drafts are pale."""
        beats = self.beats.beats()
        if self._shown is None or self._shown[0] is not beats:
            table = BeatTable()
            authors = np.where(beats.drafts, AUTHOR_MACHINE, AUTHOR_MACHINE_CORRECTED).astype(np.uint8)
            table.fill(beats.ticks, beats.symbols, authors)
            table.version = (self._shown[1].version if self._shown else 0) + 1
            self._shown = (beats, table)
        return {"": self._shown[1]}

    def summary(self) -> list[tuple[str, str]]:
        """(what, how much) for the panel."""
        beats: Beats = self.beats.beats()
        counts = beats.counts()
        rows = [("Beats", f"{len(beats):,}"), ("Drafts not yet accepted", f"{int(beats.drafts.sum()):,}")]
        words = dict(CLASSES)
        return [*rows, *((words.get(letter, letter), f"{count:,} · {100 * count / max(1, len(beats)):.1f} %") for letter, count in
                         sorted(counts.items(), key=lambda item: -item[1]))]

    def _done(self, act: Callable[[], int]) -> int:
        count = act()
        self.choose(NOTHING, "")
        return count
