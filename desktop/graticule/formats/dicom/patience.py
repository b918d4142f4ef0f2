"""A DICOM file as a library may read it: its elements have an end, and a deflated one is unpacked within a limit.

A few kilobytes of deflated zeros, or a file of nothing but empty elements, keep a parser busy for hours.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from graticule.domain.errors import GraticuleError
from graticule.formats.dicom.walk import Unusual, walk_meta
from graticule.formats.guard.limits import inflated, refuse_too_large

# A header of a million elements is beyond any device; the library reads each in one to three steps.
MOST_READS = 2_000_000
# Pixels shrink to a half; masks of a few voxels to a hundredth, but these are small.
FREE_BYTES, MOST_TIMES = 128 << 20, 100
_DEFLATED = b"1.2.840.10008.1.2.1.99"
_PLAIN_META = bytes(128) + b"DICM" + b"\x02\x00\x10\x00UI\x14\x001.2.840.10008.1.2.1\x00"


class CountedFile:
    """Reads like a file, until it was asked too often."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._file = file
        self._left = MOST_READS
        self.name = name
        self.seek, self.tell, self.close = file.seek, file.tell, file.close

    def read(self, size: int = -1) -> bytes:
        self._left -= 1
        if self._left < 0:
            raise GraticuleError("The file's header has no end: it holds millions of elements.",
                                 "Ask the sender for the original file.")
        return self._file.read(size)


@contextmanager
def patiently(path: Path) -> Iterator[tuple[CountedFile, bool]]:
    """(the file to read from, whether it was deflated: what is read is then its plain form, whose bytes lie elsewhere)."""
    with path.open("rb") as file:
        head = file.read(1024)
        file.seek(0)
        deflated = _DEFLATED in head
        yield CountedFile(io.BytesIO(unpacked(path)) if deflated else file, str(path)), deflated


def unpacked(path: Path) -> bytes:
    """A deflated file (PS3.5 A.5) in Explicit VR Little Endian. GraticuleError when it unpacks to more than an image can."""
    with path.open("rb") as file:
        try:
            _, start = walk_meta(file.read(1 << 16), ())
        except Unusual as error:
            raise ValueError("no plain file meta information") from error
        size = file.seek(0, 2)
        file.seek(start)
        limit = FREE_BYTES + MOST_TIMES * size
        out = bytearray(_meta_of(path, start))
        for chunk in inflated(file, -15):
            out += chunk
            if len(out) > limit:
                raise GraticuleError("The file unpacks to far more than an image holds; it was not read.",
                                     "Ask the sender for the original file.")
            if len(out) % (64 << 20) < len(chunk):
                refuse_too_large(2 * len(out))
    return bytes(out)


def _meta_of(path: Path, start: int) -> bytes:
    """The file's own meta information with the transfer syntax that its bytes now have."""
    with path.open("rb") as file:
        meta = file.read(start)
    stated = b"\x02\x00\x10\x00UI\x16\x00" + _DEFLATED
    plain = _PLAIN_META[132:]
    if stated not in meta:
        return _PLAIN_META
    size = int.from_bytes(meta[140:144], "little") - (len(stated) - len(plain))
    return (meta[:140] + max(0, size).to_bytes(4, "little") + meta[144:]).replace(stated, plain)
