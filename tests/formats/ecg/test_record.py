"""Every record at hand, sample by sample, against other readers; and what is wrong with a record, in words."""

import numpy as np
import pytest
import wfdb
from scipy.io import loadmat

from graticule.domain.errors import GraticuleError
from graticule.domain.recording import STANDARD_LEADS
from graticule.formats.ecg.record import read_record
from real_data import DATA, needs_data

RECORDS = sorted((DATA / "ecg").rglob("*.hea")) if DATA.is_dir() else []
# wfdb 4.3 refuses the date "05-May-2020" in the record line of these two.
NOT_FOR_WFDB = {"E00271", "E05526"}


@needs_data
@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_samples_equal_those_of_another_reader(path):
    recording = read_record(path)
    if path.stem in NOT_FOR_WFDB:
        digital = loadmat(path.with_suffix(".mat"))["val"].T
        physical = digital / 1000.0
    else:
        other = wfdb.rdrecord(str(path.with_suffix("")), physical=False)
        digital, physical = other.d_signal, wfdb.rdrecord(str(path.with_suffix(""))).p_signal
        assert float(recording.rate) == other.fs
    assert recording.ticks == digital.shape[0]
    np.testing.assert_array_equal(np.stack([lead.digital for lead in recording.leads], axis=1), digital)
    np.testing.assert_array_equal(np.stack([lead.physical() for lead in recording.leads], axis=1), physical)
    assert recording.doubts == ()


@needs_data
def test_lead_names_have_one_spelling_and_twelve_are_recognised():
    ptb = read_record(DATA / "ecg" / "ptb_15lead" / "s0010_re.hea")
    assert tuple(lead.name for lead in ptb.leads)[:12] == STANDARD_LEADS
    assert ptb.twelve_lead
    assert len(ptb.leads) == 15


def write(folder, header: str, data: bytes, name: str = "r.dat"):
    (folder / "r.hea").write_text(header, encoding="utf-8")
    (folder / name).write_bytes(data)
    return folder / "r.hea"


def test_several_rates_in_one_record_stay_as_they_are(tmp_path):
    fast, slow = np.arange(40, dtype="<i2"), np.arange(100, 110, dtype="<i2")
    frames = np.concatenate([fast.reshape(10, 4), slow.reshape(10, 1)], axis=1)
    header = "r 2 125 10\nr.dat 16x4 200 16 0 0 780 0 II\nr.dat 16 10/NU 16 0 100 1045 0 RESP\n"
    recording = read_record(write(tmp_path, header, frames.tobytes()))
    assert (recording.rate, recording.ticks) == (500, 40)
    assert [(lead.step, lead.digital.tolist()) for lead in recording.leads] == [(1, fast.tolist()), (4, slow.tolist())]
    assert recording.doubts == ()


def test_a_skewed_lead_is_moved_back(tmp_path):
    data = np.stack([np.arange(10), np.arange(10)], axis=1).astype("<i2")
    header = "r 2 100 10\nr.dat 16 200 16 0 0 45 0 II\nr.dat 16:2 200 16 0 0 45 0 V1\n"
    recording = read_record(write(tmp_path, header, data.tobytes()))
    assert recording.leads[1].digital.tolist() == [2, 3, 4, 5, 6, 7, 8, 9, -32768, -32768]
    assert [doubt.what for doubt in recording.doubts] == ["skew", "no-signal"]


def test_a_wrong_checksum_and_a_missing_gain_are_doubts(tmp_path):
    recording = read_record(write(tmp_path, "r 1 100 4\nr.dat 16 0 16 0 0 999 0 II\n", np.array([1, 2, 3, 4], "<i2").tobytes()))
    assert [doubt.what for doubt in recording.doubts] == ["checksum", "calibration"]
    assert recording.leads[0].gain == 200.0


def test_no_signal_is_nan_and_said(tmp_path):
    data = np.array([100, -32768, 50, -32768], "<i2").tobytes()
    recording = read_record(write(tmp_path, "r 1 100 4\nr.dat 16 100 16 0 0 0 0 II\n", data))
    np.testing.assert_array_equal(recording.leads[0].physical(), [1.0, np.nan, 0.5, np.nan])
    assert any(doubt.what == "no-signal" and "0.02 s" in doubt.text for doubt in recording.doubts)


def test_a_header_without_length_takes_what_the_file_holds(tmp_path):
    recording = read_record(write(tmp_path, "r 2 100\nr.dat 16 100\nr.dat 16 100\n", bytes(4 * 7)))
    assert recording.ticks == 7
    assert [lead.name for lead in recording.leads] == ["Signal 1", "Signal 2"]


def test_two_leads_of_one_name_can_be_told_apart(tmp_path):
    recording = read_record(write(tmp_path, "r 2 100 4\nr.dat 16 100 0 0 0 0 0 ECG\nr.dat 16 100 0 0 0 0 0 ecg\n", bytes(16)))
    assert [lead.name for lead in recording.leads] == ["ECG", "ecg (2)"]


@pytest.mark.parametrize(("header", "data", "says"), [
    ("r 1 100 50\nr.dat 16 100\n", bytes(40), "cut short: 0.2 s of the 0.5 s"),
    ("r 1 100 50\nother.dat 16 100\n", bytes(100), "other.dat is missing"),
    ("r 1 100 50\nr.dat 310 100\n", bytes(100), "format 310"),
    ("r 1 100\nr.dat 16 100\n", b"", "no samples"),
    ("r 2 100 4\nr.dat 16 100\nr.dat 212 100\n", bytes(100), "several formats"),
    ("r 2 100 4\nr.dat 16x2 100\nr.dat 16x3 100\n", bytes(100), "do not divide")])
def test_what_is_wrong_with_a_record_is_said(tmp_path, header, data, says):
    with pytest.raises(GraticuleError, match=says):
        read_record(write(tmp_path, header, data))


def test_synthetic_records_are_marked(tmp_path):
    assert read_record(write(tmp_path, "r 1 100 4\nr.dat 16 100\n# SYNTHETIC\n", bytes(8))).synthetic
