"""An edit journal in memory. It keeps the same contract as the store's (tests/store/test_journal_contract.py)."""

from graticule.domain.acts import Act, Row, Told
from graticule.domain.edits import Edit
from graticule.domain.errors import GraticuleError


class FakeJournal:
    """Rows of one case. `disk_full = True` makes the next appends fail as a full disk does; `seal()` ends what undo can reach."""

    def __init__(self) -> None:
        self.disk_full = False
        self._rows: list[Row] = []
        self._edits: dict[int, Edit] = {}
        self._sealed = 0

    def append(self, edit: Edit, act: Act, of: int) -> Row:
        if self.disk_full:
            raise GraticuleError("The disk is full. Nothing was written.", "Free some space, then do it again.")
        row = Row(len(self._rows) + 1, act, of, edit.title)
        self._rows.append(row)
        self._edits[row.seq] = edit
        return row

    def rows(self) -> list[Row]:
        return self._rows[self._sealed:]

    def edit(self, seq: int) -> Edit:
        if seq not in self._edits:
            raise GraticuleError("This act is not in the journal.", "Run “graticule verify” on this store.")
        return self._edits[seq]

    def told(self) -> list[Told]:
        return [Told(row, f"2026-03-01T09:{row.seq // 60 % 60:02}:{row.seq % 60:02}+00:00") for row in self._rows]

    def seals(self) -> list[int]:
        return [self._sealed] if self._sealed else []

    def seal(self) -> None:
        self._sealed = len(self._rows)
