"""What is drawn of a lead: every sample, or the true extremes of each column; gaps stay gaps."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.domain.recording import Lead
from graticule.presenters.ecg_trace import LeadTrace


def trace(values: np.ndarray, rate: int = 250, **more: object) -> LeadTrace:
    return LeadTrace(Lead("II", values, 200.0, **more), Fraction(rate))


def drawn_mv(one: LeadTrace, start: float, end: float, columns: int) -> np.ndarray:
    return one.between(start, end, columns).millivolts + one.shift_mv


def test_every_sample_is_drawn_while_there_are_few() -> None:
    values = np.arange(2500, dtype=np.int16)
    out = trace(values).between(2.0, 4.0, 2000)
    assert out.merged == 1
    inside = (out.seconds >= 2.0) & (out.seconds <= 4.0)
    assert np.array_equal(np.round(out.seconds[inside] * 250), np.arange(500, 1001))
    assert np.allclose(drawn_mv(trace(values), 2, 4, 2000)[inside], np.arange(500, 1001) / 200)


@pytest.mark.parametrize(("seconds", "columns"), [(60, 500), (600, 400), (3600, 300), (3600, 1300)])
def test_a_single_spike_is_never_lost(seconds: int, columns: int) -> None:
    values = np.zeros(seconds * 250, dtype=np.int16)
    values[seconds * 100] = 400
    values[seconds * 150] = -300
    out = trace(values).between(0, seconds, columns)
    assert np.nanmax(out.millivolts) == 2.0 and np.nanmin(out.millivolts) == -1.5
    at = out.seconds[np.nanargmax(out.millivolts)]
    assert abs(at - seconds * 100 / 250) <= 1.5 * seconds / columns
    assert out.seconds.size <= 3.2 * columns


@settings(max_examples=40)
@given(st.integers(0, 90), st.integers(1, 120), st.integers(3, 400), st.integers(0, 5))
def test_extremes_are_the_signal_s_own(start: int, span: int, columns: int, seed: int) -> None:
    values = np.random.default_rng(seed).integers(-2000, 2000, 30000).astype(np.int16)
    one = trace(values)
    out = one.between(start, start + span, columns)
    first, last = max(0, start * 250), min(30000, (start + span) * 250)
    if last <= first:
        return
    shown = drawn_mv(one, start, start + span, columns) * 200
    assert shown.max() >= values[first:last].max() - 1e-6
    assert shown.min() <= values[first:last].min() + 1e-6
    around = values[max(0, first - 2 * out.merged):last + 2 * out.merged + 2]
    assert shown.max() <= around.max() + 1e-6 and shown.min() >= around.min() - 1e-6


def test_a_gap_is_nan_at_every_zoom() -> None:
    values = np.full(250 * 600, 100, dtype=np.int16)
    values[250 * 200:250 * 400] = -32768
    one = trace(values, invalid=-32768)
    for start, end, columns in ((190, 210, 8000), (0, 600, 400), (100, 500, 1000)):
        out = one.between(start, end, columns)
        inside = (out.seconds > 201) & (out.seconds < 399)
        assert np.isnan(out.millivolts[inside]).all()
        assert np.isfinite(out.millivolts[out.seconds < 199]).all()
    assert one.at(300.0) is None and one.at(100.0) == 0.5


def test_an_electrode_offset_is_taken_off_the_paper_but_not_off_the_value() -> None:
    values = np.full(2500, 600, dtype=np.int16)
    one = trace(values)
    assert np.allclose(one.between(0, 5, 2000).millivolts, 0.0)
    assert one.at(1.0) == 3.0


@pytest.mark.parametrize(("unit", "millivolts"), [("mV", 1.0), ("uV", 0.001), ("V", 1000.0)])
def test_voltages_of_any_unit_become_millivolts(unit: str, millivolts: float) -> None:
    one = trace(np.array([0] * 100 + [200], dtype=np.int16), unit=unit)
    assert one.at(100 / 250) == pytest.approx(millivolts)
    assert not one.own_scale


def test_what_is_no_voltage_has_a_scale_of_its_own() -> None:
    assert trace(np.arange(1000, dtype=np.int16), unit="mmHg").own_scale


def test_a_slower_lead_keeps_its_own_rate() -> None:
    one = LeadTrace(Lead("Resp", np.arange(100, dtype=np.int16), 200.0, step=4), Fraction(100))
    out = one.between(0, 4, 4000)
    assert out.seconds[-1] == pytest.approx(99 * 4 / 100)


def test_nothing_is_drawn_outside_the_record() -> None:
    assert trace(np.zeros(100, dtype=np.int16)).between(5, 6, 100).seconds.size == 0
