"""Two annotations of one ECG compared: the rows of `graticule compare` for beats, runs and episodes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graticule.domain.elements import Beat, Episode
from graticule.domain.labels import Labels

if TYPE_CHECKING:
    from graticule.domain.case import Case
    from graticule.domain.recording import Recording
    from graticule.quality.ec57_beats import ByBeat
    from graticule.quality.ec57_marks import Mark, Terms
    from graticule.quality.rate import Rate

BEATS, RUNS, EPISODES, EC57_EPISODES = "beats", "runs", "episodes", "ec57-episodes"
_FIGURES = ("veb_se", "veb_ppv", "veb_fpr", "sveb_se", "sveb_ppv")


@dataclass(frozen=True, eq=False)
class Annotated:
    """Labels with the clock they count on. marks: every annotation as EC57 reads it, in ticks of the record.

    frame: ticks in one sample of a WFDB file, on whose clock the reference programs count.
    """

    labels: Labels
    rate: Fraction
    end: int
    marks: tuple["Mark", ...]
    frame: int = 1


@dataclass(frozen=True, slots=True)
class Asked:
    """learning_s, window_ms, end_s: of the comparison; flutter_excluded as `epicmp -x`."""

    learning_s: Fraction = Fraction(0)
    window_ms: int = 150
    end_s: Fraction | None = None
    flutter_excluded: bool = False


def annotated(labels: Labels, recording: "Recording") -> Annotated:
    from graticule.quality.ec57_labels import marks_of

    return Annotated(labels, recording.rate, recording.ticks, tuple(marks_of(labels)))


def annotated_file(path: Path, labels: Labels, recording: "Recording", case: "Case") -> Annotated:
    """As the file has it, with what labels cannot hold: signal quality, brackets, waves, ST changes."""
    from graticule.formats.ecg.atr import decode
    from graticule.quality.ec57_marks import Mark

    frame = int(case.facts.get("ticks_per_frame", 1))
    found = decode(path.read_bytes())
    scale = Fraction(frame) if found.resolution is None else recording.rate / found.resolution
    marks = tuple(Mark(round(mark.sample * scale), mark.symbol, mark.subtype, mark.aux) for mark in found.marks)
    return Annotated(labels, recording.rate, recording.ticks, marks, frame)


def ecg_rows(one: Annotated, two: Annotated, asked: Asked) -> Iterator[tuple[str, dict[str, Any]]]:
    """(kind, row). Beats and runs when both sides have beats; episodes of every code, and EC57's own, when either has any."""
    frame = one.frame if one.frame == two.frame else 1
    ours, theirs = _framed(one.marks, frame), _framed(two.marks, frame)
    terms = _terms(one, asked, frame)
    if one.labels.of(Beat) and two.labels.of(Beat):
        yield BEATS, _beats(ours, theirs, terms)
        for row in _runs(ours, theirs, terms):
            yield RUNS, row
    if one.labels.of(Episode) or two.labels.of(Episode):
        for row in _episodes(one.labels, two.labels):
            yield EPISODES, row
    for row in _ec57_episodes(ours, theirs, terms):
        yield EC57_EPISODES, row


