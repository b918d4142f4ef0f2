"""A label revision's header: what one reader said of one case at one moment, named by its content.

The JSON object of a header, frozen as version 1:

    v 1 · project · case "c1:…" · protocol "p1:…" · slot {task "t1:…", reader, round, role}
    op "put" | "withdraw" | "attest" | "resolve" · parents ["r1:…"] sorted · salt (16 bytes, hex)
    payload "b1:…" · media · blobs [{id "b1:…", role, size}] sorted by id · objects [{role, sha256}], the bytes that were read
    hlc · wall (RFC 3339 with offset) · device · app {version, build} · effort {opened, active_ms, looks "b1:…" | ""}
    and only where they say something: reason · source · signature {reader, name, meaning, time, public_key, sig}

`extra` may hold image {doubts [[what, text]], signs [[label, value, level]], interpretation, alternatives}: what was known of the
image's geometry when it was labelled. A later version adds top-level fields only: they are kept in `extra` and hashed with the
rest. The blocks inside are closed.
A draft is a `put`; a signed read is an `attest` whose one parent is that `put` and which repeats its payload and blobs.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, TypeVar

from graticule.domain.errors import GraticuleError
from graticule.records.canonical import canonical
from graticule.records.hlc import read_stamp
from graticule.records.ids import is_content_id, is_hex, revision_id, task_id
from graticule.records.keys import SigningKey, verify

__all__ = ["App", "BlobRef", "Header", "ObjectRef", "Signature", "Slot", "Work", "attestation", "check_attestation", "task_id"]

PUT, WITHDRAW, ATTEST, RESOLVE = "put", "withdraw", "attest", "resolve"
OPS = (PUT, WITHDRAW, ATTEST, RESOLVE)
READER, ADJUDICATOR = "reader", "adjudicator"

# `source` of a revision that is no read: labels that came from a file. They never count as one.
IMPORTED = "imported"

# Roles of blobs: a slice of a label map, an hour of beats, the edit journal since the last signature, what was looked at.
MASK_ROLE, BEATS_ROLE, JOURNAL_ROLE, LOOKS_ROLE = "mask", "beats", "journal", "looks"

LABELS_MEDIA = "application/vnd.graticule.labels+json"
ATTEST_DOMAIN = b"graticule/attest/1\n"

Block = TypeVar("Block")


@dataclass(frozen=True, slots=True)
class Slot:
    """Whose word in which round it is: heads of different slots never conflict."""

    task: str
    reader: str
    round: int = 1
    role: str = READER


@dataclass(frozen=True, slots=True)
class App:
    version: str
    build: str = ""


@dataclass(frozen=True, slots=True)
class BlobRef:
    """A blob that belongs to the revision beside its payload. size: canonical uncompressed bytes."""

    id: str
    role: str
    size: int


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """What was read, by content. role: "file" (bytes of a file) or "samples" (decoded samples). sha256: hex, no prefix."""

    role: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Work:
    """The effort behind a revision. looks: id of the blob of `looks.encode_looks`, "" when nothing was recorded."""

    opened: str = ""
    active_ms: int = 0
    looks: str = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """Name, time and meaning as 21 CFR 11.50 asks. public_key (32 bytes) and sig (64 bytes) in lower-case hex."""

    reader: str
    name: str
    meaning: str
    time: str
    public_key: str
    sig: str


@dataclass(frozen=True, kw_only=True)
class Header:
    project: str
    case: str
    protocol: str
    slot: Slot
    op: str
    salt: str
    payload: str
    hlc: str
    wall: str
    device: str
    app: App
    parents: tuple[str, ...] = ()
    media: str = LABELS_MEDIA
    blobs: tuple[BlobRef, ...] = ()
    objects: tuple[ObjectRef, ...] = ()
    effort: Work = Work()
    reason: str = ""
    source: str = ""
    signature: Signature | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parents", tuple(sorted(set(self.parents))))
        object.__setattr__(self, "blobs", tuple(sorted(set(self.blobs), key=lambda blob: (blob.id, blob.role, blob.size))))

    @property
    def id(self) -> str:
        return revision_id(self.as_json())

    def as_json(self) -> dict[str, Any]:
        out: dict[str, Any] = {**self.extra, "v": 1}
        for name in _TEXTS:
            out[name] = getattr(self, name)
        out |= {"slot": asdict(self.slot), "parents": list(self.parents), "app": asdict(self.app), "effort": asdict(self.effort),
                "blobs": [asdict(blob) for blob in self.blobs], "objects": [asdict(item) for item in self.objects]}
        out |= {name: getattr(self, name) for name in ("reason", "source") if getattr(self, name)}
        if self.signature is not None:
            out["signature"] = asdict(self.signature)
        return out

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Header":
        """The header of a JSON object; GraticuleError for one that this version would not write in the same bytes."""
        _require(isinstance(data, Mapping) and type(data.get("v")) is int, "a version number")
        if data["v"] != 1:
            raise GraticuleError("This version of a label was made by a newer Graticule.", "Update Graticule to read it.")
        header = cls(
            **{name: _text(data, name) for name in _TEXTS},
            slot=_block(Slot, data.get("slot")), app=_block(App, data.get("app")), effort=_block(Work, data.get("effort")),
            parents=tuple(_each(data, "parents", str)), blobs=tuple(_block(BlobRef, item) for item in _each(data, "blobs", dict)),
            objects=tuple(_block(ObjectRef, item) for item in _each(data, "objects", dict)),
            reason=_text(data, "reason", ""), source=_text(data, "source", ""),
            signature=_block(Signature, data["signature"]) if "signature" in data else None,
            extra={name: value for name, value in data.items() if name not in _FIELDS})
        _check_values(header)
        _require(header.as_json() == data, "its fields in the agreed form")
        return header


_TEXTS = ("project", "case", "protocol", "op", "salt", "payload", "media", "hlc", "wall", "device")
_FIELDS = {"v", *(item.name for item in fields(Header))} - {"extra"}


def attestation(header: Header, key: SigningKey, *, name: str, meaning: str, time: str) -> Header:
    """`header` (op "attest", one parent: the put) signed by its slot's reader.

    The signature is over "graticule/attest/1\\n" and the canonical JSON of the whole header without `signature.sig`: so it
    covers the parent's id, the payload, the reader's id and name, the meaning and the time (RFC 3339 with offset).
    """
    if header.op != ATTEST or len(header.parents) != 1:
        raise GraticuleError("Only one saved version at a time can be signed.", "Save the case, then sign it.")
    unsigned = Signature(header.slot.reader, name, meaning, time, key.public.hex(), "")
    signed = replace(header, signature=unsigned)
    return replace(signed, signature=replace(unsigned, sig=key.sign(_statement(signed)).hex()))


def check_attestation(header: Header, public_key: bytes | None = None) -> str | None:
    """None when the signature holds, else a sentence. `public_key`: the key known to be the reader's, when it is known."""
    signature = header.signature
    if signature is None:
        return "It is not signed."
    if header.op != ATTEST or len(header.parents) != 1:
        return "It is signed, but does not name the one version that was signed."
    if signature.reader != header.slot.reader:
        return "It is signed by another reader than the one who read."
    if not (is_hex(signature.public_key, 32) and is_hex(signature.sig, 64)):
        return "Its signature is not in the agreed form."
    if public_key is not None and signature.public_key != public_key.hex():
        return "It is signed with a key that is not this reader's."
    if not verify(bytes.fromhex(signature.public_key), bytes.fromhex(signature.sig), _statement(header)):
        return "It was changed after it was signed."
    return None


