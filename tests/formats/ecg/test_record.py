# ruff: noqa: E501
"""Every record at hand, sample by sample, against other readers; and what is wrong with a record, in words."""

import numpy as np
import pytest
import wfdb
from scipy.io import loadmat

from formats.ecg.test_samples import packed
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import STANDARD_LEADS
from graticule.domain.stored_samples import StoredSamples
from graticule.formats.ecg import block_file
from graticule.formats.ecg.record import read_record
from graticule.formats.ecg.stated import stated
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
    assert (recording.leads[0].gain, recording.leads[0].unit) == (1.0, "adu")
    assert "Uncalibrated" in recording.doubts[1].text


def test_a_gain_and_a_rate_that_a_header_lacks_may_be_stated(tmp_path):
    path = write(tmp_path, "r 1\nr.dat 16 0 16 10 0 10 0 II\n", np.array([1, 2, 3, 4], "<i2").tobytes())
    assert [doubt.what for doubt in read_record(path).doubts] == ["rate", "calibration"]
    recording = read_record(path, stated("500", "uV", "0.2"))
    assert (recording.rate, recording.leads[0].unit) == (500, "mV")
    np.testing.assert_allclose(recording.leads[0].physical(), (np.arange(1, 5) - 10) * 0.005, rtol=1e-12)


def test_rates_that_do_not_divide_stand_on_a_clock_they_share(tmp_path):
    recording = read_record(write(tmp_path, "r 2 100 4\nr.dat 16x2 100\nr.dat 16x3 100\n", np.arange(20, dtype="<i2").tobytes()))
    assert (recording.rate, recording.ticks, [lead.step for lead in recording.leads]) == (600, 24, [3, 2])
    assert recording.leads[1].digital.tolist() == [2, 3, 4, 7, 8, 9, 12, 13, 14, 17, 18, 19]


def segment(folder, name: str, rows: str, values: np.ndarray):
    (folder / f"{name}.hea").write_text(f"{name} {values.shape[1]} 100 {values.shape[0]}\n{rows}", encoding="utf-8")
    (folder / f"{name}.dat").write_bytes(values.astype("<i2").tobytes())


def test_segments_of_variable_layout_keep_pauses_and_gains(tmp_path):
    """The second segment has another gain and lacks a lead: the reference library says the same."""
    one, two = np.arange(20).reshape(10, 2), np.arange(5).reshape(5, 1) + 7
    (tmp_path / "m_layout.hea").write_text("m_layout 2 100 0\n~ 0 200/mV 16 0 0 0 0 II\n~ 0 100/mV 16 0 0 0 0 V\n", encoding="utf-8")
    segment(tmp_path, "m_1", "m_1.dat 16 200/mV 16 0 0 90 0 II\nm_1.dat 16 100/mV 16 0 1 100 0 V\n", one)
    segment(tmp_path, "m_2", "m_2.dat 16 150(4)/mV 16 4 7 45 0 V\n", two)
    (tmp_path / "m.hea").write_text("m/4 2 100 18\nm_layout 0\nm_1 10\n~ 3\nm_2 5\n", encoding="utf-8")
    recording = read_record(tmp_path / "m.hea")
    assert ([lead.name for lead in recording.leads], recording.ticks) == (["II", "V"], 18)
    assert [doubt.what for doubt in recording.doubts] == ["pauses", "gain", "no-signal", "no-signal"]
    other = wfdb.rdrecord(str(tmp_path / "m"), physical=True)
    np.testing.assert_allclose(np.stack([lead.physical() for lead in recording.leads], axis=1), other.p_signal, rtol=1e-12)
    assert np.isnan(recording.leads[1].physical()[10:13]).all()


def test_long_records_are_read_where_they_are_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(block_file, "AT_ONCE", 10)
    monkeypatch.setattr(block_file, "_BLOCK_SAMPLES", 50)
    values = np.random.default_rng(1).integers(-500, 500, (1001, 3))
    sums = [int(column.sum()) % 65536 for column in values.T]
    for number in (16, 212, 310, 311):
        rows = "".join(f"r.dat {number}{':2' if i == 1 else ''} 200/mV 16 0 0 {sums[i]} 0 V{i}\n" for i in range(3))
        path = write(tmp_path, f"r 3 250 1001\n{rows}", packed(values, number))
        recording = read_record(path, thorough=True)
        assert all(isinstance(lead.digital, StoredSamples) for lead in recording.leads)
        assert [doubt.what for doubt in recording.doubts] == ["skew", "no-signal"]
        assert [doubt.what for doubt in read_record(path).doubts] == ["skew"]
        np.testing.assert_array_equal(np.asarray(recording.leads[2].digital), values[:, 2])
        np.testing.assert_array_equal(recording.leads[1].digital[:-2], values[2:, 1])
        np.testing.assert_array_equal(recording.leads[0].digital[333:777:5], values[333:777:5, 0])
        np.testing.assert_array_equal(recording.leads[0].digital[np.array([[1000, 3], [500, -1]])], values[[[1000, 3], [500, -1]], 0])
        assert recording.leads[0].digital.max() == values[:, 0].max()
        np.testing.assert_array_equal(recording.leads[0].digital == values[7, 0], values[:, 0] == values[7, 0])


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
    ("r 1 100 50\nr.dat 313 100\n", bytes(100), "format 313"),
    ("m/2 1 100 50\nm_1 25\nm_2 25\n", b"", "segment m_1.hea"),
    ("r 1 100 50\nr.dat 516 100\n", bytes(100), "no FLAC file"),
    ("r 1 100\nr.dat 16 100\n", b"", "no samples"),
    ("r 2 100 4\nr.dat 16 100\nr.dat 212 100\n", bytes(100), "several formats"),
    ("r 2 100 1\nr.dat 16x9973 100\nr.dat 16x9967 100\n", bytes(40_000), "do not divide")])
def test_what_is_wrong_with_a_record_is_said(tmp_path, header, data, says):
    with pytest.raises(GraticuleError, match=says):
        read_record(write(tmp_path, header, data))


def test_synthetic_records_are_marked(tmp_path):
    assert read_record(write(tmp_path, "r 1 100 4\nr.dat 16 100\n# SYNTHETIC\n", bytes(8))).synthetic
