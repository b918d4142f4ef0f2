from fractions import Fraction

import numpy as np
import pytest

from graticule.domain.recording import Lead, Recording
from graticule.ecg.qrs import detect, find_qrs
from graticule.ecg.synthetic import PATTERNS, make
from graticule.formats.ecg.atr import BEATS, decode
from graticule.formats.ecg.record import read_record
from graticule.quality.beats import compare_beats
from real_data import DATA, needs_data


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.name)
def test_every_beat_of_a_synthetic_strip_is_found_and_nothing_else(pattern):
    strip = make(pattern)
    found = find_qrs(strip.recording)
    assert len(found) == len(strip.qrs_onsets)
    assert all(0 <= peak - onset < 40 for peak, onset in zip(found, strip.qrs_onsets, strict=True))


@needs_data
@pytest.mark.parametrize(("record", "least_se", "least_ppv"), [
    ("100", 0.999, 0.999), ("119", 0.999, 0.999), ("201", 0.98, 0.999), ("217", 0.999, 0.998), ("231_first15min", 0.999, 0.999)])
def test_mit_bih_records_are_detected_well(record, least_se, least_ppv):
    path = DATA / "ecg" / "mitdb" / f"{record}.hea"
    recording = read_record(path)
    reference = [(m.sample, m.symbol) for m in decode(path.with_suffix(".atr").read_bytes()).marks if m.symbol in BEATS]
    found = compare_beats(reference, [(int(t), "N") for t in find_qrs(recording)], recording.rate)
    assert found.se.value >= least_se
    assert found.ppv.value >= least_ppv


def test_silence_and_very_short_signals_give_no_beats():
    assert detect([np.zeros(5000)], 250.0).size == 0
    assert detect([np.ones(10)], 250.0).size == 0
    assert detect([], 250.0).size == 0


def test_only_the_asked_stretch_is_searched():
    strip = make(PATTERNS[0])
    found = find_qrs(strip.recording, 5000, 10_000)
    assert found.min() >= 5000
    assert found.max() < 10_000


def test_a_lead_without_signal_does_not_disturb_the_others():
    strip = make(PATTERNS[0])
    dead = Lead("V6", np.full(strip.recording.ticks, -32768, np.int16), 1000.0, invalid=-32768)
    recording = Recording((*strip.recording.leads, dead), Fraction(500), strip.recording.ticks)
    np.testing.assert_array_equal(find_qrs(recording, leads=["II", "V6"]), find_qrs(recording, leads=["II"]))
