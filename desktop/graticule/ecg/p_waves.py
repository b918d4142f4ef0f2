"""Where the P waves are, also those that no QRS follows: QRST is taken away, what looks like this patient's P is kept,
and a train at a plausible sinus rate is laid through it.

This is a draft for a human eye. When the train does not hold together, nothing is claimed (`PTrain.discernible`).
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import uniform_filter1d
from scipy.signal import find_peaks

from graticule.domain.geometry import Array, Floats
from graticule.ecg.complexes import Complex, likeness
from graticule.ecg.qrst import blanked, without_qrst

P_S = 0.10
PR_WINDOW_S = (0.42, 0.06)
SLOWEST_PP_S, FASTEST_PP_S = 1.9, 0.34
GAP_SPREAD = 0.09
LEAST_SHARE, LEAST_FIT = 0.4, 0.55
# When the train counts as seen. Sinus rhythm of MIT-BIH 100, 119, 201 and 231 gives likeness 0.97–1.00, standing out 13–125,
# above the rest 1.3–11; atrial fibrillation of 201 gives 0.85–0.93, 1.3–3.2, 0.8–1.06; P waves erased and noise added less.
LEAST_COVERAGE, LEAST_LIKENESS, LEAST_STANDING_OUT, LEAST_ABOVE_REST = 0.8, 0.94, 8.0, 1.15
HIDDEN_COST = 0.5


@dataclass(frozen=True, slots=True)
class PTrain:
    """P peaks in sample numbers, rising; `onset_offset` samples from a peak back to its onset.

    discernible: the train covers the stretch at a steady rate and its waves look alike. pp: its usual interval in samples.
    """

    peaks: tuple[int, ...]
    onset_offset: int
    pp: float
    discernible: bool


NOTHING = PTrain((), 0, 0.0, False)


def find_p_waves(smoothed: list[Floats], complexes: list[Complex], rate_hz: float) -> PTrain:
    """The P train of a stretch. smoothed: equally long signals (`complexes.smooth`); complexes: every QRS in them."""
    if len(complexes) < 2:
        return NOTHING
    blank = blanked(smoothed[0].size, complexes, rate_hz)
    residuals = [without_qrst(signal, complexes, rate_hz) for signal in smoothed]
    scores = [_humps(residual, rate_hz) for residual in residuals]
    score = _combined(scores, complexes, blank, rate_hz)
    candidates = _candidates(score, blank, rate_hz)
    before_qrs = _before_qrs(score, candidates, complexes, rate_hz)
    usual = float(np.median(score[before_qrs])) if before_qrs.size >= 0.5 * len(complexes) else 0.0
    if usual <= 0:
        return NOTHING
    likely = candidates[score[candidates] >= LEAST_SHARE * usual]
    weight = np.minimum(score[likely] / usual, 1.2) * _alike(residuals, before_qrs, likely, rate_hz)
    train, pp = _best_train(likely, weight, blank, rate_hz)
    if train.size < 3:
        return NOTHING
    rest = np.setdiff1d(candidates, train)
    above = float(np.median(score[train])) / float(np.percentile(score[rest], 75)) if rest.size else np.inf
    peaks, fit, offset = _refined(residuals, scores, train, rate_hz)
    coverage = peaks.size * pp / max(pp, blank.size - pp)
    seen = (coverage >= LEAST_COVERAGE and float(np.median(fit)) >= LEAST_LIKENESS and usual >= LEAST_STANDING_OUT
            and above >= LEAST_ABOVE_REST)
    return PTrain(tuple(int(peak) for peak in peaks), offset, float(pp), seen)


def _humps(residual: Floats, rate_hz: float) -> Floats:
    """How much each place stands above its surroundings over the length of a P wave (either sign), in mV."""
    core = round(0.06 * rate_hz)
    inner = uniform_filter1d(uniform_filter1d(residual, core), max(1, core // 2))
    far = round(0.075 * rate_hz)
    sides = 0.5 * (np.roll(inner, far) + np.roll(inner, -far))
    out: Floats = inner - sides
    out[:far] = out[-far:] = 0.0
    return out


def _combined(scores: list[Floats], complexes: list[Complex], blank: Array, rate_hz: float) -> Floats:
    """The leads' humps turned upright and added, each weighted by how well P stands out of its noise."""
    total: Floats = np.zeros_like(scores[0])
    for score in scores:
        noise = 1.4826 * float(np.median(np.abs(score[~blank]))) + 1e-9
        windows = [_pr_window(qrs, rate_hz) for qrs in complexes]
        at_p = np.array([_largest(score[window]) for window in windows if window.stop > window.start + 3])
        if at_p.size == 0:
            continue
        sign = 1.0 if np.median(at_p) >= 0 else -1.0
        strength = max(0.0, sign * float(np.median(at_p)) / noise)
        total += sign * strength * score / noise
    total[blank] = np.minimum(total[blank], 0.0)
    return total


def _largest(part: Floats) -> float:
    return float(part[np.argmax(np.abs(part))])


def _pr_window(qrs: Complex, rate_hz: float) -> slice:
    return slice(max(0, qrs.onset - round(PR_WINDOW_S[0] * rate_hz)), max(0, qrs.onset - round(PR_WINDOW_S[1] * rate_hz)))


def _candidates(score: Floats, blank: Array, rate_hz: float) -> Array:
    peaks: Array = find_peaks(score, distance=round(0.18 * rate_hz), height=1e-9)[0]
    return peaks[~blank[peaks]]


