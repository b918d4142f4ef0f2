# ruff: noqa: E501
"""ISHNE, SCP-ECG, MUSE, Sierra, aECG and tables: every sample equals what was written, and what is doubtful is said."""

import struct
from fractions import Fraction
from itertools import count

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecg_files import (
    differences,
    heart,
    huffman,
    ishne,
    ishne_beats,
    muse,
    scp,
    scp_leads,
    scp_signals,
    sierra,
    xli,
)
from graticule.domain.elements import Beat, Episode, Note
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import STANDARD_LEADS
from graticule.formats.ecg.aecg import moment, read_aecg
from graticule.formats.ecg.aecg_labels import aecg_elements
from graticule.formats.ecg.csv_table import claims_table, read_table
from graticule.formats.ecg.ishne import read_ishne, read_ishne_beats
from graticule.formats.ecg.muse import read_muse
from graticule.formats.ecg.scp import claims_scp
from graticule.formats.ecg.scp_record import read_scp
from graticule.formats.ecg.sierra import read_sierra
from graticule.formats.ecg.stated import Stated, stated
from graticule.formats.ecg.xli import unpack_leads
from real_data import DATA, needs_data

NOTHING = Stated()


def put(tmp_path, data, name="r.bin"):
    path = tmp_path / name
    path.write_bytes(data) if isinstance(data, bytes) else path.write_text(data, encoding="utf-8")
    return path


def new_ids():
    numbers = count()
    return lambda: f"e{next(numbers)}"


def what(recording):
    return [doubt.what for doubt in recording.doubts]


# ISHNE


def test_ishne_samples_scale_and_lead_off(tmp_path):
    values = np.stack([heart(500, n) for n in range(3)], axis=1)
    values[10:20, 1] = -32768
    recording = read_ishne(put(tmp_path, ishne(values)), NOTHING)
    assert [lead.name for lead in recording.leads] == ["II", "V1", "V2"]
    assert (recording.rate, recording.ticks, what(recording)) == (250, 500, [])
    np.testing.assert_array_equal(np.stack([lead.digital for lead in recording.leads], axis=1), values)
    np.testing.assert_allclose(recording.leads[0].physical(), values[:, 0] * 0.0025, rtol=1e-12)
    assert np.isnan(recording.leads[1].physical()[10:20]).all()


def test_ishne_doubts_and_faults(tmp_path):
    values = heart(300).reshape(-1, 3)
    assert what(read_ishne(put(tmp_path, ishne(values, nanovolts=(0, 2500, 2500))), NOTHING)) == ["calibration"]
    assert what(read_ishne(put(tmp_path, ishne(values, promised=70_000)), NOTHING)) == ["length"]
    broken = bytearray(ishne(values))
    broken[30] ^= 1
    assert what(read_ishne(put(tmp_path, bytes(broken)), NOTHING)) == ["checksum"]
    for data, says in ((ishne(values, rate=0), "sampling rate"), (ishne(values)[:400], "cut short"), (ishne(values)[:526], "no samples")):
        with pytest.raises(GraticuleError, match=says):
            read_ishne(put(tmp_path, data), NOTHING)


def test_ishne_beats_stand_on_the_clock_of_the_recording(tmp_path):
    recording = read_ishne(put(tmp_path, ishne(np.zeros((70_000, 3)))), NOTHING)
    marks = ishne_beats(100, [("N", 200), ("V", 150), ("X", 50), ("S", 65_000), ("!", 0), ("N", 300)])
    elements = read_ishne_beats(put(tmp_path, ishne(np.zeros((1, 3)), magic=b"ANN  1.0", body=marks), "r.ann"), recording, new_ids())
    assert [(e.tick, e.symbol) for e in elements if isinstance(e, Beat)] == [(300, "N"), (450, "V"), (65_500, "S")]
    (note,) = (e for e in elements if isinstance(e, Note))
    assert "1 artefacts" in note.text and "2 marks after a pause" in note.text
    far = put(tmp_path, ishne(np.zeros((1, 3)), magic=b"ANN  1.0", body=ishne_beats(0, [("N", 60_000)] * 2)), "far.ann")
    with pytest.raises(GraticuleError, match="outside the record"):
        read_ishne_beats(far, recording, new_ids())


