"""What left this store as files, each time with its proof: an event in the signed log, and the proof's bytes as data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.records.canonical import canonical, parse
from graticule.records.entry import read_entry
from graticule.store.blobs import Blobs
from graticule.store.database import Database
from graticule.store.device_log import DeviceLog
from graticule.store.second_copy import SecondCopy

EXPORT = "export"
_MARK = b'"event":"export"'


@dataclass(frozen=True, slots=True)
class ExportNote:
    """One export. proof: the document that also lies beside the files. revision: what was exported, "" for unsaved work."""

    wall: str
    case_id: str
    format: str
    revision: str
    proof: Mapping[str, Any]

    @property
    def proven(self) -> bool:
        """Whether a second library read every file back."""
        return all(file.get("proven") for file in self.proof.get("files", ()))


class Exports:
    def __init__(self, database: Database, blobs: Blobs, log: DeviceLog, second_copy: SecondCopy) -> None:
        self._database = database
        self._blobs = blobs
        self._log = log
        self._second_copy = second_copy

    def note(self, case_id: str, format: str, proof: Mapping[str, Any], *, revision: str = "", project: str = "") -> str:
        """Write down that files left, with what proves them; the event's id. On disk twice when this returns.

        The log gets hashes and counts alone: names of segments stay in the proof, which never leaves the store.
        """
        files = [{"sha256": str(file["sha256"]), "bytes": int(file["bytes"]), "proven": bool(file["proven"]),
                  "readers": len(file["checks"])} for file in proof["files"]]
        with self._database.transaction():
            name = self._blobs.put(canonical(dict(proof)))
            event = self._log.append_event(EXPORT, {"case": case_id, "format": format, "revision": revision, "proof": name,
                                                    "files": files}, project)
            self._second_copy.note()
        self._second_copy.catch_up()
        return event

    def of(self, case_id: str) -> list[ExportNote]:
        """Every export of a case from this store, oldest first."""
        return [note for note in self.all() if note.case_id == case_id]

    def all(self) -> Iterator[ExportNote]:
        rows = self._database.all("SELECT line FROM entries WHERE kind = 'event' AND instr(line, ?) ORDER BY hlc", (_MARK,))
        for (line,) in rows:
            event = read_entry(bytes(line)).event()
            if event.event == EXPORT:
                data = event.data
                yield ExportNote(event.wall, str(data["case"]), str(data["format"]), str(data["revision"]),
                                 self._proof(str(data["proof"])))

    def _proof(self, name: str) -> Mapping[str, Any]:
        document = parse(self._blobs.get(name))
        if not isinstance(document, dict):
            raise GraticuleError("The proof of an export cannot be read.", "Run “graticule verify” on this store.")
        return document
