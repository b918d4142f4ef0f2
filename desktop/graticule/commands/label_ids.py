"""Names for the labels out of a file: made from its bytes, so that the same file brings in the same labels, not a second copy."""

import hashlib
import uuid
from collections.abc import Callable
from itertools import count
from pathlib import Path

from graticule.formats.files import sha256_of


def ids_from(path: Path, case_id: str) -> Callable[[], str]:
    """Each call gives the next id, a UUIDv8 (RFC 9562 §5.8) out of the file's SHA-256; GraticuleError when it cannot be read."""
    start = f"{sha256_of(path)} {case_id} "
    numbers = count()

    def next_id() -> str:
        digest = bytearray(hashlib.sha256(f"{start}{next(numbers)}".encode()).digest()[:16])
        digest[6] = digest[6] & 0x0F | 0x80
        digest[8] = digest[8] & 0x3F | 0x80
        return str(uuid.UUID(bytes=bytes(digest)))

    return next_id