# SCP-ECG


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("packed", [True, False])
def test_scp_samples(tmp_path, order, packed):
    leads = [heart(400, n, 120) for n in range(2)]
    coded = [differences(lead, order) for lead in leads]
    data = [huffman(lead) if packed else lead.astype("<i2").tobytes() for lead in coded]
    sections = {1: b"\x08\x01\x00\x02\xff\x00\x00", 3: scp_leads([2, 3], 400), 6: scp_signals(data, order=order)}
    path = put(tmp_path, scp(sections | ({2: struct.pack("<H", 19999)} if packed else {})), "r.scp")
    recording = read_scp(path, NOTHING)
    assert claims_scp(path.read_bytes()[:4096])
    np.testing.assert_array_equal(np.stack([lead.digital for lead in recording.leads]), leads)
    np.testing.assert_allclose(recording.leads[0].physical(), leads[0] * 0.0025, rtol=1e-12)
    assert ([lead.name for lead in recording.leads], recording.rate, what(recording)) == (["II", "V1"], 500, [])
    assert recording.facts["sex"] == "F"


def test_scp_own_huffman_tables(tmp_path):
    """Two tables: in the first "10" is 5, "11" goes to the second, where "0" is −7 and "1" eight bits as they are."""
    rows = [[(1, 1, 1, 0, 0b0), (2, 2, 1, 5, 0b01), (2, 2, 0, 2, 0b11)], [(1, 1, 1, -7, 0), (1, 9, 1, 0, 1)]]
    tables = struct.pack("<H", 2) + b"".join(
        struct.pack("<H", len(table)) + b"".join(struct.pack("<BBBhI", *row) for row in table) for table in rows)
    bits = "0" + "10" + "0" + "11" + "0" + "0" + "1" + f"{-100 & 0xFF:08b}"
    bits += "0" * (-len(bits) % 8)
    data = int(bits, 2).to_bytes(len(bits) // 8, "big")
    path = put(tmp_path, scp({2: tables, 3: scp_leads([1], 6), 6: scp_signals([data])}))
    assert read_scp(path, NOTHING).leads[0].digital.tolist() == [0, 5, 0, -7, -7, -100]


def beats_file(bimodal: bool):
    """A record of one beat shape at three places, plus slow wander; what is stored is the rest."""
    shape = np.rint(400 * np.exp(-((np.arange(60) - 25) / 6.0) ** 2)).astype(np.int64)
    wander = np.repeat(np.arange(150), 4)  # steady over groups of four
    fiducials = [100, 300, 480]
    whole = wander.copy()
    for at in fiducials:
        whole[at - 26: at + 34] += shape
    zones = b"".join(struct.pack("<HIII", 0, at - 25, at, at + 34) for at in fiducials)
    inside = b"".join(struct.pack("<II", at - 19, at + 20) for at in fiducials)
    section4 = struct.pack("<HHH", 120, 26, len(fiducials)) + zones + inside
    return shape, wander, whole, fiducials, section4


def test_scp_reference_beat_is_added_back(tmp_path):
    shape, wander, whole, _, section4 = beats_file(False)
    sections = {2: struct.pack("<H", 19999), 3: scp_leads([2], 600, subtracted=True), 4: section4,
                5: scp_signals([huffman(differences(shape, 1))], order=1), 6: scp_signals([huffman(differences(wander, 2))], order=2)}
    recording = read_scp(put(tmp_path, scp(sections)), NOTHING)
    np.testing.assert_array_equal(recording.leads[0].digital, whole)
    assert what(recording) == ["left-out"]
    with pytest.raises(GraticuleError, match="reference beat"):
        read_scp(put(tmp_path, scp({number: body for number, body in sections.items() if number != 5})), NOTHING)


def test_scp_bimodal_is_exact_where_samples_were_kept_and_says_where_not(tmp_path):
    shape, wander, whole, fiducials, section4 = beats_file(True)
    kept, at = [], 0
    for fiducial in [*fiducials, None]:
        begin, end = (fiducial - 20, fiducial + 20) if fiducial else (600, 600)
        kept += [wander[n: min(n + 4, begin)].mean().round() for n in range(at, begin, 4)] + list(wander[begin:end])
        at = end
    sections = {2: struct.pack("<H", 19999), 3: scp_leads([2], 600, subtracted=True), 4: section4,
                5: scp_signals([huffman(shape)]), 6: scp_signals([huffman(np.array(kept))], bimodal=True)}
    recording = read_scp(put(tmp_path, scp(sections)), NOTHING)
    digital = recording.leads[0].digital
    for fiducial in fiducials:
        np.testing.assert_array_equal(digital[fiducial - 20: fiducial + 20], whole[fiducial - 20: fiducial + 20])
    assert np.abs(digital - whole).max() <= 2
    assert "decimated" in what(recording)


def test_scp_damage_is_said(tmp_path):
    good = scp({2: struct.pack("<H", 19999), 3: scp_leads([1], 100), 6: scp_signals([huffman(heart(100, scale=50))])})
    flipped = bytearray(good)
    flipped[-3] ^= 0x10
    try:
        assert "checksum" in what(read_scp(put(tmp_path, bytes(flipped)), NOTHING))
    except GraticuleError as fault:
        assert "damaged" in str(fault)
    for data, says in ((good[:-20], "cut short"), (scp({3: scp_leads([1], 100)}), "no rhythm"),
                       (scp({2: struct.pack("<H", 19999), 3: scp_leads([1], 9999), 6: scp_signals([b"\x00"])}), "damaged")):
        with pytest.raises(GraticuleError, match=says):
            read_scp(put(tmp_path, data), NOTHING)


# GE MUSE


EIGHT = {name: heart(500, n, 600) for n, name in enumerate(("I", "II", "V1", "V2", "V3", "V4", "V5", "V6"))}


@pytest.mark.parametrize(("declared", "encoding"), [("UTF-8", "utf-8"), ("ISO-8859-1", "latin-1"), ("UTF-16", "utf-16"), ("GB2312", "gb18030"),
                                                     ("windows-1252", "cp1252"), ("UTF-16", "utf-8")])
def test_muse_in_any_encoding(tmp_path, declared, encoding):
    path = put(tmp_path, muse(EIGHT, declared=declared, name="张伟" if "GB" in declared else "Grün").encode(encoding), "r.xml")
    recording = read_muse(path, NOTHING)
    assert tuple(lead.name for lead in recording.leads) == STANDARD_LEADS
    assert [lead.name for lead in recording.leads if lead.derived] == ["III", "aVR", "aVL", "aVF"]
    np.testing.assert_array_equal(recording.lead("V1").digital, EIGHT["V1"])
    one, two = EIGHT["I"] * 0.00488, EIGHT["II"] * 0.00488
    for name, values in (("III", two - one), ("aVR", -(one + two) / 2), ("aVL", one - two / 2), ("aVF", two - one / 2)):
        np.testing.assert_allclose(recording.lead(name).physical(), values, atol=1e-12)
    assert (recording.filters, recording.facts["age"], recording.facts["sex"]) == ("5–150 Hz", "90+", "F")
    assert what(recording) == ["left-out"]


def test_muse_faults(tmp_path):
    text = muse(EIGHT)
    for broken, says in ((text[:3000], "damaged"), (text.replace("Rhythm", "Other"), "no rhythm"),
                         (text.replace("<SampleBase>500", "<SampleBase>0"), "sampling rate"),
                         (text.replace("<LeadSampleCountTotal>500", "<LeadSampleCountTotal>900"), "cut short"),
                         (text.replace("<RestingECG>", '<!DOCTYPE x [<!ENTITY a "b">]><RestingECG>'), "entities")):
        with pytest.raises(GraticuleError, match=says):
            read_muse(put(tmp_path, broken), NOTHING)
    other = muse(EIGHT).replace("<LeadDataCRC32>", "<LeadDataCRC32>1")
    assert "checksum" in what(read_muse(put(tmp_path, other), NOTHING))


# Philips


@settings(max_examples=40, deadline=None)
@given(st.integers(3, 600), st.integers(0, 2**32 - 1))
def test_xli_gives_back_what_was_packed(samples, seed):
    values = heart(samples, seed, 900)
    (lead,) = unpack_leads(xli(values))
    np.testing.assert_array_equal(lead[:samples], values)


def twelve():
    """What a recorder stores: III and the augmented leads as differences from what I and II give."""
    one, two = heart(500, 1, 500), heart(500, 2, 500)
    rest = [np.zeros(500, np.int64) + n for n in range(4)]
    three = two - one - rest[0]
    whole = [one, two, three, -rest[1] - (one + two) // 2, (one - three) // 2 - rest[2], (two + three) // 2 - rest[3]]
    chest = [heart(500, n, 500) for n in range(6, 12)]
    return [one, two, *rest, *chest], [*whole, *chest]


@pytest.mark.parametrize("version", ["1.03", "1.04"])
def test_sierra_compressed(tmp_path, version):
    stored, whole = twelve()
    recording = read_sierra(put(tmp_path, sierra(b"".join(xli(lead) for lead in stored), version)), NOTHING)
    assert (tuple(lead.name for lead in recording.leads), recording.rate, recording.filters) == (STANDARD_LEADS, 500, "0.05–150 Hz")
    np.testing.assert_array_equal(np.stack([lead.digital for lead in recording.leads]), whole)
    np.testing.assert_allclose(recording.leads[0].physical(), whole[0] * 0.005, rtol=1e-12)


def test_sierra_plain_and_faults(tmp_path):
    _, whole = twelve()
    data = np.concatenate(whole).astype("<i2").tobytes()
    plain = sierra(data, "1.04", attributes='compression="Uncompressed" leadlabels="I II III aVR aVL aVF V1 V2 V3 V4 V5 V6" numberofleads="12"')
    np.testing.assert_array_equal(np.stack([lead.digital for lead in read_sierra(put(tmp_path, plain), NOTHING).leads]), whole)
    for text, says in ((sierra(data, "2.0"), "version 2.0"), (sierra(data[:99]), "damaged"), (plain.replace("1000", "9000"), "cut short")):
        with pytest.raises(GraticuleError, match=says):
            read_sierra(put(tmp_path, text), NOTHING)


# HL7 aECG


def aecg(increment='value="2" unit="ms"', scale='value="2.5" unit="uV"', annotation="", lead="MDC_ECG_LEAD_II", digits="1 -2 300 4") -> str:
    return f"""<?xml version="1.0"?><h:AnnotatedECG xmlns:h="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<h:component><h:series><h:code code="RHYTHM"/><h:effectiveTime><h:low value="20200102030405.500"/></h:effectiveTime>
<h:component><h:sequenceSet><h:component><h:sequence><h:code code="TIME_ABSOLUTE"/><h:value xsi:type="GLIST_TS">
<h:head value="20200102030405.500"/><h:increment {increment}/></h:value></h:sequence></h:component>
<h:component><h:sequence><h:code code="{lead}"/><h:value xsi:type="SLIST_PQ"><h:origin value="5" unit="uV"/><h:scale {scale}/>
<h:digits>{digits}</h:digits></h:value></h:sequence></h:component></h:sequenceSet></h:component>
<h:subjectOf><h:annotationSet><h:component>{annotation}</h:component></h:annotationSet></h:subjectOf></h:series></h:component>
</h:AnnotatedECG>"""


def region(low: str, high: str = "", kind: str = "TIME_ABSOLUTE") -> str:
    return (f'<h:support><h:supportingROI><h:component><h:boundary><h:code code="{kind}"/><h:value><h:low {low}/>'
            f"{f'<h:high {high}/>' if high else ''}</h:value></h:boundary></h:component></h:supportingROI></h:support>")


def test_aecg_scale_origin_and_labels(tmp_path):
    beat = ('<h:annotation><h:code code="MDC_ECG_BEAT"/><h:value code="MDC_ECG_BEAT_V_P_C"/>'
            + region('value="20200102030405.504"') + "</h:annotation></h:component><h:component>"
            '<h:annotation><h:code code="MDC_ECG_RHY"/><h:value code="MDC_ECG_RHY_ATR_FIB"/>'
            + region('value="0" unit="ms"', 'value="6" unit="ms"', "TIME_RELATIVE") + "</h:annotation></h:component><h:component>"
            '<h:annotation><h:code code="MDC_ECG_TIME_PD_PR"/><h:value value="160" unit="ms"/></h:annotation>')
    path = put(tmp_path, aecg(annotation=beat))
    recording = read_aecg(path, NOTHING)
    assert (recording.rate, recording.ticks, recording.leads[0].name, what(recording)) == (500, 4, "II", [])
    np.testing.assert_allclose(recording.leads[0].physical(), np.array([1, -2, 300, 4]) * 0.0025 + 0.005, atol=1e-12)
    elements = aecg_elements(path, recording, new_ids())
    assert [(e.tick, e.symbol) for e in elements if isinstance(e, Beat)] == [(2, "V")]
    assert [(e.start, e.end, e.code.code) for e in elements if isinstance(e, Episode)] == [(0, 3, "afib")]
    assert "time pd pr: 160 ms" in next(e.text for e in elements if isinstance(e, Note))


def test_aecg_doubts_and_faults(tmp_path):
    assert what(read_aecg(put(tmp_path, aecg(scale='value="2.5"')), NOTHING)) == ["calibration"]
    for text, says in ((aecg(increment=""), "how fast"), (aecg(digits="1 x"), "damaged"), (aecg(digits="0.5 1"), "whole numbers"),
                       (aecg()[:400], "damaged"), (aecg().replace("h:digits", "h:other"), "no rhythm")):
        with pytest.raises(GraticuleError, match=says):
            read_aecg(put(tmp_path, text), NOTHING)


def test_hl7_moments():
    assert moment("20200101000000.25+0100") - moment("20191231230000") == Fraction(1, 4)
    assert moment("2020") == moment("20200101")
    assert moment("20201399") is None


@needs_data
def test_aecg_of_the_test_study_gives_its_intervals_and_rhythm():
    path = DATA / "ecg" / "aecg_hl7" / "subject1_0.xml"
    elements = aecg_elements(path, read_aecg(path, NOTHING), new_ids())
    assert [e.code.code for e in elements if isinstance(e, Episode)][:1] == ["sinus"]
    assert any(isinstance(e, Beat) and e.symbol == "N" for e in elements)


# Tables


@pytest.mark.parametrize(("text", "rate", "names", "values"), [
    ("# rate: 250\n# unit: mV\nI,II\n0.1,0.25\n-0.2,1\n0,0\n", 250, ["I", "II"], [[0.1, 0.25], [-0.2, 1], [0, 0]]),
    ("time (ms),II (uV)\n0,100\n4,-50\n8,3\n", 250, ["II"], [[0.1], [-0.05], [0.003]]),
    ("'Elapsed time','MLII','V5'\n'seconds','mV','mV'\n 0.000, -0.145, -0.065\n 0.003, -0.145, -0.065\n 0.006, -0.145,\n 0.008,1,2\n",
     Fraction(375), ["MLII", "V5"], [[-0.145, -0.065], [-0.145, -0.065], [-0.145, np.nan], [1, 2]]),
    ("fs=360\nunit=V\nII;V1\n0,001;0,002\n0,5;1\n0;0\n", 360, ["II", "V1"], [[1, 2], [500, 1000], [0, 0]])])
def test_tables_that_say_rate_and_unit(tmp_path, text, rate, names, values):
    path = put(tmp_path, text, "r.csv")
    assert claims_table(path, path.read_bytes()[:4096])
    recording = read_table(path, NOTHING)
    assert (recording.rate, [lead.name for lead in recording.leads], what(recording)) == (rate, names, [])
    np.testing.assert_allclose(np.stack([lead.physical() for lead in recording.leads], axis=1), values, atol=1e-12)


def test_a_table_that_says_nothing_is_asked_about(tmp_path):
    path = put(tmp_path, "1,2\n3,4\n5,6\n7,-8\n", "r.csv")
    assert claims_table(path, path.read_bytes())
    for too_little in (NOTHING, stated(rate="500"), stated(unit="mV")):
        with pytest.raises(GraticuleError, match="not guessed"):
            read_table(path, too_little)
    recording = read_table(path, stated("500", "mV", "200"))
    np.testing.assert_allclose(recording.leads[1].physical(), np.array([2, 4, 6, -8]) / 200)
    put(tmp_path, '{"rate": 250, "units": "uV"}', "r.json")
    beside = read_table(path, NOTHING)
    assert beside.rate == 250 and beside.leads[0].physical()[0] == pytest.approx(0.001)


def test_tables_that_are_no_ecg_or_damaged(tmp_path):
    labels = put(tmp_path, "image,x,y,w\na.png,1,2,3\nb.png,4,5,6\n", "boxes.csv")
    numbers = put(tmp_path, "age,height\n50,180\n60,170\n70,160\n", "people.csv")
    assert not claims_table(labels, labels.read_bytes()) and not claims_table(numbers, numbers.read_bytes())
    uneven = put(tmp_path, "time (s),II (mV)\n0,1\n0.01,2\n0.5,3\n", "uneven.csv")
    with pytest.raises(GraticuleError, match="not even"):
        read_table(uneven, NOTHING)
    broken = put(tmp_path, "I (mV)\n" + "1\n" * 5000 + "abc\n", "broken.csv")
    with pytest.raises(GraticuleError, match="no number"):
        read_table(broken, stated("500"))