def _statement(header: Header) -> bytes:
    document = header.as_json()
    document["signature"] = {name: value for name, value in document["signature"].items() if name != "sig"}
    return ATTEST_DOMAIN + canonical(document)


def _check_values(header: Header) -> None:
    _require(header.op in OPS, "a known operation")
    _require(is_hex(header.salt, 16), "a salt of 16 bytes")
    for text, prefix in ((header.case, "c1"), (header.protocol, "p1"), (header.slot.task, "t1")):
        _require(is_content_id(text, prefix), f"a {prefix} id")
    _require(header.payload == "" or is_content_id(header.payload, "b1"), "the id of its payload")
    _require(header.effort.looks == "" or is_content_id(header.effort.looks, "b1"), "the id of its viewing record")
    _require(all(is_content_id(parent, "r1") for parent in header.parents), "ids of its parents")
    _require(all(is_content_id(blob.id, "b1") and blob.size >= 0 for blob in header.blobs), "ids and sizes of its blobs")
    _require(all(is_hex(item.sha256, 32) for item in header.objects), "hashes of what was read")
    _require(header.slot.round >= 1 and header.effort.active_ms >= 0, "a round and a time spent")
    read_stamp(header.hlc)


def _require(held: bool, what: str) -> None:
    if not held:
        raise GraticuleError(f"A stored version cannot be read: it lacks {what}.",
                             "It was damaged, or written by a newer or another program.")


def _text(data: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = data.get(name, default)
    _require(isinstance(value, str), name)
    return str(value)


def _each(data: Mapping[str, Any], name: str, kind: type) -> list[Any]:
    value = data.get(name)
    _require(isinstance(value, list) and all(isinstance(item, kind) for item in value), name)
    return list(value or ())


def _block(cls: type[Block], data: Any) -> Block:
    """One of the closed blocks: exactly its fields, each text or an integer."""
    _require(isinstance(data, Mapping), cls.__name__.lower())
    kinds = {item.name: item.type for item in fields(cls)}  # type: ignore[arg-type]
    _require(data.keys() == kinds.keys(), f"the fields of {cls.__name__.lower()}")
    _require(all(type(data[name]) is kind for name, kind in kinds.items()), f"values of {cls.__name__.lower()}")
    return cls(**data)
