"""What the comparisons of ANSI/AAMI EC57 read: annotations in order of time, and the terms on which two of them are compared.

The rules are those of the standard and of the manual pages of its reference programs `bxb`, `rxr` and `epicmp`; where these leave
a case open, the figures of the programs (WFDB 10.7.0) decide, and the tests hold them up against each other.
"""

from dataclasses import dataclass
from fractions import Fraction

STANDARD_WINDOW_MS, STANDARD_LEARNING_S = 150, 300
SHUTDOWN_BITS = 0x30   # of a signal quality change: neither signal can be read
ON, OFF, QUALITY, RHYTHM, ST_CHANGE, FLUTTER_WAVE = "[", "]", "~", "+", "s", "!"

AAMI = {
    **dict.fromkeys("NLRB", "N"), **dict.fromkeys("AaJSejn", "S"), **dict.fromkeys("VrE", "V"), "F": "F",
    **dict.fromkeys("/fQ?", "Q"),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One annotation at a tick. symbol, subtype, aux: as in a WFDB annotation file; id, lead: of the label it came from."""

    tick: int
    symbol: str
    subtype: int = 0
    aux: str = ""
    id: str = ""
    lead: str = ""

    @property
    def shutdown(self) -> bool:
        """From here on nothing can be read."""
        return self.symbol == QUALITY and self.subtype & SHUTDOWN_BITS == SHUTDOWN_BITS


@dataclass(frozen=True, slots=True)
class Terms:
    """How two annotations are compared.

    rate: ticks a second. end: the last tick that counts, usually the record's length. learning_s: what a program may learn from
    before it is judged. flutter_excluded: atrial flutter of the reference does not count against fibrillation (EC38:1998).
    shortest_s: briefer episodes are left out; of the durations, too, with shortest_everywhere.
    """

    rate: Fraction
    end: int
    learning_s: Fraction | int = STANDARD_LEARNING_S
    window_ms: int = STANDARD_WINDOW_MS
    flutter_excluded: bool = False
    shortest_s: Fraction | int = 0
    shortest_everywhere: bool = False

    def ticks(self, seconds: Fraction | int) -> int:
        """The nearest tick, halves upwards: 150 ms are 38 ticks at 250 a second."""
        return int(seconds * self.rate + Fraction(1, 2))

    @property
    def start(self) -> int:
        return self.ticks(self.learning_s)

    @property
    def window(self) -> int:
        return self.ticks(Fraction(self.window_ms, 1000))

    @property
    def standard(self) -> bool:
        """Whether the figures may be called EC57's own."""
        return self.window_ms == STANDARD_WINDOW_MS and self.learning_s == STANDARD_LEARNING_S and not self.shortest_s

    @property
    def words(self) -> str:
        """For a report: "EC57, 150 ms, from 300 s on"; other terms are called non-standard."""
        name = "EC57" if self.standard else "Non-standard comparison"
        return f"{name}, {self.window_ms} ms, from {float(self.learning_s):g} s on"
