"""Where a beat and an episode stand in each exported file, as that file counts: read by other programs, value by value."""

from fractions import Fraction

import numpy as np
import pydicom
import pyedflib
import pytest
import wfdb

from ecg_label_strategies import ONTOLOGY, lead
from graticule.domain.case import Case, Kind
from graticule.domain.elements import Beat, Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.recording import Lead, Recording
from graticule.formats.ecg.atr import TYPES
from graticule.formats.ecg.rhythm_strings import KIND_OF, STRING_OF
from graticule.formats.export.makers import Maker
from graticule.formats.export.registry import Company, export

CASE = Case("c1:0123456789abcdef", Kind.ECG, "ECG", "", "wfdb", (), (), {"record": "rec"})
TICKS = 1030
RATE = Fraction(515, 2)
# The strings of PhysioBank's table and of LightWAVE.
STANDARD = {"(AB", "(AFIB", "(AFL", "(ASYS", "(B", "(B3", "(BI", "(BII", "(HGEA", "(IVR", "(N", "(NOD", "(NOISE", "(NSR", "(P",
            "(PM", "(PREX", "(SAB", "(SBR", "(SVTA", "(T", "(VER", "(VF", "(VFIB", "(VFL", "(VT"}


def recording() -> Recording:
    return Recording((lead("II", TICKS, 1), lead("V1", TICKS, 4)), RATE, TICKS)


def episode(name: str, slug: str, start: int, end: int, on: str | None = None) -> Episode:
    concept = ONTOLOGY.slug(slug)
    return Episode(id=name, track=concept.track, start=start, end=end, code=concept.code, lead=on)


def labels(*elements: Beat | Episode) -> Labels:
    made = Labels()
    for element in elements:
        made.put(element.KIND, element.id, element)
    return made


LABELS = labels(Beat(id="a", tick=0, symbol="N"), Beat(id="b", tick=7, symbol="V"), Beat(id="c", tick=TICKS - 1, symbol="V"),
                Beat(id="d", tick=11, symbol="?", lead="V1"), episode("e", "avb2_mobitz1", 3, 500),
                episode("f", "afib", 500, TICKS), episode("g", "st_depression", 17, 18, "V1"))


def written(tmp_path, format, on=None, company=None):
    made = export(CASE, on or recording(), LABELS, ONTOLOGY, format, tmp_path, company or Company())
    assert all(file.proven for file in made)
    return [file.path for file in made]


def test_dicom_counts_samples_from_one_and_a_segment_ends_with_its_last_sample(tmp_path):
    data = pydicom.dcmread(written(tmp_path, "dicom-ecg")[0])
    rows = {item.ConceptNameCodeSequence[0].CodeValue: item for item in data.WaveformAnnotationSequence}
    assert rows["10:8208"].ReferencedSamplePositions == 1
    assert list(rows["10:8336"].ReferencedSamplePositions) == [8, TICKS]
    assert rows["10:8336"].TemporalRangeType == "MULTIPOINT" and list(rows["10:8336"].ReferencedWaveformChannels) == [1, 0]
    assert list(rows["10:9664"].ReferencedSamplePositions) == [4, 500]
    assert list(rows["10:9472"].ReferencedSamplePositions) == [501, TICKS]
    assert list(rows["beat_learning"].ReferencedWaveformChannels) == [1, 2]
    mobitz = rows["10:9664"].ConceptNameCodeSequence[0]
    assert mobitz.CodingSchemeDesignator == "MDC" and mobitz.EquivalentCodeSequence[0].CodeValue == "avb2_mobitz1"


def test_dicom_samples_have_their_scale_their_leads_and_no_patient(tmp_path):
    data = pydicom.dcmread(written(tmp_path, "dicom-ecg")[0])
    group = data.WaveformSequence[0]
    assert [c.ChannelSourceSequence[0].CodeValue for c in group.ChannelDefinitionSequence] == ["2:2", "2:3"]
    assert (float(group.SamplingFrequency), group.NumberOfWaveformSamples) == (257.5, TICKS)
    for number, one in enumerate(recording().leads):
        channel = group.ChannelDefinitionSequence[number]
        assert channel.ChannelSensitivityUnitsSequence[0].CodeValue == "mV"
        values = data.waveform_array(0)[:, number]
        np.testing.assert_allclose(values, one.physical(), atol=1e-9)
    assert (str(data.PatientName), data.PatientID, data.PatientBirthDate) == ("", "", "")


def test_the_report_says_who_in_which_part_and_points_at_the_waveform(tmp_path):
    people = (Maker("Reader One", "reader"), Maker("Second Pair of Eyes", "reviewer"), Maker("Third", "adjudicator"))
    paths = written(tmp_path, "dicom-ecg", company=Company(observers=people))
    ecg, report = (pydicom.dcmread(path) for path in paths)
    assert report.SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.77"
    assert report.ContentTemplateSequence[0].TemplateIdentifier == "3750"
    roles = [item.ConceptCodeSequence[0].CodeValue for item in report.ContentSequence
             if item.ValueType == "CODE" and item.ConceptNameCodeSequence[0].CodeValue == "121011"]
    assert roles == ["C28747", "C54634", "C96561"]
    found = {item.ConceptCodeSequence[0].CodeValue: item for item in report.ContentSequence
             if item.RelationshipType == "CONTAINS"}
    coordinates = found["10:9472"].ContentSequence[-1]
    assert (coordinates.ValueType, coordinates.TemporalRangeType) == ("TCOORD", "SEGMENT")
    assert list(coordinates.ReferencedSamplePositions) == [501, TICKS]
    waveform = coordinates.ContentSequence[0].ReferencedSOPSequence[0]
    assert waveform.ReferencedSOPInstanceUID == ecg.SOPInstanceUID and list(waveform.ReferencedWaveformChannels) == [1, 0]
    assert report.StudyInstanceUID == ecg.StudyInstanceUID and report.SeriesInstanceUID != ecg.SeriesInstanceUID


