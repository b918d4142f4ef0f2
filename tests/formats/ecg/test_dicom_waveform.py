import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, generate_uid

from graticule.domain.elements import Beat, Note
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Silent
from graticule.domain.recording import STANDARD_LEADS
from graticule.formats.ecg.dicom_labels import dicom_elements
from graticule.formats.ecg.dicom_waveform import claims_waveform, gather_waveforms, is_waveform, open_waveform, recording_of
from real_data import DATA, needs_data

FILES = sorted((DATA / "ecg" / "dicom").glob("*.dcm")) if DATA.is_dir() else []
TWELVE_LEAD, GENERAL = "1.2.840.10008.5.1.4.1.1.9.1.1", "1.2.840.10008.5.1.4.1.1.9.1.2"


@needs_data
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_samples_equal_those_of_pydicom(path):
    dataset = pydicom.dcmread(path)
    (outcome,) = gather_waveforms([path], Silent())
    recording = open_waveform(outcome.case)
    digital = np.stack([lead.digital for lead in recording.leads], axis=1)
    raw = np.frombuffer(dataset.WaveformSequence[0].WaveformData, "<i2").reshape(-1, 12)
    np.testing.assert_array_equal(digital, raw)
    physical = np.stack([lead.physical() for lead in recording.leads], axis=1)
    np.testing.assert_allclose(physical, dataset.waveform_array(0) / 1000.0, rtol=1e-12, atol=0)
    assert tuple(lead.name for lead in recording.leads) == STANDARD_LEADS
    assert recording.twelve_lead


@needs_data
def test_filters_go_into_the_caption_and_the_averaged_beat_is_left_out_aloud():
    mortara = recording_of(pydicom.dcmread(DATA / "ecg" / "dicom" / "waveform_ecg.dcm"))
    assert (mortara.rate, mortara.ticks, mortara.filters) == (1000, 10_000, "0.05–300 Hz")
    assert [doubt.what for doubt in mortara.doubts] == ["left-out"]
    assert "“MEDIAN BEAT”" in mortara.doubts[0].text
    general = recording_of(pydicom.dcmread(DATA / "ecg" / "dicom" / "guangxi_sinus.dcm"))
    assert general.filters == "0.56–150 Hz, notch 50 Hz"


def channel(code: str = "2:2", sensitivity: float | None = 2.5, correction: float = 1.0, baseline: float = 0.0) -> Dataset:
    item, source, units = Dataset(), Dataset(), Dataset()
    source.CodeValue, source.CodingSchemeDesignator, source.CodeMeaning = code, "MDC", "Lead"
    units.CodeValue, units.CodingSchemeDesignator, units.CodeMeaning = "uV", "UCUM", "microvolt"
    item.ChannelSourceSequence = Sequence([source])
    if sensitivity is not None:
        item.ChannelSensitivity, item.ChannelSensitivityUnitsSequence = sensitivity, Sequence([units])
        item.ChannelSensitivityCorrectionFactor, item.ChannelBaseline = correction, baseline
    item.ChannelSampleSkew = "0"
    return item


def group(values: np.ndarray, channels: list[Dataset], offset_ms: int = 0) -> Dataset:
    item = Dataset()
    item.MultiplexGroupTimeOffset = offset_ms
    item.NumberOfWaveformSamples, item.NumberOfWaveformChannels = values.shape
    item.SamplingFrequency, item.MultiplexGroupLabel, item.WaveformOriginality = 500, "G", "ORIGINAL"
    item.ChannelDefinitionSequence = Sequence(channels)
    kind = {"int16": (16, "SS"), "uint16": (16, "US"), "int32": (32, "SL"), "int8": (8, "SB")}[values.dtype.name]
    item.WaveformBitsAllocated, item.WaveformSampleInterpretation = kind
    item.WaveformData = values.astype(values.dtype.newbyteorder("<")).tobytes()
    return item


