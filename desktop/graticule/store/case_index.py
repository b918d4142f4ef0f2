"""The cases of this store: enough to list and to find their files. No pixel, no patient name."""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from graticule.domain.case import Case, Kind, Source
from graticule.domain.errors import GraticuleError
from graticule.store.database import Database

# A path that begins so lies inside the store's folder: such a store can be moved as a whole.
_INSIDE = "store:"
_AT_ONCE = 500


class CaseIndex:
    """folder: the store's own. What was parsed once is kept: a worklist of a thousand series is megabytes of JSON."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder.resolve()
        self._prefix = os.path.normcase(str(self._folder) + os.sep)
        self._parsed: dict[str, Case] = {}
        self._changes = 0

    def add(self, case: Case, *, order: int | None = None) -> bool:
        """List a case, at the end or at `order`; True when it was listed before (then where its files lie is noted anew)."""
        document = json.dumps(self._document(case))  # ASCII: names of files need not be text, and SQLite takes only text
        with self._database.transaction():
            listed = self._database.one("SELECT 1 FROM cases WHERE id = ?", (case.id,)) is not None
            if listed:
                self._database.run("UPDATE cases SET document = ?, position = coalesce(?, position) WHERE id = ?",
                                   (document, order, case.id))
            else:
                self._database.run("INSERT INTO cases (id, position, document) VALUES "
                                   "(?, coalesce(?, (SELECT coalesce(max(position), 0) + 1 FROM cases)), ?)",
                                   (case.id, order, document))
        self._changes += 1
        self._parsed.pop(case.id, None)
        return listed

    def place(self, case_id: str) -> int:
        """Where it is listed, as `add` takes it."""
        row = self._database.one("SELECT position FROM cases WHERE id = ?", (self.get(case_id).id,))
        return int(row[0]) if row else 0

    def drop(self, case_id: str) -> bool:
        """Take a case off the list, with the record of looking at it; False, and nothing done, when anything was ever said of
        it, imported for it or asked about it."""
        with self._database.transaction():
            if any(self._database.one(f"SELECT 1 FROM {table} WHERE case_id = ? LIMIT 1", (case_id,)) is not None
                   for table in ("journal", "revisions", "assignments")):
                return False
            if self._database.one("SELECT 1 FROM reads WHERE case_id = ? AND (finished OR acts > 0)", (case_id,)) is not None:
                return False
            for table in ("checkpoints", "looks", "reads", "view_state"):
                self._database.run(f"DELETE FROM {table} WHERE case_id = ?", (case_id,))
            self._database.run("DELETE FROM cases WHERE id = ?", (case_id,))
        self._changes += 1
        self._parsed.pop(case_id, None)
        return True

    def ids(self) -> list[str]:
        """Of every case, in worklist order."""
        return [str(row[0]) for row in self._database.all("SELECT id FROM cases ORDER BY position, number")]

    def all(self) -> list[Case]:
        """Every case in worklist order."""
        ids, changes = self.ids(), self._changes
        found = {case_id: self._parsed[case_id] for case_id in ids if case_id in self._parsed}
        missing = [case_id for case_id in ids if case_id not in found]
        for start in range(0, len(missing), _AT_ONCE):
            some = missing[start:start + _AT_ONCE]
            rows = self._database.all(f"SELECT id, document FROM cases WHERE id IN ({', '.join('?' * len(some))})", some)
            found.update((case_id, self._case(case_id, text, changes)) for case_id, text in rows)
        return [found[case_id] for case_id in ids if case_id in found]

    def get(self, case_id: str) -> Case:
        changes, kept = self._changes, self._parsed.get(case_id)
        if kept is not None:
            return kept
        row = self._database.one("SELECT id, document FROM cases WHERE id = ?", (case_id,))
        if row is None:
            raise GraticuleError(f"No case of this store is called {case_id}.", "The list of cases shows their names.")
        return self._case(row[0], row[1], changes)

    def find(self, wanted: str) -> Case:
        """The case of an id or of its first characters, with or without "c1:"."""
        start = "c1:" + wanted.removeprefix("c1:")
        rows = self._database.all("SELECT id FROM cases WHERE substr(id, 1, ?) = ? LIMIT 2", (len(start), start))
        if len(rows) > 1:
            raise GraticuleError(f"Several cases begin with {wanted}.", "Give more characters of the name.")
        return self.get(rows[0][0] if rows else wanted)

    def missing_files(self, case_id: str) -> list[Source]:
        """Files of the case that are no longer where they were."""
        return [source for source in self.get(case_id).sources if not Path(source.path).is_file()]

    def require_files(self, case_id: str) -> None:
        """GraticuleError, in words, when files of the case were moved, removed or lie on a disk that is not there."""
        gone, whole = len(self.missing_files(case_id)), len(self.get(case_id).sources)
        if gone:
            which = "The file of this case is" if whole == 1 else f"{gone} of the {whole} files of this case are"
            raise GraticuleError(f"{which} no longer where the import found {'it' if whole == 1 else 'them'}.",
                                 "Connect the disk or import the files again from their new place; the labels are kept.")

    def _document(self, case: Case) -> dict[str, Any]:
        sources = [[self._inside(source.path), source.object_id, source.role] for source in case.sources]
        return {"kind": str(case.kind), "modality": case.modality, "title": case.title, "reading": case.reading,
                "sources": sources, "warnings": list(case.warnings), "facts": dict(case.facts)}

    def _case(self, case_id: str, text: str, changes: int) -> Case:
        """Kept when nothing was written since `changes` was counted, and never beside a window, which may write."""
        data: Mapping[str, Any] = json.loads(text)
        sources = tuple(Source(self._outside(path), object_id, role) for path, object_id, role in data["sources"])
        case = Case(case_id, Kind(data["kind"]), data["modality"], data["title"], data["reading"], sources,
                    tuple(data["warnings"]), data["facts"])
        if changes == self._changes and not self._database.read_only:
            self._parsed[case_id] = case
        return case

    def _inside(self, path: str) -> str:
        if os.path.normcase(path).startswith(self._prefix):
            return _INSIDE + Path(path[len(self._prefix):]).as_posix()
        return path

    def _outside(self, path: str) -> str:
        return str(self._folder / path.removeprefix(_INSIDE)) if path.startswith(_INSIDE) else path


def moved(case: Case, paths: Mapping[str, str]) -> Case:
    """The case with its files at other paths."""
    return replace(case, sources=tuple(replace(source, path=paths[source.path]) for source in case.sources))
