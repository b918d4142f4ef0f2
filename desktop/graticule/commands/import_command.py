"""`graticule import PATH…`: bring files into a store; every file is accounted for."""

import argparse
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from graticule.commands.label_ids import ids_from
from graticule.commands.output import Output
from graticule.commands.session import add_store, opened
from graticule.commands.unchanged import CASE_KNOWN, LABELS_KNOWN, Plan, answer, plan, seen_labels, seen_of, series_of
from graticule.domain.case import Case
from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.progress import Progress
from graticule.formats.door import open_case, read_labels, scan_files, troubled
from graticule.formats.ecg.stated import Stated, stated
from graticule.formats.family import CASE, KNOWN, LABELS, REFUSED, Outcome
from graticule.formats.files import Listing, files_under
from graticule.formats.label_maps import landed, notices_of
from graticule.store.store import Store

# So seldom that the disk does not set the pace, so often that a stroke beside it waits for no long transaction.
COMMIT_EVERY_S = 0.3


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="folders, archives or files")
    parser.add_argument("--copy", action="store_true", help="copy the files into the store instead of linking to them")
    parser.add_argument("--deidentify", default="", metavar="PROFILE",
                        help="copy into the store without identity: reading, reading_device or strict (PS3.15 Annex E)")
    parser.add_argument("--dry-run", action="store_true", help="with --deidentify: only say what would be removed")
    parser.add_argument("--rate", default="", metavar="HZ", help="sampling rate of ECGs whose files do not say it (tables)")
    parser.add_argument("--unit", default="", metavar="U", help="unit of their values: mV, uV or V")
    parser.add_argument("--gain", default="", metavar="N", help="their steps per unit, when the values are steps of a converter")
    parser.add_argument("--project", default="", metavar="P", help="only for a store whose protocol belongs to this project")
    add_store(parser)


def run(args: argparse.Namespace, output: Output) -> int:
    with opened(args) as store:
        _check_project(store, args.project)
        profile = profile_for(store, args.deidentify)
        if profile or args.dry_run:
            return deidentified(store, args, profile, output)
        said = stated(args.rate, args.unit, args.gain)
        for outcome in bring_in(store, args.paths, output.progress(), copy=args.copy, said=said):
            tell(outcome, output)
    return 0


def tell(outcome: Outcome, output: Output) -> None:
    case = outcome.case.id if outcome.case else None
    row = {"path": str(outcome.path), "outcome": outcome.outcome, "case": case, "reason": outcome.reason}
    output.row(row, f"{outcome.outcome:8} {outcome.path}  {outcome.reason}")


def deidentified(store: Store, args: argparse.Namespace, profile: str, output: Output) -> int:
    """Import copies without identity, and say what was done to them."""
    from graticule.commands.deidentified_import import bring_in_without_identity, rows_of, try_out

    if not profile:
        raise GraticuleError("A dry run shows what de-identification would do.", "Say how: --deidentify reading.")
    if args.dry_run:
        findings = try_out(store, args.paths, profile, output.progress())
    else:
        brought = bring_in_without_identity(store, args.paths, output.progress(), profile)
        for outcome in brought.outcomes():
            tell(outcome, output)
        findings = brought.findings
    for row, text in rows_of(findings):
        output.row(row, text)
    return 0


def bring_in(store: Store, paths: Sequence[Path], progress: Progress, *, copy: bool,
             said: Stated | None = None) -> Iterator[Outcome]:
    """Put what `paths` hold into the store; one outcome for every file, and one for every case of a file that holds several.

    said: what is stated about ECGs whose files do not say it themselves.

    A file that an earlier import saw is not read again. What was found before a cancel stays, whole cases only.
    Where the protocol asks for it, everybody who calls this brings in copies without identity.
    """
    asked_for = profile_for(store)
    if asked_for:
        from graticule.commands.deidentified_import import bring_in_without_identity

        yield from bring_in_without_identity(store, paths, progress, asked_for).outcomes()
        return
    yield from bring_in_as_it_is(store, paths, progress, copy=copy, said=said)


def bring_in_as_it_is(store: Store, paths: Sequence[Path], progress: Progress, *, copy: bool,
                      said: Stated | None = None) -> Iterator[Outcome]:
    """As `bring_in`, whatever the protocol asks for: only for what has no identity any more."""
    yield from Bringing(store, [Path(os.path.abspath(path)) for path in paths], progress, copy, said).outcomes()


