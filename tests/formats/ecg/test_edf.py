# ruff: noqa: E501
"""EDF, EDF+ and BDF+: every sample, gaps on the clock, annotations as labels; the writer of another library as a referee."""

from fractions import Fraction
from itertools import count

import numpy as np
import pytest

from ecg_files import Edf, EdfSignal, heart, tal
from graticule.domain.elements import Beat, Episode, Note
from graticule.domain.errors import GraticuleError
from graticule.domain.stored_samples import StoredSamples
from graticule.formats.ecg import block_file
from graticule.formats.ecg.edf_labels import edf_elements
from graticule.formats.ecg.edf_record import read_edf
from graticule.formats.ecg.stated import Stated, stated


def made(tmp_path, edf: Edf):
    (tmp_path / "r.edf").write_bytes(edf.bytes())
    return tmp_path / "r.edf"


def lead(label="ECG II", samples=500, per_record=250, **more) -> EdfSignal:
    return EdfSignal(label, heart(samples), per_record, **more)


def new_ids():
    numbers = count()
    return lambda: f"e{next(numbers)}"


def test_each_lead_keeps_its_own_rate_and_scale(tmp_path):
    slow = lead("ECG V1", 200, 100, unit="mV", physical=("-10", "10"), limits=(-2048, 2047))
    recording = read_edf(made(tmp_path, Edf([lead(), slow])), Stated())
    one, two = recording.leads
    assert (recording.rate, recording.ticks, one.step, two.step) == (500, 1000, 2, 5)
    np.testing.assert_array_equal(one.digital, heart(500))
    np.testing.assert_allclose(one.physical(), heart(500) * 0.1 / 1000, atol=1e-9)
    np.testing.assert_allclose(two.physical(), (heart(200) + 2048) * 20 / 4095 - 10, atol=1e-9)
    assert (recording.filters, recording.facts["sex"]) == ("0.05–150 Hz", "")
    assert [one.name, two.name] == ["II", "V1"]


def test_24_bits_and_time_kept_in_annotations(tmp_path):
    values = np.array([-8_388_608, 8_388_607, 0, -1] * 50)
    tals = [tal("+0.5", ("+0.6", "", "N"), ("+1.0", "0.5", "(AFIB")), tal("+1.5", ("+1.7", "", "Frau Müller fühlt sich schlecht"))]
    signal = EdfSignal("ECG I", values, 100, "uV", ("-262144", "262144"), (-8_388_608, 8_388_607))
    path = made(tmp_path, Edf([signal], kind="BDF+C", tals=tals, width=3))
    recording = read_edf(path, Stated())
    np.testing.assert_array_equal(recording.leads[0].digital, values)
    elements = edf_elements(path, recording, new_ids())
    beats, episodes = [e for e in elements if isinstance(e, Beat)], [e for e in elements if isinstance(e, Episode)]
    assert [(b.tick, b.symbol) for b in beats] == [(10, "N")]
    assert [(e.start, e.end, e.code.code) for e in episodes] == [(50, 100, "afib")]
    (note,) = (e for e in elements if isinstance(e, Note))
    assert "1.200 s: Frau Müller fühlt sich schlecht" in note.text


def test_gaps_of_a_discontinuous_file_stay_on_the_clock(tmp_path):
    tals = [tal("+0"), tal("+1"), tal("+4.5", ("+4.6", "", "V"))]
    path = made(tmp_path, Edf([lead(samples=300, per_record=100)], kind="EDF+D", tals=tals))
    recording = read_edf(path, Stated())
    values = recording.leads[0].physical()
    assert (recording.rate, recording.ticks) == (100, 550)
    assert np.isnan(values[200:450]).all() and not np.isnan(values[:200]).any() and not np.isnan(values[450:]).any()
    np.testing.assert_array_equal(recording.leads[0].digital[450:], heart(300)[200:])
    assert [d.what for d in recording.doubts] == ["pauses"] and "2.5 s" in recording.doubts[0].text
    assert [e.tick for e in edf_elements(path, recording, new_ids()) if isinstance(e, Beat)] == [460]


def test_other_signals_are_left_out_aloud(tmp_path):
    others = [lead("EEG Fpz-Cz"), lead("Resp oro-nasal"), lead("SpO2", unit="%")]
    recording = read_edf(made(tmp_path, Edf([lead("EKG"), *others])), Stated())
    assert len(recording.leads) == 1
    assert "EEG Fpz-Cz" in next(d for d in recording.doubts if d.what == "left-out").text
    with pytest.raises(GraticuleError, match="no ECG among the signals"):
        read_edf(made(tmp_path, Edf(others)), Stated())


