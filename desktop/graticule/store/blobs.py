"""Pieces of data named by their content: payloads, slices of masks, journal segments, viewing records."""

from collections.abc import Iterable, Iterator

from graticule.domain.errors import GraticuleError
from graticule.records.frames import decode_frame, encode_frame
from graticule.records.ids import blob_id
from graticule.store.database import Database


class Blobs:
    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, raw: bytes) -> str:
        """Keep the bytes, once, inside the caller's transaction or one of its own; their id "b1:…"."""
        name = blob_id(raw)
        if not self.has(name):
            self._database.write("INSERT INTO blobs (id, size, frame) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                                 (name, len(raw), encode_frame(raw)))
        return name

    def get(self, name: str) -> bytes:
        """The canonical bytes; GraticuleError when they are not here or no longer what their name says."""
        raw = decode_frame(self.frame(name), limit=self.size(name))
        if blob_id(raw) != name:
            raise GraticuleError("A stored piece of data is not what its name says.", "Run “graticule verify” on this store.")
        return raw

    def frame(self, name: str) -> bytes:
        """The bytes as they are stored and sent: compressed."""
        return bytes(self._row(name)[1])

    def size(self, name: str) -> int:
        return int(self._row(name)[0])

    def has(self, name: str) -> bool:
        return self._database.one("SELECT 1 FROM blobs WHERE id = ?", (name,)) is not None

    def missing(self, names: Iterable[str]) -> list[str]:
        """Those of `names` that are not here, in their order."""
        return [name for name in names if not self.has(name)]

    def since(self, number: int) -> Iterator[tuple[int, str, bytes]]:
        """(number, id, frame) of blobs that came after blob `number`, in order."""
        while True:
            row = self._database.one("SELECT number, id, frame FROM blobs WHERE number > ? ORDER BY number LIMIT 1", (number,))
            if row is None:
                return
            number = int(row[0])
            yield number, row[1], bytes(row[2])

    def _row(self, name: str) -> tuple[int, bytes]:
        row = self._database.one("SELECT size, frame FROM blobs WHERE id = ?", (name,))
        if row is None:
            raise GraticuleError("A stored piece of data is missing.", "Run “graticule verify” on this store.")
        return row[0], row[1]
