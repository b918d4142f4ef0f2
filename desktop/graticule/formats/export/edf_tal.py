"""Time-stamped annotation lists of EDF+ (specification, 2.2): "+onset[\\x15duration]\\x14text\\x14\\0", in seconds."""

from dataclasses import dataclass
from fractions import Fraction

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Note:
    """start, end: ticks, end None for an instant."""

    start: int
    end: int | None
    text: str

    def said(self, rate: Fraction) -> tuple[str, str, str]:
        """(onset, duration or "", text) in seconds, exact to far less than half a sample."""
        return seconds(self.start, rate), "" if self.end is None else seconds(self.end - self.start, rate), self.text


def tal(note: Note, rate: Fraction) -> bytes:
    onset, duration, text = note.said(rate)
    return f"+{onset}{chr(21) + duration if duration else ''}\x14{text}\x14\0".encode()


def seconds(ticks: int, rate: Fraction) -> str:
    """A decimal of at most twelve places without needless zeros."""
    scaled = str(round(Fraction(ticks) / rate * 10**_DIGITS)).rjust(_DIGITS + 1, "0")
    return f"{scaled[:-_DIGITS]}.{scaled[-_DIGITS:]}".rstrip("0").rstrip(".")
