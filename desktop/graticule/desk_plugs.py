"""Fits the real store, formats and network into the ports that the desk declares (`presenters/ports.py`)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.presenters.deidentify import Report, Way
from graticule.presenters.exporting import Export, NotWritten, ReadBack, Written
from graticule.presenters.open_case import Opening
from graticule.presenters.ports import Imported, SyncCounts
from graticule.presenters.readings import ReadAgain, Reading
from graticule.presenters.session import Finding

if TYPE_CHECKING:
    from graticule.domain.labels import Labels
    from graticule.formats.deidentify.findings import Findings
    from graticule.formats.export.exported import Exported
    from graticule.formats.family import Outcome
    from graticule.store.store import Store
    from graticule.store.unlock import Unlock


def open_content(case: Case) -> Opening:
    """Through the one door of formats, which is loaded when the first case is opened."""
    from graticule.formats.door import open_case

    return open_case(case)


def hash_sources(case: Case, progress: Progress) -> list[Mapping[str, str]]:
    """SHA-256 of the bytes of every file of the case: the revision records exactly what was read."""
    from graticule.formats.files import sha256_of

    hashes: list[Mapping[str, str]] = []
    for done, source in enumerate(case.sources):
        progress.step(done, len(case.sources))
        try:
            hashes.append({"role": "file", "sha256": sha256_of(Path(source.path))})
        except OSError as fault:
            raise GraticuleError("A file of this case cannot be read any more.", "Put it back where it was.") from fault
    return hashes


class StoreImporter:
    """Brings files into the store, each with its outcome."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def __call__(self, paths: Sequence[Path], progress: Progress,
                 said: tuple[str, str, str] = ("", "", "")) -> Iterator[Imported]:
        """said: rate, unit and steps per unit of ECGs whose files do not say them."""
        from graticule.commands.import_command import bring_in
        from graticule.formats.ecg.stated import stated

        for outcome in bring_in(self._store, paths, progress, copy=False, said=stated(*said)):
            yield _imported(outcome)


class StoreDeidentifier:
    """Brings copies without identity into the store."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    @property
    def demanded(self) -> str:
        return self._store.protocols.deidentify()

    def ways(self) -> list[Way]:
        from graticule.formats.deidentify.profile import profiles

        return [Way(profile.name, profile.title, profile.text) for profile in profiles()]

    def bring_in(self, paths: Sequence[Path], way: str, progress: Progress) -> tuple[list[Imported], Report]:
        from graticule.commands.deidentified_import import bring_in_without_identity

        brought = bring_in_without_identity(self._store, paths, progress, way)
        results = [_imported(outcome) for outcome in brought.outcomes()]
        return results, _report(brought.findings, trial=False)

    def try_out(self, paths: Sequence[Path], way: str, progress: Progress) -> Report:
        from graticule.commands.deidentified_import import try_out

        return _report(try_out(self._store, paths, way, progress), trial=True)


def _imported(outcome: "Outcome") -> Imported:
    case = outcome.case
    return Imported(outcome.path, outcome.outcome, outcome.reason, case.title if case else "", case.id if case else "",
                    outcome.kept_as)


def _report(findings: "Findings", *, trial: bool) -> Report:
    rows = tuple((*act, count) for act, count in sorted(findings.acts.items()))
    return Report(findings.files, rows, tuple(sorted(findings.doubts.items())), trial)


class StoreRereader:
    """Reads the files of a listed case another way."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def readings(self, case_id: str, progress: Progress) -> list[Reading]:
        from graticule.commands.rereading import way_now, ways_of

        case = self._store.cases.get(case_id)
        now = way_now(case)
        return [Reading(way.name, way.slices, way.doubts, way.name == now) for way in ways_of(self._store, case, progress)]

    def read_as(self, case_id: str, name: str, progress: Progress) -> ReadAgain:
        from graticule.commands.rereading import read_as

        reread = read_as(self._store, self._store.cases.get(case_id), name, progress)
        return ReadAgain(tuple(case.id for case in reread.cases), len(reread.kept))


# Readers whose labels are drawings beside an image; masks are large and are not shown as such.
DRAWN = ("presentation-state", "measurement-report")


