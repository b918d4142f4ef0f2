"""Arrays as bytes, in the forms that nnInteractive's servers speak; what comes in is measured before it is unpacked."""

import gzip
import io
import struct
import zlib
from collections.abc import Sequence

import numpy as np

from graticule.assistants.faults import TOO_LARGE, garbled
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Box

_MAGIC, _VERSION, _ZSTD, _LZ4 = b"NNIA", 1, 1, 2
_CHUNK = 1 << 26
_BLOSC_HEADER, _ONLY_HEADER, _ALL_ZERO = 16, 32, 1  # c-blosc2, README_CHUNK_FORMAT
_DTYPES = ("uint8", "bool", "int16", "uint16", "int32", "float32")


def sendable(voxels: Array) -> Array:
    """(k, j, i) C-order, of a dtype that every server reads; no NaN: what is not known counts as the least value."""
    if voxels.dtype in (np.dtype(np.int16), np.dtype(np.uint8), np.dtype(np.int32)):
        return np.ascontiguousarray(voxels)
    out = np.ascontiguousarray(voxels, dtype=np.float32)
    finite = np.isfinite(out)
    if not finite.all():
        out = np.where(finite, out, out[finite].min() if finite.any() else np.float32(0)).astype(np.float32)
    return out


def npy(array: Array) -> list[bytes | memoryview]:
    """A .npy file (NumPy's format 1.0) as its header and, uncopied, its samples."""
    head = io.BytesIO()
    np.lib.format.write_array_header_1_0(head, np.lib.format.header_data_from_array_1_0(array))
    return [head.getvalue(), np.ascontiguousarray(array).data.cast("B")]


def npy_gz(box: Box, mask: Array, shape: tuple[int, int, int]) -> bytes:
    """A mask of a box, set into the whole grid as uint8 0 and 1, as a gzipped .npy file."""
    whole = np.zeros(shape, dtype=np.uint8)
    whole[box] = mask
    return gzip.compress(b"".join(npy(whole)), compresslevel=1)


def unpacked(content: bytes, shape: tuple[int, int, int]) -> Array:
    """bool (k, j, i) of one bit a voxel, the highest bit first, in C order; GraticuleError for any other number of bytes."""
    voxels = int(np.prod(shape))
    if len(content) != -(-voxels // 8):
        raise garbled()
    return np.unpackbits(np.frombuffer(content, dtype=np.uint8), count=voxels).view(bool).reshape(shape)


def inflated(content: bytes, limit: int) -> bytes:
    """A gzip stream unpacked, as far as `limit` bytes; GraticuleError when it is cut short, damaged, or longer."""
    reader = zlib.decompressobj(wbits=31)
    try:
        out = reader.decompress(content, limit + 1)
    except zlib.error as fault:
        raise garbled() from fault
    if len(out) > limit:
        raise GraticuleError(*TOO_LARGE)
    if not reader.eof:
        raise garbled()
    return out


def packed(array: Array) -> list[bytes]:
    """nnInteractive's own container, version 1: magic, dtype and shape, then chunks compressed by Blosc2 with zstd."""
    from imagecodecs import blosc2_encode

    name = array.dtype.name.encode()
    raw = np.ascontiguousarray(array).data.cast("B")
    starts = range(0, raw.nbytes, _CHUNK)
    parts = [struct.pack("<4sBBBB", _MAGIC, _VERSION, _ZSTD, array.ndim, len(name)), name,
             struct.pack(f"<{array.ndim}q", *array.shape), struct.pack("<I", len(starts))]
    shuffle = "shuffle" if array.dtype.itemsize > 1 else "noshuffle"
    for start in starts:
        piece = raw[start:start + _CHUNK]
        chunk = blosc2_encode(bytes(piece), level=3, compressor="zstd", shuffle=shuffle, typesize=array.dtype.itemsize)
        parts += [struct.pack("<QQ", piece.nbytes, len(chunk)), bytes(chunk)]
    return parts


def unpack(content: bytes, shape: Sequence[int]) -> Array:
    """The array of such a container, which must have exactly this shape; GraticuleError for anything else."""
    try:
        return _unpack(content, tuple(shape))
    except (struct.error, UnicodeDecodeError, TypeError, IndexError) as fault:
        raise garbled() from fault


def _unpack(content: bytes, shape: tuple[int, ...]) -> Array:
    magic, version, codec, dimensions, letters = struct.unpack_from("<4sBBBB", content)
    at = 8 + letters
    dtype = content[8:at].decode("ascii")
    claimed = struct.unpack_from(f"<{dimensions}q", content, at)
    if (magic, version) != (_MAGIC, _VERSION) or codec not in (_ZSTD, _LZ4) or dtype not in _DTYPES or claimed != shape:
        raise garbled()
    at += 8 * dimensions
    (chunks,) = struct.unpack_from("<I", content, at)
    out = np.empty(int(np.prod(shape)) * np.dtype(dtype).itemsize, dtype=np.uint8)
    _fill(out, content, at + 4, chunks)
    return out.view(dtype).reshape(shape)


def _fill(out: Array, content: bytes, at: int, chunks: int) -> None:
    written = 0
    for _ in range(chunks):
        plain, stored = struct.unpack_from("<QQ", content, at)
        at += 16
        if plain == 0 or plain > out.size - written or stored > len(content) - at:
            raise garbled()
        out[written:written + plain] = _inflate_chunk(content[at:at + stored], plain)
        written, at = written + plain, at + stored
    if written != out.size or at != len(content):
        raise garbled()


def _inflate_chunk(chunk: bytes, plain: int) -> Array:
    """A Blosc2 chunk names its size unpacked in bytes 4 to 8: one that claims another is not touched."""
    from imagecodecs import Blosc2Error, blosc2_decode

    if len(chunk) < _BLOSC_HEADER or int.from_bytes(chunk[4:8], "little") != plain:
        raise garbled()
    if len(chunk) == _ONLY_HEADER and chunk[31] >> 4 & 7 == _ALL_ZERO:
        return np.zeros(plain, dtype=np.uint8)  # imagecodecs refuses those whose size is no multiple of eight
    try:
        return np.frombuffer(blosc2_decode(chunk), dtype=np.uint8, count=plain)
    except (Blosc2Error, ValueError) as fault:
        raise garbled() from fault
