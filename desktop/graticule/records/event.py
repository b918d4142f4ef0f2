"""An event: something a device did that is no label, kept in the same signed log (log-in, open, reveal, export, settings …).

The JSON object, frozen as version 1: v 1 · project · event (a word) · data {…} · reader · hlc · wall · device ·
app {version, build}. `data` is open: ids and counts, never a name, a file name or free text.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.records.ids import event_id
from graticule.records.revision import App


@dataclass(frozen=True, kw_only=True)
class Event:
    project: str
    event: str
    reader: str
    hlc: str
    wall: str
    device: str
    app: App
    data: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return event_id(self.as_json())

    def as_json(self) -> dict[str, Any]:
        texts = {name: getattr(self, name) for name in _TEXTS}
        return {**self.extra, **texts, "v": 1, "app": asdict(self.app), "data": dict(self.data)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Event":
        """The event of a JSON object; GraticuleError for one that this version would not write in the same bytes."""
        try:
            extra = {name: value for name, value in data.items() if name not in _FIELDS}
            texts = {name: data[name] for name in _TEXTS}
            event = cls(**texts, app=App(**data["app"]), data=dict(data["data"]), extra=extra)
        except (KeyError, TypeError, ValueError, AttributeError) as fault:
            raise GraticuleError("A stored event cannot be read.", _FOREIGN) from fault
        whole = all(isinstance(value, str) for value in (*texts.values(), event.app.version, event.app.build))
        if not whole or event.as_json() != data:
            raise GraticuleError("A stored event cannot be read.", _FOREIGN)
        return event


_TEXTS = ("project", "event", "reader", "hlc", "wall", "device")
_FIELDS = {*_TEXTS, "v", "app", "data"}
_FOREIGN = "It was damaged, or written by a newer or another program."
