"""Names. UUIDv7 for what is made here; a prefix and a lower-case hex SHA-256 for what is named by its content.

    b1:  blob      SHA-256 of the canonical uncompressed bytes (the codec is not part of the identity)
    r1:  revision  SHA-256 of "graticule/rev/1\\n" and the canonical JSON of the header
    e1:  event     SHA-256 of "graticule/event/1\\n" and the canonical JSON of the event
    p1:  protocol  SHA-256 of the canonical JSON of the document
    c1:  case      SHA-256 of the canonical JSON of [kind, sorted object ids, interpretation]
    t1:  task      SHA-256 of the canonical JSON of [protocol id, case id]
"""

import hashlib
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any

from graticule.records.canonical import canonical

REVISION_DOMAIN = b"graticule/rev/1\n"
EVENT_DOMAIN = b"graticule/event/1\n"

_CONTENT_ID = re.compile(r"[bceprt]1:[0-9a-f]{64}")
_HEX = re.compile(r"[0-9a-f]*")


def new_id(now_ms: int | None = None) -> str:
    """A UUIDv7 (RFC 9562 §5.7): sorts by the millisecond it was made in, 74 random bits beside it."""
    milliseconds = (time.time_ns() // 1_000_000 if now_ms is None else now_ms) & (1 << 48) - 1
    random = secrets.randbits(74)
    number = milliseconds << 80 | 0x7 << 76 | (random >> 62) << 64 | 0b10 << 62 | random & (1 << 62) - 1
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def new_salt() -> str:
    """16 random bytes in hex: with the salt destroyed, a hash tells nothing of what it named."""
    return secrets.token_hex(16)


def sha256_hex(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def blob_id(data: bytes) -> str:
    return "b1:" + sha256_hex(data)


def revision_id(header: Mapping[str, Any]) -> str:
    """The id of a header's JSON object (`Header.as_json()`, or the parsed body of an entry)."""
    return "r1:" + sha256_hex(REVISION_DOMAIN + canonical(header))


def event_id(event: Mapping[str, Any]) -> str:
    return "e1:" + sha256_hex(EVENT_DOMAIN + canonical(event))


def protocol_id(document: Mapping[str, Any]) -> str:
    return "p1:" + sha256_hex(canonical(document))


def case_id(kind: str, object_ids: Sequence[str], interpretation: str = "") -> str:
    """The id of a case of one kind ("volume", "image", "ecg", "slide").

    object_ids: SOPInstanceUIDs after de-identification, or "sha256:<hex>" of a file's bytes; order and repetition do not
    count, since the same slice found twice is still one slice. interpretation: what else decides how the objects are read
    (which of several volumes in one series), "" when nothing does.
    """
    return "c1:" + sha256_hex(canonical([str(kind), sorted(set(object_ids)), interpretation]))


def task_id(protocol: str, case: str) -> str:
    """What is asked of a case under one version of the protocol."""
    return "t1:" + sha256_hex(canonical([protocol, case]))


def is_content_id(text: object, prefix: str) -> bool:
    """Whether `text` is `prefix` ("b1", "r1", …) and 64 lower-case hex digits: safe as a file name, equal only when the same."""
    return isinstance(text, str) and text.startswith(prefix + ":") and _CONTENT_ID.fullmatch(text) is not None


def is_hex(text: object, length: int) -> bool:
    """Whether `text` is `length` bytes in lower-case hex. Upper case is refused: it would be a second spelling."""
    return isinstance(text, str) and len(text) == 2 * length and _HEX.fullmatch(text) is not None
