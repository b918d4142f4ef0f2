"""What a row of the edit journal says, apart from its edit. The store writes it, editing folds it; both know only this."""

from dataclasses import dataclass
from enum import StrEnum


class Act(StrEnum):
    """What a journal row is: a new act, or the undoing or redoing of an earlier one."""

    DO = "do"
    UNDO = "undo"
    REDO = "redo"


@dataclass(frozen=True, slots=True)
class Row:
    """A journal row without its edit. `of`: the `seq` of the DO row that an UNDO or REDO concerns (0 for a DO)."""

    seq: int
    act: Act
    of: int
    title: str


@dataclass(frozen=True, slots=True)
class Told:
    """A row as the history tells it. wall: when it was done (RFC 3339), "" where nobody wrote that down."""

    row: Row
    wall: str = ""
