"""Judging what a device sent, before anything is locked: pure, but for cryptography.

Everything authentic is kept. What continues the device's chain but cannot be understood or breaks a rule is *quarantined*: stored
and logged, counted nowhere, never in the way of what follows. What does not continue the chain is *broken* and not acknowledged.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.records.canonical import parse
from graticule.records.entry import ENTRY_DOMAIN, EVENT, REVISION, Entry, read_entry
from graticule.records.event import Event
from graticule.records.ids import event_id, revision_id
from graticule.records.keys import verify
from graticule.records.revision import ATTEST, Header, check_attestation
from graticule.sync.messages import Broken, Head
from graticule.sync.messages.naming import named_blobs

_SIGNATURE = re.compile(rb',"sig":"([0-9a-f]{128})","v":1\}')
_TAIL_LENGTH = 144
_LONGEST_WORD = 200  # of an id in an index


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device as it was enrolled. Keys: Ed25519, 32 bytes."""

    id: str
    reader: str
    public_key: bytes
    reader_key: bytes


@dataclass(frozen=True, slots=True)
class Judged:
    """One entry and what it brings. identity: names the content once its id is proven, else the entry itself ("h1:" + its hash),

    so that a false claim can never take the place of the real thing. held: why it is quarantined, "" when it is fine.
    """

    line: bytes
    seq: int
    hash: str
    ref: str
    identity: str
    project: str
    kind: str
    op: str = ""
    case: str = ""
    task: str = ""
    round: int = 1
    role: str = ""
    parents: tuple[str, ...] = ()
    blobs: tuple[str, ...] = ()
    held: str = ""


def judge(lines: Iterable[bytes], base: Head, device: KnownDevice) -> tuple[list[Judged], Broken | None]:
    """The lines that continue `base` in this device's chain, in order, and the first that does not."""
    found: list[Judged] = []
    seq, prev = base.seq, base.hash
    for line in lines:
        seq += 1
        try:
            entry = _next_entry(line, seq, prev, device)
        except GraticuleError as fault:
            return found, Broken(seq, str(fault))
        prev = entry.hash
        found.append(_judged(line, entry, prev, device))
    return found, None


def _next_entry(line: bytes, seq: int, prev: str, device: KnownDevice) -> Entry:
    entry = read_entry(line)
    if (entry.device, entry.seq, entry.prev) != (device.id, seq, prev):
        raise GraticuleError("It does not follow the entry before it.")
    signature = _SIGNATURE.fullmatch(line[-_TAIL_LENGTH:])
    if signature is None or not verify(
        device.public_key, bytes.fromhex(signature[1].decode()), ENTRY_DOMAIN + entry.hash.encode()
    ):
        raise GraticuleError("It was not signed by this device, or was changed afterwards.")
    return entry


def _judged(line: bytes, entry: Entry, entry_hash: str, device: KnownDevice) -> Judged:
    body = parse(entry.body)
    kind = entry.kind if entry.kind in (REVISION, EVENT) else "unknown"
    found = Judged(
        line,
        entry.seq,
        entry_hash,
        entry.ref if _is_word(entry.ref) else "",
        "h1:" + entry_hash,
        _word(body, "project"),
        kind,
        _word(body, "op") or _word(body, "event"),
        blobs=tuple(named_blobs(body)),
    )
    fault = _misnamed(entry, body)
    if fault:
        return replace(found, held=fault)
    found = replace(found, identity=entry.ref)
    try:
        return _understood(found, body, device)
    except GraticuleError as unfit:
        return replace(found, held=str(unfit))


def _misnamed(entry: Entry, body: Mapping[str, Any]) -> str:
    names = {REVISION: revision_id, EVENT: event_id}
    if entry.kind not in names:
        return "It is of a kind this server does not know."
    return "" if names[entry.kind](body) == entry.ref else "It does not name what it carries."


def _understood(found: Judged, body: Mapping[str, Any], device: KnownDevice) -> Judged:
    """With what the server needs of it; GraticuleError when it is of an unknown form or breaks a rule."""
    if not _is_word(body.get("project", "")):
        raise GraticuleError("Its project has no fitting name.")
    if found.kind == EVENT:
        if Event.from_json(body).reader not in ("", device.reader):
            raise GraticuleError("It speaks for another reader.")
        return found
    header = Header.from_json(body)
    if header.slot.reader != device.reader:
        raise GraticuleError("It speaks for another reader.")
    unsigned = check_attestation(header, device.reader_key) if header.op == ATTEST or header.signature else None
    if unsigned:
        raise GraticuleError(unsigned)
    slot = header.slot
    return replace(found, case=header.case, task=slot.task, round=_round(header), role=slot.role, parents=header.parents)


def _round(header: Header) -> int:
    if header.slot.round > 10_000:
        raise GraticuleError("Its round is no sensible number.")
    return header.slot.round


def _word(body: Mapping[str, Any], name: str) -> str:
    value = body.get(name, "")
    return value if _is_word(value) else ""


def _is_word(value: Any) -> bool:
    """Whether a text may stand in an index of either database (PostgreSQL's text holds no NUL)."""
    return isinstance(value, str) and len(value) <= _LONGEST_WORD and "\0" not in value
