"""The index of a disc (DICOMDIR, PS3.3 annex F): which files it names, and which of them are there.

Its records are read as the flat sequence they are stored in: the offsets by which they point at each other, and which may point
in a circle, are never followed.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pydicom

from graticule.domain.errors import GraticuleError
from graticule.formats.dicom.damage import DICOM_DAMAGE

SOP_CLASS = b"1.2.840.10008.1.3.10"
MAX_RECORDS = 2_000_000
_UNUSED = 0x0000


@dataclass(frozen=True, slots=True)
class Directory:
    """files: those that are there, each once. missing: those that are not. outside: how many names led out of the folder."""

    files: tuple[Path, ...]
    missing: tuple[Path, ...]
    outside: int


def is_directory(path: Path, head: bytes) -> bool:
    return head[128:132] == b"DICM" and (SOP_CLASS in head[:2048] or path.name.upper() == "DICOMDIR")


def read_directory(path: Path) -> Directory:
    """GraticuleError when it is damaged."""
    try:
        data = pydicom.dcmread(path, specific_tags=["DirectoryRecordSequence"], force=True)
        records = list(data.get("DirectoryRecordSequence") or ())
        if len(records) > MAX_RECORDS:
            raise GraticuleError("The index of the disc has an impossible number of entries.")
        names = dict.fromkeys(name for record in records if (name := _name(record)))
    except DICOM_DAMAGE as error:
        raise GraticuleError("The index of the disc (DICOMDIR) is damaged.", "Import the disc's folder instead.") from error
    return _found(path.parent, list(names))


def _name(record: Any) -> tuple[str, ...]:
    """The parts of the file name in a record that is in use; () when it names none."""
    said = record.get("ReferencedFileID")
    if not said or record.get("RecordInUseFlag") == _UNUSED:
        return ()
    return (str(said),) if isinstance(said, str) else tuple(str(part) for part in said)


def _found(root: Path, names: list[tuple[str, ...]]) -> Directory:
    folders = _Folders()
    inside = root.resolve()
    files: dict[Path, None] = {}
    missing: dict[Path, None] = {}
    outside = 0
    for name in names:
        if not all(_plain(part) for part in name):
            outside += 1
            continue
        path = folders.find(root, name)
        if path is None:
            missing[root.joinpath(*name)] = None
        elif path.resolve().is_relative_to(inside):
            files[path] = None
        else:
            outside += 1
    return Directory(tuple(files), tuple(missing), outside)


def _plain(part: str) -> bool:
    """Whether a part is a name and no way out: PS3.10 allows eight of A–Z, 0–9 and _, writers use more."""
    return bool(part.strip()) and part not in (".", "..") and not any(sign in part for sign in "/\\:\0")


class _Folders:
    """Looks names up without regard to case: discs copied to Linux often carry lower-case names, or ISO 9660's ";1"."""

    def __init__(self) -> None:
        self._entries: dict[Path, dict[str, str]] = {}

    def find(self, root: Path, name: tuple[str, ...]) -> Path | None:
        """The file of that name below `root`, or None."""
        at = root
        for part in name:
            real = self._real(at, part)
            if real is None:
                return None
            at = at / real
        return at if at.is_file() else None

    def _real(self, folder: Path, part: str) -> str | None:
        if (folder / part).exists():
            return part
        entries = self._of(folder)
        return entries.get(_bare(part)) or entries.get(_bare(part) + ".dcm")

    def _of(self, folder: Path) -> dict[str, str]:
        if folder not in self._entries:
            try:
                self._entries[folder] = {_bare(name): name for name in sorted(os.listdir(folder), reverse=True)}
            except OSError:
                self._entries[folder] = {}
        return self._entries[folder]


def _bare(name: str) -> str:
    return name.split(";")[0].rstrip(".").casefold()
