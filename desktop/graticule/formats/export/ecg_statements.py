"""What the labels of an ECG say about its time, ready to be written: beats of one kind together, episodes one by one."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from graticule.domain.beats import PROVENANCE, REFUSED
from graticule.domain.codes import Ontology
from graticule.domain.elements import Beat, Episode
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.formats.export.ecg_codes import EcgCode, beat_code, episode_code
from graticule.formats.export.segment_rows import uid_of

# Marks of single waves inside a stretch (`ecg/marks.py`): drafts of a measurement, no statement about the record.
NO_STATEMENT = ("marks",)
# As many 32-bit positions as one element of DICOM holds, whose length is a 16-bit number.
MOST_POINTS = 16_000


@dataclass(frozen=True, eq=False, slots=True)
class Statement:
    """ticks: (n,) int64, rising: of beats; or the two ends [start, end) of an episode. lead: None for all.

    tracking: (identifier, UID), the same for the same label in every export of the case.
    """

    code: EcgCode
    ticks: Array
    lead: str | None
    provenance: str
    tracking: tuple[str, str]
    track: str = ""

    @property
    def is_episode(self) -> bool:
        return bool(self.track)


def beat_rows(labels: Labels) -> Iterator[tuple[str | None, str, str, Array]]:
    """(lead, symbol, provenance, ticks rising) of the beats of one kind, in a fixed order. What was struck out is no beat."""
    found: dict[tuple[str, str, str], list[Array]] = {}
    loose: dict[tuple[str, str, str], list[int]] = {}
    for element in labels.all():
        if isinstance(element, Beat):
            loose.setdefault((element.lead or "", element.symbol, element.provenance), []).append(element.tick)
    for key, ticks in loose.items():
        found.setdefault(key, []).append(np.array(ticks, np.int64))
    for lead, table in labels.beats.items():
        kinds = table.symbols.astype(np.int64) << 8 | table.authors
        for kind in np.unique(kinds[table.symbols != REFUSED]).tolist():
            key = (lead, chr(kind >> 8), PROVENANCE[kind & 0xFF])
            found.setdefault(key, []).append(table.ticks[kinds == kind])
    for (lead, symbol, provenance), parts in sorted(found.items()):
        yield lead or None, symbol, provenance, np.sort(np.concatenate(parts))


def episodes_to_write(labels: Labels) -> list[Episode]:
    """In order of time."""
    found = [episode for episode in labels.of(Episode) if episode.track not in NO_STATEMENT]
    return sorted(found, key=lambda episode: (episode.start, episode.end, episode.track, episode.id))


def statements(case_id: str, labels: Labels, ontology: Ontology) -> Iterator[Statement]:
    """Beats first, at most `MOST_POINTS` in one; then the episodes."""
    for lead, symbol, provenance, ticks in beat_rows(labels):
        code = beat_code(Beat(id="", tick=0, symbol=symbol))
        for part in range(0, ticks.size, MOST_POINTS):
            name = f"beats {symbol} {lead or 'all leads'} {provenance} {part // MOST_POINTS + 1}"
            yield Statement(code, ticks[part: part + MOST_POINTS], lead, provenance, (name, uid_of(case_id, name)))
    for episode in episodes_to_write(labels):
        name = f"episode {episode.track} {episode.start}"
        yield Statement(episode_code(episode, ontology), np.array([episode.start, episode.end], np.int64), episode.lead,
                        episode.provenance, (name[:64], uid_of(case_id, "episode", episode.id)), episode.track)
