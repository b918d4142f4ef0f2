"""Where waves begin and end on the usual beat: over all leads, and lead by lead. Drafts for a human eye, which may move each.

QRS: outwards from the steepest place until the slope stays small. T: its end by the tangent of the steepest descent (Lepeschkin
and Surawicz 1952). P: outwards from its top until it has sunk into the level beside it. Marks over all leads are those of their
magnitude together (root of the mean square), marks of a lead those of that lead.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import find_peaks

from graticule.domain.geometry import Floats
from graticule.ecg.median_beat import MedianBeat


class Mark(StrEnum):
    P_ON = "p_on"
    P_OFF = "p_off"
    QRS_ON = "qrs_on"
    QRS_OFF = "qrs_off"
    T_OFF = "t_off"


@dataclass(frozen=True, slots=True)
class Fiducials:
    """Samples of the median beat; None where the wave cannot be told. moved: marks that a hand set."""

    p_on: int | None = None
    p_off: int | None = None
    qrs_on: int | None = None
    qrs_off: int | None = None
    t_off: int | None = None
    moved: frozenset[Mark] = frozenset()

    def at(self, mark: Mark) -> int | None:
        return {Mark.P_ON: self.p_on, Mark.P_OFF: self.p_off, Mark.QRS_ON: self.qrs_on, Mark.QRS_OFF: self.qrs_off,
                Mark.T_OFF: self.t_off}[mark]

    def with_mark(self, mark: Mark, sample: int | None) -> "Fiducials":
        """Set by hand; a mark cannot pass its neighbours."""
        if sample is not None:
            order = list(Mark)
            place = order.index(mark)
            before = [at for other in order[:place] if (at := self.at(other)) is not None]
            after = [at for other in order[place + 1:] if (at := self.at(other)) is not None]
            sample = min([max([sample, *(at + 1 for at in before)]), *(at - 1 for at in after)])
        marks: Mapping[str, int | None] = {mark.value: sample}
        return replace(self, **marks, moved=self.moved | {mark})


INDEPENDENT = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")
QRS_REACH_S, QRS_SLOPE_SHARE, QRS_QUIET_S = (0.08, 0.20), 0.03, 0.012
# The tangent ends before the wave does. Against the ends that four makers' machines stored (Mortara, GE, Philips, the FDA's aECG
# example), a quarter of the way from top to foot more leaves −21 … +9 ms; the foot itself −43 … −8.
T_FROM_S, T_LEAST_MV, T_ROUND = 0.06, 0.03, 1.25
P_NEAR_S = 0.07
P_WINDOW_S, P_LEAST_MV, P_ROUND = (0.34, 0.03), 0.018, 1.15


def find_fiducials(beat: MedianBeat, lead: str | None = None, usual: Fiducials | None = None) -> Fiducials:
    """Marks over all leads (None), or of one lead by its name; everything None when the lead is not there.

    usual: marks of the usual beat, when `beat` is a single one: its P is then looked for near the usual place, since in one noisy
    beat the T wave before it may stand out more.
    """
    rows = _rows(beat, lead)
    if rows is None:
        return Fiducials()
    rate = beat.rate_hz
    quiet = uniform_filter1d(rows, max(1, round(0.006 * rate)), axis=1)
    on, off = _qrs(quiet, beat.onset, rate)
    size = _magnitude(uniform_filter1d(rows, max(1, round(0.014 * rate)), axis=1), on, rate)
    near = (usual.p_on + usual.p_off) // 2 if usual and usual.p_on is not None and usual.p_off is not None else None
    p_on, p_off = _p_wave(size, on, rate, near)
    t_off = _t_end(uniform_filter1d(rows, max(1, round(0.020 * rate)), axis=1), on, off, rate)
    return Fiducials(p_on, p_off, on, off, t_off)


def _rows(beat: MedianBeat, lead: str | None) -> Floats | None:
    if lead is not None:
        found = beat.lead(lead)
        return None if found is None else np.nan_to_num(found)[None]
    chosen = [n for n, name in enumerate(beat.names) if name in INDEPENDENT] or list(range(len(beat.names)))
    return np.nan_to_num(beat.values[chosen])


def _qrs(rows: Floats, onset: int, rate: float) -> tuple[int, int]:
    """(first, last) sample of the QRS round the alignment point."""
    slope = np.sqrt((np.gradient(rows, axis=1) ** 2).sum(axis=0))
    first, last = max(0, onset - round(QRS_REACH_S[0] * rate)), onset + round(QRS_REACH_S[1] * rate)
    steepest = onset + int(np.argmax(slope[onset: last])) if slope[onset:last].size else onset
    calm = float(np.percentile(slope[max(0, first - round(0.03 * rate)): onset], 25)) if onset > first else 0.0
    limit = calm + QRS_SLOPE_SHARE * (float(slope[steepest]) - calm)
    quiet = max(2, round(QRS_QUIET_S * rate))
    return _outwards(slope, steepest, -1, limit, quiet), _outwards(slope, steepest, 1, limit, quiet)


def _outwards(slope: Floats, start: int, by: int, limit: float, quiet: int) -> int:
    """The last loud sample before `quiet` calm ones in a row."""
    at, calm, edge = start, 0, start
    while 0 < at < slope.size - 1 and calm < quiet:
        at += by
        if slope[at] >= limit:
            calm, edge = 0, at
        else:
            calm += 1
    return edge


def _magnitude(rows: Floats, level_at: int, rate: float) -> Floats:
    """The leads' distance from their level just before the QRS, as one positive curve (root of the mean square)."""
    level = np.median(rows[:, max(0, level_at - round(0.016 * rate)): max(1, level_at)], axis=1, keepdims=True)
    out: Floats = np.sqrt(((rows - level) ** 2).mean(axis=0))
    return out


