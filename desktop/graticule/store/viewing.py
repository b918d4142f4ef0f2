"""What was looked at, kept as it happens, and where each case was left."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from graticule.domain.viewing import Look
from graticule.store.database import Database


class Looks:
    """The viewing record of each case in the order of looking. A revision takes its own copy (`Effort.looks`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, case_id: str, looks: Sequence[Look]) -> None:
        with self._database.transaction():
            for look in looks:
                self._database.run("INSERT INTO looks (case_id, look) VALUES (?, ?)", (case_id, json.dumps(look.as_json())))

    def of(self, case_id: str) -> list[Look]:
        rows = self._database.all("SELECT look FROM looks WHERE case_id = ? ORDER BY number", (case_id,))
        return [Look.from_json(json.loads(row[0])) for row in rows]


class ViewState:
    """Slice, window, tool and question of each case as a page left them: small JSON, no evidence."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, case_id: str, state: Mapping[str, Any]) -> None:
        self._database.write("INSERT INTO view_state (case_id, state) VALUES (?, ?) "
                             "ON CONFLICT DO UPDATE SET state = excluded.state", (case_id, json.dumps(dict(state))))

    def load(self, case_id: str) -> dict[str, Any]:
        """What was saved, {} the first time."""
        row = self._database.one("SELECT state FROM view_state WHERE case_id = ?", (case_id,))
        state: dict[str, Any] = json.loads(row[0]) if row else {}
        return state
