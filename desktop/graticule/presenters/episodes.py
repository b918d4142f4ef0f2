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
from graticule.editing.tracks import MARKS, QUALITY, lay, merge, span_text, split, until_next_change
from graticule.presenters.open_case import OpenCase

TRACK_TITLES = {"rhythm": "Rhythm", "conduction": "AV conduction", "sinus_node": "Sinus node",
                "intraventricular": "Intraventricular conduction", "pacing": "Pacing", "quality": "Signal quality",
                "st": "ST and T", "event": "Events"}
SHORT_TITLES = {"conduction": "AV", "sinus_node": "Sinus", "intraventricular": "IV", "quality": "Quality", "st": "ST/T"}
ALWAYS_SHOWN = 2       # tracks of the protocol that have a band before anything lies on them
CAUSES = "quality_cause"

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
    lead: str | None = None

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
        self._of_leads: list[Row] = []

    @property
    def tracks(self) -> tuple[str, ...]:
        """What may be tagged."""
        return self._opened.protocol.episode_tracks

    def bands(self) -> tuple[str, ...]:
        """The tracks that have a band on the sheet: the protocol's first two, and any that holds an episode."""
        used = {row.track for row in self.rows() if row.lead is None}
        return tuple(track for n, track in enumerate(self.tracks) if n < ALWAYS_SHOWN or track in used)

    def concepts(self, typed: str = "") -> list[Concept]:
        """What may be tagged, best fit to the typed letters first. Where the protocol names the codes of a track, only those."""
        sets = self._opened.protocol.codes
        return [concept for concept in self._opened.ontology.search(typed)
                if concept.track in self.tracks and concept.code.code in sets.get(concept.track, (concept.code.code,))]

    def lead_named(self, typed: str) -> str | None:
        """The name of the lead that was typed, whatever its case; None for no lead of this record."""
        lead = self._recording.lead(typed) if typed else None
        return lead.name if lead else None

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
            found = [self._row(e) for e in self._opened.workspace.labels.of(Episode) if e.track not in (MARKS, "mark")]
            self._rows = sorted(found, key=lambda row: (row.start, order.get(row.track, 99)))
            self._by_track = {track: _sorted([row for row in self._rows if row.track == track and row.lead is None])
                              for track in self.tracks}
            self._of_leads = [row for row in self._rows if row.lead is not None]
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

    def of_leads(self, start_s: float, end_s: float) -> list[Row]:
        """Episodes of single leads that reach into [start_s, end_s]."""
        self.rows()
        return [row for row in self._of_leads if row.end_s > start_s and row.start_s < end_s]

    def element(self, episode_id: str | None) -> Episode | None:
        return self._opened.workspace.labels.get(Episode, episode_id) if episode_id else None

    def tag(self, span: Span, concept: Concept, criteria: Mapping[str, Any], *, lead: str | None = None, said: str = "") -> str:
        """Lay a new episode on the concept's track, of one lead or of all; what was there before gives way. Its id."""
        episode = Episode(id=self._opened.new_id(), track=concept.track, start=span.start, end=span.end, code=concept.code,
                          lead=lead, criteria={**criteria, **self.words_of(concept, said)})
        of_lead = f" in {lead}" if lead else ""
        self._lay(f"Tag {concept.label}{of_lead} {span_text(self._recording, span.start, span.end)}", episode)
        return episode.id

    def words_of(self, concept: Concept, said: str) -> dict[str, str]:
        """What the reader said of a code, as it is kept: a cause of noise by its slug, anything else as it stands."""
        if not said:
            return {}
        causes = self._opened.ontology.search(said, CAUSES) if concept.track == QUALITY else []
        return {"cause": causes[0].code.code} if causes else {"comment": said}

    def split(self, episode_id: str, tick: int) -> None:
        """Two of the same code that meet at a tick."""
        episode = self._known(episode_id)
        self._opened.workspace.do(f"Split {self._named(episode)} at {self._recording.seconds(tick):.1f} s",
                                  *split(episode, tick, self._opened.new_id))

    def merge(self, episode_id: str) -> None:
        """Join with the next one of the same lane, which takes this one's code."""
        episode = self._known(episode_id)
        self._opened.workspace.do(f"Join {self._named(episode)} with the next",
                                  *merge(self._opened.workspace.labels.of(Episode), episode))

    def extend(self, episode_id: str) -> None:
        """The same until the next change on its lane, or to the end of the record."""
        episode = self._known(episode_id)
        changes = until_next_change(self._opened.workspace.labels.of(Episode), episode, self._recording.ticks)
        self._opened.workspace.do(f"Extend {self._named(episode)} to the next change", *changes)

    def trim(self, episode_id: str, tick: int, criteria: Mapping[str, Any], *, start: bool) -> None:
        """Let an episode begin or end at a tick; GraticuleError when nothing would be left."""
        episode = self._known(episode_id)
        changed = replace(episode, start=tick, criteria=dict(criteria)) if start else replace(episode, end=tick,
                                                                                              criteria=dict(criteria))
        if changed.start >= changed.end:
            raise GraticuleError("The episode would end before it begins.", "Bring the cursor to the other side.")
        self._lay(f"Resize {self._named(episode)} to {span_text(self._recording, changed.start, changed.end)}", changed)

    def _named(self, episode: Episode) -> str:
        return self._opened.ontology.label(episode.code)

    def recode(self, episode_id: str, concept: Concept, criteria: Mapping[str, Any], *, lead: str | None = None,
               said: str = "") -> None:
        """Give an episode another code; one of another track or lead moves there and makes room for itself."""
        episode = self._known(episode_id)
        changed = replace(episode, code=concept.code, track=concept.track, lead=lead or episode.lead,
                          criteria={**criteria, **self.words_of(concept, said)})
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
                   seconds(episode.end), episode.lead)


def _sorted(rows: list[Row]) -> tuple[list[Row], Array, Array]:
    return rows, np.array([row.start_s for row in rows]), np.array([row.end_s for row in rows])
