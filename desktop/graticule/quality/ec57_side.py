"""One annotator's side of a beat-by-beat comparison: its beats, and the stretches of fibrillation and shutdown between them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from graticule.quality.ec57_marks import AAMI, FLUTTER_WAVE, OFF, ON, QUALITY, Mark, Terms

NEVER = 2**63 - 1     # the tick of the beat after the last one
STILL_OPEN = -1       # the end of the first stretch that the file never ends
NO_BEAT, LEFT_OUT, EXTRA, SHUT = "", "*", "O", "X"
CLASS = {**AAMI, FLUTTER_WAVE: EXTRA}   # a flutter wave outside [ ] takes part in the matching, but is no beat

Stretch = tuple[int, int]


@dataclass(slots=True)
class Side:
    """Beats by number. Number 0 stands for the start of the record; after the last come two that never happen.

    ticks, kinds, marks: of each beat. rr: ticks since the one before, 0 where that is no RR interval. flutter, shutdown: the
    stretches in order of the file. flutter_known, shutdown_known: how many of them stand in the file before each beat.
    shut: ticks of each shutdown.
    """

    ticks: list[int] = field(default_factory=lambda: [0])
    kinds: list[str] = field(default_factory=lambda: [NO_BEAT])
    marks: list[Mark | None] = field(default_factory=lambda: [None])
    rr: list[int] = field(default_factory=lambda: [0])
    flutter: list[Stretch] = field(default_factory=list)
    shutdown: list[Stretch] = field(default_factory=list)
    flutter_known: list[int] = field(default_factory=lambda: [0])
    shutdown_known: list[int] = field(default_factory=lambda: [0])
    shut: list[int] = field(default_factory=list)

    def first_from(self, tick: int, number: int = 0) -> int:
        """Number of the first beat at or after a tick, from `number` on."""
        return next(n for n in range(number, len(self.ticks)) if self.ticks[n] >= tick)

    def in_flutter(self, tick: int, now: int) -> bool:
        """Whether fibrillation or flutter is on at a tick, as far as the file is known when beat `now` is being judged."""
        return _holds(self.flutter[: self.flutter_known[now + 1]], tick)

    def in_shutdown(self, tick: int, now: int) -> bool:
        return _holds(self.shutdown[: self.shutdown_known[now + 1]], tick)

    def shut_before(self, now: int) -> int:
        """Ticks of shutdown in what is known when beat `now` is being judged."""
        return sum(self.shut[: self.shutdown_known[now + 1]])

    def add(self, tick: int, kind: str, mark: Mark | None) -> None:
        before = self.ticks[-1]
        known = (*self.flutter[-2:], *self.shutdown[-2:])
        broken = before == 0 or tick == NEVER or any(before <= start < tick for start, _ in known)
        self.rr.append(0 if broken else tick - before)
        self.ticks.append(tick)
        self.kinds.append(kind)
        self.marks.append(mark)
        self.flutter_known.append(len(self.flutter))
        self.shutdown_known.append(len(self.shutdown))


def _holds(stretches: Sequence[Stretch], tick: int) -> bool:
    """The reference program remembers the last two stretches of a kind. That is enough, unless three stand between two beats."""
    latest = stretches[-1:]
    open_end = any(start <= tick and end == STILL_OPEN for start, end in latest)
    return open_end or any(start <= tick <= end for start, end in stretches[-2:])


def side_of(marks: Sequence[Mark], terms: Terms, *, tested: bool = False) -> Side:
    """The side of an annotator whose marks stand in order of time.

    tested: a shutdown at the end of the file lasts to the end of the record, for the total. In the reference it never ends.
    """
    side, at = Side(), 0
    while at < len(marks):
        mark = marks[at]
        at += 1
        if mark.symbol in CLASS:
            side.add(mark.tick, CLASS[mark.symbol], mark)
        elif mark.symbol == ON:
            at = _flutter(side, marks, at)
        elif mark.shutdown:
            at = _shutdown(side, marks, at, terms, tested)
    side.add(NEVER, LEFT_OUT, None)
    side.add(NEVER, LEFT_OUT, None)
    return side


def _flutter(side: Side, marks: Sequence[Mark], at: int) -> int:
    """Take in a stretch of fibrillation; nothing inside it counts. The place in the file after its end."""
    start = marks[at - 1].tick
    stop = next((n for n in range(at, len(marks)) if marks[n].symbol == OFF), None)
    side.flutter.append((start, _last_end(side.flutter) if stop is None else marks[stop].tick))
    return len(marks) if stop is None else stop + 1


def _shutdown(side: Side, marks: Sequence[Mark], at: int, terms: Terms, tested: bool) -> int:
    """Take in a shutdown: it ends with a signal quality change. A single mark in its middle, as in the AHA database, stands for
    all the time between its neighbours but 150 ms on either side."""
    start = marks[at - 1].tick
    if at == len(marks):
        side.shutdown.append((start, _last_end(side.shutdown) if tested else NEVER))
        side.shut.append(terms.end - start)
        return at
    following = marks[at]
    if following.symbol == QUALITY and not following.shutdown:
        side.shutdown.append((start, following.tick))
        side.shut.append(following.tick - start)
        return at + 1
    stop = following.tick - terms.window
    start = min(stop, max(_last_end(side.flutter), side.ticks[-1]) + terms.window)
    side.shutdown.append((start, stop))
    side.shut.append(stop - start)
    return at


def _last_end(stretches: Sequence[Stretch]) -> int:
    return stretches[-1][1] if stretches else STILL_OPEN
