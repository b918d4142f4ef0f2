"""Enrolment: a device introduces itself and its reader once. A re-homed device names its parent."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from graticule.records.canonical import canonical
from graticule.sync.messages.fields import hex_bytes, mapping, number, text

DOMAIN = b"graticule/enrol/1\n"
HANDOVER_DOMAIN = b"graticule/handover/1\n"


@dataclass(frozen=True, slots=True)
class ReaderCard:
    """The reader as the server knows them. public_key: Ed25519, 32 bytes: the one that signs reads."""

    id: str
    name: str
    public_key: bytes
    specialty: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "name": self.name, "public_key": self.public_key.hex(), "specialty": self.specialty}

    @classmethod
    def from_json(cls, data: Any) -> "ReaderCard":
        found = mapping(data)
        return cls(
            text(found, "id", limit=100),
            text(found, "name", limit=200),
            hex_bytes(found, "public_key", 32),
            text(found, "specialty", "", limit=200),
        )


@dataclass(frozen=True, slots=True)
class Handover:
    """The old device's word, given before it goes, that a successor may come in without an invitation. time_ms: the server's."""

    parent: str
    time_ms: int
    signature: bytes

    @classmethod
    def give(cls, server: str, parent: str, reader: str, time_ms: int, sign: Callable[[bytes], bytes]) -> "Handover":
        return cls(parent, time_ms, sign(handover_statement(server, parent, reader, time_ms)))

    def as_json(self) -> dict[str, Any]:
        return {"parent": self.parent, "signature": self.signature.hex(), "time_ms": self.time_ms}

    @classmethod
    def from_json(cls, data: Any) -> "Handover":
        found = mapping(data)
        return cls(text(found, "parent", limit=100), number(found, "time_ms"), hex_bytes(found, "signature", 64))


def handover_statement(server: str, parent: str, reader: str, time_ms: int) -> bytes:
    return HANDOVER_DOMAIN + canonical({"server": server, "parent": parent, "reader": reader, "time_ms": time_ms})


@dataclass(frozen=True, slots=True)
class Enrolment:
    """proof: the device key's signature over the statement for this very server, so nobody enrols a key they do not hold.

    invitation: the server's code, needed from other machines unless an enrolled device of the same reader hands over.
    """

    server: str
    device: str
    public_key: bytes
    name: str
    reader: ReaderCard
    app: str = ""
    parent: str = ""
    invitation: str = ""
    handover: Handover | None = None
    proof: bytes = bytes(64)

    def statement(self) -> bytes:
        """What `proof` signs: everything but invitation, handover and proof."""
        return DOMAIN + canonical(self._signed())

    def proved(self, proof: bytes) -> "Enrolment":
        return replace(self, proof=proof)

    def as_json(self) -> dict[str, Any]:
        return {
            **self._signed(),
            "invitation": self.invitation,
            "handover": self.handover and self.handover.as_json(),
            "proof": self.proof.hex(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Enrolment":
        number(data, "v", least=1)
        handover = data.get("handover")
        return cls(
            server=text(data, "server"),
            device=text(data, "device", limit=100),
            public_key=hex_bytes(data, "public_key", 32),
            name=text(data, "name", limit=200),
            reader=ReaderCard.from_json(data.get("reader")),
            app=text(data, "app", "", limit=100),
            parent=text(data, "parent", "", limit=100),
            invitation=text(data, "invitation", "", limit=100),
            handover=None if handover is None else Handover.from_json(handover),
            proof=hex_bytes(data, "proof", 64),
        )

    def _signed(self) -> dict[str, Any]:
        return {
            "v": 1,
            "server": self.server,
            "device": self.device,
            "public_key": self.public_key.hex(),
            "name": self.name,
            "reader": self.reader.as_json(),
            "app": self.app,
            "parent": self.parent,
        }
