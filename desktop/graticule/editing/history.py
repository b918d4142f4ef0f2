"""Undo and redo as a fold over the journal, so that both reach back through restarts."""

from collections.abc import Sequence
from typing import Protocol

from graticule.domain.acts import Act, Row, Told
from graticule.domain.edits import Edit

__all__ = ["Act", "EditJournal", "History", "Row", "Told"]


class EditJournal(Protocol):
    """Where acts of one case become durable. The store implements it; tests use a fake checked by the same contract."""

    def append(self, edit: Edit, act: Act, of: int) -> Row:
        """Write the act and return only when it is on disk. Raises GraticuleError, with nothing written, when it cannot be."""
        ...

    def rows(self) -> list[Row]:
        """Rows after the last seal, oldest first."""
        ...

    def edit(self, seq: int) -> Edit:
        """The edit of a row, exactly as it was appended."""
        ...

    def told(self) -> list[Told]:
        """Every row of the case there ever was, those before a signature too, oldest first."""
        ...

    def seals(self) -> list[int]:
        """The numbers of the rows after which the read was signed, rising."""
        ...


class History:
    """What can be undone and redone, as sequence numbers of DO rows; the edits themselves stay in the journal."""

    def __init__(self, rows: list[Row]) -> None:
        self._undo: list[Row] = []
        self._redo: list[Row] = []
        for row in rows:
            self.note(row)

    def note(self, row: Row) -> None:
        if row.act is Act.DO:
            self._undo.append(row)
            self._redo.clear()
        elif row.act is Act.UNDO:
            self._redo.append(self._undo.pop())
        else:
            self._undo.append(self._redo.pop())

    def clear(self) -> None:
        """After a seal: a correction is a new version, not an undo."""
        self._undo.clear()
        self._redo.clear()

    @property
    def next_undo(self) -> Row | None:
        return self._undo[-1] if self._undo else None

    @property
    def next_redo(self) -> Row | None:
        return self._redo[-1] if self._redo else None

    @property
    def done(self) -> Sequence[Row]:
        """What stands and can be undone, oldest first."""
        return self._undo

    @property
    def undone(self) -> Sequence[Row]:
        """What was undone and can be redone, the next one last."""
        return self._redo

    @property
    def depth(self) -> int:
        return len(self._undo)
