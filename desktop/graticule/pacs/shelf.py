"""The folder of what came from archives: complete files under the name of their object, and nothing that nobody reads."""

import os
import threading
from collections.abc import Collection, Sequence
from hashlib import sha256
from pathlib import Path

import pydicom
from pydicom.errors import InvalidDicomError
from pydicom.uid import UID

from graticule.domain.archive import Wanted
from graticule.domain.errors import GraticuleError

PART, DICOM = ".part", ".dcm"
_LENGTH = 16

NOT_DICOM = "What the archive sent is not a DICOM file."
NOT_ASKED = "The archive sent an object that was not asked for; it was not kept."


class SeriesShelf:
    """One series under `root`. Files on their way end in .part, so that an import never sees half of one."""

    def __init__(self, root: Path, wanted: Wanted) -> None:
        self._wanted = wanted
        # Not the UIDs themselves: two of them and a file name are longer than a path on Windows may be.
        self.folder = root / sha256(wanted.series.encode()).hexdigest()[:_LENGTH]
        self._lock = threading.Lock()
        self._number = 0

    def prepare(self) -> None:
        """Make the folder, empty of what an interrupted retrieve left half."""
        with in_words():
            self.folder.mkdir(parents=True, exist_ok=True)
            for path in self.folder.glob("*" + PART):
                path.unlink(missing_ok=True)

    def here(self) -> dict[str, Path]:
        """SOP instance UID → file of what is complete."""
        return {path.stem: path for path in sorted(self.folder.glob("*" + DICOM))}

    def blank(self) -> Path:
        with self._lock:
            self._number += 1
            return self.folder / f"{self._number}{PART}"

    def keep(self, arrived: Path) -> str:
        """As `domain.archive.Shelf.keep`; what is not kept is removed."""
        try:
            uid = self._identity(arrived)
            with in_words():
                os.replace(arrived, self.folder / (uid + DICOM))
        except GraticuleError:
            arrived.unlink(missing_ok=True)
            raise
        return uid

    def _identity(self, path: Path) -> str:
        try:
            header = pydicom.dcmread(path, stop_before_pixels=True, specific_tags=["SOPInstanceUID", "SeriesInstanceUID"])
            uid, series = str(header.get("SOPInstanceUID", "")), str(header.get("SeriesInstanceUID", ""))
        except (InvalidDicomError, OSError, ValueError, EOFError, KeyError, NotImplementedError, AttributeError) as fault:
            raise GraticuleError(NOT_DICOM, "Tell whoever looks after the archive.") from fault
        if not UID(uid).is_valid:  # it becomes a file name
            raise GraticuleError(NOT_DICOM, "Tell whoever looks after the archive.")
        if series != self._wanted.series:
            raise GraticuleError(NOT_ASKED)
        return uid


class Incoming:
    """All that archives brought into a store. `used`: which of some files the cases of the store are made of."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def shelf(self, wanted: Wanted) -> SeriesShelf:
        return SeriesShelf(self.root, wanted)

    def folders(self) -> list[Path]:
        """One for each series that came and was not tidied away."""
        return sorted(self.root.glob("*"))

    def tidy(self, used: Collection[Path], folders: Sequence[Path]) -> int:
        """Remove from `folders` what no case is made of; how many files went.

        After an import that takes the identity out, the cases are made of other files: nothing raw stays behind.
        """
        kept = {os.path.normcase(os.path.abspath(path)) for path in used}
        removed = 0
        for folder in folders:
            for path in sorted(folder.glob("*")) if folder.is_relative_to(self.root) else ():
                if os.path.normcase(os.path.abspath(path)) not in kept:
                    path.unlink(missing_ok=True)
                    removed += 1
            if folder.is_dir() and folder.is_relative_to(self.root) and not any(folder.iterdir()):
                folder.rmdir()
        return removed


class in_words:
    """A disk that does not take a file, told as a sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: object) -> None:
        if isinstance(fault, OSError):
            raise GraticuleError("What the archive sent cannot be written to this computer's disk.",
                                 "Free some space, then retrieve again: what is here is not fetched twice.") from fault
