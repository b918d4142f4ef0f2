"""Strips that no heart made: P, QRS and T put together by rule, so that every interval is known exactly.

For teaching, demonstration and tests of the measurements. They are marked synthetic wherever they are shown and are never
clinical evidence. The same numbers come out on every machine: noise is made from integers, not from a library's generator.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.domain.recording import Lead, Recording

RATE_HZ = 500
GAIN = 1000.0
P_MS, T_MS, ST_MS = 100, 180, 90

# Size in mV of P, q, R, s and T as each lead sees them.
Sizes = tuple[float, float, float, float, float]
LEADS: dict[str, Sizes] = {
    "II": (0.16, -0.08, 1.10, -0.20, 0.30),
    "V1": (0.09, 0.00, 0.25, -0.90, -0.10),
    "V5": (0.12, -0.10, 1.25, -0.25, 0.35),
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule. prs: PR in ms for each P wave of a group, 0 for a P wave that is dropped. code: the slug that is true of it."""

    name: str
    title: str
    code: str
    pp_ms: int
    prs: tuple[int, ...]
    qrs_ms: int = 90


@dataclass(frozen=True, eq=False)
class Strip:
    """A recording and what is true of it: onsets of P and QRS in ticks, and the PR of each P wave (0: dropped)."""

    pattern: Pattern
    recording: Recording
    p_onsets: tuple[int, ...]
    qrs_onsets: tuple[int, ...]
    pr_ms: tuple[int, ...]


PATTERNS = (
    Pattern("2to1", "2:1 AV block", "avb2_2to1", 760, (170, 0)),
    Pattern("wenckebach", "4:3 Wenckebach", "avb2_mobitz1", 800, (180, 260, 310, 0)),
    Pattern("mobitz2", "Mobitz II, 3:2", "avb2_mobitz2", 800, (180, 180, 0), 130),
    Pattern("highgrade", "High-grade AV block, 3:1", "avb_highgrade", 720, (180, 0, 0), 130),
)


def make(pattern: Pattern, seconds: int = 30) -> Strip:
    """A strip of three leads at 500 Hz, 1000 digits per mV, with a little wander and noise."""
    p_ms, qrs_ms, prs = _events(pattern, seconds * 1000)
    return compose(pattern, p_ms, [(onset, pattern.qrs_ms) for onset in qrs_ms], seconds, prs=prs)


def compose(pattern: Pattern, p_ms: Sequence[int], qrs_ms: Sequence[tuple[int, int]], seconds: int, *, prs: Sequence[int] = (),
            rate_hz: int = RATE_HZ, noise_mv: float = 0.006, leads: Mapping[str, Sizes] = MappingProxyType(LEADS)) -> Strip:
    """A strip of P waves and QRS complexes at stated times.

    p_ms: onset of each P wave in ms; qrs_ms: (onset, width) of each QRS in ms. leads: what each lead sees of P, q, R, s and T in
    mV, so that a lead of other polarity is one with the signs changed. noise_mv: its spread.
    """
    ticks = seconds * rate_hz
    p_onsets = [_ticks(onset, rate_hz) for onset in p_ms]
    beats = [(_ticks(onset, rate_hz), _ticks(width, rate_hz)) for onset, width in qrs_ms]
    made = tuple(_lead(name, sizes, ticks, p_onsets, beats, number, rate_hz, noise_mv)
                 for number, (name, sizes) in enumerate(leads.items()))
    recording = Recording(made, Fraction(rate_hz), ticks, synthetic=True)
    return Strip(pattern, recording, tuple(p_onsets), tuple(onset for onset, _ in beats), tuple(prs))


def _events(pattern: Pattern, milliseconds: int) -> tuple[list[int], list[int], list[int]]:
    p_onsets, qrs_onsets, prs = [], [], []
    onset, number, last = 400, 0, milliseconds - 700
    while onset < last:
        pr = pattern.prs[number % len(pattern.prs)]
        p_onsets.append(onset)
        prs.append(pr)
        if pr:
            qrs_onsets.append(onset + pr)
        onset, number = onset + pattern.pp_ms, number + 1
    return p_onsets, qrs_onsets, prs


def _lead(name: str, sizes: Sizes, ticks: int, p_onsets: list[int], beats: list[tuple[int, int]], number: int, rate_hz: int,
          noise_mv: float) -> Lead:
    p, q, r, s, t = sizes
    signal = _wander(ticks, number, rate_hz) + noise_mv * _noise(ticks, number)
    for onset in p_onsets:
        _add(signal, onset, p * _hump(_ticks(P_MS, rate_hz)))
    for onset, width in beats:
        _add(signal, onset, _qrs(width, q, r, s))
        _add(signal, onset + width + _ticks(ST_MS, rate_hz), t * _hump(_ticks(T_MS, rate_hz)))
    return Lead(name, np.rint(signal * GAIN).astype(np.int16), GAIN)


def _qrs(width: int, q: float, r: float, s: float) -> Floats:
    """Three overlapping deflections that together fill the width."""
    out = np.zeros(width)
    for share, length, size in ((0.0, 0.3, q), (0.18, 0.5, r), (0.6, 0.4, s)):
        _add(out, round(share * width), size * _hump(max(3, round(length * width))))
    return out


def _hump(samples: int) -> Floats:
    """A raised cosine from 0 to 1 to 0."""
    out: Floats = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(samples) + 0.5) / samples)
    return out


def _add(signal: Floats, at: int, shape: Floats) -> None:
    end = min(signal.size, at + shape.size)
    signal[at:end] += shape[: max(0, end - at)]


def _wander(ticks: int, number: int, rate_hz: int) -> Floats:
    time = np.arange(ticks) / rate_hz
    out: Floats = 0.02 * np.sin(2 * np.pi * 0.21 * time + number) + 0.01 * np.sin(2 * np.pi * 0.34 * time + 2 * number)
    return out


def _noise(ticks: int, number: int) -> Floats:
    """(ticks,) values of spread 1: the sum of four integer hashes (SplitMix64) per sample."""
    index = np.arange(4 * ticks, dtype=np.uint64) + np.uint64((number + 1) << 40)
    out: Floats = _hash(index).reshape(ticks, 4).sum(axis=1) * np.sqrt(3.0)
    return out


def _hash(index: Array) -> Floats:
    x = index * np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    out: Floats = ((x ^ (x >> np.uint64(31))) >> np.uint64(40)).astype(np.float64) / 2.0**24 - 0.5
    return out


def _ticks(milliseconds: int, rate_hz: int) -> int:
    return milliseconds * rate_hz // 1000
