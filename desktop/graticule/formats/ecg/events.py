"""What files note at times, as labels: beats, episodes of known codes; everything else goes word for word into one note."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from graticule.domain.codes import Code, Concept, Ontology
from graticule.domain.elements import Beat, Element, Episode, Note
from graticule.domain.recording import Recording
from graticule.formats.ecg.atr import BEATS
from graticule.formats.ecg.rhythm_strings import slug_of
from graticule.resources import load_ontology

_MOST_LINES = 2000
# Our own codes in DICOM, and strings of WFDB that no code of ours stands for.
PRIVATE_SCHEME, WFDB_SCHEME = "99GRATICULE", "WFDB"
_STRING = re.compile(r"\([A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Event:
    """start, end: ticks, end None for an instant. text: as in the file. lead: None for all. code: (scheme, value), if any."""

    start: int
    end: int | None
    text: str
    lead: str | None = None
    code: tuple[str, str] | None = None


def elements_of(events: Iterable[Event], recording: Recording, new_id: Callable[[], str], source: str,
                lines: Iterable[str] = ()) -> list[Element]:
    """Events outside the record are not taken over, and said to be. lines: what has no time, for the note.

    source: a sentence that says where all this comes from.
    """
    events = sorted(events, key=lambda event: event.start)
    inside = [event for event in events if 0 <= event.start < recording.ticks]
    elements: list[Element] = []
    left = list(lines)
    for event in inside:
        found = _element(event, recording, new_id)
        if found is None:
            left.append(f"{recording.seconds(event.start):.3f} s{f' {event.lead}' if event.lead else ''}: {event.text}")
        else:
            elements.append(found)
    if len(inside) < len(events):
        left.append(f"{len(events) - len(inside)} notes lie outside the record and were left out.")
    elements += _note(left, source, new_id)
    return elements


def _note(lines: list[str], source: str, new_id: Callable[[], str]) -> list[Element]:
    if not lines:
        return []
    more = [f"… and {len(lines) - _MOST_LINES} more."] if len(lines) > _MOST_LINES else []
    return [Note(id=new_id(), text="\n".join([source, *lines[:_MOST_LINES], *more]))]


def _element(event: Event, recording: Recording, new_id: Callable[[], str]) -> Element | None:
    symbol = beat_symbol(event)
    if symbol is not None:
        return Beat(id=new_id(), tick=event.start, symbol=symbol, lead=event.lead)
    concept = rhythm_concept(event)
    string = _foreign_string(event)
    if concept is None and string and event.end is not None:
        return Episode(id=new_id(), track="rhythm", start=event.start, end=min(recording.ticks, event.end),
                       code=Code(WFDB_SCHEME, string, ""), lead=event.lead)
    if concept is None or (event.end is None and concept.track != "event"):
        return None
    end = min(recording.ticks, event.end if event.end is not None else event.start + 1)
    if end <= event.start:
        return None
    return Episode(id=new_id(), track=concept.track, start=event.start, end=end, code=concept.code, lead=event.lead)


def _foreign_string(event: Event) -> str:
    """A rhythm string of WFDB, kept as it is where no code of ours stands for it; "" for anything else."""
    if event.code is not None:
        return event.code[1] if event.code[0] == WFDB_SCHEME else ""
    return event.text.strip() if _STRING.fullmatch(event.text.strip()) else ""


def beat_symbol(event: Event) -> str | None:
    """The WFDB symbol of an event that is a beat: by its code, or when the text is such a symbol."""
    if event.code is not None:
        return _beats_by_code().get(event.code)
    text = event.text.strip()
    return (text if text in BEATS else _beats_by_name().get(text.lower())) if event.end is None else None


def rhythm_concept(event: Event) -> Concept | None:
    if event.code is not None:
        return _rhythms_by_code().get(event.code)
    text = event.text.strip()
    names = _rhythms_by_name()
    slug = slug_of(text)
    return names.get(slug or "") or names.get(text.lower())


@cache
def _rhythm() -> Ontology:
    return load_ontology("rhythm")


@cache
def _rhythms_by_name() -> dict[str, Concept]:
    """By slug of every track, and by label of a rhythm."""
    further = {c.code.code: c for c in load_ontology("ecg_tracks")}
    return further | {c.label.lower(): c for c in _rhythm()} | {c.code.code: c for c in _rhythm()}


@cache
def _rhythms_by_code() -> dict[tuple[str, str], Concept]:
    found: dict[tuple[str, str], Concept] = {}
    for concept in _rhythm():
        for scheme in ("MDC", "SCT"):
            for value in concept.crosswalk.get(scheme, ()):
                found.setdefault((scheme, value), concept)
    return found | {(PRIVATE_SCHEME, c.code.code): c for c in load_ontology("rhythm", "ecg_tracks")}


@cache
def _beats_by_code() -> dict[tuple[str, str], str]:
    return {(scheme, value): concept.crosswalk["WFDB"][0] for concept in load_ontology("beats") if concept.crosswalk.get("WFDB")
            for scheme, value in [*((scheme, value) for scheme in ("MDC", "SCT") for value in concept.crosswalk.get(scheme, ())),
                                  (PRIVATE_SCHEME, concept.code.code)]}


@cache
def _beats_by_name() -> dict[str, str]:
    named = (concept for concept in load_ontology("beats") if concept.crosswalk.get("WFDB"))
    return {concept.label.lower(): concept.crosswalk["WFDB"][0] for concept in named}