def test_edf_says_seconds_from_the_first_sample(tmp_path):
    path, = written(tmp_path, "edf")
    with pyedflib.EdfReader(str(path)) as file:
        onsets, durations, texts = file.readAnnotations()
        rows = {text: (onset, duration) for onset, duration, text in zip(onsets, durations, texts, strict=True)}
        assert rows["V"][0] == pytest.approx((TICKS - 1) / 257.5, abs=1e-6)
        assert rows["?@@V1"][0] == pytest.approx(11 / 257.5, abs=1e-6)
        assert rows["afib"] == pytest.approx((500 / 257.5, (TICKS - 500) / 257.5), abs=1e-6)
        assert file.getSampleFrequency(0) == 257.5
        for number, one in enumerate(recording().leads):
            np.testing.assert_allclose(file.readSignal(number)[:TICKS], one.physical(), atol=1e-6)
        assert (file.getPatientName(), file.getPatientCode()) == ("X", "")


def test_samples_beyond_sixteen_bits_leave_as_annotations_alone(tmp_path):
    wide = Lead("II", np.arange(-90_000, -90_000 + 300 * TICKS, 300, dtype=np.int32), 1000.0)
    path, = written(tmp_path, "edf", Recording((wide, lead("V1", TICKS, 4)), RATE, TICKS))
    with pyedflib.EdfReader(str(path)) as file:
        assert file.signals_in_file == 0 and len(file.readAnnotations()[0]) == 7
    data = pydicom.dcmread(written(tmp_path, "dicom-ecg", Recording((wide, lead("V1", TICKS, 4)), RATE, TICKS))[0])
    assert data.SOPClassUID == "1.2.840.10008.5.1.4.1.1.9.1.4" and data.WaveformSequence[0].WaveformBitsAllocated == 32


def test_wfdb_writes_only_what_its_own_tables_know(tmp_path):
    written(tmp_path, "wfdb")
    found = wfdb.rdann(str(tmp_path / "rec"), "atr")
    texts = [aux.rstrip("\0") for aux in found.aux_note]
    rows = list(zip(found.sample.tolist(), found.symbol, found.chan.tolist(), texts, strict=True))
    assert rows == [(0, "N", 0, ""), (3, "+", 0, "(BII"), (7, "V", 0, ""), (11, "?", 1, ""), (17, "s", 1, "(ST1-"),
                    (17, "s", 1, "ST1-)"), (500, "+", 0, "(AFIB"), (TICKS - 1, "V", 0, "")]
    assert set(found.symbol) <= set(TYPES)
    assert {*STRING_OF.values(), *KIND_OF.values()} <= STANDARD


def test_noise_says_which_signals_are_unreadable_and_ends(tmp_path):
    noisy = labels(episode("q", "q_severe", 100, 200, "V1"), episode("r", "q_moderate", 150, 300))
    export(CASE, recording(), noisy, ONTOLOGY, "wfdb", tmp_path)
    found = wfdb.rdann(str(tmp_path / "rec"), "atr")
    rows = list(zip(found.sample.tolist(), found.subtype.tolist(), strict=True))
    assert rows == [(100, 0x20), (150, 0x23), (200, 0x03), (300, 0)]


def test_fibrillation_is_bracketed_and_wins_over_conduction(tmp_path):
    made = labels(episode("v", "vfib", 40, 90), episode("c", "avb3", 0, 120))
    export(CASE, recording(), made, ONTOLOGY, "wfdb", tmp_path)
    found = wfdb.rdann(str(tmp_path / "rec"), "atr")
    rows = list(zip(found.sample.tolist(), found.symbol, [aux.rstrip("\0") for aux in found.aux_note], strict=True))
    assert rows == [(0, "+", "(B3"), (40, "+", "(VFIB"), (40, "[", ""), (89, "]", ""), (90, "+", "(B3"),
                    (120, "+", "(UNLABELLED")]


def test_tables_say_ticks_and_seconds(tmp_path):
    beats, episodes = (path.read_text(encoding="utf-8").splitlines() for path in written(tmp_path, "csv")[:2])
    assert beats[0].split(",")[:5] == ["case", "lead", "tick", "time_s", "symbol"]
    assert beats[-1].split(",")[2:5] == [str(TICKS - 1), "3.996117", "V"]
    assert [row.split(",")[3] for row in episodes[1:]] == ["avb2_mobitz1", "st_depression", "afib"]


def test_a_rate_that_dicom_has_no_ecg_for_is_refused(tmp_path):
    slow = Recording((lead("II", 400, 1),), Fraction(40), 400)
    with pytest.raises(GraticuleError, match="no kind of ECG"):
        export(CASE, slow, labels(Beat(id="a", tick=3, symbol="N")), ONTOLOGY, "dicom-ecg", tmp_path)
    assert list(tmp_path.iterdir()) == []
