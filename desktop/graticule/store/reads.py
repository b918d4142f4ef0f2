"""How far the reader is with each case: one row that points into the append-only tables and can be worked out from them."""

import json
from dataclasses import dataclass
from typing import Any

from graticule.domain.case import State
from graticule.domain.errors import GraticuleError
from graticule.records.chain import START
from graticule.store.database import Database

Shape = tuple[int, int, int]

LOCKED = ("This read is signed and locked.", "Choose “Correct as a new version” to change it.")


@dataclass(frozen=True, slots=True)
class Read:
    """acts, acts_hash: head of the case's journal. put: the saved version that `put_acts` acts led to, None after a signature was
    reopened. attest: the last signature, which `signed_acts` acts led to.
    """

    case_id: str
    version: int = 1
    finished: bool = False
    correcting: bool = False
    reason: str = ""
    acts: int = 0
    acts_hash: str = ""
    put: str | None = None
    put_acts: int = 0
    attest: str | None = None
    signed_acts: int = 0
    shape: Shape | None = None

    @property
    def locked(self) -> bool:
        return self.attest is not None and not self.correcting

    @property
    def chain_head(self) -> str:
        return self.acts_hash or START

    def refuse_if_locked(self) -> None:
        if self.locked:
            raise GraticuleError(*LOCKED)


_COLUMNS = ("version", "finished", "correcting", "reason", "acts", "acts_hash", "put", "put_acts", "attest", "signed_acts",
            "shape")


class Reads:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, case_id: str) -> Read:
        """The row of a case; a fresh one when nothing was done yet."""
        row = self._database.one(f"SELECT {', '.join(_COLUMNS)} FROM reads WHERE case_id = ?", (case_id,))
        return Read(case_id) if row is None else _read(case_id, row)

    def change(self, case_id: str, **values: Any) -> None:
        """Set columns of a case's row, inside the caller's transaction."""
        self._database.run("INSERT INTO reads (case_id) VALUES (?) ON CONFLICT DO NOTHING", (case_id,))
        names = ", ".join(f"{name} = ?" for name in values)
        self._database.run(f"UPDATE reads SET {names} WHERE case_id = ?", (*map(_stored, values.values()), case_id))

    def saved_with(self, case_id: str) -> dict[str, Any]:
        """Grid, objects and time of the last saving, for whoever must save without them; {} when there was none."""
        row = self._database.one("SELECT saved_with FROM reads WHERE case_id = ?", (case_id,))
        known: dict[str, Any] | None = json.loads(row[0]) if row else None
        return known or {}

    def states(self, device: str) -> dict[str, State]:
        """The state of every listed case."""
        rows = self._database.all(
            "SELECT c.id, r.acts, r.finished, r.attest IS NOT NULL AND NOT r.correcting, e.seq <= s.acknowledged FROM cases c "
            "LEFT JOIN reads r ON r.case_id = c.id LEFT JOIN entries e ON e.ref = r.attest AND e.device = ?1 "
            "LEFT JOIN sync_state s ON s.device = ?1 ORDER BY c.position, c.number", (device,))
        return {case_id: _state(*rest) for case_id, *rest in rows}


def _state(acts: int | None, finished: int | None, signed: int | None, known: int | None) -> State:
    if signed:
        return State.SYNCED if known else State.SEALED
    if finished:
        return State.FINISHED
    return State.IN_PROGRESS if acts else State.NEW


def _read(case_id: str, row: tuple[Any, ...]) -> Read:
    values = dict(zip(_COLUMNS, row, strict=True))
    shape = json.loads(values["shape"])
    return Read(case_id, **{**values, "finished": bool(values["finished"]), "correcting": bool(values["correcting"]),
                            "shape": tuple(shape) if shape else None})


def _stored(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, (dict, tuple, list)) else int(value) if isinstance(value, bool) else value
