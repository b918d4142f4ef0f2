"""Intervals of the usual beat: formulas by hand, made-up strips whose intervals are known, what four makers' machines stored."""

import numpy as np
import pytest

from graticule.domain.errors import GraticuleError
from graticule.ecg.display_filter import MONITOR
from graticule.ecg.fiducials import Fiducials, Mark, find_fiducials
from graticule.ecg.intervals import Intervals, corrected, intervals_of, of_each_beat
from graticule.ecg.median_beat import MedianBeat, median_beat
from graticule.ecg.qrs import find_qrs
from graticule.ecg.synthetic import PATTERNS, Pattern, make
from graticule.formats.ecg.aecg import read_aecg
from graticule.formats.ecg.dicom_waveform import recording_of
from graticule.formats.ecg.sierra import read_sierra
from graticule.formats.ecg.stated import Stated
from real_data import DATA, needs_data

SINUS = Pattern("sinus", "Sinus rhythm", "sinus", 800, (160,))
WIDE = Pattern("wide", "Sinus rhythm, wide QRS", "sinus", 1000, (200,), 130)


@pytest.mark.parametrize(("qt", "rr", "expected"), [
    # 400 ms at 1 s: every formula leaves it. At 0.64 s: 320/0.8 = 400; 320/0.64^⅓ = 371.3; 320 + 154·0.36 = 375.4;
    # 320 + 1.75·(93.75 − 60) = 379.1. At 1.44 s: 440/1.2 = 366.7; 440/1.1292 = 389.6; 440 − 67.8 = 372.2; 440 − 32.1 = 407.9.
    (400, 1000, (400, 400, 400, 400)), (320, 640, (400, 371, 375, 379)), (440, 1440, (367, 390, 372, 408))])
def test_qtc_by_the_four_published_formulas(qt: int, rr: int, expected: tuple[int, ...]) -> None:
    assert tuple(corrected(qt, rr).values()) == expected
    assert list(corrected(qt, rr)) == ["Bazett", "Fridericia", "Framingham", "Hodges"]


def test_no_interval_is_corrected_without_a_rate() -> None:
    assert Intervals(qt=400).qtc == {} and Intervals(qt=400).rate is None
    with pytest.raises(ValueError, match="positive"):
        corrected(400, 0)


def usual(pattern: Pattern, **more: object) -> MedianBeat:
    recording = make(pattern, 30).recording
    return median_beat(recording, find_qrs(recording), 0, recording.ticks, **more)


@pytest.mark.parametrize("pattern", [SINUS, WIDE, *(p for p in PATTERNS if p.name != "wenckebach")], ids=lambda p: p.name)
def test_known_intervals_come_out_within_6_ms(pattern: Pattern) -> None:
    beat = usual(pattern)
    read = intervals_of(beat, find_fiducials(beat))
    assert read.pr == pytest.approx(max(pattern.prs), abs=6)
    assert read.qrs == pytest.approx(pattern.qrs_ms, abs=6)
    assert read.qt == pytest.approx(pattern.qrs_ms + 270, abs=6)


def test_single_beats_spread_round_the_usual_one() -> None:
    beat = usual(SINUS)
    each = of_each_beat(beat)
    assert len(each) == len(beat.ticks)
    assert np.median([one.qrs for one in each]) == pytest.approx(90, abs=8)
    assert {one.rr for one in each[1:]} == {800} and each[0].rr is None


def test_a_filter_is_named_and_lies_behind_the_figures() -> None:
    assert usual(SINUS).signal == ""
    assert usual(SINUS, chosen=MONITOR).signal == "0.5–40 Hz, zero phase"


def test_two_beats_are_too_few() -> None:
    recording = make(SINUS, 10).recording
    with pytest.raises(GraticuleError, match="too few"):
        median_beat(recording, np.array([500, 900]), 0, recording.ticks)


def test_a_mark_cannot_pass_its_neighbours_and_remembers_the_hand() -> None:
    marks = Fiducials(100, 150, 200, 250, 400)
    assert marks.with_mark(Mark.QRS_ON, 120).qrs_on == 151
    assert marks.with_mark(Mark.QRS_ON, 300).qrs_on == 249
    moved = marks.with_mark(Mark.T_OFF, 390)
    assert moved.t_off == 390 and moved.moved == {Mark.T_OFF}
    assert marks.with_mark(Mark.P_ON, None).p_on is None


# What the machines stored, and how far a draft may be from it: the spread of experts' marks (CSE, 2 SD) is 10 ms for the onset of
# P, 7 and 12 ms for the QRS, 31 ms for the end of T.
@needs_data
@pytest.mark.parametrize(("name", "pr", "qrs", "qt"), [
    ("dicom/waveform_ecg.dcm", 161, 75, 368), ("dicom/guangxi_sinus.dcm", 122, 74, 328),
    ("aecg_hl7/subject1_0.xml", 148, 120, 420), ("philips_sierra/129DYPRG.XML", 140, 96, 488)])
def test_real_machines_measured_nearly_the_same(name: str, pr: int, qrs: int, qt: int) -> None:
    recording = _read(name)
    beat = median_beat(recording, find_qrs(recording), 0, recording.ticks)
    read = intervals_of(beat, find_fiducials(beat))
    assert read.pr == pytest.approx(pr, abs=17)
    assert read.qrs == pytest.approx(qrs, abs=12)
    assert read.qt == pytest.approx(qt, abs=31)


def _read(name: str):
    path = DATA / "ecg" / name
    if path.suffix == ".dcm":
        import pydicom
        return recording_of(pydicom.dcmread(path))
    return (read_aecg if "aecg" in name else read_sierra)(path, Stated())
