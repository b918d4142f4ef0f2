"""Filters for the eye, against SciPy on the whole record."""

import numpy as np
import pytest
from scipy.signal import sosfiltfilt, sosfreqz

from graticule.ecg.display_filter import DIAGNOSTIC, MONITOR, RAW, DisplayFilter, filtered
from graticule.presenters.filtered_lead import FilteredLead

FILTERS = [DIAGNOSTIC, MONITOR, DisplayFilter(0.05, 150.0, 50.0), DisplayFilter(0.5, 40.0, 60.0), DisplayFilter(notch_hz=50.0)]


def signal(rate: int, seconds: int = 400) -> np.ndarray:
    """Wander, mains and something like QRS complexes, in mV."""
    rng, time = np.random.default_rng(4), np.arange(rate * seconds) / rate
    wander = np.cumsum(rng.normal(0, 0.003, time.size))
    return wander + 0.2 * np.sin(2 * np.pi * 50 * time) + np.where(time % 0.8 < 0.02, 1.2, 0.0)


@pytest.mark.parametrize("rate", [250, 360, 1000])
@pytest.mark.parametrize("chosen", FILTERS, ids=lambda one: one.text(1000))
def test_a_page_with_its_lead_in_is_the_whole_record_filtered_at_once(chosen: DisplayFilter, rate: int) -> None:
    values = signal(rate)
    whole = filtered(values, chosen, rate)
    part = FilteredLead(lambda a, b: values[a:b], values.size, rate, chosen).mv(150 * rate, 160 * rate)
    assert np.abs(part - whole[150 * rate:160 * rate]).max() < 1e-4   # a tenth of a microvolt
    ends = FilteredLead(lambda a, b: values[a:b], values.size, rate, chosen)
    assert np.abs(ends.mv(0, values.size) - whole).max() < 1e-4


@pytest.mark.parametrize("rate", [360, 500])
def test_the_filter_is_scipy_s_forward_and_backward(rate: int) -> None:
    values = signal(rate)
    sections = MONITOR.sections(rate)
    middle = slice(60 * rate, 340 * rate)
    assert np.abs(filtered(values, MONITOR, rate)[middle] - sosfiltfilt(sections, values)[middle]).max() < 1e-6


@pytest.mark.parametrize("rate", [360, 500, 1000])
@pytest.mark.parametrize("chosen", [DIAGNOSTIC, MONITOR])
def test_both_passes_together_have_their_3_db_where_the_caption_says(chosen: DisplayFilter, rate: int) -> None:
    _, once = sosfreqz(chosen.sections(rate), worN=[chosen.low_hz, chosen.high_hz], fs=rate)
    assert np.abs(once) ** 2 == pytest.approx(np.sqrt(0.5), abs=1e-4)


def test_nothing_moves_in_time() -> None:
    values = np.zeros(5000)
    values[2500] = 1.0
    out = filtered(values, MONITOR, 500)
    assert np.argmax(out) == 2500 and np.allclose(out[2400:2500], out[2501:2601][::-1], atol=1e-6)


def test_a_gap_is_kept_and_smears_into_neither_side() -> None:
    rate = 250
    values = signal(rate)
    left = filtered(values[:100 * rate], MONITOR, rate)
    values[100 * rate:120 * rate] = np.nan
    out = filtered(values, MONITOR, rate)
    assert np.isnan(out[100 * rate:120 * rate]).all() and np.isfinite(out[:100 * rate]).all()
    assert np.array_equal(out[:100 * rate], left)


def test_stored_samples_stay_as_they_are() -> None:
    values = signal(250)
    before = values.copy()
    filtered(values, MONITOR, 250)
    assert np.array_equal(values, before)
    assert filtered(values, RAW, 250) is values


@pytest.mark.parametrize(("chosen", "rate", "text"), [
    (DIAGNOSTIC, 500, "0.05–150 Hz, zero phase"), (DIAGNOSTIC, 250, "from 0.05 Hz, zero phase"), (RAW, 500, ""),
    (DisplayFilter(0.5, 40.0, 60.0), 500, "0.5–40 Hz, notch 60 Hz, zero phase"),
    (DisplayFilter(0.5, 40.0, 60.0), 100, "0.5–40 Hz, zero phase"), (DisplayFilter(notch_hz=50.0), 100, "")])
def test_the_words_claim_only_what_the_sampling_rate_allows(chosen: DisplayFilter, rate: float, text: str) -> None:
    assert chosen.text(rate) == text
