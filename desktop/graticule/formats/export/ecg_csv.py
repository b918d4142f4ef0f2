"""The labels of an ECG as tables: beats, episodes, and what was measured for an episode. Units in the names of the columns."""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from graticule.domain.beats import PROVENANCE
from graticule.domain.case import Case
from graticule.domain.codes import Concept, Ontology
from graticule.domain.elements import Beat, Episode
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.formats.export.answers import safe_cell, write_csv
from graticule.formats.export.ecg_codes import beat_code, beat_concept
from graticule.formats.export.ecg_statements import beat_rows, episodes_to_write
from graticule.formats.export.exported import Exported, stem_of

FORMAT = "csv"
BEATS = ("case", "lead", "tick", "time_s", "symbol", "meaning", "code", "mdc", "aami", "snomed", "provenance")
EPISODES = ("case", "id", "track", "code", "scheme", "meaning", "lead", "start_tick", "end_tick", "start_s", "end_s",
            "duration_s", "mdc", "snomed", "wfdb", "provenance")
MEASURED = ("case", "episode", "code", "start_s", "measurement", "number", "value", "unit")
_UNITS = {"_ms": "ms", "_s": "s", "_mv": "mV", "_uv": "µV", "_percent": "%", "rate": "/min", "_bpm": "/min"}


def ecg_tables(case: Case, recording: Recording, labels: Labels, ontology: Ontology, out: Path) -> list[Exported]:
    """Those that have rows."""
    episodes = episodes_to_write(labels)
    tables = (("beats", BEATS, list(_beats(case, recording, labels))),
              ("episodes", EPISODES, [_episode(case, recording, one, ontology) for one in episodes]),
              ("episode_measurements", MEASURED, [row for one in episodes for row in _measured(case, recording, one)]))
    return [write_csv(out / f"{stem_of(case)}_{name}.csv", FORMAT,
                      [list(columns), *([safe_cell(cell) for cell in row] for row in rows)])
            for name, columns, rows in tables if rows]


def seconds(ticks: int, rate: Fraction) -> str:
    """To the microsecond; the tick beside it is exact."""
    return f"{float(Fraction(ticks) / rate):.6f}"


def _beats(case: Case, recording: Recording, labels: Labels) -> Iterator[list[str]]:
    rows = sorted((tick, lead or "", symbol, provenance) for lead, symbol, provenance, ticks in beat_rows(labels)
                  for tick in ticks.tolist())
    for tick, lead, symbol, provenance in rows:
        code, concept = beat_code(Beat(id="", tick=0, symbol=symbol)), beat_concept(symbol)
        yield [case.id, lead, str(tick), seconds(tick, recording.rate), symbol, code.meaning, code.own, code.mdc,
               _first(concept, "AAMI"), _first(concept, "SCT"), provenance or PROVENANCE[1]]


def _episode(case: Case, recording: Recording, one: Episode, ontology: Ontology) -> list[str]:
    concept = ontology.find(one.code)
    return [case.id, one.id, one.track, one.code.code, one.code.scheme, ontology.label(one.code), one.lead or "", str(one.start),
            str(one.end), seconds(one.start, recording.rate), seconds(one.end, recording.rate),
            seconds(one.end - one.start, recording.rate), _first(concept, "MDC"), _first(concept, "SCT"), _first(concept, "WFDB"),
            one.provenance]


def _measured(case: Case, recording: Recording, one: Episode) -> Iterator[list[str]]:
    """Numbers alone: reasons and comments are words, which may name somebody."""
    head = [case.id, one.id, one.code.code, seconds(one.start, recording.rate)]
    for name, value in sorted(one.criteria.items()):
        for number, part in enumerate(value if isinstance(value, list) else [value], 1):
            if isinstance(part, int) and not isinstance(part, bool) and name != "v":
                yield [*head, name, str(number), str(part), _unit(name)]


def _unit(name: str) -> str:
    return next((unit for ending, unit in _UNITS.items() if name.endswith(ending)), "")


def _first(concept: Concept | None, vocabulary: str) -> str:
    found: Any = concept.crosswalk.get(vocabulary, ()) if concept else ()
    return next(iter(found), "")
