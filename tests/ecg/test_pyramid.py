import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.domain.recording import Lead
from graticule.ecg.pyramid import Pyramid

SEEDS = st.integers(0, 2**32 - 1)


def by_hand(lead: Lead, start: float, end: float, count: int) -> tuple[np.ndarray, np.ndarray]:
    edges = start + (end - start) * np.arange(count + 1) / count
    values = lead.physical()
    low, high = np.full(count, np.nan), np.full(count, np.nan)
    for column in range(count):
        a, b = int(np.floor(edges[column])), max(int(np.ceil(edges[column + 1])), int(np.floor(edges[column])) + 1)
        part = values[max(0, a):max(0, b)]
        part = part[~np.isnan(part)]
        if part.size:
            low[column], high[column] = part.min(), part.max()
    return low, high


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40_000), st.integers(1, 300), st.floats(-0.2, 1.1), st.floats(0.001, 1.3), SEEDS, st.booleans())
def test_every_column_holds_the_exact_extremes_of_its_samples(size, count, begin, span, seed, gaps):
    digital = np.random.default_rng(seed).integers(-30000, 30000, size).astype(np.int16)
    if gaps:
        digital[size // 3: size // 2] = -32768
    lead = Lead("II", digital, 200.0, 12.0, invalid=-32768 if gaps else None)
    start, end = begin * size, (begin + span) * size
    low, high = Pyramid.of(lead).columns(start, end, count)
    expected_low, expected_high = by_hand(lead, start, end, count)
    np.testing.assert_array_equal(low, expected_low)
    np.testing.assert_array_equal(high, expected_high)


def test_a_single_spike_in_a_long_record_is_seen_at_every_zoom():
    digital = np.zeros(3_000_000, np.int16)
    digital[1_234_567] = 900
    pyramid = Pyramid.of(Lead("II", digital, 200.0))
    for start, end in ((0, 3_000_000), (1_000_000, 1_500_000), (1_234_000, 1_235_000)):
        _, high = pyramid.columns(start, end, 700)
        assert high.max() == 4.5
        assert int(np.argmax(high)) == int((1_234_567 - start) * 700 // (end - start))


def test_levels_cost_little():
    pyramid = Pyramid.of(Lead("II", np.zeros(1_000_000, np.int16), 200.0))
    extra = sum(level.nbytes for level in (*pyramid.lows[1:], *pyramid.highs[1:]))
    assert extra < 0.04 * pyramid.lows[0].nbytes


def test_a_lead_with_negative_gain_is_not_upside_down():
    pyramid = Pyramid.of(Lead("II", np.array([0, 100, -50], np.int16), -100.0))
    low, high = pyramid.columns(0, 3, 1)
    assert (low[0], high[0]) == pytest.approx((-1.0, 0.5))
