"""`graticule import PATH…`: bring files into a store; every file is accounted for."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from graticule.commands.output import Output
from graticule.commands.session import add_store, opened
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.formats.door import open_case, read_labels, scan
from graticule.formats.family import CASE, KNOWN, LABELS, REFUSED, Outcome
from graticule.records.ids import new_id
from graticule.store.store import Store


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="folders, zips or files")
    parser.add_argument("--copy", action="store_true", help="copy the files into the store instead of linking to them")
    parser.add_argument("--project", default="", metavar="P", help="only for a store whose protocol belongs to this project")
    add_store(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as store:
        _check_project(store, args.project)
        for outcome in bring_in(store, args.paths, output.progress(), copy=args.copy):
            case = outcome.case.id if outcome.case else None
            row = {"path": str(outcome.path), "outcome": outcome.outcome, "case": case, "reason": outcome.reason}
            output.row(row, f"{outcome.outcome:8} {outcome.path}  {outcome.reason}")
    return 0


def bring_in(store: Store, paths: Sequence[Path], progress: Progress, *, copy: bool) -> Iterator[Outcome]:
    """Put what `paths` hold into the store; one outcome for every file, and one for every case of a file that holds several."""
    known = {case.id for case in store.cases.all()}
    added: set[str] = set()
    for outcome in scan(paths, progress, known=store.cases.all(), unpack_to=store.files):
        if outcome.outcome == CASE and outcome.case is not None:
            if outcome.case.id in known:
                yield replace(outcome, outcome=KNOWN, reason="This case is in the store already.")
                continue
            if outcome.case.id not in added:
                added.add(outcome.case.id)
                store.cases.add(store.files_in(outcome.case) if copy else outcome.case)
            yield outcome
        elif outcome.outcome == LABELS:
            yield _attach(store, outcome)
        else:
            yield outcome


def _attach(store: Store, outcome: Outcome) -> Outcome:
    """Keep an outside label file beside its case as imported labels: never a reader's own read."""
    if outcome.case is None:
        return replace(outcome, outcome=REFUSED)
    try:
        content = open_case(outcome.case).content
        labels = read_labels(outcome, outcome.case, content, new_id)
        grid = getattr(content, "grid", None)
        new = store.labels.import_labels(outcome.case.id, labels, grid, author=outcome.labels_reading)
    except GraticuleError as fault:
        return replace(outcome, outcome=REFUSED, reason=str(fault))
    return outcome if new else replace(outcome, outcome=KNOWN, reason="These labels are in the store already.")


def _check_project(store: Store, project: str) -> None:
    _, document = store.protocols.current()
    if project and document["project"] != project:
        raise GraticuleError(f"This store belongs to the project “{document['project']}”.", f"Use a store of “{project}”.")
