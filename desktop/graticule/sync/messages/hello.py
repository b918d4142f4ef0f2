"""Hello: who the server is, what it accepts, and where the asking device's log ends on it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from graticule.records.ids import sha256_hex
from graticule.sync.messages.fields import Head, blob_ids, hash_text, head, hex_bytes, listed, mapping, number, text

PROTOCOL_MIN, PROTOCOL_MAX = 1, 1


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may carry. Bytes, before compression, unless a frame is named."""

    push_entries: int = 500
    push_bytes: int = 1 << 20  # entries and blob lines of one push; a single larger entry travels alone
    inline_bytes: int = 64 << 10  # larger blobs travel by PUT
    blob_bytes: int = 8 << 20  # larger frames travel as a resumable upload
    part_bytes: int = 4 << 20
    upload_bytes: int = 256 << 20

    def as_json(self) -> dict[str, int]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Limits":
        return cls(**{field.name: number(data, field.name, least=1) for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class LogHead:
    """Size and RFC 9162 root (hex) of one project's log."""

    project: str
    size: int
    root: str

    def as_json(self) -> dict[str, Any]:
        return {"project": self.project, "root": self.root, "size": self.size}

    @classmethod
    def from_json(cls, data: Any) -> "LogHead":
        found = mapping(data)
        return cls(text(found, "project"), number(found, "size"), hash_text(found, "root"))


@dataclass(frozen=True, slots=True)
class DeskStatus:
    """What a device says of itself with every hello: entries it has not sent, its program, and how far its clock is off (ms)."""

    outbox: int = 0
    app: str = ""
    clock_offset_ms: int = 0

    def as_query(self) -> dict[str, str]:
        return {"app": self.app, "clock_offset_ms": str(self.clock_offset_ms), "outbox": str(self.outbox), "v": "1"}

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> "DeskStatus":
        return cls(_whole(query.get("outbox", "0")), query.get("app", "")[:100], _whole(query.get("clock_offset_ms", "0")))


@dataclass(frozen=True, slots=True)
class Hello:
    """server: names the key it signs with; timeline: id; public_key: Ed25519, 32 bytes. head: of the asking device, None when it
    is not enrolled.

    projects: logs that concern this reader. wanted: blobs named by this reader's entries that never arrived.
    held: how many of this reader's entries are kept aside because a rule forbids or nobody understands them.
    backed_up: this device's entries 1…backed_up are in two verified backups of this timeline (0 until backups exist).
    """

    server: str
    timeline: str
    public_key: bytes
    time_ms: int
    protocol: tuple[int, int] = (PROTOCOL_MIN, PROTOCOL_MAX)
    limits: Limits = Limits()
    head: Head | None = None
    projects: tuple[LogHead, ...] = ()
    wanted: tuple[str, ...] = ()
    held: int = 0
    backed_up: int = 0

    @property
    def genuine(self) -> bool:
        """Whether the key is the one the id names: who knows the id needs no list of keys."""
        return self.server == server_id(self.public_key)

    @property
    def enrolled(self) -> bool:
        return self.head is not None

    def as_json(self) -> dict[str, Any]:
        return {
            "v": 1,
            "server": self.server,
            "timeline": self.timeline,
            "public_key": self.public_key.hex(),
            "time_ms": self.time_ms,
            "protocol": {"min": self.protocol[0], "max": self.protocol[1]},
            "limits": self.limits.as_json(),
            "head": self.head.as_json() if self.head else None,
            "projects": [log.as_json() for log in self.projects],
            "wanted": list(self.wanted),
            "held": self.held,
            "backed_up": self.backed_up,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Hello":
        versions = mapping(data.get("protocol"))
        return cls(
            text(data, "server"),
            text(data, "timeline"),
            hex_bytes(data, "public_key", 32),
            number(data, "time_ms"),
            (number(versions, "min"), number(versions, "max")),
            Limits.from_json(mapping(data.get("limits"))),
            None if data.get("head") is None else head(data, "head"),
            tuple(LogHead.from_json(item) for item in listed(data, "projects")),
            blob_ids(data, "wanted"),
            number(data, "held", 0),
            number(data, "backed_up", 0),
        )


def server_id(public_key: bytes) -> str:
    """The name of the server that signs with this key, "s1:" and a hash."""
    return "s1:" + sha256_hex(b"graticule/server/1\n" + public_key)


def _whole(value: str) -> int:
    sign, digits = (-1, value[1:]) if value.startswith("-") else (1, value)
    return sign * int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0