def _before_qrs(score: Floats, candidates: Array, complexes: list[Complex], rate_hz: float) -> Array:
    """The largest candidate before each QRS, where there is one: most of them are P waves, and show what P looks like here."""
    found = []
    for qrs in complexes:
        window = _pr_window(qrs, rate_hz)
        inside = candidates[(candidates >= window.start) & (candidates < window.stop)]
        if inside.size:
            found.append(int(inside[np.argmax(score[inside])]))
    return np.array(found, dtype=np.int64)


def _alike(residuals: list[Floats], examples: Array, candidates: Array, rate_hz: float) -> Floats:
    """(candidates,) 0…1: how much each looks like the usual example in all leads; a left-over of a T wave does not."""
    half = round(0.09 * rate_hz)
    stacked = np.pad(np.stack(residuals), ((0, 0), (half, half)), mode="edge")
    cut = [stacked[:, at: at + 2 * half + 1] for at in candidates]
    usual = np.median(np.stack([stacked[:, at: at + 2 * half + 1] for at in examples]), axis=0)
    fits = np.array([likeness(part, usual) for part in cut])
    out: Floats = np.clip((fits - 0.2) / 0.5, 0.0, 1.0)
    return out


def _best_train(candidates: Array, weight: Floats, blank: Array, rate_hz: float) -> tuple[Array, float]:
    """The steady train, over all plausible rates, that collects most; and its usual interval in samples."""
    best, best_score, best_pp = np.empty(0, dtype=np.int64), -np.inf, 0.0
    for pp in np.geomspace(FASTEST_PP_S, SLOWEST_PP_S, 60) * rate_hz:
        train, score = _train(candidates, weight, blank, pp)
        if score > best_score:
            best, best_score, best_pp = train, score, pp
    if best.size >= 3:
        gaps = np.diff(best)
        best_pp = float(np.median(gaps[gaps < 1.5 * best_pp])) if (gaps < 1.5 * best_pp).any() else best_pp
    return best, best_pp


def _train(candidates: Array, weight: Floats, blank: Array, pp: float) -> tuple[Array, float]:
    """The best chain whose gaps are near `pp`, or near twice that where a QRS may hide the one between."""
    total, back = weight.copy(), np.full(candidates.size, -1)
    for j in range(candidates.size):
        first = np.searchsorted(candidates, candidates[j] - 2.4 * pp)
        for i in range(first, j):
            gain = total[i] + weight[j] - _gap_cost(candidates[i], candidates[j], pp, blank)
            if gain > total[j]:
                total[j], back[j] = gain, i
    if not total.size:
        return candidates, -np.inf
    chain, at = [], int(np.argmax(total))
    while at >= 0:
        chain.append(int(candidates[at]))
        at = int(back[at])
    return np.array(chain[::-1], dtype=np.int64), float(total.max())


def _gap_cost(one: int, other: int, pp: float, blank: Array) -> float:
    gap = float(other - one)
    if gap < 1.5 * pp:
        return ((gap / pp - 1) / GAP_SPREAD) ** 2 * 0.25
    reach = int(0.06 * pp)
    middle = (one + other) // 2
    hidden = bool(blank[middle - reach: middle + reach + 1].any())
    return (HIDDEN_COST if hidden else 4.0) + ((gap / (2 * pp) - 1) / GAP_SPREAD) ** 2 * 0.5


def _refined(residuals: list[Floats], scores: list[Floats], peaks: Array, rate_hz: float) -> tuple[Array, Floats, int]:
    """Peaks moved to where the usual P fits best, how alike each is (−1…1), and the usual distance from peak to onset."""
    strongest = int(np.argmax([abs(float(np.median(score[peaks]))) for score in scores]))
    residual = residuals[strongest] * np.sign(np.median(scores[strongest][peaks]))
    half, shift = round(0.09 * rate_hz), round(0.024 * rate_hz)
    safe = peaks[(peaks >= half + shift) & (peaks + half + shift < residual.size)]
    if safe.size < 3:
        return peaks, np.zeros(peaks.size), round(0.05 * rate_hz)
    usual = np.median(np.stack([residual[p - half: p + half + 1] for p in safe]), axis=0)
    moved, likeness = peaks.copy(), np.zeros(peaks.size)
    for number, peak in enumerate(peaks):
        fits = [(_fit(residual, int(peak) + by, half, usual), by) for by in range(-shift, shift + 1)]
        best, by = max(fits)
        moved[number], likeness[number] = peak + (by if best >= LEAST_FIT else 0), best
    return moved, likeness, _onset_offset(usual, rate_hz)


def _fit(residual: Floats, at: int, half: int, usual: Floats) -> float:
    part = residual[max(0, at - half): at + half + 1]
    return likeness(part[None], usual[None]) if part.size == usual.size else -1.0


def _onset_offset(usual: Floats, rate_hz: float) -> int:
    """Samples from the middle of the averaged P back to its onset.

    The steepest upstroke, prolonged, meets the baseline a little late: a rounded wave begins a fifth farther out.
    """
    smoothed = uniform_filter1d(usual, max(1, round(0.012 * rate_hz)))
    middle = smoothed.size // 2
    rise = np.gradient(smoothed[: middle + 1])
    steepest = int(np.argmax(rise))
    baseline = float(np.median(smoothed[: max(3, round(0.025 * rate_hz))]))
    if rise[steepest] <= 0:
        return round(0.05 * rate_hz)
    onset = steepest - (float(smoothed[steepest]) - baseline) / float(rise[steepest])
    return int(np.clip(round(1.2 * (middle - onset)), round(0.02 * rate_hz), round(0.09 * rate_hz)))
