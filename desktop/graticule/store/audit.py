"""What every part of the verification needs: the store opened to read, and names that a person recognises."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from graticule.domain.errors import GraticuleError
from graticule.records.canonical import parse
from graticule.records.payload import payload_blobs
from graticule.records.revision import Header
from graticule.store.blobs import Blobs
from graticule.store.case_index import CaseIndex
from graticule.store.database import Database
from graticule.store.identity import reader_of


@dataclass(frozen=True, slots=True)
class Problem:
    """what: the kind of record. where: case, reader and version in words. why: a sentence that says what does not hold."""

    what: str
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A row of `revisions`; `header` is None when its bytes cannot be read."""

    id: str
    case_id: str
    op: str
    source: str
    author: str
    version: int
    acts: int
    payload: str
    wall: str
    data: bytes
    header: Header | None
    fault: str


class Audit:
    """look: to be called once for each record that is checked."""

    def __init__(self, database: Database, look: Callable[[], None]) -> None:
        self.database = database
        self.look = look
        self.blobs = Blobs(database)
        self.reader = reader_of(database)
        self._titles = {case.id: case.title for case in CaseIndex(database, database.path.parent).all()}

    def case(self, case_id: str) -> str:
        """The case and its reader, as one says them."""
        return f"case “{self._titles.get(case_id, 'not in the list')}” ({case_id[:11]}), reader {self.reader.name}"

    def version(self, kept: Kept) -> str:
        whose = f"labels imported from {kept.author}" if kept.source else f"version {kept.version}"
        signed = ", signed" if kept.op == "attest" else ""
        return f"{self.case(kept.case_id)}, {whose}{signed} ({kept.id[:11]})"

    @cached_property
    def revisions(self) -> dict[str, Kept]:
        """Every revision by id, in the order they were made."""
        rows = self.database.all("SELECT id, case_id, op, source, author, version, acts, payload, wall, header "
                                 "FROM revisions ORDER BY number")
        return {row[0]: Kept(*(*row, *_header(row[-1]))) for row in rows}

    @cached_property
    def users(self) -> dict[str, Kept]:
        """For each blob, the first revision that names it."""
        users: dict[str, Kept] = {}
        for kept in self.revisions.values():
            for name in (kept.payload, *self.names(kept)):
                users.setdefault(name, kept)
        return users

    def names(self, kept: Kept) -> list[str]:
        """Blobs that a revision's header and its payload name."""
        named = [blob.id for blob in kept.header.blobs] if kept.header else []
        try:
            return [*named, *payload_blobs(self.blobs.get(kept.payload))]
        except GraticuleError:
            return named


def _header(data: bytes) -> tuple[Header | None, str]:
    try:
        return Header.from_json(parse(data)), ""
    except GraticuleError as fault:
        return None, str(fault)