def _framed(marks: Sequence["Mark"], frame: int) -> list["Mark"]:
    return list(marks) if frame == 1 else [replace(mark, tick=mark.tick // frame) for mark in marks]


def _terms(side: Annotated, asked: Asked, frame: int) -> "Terms":
    from graticule.quality.ec57_marks import Terms

    terms = Terms(side.rate / frame, side.end // frame, asked.learning_s, asked.window_ms, asked.flutter_excluded)
    return terms if asked.end_s is None else replace(terms, end=min(terms.end, terms.ticks(asked.end_s)))


def _beats(ours: list["Mark"], theirs: list["Mark"], terms: "Terms") -> dict[str, Any]:
    """The row; under "ec57" the same on the standard's own terms, null for a record no longer than its learning period."""
    from graticule.quality.ec57_beats import beat_by_beat
    from graticule.quality.ec57_marks import STANDARD_LEARNING_S, STANDARD_WINDOW_MS

    whole = replace(terms, learning_s=STANDARD_LEARNING_S, window_ms=STANDARD_WINDOW_MS)
    row = {"kind": BEATS, **_beat_figures(beat_by_beat(ours, theirs, terms))}
    if terms.standard:
        return {**row, "ec57": {name: value for name, value in row.items() if name != "kind"}}
    return {**row, "ec57": _beat_figures(beat_by_beat(ours, theirs, whole)) if whole.start < whole.end else None}


def _beat_figures(found: "ByBeat") -> dict[str, Any]:
    matrix = found.matrix
    return {"se": matrix.qrs_se.value, "ppv": matrix.qrs_ppv.value,
            "matrix": {f"{row}>{column}": n for (row, column), n in sorted(matrix.counts.items())},
            "window_ms": found.terms.window_ms, "learning_s": float(found.terms.learning_s), "standard": found.terms.standard,
            "counts": {name: _pair(rate) for name, rate in
                       (("se", matrix.qrs_se), ("ppv", matrix.qrs_ppv), *((name, getattr(matrix, name)) for name in _FIGURES))},
            **{name: getattr(matrix, name).value for name in _FIGURES},
            "rms_rr_ms": matrix.rms_rr_ms, "shutdown_s": matrix.shutdown_s, "missed_in_shutdown": _pair(matrix.lost_beats)}


def _runs(ours: list["Mark"], theirs: list["Mark"], terms: "Terms") -> Iterator[dict[str, Any]]:
    from graticule.quality.ec57_runs import SORTS, run_by_run

    for sort in ("ventricular", "supraventricular"):
        found = run_by_run(ours, theirs, terms, supraventricular=sort == "supraventricular").counts
        figures = {f"{name}_{which}": getattr(found, which)(lengths)
                   for name, lengths in SORTS.items() for which in ("se", "ppv")}
        yield {"kind": RUNS, "sort": sort, **{name: rate.value for name, rate in figures.items()},
               "counts": {name: _pair(rate) for name, rate in figures.items()},
               "sensitivity": {f"{a}>{b}": n for (a, b), n in sorted(found.sensitivity.items())},
               "predictivity": {f"{a}>{b}": n for (a, b), n in sorted(found.predictivity.items())},
               "learning_s": float(terms.learning_s), "standard": terms.standard}


def _episodes(one: Labels, two: Labels) -> Iterator[dict[str, Any]]:
    from graticule.quality.episodes import compare_episodes

    for row in compare_episodes(one.of(Episode), two.of(Episode)):
        yield {"kind": EPISODES, "track": row.track, "code": row.code, "se": row.se.value, "ppv": row.ppv.value,
               "duration_se": row.duration_se.value, "duration_ppv": row.duration_ppv.value}


def _ec57_episodes(ours: list["Mark"], theirs: list["Mark"], terms: "Terms") -> Iterator[dict[str, Any]]:
    """Only sorts of which either side has an episode."""
    from graticule.quality.ec57_episodes import SORTS, episode_by_episode

    for sort in SORTS:
        found = episode_by_episode(ours, theirs, terms, sort)
        if not (found.by_reference or found.by_test):
            continue
        counts, second = found.counts, float(terms.rate)
        yield {"kind": EC57_EPISODES, "sort": sort, "se": counts.se.value, "ppv": counts.ppv.value,
               "duration_se": counts.duration_se.value, "duration_ppv": counts.duration_ppv.value,
               "counts": {"se": _pair(counts.se), "ppv": _pair(counts.ppv)},
               "reference_s": counts.duration_se.total / second, "test_s": counts.duration_ppv.total / second,
               "overlap_s": [counts.duration_se.hits / second, counts.duration_ppv.hits / second],
               "learning_s": float(terms.learning_s), "standard": terms.standard, "flutter_excluded": terms.flutter_excluded}


def _pair(rate: "Rate") -> list[int]:
    return [rate.hits, rate.total]
