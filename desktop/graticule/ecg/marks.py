"""P waves and QRS complexes of a stretch as the reader set them, and which P led to which QRS. Every act gives new values.

They are kept as integers in the criteria of an episode on the track of marks, so that they are undone, signed and sent like any
other label.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.ecg.conduction import LONGEST_PR_MS, Conduction, PWave, Qrs, pair

CONDUCTS, BLOCKED, BY_TIME = "conducts", "blocked", ""
P, QRS = "p", "qrs"
APART_MS = 20          # two marks of a kind closer than this are one


@dataclass(frozen=True, slots=True)
class PMark:
    """onset, peak: ticks. link: "" follows the rule of time, "blocked" led to nothing, "conducts" led to the next QRS whatever
    the PR is."""

    onset: int
    peak: int
    link: str = BY_TIME


@dataclass(frozen=True, slots=True)
class QrsMark:
    """onset, peak: ticks; width_ms: −1 when only its place is known."""

    onset: int
    peak: int
    width_ms: int = -1


@dataclass(frozen=True, slots=True)
class Marks:
    """Rising by onset."""

    p: tuple[PMark, ...] = ()
    qrs: tuple[QrsMark, ...] = ()

    @classmethod
    def of(cls, c: Conduction) -> "Marks":
        """What was measured, to be put right by hand. Near the end a drop was decided by what follows, and stays decided."""
        shown = c.p if c.discernible else ()
        late = c.end - reach_of(c.rate)
        return cls(tuple(PMark(w.onset, w.tick, BLOCKED if w.dropped and w.onset > late else BY_TIME) for w in shown),
                   tuple(QrsMark(b.onset, b.tick, -1 if b.width_ms is None else b.width_ms) for b in c.qrs))

    def as_json(self) -> dict[str, Any]:
        return {"marks_v": 1, "p": [[m.onset, m.peak, m.link] for m in self.p],
                "qrs": [[m.onset, m.peak, m.width_ms] for m in self.qrs]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Marks":
        """GraticuleError when they are damaged or of a newer version."""
        try:
            if data["marks_v"] != 1:
                raise ValueError
            p = tuple(PMark(int(a), int(b), str(link)) for a, b, link in data["p"])
            return cls(p, tuple(QrsMark(int(a), int(b), int(w)) for a, b, w in data["qrs"]))
        except (KeyError, TypeError, ValueError) as fault:
            raise GraticuleError("The P and QRS marks of this record cannot be read.", "Update Graticule.") from fault

    def between(self, start: int, end: int, reach: int = 0) -> "Marks":
        """P waves of [start, end), and QRS complexes up to `reach` ticks beyond, to which the last of them may have led."""
        return Marks(tuple(m for m in self.p if start <= m.onset < end),
                     tuple(m for m in self.qrs if start <= m.onset < end + reach))

    def joined(self, other: "Marks") -> "Marks":
        """Both; where both have a mark at one place, this one's."""
        p = {m.onset: m for m in (*other.p, *self.p)}
        qrs = {m.onset: m for m in (*other.qrs, *self.qrs)}
        return Marks(tuple(p[onset] for onset in sorted(p)), tuple(qrs[onset] for onset in sorted(qrs)))

    # Acts

    def moved(self, kind: str, number: int, onset: int) -> "Marks":
        """A mark with its onset elsewhere; peak and width go along."""
        if kind == P:
            old = self.p[number]
            return self._with_p([*self.p[:number], replace(old, onset=onset, peak=old.peak + onset - old.onset),
                                 *self.p[number + 1:]])
        beat = self.qrs[number]
        return self._with_qrs([*self.qrs[:number], replace(beat, onset=onset, peak=beat.peak + onset - beat.onset),
                               *self.qrs[number + 1:]])

    def added(self, kind: str, onset: int, rate: Fraction) -> "Marks":
        """One more P wave or QRS; GraticuleError when one stands there already."""
        row: Sequence[PMark | QrsMark] = self.p if kind == P else self.qrs
        if any(abs(m.onset - onset) * 1000 < APART_MS * rate for m in row):
            raise GraticuleError("There is already a mark here.")
        offset = self._peak_offset(kind, rate)
        if kind == P:
            return self._with_p([*self.p, PMark(onset, onset + offset)])
        return self._with_qrs([*self.qrs, QrsMark(onset, onset + offset)])

    def removed(self, kind: str, number: int) -> "Marks":
        if kind == P:
            return replace(self, p=self.p[:number] + self.p[number + 1:])
        return replace(self, qrs=self.qrs[:number] + self.qrs[number + 1:])

    def linked(self, number: int, link: str) -> "Marks":
        """What a P wave led to, said by hand."""
        return replace(self, p=(*self.p[:number], replace(self.p[number], link=link), *self.p[number + 1:]))

    def nearest(self, kind: str, tick: int) -> int | None:
        """The number of the mark of a kind nearest to a tick."""
        row: Sequence[PMark | QrsMark] = self.p if kind == P else self.qrs
        return min(range(len(row)), key=lambda n: abs(row[n].onset - tick), default=None)

    def _peak_offset(self, kind: str, rate: Fraction) -> int:
        row: Sequence[PMark | QrsMark] = self.p if kind == P else self.qrs
        offsets = sorted(m.peak - m.onset for m in row)
        return offsets[len(offsets) // 2] if offsets else round(Fraction(50 if kind == P else 40, 1000) * rate)

    def _with_p(self, row: list[PMark]) -> "Marks":
        return replace(self, p=tuple(sorted(row, key=lambda m: m.onset)))

    def _with_qrs(self, row: list[QrsMark]) -> "Marks":
        return replace(self, qrs=tuple(sorted(row, key=lambda m: m.onset)))


def conduction_of(marks: Marks, start: int, end: int, rate: Fraction) -> Conduction:
    """What the marks of [start, end) say. A link set by hand outranks the rule of time (`conduction.pair`)."""
    here = marks.between(start, end, reach_of(rate))
    beats = [Qrs(m.peak, m.onset, m.width_ms if m.width_ms >= 0 else None) for m in here.qrs]
    free = [m for m in here.p if m.link == BY_TIME]
    waves, beats = pair([(m.peak, m.onset) for m in free], beats, rate)
    by_onset = {wave.onset: wave for wave in waves}
    for mark in here.p:
        if mark.link == CONDUCTS:
            by_onset[mark.onset] = _led(mark, beats, by_onset, rate)
        elif mark.link == BLOCKED:
            by_onset[mark.onset] = PWave(mark.peak, mark.onset)
    blocked = {mark.onset for mark in here.p if mark.link == BLOCKED}
    return _numbered(start, end, rate, by_onset, beats, blocked)


def reach_of(rate: Fraction) -> int:
    """Ticks within which a P wave may lead to a QRS."""
    return round(LONGEST_PR_MS * rate / 1000)


def _led(mark: PMark, beats: list[Qrs], waves: dict[int, PWave], rate: Fraction) -> PWave:
    """The P wave joined to the next QRS, which any other P wave then did not lead to."""
    number = next((n for n, beat in enumerate(beats) if beat.onset > mark.onset), None)
    if number is None:
        return PWave(mark.peak, mark.onset)
    for onset, wave in list(waves.items()):
        if wave.qrs == number:
            waves[onset] = PWave(wave.tick, wave.onset)
    return PWave(mark.peak, mark.onset, number, round(Fraction((beats[number].onset - mark.onset) * 1000) / rate))


def _numbered(start: int, end: int, rate: Fraction, waves: dict[int, PWave], beats: list[Qrs], blocked: set[int]) -> Conduction:
    """P waves and beats that name one another.

    A P wave so near the end that its QRS may lie beyond it is neither conducted nor dropped, unless a hand said so; a beat
    beyond the end counts only where a P wave led to it.
    """
    undecided = end - reach_of(rate)
    row = [wave for _, wave in sorted(waves.items()) if not wave.dropped or wave.onset <= undecided or wave.onset in blocked]
    led = {wave.qrs for wave in row}
    kept = [n for n, beat in enumerate(beats) if beat.onset < end or n in led]
    place = {n: at for at, n in enumerate(kept)}
    row = [wave if wave.qrs is None else PWave(wave.tick, wave.onset, place[wave.qrs], wave.pr_ms) for wave in row]
    by_beat = {wave.qrs: n for n, wave in enumerate(row) if wave.qrs is not None}
    named = tuple(Qrs(beats[n].tick, beats[n].onset, beats[n].width_ms, by_beat.get(place[n])) for n in kept)
    return Conduction(start, end, rate, tuple(row), named, discernible=bool(row), marked_p=True)
