"""A reader's labels as the annotations that EC57 compares: beats, rhythm changes, brackets of fibrillation, shutdowns."""

from collections.abc import Iterable, Iterator

from graticule.domain.elements import Beat, Episode
from graticule.domain.labels import Labels
from graticule.quality.ec57_marks import OFF, ON, QUALITY, RHYTHM, SHUTDOWN_BITS, ST_CHANGE, Mark
from graticule.quality.gates import SHUT

STRINGS = {"afib": "(AFIB", "aflutter": "(AFL", "vfib": "(VFIB", "vflutter": "(VFL"}
BRACKETED = ("vfib", "vflutter")
OTHER = "(N"   # any other rhythm: to EC57 they are all alike


def marks_of(labels: Labels) -> list[Mark]:
    """In order of time. Quality of single leads and tracks that EC57 does not know are left out."""
    marks = [Mark(beat.tick, beat.symbol, id=beat.id, lead=beat.lead or "") for beat in labels.of(Beat)]
    episodes = sorted(labels.of(Episode), key=lambda episode: episode.start)
    marks += _rhythms([e for e in episodes if e.track == "rhythm"])
    marks += _shutdowns([e for e in episodes if e.track == "quality" and e.lead is None])
    marks += _st([e for e in episodes if e.track == "st"])
    return sorted(marks, key=lambda mark: (mark.tick, mark.symbol not in (RHYTHM, QUALITY)))


def _rhythms(episodes: list[Episode]) -> Iterator[Mark]:
    starts = {episode.start for episode in episodes}
    for e in episodes:
        yield Mark(e.start, RHYTHM, aux=_string(e), id=e.id)
        if e.end not in starts:
            yield Mark(e.end, RHYTHM, aux=OTHER)
        if e.code.code in BRACKETED:
            yield Mark(e.start, ON, id=e.id)
            yield Mark(max(e.start, e.end - 1), OFF)


def _string(episode: Episode) -> str:
    """A code taken over from a file is the file's own string."""
    code = episode.code.code
    return code if code.startswith("(") else STRINGS.get(code, OTHER)


def _shutdowns(episodes: Iterable[Episode]) -> Iterator[Mark]:
    for e in episodes:
        if e.code.code in SHUT:
            yield Mark(e.start, QUALITY, SHUTDOWN_BITS, id=e.id)
            yield Mark(e.end, QUALITY)


def _st(episodes: Iterable[Episode]) -> Iterator[Mark]:
    for e in episodes:
        if e.code.code in ("st_elevation", "st_depression"):
            sign = "+" if e.code.code == "st_elevation" else "-"
            yield Mark(e.start, ST_CHANGE, aux=f"(ST0{sign}", id=e.id)
            yield Mark(e.end, ST_CHANGE, aux=f"ST0{sign})")
