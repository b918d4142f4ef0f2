"""What was looked at, how and for how long: the evidence that a read was a read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Look:
    """One stretch of time during which the same thing stood on the screen.

    view: "axial", "coronal", "sagittal", "picture", "ecg". where: slice index along the view, or first tick shown.
    region: what was visible, as integers (µm, 1/1000 pixel or ticks). scale_permille: screen pixels per image pixel × 1000.
    window: (width, level) as fixed-precision strings, or () for an ECG. shown_ms: time on screen.
    screen: size of a screen pixel as calibrated ("0.2331 mm"), "" where nobody calibrated the screen.
    leads: of an ECG, (name, first tick, end tick) of each stretch of a lead that stood there; () where nothing was noted.
    """

    view: str
    where: int
    region: tuple[int, ...]
    scale_permille: int
    window: tuple[str, ...]
    shown_ms: int
    screen: str = ""
    leads: tuple[tuple[str, int, int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        look: dict[str, Any] = {"view": self.view, "where": self.where, "region": list(self.region),
                                "scale_permille": self.scale_permille, "window": list(self.window), "shown_ms": self.shown_ms}
        look |= {"screen": self.screen} if self.screen else {}
        return look | {"leads": [list(lead) for lead in self.leads]} if self.leads else look

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Look":
        return cls(data["view"], data["where"], tuple(data["region"]), data["scale_permille"], tuple(data["window"]),
                   data["shown_ms"], data.get("screen", ""),
                   tuple((str(name), int(start), int(end)) for name, start, end in data.get("leads", ())))


@dataclass(frozen=True, slots=True)
class Effort:
    """What a revision says of the work behind it: when the case was opened (RFC 3339) and active time on it."""

    opened: str = ""
    active_ms: int = 0
    looks: tuple[Look, ...] = ()
