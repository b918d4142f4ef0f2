"""`graticule labels CASE`: what has been said about a case, by whom."""

import argparse
from collections import Counter
from typing import TYPE_CHECKING, Any

from graticule.commands.output import Output
from graticule.commands.session import add_store, opened
from graticule.domain.case import Case
from graticule.domain.elements import Answer, Beat, Episode, Point, Region, Segment
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording

if TYPE_CHECKING:
    from graticule.commands.label_sources import Found


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("case", metavar="CASE", help="a case id, or its first letters")
    parser.add_argument("--source", choices=("reader", "imported", "all"), default="all")
    add_store(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    from graticule.commands.label_sources import labels_of_case
    from graticule.resources import load_ontology

    ontology = load_ontology()
    with opened(args) as store:
        case = store.cases.find(args.case)
        for found in labels_of_case(store, case, args.source):
            output.row({"source": found.source, "author": found.author, "revision": found.revision, "state": found.state,
                        **summary(found.labels, case, found.grid, found.rate_hz, ontology.label), **_numbers(found)})
    return 0


def _numbers(found: "Found") -> dict[str, Any]:
    """Rates, pauses, burdens and variability of an ECG's beats."""
    from graticule.commands.ecg_number_fields import number_fields

    numbers = number_fields(found.labels, found.content) if isinstance(found.content, Recording) else {}
    return {"numbers": numbers} if numbers else {}


def summary(labels: Labels, case: Case, grid: Grid | None, rate_hz: float | None, label: Any) -> dict[str, Any]:
    """The contract's fields, one for each kind of label that the case has."""
    out: dict[str, Any] = {}
    if segments := labels.of(Segment):
        out["segments"] = [{"name": s.name or label(s.type), "code": s.type.code, "voxels": labels.voxels_of(s),
                            "volume_ml": round(labels.ml_of(s, grid), 4) if grid else None} for s in segments]
    if regions := labels.of(Region):
        out["regions"] = [{"type": r.shape, "class": r.code.code if r.code else None,
                           "value": float(r.value) if r.value else None, "unit": r.unit} for r in regions]
    if points := labels.of(Point):
        out["points"] = dict(Counter(point.code.code for point in points))
    if beats := labels.of(Beat):
        out["beats"] = dict(Counter(beat.symbol for beat in beats))
    if episodes := labels.of(Episode):
        rate = rate_hz or 1.0
        ordered = sorted(episodes, key=lambda episode: (episode.start, episode.track))
        out["episodes"] = [{"track": e.track, "code": e.code.code,
                            "start_s": round(e.start / rate, 6), "end_s": round(e.end / rate, 6)} for e in ordered]
    if answers := labels.of(Answer):
        out["answers"] = {a.id: {"value": a.value, "confidence": a.confidence, "not_assessable": a.not_assessable,
                                 **({"evidence": list(a.evidence)} if a.evidence else {}),
                                 **({"explanation": a.explanation} if a.explanation else {})} for a in answers}
    return out
