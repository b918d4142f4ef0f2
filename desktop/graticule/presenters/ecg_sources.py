"""Whose beats and episodes can be counted or compared: the reader's, a file's, an older version's, a detector's."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from graticule.domain.elements import Beat, Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import AUTHOR_MACHINE, Labels
from graticule.domain.progress import Progress
from graticule.jobs.runner import DATABASE
from graticule.presenters.open_case import OpenCase

OWN, ELSEWHERE, DETECTOR = "own", "elsewhere", "detector"


@dataclass(frozen=True, slots=True)
class Source:
    """key: OWN, DETECTOR or a number of what came from elsewhere. title: for the screen, "" for the first two."""

    key: str
    title: str = ""


class EcgSources:
    """detected: R peaks in ticks, once they are found; they stand for normal beats, since nobody has classified them."""

    def __init__(self, opened: OpenCase) -> None:
        self._opened = opened
        self._loaded: dict[str, Labels] = {str(-1 - n): labels for n, labels in enumerate(opened.beside)}
        self.detected: Array | None = None

    def listed(self) -> list[Source]:
        """What can be chosen now; `load` brings what lies in the store."""
        elsewhere = [Source(key, self._title(key)) for key in self._loaded]
        return [Source(OWN), *elsewhere, *([Source(DETECTOR)] if self.detected is not None else [])]

    def usual(self, order: tuple[str, ...]) -> str:
        """The first that has a beat, asked in the order of OWN, ELSEWHERE and DETECTOR given; else the first of all."""
        listed = sorted((source.key for source in self.listed()), key=lambda key: order.index(_sort(key)))
        return next((key for key in listed if self._has_beats(key)), listed[0])

    def _has_beats(self, key: str) -> bool:
        if key == DETECTOR:
            return self.detected is not None and self.detected.size > 0
        labels = self._opened.workspace.labels if key == OWN else self._loaded[key]
        return any(len(table) for table in labels.beats.values()) or any(isinstance(e, Beat) for e in labels.all())

    def load(self, done: Callable[[], None], failed: Callable[[GraticuleError], None]) -> None:
        """Read the labels from elsewhere, once; those without beats or episodes are of no use here."""
        missing = {str(n): found for n, found in enumerate(self._opened.references) if str(n) not in self._loaded}
        if not missing:
            done()
            return

        def read(progress: Progress) -> dict[str, Labels]:
            return {key: reference.load() for key, reference in missing.items()}

        def came(found: dict[str, Labels]) -> None:
            self._loaded |= found
            done()

        self._opened.runner.start(read, done=came, failed=failed, lane=DATABASE, title="Reading the annotations")

    def annotation(self, key: str) -> Labels:
        """Beats and episodes as they are now, copied: a job may read them while the reader goes on."""
        copied = Labels()
        if key == DETECTOR:
            _fill(copied, np.empty(0, np.int64) if self.detected is None else self.detected)
            return copied
        labels = self._opened.workspace.labels if key == OWN else self._loaded[key]
        for element in labels.all():
            if isinstance(element, Beat | Episode):
                copied.put(element.KIND, element.id, element)
        copied.beats = {lead: table.copy() for lead, table in labels.beats.items()}
        return copied

    def _title(self, key: str) -> str:
        number = int(key)
        return self._opened.references[number].title if number >= 0 else "From the file"


def _sort(key: str) -> str:
    return key if key in (OWN, DETECTOR) else ELSEWHERE


def _fill(labels: Labels, peaks: Array) -> None:
    ticks = np.unique(peaks).astype(np.int64)
    labels.beat_table().fill(ticks, np.full(ticks.size, ord("N"), np.uint8), np.full(ticks.size, AUTHOR_MACHINE, np.uint8))
