"""Beats of real records against their reference annotations, and of records that are hard in one way each."""

import dataclasses
from collections import Counter

import numpy as np
import pytest

from graticule.domain.errors import Cancelled
from graticule.domain.progress import Stoppable
from graticule.domain.recording import Recording
from graticule.ecg.beat_classes import draft_beats
from graticule.ecg.beat_finder import find_beats, local_extremum
from graticule.ecg.rhythm_candidates import candidates
from graticule.formats.ecg.atr import BEATS, decode
from graticule.formats.ecg.record import read_record
from graticule.quality.beats import compare_beats
from real_data import DATA, needs_data

MITDB = DATA / "ecg" / "mitdb"
# Least beats found of the reference's, most found besides.
FIGURES = {"100": (2272, 0), "119": (1987, 1), "201": (1928, 2), "217": (2206, 3), "231_first15min": (776, 0)}


def record(name: str) -> tuple[Recording, list[tuple[int, str]]]:
    path = MITDB / f"{name}.hea"
    marks = decode(path.with_suffix(".atr").read_bytes()).marks
    return read_record(path), [(mark.sample, mark.symbol) for mark in marks if mark.symbol in BEATS]


def shaken(recording: Recording, lead: int, millivolts: float) -> Recording:
    """One lead drowned in noise of muscle's frequencies."""
    one = recording.leads[lead]
    noise = np.convolve(np.random.default_rng(0).normal(0, 1, len(one.digital)), np.ones(12) / np.sqrt(12), "same")
    leads = list(recording.leads)
    leads[lead] = dataclasses.replace(one, digital=(np.asarray(one.digital) + noise * millivolts * one.gain).astype(np.int16))
    return dataclasses.replace(recording, leads=tuple(leads))


@needs_data
@pytest.mark.parametrize("name", FIGURES)
def test_beats_of_real_records_are_found_within_150_ms(name):
    recording, reference = record(name)
    found = compare_beats(reference, [(int(tick), "N") for tick in find_beats(recording)], recording.rate)
    least, most_extra = FIGURES[name]
    assert found.se.hits >= least
    assert found.ppv.total - found.ppv.hits <= most_extra


@needs_data
@pytest.mark.parametrize("lead", [0, 1])
def test_a_lead_full_of_noise_does_not_drown_the_other(lead):
    recording, reference = record("119")
    found = compare_beats(reference, [(int(t), "N") for t in find_beats(shaken(recording, lead, 0.5))], recording.rate)
    assert found.se.hits >= 1986
    assert found.ppv.total - found.ppv.hits <= 2


@needs_data
def test_a_gap_holds_no_beats_and_makes_none_at_its_edges():
    recording, reference = record("100")
    first, last = 100_000, 140_000
    leads = []
    for lead in recording.leads:
        digital = np.array(lead.digital)
        digital[first:last] = -32768
        leads.append(dataclasses.replace(lead, digital=digital, invalid=-32768))
    peaks = find_beats(dataclasses.replace(recording, leads=tuple(leads)))
    assert not ((peaks >= first) & (peaks < last)).any()
    kept = [beat for beat in reference if not first - 50 <= beat[0] < last + 50]
    found = compare_beats(kept, [(int(t), "N") for t in peaks if not first - 50 <= t < last + 50], recording.rate)
    assert found.se.hits >= len(kept) - 2
    assert found.ppv.hits == found.ppv.total


@needs_data
def test_stretch_by_stretch_finds_what_the_whole_at_once_finds(monkeypatch):
    recording, _ = record("217")
    whole = find_beats(recording)
    monkeypatch.setattr("graticule.ecg.beat_finder.STRETCH_S", 60)
    parts = find_beats(recording)
    found = compare_beats([(int(t), "N") for t in whole], [(int(t), "N") for t in parts], recording.rate)
    assert found.se.total - found.se.hits <= 2
    assert found.ppv.total - found.ppv.hits <= 2


@needs_data
def test_a_beat_that_is_set_beside_a_peak_stands_on_it():
    recording, _ = record("100")
    peak = int(find_beats(recording, leads=["MLII"])[20])
    assert {local_extremum(recording.leads[0], peak + by, 360.0, recording.ticks) for by in (-12, -3, 0, 5, 14)} == {peak}


def test_looking_can_be_stopped(tmp_path):
    from graticule.ecg.synthetic import PATTERNS, make

    stopped = Stoppable()
    stopped.stop()
    with pytest.raises(Cancelled):
        find_beats(make(PATTERNS[0], 30).recording, stopped)


def drafted(name: str) -> tuple[Counter, float]:
    """(how often each (reference, draft) pair, share of beats whose shape's majority they belong to: N, V or paced)."""
    recording, reference = record(name)
    drafts = draft_beats(recording)
    ticks, letters = np.array([t for t, _ in reference]), np.array([s for _, s in reference])
    right = np.clip(np.searchsorted(ticks, drafts.ticks), 1, len(ticks) - 1)
    near = np.where(np.abs(ticks[right - 1] - drafts.ticks) < np.abs(ticks[right] - drafts.ticks), right - 1, right)
    true = letters[near]
    pure = sum(Counter(true[drafts.shapes.shape == n].tolist()).most_common(1)[0][1] for n in np.unique(drafts.shapes.shape))
    return Counter(zip(true.tolist(), map(chr, drafts.symbols), strict=True)), pure / len(true)


@needs_data
def test_shapes_of_119_tell_ventricular_beats_from_normal_ones():
    pairs, purity = drafted("119")
    assert purity >= 0.999
    assert pairs["V", "V"] == 444
    assert pairs["N", "N"] >= 1543


@needs_data
def test_shapes_of_217_tell_paced_from_normal_and_ventricular_beats():
    pairs, purity = drafted("217")
    assert purity >= 0.98
    assert pairs["/", "/"] >= 1535     # of 1542
    assert pairs["V", "V"] >= 155      # of 162
    assert pairs["N", "N"] >= 230      # of 244


@needs_data
def test_early_beats_of_a_regular_rhythm_are_supraventricular():
    pairs, _ = drafted("100")
    assert pairs["A", "S"] == 33
    assert pairs["V", "V"] == 1
    assert pairs["N", "S"] == 0


@needs_data
def test_fibrillation_and_pauses_of_201_are_offered_where_the_reference_has_them():
    recording, _ = record("201")
    drafts = draft_beats(recording)
    found = candidates(recording, drafts.ticks, drafts.symbols, drafts.doubt, recording.leads[0])
    fibrillation = [(c.start / 360, c.end / 360) for c in found if c.slug == "afib"]
    for start, end in ((5, 375), (482, 510), (1600, 1785)):   # within (AFIB of the reference
        assert sum(max(0.0, min(end, b) - max(start, a)) for a, b in fibrillation) >= 0.9 * (end - start)
    outside = sum(b - a for a, b in fibrillation) - 378 - 37 - 190
    assert outside < 200
    pauses = [c.start / 360 for c in found if c.slug == "pause"]
    assert any(abs(at - 378) < 2 for at in pauses)
    assert any(abs(at - 1787) < 2 for at in pauses)


@needs_data
def test_sinus_rhythm_offers_no_fibrillation():
    for name in ("100", "119", "231_first15min"):
        recording, _ = record(name)
        drafts = draft_beats(recording)
        assert [c for c in candidates(recording, drafts.ticks, drafts.symbols, drafts.doubt) if c.slug == "afib"] == []
