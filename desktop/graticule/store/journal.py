"""The edit journal: one durable, hash-chained row for every act. It is undo, autosave, crash recovery and evidence at once."""

from collections.abc import Callable

from graticule.domain.acts import Act, Row, Told
from graticule.domain.edits import Edit
from graticule.domain.errors import GraticuleError
from graticule.records.canonical import canonical
from graticule.records.chain import chain_hash
from graticule.records.edits import decode_edit, encode_edit
from graticule.records.ids import sha256_hex
from graticule.records.revision import ATTEST
from graticule.store.clock import Clock
from graticule.store.database import Database
from graticule.store.reads import Reads, Shape

# After an act: (case id, number of acts, bytes of the edit).
Listener = Callable[[str, int, int], None]


class CaseJournal:
    """The journal of one case, as `editing.history.EditJournal` asks. shape: (k, j, i) of the case's voxels, if it has any."""

    def __init__(self, database: Database, reads: Reads, clock: Clock, case_id: str, shape: Shape | None, told: Listener) -> None:
        self._database = database
        self._reads = reads
        self._clock = clock
        self._case_id = case_id
        self._shape = shape
        self._told = told

    def append(self, edit: Edit, act: Act, of: int) -> Row:
        """Write the act; on disk when this returns. GraticuleError, with nothing written, when that cannot be."""
        data = encode_edit(edit)
        with self._database.transaction():
            read = self._reads.get(self._case_id)
            read.refuse_if_locked()
            row = Row(read.acts + 1, act, of, edit.title)
            wall = self._clock.wall()
            link = chain_hash(read.chain_head, link_body(self._case_id, row, wall, data))
            self._database.run("INSERT INTO journal (case_id, seq, act, concerns, title, wall, hash, edit) "
                               "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                               (self._case_id, row.seq, str(act), of, edit.title, wall, link, data))
            shape = self._shape or read.shape
            self._reads.change(self._case_id, acts=row.seq, acts_hash=link, **({"shape": shape} if shape != read.shape else {}))
        self._told(self._case_id, row.seq, len(data))
        return row

    def rows(self) -> list[Row]:
        """Rows after the last signature, oldest first."""
        signed = self._reads.get(self._case_id).signed_acts
        rows = self._database.all("SELECT seq, act, concerns, title FROM journal WHERE case_id = ? AND seq > ? ORDER BY seq",
                                  (self._case_id, signed))
        return [Row(seq, Act(act), of, title) for seq, act, of, title in rows]

    def edit(self, seq: int) -> Edit:
        """The edit of a row, exactly as it was appended."""
        row = self._database.one("SELECT edit FROM journal WHERE case_id = ? AND seq = ?", (self._case_id, seq))
        if row is None:
            raise GraticuleError("This act is not in the journal.", "Run “graticule verify” on this store.")
        return decode_edit(row[0])


    def told(self) -> list[Told]:
        """Every row of the case there ever was, those before a signature too, oldest first."""
        rows = self._database.all("SELECT seq, act, concerns, title, wall FROM journal WHERE case_id = ? ORDER BY seq",
                                  (self._case_id,))
        return [Told(Row(seq, Act(act), of, title), wall) for seq, act, of, title, wall in rows]

    def seals(self) -> list[int]:
        """The numbers of the rows after which the read was signed, rising."""
        rows = self._database.all("SELECT DISTINCT acts FROM revisions WHERE case_id = ? AND op = ? AND source = '' "
                                  "ORDER BY acts", (self._case_id, ATTEST))
        return [int(row[0]) for row in rows]


def link_body(case_id: str, row: Row, wall: str, edit: bytes) -> bytes:
    """What a row adds to the chain of its case: canonical JSON {v 1, case, seq, act, of, title, wall, edit}.

    `edit` in it is the SHA-256 of the edit's stored bytes. Frozen: stretches of it are signed.
    """
    return canonical({"v": 1, "case": case_id, "seq": row.seq, "act": str(row.act), "of": row.of, "title": row.title,
                      "wall": wall, "edit": sha256_hex(edit)})