class DrawnBeside:
    """What senders drew and measured on the images of a case, from what was imported with them."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def __call__(self, case_id: str) -> "tuple[Labels, ...]":
        rows = [row for row in self._store.labels.imported(case_id) if row.author in DRAWN]
        return tuple(self._store.labels.load(row.id) for row in rows)


@dataclass(frozen=True, eq=False)
class StoredMasks:
    """Labels of one version, or of one imported file, read when somebody compares with them."""

    title: str
    _store: "Store"
    _revision: str

    def load(self) -> "Labels":
        return self._store.labels.load(self._revision)


class MasksElsewhere:
    """Masks of a case that can be compared with the reader's own: imported ones, and the reader's signed versions."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def __call__(self, case_id: str) -> tuple[StoredMasks, ...]:
        labels = self._store.labels
        imported = [StoredMasks(f"Imported {row.author}", self._store, row.id) for row in labels.imported(case_id)
                    if row.author not in DRAWN]
        signed = [StoredMasks(f"Version {row.version}, signed", self._store, row.id) for row in labels.revisions(case_id)
                  if row.signed]
        return (*imported, *signed)


class StoreExporter:
    """Writes the saved labels of a case into files, each read back before it counts."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def write(self, case_id: str, formats: Sequence[str], folder: Path, progress: Progress) -> Export:
        from graticule.commands.exporting import parcel, send_out
        from graticule.commands.label_sources import READER, named_source

        case = self._store.cases.get(case_id)
        ready = parcel(case, named_source(self._store, case_id, case, READER), formats, progress)
        files: list[Written] = []
        failed: list[NotWritten] = []
        for number, name in enumerate(formats):
            progress.step(number, len(formats), "Writing and reading back")
            try:
                files += [_written(one) for one in send_out(self._store, ready, name, folder)]
            except GraticuleError as fault:
                failed.append(NotWritten(name, str(fault)))
        return Export(folder, tuple(files), tuple(failed))


def _written(made: "Exported") -> Written:
    readings = tuple(ReadBack(check.by, check.result, check.proves) for check in made.checks)
    return Written(made.path, made.proven, readings)


class StoreImported:
    """Labels that came in files, as the store keeps them beside their case."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def newest(self, case_id: str) -> str:
        rows = self._store.labels.imported(case_id)
        return rows[-1].id if rows else ""

    def load(self, name: str) -> "Labels":
        return self._store.labels.load(name)


class StoreVerifier:
    """Computes every hash, chain and signature of the open store again, on a second read-only connection."""

    def __init__(self, path: Path, unlock: "Unlock | None") -> None:
        self._path, self._unlock = path, unlock

    def __call__(self, progress: Progress) -> list[Finding]:
        from graticule.store.verify import verify_store

        found = []
        verification = verify_store(self._path, self._unlock)
        for problem in verification:
            progress.step(verification.checked, 0, "records checked")
            found.append(Finding(problem.what, problem.where, problem.why))
        return found


# Under this name the store remembers the code that the first contact needs, until it has come about.
SERVER = "server"


def keep_invitation(store: "Store", code: str) -> None:
    store.view_state.save(SERVER, {"invitation": code})


class StoreSync:
    """The conversation of this store with its server."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    def set_server(self, address: str, invitation: str) -> None:
        self._store.set_server(address)
        keep_invitation(self._store, invitation)

    def counts(self) -> SyncCounts:
        from graticule.sync.words import standing

        now = asdict(standing(self._store))
        return SyncCounts(**{name: now[name] for name in SyncCounts.__slots__})

    def cycle(self, progress: Progress) -> SyncCounts:
        from graticule.sync.cycle import cycle
        from graticule.sync.http_client import HttpServer

        try:
            cycle(self._store, HttpServer.for_store(self._store, invitation=self._invitation()))
        except GraticuleError as fault:
            return SyncCounts(**{**asdict(self.counts()), "why_not": str(fault)})
        return self.counts()

    def _invitation(self) -> str:
        return str(self._store.view_state.load(SERVER).get("invitation", ""))

    def delay_s(self, failures: int) -> float:
        from graticule.sync.schedule import delay_s

        return delay_s(failures)
