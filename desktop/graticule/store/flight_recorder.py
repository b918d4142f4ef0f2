"""The second copy: an append-only, encrypted file beside the database, with other ways to fail.

Each frame (records.frames: length, CRC) holds one part encrypted with a key derived from the store's: a line of canonical JSON
{v 1, what "blob" | "entry", name, part, parts}, a newline, and the part's bytes. Blobs are stored compressed, as in the
database; entries are verbatim lines of the device log. Blobs stand before the entry that first needs them.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from graticule.records.canonical import canonical, parse
from graticule.records.frames import iter_frames, whole_length, write_frame
from graticule.records.keys import decrypt, encrypt
from graticule.store.errors import in_words
from graticule.store.place import sync_folder

BLOB, ENTRY = "blob", "entry"

_CONTEXT = b"graticule/recorder/1\n"
_PART = 16 * 1024 * 1024
_FULL = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Record:
    """what: BLOB (name: its id, data: its frame) or ENTRY (name: "<device>/<seq>", data: its line)."""

    what: str
    name: str
    data: bytes


class FlightRecorder:
    """Writes to the newest file of the folder and begins another when that is full."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._key = recorder_key(key)
        self._file: BinaryIO | None = None
        self._number = 0

    def place(self) -> tuple[int, int]:
        """(number of the newest file, bytes of whole frames in it); (0, 0) where nothing was recorded."""
        with in_words():
            if self._file is not None:
                return self._number, self._file.tell()
            files = recorder_files(self._folder)
            if not files:
                return 0, 0
            with files[-1].open("rb") as file:
                return len(files), whole_length(file)

    def append(self, records: Iterable[Record]) -> None:
        """On disk when this returns; GraticuleError when it could not be written (a torn end is cut off next time)."""
        with in_words():
            try:
                file = self._file or self._open()
                for record in records:
                    for body in _parts(record):
                        write_frame(file, encrypt(self._key, body, _CONTEXT))
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                self.close()
                raise
            if file.tell() > _FULL:
                self.close()

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            # After a failed write, closing fails once more; what was torn is cut off at the next opening.
            with suppress(OSError):
                file.close()

    def _open(self) -> BinaryIO:
        self._folder.mkdir(parents=True, exist_ok=True)
        files = recorder_files(self._folder)
        self._number = len(files) if files and files[-1].stat().st_size < _FULL else len(files) + 1
        path = self._folder / f"{self._number:06d}.flight"
        file = self._file = path.open("r+b" if path.exists() else "x+b")
        whole = whole_length(file)
        if whole < file.seek(0, os.SEEK_END):
            file.truncate(whole)
        file.seek(whole)
        sync_folder(self._folder)
        return file


def recorder_key(key: bytes) -> bytes:
    """The recorder's own key: the database's key never encrypts anything but the database."""
    return HKDFExpand(SHA256(), 32, _CONTEXT).derive(key)


def recorder_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.flight"))


def read_recorder(folder: Path, key: bytes) -> Iterator[Record]:
    """Every whole record, oldest first. A record written twice appears twice.

    GraticuleError for a whole frame that was changed or belongs to another store.
    """
    secret = recorder_key(key)
    for path in recorder_files(folder):
        with in_words(), path.open("rb") as file:
            parts: list[bytes] = []
            for body in iter_frames(file):
                head, _, data = decrypt(secret, body, _CONTEXT).partition(b"\n")
                place = parse(head)
                parts = [*(parts if place["part"] else []), data]
                if len(parts) == place["parts"]:
                    yield Record(place["what"], place["name"], b"".join(parts))


def _parts(record: Record) -> Iterator[bytes]:
    pieces = [record.data[at:at + _PART] for at in range(0, len(record.data), _PART)] or [b""]
    for number, piece in enumerate(pieces):
        head = {"v": 1, "what": record.what, "name": record.name, "part": number, "parts": len(pieces)}
        yield canonical(head) + b"\n" + piece
