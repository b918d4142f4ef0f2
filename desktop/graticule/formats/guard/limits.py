"""What is refused from the header alone, before any memory is set aside."""

import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from graticule.domain.errors import GraticuleError

# deflate cannot shrink by more than 1 : 1,032; who promises more lies about the data behind the header.
MAX_DEFLATE_RATIO = 1100
# DICOM stores Rows and Columns in 16 bits; the outside formats have no larger images of patients either.
MAX_SIDE = 65535
# What the rest of the program and the system keep for themselves.
_KEPT_FREE = 256 << 20
_NOT_WORTH_ASKING = 32 << 20
_CHUNK = 1 << 20
_TOO_LARGE_HINT = "Open it on a machine with more memory, or ask for a part of it."


def refuse_impossible(sizes: Iterable[int], what: str = "image") -> None:
    """GraticuleError when a side is zero, negative or beyond what any image of a patient has."""
    if any(not 0 < size <= MAX_SIDE for size in sizes):
        raise GraticuleError(f"The {what}'s size is impossible.", "The file is damaged; ask the sender for the original.")


def refuse_too_large(byte_count: int, what: str = "image") -> None:
    """GraticuleError when `byte_count` does not fit into the memory that is free now."""
    if byte_count <= _NOT_WORTH_ASKING:
        return
    free = free_memory() - _KEPT_FREE
    if byte_count > max(0, free):
        raise GraticuleError(f"The {what} needs {gigabytes(byte_count)} of memory; {gigabytes(max(0, free))} are free here.",
                             _TOO_LARGE_HINT)


def gigabytes(byte_count: int) -> str:
    return f"{byte_count / 1e9:,.1f} GB"


def inflate(file: BinaryIO, skip: int, size: int, wbits: int = 31) -> bytearray:
    """`size` bytes of a compressed stream after its first `skip`, with never more than that in memory.

    wbits: 31 for gzip, 15 for zlib, −15 for bare deflate, 47 for gzip or zlib. GraticuleError when it ends early or is damaged.
    """
    return taken(inflated(file, wbits), skip, size)


def taken(chunks: Iterable[bytes], skip: int, size: int) -> bytearray:
    """`size` bytes after the first `skip` of what comes in pieces; GraticuleError when it ends before."""
    out = bytearray(size)
    filled = 0
    for chunk in chunks:
        if skip >= len(chunk):
            skip -= len(chunk)
            continue
        part = memoryview(chunk)[skip:skip + size - filled]
        skip = 0
        out[filled:filled + len(part)] = part
        filled += len(part)
        if filled == size:
            return out
    raise GraticuleError("The file is cut off: its data end before its image does.", "Copy it again from its source.")


def inflated(file: BinaryIO, wbits: int) -> Iterator[bytes]:
    """The stream in pieces of at most 1 MiB. Gzip members may follow one another (bgzip writes them so)."""
    machine = zlib.decompressobj(wbits)
    waiting = b""
    try:
        while True:
            waiting = waiting or file.read(_CHUNK)
            if not waiting:
                return
            chunk = machine.decompress(waiting, _CHUNK)
            waiting = machine.unconsumed_tail
            if chunk:
                yield chunk
            if machine.eof:
                waiting = (machine.unused_data or file.read(_CHUNK)).lstrip(b"\0")
                if wbits != 31 or not waiting.startswith(b"\x1f\x8b"):
                    return
                machine = zlib.decompressobj(wbits)
    except zlib.error as error:
        raise GraticuleError("The file's compressed data are damaged.", "Copy it again from its source.") from error


def free_memory() -> int:
    """Bytes that can still be used without swapping, also inside a container's limit; a guess of 4 GiB where nobody says."""
    limits = [bytes_ for bytes_ in (_system_free(), _container_free()) if bytes_ is not None]
    return min(limits, default=4 << 30)


def _system_free() -> int | None:
    if sys.platform == "win32":
        return _windows_free()
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2  # macOS tells the whole, not the free part
    except (ValueError, OSError, AttributeError):
        return None


def _container_free() -> int | None:
    """What control groups (version 2) still allow, None without a limit."""
    try:
        limit = int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii"))
        used = int(Path("/sys/fs/cgroup/memory.current").read_text(encoding="ascii"))
        cache = dict(line.split() for line in Path("/sys/fs/cgroup/memory.stat").read_text(encoding="ascii").splitlines())
        return limit - used + int(cache.get("inactive_file", 0))
    except (OSError, ValueError):
        return None


def _windows_free() -> int | None:
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ulong), ("load", ctypes.c_ulong), *(
            (name, ctypes.c_ulonglong) for name in ("total", "free", "page_total", "page_free", "virtual_total", "virtual_free",
                                                    "extended_free")))

    status = Status(length=ctypes.sizeof(Status))
    asked = ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))  # type: ignore[attr-defined,unused-ignore]
    return int(status.free) if asked else None
