"""Stretches worth a look, found from beats and letters: runs, pauses, bigeminy, atrial fibrillation. Offered, not tagged."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import median_filter, uniform_filter1d

from graticule.domain.geometry import Array, Floats
from graticule.domain.recording import Lead, Recording
from graticule.ecg.beat_finder import samples
from graticule.ecg.beat_shapes import windows

PAUSE_S, RUN_RATE, LONG_RUN_S = 2.0, 100.0, 30.0
AF_BEATS, AF_LEAST_BEATS, AF_IRREGULAR, AF_SURE = 31, 31, 0.09, 0.16
COUPLED, TRIPLED = 6, 9            # beats of a stretch that is called bigeminy, trigeminy
P_BEFORE_S, P_AFTER_S, P_BEATS = 0.26, 0.06, 120
P_CLEAR_MV = 0.035
AUDIT_S = 10.0

COUPLET, RUN, LONG_RUN, BIGEMINY, TRIGEMINY = "v_couplet", "nsvt", "vt", "v_bigeminy", "v_trigeminy"
SUPRA_RUN, ATRIAL_BIGEMINY, PAUSE, FIBRILLATION, SLOW_RUN = "psvt", "atrial_bigeminy", "pause", "afib", "v_run"
AUDIT = "audit"

_V, _S = (tuple(map(ord, letters)) for letters in ("VE", "SAaJ"))
# Beats whose intervals say nothing of the rhythm they interrupt.
ECTOPIC = (*_V, *_S)
_PATTERNS = ((_V, 2, COUPLED, BIGEMINY), (_V, 3, TRIPLED, TRIGEMINY), (_S, 2, COUPLED, ATRIAL_BIGEMINY))


@dataclass(frozen=True, slots=True)
class Candidate:
    """[start, end) ticks that may be `slug` of the rhythm table (AUDIT: nothing is claimed). beats: how many; doubt: 0 sure … 1.

    fact: what was measured, in whole units ("4 beats, 142/min").
    """

    slug: str
    start: int
    end: int
    beats: int
    doubt: float
    fact: str

    @property
    def key(self) -> str:
        """The same for the same stretch whenever it is looked for again."""
        return f"{self.slug}@{self.start}"


def candidates(recording: Recording, ticks: Array, symbols: Array, doubt: Array, p_lead: Lead | None = None) -> list[Candidate]:
    """All candidates of a record, the most doubtful first.

    ticks: (n,) int64 rising; symbols: (n,) uint8; doubt: (n,) float of each beat. p_lead: where P waves are looked for in
    stretches of irregular rhythm; None to go by the intervals alone.
    """
    if ticks.size < 3:
        return []
    found = [*_runs(recording, ticks, symbols, doubt), *_alternations(recording, ticks, symbols, doubt),
             *_pauses(recording, ticks), *_fibrillation(recording, ticks, symbols, p_lead)]
    return sorted(found, key=lambda one: (-round(one.doubt, 3), one.start, one.slug))


def audit_sample(recording: Recording, ticks: Array, count: int, seed: int) -> list[Candidate]:
    """`count` stretches of 10 s, each instant as likely as any other: what a reviewer of candidates alone would miss.

    The same seed gives the same sample on every machine (PCG64 as numpy defines it).
    """
    length = recording.tick(AUDIT_S)
    room = max(1, recording.ticks - length)
    starts = np.sort(np.random.Generator(np.random.PCG64(seed)).integers(0, room, count))
    inside = np.searchsorted(ticks, starts + length) - np.searchsorted(ticks, starts)
    return [Candidate(AUDIT, int(start), int(min(start + length, recording.ticks)), int(beats), 0.0, f"{beats} beats in 10 s")
            for start, beats in zip(starts, inside, strict=True)]


def stretches(mask: Array) -> list[tuple[int, int]]:
    """[first, last) of each run of True."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8), prepend=0, append=0))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _runs(recording: Recording, ticks: Array, symbols: Array, doubt: Array) -> Iterator[Candidate]:
    for first, last in stretches(np.isin(symbols, _V)):
        beats, rate = last - first, _rate(recording, ticks, first, last)
        if beats == 2:
            yield _made(COUPLET, recording, ticks, first, last, doubt, f"2 beats, {rate:.0f}/min")
        elif beats > 2:
            seconds = float((ticks[last - 1] - ticks[first]) / recording.rate)
            slug = SLOW_RUN if rate < RUN_RATE else LONG_RUN if seconds >= LONG_RUN_S else RUN
            yield _made(slug, recording, ticks, first, last, doubt, f"{beats} beats, {rate:.0f}/min")
    for first, last in stretches(np.isin(symbols, _S)):
        if last - first >= 3:
            yield _made(SUPRA_RUN, recording, ticks, first, last, doubt,
                        f"{last - first} beats, {_rate(recording, ticks, first, last):.0f}/min")


