"""Resumable uploads of large blobs, after draft-ietf-httpbis-resumable-upload: what arrived stays, and is continued from its end.

A part lies in the data folder under a name made of device, blob and the frame's hash, so the same upload asked for again is the
same upload. It becomes a blob only when it is whole and its hash is right; what is not finished in seven days goes.
"""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graticule.records.canonical import canonical
from graticule.records.ids import sha256_hex
from graticule.server.refusal import Refusal

KEPT_MS = 7 * 24 * 3600 * 1000
_NAME = re.compile(r"[0-9a-f]{64}-[0-9]{1,12}")


@dataclass(frozen=True, slots=True)
class Upload:
    """offset: bytes of the frame that are here; length: bytes of the whole frame."""

    name: str
    offset: int
    length: int

    @property
    def complete(self) -> bool:
        return self.offset == self.length


class Uploads:
    """Unfinished uploads in `folder`. Each belongs to the device that began it."""

    def __init__(self, folder: Path, clock_ms: Callable[[], int]) -> None:
        self._folder, self._clock_ms = folder, clock_ms
        self._writing = threading.Lock()

    def begin(self, device: str, blob: str, length: int, frame_sha256: str) -> Upload:
        """The upload of this frame by this device, new or as far as it came."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self.sweep()
        name = f"{sha256_hex(canonical([device, blob, frame_sha256]))}-{length}"
        self._path(name).touch()
        return self.state(name)

    def state(self, name: str) -> Upload:
        path = self._path(name)
        if not path.exists():
            raise Refusal(404, "upload", "The server no longer holds this unfinished upload.", "It is sent again from the start.")
        return Upload(name, path.stat().st_size, int(name.rpartition("-")[2]))

    def append(self, name: str, offset: int, part: bytes) -> Upload:
        """Continue at `offset`; Refusal 409 with the true offset when that is not where it ends."""
        with self._writing:
            before = self.state(name)
            if offset != before.offset:
                raise Refusal(409, "offset", "The upload continues elsewhere.", offset=before.offset)
            if offset + len(part) > before.length:
                raise Refusal(400, "length", "The upload is longer than announced.")
            with self._path(name).open("ab") as file:
                file.write(part)
            return self.state(name)

    def take(self, name: str) -> bytes:
        """The whole frame; its part is discarded, whatever the frame turns out to be."""
        path = self._path(name)
        frame = path.read_bytes()
        path.unlink()
        return frame

    def sweep(self) -> None:
        oldest = (self._clock_ms() - KEPT_MS) / 1000
        for part in self._folder.glob("*.part"):
            if part.stat().st_mtime < oldest:
                part.unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise Refusal(404, "upload", "There is no such upload.")
        return self._folder / f"{name}.part"
