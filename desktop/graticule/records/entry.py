"""An entry of the device log: one signed line that carries a whole revision header or event, and travels verbatim.

The line is canonical JSON, frozen as version 1, with exactly these fields:

    {"body": {…}, "device": …, "kind": "revision" | "event", "prev": …, "ref": "r1:…" | "e1:…", "seq": …, "sig": …, "v": 1}

statement = the line without `sig` · hash = chain_hash(prev, statement) · sig = Ed25519 by the device's key over
"graticule/entry/1\\n" and the hash in hex. `seq` is dense from 1, `prev` the hash of entry seq − 1 (START for the first).
The envelope is closed: what a newer version adds stands inside `body`. A line never holds a newline (NDJSON).
"""

import re
from dataclasses import dataclass
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.records.canonical import canonical, is_canonical, parse
from graticule.records.chain import START, chain_hash
from graticule.records.event import Event
from graticule.records.ids import event_id, is_hex, revision_id
from graticule.records.keys import SigningKey, verify
from graticule.records.revision import Header

REVISION, EVENT = "revision", "event"
ENTRY_DOMAIN = b"graticule/entry/1\n"

# Far above any real line (a header names some hundred bytes per slice), far below what a push may bring.
LONGEST_LINE = 16 * 1024 * 1024

_FIELDS = {"body": dict, "device": str, "kind": str, "prev": str, "ref": str, "seq": int, "sig": str, "v": int}
# "sig" and "v" are the last two fields in canonical order, so a line without its signature is a cut, not a new text.
_TAIL = re.compile(rb',"sig":"([0-9a-f]{128})","v":1\}')
_TAIL_LENGTH = 144


@dataclass(frozen=True, slots=True)
class Entry:
    """body: canonical JSON of the header or event. ref: its id."""

    device: str
    seq: int
    prev: str
    kind: str
    ref: str
    body: bytes

    @classmethod
    def of_revision(cls, device: str, seq: int, prev: str, header: Header) -> "Entry":
        """The entry that brings a revision into a device's log: the device that made it, or one that took over its work."""
        document = header.as_json()
        return cls(device, seq, prev, REVISION, revision_id(document), canonical(document))

    @classmethod
    def of_event(cls, device: str, seq: int, prev: str, event: Event) -> "Entry":
        document = event.as_json()
        return cls(device, seq, prev, EVENT, event_id(document), canonical(document))

    @property
    def hash(self) -> str:
        """Hex hash of the statement, the `prev` of the next entry."""
        return chain_hash(self.prev, self._statement())

    def header(self) -> Header:
        """The revision's header; GraticuleError when the entry is no revision or its header is damaged."""
        if self.kind != REVISION:
            raise GraticuleError("This entry of the log carries no version of a label.")
        return Header.from_json(parse(self.body))

    def event(self) -> Event:
        if self.kind != EVENT:
            raise GraticuleError("This entry of the log carries no event.")
        return Event.from_json(parse(self.body))

    def _statement(self) -> bytes:
        return self._open() + b',"v":1}'

    def _open(self) -> bytes:
        rest = canonical({"device": self.device, "kind": self.kind, "prev": self.prev, "ref": self.ref, "seq": self.seq})
        return b'{"body":' + self.body + b"," + rest[1:-1]


def sign(entry: Entry, key: SigningKey) -> bytes:
    """The entry's line, to be stored and sent exactly so. GraticuleError when it could not be read back."""
    fault = None if is_canonical(entry.body) else "Its content is not canonical."
    fault = fault or _fault(entry)
    if fault:
        raise GraticuleError(f"An entry of the log cannot be written. {fault}")
    line = entry._open() + b',"sig":"' + key.sign(_signed(entry)).hex().encode() + b'","v":1}'
    if len(line) > LONGEST_LINE:
        raise GraticuleError("This version is too large to be stored as one entry.", "Split the labels over several cases.")
    return line


def read_entry(line: bytes) -> Entry:
    """The entry of a line; GraticuleError when it is not a canonical version 1 line. Signature and ids: `check_entry`."""
    document = _document(line)
    if not _TAIL.fullmatch(line[-_TAIL_LENGTH:]):
        raise GraticuleError("An entry of the log cannot be read.", "Its signature is not in the agreed form.")
    body = canonical(document["body"])
    entry = Entry(document["device"], document["seq"], document["prev"], document["kind"], document["ref"], body)
    if entry._open() != line[:-_TAIL_LENGTH]:
        raise GraticuleError("An entry of the log cannot be read.", "It is not in canonical form.")
    return entry


def check_entry(line: bytes, public_key: bytes) -> str | None:
    """None when the device of `public_key` wrote exactly this line and it names what it carries, else a sentence.

    That `prev` is the hash of the entry before is for the caller to see, who has that entry.
    """
    try:
        entry = read_entry(line)
    except GraticuleError as fault:
        return str(fault)
    if not signed_by(line, entry, public_key):
        return "It was changed after the device signed it, or another device signed it."
    return _fault(entry)


def signed_by(line: bytes, entry: Entry, public_key: bytes) -> bool:
    """Whether `public_key` signed the line that `entry` was read from."""
    signature = _TAIL.fullmatch(line[-_TAIL_LENGTH:])
    return signature is not None and verify(public_key, bytes.fromhex(signature[1].decode()), _signed(entry))


def _signed(entry: Entry) -> bytes:
    return ENTRY_DOMAIN + entry.hash.encode()


def _fault(entry: Entry) -> str | None:
    if entry.seq < 1 or not is_hex(entry.prev, 32) or (entry.seq == 1) != (entry.prev == START):
        return "Its place in the chain is wrong."
    if entry.kind not in (REVISION, EVENT):
        return f"It is of the unknown kind “{entry.kind}”."
    document = parse(entry.body)
    if entry.ref != (revision_id(document) if entry.kind == REVISION else event_id(document)):
        return "It does not name what it carries."
    return None


def _document(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise GraticuleError("An entry of the log cannot be read.", "It is too long.")
    document = parse(line)
    if not isinstance(document, dict) or {name: type(value) for name, value in document.items()} != _FIELDS:
        raise GraticuleError("An entry of the log cannot be read.", "It does not have the agreed fields.")
    if document["v"] != 1:
        raise GraticuleError("An entry of the log was written by a newer Graticule.", "Update Graticule to read it.")
    if not is_hex(document["prev"], 32):
        raise GraticuleError("An entry of the log cannot be read.", "It does not name the entry before it.")
    return document
