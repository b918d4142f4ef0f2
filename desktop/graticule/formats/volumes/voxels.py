"""The numbers of a volume file: found by a header, read by volume, whatever their compression."""

import bz2
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.progress import Progress, Silent
from graticule.formats.guard.limits import MAX_DEFLATE_RATIO, inflated, refuse_too_large, taken

RAW, GZIP, ZLIB, BZIP2, ASCII, HEX = "raw", "gzip", "zlib", "bzip2", "ascii", "hex"
# The most that one byte of the file can stand for. bzip2 packs equal bytes without a useful end.
_RATIO = {RAW: 1.0, GZIP: MAX_DEFLATE_RATIO, ZLIB: MAX_DEFLATE_RATIO, BZIP2: 100_000.0, ASCII: 4.0, HEX: 0.5}
_LONGEST_NUMBER = 40  # characters of one number as text, with its separator
_CHUNK = 1 << 20
# Brightness of a colour, ITU-R BT.601.
_LUMA = np.array([0.299, 0.587, 0.114])
_CUT_OFF = ("The file is cut off: it is smaller than its header says.", "Copy it again from its source.")


@dataclass(frozen=True, slots=True)
class Stream:
    """Where numbers lie. start: bytes of the file before them. skip: unpacked bytes before them."""

    path: Path
    encoding: str
    start: int = 0
    skip: int = 0

    def refuse_short(self, size: int) -> None:
        """GraticuleError when the file cannot hold `size` unpacked bytes after `skip`; before memory is set aside."""
        try:
            have = self.path.stat().st_size - self.start
        except OSError as error:
            raise GraticuleError("The file with the voxels is not there.", "Import header and voxels together.") from error
        if size <= 0 or have <= 0 or self.skip + size > have * _RATIO[self.encoding]:
            raise GraticuleError(*_CUT_OFF)
        if self.encoding == GZIP and not self._ends_with(self.skip + size):
            self._refuse_ending_before(self.skip + size)

    def _ends_with(self, size: int) -> bool:
        """Whether the file's last four bytes say that it unpacks to `size`, modulo 2³² (RFC 1952 2.3.1): no cut-off file's do."""
        with self.path.open("rb") as file:
            file.seek(-4, os.SEEK_END)
            return int.from_bytes(file.read(4), "little") == size % (1 << 32)

    def _refuse_ending_before(self, size: int) -> None:
        """Unpack and forget. Only what is cut off, has several parts or more than its header says comes here."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            have = 0
            for chunk in inflated(file, 31):
                have += len(chunk)
                if have >= size:
                    return
        raise GraticuleError(*_CUT_OFF)

    def read(self, first: int, count: int, dtype: np.dtype[Any], progress: Progress) -> Array:
        """`count` numbers from number `first` on, in native byte order."""
        size = count * dtype.itemsize
        try:
            with self.path.open("rb") as file:
                file.seek(self.start)
                if self.encoding == ASCII:
                    return _ascii(file, first, count, dtype)
                chunks = _watched(_CHUNKS[self.encoding](file), size, progress)
                data = taken(chunks, self.skip + first * dtype.itemsize, size)
        except OSError as error:
            raise GraticuleError("The file cannot be read.", "Check that it still exists and that you may open it.") from error
        return np.asarray(np.frombuffer(data, dtype).astype(dtype.newbyteorder("="), copy=False))


@dataclass(frozen=True, eq=False, slots=True)
class Voxels:
    """How the numbers of a stream become volumes.

    shape: (k, j, i). inner, outer: how many numbers stand together at each voxel, and how often the whole grid is repeated.
    colour: the inner ones are red, green, blue (and opacity). layered: all volumes are label maps of one segmentation.
    scale: applied to each volume; None: stored numbers are the values.
    """

    stream: Stream
    dtype: np.dtype[Any]
    shape: tuple[int, int, int]
    inner: int = 1
    outer: int = 1
    colour: bool = False
    layered: bool = False
    scale: Callable[[Array], Array] | None = None

    @property
    def count(self) -> int:
        """Voxels of one volume."""
        return self.shape[0] * self.shape[1] * self.shape[2]

    @property
    def layers(self) -> int:
        return self.outer * (1 if self.colour else self.inner)

    @property
    def items(self) -> int:
        return 1 if self.layered else self.layers

    @property
    def bytes(self) -> int:
        """Of all numbers in the stream."""
        return self.count * self.inner * self.outer * self.dtype.itemsize

    def read(self, number: int, progress: Progress | None = None) -> Array:
        """(k, j, i) of volume `number`, scaled. GraticuleError when it is damaged, cut off or too large for the memory here."""
        if not 0 <= number < self.items:
            raise GraticuleError("The file holds fewer volumes than it did.", "Import it again: it is another case now.")
        numbers = self._block(number // (1 if self.colour else self.inner), progress)
        volume = self._bright(numbers) if self.colour else numbers[..., number % self.inner]
        return np.ascontiguousarray(self.scale(volume) if self.scale else volume)

    def read_layers(self) -> Array:
        """(layer, k, j, i): everything, unscaled."""
        blocks = [np.moveaxis(self._block(number, None), -1, 0) for number in range(self.outer)]
        return np.concatenate(blocks)

    def _block(self, outer: int, progress: Progress | None) -> Array:
        """(k, j, i, inner): one whole grid of numbers."""
        count = self.count * self.inner
        refuse_too_large(3 * count * self.dtype.itemsize, "volume")
        return self.stream.read(outer * count, count, self.dtype, progress or Silent()).reshape(*self.shape, self.inner)

    def _bright(self, numbers: Array) -> Array:
        return np.asarray(np.rint(numbers[..., :3] @ _LUMA).astype(np.int16))


def _plain(file: BinaryIO) -> Iterator[bytes]:
    while chunk := file.read(_CHUNK):
        yield chunk


def _bzipped(file: BinaryIO) -> Iterator[bytes]:
    machine = bz2.BZ2Decompressor()
    while not machine.eof:
        source = file.read(_CHUNK) if machine.needs_input else b""
        if machine.needs_input and not source:
            return
        try:
            yield machine.decompress(source, _CHUNK)
        except (OSError, ValueError, EOFError) as error:
            raise GraticuleError("The file's compressed data are damaged.", "Copy it again from its source.") from error


def _hexed(file: BinaryIO) -> Iterator[bytes]:
    left = b""
    while chunk := file.read(_CHUNK):
        digits = left + b"".join(chunk.split())
        even = len(digits) // 2 * 2
        left = digits[even:]
        try:
            yield bytes.fromhex(digits[:even].decode("ascii"))
        except ValueError as error:
            raise GraticuleError("The file is damaged: its numbers are no numbers.", "Copy it again from its source.") from error


_CHUNKS: dict[str, Callable[[BinaryIO], Iterator[bytes]]] = {
    RAW: _plain, BZIP2: _bzipped, HEX: _hexed, GZIP: lambda file: inflated(file, 31), ZLIB: lambda file: inflated(file, 47),
}


def _watched(chunks: Iterator[bytes], size: int, progress: Progress) -> Iterator[bytes]:
    """Lets the user stop a long unpacking. Bytes are not slices, so their count is not told."""
    for chunk in chunks:
        progress.step(0, 0, "slices")
        yield chunk


def _ascii(file: BinaryIO, first: int, count: int, dtype: np.dtype[Any]) -> Array:
    words = file.read(min((first + count) * _LONGEST_NUMBER, 1 << 31)).replace(b",", b" ").split(maxsplit=first + count)
    if len(words) < first + count:
        raise GraticuleError(*_CUT_OFF)
    try:
        if dtype.kind == "f":
            return np.array(words[first:first + count], dtype=np.float64).astype(dtype.newbyteorder("="))
        return np.array([int(word) for word in words[first:first + count]], dtype=dtype.newbyteorder("="))
    except (ValueError, OverflowError) as error:
        raise GraticuleError("The file is damaged: its numbers are no numbers.", "Copy it again from its source.") from error
