"""The fleet: every device the server knows, with what it last said of itself. No label content."""

from dataclasses import dataclass
from typing import Any

from graticule.sync.messages.fields import mapping, number, text


@dataclass(frozen=True, slots=True)
class FleetRow:
    """seq: the device's last entry here; outbox: entries it said it had yet to send; last_contact_ms: since 1970, 0 = never.

    signed, drafts: how many signed reads and how many draft versions this device brought.
    """

    device: str
    name: str
    reader: str
    reader_name: str
    seq: int
    outbox: int
    last_contact_ms: int
    app: str
    clock_offset_ms: int
    signed: int
    drafts: int
    held: int
    parent: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "device": self.device,
            "name": self.name,
            "reader": self.reader,
            "reader_name": self.reader_name,
            "seq": self.seq,
            "outbox": self.outbox,
            "last_contact_ms": self.last_contact_ms,
            "app": self.app,
            "clock_offset_ms": self.clock_offset_ms,
            "signed": self.signed,
            "drafts": self.drafts,
            "held": self.held,
            "parent": self.parent,
        }

    @classmethod
    def from_json(cls, data: Any) -> "FleetRow":
        found = mapping(data)
        return cls(
            text(found, "device"),
            text(found, "name"),
            text(found, "reader"),
            text(found, "reader_name"),
            number(found, "seq"),
            number(found, "outbox"),
            number(found, "last_contact_ms"),
            text(found, "app"),
            number(found, "clock_offset_ms", least=-(2**53)),
            number(found, "signed"),
            number(found, "drafts"),
            number(found, "held"),
            text(found, "parent", ""),
        )
