"""What each beat might be, drafted from its shape, its width and its time: N, S, V or paced. A draft is never a label.

Rules a reader can check: a wide complex unlike the usual one is ventricular; one as wide that comes on time behind a pacing
spike is paced; a usual one that comes early in a regular rhythm is supraventricular.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import median_filter

from graticule.domain.geometry import Array, Floats
from graticule.domain.progress import Progress, Silent
from graticule.domain.recording import Lead, Recording
from graticule.ecg.beat_finder import find_beats
from graticule.ecg.beat_shapes import BeatShapes, likeness_of, shapes_of, windows
from graticule.ecg.complexes import measured_bounds
from graticule.ecg.qrs import detection_leads

NORMAL, SUPRA, VENTRICULAR, PACED = (ord(letter) for letter in "NSV/")
WIDE_MS, PACED_MS, EARLY, EARLY_WIDE = 120, 145, 0.84, 0.92
UNLIKE, USUAL_SHARE = 0.85, 0.2
SPIKE, IRREGULAR = 0.06, 0.12
MEASURED_BEATS, NEIGHBOURS = 200, 9
BEFORE_S, AFTER_S = 0.18, 0.25


@dataclass(frozen=True, eq=False)
class BeatDrafts:
    """symbols: (n,) uint8 letters of WFDB; doubt: (n,) float32, 0 sure … 1; shapes: what they were judged by."""

    symbols: Array
    doubt: Array
    shapes: BeatShapes

    @property
    def ticks(self) -> Array:
        return self.shapes.ticks


@dataclass(frozen=True, slots=True)
class ShapeLook:
    """One shape as measured on its mean.

    spike: the sharpest corner as a share of the height; early, spread: median and standard deviation of RR over its neighbours';
    like_usual: correlation with the most frequent shape; share: of all beats.
    """

    width_ms: int
    spike: float
    early: float
    spread: float
    like_usual: float
    share: float


def draft_beats(recording: Recording, progress: Progress | None = None, leads: Sequence[str] | None = None) -> BeatDrafts:
    """Find, gather and draft the beats of a whole record. GraticuleError never: a record without signal gives no beats."""
    chosen = [lead for name in leads if (lead := recording.lead(name))] if leads else detection_leads(recording)
    ticks = find_beats(recording, progress, [lead.name for lead in chosen])
    shapes = shapes_of(recording, ticks, chosen[:2], progress)
    return classed(recording, shapes, chosen[:2], progress)


def classed(recording: Recording, shapes: BeatShapes, leads: Sequence[Lead], progress: Progress | None = None) -> BeatDrafts:
    """Drafts for beats whose shapes are known."""
    if not shapes.ticks.size:
        return BeatDrafts(np.empty(0, np.uint8), np.empty(0, np.float32), shapes)
    (progress or Silent()).step(0, 0, "Drafting the beats")
    early, irregular = prematurity(shapes.ticks)
    looks = [_look(recording, shapes, leads, number, early) for number in range(len(shapes.counts))]
    letters = np.array([_letter(look) for look in looks], np.uint8)
    symbols = letters[shapes.shape]
    symbols[(symbols == NORMAL) & (early < EARLY) & (irregular < IRREGULAR)] = SUPRA
    return BeatDrafts(symbols, _doubt(shapes, looks, symbols, early), shapes)


def prematurity(ticks: Array) -> tuple[Floats, Floats]:
    """(interval before each beat over the median of those round it, how irregular those are): two (n,) float arrays.

    Irregularity is the median change from one interval to the next over the median interval, of nine; about 0.02 in sinus rhythm,
    0.2 in atrial fibrillation.
    """
    if ticks.size < 3:
        return np.ones(ticks.size), np.zeros(ticks.size)
    intervals = np.diff(ticks).astype(np.float64)
    intervals = np.concatenate((intervals[:1], intervals))
    usual = median_filter(intervals, size=min(NEIGHBOURS, intervals.size), mode="nearest")
    change = np.abs(np.diff(intervals, prepend=intervals[0]))
    return intervals / usual, median_filter(change, size=min(2 * NEIGHBOURS + 1, intervals.size), mode="nearest") / usual


def _look(recording: Recording, shapes: BeatShapes, leads: Sequence[Lead], number: int, early: Floats) -> ShapeLook:
    rows = np.flatnonzero(shapes.shape == number)
    measured = shapes.ticks[rows[np.linspace(0, rows.size - 1, min(rows.size, MEASURED_BEATS)).astype(int)]]
    rate = float(recording.rate)
    mean = np.stack([np.mean(list(windows(lead, measured, rate, BEFORE_S, AFTER_S, recording.ticks)), axis=0) for lead in leads])
    before, after = measured_bounds(mean, round(BEFORE_S * rate), rate)
    like = likeness_of(_flat(shapes.means[number:number + 1]), _flat(shapes.means[:1]), len(leads))[0, 0]
    return ShapeLook(round((before + after) * 1000 / rate), _sharpness(mean, rate), float(np.median(early[rows])),
                     float(np.std(early[rows])), float(like), rows.size / shapes.ticks.size)


def _flat(means: Array) -> Array:
    flat = (means - means.mean(axis=2, keepdims=True)).reshape(len(means), -1)
    return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-9), np.float32)


def _sharpness(mean: Floats, rate: float) -> float:
    """The sharpest corner within a few milliseconds as a share of the complex's height: a spike has one, a wide beat none."""
    by = max(1, round(rate / 360))
    corner = np.abs(mean[:, 2 * by:] - 2 * mean[:, by:-by] + mean[:, :-2 * by])
    return float((corner.max(axis=1) / np.maximum(np.ptp(mean, axis=1), 1e-9)).max())


def _letter(look: ShapeLook) -> int:
    if look.width_ms >= PACED_MS and look.spike >= SPIKE and look.early > EARLY_WIDE and look.spread < IRREGULAR:
        return PACED
    on_time = look.early > EARLY_WIDE and look.share >= USUAL_SHARE
    if look.width_ms >= WIDE_MS and look.like_usual < UNLIKE and not on_time:
        return VENTRICULAR
    return NORMAL


def _doubt(shapes: BeatShapes, looks: list[ShapeLook], symbols: Array, early: Floats) -> Array:
    """How near each draft is to another: a poor fit, a width or a moment close to the limit, a shape of few beats."""
    width = np.array([look.width_ms for look in looks], float)[shapes.shape]
    few = np.minimum(1.0, 3.0 / np.maximum(shapes.counts, 1))[shapes.shape]
    near_width = np.clip(1 - np.abs(width - WIDE_MS) / 25, 0, 1) * 0.6
    near_time = np.where((symbols == NORMAL) | (symbols == SUPRA), np.clip(1 - np.abs(early - EARLY) / 0.08, 0, 1) * 0.8, 0)
    poor = np.clip((0.97 - shapes.fit) / 0.12, 0, 1)
    out: Array = np.max([near_width, near_time, poor, few], axis=0).astype(np.float32)
    return out
