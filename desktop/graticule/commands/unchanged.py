"""Which files of an import must be read, and which are answered from what an earlier import saw of them.

The answer of a file may depend on others: slices make one volume, labels and signals lie beside their images. So what shares a
series with a new, changed or vanished file is read again, and so is what shares its folder when it belongs to no series.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from graticule import __version__
from graticule.domain.case import Case
from graticule.formats.door import READERS_VERSION
from graticule.formats.family import CASE, KNOWN, LABELS, REFUSED, SKIPPED, Outcome
from graticule.formats.files import Listing
from graticule.formats.stamp import Stamp
from graticule.store.seen_files import Seen

CASE_KNOWN, LABELS_KNOWN = "This case is in the store already.", "These labels are in the store already."
READER = f"{__version__}/{READERS_VERSION}"


@dataclass(slots=True)
class Plan:
    """fresh: files to read. kept: files that are as they were, with what was seen of them. gone: files that are no more."""

    fresh: list[Path] = field(default_factory=list)
    kept: dict[Path, Seen] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)

    def mates(self, series: Collection[str]) -> list[Path]:
        """The kept files that belong to these series; they are kept no longer."""
        found = [path for path, seen in self.kept.items() if seen.series and seen.series in series]
        for path in found:
            del self.kept[path]
        return found


def plan(listing: Listing, seen: Mapping[str, Seen], stored: Collection[str]) -> Plan:
    """stored: ids of the cases that the store holds."""
    made = Plan(gone=[path for path in seen if Path(path) not in listing.files])
    touched = {seen[path].series for path in made.gone}
    for path, stamp in listing.files.items():
        row = seen.get(str(path))
        if row is not None and _as_it_was(row, stamp, stored):
            made.kept[path] = row
            continue
        made.fresh.append(path)
        if row is not None:
            touched.add(row.series)
    folders = {path.parent for path in (*made.fresh, *map(Path, made.gone))}
    again = [path for path, row in made.kept.items()
             if (row.series in touched if row.series else made.gone or path.parent in folders)]
    for path in again:
        del made.kept[path]
    made.fresh += again
    return made


def _as_it_was(row: Seen, stamp: Stamp, stored: Collection[str]) -> bool:
    return (row.size, row.changed_ns) == stamp and row.reader == READER and all(case_id in stored for case_id in row.cases)


def seen_of(outcomes: Iterable[Outcome], listing: Listing) -> list[Seen]:
    """What to remember of the listed files among the outcomes: not of labels without a case, nor of archives."""
    rows: dict[Path, Seen] = {}
    for outcome in outcomes:
        stamp = listing.files.get(outcome.path)
        if stamp is None or not _lasting(outcome):
            continue
        before = rows.get(outcome.path)
        cases = (*(before.cases if before else ()), *((outcome.case.id,) if outcome.case else ()))
        series = series_of(outcome.case) if outcome.case else ""
        word = KNOWN if outcome.case else outcome.outcome
        rows[outcome.path] = Seen(str(outcome.path), *stamp, word, tuple(dict.fromkeys(cases)), series, outcome.reason, READER)
    return list(rows.values())


def seen_labels(attached: Outcome, listing: Listing) -> list[Seen]:
    """What to remember of a file of labels that now stands beside its case."""
    stamp = listing.files.get(attached.path)
    if stamp is None or attached.case is None or attached.outcome not in (LABELS, KNOWN):
        return []
    return [Seen(str(attached.path), *stamp, KNOWN, (attached.case.id,), reason=LABELS_KNOWN, reader=READER)]


def _lasting(outcome: Outcome) -> bool:
    if outcome.outcome in (CASE, KNOWN):
        return outcome.case is not None and not outcome.labels_reading
    return outcome.outcome in (SKIPPED, REFUSED) and not outcome.labels_reading and not outcome.reason.startswith("An archive")


def series_of(case: Case) -> str:
    """What the slices of a case share with those of others, "" when it is no series."""
    return str(case.facts.get("series") or "")


def answer(path: Path, seen: Seen, cases: Mapping[str, Case]) -> list[Outcome]:
    """The outcomes of a kept file."""
    if seen.cases:
        return [Outcome(path, KNOWN, cases[case_id], seen.reason or CASE_KNOWN) for case_id in seen.cases]
    return [Outcome(path, seen.outcome, reason=seen.reason)]