def saved(tmp_path, groups: list[Dataset], sop_class: str = GENERAL, syntax: str = ExplicitVRLittleEndian):
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID, meta.MediaStorageSOPInstanceUID, meta.TransferSyntaxUID = sop_class, generate_uid(), syntax
    dataset = FileDataset("x.dcm", {}, file_meta=meta, preamble=bytes(128))
    dataset.SOPClassUID, dataset.SOPInstanceUID, dataset.Modality = sop_class, meta.MediaStorageSOPInstanceUID, "ECG"
    dataset.WaveformSequence = Sequence(groups)
    path = tmp_path / "x.dcm"
    dataset.save_as(path)
    return path


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.parametrize("dtype", ["int16", "uint16", "int32"])
def test_sensitivity_correction_and_baseline_give_millivolts(tmp_path, dtype, syntax):
    values = np.array([[0], [100], [200]], dtype)
    path = saved(tmp_path, [group(values, [channel(sensitivity=2.5, correction=2.0, baseline=-40.0)])], syntax=syntax)
    recording = recording_of(pydicom.dcmread(path))
    np.testing.assert_allclose(recording.leads[0].physical(), [-0.04, 0.46, 0.96], rtol=1e-12)
    np.testing.assert_allclose(recording.leads[0].physical() * 1000, pydicom.dcmread(path).waveform_array(0)[:, 0], rtol=1e-12)
    assert (recording.leads[0].name, recording.leads[0].unit) == ("II", "mV")


def test_groups_recorded_one_after_the_other_stand_at_their_times(tmp_path):
    first, second = np.full((1000, 1), 5, np.int16), np.full((1000, 1), 7, np.int16)
    path = saved(tmp_path, [group(first, [channel("2:1")]), group(second, [channel("2:2")], offset_ms=2000)])
    recording = recording_of(pydicom.dcmread(path))
    one, two = recording.leads
    assert recording.ticks == 2000
    assert np.isnan(one.physical()[1000:]).all() and not np.isnan(one.physical()[:1000]).any()
    assert np.isnan(two.physical()[:1000]).all() and (two.digital[1000:] == 7).all()
    assert "sequential" in [doubt.what for doubt in recording.doubts]


def test_a_damaged_time_offset_asks_for_no_memory(tmp_path):
    one = np.zeros((1000, 1), np.int16)
    path = saved(tmp_path, [group(one, [channel("2:1")]), group(one, [channel("2:2")], offset_ms=10**12)])
    with pytest.raises(GraticuleError, match="too far apart"):
        recording_of(pydicom.dcmread(path))


def test_padding_means_no_signal(tmp_path):
    values = np.array([[1], [-999], [3]], np.int16)
    item = group(values, [channel()])
    item.WaveformPaddingValue = np.int16(-999).tobytes()
    recording = recording_of(pydicom.dcmread(saved(tmp_path, [item])))
    assert np.isnan(recording.leads[0].physical()).tolist() == [False, True, False]


def test_skew_missing_sensitivity_and_derived_leads_are_said(tmp_path):
    late = channel("2:33")
    late.ChannelSampleSkew = "0.5"
    item = group(np.zeros((10, 2), np.int16), [late, channel("2:4", sensitivity=None)])
    recording = recording_of(pydicom.dcmread(saved(tmp_path, [item])))
    assert {doubt.what for doubt in recording.doubts} == {"skew", "calibration"}
    assert [(lead.name, lead.derived) for lead in recording.leads] == [("V1", True), ("V2", False)]


