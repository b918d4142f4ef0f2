"""Rates, pauses, burdens, ectopy and variability: counted by hand, by plain Python, or by the marks of real records."""

import statistics
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.codes import Code
from graticule.domain.elements import Beat, Episode
from graticule.domain.labels import Labels
from graticule.formats.ecg.atr import BEATS, decode
from graticule.quality.ecg_numbers import EcgNumbers, ecg_numbers
from graticule.quality.episodes import joined
from graticule.quality.heart_rate import pauses
from graticule.quality.heartbeats import heartbeats, touching, within
from real_data import DATA, needs_data

RATE = Fraction(1000)


def labelled(beats: list[tuple[int, str]], *episodes: tuple[str, str, int, int]) -> Labels:
    labels = Labels()
    for tick, symbol in beats:
        labels.put("beat", f"b{tick}", Beat(id=f"b{tick}", tick=tick, symbol=symbol))
    for n, (track, code, start, end) in enumerate(episodes):
        labels.put("episode", f"e{n}", Episode(id=f"e{n}", track=track, start=start, end=end, code=Code("graticule", code, "1")))
    return labels


def spaced(symbols: str, every: int = 800) -> list[tuple[int, str]]:
    return [(1000 + n * every, symbol) for n, symbol in enumerate(symbols)]


def numbers(beats: list[tuple[int, str]], *episodes: tuple[str, str, int, int], end: int = 100_000) -> EcgNumbers:
    return ecg_numbers(labelled(beats, *episodes), RATE, end)


def test_rates_over_eight_beats():
    beats = [(1000 * n, "N") for n in range(20)] + [(19_000 + 500 * n, "N") for n in range(1, 13)]
    found = numbers(beats).rates
    assert found.slowest is not None and found.fastest is not None
    assert (found.slowest.value, found.fastest.value, found.fastest.tick) == (60.0, 120.0, 19_000)
    assert found.mean == pytest.approx(60_000 / ((19 * 1000 + 12 * 500) / 31))


def test_pauses_and_the_longest_interval_stop_at_noise():
    beats = [(1000, "N"), (2000, "N"), (4500, "N"), (5500, "N"), (9500, "N"), (10_000, "N")]
    found = numbers(beats)
    assert [(ms, [at.tick for at in all_of]) for ms, all_of in found.pauses] == [(2000, [2000, 5500]), (3000, [5500])]
    gated = numbers(beats, ("quality", "q_nosignal", 6000, 9000))
    assert [len(all_of) for _, all_of in gated.pauses] == [1, 0]
    assert gated.longest is not None and (gated.longest.value, gated.longest.tick) == (2500, 2000)
    assert gated.left_out_s == 3.0
    assert not pauses(heartbeats(labelled(beats), RATE, 20_000), 4000)   # exactly 4 s is not longer than 4 s


def test_couplets_runs_bigeminy_and_trigeminy():
    found = numbers(spaced("NVVNNVVVVNNVNVNVNNNVNNVNNVNNN")).ventricular
    assert (len(found.couplets), len(found.runs), found.longest.beats if found.longest else 0) == (1, 1, 4)
    assert [(row.tick - 1000) // 800 for row in found.bigeminy] == [11]
    assert [(row.tick - 1000) // 800 for row in found.trigeminy] == [19]
    assert found.single == found.beats - 2 - 4
    broken = numbers(spaced("NVNVNVN"), ("quality", "q_severe", 3000, 3100)).ventricular
    assert broken.bigeminy == ()


def test_burdens_leave_out_noise_and_escapes():
    beats = spaced("NVNANENN/j")
    found = numbers(beats, ("rhythm", "afib", 0, 40_000), ("quality", "q_severe", 20_000, 60_000)).burdens
    assert (found.af.hits, found.af.total) == (20_000, 60_000)
    assert (found.pvc.hits, found.pac.hits, found.paced.hits, found.pvc.total) == (1, 1, 1, 10)


def test_variability_counts_only_intervals_between_normal_sinus_beats():
    ticks = np.cumsum([0, 800, 810, 790, 400, 1200, 800, 860, 800])
    beats = [(int(t), s) for t, s in zip(ticks, "NNNNVNNNN", strict=True)]
    found = numbers(beats).variability
    nn = [800, 810, 790, 800, 860, 800]
    assert found.intervals == len(nn) and found.left_out == 2
    assert found.sdnn == pytest.approx(statistics.stdev(nn))
    assert found.rmssd == pytest.approx((np.mean(np.square([10, -20, 60, -60]))) ** 0.5)
    assert found.pnn50 == pytest.approx(50.0)
    assert numbers(beats, ("rhythm", "afib", 0, 5000)).variability.intervals < len(nn)


def test_five_minute_parts():
    beats, at = [], 0
    for every in (800, 900, 1000):
        for n in range(300_000 // every):
            beats.append((at, "N"))
            at += every + (10 if n % 2 else -10)
    found = numbers(beats, end=at).variability
    assert found.segments == 3
    assert found.sdann == pytest.approx(100, rel=0.02)
    assert found.sdnn_index == pytest.approx(10, rel=0.35)


def test_no_beats_have_no_numbers():
    found = numbers([])
    assert found.rates.mean is None and found.longest is None and found.variability.sdnn is None
    assert found.burdens.pvc.value is None and found.burdens.af.value == 0.0


@needs_data
@pytest.mark.parametrize(("record", "beats", "pvc", "ticks"), [
    ("100", 2273, 1, 650_000), ("119", 1987, 444, 650_000), ("201", 1963, 198, 650_000), ("217", 2208, 162, 650_000)])
def test_real_records(record, beats, pvc, ticks):
    marks = [m for m in decode((DATA / "ecg" / "mitdb" / f"{record}.atr").read_bytes()).marks if m.symbol in BEATS]
    found = ecg_numbers(labelled([(m.sample, m.symbol) for m in marks]), Fraction(360), ticks)
    assert (found.beats, found.burdens.pvc.hits) == (beats, pvc)
    rr = np.diff([m.sample for m in marks]) / 360
    assert found.rates.mean == pytest.approx(60 / rr.mean())
    assert found.longest is not None and found.longest.value == pytest.approx(1000 * rr.max())
    nn = [1000 * (b.sample - a.sample) / 360 for a, b in pairwise(marks) if {a.symbol, b.symbol} <= set("NLRB")]
    assert found.variability.sdnn == pytest.approx(statistics.stdev(nn) if len(nn) > 1 else None)


spans = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 40)).map(lambda p: (p[0], p[0] + p[1])), max_size=8)
ticks = st.lists(st.integers(0, 340), min_size=2, max_size=30, unique=True).map(sorted)


@given(spans, ticks)
def test_gates_are_those_counted_tick_by_tick(raw, at):
    holes = joined(raw)
    out = {t for start, end in holes for t in range(start, end)}
    array = np.array(at)
    assert within(array, holes).tolist() == [t in out for t in at]
    assert touching(array, holes).tolist() == [any(t in out for t in range(a, b)) for a, b in pairwise(at)]
