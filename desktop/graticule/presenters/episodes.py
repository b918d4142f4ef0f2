"""The reader's own episodes: what is tagged where, and tagging, changing and removing as named acts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from graticule.domain.codes import Concept
from graticule.domain.edits import ElementChange
from graticule.domain.elements import Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.recording import Recording
from graticule.editing.tools.episode import Span
from graticule.editing.tracks import lay, span_text
from graticule.presenters.open_case import OpenCase

TRACK_TITLES = {"rhythm": "Rhythm", "conduction": "AV conduction", "sinus_node": "Sinus node", "pacing": "Pacing",
                "event": "Events"}
SHORT_TITLES = {"conduction": "AV", "sinus_node": "Sinus"}

FEW = 200


def track_title(track: str) -> str:
    return TRACK_TITLES.get(track, track.replace("_", " ").capitalize())


def short_title(track: str) -> str:
    """For the margin of the sheet, where there is room for a word."""
    return SHORT_TITLES.get(track, track_title(track))


@dataclass(frozen=True, slots=True)
class Row:
    """One episode as the list and the bands show it. place: its position in the ontology, from which a colour may be taken."""

    id: str
    track: str
    label: str
    colour: str
    place: int
    start: int
    end: int
    start_s: float
    end_s: float

    @property
    def span(self) -> str:
        return f"{self.start_s:.1f}–{self.end_s:.1f} s"

    @property
    def duration(self) -> str:
        seconds = self.end_s - self.start_s
        return f"{seconds:.1f} s" if seconds < 120 else f"{int(seconds // 60)} min {int(seconds % 60):02d} s"


class Episodes:
    """All episodes of the open ECG, by track. Rebuilt only when a label changed, however often it is painted."""

    def __init__(self, opened: OpenCase) -> None:
        if not isinstance(opened.content, Recording):
            raise GraticuleError("Episodes are tagged on an ECG.")
        self._opened = opened
        self._recording = opened.content
        self._places = {concept.code.code: place for place, concept in enumerate(opened.ontology)}
        self._rows: list[Row] | None = None
        self._by_track: dict[str, tuple[list[Row], Array, Array]] = {}

    @property
    def tracks(self) -> tuple[str, ...]:
        return self._opened.protocol.episode_tracks

    def concepts(self, typed: str = "") -> list[Concept]:
        """What may be tagged, best fit to the typed letters first."""
        return [concept for concept in self._opened.ontology.search(typed) if concept.track in self.tracks]

    def all_concepts(self) -> list[Concept]:
        """The whole ontology in table order, for colours and patterns that stay the same whatever is typed."""
        return list(self._opened.ontology)

    def forget(self) -> None:
        """The labels changed: look again when next asked."""
        self._rows = None

    def rows(self) -> list[Row]:
        """By start time, then in the order of the tracks."""
        if self._rows is None:
            order = {track: n for n, track in enumerate(self.tracks)}
            found = [self._row(e) for e in self._opened.workspace.labels.of(Episode)]
            self._rows = sorted(found, key=lambda row: (row.start, order.get(row.track, 99)))
            self._by_track = {track: _sorted([row for row in self._rows if row.track == track]) for track in self.tracks}
        return self._rows

    def shown(self, track: str, start_s: float, end_s: float, pixel_s: float = 0.0) -> list[Row]:
        """Episodes of a track that reach into [start_s, end_s]. Two binary searches, since a track never overlaps itself.

        pixel_s: seconds a screen pixel stands for; of several shorter ones that end in the same pixel only the first is given.
        """
        self.rows()
        rows, starts, ends = self._by_track.get(track, ([], np.empty(0), np.empty(0)))
        first, last = int(np.searchsorted(ends, start_s, "right")), int(np.searchsorted(starts, end_s, "left"))
        if pixel_s <= 0 or last - first <= FEW:
            return rows[first:last]
        pixel = np.floor(ends[first:last] / pixel_s)
        seen = (np.diff(pixel, prepend=-1.0) > 0) | (ends[first:last] - starts[first:last] >= pixel_s)
        return [rows[first + n] for n in np.flatnonzero(seen).tolist()]

    def element(self, episode_id: str | None) -> Episode | None:
        return self._opened.workspace.labels.get(Episode, episode_id) if episode_id else None

    def tag(self, span: Span, concept: Concept, criteria: Mapping[str, Any]) -> str:
        """Lay a new episode on the concept's track; what was there before gives way. Its id."""
        episode = Episode(id=self._opened.new_id(), track=concept.track, start=span.start, end=span.end, code=concept.code,
                          criteria=dict(criteria))
        self._lay(f"Tag {concept.label} {span_text(self._recording, span.start, span.end)}", episode)
        return episode.id

    def recode(self, episode_id: str, concept: Concept, criteria: Mapping[str, Any]) -> None:
        """Give an episode another code; one of another track moves there and makes room for itself."""
        episode = self._known(episode_id)
        changed = replace(episode, code=concept.code, track=concept.track, criteria=dict(criteria))
        self._lay(f"Change to {concept.label} {span_text(self._recording, episode.start, episode.end)}", changed)

    def delete(self, episode_id: str) -> None:
        episode = self._known(episode_id)
        where = span_text(self._recording, episode.start, episode.end)
        self._opened.workspace.do(f"Delete {self._opened.ontology.label(episode.code)} {where}", ElementChange.remove(episode))

    def _lay(self, title: str, episode: Episode) -> None:
        workspace = self._opened.workspace
        workspace.do(title, *lay(workspace.labels.of(Episode), episode, self._opened.new_id))

    def _known(self, episode_id: str) -> Episode:
        episode = self.element(episode_id)
        if episode is None:
            raise GraticuleError("This episode is no longer there.", "Choose another one.")
        return episode

    def _row(self, episode: Episode) -> Row:
        concept = self._opened.ontology.find(episode.code)
        seconds = self._recording.seconds
        return Row(episode.id, episode.track, self._opened.ontology.label(episode.code), concept.colour if concept else "",
                   self._places.get(episode.code.code, 0), episode.start, episode.end, seconds(episode.start),
                   seconds(episode.end))


def _sorted(rows: list[Row]) -> tuple[list[Row], Array, Array]:
    return rows, np.array([row.start_s for row in rows]), np.array([row.end_s for row in rows])