class Bringing:
    """One import."""

    def __init__(self, store: Store, paths: Sequence[Path], progress: Progress, copy: bool, said: Stated | None = None) -> None:
        self._store, self._paths, self._progress, self._copy = store, paths, progress, copy
        self._said = said or Stated()
        self._known = set(store.cases.ids())
        self._added: set[str] = set()
        self._looked_after: set[str] = set()

    def outcomes(self) -> Iterator[Outcome]:
        listing = files_under(self._paths, self._progress)
        yield from troubled(listing.troubles)
        # Who states something wants files read again that were refused for the lack of it.
        before = {} if self._said else self._store.seen_files.under(map(str, self._paths))
        made = plan(listing, before, self._known)
        self._store.seen_files.forget(made.gone)
        yield from self._in_batches(self._read(made, listing), listing)
        cases = {case.id: case for case in self._store.cases.all()} if made.kept else {}
        for path, seen in made.kept.items():
            yield from answer(path, seen, cases)

    def _read(self, made: Plan, listing: Listing) -> Iterator[Outcome]:
        """What the fresh files are; those that add to a series seen before are read again together with all of it."""
        if not made.kept:
            yield from self._scan(made.fresh, listing)
            return
        found = list(self._scan(made.fresh, listing))
        series = {series_of(outcome.case) for outcome in found if outcome.outcome == CASE and outcome.case} - {""}
        mates = made.mates(series)
        again = {outcome.path for outcome in found if outcome.case and mates and series_of(outcome.case) in series}
        yield from (outcome for outcome in found if outcome.path not in again)
        yield from self._scan([*again, *mates], listing) if again else ()

    def _scan(self, files: Sequence[Path], listing: Listing) -> Iterator[Outcome]:
        return scan_files(files, listing.files, self._progress, known=self._cases(), unpack_to=self._store.files,
                          stated=self._said)

    def _cases(self) -> Iterator[Case]:
        yield from self._store.cases.all()

    def _in_batches(self, outcomes: Iterator[Outcome], listing: Listing) -> Iterator[Outcome]:
        """Many cases are one transaction: a durable commit for each would take longer than reading them."""
        batch: list[Outcome] = []
        since = time.monotonic()
        try:
            for outcome in outcomes:
                if outcome.outcome == LABELS:
                    yield from self._commit(batch, listing)
                    batch = []
                    attached = _attach(self._store, outcome)
                    self._store.seen_files.note(seen_labels(attached, listing))
                    yield attached
                    continue
                batch.append(outcome)
                if time.monotonic() - since > COMMIT_EVERY_S:
                    yield from self._commit(batch, listing)
                    batch, since = [], time.monotonic()
        except Cancelled:
            self._commit(batch, listing)
            raise
        yield from self._commit(batch, listing)

    def _commit(self, batch: Sequence[Outcome], listing: Listing) -> list[Outcome]:
        answers = [self._answered(outcome) for outcome in batch]
        new = {outcome.case.id: outcome.case for outcome in answers if outcome.outcome == CASE and outcome.case}
        ready = [case for case_id, case in new.items() if case_id not in self._added]
        ready = [self._store.files_in(case) for case in ready] if self._copy else ready
        with self._store.writing():
            for case in ready:
                self._store.cases.add(case)
            self._store.seen_files.note(seen_of(answers, listing))
        self._added.update(new)
        return answers

    def _answered(self, outcome: Outcome) -> Outcome:
        if outcome.outcome != CASE or outcome.case is None or outcome.case.id not in self._known:
            return outcome
        if outcome.case.id not in self._looked_after:
            self._looked_after.add(outcome.case.id)
            self._renew(outcome.case)
        return replace(outcome, outcome=KNOWN, reason=CASE_KNOWN)

    def _renew(self, found: Case) -> None:
        """Note where the files of a known case lie now, and what is known of it, unless its slices would lie otherwise."""
        listed = self._store.cases.get(found.id)
        if self._copy:
            return
        if any(not Path(source.path).is_file() for source in listed.sources):
            told = found if _same_slices(listed, found) else _at_new_places(listed, found)
        elif listed.sources == found.sources and _same_slices(listed, found):
            told = found
        else:
            return
        if told != listed:
            self._store.cases.add(replace(told, title=listed.title))


def _at_new_places(listed: Case, found: Case) -> Case:
    where = {source.object_id: source.path for source in found.sources}
    sources = (replace(source, path=where.get(source.object_id, source.path)) for source in listed.sources)
    return replace(listed, sources=tuple(sources))


def _same_slices(one: Case, other: Case) -> bool:
    """Whether both list the same objects in the same order, at the same places."""
    objects = [source.object_id for source in one.sources] == [source.object_id for source in other.sources]
    return objects and all(one.facts.get(name) == other.facts.get(name) for name in ("shape", "affine", "slices", "positions"))


def _attach(store: Store, outcome: Outcome) -> Outcome:
    """Keep an outside label file beside its case as imported labels: never a reader's own read."""
    if outcome.case is None:
        return replace(outcome, outcome=REFUSED)
    try:
        content = open_case(outcome.case).content
        labels = read_labels(outcome, outcome.case, content, ids_from(outcome.path, outcome.case.id))
        grid = getattr(content, "grid", None)
        new = store.labels.import_labels(outcome.case.id, labels, grid, author=outcome.labels_reading)
    except GraticuleError as fault:
        return replace(outcome, outcome=REFUSED, reason=str(fault))
    if not new:
        return replace(outcome, outcome=KNOWN, reason=LABELS_KNOWN)
    return replace(outcome, kept_as=new, reason=" ".join(filter(None, [landed(labels), outcome.reason, *notices_of(labels)])))


def profile_for(store: Store, wanted: str = "") -> str:
    """How to de-identify: as the protocol demands, else as `wanted`; "" is not at all. GraticuleError when they differ."""
    demanded = store.protocols.deidentify()
    if demanded and wanted and wanted != demanded:
        raise GraticuleError(f"The protocol of this project asks to de-identify by “{demanded}”.", "Leave --deidentify out.")
    return demanded or wanted


def _check_project(store: Store, project: str) -> None:
    _, document = store.protocols.current()
    if project and document["project"] != project:
        raise GraticuleError(f"This store belongs to the project “{document['project']}”.", f"Use a store of “{project}”.")
