"""The tree of the project log (RFC 9162 §2.1). Hashes are lower-case hex, as everywhere in a record."""

import hashlib
from collections.abc import Iterable, Sequence

from graticule.records.ids import sha256_hex

EMPTY_ROOT = sha256_hex(b"")


def leaf_hash(data: bytes) -> str:
    """SHA-256 of 0x00 and the entry's verbatim line."""
    return sha256_hex(b"\x00" + data)


def node_hash(left: str, right: str) -> str:
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def root(leaves: Iterable[str]) -> str:
    """The tree head over leaf hashes in log order."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root


class Frontier:
    """The roots of the full subtrees at the right edge: enough to append and to know the root, at most one per bit of `size`.

    peaks: from the largest subtree to the smallest, as a log keeps them beside its size.
    """

    def __init__(self, size: int = 0, peaks: Sequence[str] = ()) -> None:
        if len(peaks) != size.bit_count():
            raise ValueError("a tree of this size has another number of full subtrees")
        self.size = size
        self.peaks = list(peaks)

    def append(self, leaf: str) -> None:
        node, size = leaf, self.size
        while size & 1:
            node, size = node_hash(self.peaks.pop(), node), size >> 1
        self.peaks.append(node)
        self.size += 1

    @property
    def root(self) -> str:
        if not self.peaks:
            return EMPTY_ROOT
        node = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            node = node_hash(peak, node)
        return node
