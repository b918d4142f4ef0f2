"""What a reader states about files that do not say it themselves: sampling rate, unit, steps per unit. Kept with the case."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from graticule.domain.errors import GraticuleError

# Per millivolt, by the spellings met in headers; a unit that is missing here is no voltage.
PER_MILLIVOLT = {"mv": Fraction(1), "uv": Fraction(1000), "µv": Fraction(1000), "μv": Fraction(1000), "nv": Fraction(1_000_000),
                 "v": Fraction(1, 1000), "millivolt": Fraction(1), "millivolts": Fraction(1), "microvolt": Fraction(1000),
                 "microvolts": Fraction(1000), "volt": Fraction(1, 1000), "volts": Fraction(1, 1000)}


@dataclass(frozen=True, slots=True)
class Stated:
    """rate: samples a second. unit: "mV", "uV" or "V". gain: steps of the converter per unit (1: values are in the unit)."""

    rate: Fraction | None = None
    unit: str = ""
    gain: Fraction | None = None

    def __bool__(self) -> bool:
        return self.rate is not None or bool(self.unit) or self.gain is not None

    @property
    def per_millivolt(self) -> Fraction | None:
        """Steps per millivolt; None while the unit is not stated."""
        return (self.gain or Fraction(1)) * PER_MILLIVOLT[self.unit.lower()] if self.unit else None

    def facts(self) -> dict[str, str]:
        """As the case keeps it."""
        said = {"stated_rate": str(self.rate or ""), "stated_unit": self.unit, "stated_gain": str(self.gain or "")}
        return {name: value for name, value in said.items() if value}


def stated_of(facts: Mapping[str, Any]) -> Stated:
    return stated(str(facts.get("stated_rate", "")), str(facts.get("stated_unit", "")), str(facts.get("stated_gain", "")))


def stated(rate: str = "", unit: str = "", gain: str = "") -> Stated:
    """From what was typed; GraticuleError when it is no rate, no voltage or no gain."""
    if unit and unit.lower() not in PER_MILLIVOLT:
        raise GraticuleError(f"“{unit}” is no voltage.", "State mV, uV or V.")
    return Stated(_number(rate, "sampling rate"), unit, _number(gain, "gain"))


def _number(text: str, what: str) -> Fraction | None:
    if not text.strip():
        return None
    try:
        value = Fraction(text.strip().lower().removesuffix("hz").strip())
    except (ValueError, ZeroDivisionError) as fault:
        raise GraticuleError(f"“{text}” is no {what}.", "State a number, such as 500.") from fault
    if not 0 < value <= 10_000_000:
        raise GraticuleError(f"{text} is no {what} that an ECG could have.", "State a number, such as 500.")
    return value
