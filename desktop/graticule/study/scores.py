"""What follows from the answers and is never answered itself: computed scores, and limitations that must be said with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from graticule.study.conditions import Condition, Known, holds, parse_condition


@dataclass(frozen=True, slots=True)
class Term:
    """points: by answer value (true, false or a slug); times: what a number answer or a count of choices is multiplied by."""

    question: str
    points: Mapping[str, Decimal]
    times: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """From this total on, these words hold."""

    at_least: Decimal
    words: str


@dataclass(frozen=True, slots=True)
class Score:
    """A published sum over answers. after: the question below which the form shows it. source: who published it."""

    id: str
    text: str
    terms: tuple[Term, ...]
    bands: tuple[Band, ...]
    decimals: int
    source: str
    after: str


@dataclass(frozen=True, slots=True)
class Computed:
    """total is None while an answer is missing; `missing` counts them."""

    score: Score
    total: str | None
    words: str
    missing: int


@dataclass(frozen=True, slots=True)
class Limitation:
    """A sentence that belongs to the answer of `question` while `when` holds."""

    question: str
    when: Condition
    text: str


def parse_score(item: Mapping[str, Any]) -> Score:
    """Numbers are strings or integers in the document: it is hashed, and hashes know no floats."""
    terms = tuple(Term(term["question"], {str(value): Decimal(str(points)) for value, points in term.get("points", {}).items()},
                       Decimal(str(term["times"])) if "times" in term else None) for term in item["terms"])
    bands = tuple(sorted((Band(Decimal(str(band["at_least"])), band["words"]) for band in item.get("bands", ())),
                         key=lambda band: band.at_least))
    return Score(item["id"], item["text"], terms, bands, int(item.get("decimals", 0)), item.get("source", ""),
                 item.get("after", ""))


def parse_limitation(item: Mapping[str, Any]) -> Limitation:
    when = parse_condition(item["when"])
    if when is None:
        raise ValueError("a limitation without a condition")
    return Limitation(item["question"], when, item["text"])


def computed(score: Score, values: Mapping[str, Any]) -> Computed:
    """The total of a score for these answer values (None or absent: not answered)."""
    parts = [_points(term, values.get(term.question)) for term in score.terms]
    missing = sum(part is None for part in parts)
    if missing:
        return Computed(score, None, "", missing)
    total = sum((part for part in parts if part is not None), Decimal(0))
    words = [band.words for band in score.bands if total >= band.at_least]
    return Computed(score, f"{total:.{score.decimals}f}", words[-1] if words else "", 0)


def limitations_now(limitations: Sequence[Limitation], known: Known) -> dict[str, list[str]]:
    """The sentences that hold now, by the question they belong to."""
    said: dict[str, list[str]] = {}
    for limitation in limitations:
        if holds(limitation.when, known):
            said.setdefault(limitation.question, []).append(limitation.text)
    return said


def _points(term: Term, value: Any) -> Decimal | None:
    if value is None:
        return None
    if term.times is not None:
        return term.times * (Decimal(len(_counted(value))) if isinstance(value, list) else Decimal(str(value)))
    if isinstance(value, list):
        return sum((term.points.get(str(one), Decimal(0)) for one in value), Decimal(0))
    return term.points.get(str(value).lower() if isinstance(value, bool) else str(value), Decimal(0))


def _counted(value: list[str]) -> list[str]:
    return [one for one in value if one != "none"]
