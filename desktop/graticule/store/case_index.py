"""The cases of this store: enough to list and to find their files. No pixel, no patient name."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from graticule.domain.case import Case, Kind, Source
from graticule.domain.errors import GraticuleError
from graticule.store.database import Database

# A path that begins so lies inside the store's folder: such a store can be moved as a whole.
_INSIDE = "store:"


class CaseIndex:
    """folder: the store's own."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database = database
        self._folder = folder.resolve()

    def add(self, case: Case, *, order: int | None = None) -> bool:
        """List a case, at the end or at `order`; True when it was listed before (then where its files lie is noted anew)."""
        document = json.dumps(self._document(case), ensure_ascii=False)
        with self._database.transaction():
            if self._database.one("SELECT 1 FROM cases WHERE id = ?", (case.id,)):
                self._database.run("UPDATE cases SET document = ?, position = coalesce(?, position) WHERE id = ?",
                                   (document, order, case.id))
                return True
            self._database.run("INSERT INTO cases (id, position, document) VALUES "
                               "(?, coalesce(?, (SELECT coalesce(max(position), 0) + 1 FROM cases)), ?)",
                               (case.id, order, document))
        return False

    def all(self) -> list[Case]:
        """Every case in worklist order."""
        rows = self._database.all("SELECT id, document FROM cases ORDER BY position, number")
        return [self._case(*row) for row in rows]

    def get(self, case_id: str) -> Case:
        row = self._database.one("SELECT id, document FROM cases WHERE id = ?", (case_id,))
        if row is None:
            raise GraticuleError(f"No case of this store is called {case_id}.", "The list of cases shows their names.")
        return self._case(*row)

    def find(self, wanted: str) -> Case:
        """The case of an id or of its first characters, with or without "c1:"."""
        start = "c1:" + wanted.removeprefix("c1:")
        rows = self._database.all("SELECT id, document FROM cases WHERE substr(id, 1, ?) = ? LIMIT 2", (len(start), start))
        if len(rows) > 1:
            raise GraticuleError(f"Several cases begin with {wanted}.", "Give more characters of the name.")
        return self._case(*rows[0]) if rows else self.get(wanted)

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

    def _case(self, case_id: str, text: str) -> Case:
        data: Mapping[str, Any] = json.loads(text)
        sources = tuple(Source(self._outside(path), object_id, role) for path, object_id, role in data["sources"])
        return Case(case_id, Kind(data["kind"]), data["modality"], data["title"], data["reading"], sources,
                    tuple(data["warnings"]), data["facts"])

    def _inside(self, path: str) -> str:
        where = Path(path)
        if where.is_absolute() and where.is_relative_to(self._folder):
            return _INSIDE + where.relative_to(self._folder).as_posix()
        return path

    def _outside(self, path: str) -> str:
        return str(self._folder / path.removeprefix(_INSIDE)) if path.startswith(_INSIDE) else path


def moved(case: Case, paths: Mapping[str, str]) -> Case:
    """The case with its files at other paths."""
    return replace(case, sources=tuple(replace(source, path=paths[source.path]) for source in case.sources))
