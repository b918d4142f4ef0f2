"""The record clock: ticks and seconds, leads slower than the clock, samples without a signal."""

from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.recording import STANDARD_LEADS, Lead, Recording

rates = st.fractions(min_value=Fraction(1), max_value=Fraction(20000), max_denominator=1001)


def _recording(rate: Fraction, ticks: int, names=("II",)) -> Recording:
    return Recording(tuple(Lead(name, np.zeros(ticks, np.int16), 200.0) for name in names), rate, ticks)


@given(rates, st.integers(1, 10_000), st.data())
def test_a_tick_comes_back_from_its_time(rate, ticks, data):
    recording = _recording(rate, ticks)
    tick = data.draw(st.integers(0, ticks))
    assert recording.tick(recording.seconds(tick)) == tick


def test_times_outside_are_kept_inside():
    recording = _recording(Fraction(360), 720)
    assert (recording.tick(-1), recording.tick(99), recording.duration_s) == (0, 720, 2.0)


def test_samples_become_millivolts_and_gaps_stay_gaps():
    lead = Lead("II", np.array([1024, 1224, -32768], np.int16), gain=200.0, baseline=1024.0, invalid=-32768)
    assert np.array_equal(lead.physical(), [0.0, 1.0, np.nan], equal_nan=True)
    assert lead.physical(1, 2).tolist() == [1.0]


def test_twelve_leads_are_recognised_by_name():
    assert _recording(Fraction(500), 10, tuple(name.upper() for name in STANDARD_LEADS)).twelve_lead
    assert not _recording(Fraction(500), 10, STANDARD_LEADS[:11]).twelve_lead
    assert _recording(Fraction(500), 10).lead("ii").name == "II"
    assert _recording(Fraction(500), 10).lead("V1") is None
