"""How much of a recording a study wants to have been on the screen, at what scale and for how long."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LEAST_MS = 300         # what is scrolled past faster stands in no viewing record


@dataclass(frozen=True, slots=True)
class Coverage:
    """The condition of a protocol: this share of the record was seen.

    permille: of the time of the record. least_speed, least_gain: tenths of mm/s and of mm/mV at which it must have stood there
    (0: any). least_ms: how long a stretch must have stood. leads: names that must have been shown; () for any lead.
    """

    permille: int = 1000
    least_speed: int = 0
    least_gain: int = 0
    least_ms: int = LEAST_MS
    leads: tuple[str, ...] = ()

    def words(self) -> str:
        """ "100 % of the record at 12.5 mm/s or more"."""
        said = f"{self.permille / 10:g} % of the record"
        said += f" in {', '.join(self.leads)}" if self.leads else ""
        said += f" at {self.least_speed / 10:g} mm/s or more" if self.least_speed else ""
        return said + (f", each part for {self.least_ms / 1000:g} s" if self.least_ms > LEAST_MS else "")


def parse_coverage(item: Mapping[str, Any] | None) -> Coverage | None:
    """{"permille": 1000, "least_speed": "12.5", "least_gain": "5", "least_ms": 1000, "leads": ["II"]}; ValueError for another."""
    if item is None:
        return None
    made = Coverage(int(item.get("permille", 1000)), _tenths(item.get("least_speed", "0")), _tenths(item.get("least_gain", "0")),
                    int(item.get("least_ms", LEAST_MS)), tuple(item.get("leads", ())))
    if not 0 < made.permille <= 1000:
        raise ValueError("“coverage” asks for more than the whole record")
    return made


def _tenths(value: str) -> int:
    """ "12.5" as 125: no floats in what is compared."""
    whole, _, part = str(value).partition(".")
    return int(whole) * 10 + int((part + "0")[0])