def test_a_file_that_is_cut_short_or_no_ecg_is_refused_in_a_sentence(tmp_path):
    short = group(np.zeros((500, 1), np.int16), [channel()])
    short.WaveformData = bytes(100)
    (outcome,) = gather_waveforms([saved(tmp_path, [short])], Silent())
    assert outcome.outcome == "refused"
    assert "0.1 s of the 1.0 s" in outcome.reason
    (outcome,) = gather_waveforms([saved(tmp_path, [], "1.2.840.10008.5.1.4.1.1.9.2.1")], Silent())
    assert "haemodynamic" in outcome.reason


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_file_gives_a_sentence(tmp_path, share):
    whole = saved(tmp_path, [group(np.zeros((5000, 2), np.int16), [channel("2:1"), channel("2:2")])])
    data = whole.read_bytes()
    whole.write_bytes(data[: int(len(data) * share)])
    (outcome,) = gather_waveforms([whole], Silent())
    assert outcome.outcome == "refused"
    assert outcome.reason


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_waveforms_are_told_from_images_by_their_first_bytes(tmp_path, syntax):
    path = saved(tmp_path, [group(np.zeros((10, 1), np.int16), [channel()])], TWELVE_LEAD, syntax)
    assert claims_waveform(path.read_bytes()[:4096])
    assert claims_waveform(path.read_bytes()[path.read_bytes().find(b"\x08\x00\x16\x00"):][:4096])
    assert is_waveform(pydicom.dcmread(path))
    path = saved(tmp_path, [group(np.zeros((10, 1), np.int16), [channel()])], "1.2.840.10008.5.1.4.1.1.2", syntax)
    assert not claims_waveform(path.read_bytes()[:4096])
    assert not is_waveform(pydicom.dcmread(path))


def test_a_file_replaced_by_another_is_not_opened(tmp_path):
    path = saved(tmp_path, [group(np.zeros((10, 1), np.int16), [channel()])])
    (outcome,) = gather_waveforms([path], Silent())
    saved(tmp_path, [group(np.ones((10, 1), np.int16), [channel()])])
    with pytest.raises(GraticuleError, match="another ECG"):
        open_waveform(outcome.case)
    path.unlink()
    with pytest.raises(GraticuleError, match="no longer there"):
        open_waveform(outcome.case)


def test_three_bytes_a_sample_and_bits_without_their_sign(tmp_path):
    values = np.array([[-5], [8_388_607], [-8_388_608], [7]])
    item = group(values.astype(np.int32), [channel()])
    item.WaveformBitsAllocated, item.WaveformData = 24, b"".join(int(v).to_bytes(3, "little", signed=True) for v in values[:, 0])
    assert recording_of(pydicom.dcmread(saved(tmp_path, [item]))).leads[0].digital.tolist() == values[:, 0].tolist()
    twelve = channel()
    twelve.WaveformBitsStored = 12
    stored = group(np.array([[5], [4095], [2048], [2047]], np.int16), [twelve])
    recording = recording_of(pydicom.dcmread(saved(tmp_path, [stored])))
    assert recording.leads[0].digital.tolist() == [5, -1, -2048, 2047]
    assert [doubt.what for doubt in recording.doubts] == ["sign"]


def test_without_unit_or_sensitivity_no_millivolts_are_claimed(tmp_path):
    stored = group(np.array([[5], [6]], np.int16), [channel(sensitivity=None)])
    recording = recording_of(pydicom.dcmread(saved(tmp_path, [stored])))
    assert (recording.leads[0].unit, [doubt.what for doubt in recording.doubts]) == ("adu", ["calibration"])


def test_annotations_count_from_one_in_the_file_and_from_zero_here(tmp_path):
    path = saved(tmp_path, [group(np.zeros((1000, 2), np.int16), [channel("2:1"), channel("2:2")])])
    dataset = pydicom.dcmread(path)
    beat, code = Dataset(), Dataset()
    code.CodeValue, code.CodingSchemeDesignator, code.CodeMeaning = "10:8336", "MDC", "Premature ventricular beat"
    beat.ConceptNameCodeSequence, beat.ReferencedWaveformChannels = Sequence([code]), [1, 2]
    beat.TemporalRangeType, beat.ReferencedSamplePositions = "POINT", 101
    text = Dataset()
    text.UnformattedTextValue, text.ReferencedWaveformChannels = "NORMAL ECG", [1, 0]
    dataset.WaveformAnnotationSequence = Sequence([beat, text])
    elements = dicom_elements(dataset, recording_of(dataset), lambda: "e")
    assert [(e.tick, e.symbol, e.lead) for e in elements if isinstance(e, Beat)] == [(100, "V", "II")]
    assert "NORMAL ECG" in next(e.text for e in elements if isinstance(e, Note))
