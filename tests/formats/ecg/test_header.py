from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.formats.ecg.header import parse_header


def test_gain_baseline_units_and_offset_of_the_challenge_headers():
    header = parse_header("E00271.mat 12 500 5000 05-May-2020 14:50:55\n"
                          + "E00271.mat 16x1+24 1000.0(7)/mv 16 0 280 7254 0 I\n" * 12
                          + "#Dx: 59118001\n#Age: 83\n#Sex: Female\n")
    assert (header.record, header.rate, header.frames) == ("E00271", 500, 5000)
    signal = header.signals[0]
    assert (signal.format, signal.offset, signal.gain, signal.baseline, signal.unit) == (16, 24, 1000.0, 7.0, "mV")
    assert (header.age, header.sex) == ("83", "F")


@pytest.mark.parametrize(("unit", "gain"), [("mV", 200.0), ("uV", 200_000.0), ("V", 0.2), ("nV", 2e8)])
def test_voltages_become_millivolts(unit, gain):
    signal = parse_header(f"r 1 360 10\nr.dat 16 200/{unit} 12 5 0 0 0 II").signals[0]
    assert signal.unit == "mV"
    assert signal.gain == pytest.approx(gain)
    assert signal.baseline == 5


def test_other_units_are_kept():
    assert parse_header("r 1 125 10\nr.dat 16 20/mmHg 12 0 0 0 0 ABP").signals[0].unit == "mmHg"


def test_defaults_of_a_bare_header():
    header = parse_header("r 1\nr.dat 212")
    assert (header.rate, header.frames) == (250, 0)
    signal = header.signals[0]
    assert (signal.gain, signal.unit, signal.calibrated, signal.checksum, signal.name) == (1.0, "adu", False, None, "Signal 1")
    assert not header.rate_given


def test_fractional_rate_frames_and_skew():
    header = parse_header("r 1 128.5/360(12) 10\nr.dat 16x4:3+8 200 12 0 0 0 0 II")
    assert header.rate == Fraction(257, 2)
    assert (header.signals[0].per_frame, header.signals[0].skew, header.signals[0].offset) == (4, 3, 8)


def test_mit_bih_comments_give_age_and_sex_but_the_findings_are_not_kept():
    header = parse_header("231 1 360 10\n231.dat 212 200 12 0 0 0 0 MLII\n# 72 F 2009 2851 x2\n# periods of 2:1 AV block\n")
    assert (header.age, header.sex, header.synthetic) == ("72", "F", False)
    assert "AV block" not in repr(header)


def test_very_old_patients_are_not_told_apart():
    assert parse_header("r 1 360 10\nr.dat 16\n# age: 97").age == "90+"


def test_a_path_in_a_header_cannot_leave_its_folder():
    assert parse_header("r 1 360 10\n../../etc/passwd 16").signals[0].file == "passwd"
    assert parse_header("r 1 360 10\n..\\..\\x.dat 16").signals[0].file == "x.dat"


@pytest.mark.parametrize(("text", "says"), [
    ("", "empty"), ("# only a comment", "empty"), ("r/3 2 360 100\nr_1 50\n", "3 segments"), ("hello", "not a WFDB header"),
    ("r 0 360 10", "no signals"), ("r 2 360 10\nr.dat 16", "promises 2 leads"), ("r 1 0 10\nr.dat 16", "sampling rate"),
    ("r 1 360 10\nr.dat abc", "lead 1")])
def test_what_is_no_single_record_is_refused_in_a_sentence(text, says):
    with pytest.raises(GraticuleError, match=says):
        parse_header(text)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    try:
        parse_header(text)
    except GraticuleError as fault:
        assert fault.message
