"""Label revisions as they are kept: a header named by its content, and what the desk asks of it."""

from dataclasses import dataclass
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.records.canonical import canonical, parse
from graticule.records.revision import ATTEST, Header
from graticule.store.database import Database


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """version: 1, then one more for each correction. author: the reader's name, or where imported labels came from."""

    id: str
    case_id: str
    op: str
    version: int
    author: str
    wall: str

    @property
    def signed(self) -> bool:
        return self.op == ATTEST


_COLUMNS = "id, case_id, op, version, author, wall"


class Revisions:
    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, header: Header, *, author: str, version: int, acts: int) -> str:
        """Keep a revision inside the caller's transaction; its id. acts: journal rows of the case that led to it."""
        name = header.id
        self._database.run("INSERT INTO revisions (id, case_id, op, source, author, version, acts, payload, wall, header) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                           (name, header.case, header.op, header.source, author, version, acts, header.payload, header.wall,
                            canonical(header.as_json())))
        return name

    def header(self, name: str) -> Header:
        return Header.from_json(parse(self._field(name, "header")))

    def payload(self, name: str) -> str:
        """The id of a revision's payload."""
        return str(self._field(name, "payload"))

    def of(self, case_id: str, *, source: str = "") -> list[RevisionRow]:
        """The case's revisions from one source ("" the reader's own work, "imported"), oldest first."""
        rows = self._database.all(f"SELECT {_COLUMNS} FROM revisions WHERE case_id = ? AND source = ? ORDER BY number",
                                  (case_id, source))
        return [RevisionRow(*row) for row in rows]

    def with_payload(self, case_id: str, payload: str, *, source: str) -> bool:
        return self._database.one("SELECT 1 FROM revisions WHERE case_id = ? AND source = ? AND payload = ?",
                                  (case_id, source, payload)) is not None

    def _field(self, name: str, column: str) -> Any:
        row = self._database.one(f"SELECT {column} FROM revisions WHERE id = ?", (name,))
        if row is None:
            raise GraticuleError("This version is not in the store.", "The list of versions shows what there is.")
        return row[0]
