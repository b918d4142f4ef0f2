"""What an import saw of each file: by size and time of change an unchanged one is known again without opening it."""

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass

from graticule.store.database import Database

_COLUMNS = "path, size, changed_ns, outcome, cases, series, reason, reader"


@dataclass(frozen=True, slots=True)
class Seen:
    """size, changed_ns: the file then. outcome, reason: the import's answer. cases: ids of the cases that hold it.

    series: what its slices share with those of other files ("" when nothing). reader: version of the readers that answered.
    """

    path: str
    size: int
    changed_ns: int
    outcome: str
    cases: tuple[str, ...] = ()
    series: str = ""
    reason: str = ""
    reader: str = ""


class SeenFiles:
    def __init__(self, database: Database) -> None:
        self._database = database

    def under(self, roots: Iterable[str]) -> dict[str, Seen]:
        """Of the files at or below absolute paths, by path."""
        found: dict[str, Seen] = {}
        for root in roots:
            folder = os.fsencode(root.rstrip(os.sep) + os.sep)
            rows = self._database.all(f"SELECT {_COLUMNS} FROM seen_files WHERE path = ? OR (path > ? AND path < ?)",
                                      (os.fsencode(root), folder, folder[:-1] + bytes([folder[-1] + 1])))
            found.update((seen.path, seen) for seen in map(_seen, rows))
        return found

    def note(self, seen: Iterable[Seen]) -> None:
        """Remember, inside the caller's transaction or in one of its own."""
        with self._database.transaction():
            for one in seen:
                self._database.run(f"INSERT OR REPLACE INTO seen_files ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (
                    os.fsencode(one.path), one.size, one.changed_ns, one.outcome, json.dumps(one.cases), one.series,
                    one.reason, one.reader))

    def forget(self, paths: Iterable[str]) -> None:
        """Files that are no longer there."""
        with self._database.transaction():
            for path in paths:
                self._database.run("DELETE FROM seen_files WHERE path = ?", (os.fsencode(path),))


def _seen(row: tuple[object, ...]) -> Seen:
    path, size, changed_ns, outcome, cases, series, reason, reader = row
    return Seen(os.fsdecode(path), int(str(size)), int(str(changed_ns)), str(outcome),  # type: ignore[arg-type]
                tuple(json.loads(str(cases))), str(series), str(reason), str(reader))
