"""Intervals of a beat in whole milliseconds, and the QT corrected for rate by the four published formulas.

Bazett 1920: QT/√RR. Fridericia 1920: QT/∛RR. Framingham (Sagie 1992): QT + 154·(1 − RR). Hodges 1983: QT + 1.75·(HR − 60).
RR in seconds, QT in milliseconds, HR = 60/RR beats a minute.
"""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from graticule.ecg.fiducials import Fiducials, find_fiducials
from graticule.ecg.median_beat import MedianBeat

FORMULAS = ("Bazett", "Fridericia", "Framingham", "Hodges")


@dataclass(frozen=True, slots=True)
class Intervals:
    """Milliseconds; None where a wave was not told."""

    pr: int | None = None
    p: int | None = None
    qrs: int | None = None
    qt: int | None = None
    rr: int | None = None

    @property
    def rate(self) -> int | None:
        return round(60_000 / self.rr) if self.rr else None

    @property
    def qtc(self) -> dict[str, int]:
        """By formula; empty without QT or RR."""
        return corrected(self.qt, self.rr) if self.qt and self.rr else {}


def corrected(qt_ms: float, rr_ms: float) -> dict[str, int]:
    """QTc in whole milliseconds by each formula; ValueError for an interval that is none."""
    if qt_ms <= 0 or rr_ms <= 0:
        raise ValueError("QT and RR must be positive")
    rr_s = rr_ms / 1000
    return {"Bazett": round(qt_ms / rr_s ** 0.5), "Fridericia": round(qt_ms / rr_s ** (1 / 3)),
            "Framingham": round(qt_ms + 154 * (1 - rr_s)), "Hodges": round(qt_ms + 1.75 * (60 / rr_s - 60))}


def intervals_of(beat: MedianBeat, marks: Fiducials) -> Intervals:
    """What the marks say; RR is the mean of the intervals before the beats that the median was made of."""
    def between(first: int | None, last: int | None) -> int | None:
        return beat.milliseconds(last - first) if first is not None and last is not None else None

    return Intervals(between(marks.p_on, marks.qrs_on), between(marks.p_on, marks.p_off), between(marks.qrs_on, marks.qrs_off),
                     between(marks.qrs_on, marks.t_off), beat.rr_ms_mean)


def of_each_beat(beat: MedianBeat, lead: str | None = None) -> list[Intervals]:
    """Of every beat by itself, in the order of `beat.ticks`: noisier than the usual beat, but it shows what varies.

    RR is the distance to the beat before, where that is one of them too and no more than twice the usual away.
    """
    rr = [None, *(round(Fraction(int(gap) * 1000) / Fraction(beat.rate_hz)) for gap in np.diff(beat.ticks))]
    usual = beat.rr_ms_mean or 0
    marks = find_fiducials(beat, lead)
    out = []
    for values, distance in zip(beat.beats, rr, strict=True):
        one = replace(beat, values=values)
        found = intervals_of(one, find_fiducials(one, lead, marks))
        out.append(replace(found, rr=distance if distance is not None and distance <= 2 * usual else None))
    return out