def test_a_reversed_scale_and_a_missing_unit_are_said(tmp_path):
    upside = lead("ECG I", physical=("3276.7", "-3276.8"))
    blank = lead("ECG II", unit="")
    recording = read_edf(made(tmp_path, Edf([upside, blank])), Stated())
    assert [d.what for d in recording.doubts] == ["calibration", "polarity"]
    np.testing.assert_allclose(recording.leads[0].physical(), -heart(500) * 0.1 / 1000, atol=2e-4)
    assert recording.leads[1].unit == "adu"
    assert read_edf(tmp_path / "r.edf", stated(unit="uV")).leads[1].unit == "mV"


@pytest.mark.parametrize("records", [-1, 2])
def test_an_open_length_is_what_the_file_holds(tmp_path, records):
    recording = read_edf(made(tmp_path, Edf([lead()], records=records)), Stated())
    assert recording.ticks == 500
    assert [d.what for d in recording.doubts] == (["length"] if records == -1 else [])


@pytest.mark.parametrize(("change", "says"), [
    (lambda data: data[:-10], "cut short"), (lambda data: data[:300], "header"),
    (lambda data: data[:236] + b"99999999" + data[244:], "cut short"), (lambda data: data[:244] + b"0       " + data[252:], "how fast"),
    (lambda data: data[:252] + b"9999" + data[256:], "header"), (lambda data: data[:244] + b"abc     " + data[252:], "how long")])
def test_what_is_wrong_with_a_file_is_said(tmp_path, change, says):
    path = made(tmp_path, Edf([lead()]))
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(GraticuleError, match=says):
        read_edf(path, Stated())


def test_a_long_file_is_read_where_it_is_looked_at(tmp_path, monkeypatch):
    monkeypatch.setattr(block_file, "AT_ONCE", 10)
    monkeypatch.setattr(block_file, "_BLOCK_SAMPLES", 64)
    path = made(tmp_path, Edf([lead(samples=1000, per_record=50)], kind="EDF+D", tals=[tal(f"+{n + n // 10}") for n in range(20)]))
    digital = read_edf(path, Stated()).leads[0].digital
    assert isinstance(digital, StoredSamples)
    whole = np.asarray(digital)
    assert whole.size == 1050
    np.testing.assert_array_equal(np.concatenate([whole[:500], whole[550:]]), heart(1000))
    for part in (slice(495, 560), slice(3, 900, 7), slice(-5, None)):
        np.testing.assert_array_equal(digital[part], whole[part])


@pytest.mark.parametrize("width", [2, 3])
def test_equal_to_another_library(tmp_path, width):
    pyedflib = pytest.importorskip("pyedflib")
    kind, top = (pyedflib.FILETYPE_EDFPLUS, 32767) if width == 2 else (pyedflib.FILETYPE_BDFPLUS, 8_388_607)
    path = tmp_path / ("r.edf" if width == 2 else "r.bdf")
    values = [heart(2560, n, 20000) for n in range(3)]
    with pyedflib.EdfWriter(str(path), 3, kind) as writer:
        for n, name in enumerate(("I", "II", "V5")):
            writer.setSignalHeader(n, {"label": f"ECG {name}", "dimension": "mV", "sample_frequency": 256, "physical_min": -5.0,
                                       "physical_max": 5.0, "digital_min": -top - 1, "digital_max": top, "transducer": "", "prefilter": ""})
        writer.writeSamples([v.astype(np.int32) for v in values], digital=True)
        writer.writeAnnotation(2.5, -1, "V")
        writer.writeAnnotation(3, 4, "Atrial fibrillation")
    recording = read_edf(path, Stated())
    with pyedflib.EdfReader(str(path)) as reader:
        for n, one in enumerate(recording.leads):
            np.testing.assert_array_equal(one.digital, reader.readSignal(n, digital=True))
            np.testing.assert_allclose(one.physical(), reader.readSignal(n), atol=1e-9)
    assert recording.rate == Fraction(256) and [one.name for one in recording.leads] == ["I", "II", "V5"]
    elements = edf_elements(path, recording, new_ids())
    assert [(e.tick, e.symbol) for e in elements if isinstance(e, Beat)] == [(640, "V")]
    assert [(e.start, e.end, e.code.code) for e in elements if isinstance(e, Episode)] == [(768, 1792, "afib")]
