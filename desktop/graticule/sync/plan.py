"""What to do next, decided from the two logs alone: no clock, no network, no memory of earlier conversations."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from graticule.sync.messages import Head, Limits
from graticule.sync.messages.push import FRAMING_BYTES

FORKED, ROLLED_BACK = "fork", "rolled-back"


@dataclass(frozen=True, slots=True)
class Enrol:
    """The server does not know this device yet."""


@dataclass(frozen=True, slots=True)
class Rehome:
    """The server holds something under this device's name that this log does not: a copy of this store wrote it, or this store

    is an older copy of itself. Go on under a new name; nothing is lost and, since content is named by hash, nothing doubled.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class Send:
    """Everything after the server's head. Never after what this side remembers of earlier answers."""

    after: Head


Action = Enrol | Rehome | Send


def plan(here: Head, hash_at: Callable[[int], str | None], there: Head | None) -> Action:
    """here: head of the local log; hash_at: its hash by number; there: the server's head of this device, None when unknown."""
    if there is None:
        return Enrol()
    if there.seq > here.seq:
        return Rehome(ROLLED_BACK)
    if hash_at(there.seq) != there.hash:
        return Rehome(FORKED)
    return Send(there)


@dataclass(frozen=True, slots=True)
class Load:
    """An entry line and the blobs it needs that the server lacks: (id, bytes)."""

    line: bytes
    blobs: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class Parcel:
    """One push: lines in order, and ids of the blobs that travel with (or ahead of) them."""

    lines: list[bytes] = field(default_factory=list)
    blobs: list[str] = field(default_factory=list)
    size: int = 0

    @property
    def empty(self) -> bool:
        return not (self.lines or self.blobs)


def parcels(loads: Iterable[Load], limits: Limits) -> list[Parcel]:
    """Loads in as few pushes as the limits allow; a blob is never later than the entry that names it, and never sent twice."""
    done, shipped = [Parcel()], set[str]()
    for load in loads:
        for blob, size in load.blobs:
            if blob not in shipped:
                shipped.add(blob)
                _open_for(done, inline_size(size), limits).blobs.append(blob)
        _open_for(done, len(load.line) + 1, limits, entries=1).lines.append(load.line)
    return [parcel for parcel in done if not parcel.empty]


def blob_parcels(blobs: Sequence[tuple[str, int]], limits: Limits) -> list[list[str]]:
    """Blobs alone, in as few pushes as the limits allow."""
    done = [Parcel()]
    for blob, size in blobs:
        _open_for(done, inline_size(size), limits).blobs.append(blob)
    return [parcel.blobs for parcel in done if parcel.blobs]


def inline_size(size: int) -> int:
    """Bytes of a blob as a line of a push: base64 and its framing."""
    return FRAMING_BYTES + (size + 2) // 3 * 4


def _open_for(done: list[Parcel], size: int, limits: Limits, entries: int = 0) -> Parcel:
    last = done[-1]
    full = last.size + size > limits.push_bytes or len(last.lines) + entries > limits.push_entries
    if full and not last.empty:
        last = Parcel()
        done.append(last)
    last.size += size
    return last
