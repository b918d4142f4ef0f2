"""Checked access to the fields of a message from outside: wrong shape is one clear fault, never a KeyError."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graticule.records.chain import START
from graticule.sync.messages.faults import MessageFault

LARGEST = 2**53 - 1
_HEX64 = re.compile(r"[0-9a-f]{64}")
_BLOB = re.compile(r"b1:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry of a device log: its number (0 = none yet) and its chain hash (64 zeros for none)."""

    seq: int
    hash: str

    def as_json(self) -> dict[str, Any]:
        return {"hash": self.hash, "seq": self.seq}


EMPTY_LOG = Head(0, START)


def read_object(data: bytes) -> dict[str, Any]:
    """The JSON object in `data`; MessageFault for anything else (a login page of the network is HTML, not JSON)."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as fault:
        raise MessageFault("The message is not JSON.") from fault
    return mapping(value)


def mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MessageFault("The message holds something other than an object.")
    return value


def text(data: Mapping[str, Any], name: str, default: str | None = None, limit: int = 1000) -> str:
    value = data.get(name, default)
    # PostgreSQL's text holds no NUL.
    if not isinstance(value, str) or len(value) > limit or "\0" in value:
        raise MessageFault(f"The message lacks a fitting “{name}”.")
    return value


def number(data: Mapping[str, Any], name: str, default: int | None = None, least: int = 0) -> int:
    value = data.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= LARGEST:
        raise MessageFault(f"The message lacks a fitting number “{name}”.")
    return value


def hash_text(data: Mapping[str, Any], name: str) -> str:
    value = text(data, name)
    if not _HEX64.fullmatch(value):
        raise MessageFault(f"“{name}” is not a SHA-256 in lower-case hexadecimal.")
    return value


def hex_bytes(data: Mapping[str, Any], name: str, length: int) -> bytes:
    try:
        value = bytes.fromhex(text(data, name))
    except ValueError as fault:
        raise MessageFault(f"“{name}” is not hexadecimal.") from fault
    if len(value) != length:
        raise MessageFault(f"“{name}” is not {length} bytes long.")
    return value


def listed(data: Mapping[str, Any], name: str, most: int = 100_000) -> Sequence[Any]:
    value = data.get(name, [])
    if not isinstance(value, list) or len(value) > most:
        raise MessageFault(f"“{name}” is not a list of fitting length.")
    return value


def blob_ids(data: Mapping[str, Any], name: str) -> tuple[str, ...]:
    found = tuple(listed(data, name))
    for value in found:
        if not is_blob_id(value):
            raise MessageFault(f"“{name}” names something that is not the id of stored bytes.")
    return found


def is_blob_id(value: Any) -> bool:
    return isinstance(value, str) and _BLOB.fullmatch(value) is not None


def head(data: Mapping[str, Any], name: str) -> Head:
    found = mapping(data.get(name))
    return Head(number(found, "seq"), hash_text(found, "hash"))