def _alternations(recording: Recording, ticks: Array, symbols: Array, doubt: Array) -> Iterator[Candidate]:
    for letters, every, least, slug in _PATTERNS:
        early = np.isin(symbols, letters)
        fits = early.copy()
        for step in range(1, every):
            fits &= ~np.roll(early, step) | (np.arange(early.size) < step)
        # A premature beat belongs when the next or the one before stands exactly `every` beats away with none between.
        pair = fits[:-every] & fits[every:]
        member = np.zeros(early.size, bool)
        for step in range(every + 1):
            member[step: step + pair.size] |= pair
        for first, last in stretches(member):
            if last - first >= least:
                yield _made(slug, recording, ticks, first, last, doubt, f"{int(early[first:last].sum())} of {last - first} beats")


def _pauses(recording: Recording, ticks: Array) -> Iterator[Candidate]:
    """Long intervals in which a signal was there all the time: a gap of the recording is no pause of the heart."""
    limit = PAUSE_S * float(recording.rate)
    for at in np.flatnonzero(np.diff(ticks) >= limit):
        start, end = int(ticks[at]), int(ticks[at + 1])
        if any(not np.isnan(samples(lead, start, end)).any() for lead in recording.leads):
            seconds = recording.seconds(end - start)
            yield Candidate(PAUSE, start, end, 2, float(np.clip(1 - (seconds - PAUSE_S), 0.1, 1.0)), f"RR {seconds:.2f} s")


def _fibrillation(recording: Recording, ticks: Array, symbols: Array, p_lead: Lead | None) -> Iterator[Candidate]:
    """Irregular intervals of beats that are not ectopic, over 30 beats and more, without a P wave that keeps its place."""
    beats = np.flatnonzero(~np.isin(symbols, ECTOPIC))
    if beats.size < AF_LEAST_BEATS:
        return
    level = irregularity(ticks[beats], np.diff(beats) == 1)
    for first, last in stretches(level >= AF_IRREGULAR):
        if last - first >= AF_LEAST_BEATS:
            part = ticks[beats[first:last]]
            height = None if p_lead is None else p_height(recording, p_lead, part)
            irregular = float(np.median(level[first:last]))
            yield Candidate(FIBRILLATION, int(part[0]), int(part[-1]) + 1, last - first, _af_doubt(irregular, height),
                            f"RR changes by {irregular:.0%} from beat to beat" + (
                                "" if height is None else f", P {height * 1000:.0f} µV"))


def irregularity(ticks: Array, following: Array) -> Floats:
    """(n,) how irregular the rhythm round each beat is: the median change of successive intervals over the median interval of 31.

    following: (n − 1,) whether nothing stands between two beats; other intervals do not count. Early and late beats that come one
    by one move a median little, so it stays low in bigeminy-free sinus rhythm with extrasystoles.
    """
    intervals = np.diff(ticks).astype(np.float64)
    intervals[~following] = np.nan
    known = np.flatnonzero(following)
    if known.size < 3:
        return np.zeros(ticks.size)
    filled = np.interp(np.arange(intervals.size), known, intervals[known])
    change = np.abs(np.diff(filled, prepend=filled[0]))
    width = min(AF_BEATS, filled.size)
    usual, changes = (median_filter(part, size=width, mode="nearest") for part in (filled, change))
    # Few different intervals (bigeminy, 2:1) are a pattern, not chance: the change must also change.
    chance = median_filter(np.abs(np.diff(change, prepend=change[0])), size=width, mode="nearest")
    out = np.minimum(changes, 1.6 * chance) / np.maximum(usual, 1e-9)
    out = uniform_filter1d(out, min(15, out.size), mode="nearest")
    return np.concatenate((out[:1], out))


def p_height(recording: Recording, lead: Lead, ticks: Array) -> float:
    """Height in mV of what stands before the QRS in the mean of up to 120 beats: a P wave that keeps its place survives there."""
    rate = float(recording.rate)
    chosen = ticks[np.linspace(0, ticks.size - 1, min(ticks.size, P_BEATS)).astype(int)]
    rows = np.stack(list(windows(lead, chosen, rate, P_BEFORE_S, -P_AFTER_S, recording.ticks)))
    mean = np.median(rows, axis=0)
    mean = uniform_filter1d(mean - np.linspace(mean[:3].mean(), mean[-3:].mean(), mean.size), max(1, round(0.02 * rate)))
    return float(np.ptp(mean))


def _af_doubt(irregular: float, height: float | None) -> float:
    by_time = np.clip(1 - (irregular - AF_IRREGULAR) / (AF_SURE - AF_IRREGULAR), 0, 1)
    by_p = 0.3 if height is None else np.clip((height - P_CLEAR_MV) / (2 * P_CLEAR_MV), 0, 1)
    return float(max(0.7 * by_time, by_p))


def _made(slug: str, recording: Recording, ticks: Array, first: int, last: int, doubt: Array, fact: str) -> Candidate:
    """A candidate from beat `first` to before beat `last`, ended at the last beat's tick."""
    return Candidate(slug, int(ticks[first]), int(ticks[last - 1]) + 1, last - first, float(doubt[first:last].max()), fact)


def _rate(recording: Recording, ticks: Array, first: int, last: int) -> float:
    """Beats a minute within a run, or from it to its neighbour for a single interval."""
    seconds = float((ticks[last - 1] - ticks[first]) / recording.rate)
    return 60 * (last - first - 1) / seconds if seconds > 0 else 0.0