def _p_wave(size: Floats, qrs_on: int, rate: float, near: int | None) -> tuple[int | None, int | None]:
    """The hump before the QRS that stands out most; (None, None) when none does. The T wave before it is a slope, no hump."""
    first, last = max(0, qrs_on - round(P_WINDOW_S[0] * rate)), qrs_on - round(P_WINDOW_S[1] * rate)
    if near is not None:
        first, last = max(first, near - round(P_NEAR_S * rate)), min(last, near + round(P_NEAR_S * rate))
    if last - first < 3:
        return None, None
    tops, facts = find_peaks(size[first:last], prominence=P_LEAST_MV)
    if not tops.size:
        return None, None
    top = first + int(tops[np.argmax(facts["prominences"])])
    on = _sunk(size, top, first)
    off = _sunk(size, top, qrs_on - 1)
    return on, off


def _sunk(size: Floats, top: int, end: int) -> int:
    """From a top towards `end` to where the tangent of the steepest flank meets the level on that side, a little beyond it.

    A rounded wave begins before its tangent does: by a fifth of the flank (as in `p_waves`).
    """
    by = 1 if end > top else -1
    flank = size[top: end + by: by] if end + by >= 0 else size[top::by]
    low = int(np.argmin(flank))
    fall = -np.gradient(flank[: low + 1]) if low > 0 else np.zeros(1)
    steepest = int(np.argmax(fall))
    if fall[steepest] <= 0:
        return top + by * low
    foot = steepest + (float(flank[steepest]) - float(flank[low])) / float(fall[steepest])
    return top + by * min(low, round(P_ROUND * foot))


def _t_end(rows: Floats, qrs_on: int, qrs_off: int, rate: float) -> int | None:
    """Where the tangent of the steepest descent of the T wave meets the least level after it, and a little beyond."""
    size = _magnitude(rows, qrs_on, rate)
    first, last = qrs_off + round(T_FROM_S * rate), size.size
    if last - first < round(0.1 * rate):
        return None
    top = first + int(np.argmax(size[first:last]))
    tail = size[top:last]
    floor = float(tail.min())
    if size[top] - floor < T_LEAST_MV or tail.size < round(0.03 * rate):
        return None
    slope = np.gradient(size)
    end = top + 1 + int(np.argmax(tail[1:] <= floor + 0.1 * (size[top] - floor))) if tail.size > 1 else top
    steepest = top + int(np.argmin(slope[top: max(top + 1, end) + 1]))
    if slope[steepest] >= 0:
        return None
    foot = steepest + (float(size[steepest]) - floor) / -float(slope[steepest])
    return int(min(last - 1, round(top + T_ROUND * (foot - top))))
