"""Leads that follow from others: exact where they can be, marked, and absent signal stays absent."""

from fractions import Fraction

import numpy as np
import pytest

from graticule.domain.recording import Lead, Recording
from graticule.ecg.derived_leads import minus_avr, with_derived
from graticule.ecg.median_beat import median_beat
from graticule.ecg.qrs import find_qrs
from graticule.ecg.vector import AXES, INVERSE_DOWER, KORS, frank, frank_beat, loop
from graticule.formats.ecg.record import read_record
from real_data import DATA, needs_data


def record(gain_two: float = 200.0) -> Recording:
    rng = np.random.default_rng(1)
    one, two = (rng.integers(-900, 900, 500).astype(np.int16) for _ in range(2))
    one[100] = -32768
    leads = (Lead("I", one, 200.0, 3.0, invalid=-32768), Lead("II", two, gain_two, -5.0, invalid=-32768))
    return Recording(leads, Fraction(250), 500)


@pytest.mark.parametrize(("gain_two", "within"), [(200.0, 1e-12), (350.0, 0.00006)])
def test_einthoven_and_goldberger(gain_two: float, within: float) -> None:
    made = with_derived(record(gain_two))
    one, two = (made.lead(name).physical() for name in ("I", "II"))
    expected = {"III": two - one, "aVR": -(one + two) / 2, "aVL": one - two / 2, "aVF": two - one / 2}
    for name, values in expected.items():
        lead = made.lead(name)
        assert lead.derived
        np.testing.assert_allclose(lead.physical(), values, atol=within)   # NaN stands where I had no signal
        assert np.isnan(lead.physical()[100])


def test_leads_that_are_there_are_left_alone() -> None:
    own = record()
    all_there = Recording((*own.leads, *(Lead(name, np.zeros(500, np.int16), 200.0) for name in ("III", "aVR", "aVL", "aVF"))),
                          Fraction(250), 500)
    assert with_derived(all_there) is all_there
    assert with_derived(Recording(own.leads[:1], Fraction(250), 500)).leads == own.leads[:1]


def test_minus_avr_is_avr_upside_down_without_a_copy() -> None:
    made = with_derived(record())
    upside_down = minus_avr(made)
    assert np.array_equal(upside_down.physical(), -made.lead("aVR").physical(), equal_nan=True)
    assert upside_down.digital is made.lead("aVR").digital


def test_a_vector_needs_all_eight_leads() -> None:
    assert frank({"I": np.zeros(3)}) is None


def test_planes_are_drawn_as_they_are_looked_at() -> None:
    left_down_back = np.array([[1.0], [2.0], [3.0]])
    assert loop(left_down_back, "Frontal")[0].tolist() == [1, -2]      # left of the patient is right on the page, the feet below
    assert loop(left_down_back, "Horizontal")[0].tolist() == [1, 3]    # from above: the back is up
    assert len(AXES) == 3


@needs_data
@pytest.mark.parametrize(("method", "least"), [(KORS, (0.97, 0.95, 0.7)), (INVERSE_DOWER, (0.95, 0.97, 0.3))])
def test_derived_axes_resemble_the_recorded_frank_leads(method: str, least: tuple[float, ...]) -> None:
    """PTB's s0010 was recorded with Frank's leads beside the twelve. Its anterior infarct lies on the axis from front to back,
    which a matrix made for everybody then sees worst."""
    recording = read_record(DATA / "ecg" / "ptb_15lead" / "s0010_re.hea")
    beat = median_beat(recording, find_qrs(recording), 0, recording.ticks)
    made = frank_beat(beat, method)
    for axis, name, wanted in zip(made, ("vx", "vy", "vz"), least, strict=True):
        assert np.corrcoef(axis, beat.lead(name))[0, 1] >= wanted
