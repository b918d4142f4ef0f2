"""The annotations of an .atr that are neither beat nor rhythm: kept as marks of one tick, so that they leave as they came.

What else the file said of a beat or a mark (subtype, number, text) stays with it under names that only this format uses.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from graticule.domain.codes import Code
from graticule.domain.elements import Beat, Episode
from graticule.domain.recording import Recording
from graticule.formats.ecg.atr import BEATS, RHYTHM, TYPES, Mark
from graticule.resources import load_ontology

TRACK = "mark"
SUBTYPE, CHANNEL, NUMBER, AUX, BRACKETS = "wfdb_subtype", "wfdb_channel", "wfdb_number", "wfdb_aux", "wfdb_brackets"


def is_mark(symbol: str) -> bool:
    return symbol in _codes()


def other_marks(marks: Iterable[Mark], recording: Recording, new_id: Callable[[], str]) -> list[Episode]:
    """A mark that names a channel of the record stands on that lead."""
    found = [mark for mark in marks if is_mark(mark.symbol) and mark.symbol not in BEATS
             and not (mark.symbol == RHYTHM and mark.aux.startswith("("))]
    return [Episode(id=new_id(), track=TRACK, start=mark.sample, end=mark.sample + 1, code=_codes()[mark.symbol],
                    lead=recording.leads[mark.channel].name if 0 < mark.channel < len(recording.leads) else None,
                    extra=fields_of(mark)) for mark in found]


def fields_of(mark: Mark) -> dict[str, Any]:
    """What is not at its default."""
    values = {SUBTYPE: mark.subtype, CHANNEL: mark.channel, NUMBER: mark.number, AUX: mark.aux}
    return {name: value for name, value in values.items() if value}


def mark_of(episode: Episode) -> Mark | None:
    """The annotation that says it; None for a mark without a symbol of WFDB."""
    symbol = _symbols().get(episode.code.code)
    return None if symbol is None else _filled(Mark(episode.start, symbol), episode.extra)


def beat_mark(beat: Beat, channel: int) -> Mark:
    """A beat without a symbol of WFDB is written as Q."""
    return _filled(Mark(beat.tick, beat.symbol if beat.symbol in BEATS else "Q", channel=channel), beat.extra)


def _filled(mark: Mark, extra: Mapping[str, Any]) -> Mark:
    whole = {name: value for name, value in extra.items() if isinstance(value, int)}
    return Mark(mark.sample, mark.symbol, whole.get(SUBTYPE, mark.subtype), whole.get(CHANNEL, mark.channel),
                whole.get(NUMBER, mark.number), str(extra.get(AUX, mark.aux)))


@cache
def _codes() -> dict[str, Code]:
    """By symbol. Two symbols of one number are one mark: the file does not tell them apart."""
    found: dict[str, Code] = {}
    for concept in load_ontology("ecg_tracks").track(TRACK):
        for symbol in concept.crosswalk.get("WFDB", ()):
            if symbol in TYPES:
                found.setdefault(symbol, concept.code)
    return found


@cache
def _symbols() -> dict[str, str]:
    return {code.code: symbol for symbol, code in _codes().items()}
