"""ECG files of the collection, filled with words that must go: samples keep their bytes, headers lose who and when."""

import hashlib
import re
import shutil
import struct
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import wfdb

from formats.deidentify.making import KEY, copies
from graticule.formats.deidentify.checksum import crc_ccitt
from graticule.formats.deidentify.dates import shifted_iso
from graticule.formats.ecg import atr
from real_data import DATA, needs_data

NAME = b"Sentinel"


def only(found):
    assert len(found) == 1
    return next(iter(found.values()))


@needs_data
@pytest.mark.parametrize("name", ["mitdb/100", "mitdb/231_first15min", "ptb_15lead/s0010_re", "challenge2021_12lead/A1041"])
def test_a_record_keeps_its_samples_and_marks_and_loses_its_comments(tmp_path, name):
    folder = (DATA / "ecg" / name).parent
    stem = name.split("/")[1]
    inside = tmp_path / "in"
    shutil.copytree(folder, inside)
    header = inside / f"{stem}.hea"
    header.write_text(header.read_text() + "# Name: Sentinel, Jane\n#Sentinel born 01/02/1950\n")
    files = [path for path in inside.iterdir() if path.stem == stem]
    found, _, left = copies(sorted(files), tmp_path / "out")
    assert set(found) == set(files) and not left
    copy = found[header]
    text = copy.read_text()
    assert "Sentinel" not in text and "1950" not in text and stem not in text and "Diag" not in text and "Dx" not in text
    before, after = wfdb.rdrecord(str(header.with_suffix(""))), wfdb.rdrecord(str(copy.with_suffix("")))
    assert np.array_equal(before.p_signal, after.p_signal, equal_nan=True) and before.sig_name == after.sig_name
    assert before.fs == after.fs and before.units == after.units
    if before.base_date is not None:
        days = KEY.unnamed(hashlib.sha256(header.read_bytes()).hexdigest()).days
        assert (before.base_date - after.base_date).days == days and before.base_time == after.base_time
    marks = header.with_suffix(".atr")
    if marks.exists():
        one, two = atr.decode(marks.read_bytes()), atr.decode(found[marks].read_bytes())
        assert [(m.sample, m.symbol) for m in one.marks] == [(m.sample, m.symbol) for m in two.marks]
        rhythms = [m.aux for m in one.marks if m.aux.startswith("(")]
        assert rhythms == [m.aux for m in two.marks if m.aux.startswith("(")]


@needs_data
def test_ages_are_capped_and_dates_of_typed_notes_go(tmp_path):
    shutil.copytree(DATA / "ecg/mitdb", tmp_path / "in")
    header = tmp_path / "in/100.hea"
    header.write_text(header.read_text().replace("# 69 M", "# 97 M"))
    marks = atr.decode((tmp_path / "in/100.atr").read_bytes())
    typed = atr.Annotations((*marks.marks, atr.Mark(600_000, '"', aux="Mrs Sentinel coughs")))
    (tmp_path / "in/100.atr").write_bytes(atr.encode(typed))
    found, _, _ = copies([header], tmp_path / "out")
    assert "#Age: 90\n#Sex: Male" in found[header].read_text()
    assert NAME not in found[tmp_path / "in/100.atr"].read_bytes()


def edf(path, words, plus=True):
    """Two channels, one of them annotations, two records of one second."""
    head = f"0       {'MCH-0234567 F 02-MAY-1951 Sentinel_Jane':80}{'Startdate 02-MAR-2002 EMG561 BK/JOP Sentinel':80}"
    head += "02.03.0220.15.00"
    head += f"{256 * 3:<8}{('EDF+C' if plus else 'Sentinel'):44}{2:<8}{1:<8}{2:<4}"
    rows = [("ECG", "EDF Annotations"), ("AgCl Sentinel", ""), ("mV", ""), ("-5", "-1"), ("5", "1"), ("-32768", "-32768"),
            ("32767", "32767"), ("HP:0.05Hz LP:150Hz", ""), ("4", "30"), ("Sentinel", "")]
    for width, row in zip((16, 80, 8, 8, 8, 8, 8, 80, 8, 32), rows):
        head += "".join(f"{word:{width}}" for word in row)
    note = b"+0\x14\x14\0+0.5\x14" + words + b"\x14\0"
    record = struct.pack("<4h", 1, -2, 300, -400) + note.ljust(60, b"\0")
    path.write_bytes(head.encode("latin-1") + record * 2)
    return struct.pack("<4h", 1, -2, 300, -400)


@pytest.mark.parametrize("plus", [True, False])
def test_edf_fields_dates_and_typed_notes(tmp_path, plus):
    samples = edf(tmp_path / "Sentinel.edf", b"Sentinel fell asleep", plus)
    found, _, _ = copies([tmp_path / "Sentinel.edf"], tmp_path / "out")
    data = only(found).read_bytes()
    assert NAME not in data and b"MCH-0234567" not in data and b"1951" not in data and b"BK/JOP" not in data
    assert len(data) == (tmp_path / "Sentinel.edf").stat().st_size and data.count(samples) == 2
    patient = KEY.patient("", "MCH-0234567")
    assert data[8:88].decode().startswith(f"{patient.pseudonym} {'F' if plus else 'X'} X X")
    day = shifted_iso("2002-03-02", patient.days)
    assert data[168:184].decode() == f"{day[8:]}.{day[5:7]}.{day[2:4]}20.15.00" and data[256:262].decode() == "ECG   "
    assert (b"+0.5\x14" + b" " * 20) in data


def test_scp_section_1(tmp_path):
    def tag(number, value):
        return bytes([number]) + struct.pack("<H", len(value)) + value

    body = (tag(0, b"Sentinel\0") + tag(1, b"Sentinel\0") + tag(2, b"4711".ljust(16, b"\0")) + tag(4, struct.pack("<HB", 97, 1))
            + tag(5, struct.pack("<HBB", 1950, 2, 1)) + tag(8, b"\x02") + tag(14, bytes(36) + b"SN-Sentinel\0")
            + tag(20, b"Sentinel\0") + tag(25, struct.pack("<HBB", 2011, 12, 1)) + tag(26, bytes([7, 27, 34]))
            + tag(30, b"Sentinel text\0") + tag(255, b""))
    sections = {1: body, 3: b"\x01\0leads!", 6: b"samples 123456", 8: b"\0\0Sentinel report\0"}
    data, rows, at = b"", b"", 6 + 16 + 10 * 12
    for number in range(12):
        content = sections.get(number)
        if number == 0:
            rows += struct.pack("<HII", 0, 16 + 120, 7)
            continue
        if content is None:
            rows += struct.pack("<HII", number, 0, 0)
            continue
        content += b"\0" * (len(content) % 2)
        section = struct.pack("<HIBB6s", number, 16 + len(content), 20, 20, bytes(6)) + content
        rows += struct.pack("<HII", number, 16 + len(content), at + 1)
        data += struct.pack("<H", crc_ccitt(section)) + section
        at += 16 + len(content)
    zero = struct.pack("<HIBB6s", 0, 16 + 120, 20, 20, b"SCPECG") + rows
    whole = struct.pack("<I", at) + struct.pack("<H", crc_ccitt(zero)) + zero + data
    path = tmp_path / "Sentinel.scp"
    path.write_bytes(struct.pack("<H", crc_ccitt(whole)) + whole)
    found, _, left = copies([path], tmp_path / "out")
    assert not left
    new = only(found).read_bytes()
    patient = KEY.patient("", "4711")
    assert NAME not in new and b"4711\0" not in new and b"samples 123456" in new and b"leads!" in new
    assert len(new) == len(path.read_bytes()) and struct.unpack_from("<H", new)[0] == crc_ccitt(new[2:])
    assert patient.pseudonym.encode() in new and struct.pack("<HB", 90, 1) in new and bytes([7, 27, 34]) in new
    day = shifted_iso("2011-12-01", patient.days)
    assert struct.pack("<HBB", int(day[:4]), int(day[5:7]), int(day[8:])) in new and struct.pack("<HBB", 1950, 2, 1) not in new


def test_ishne_header(tmp_path):
    head = bytearray(522)
    head[:8] = b"ISHNE1.0"
    struct.pack_into("<ii", head, 10, 20, 100)
    struct.pack_into("<ii", head, 18, 522, 542)
    head[28:36] = head[68:76] = NAME
    head[108:112] = b"4711"
    struct.pack_into("<hh3h3h3h3h", head, 128, 2, 1, 1, 2, 1950, 1, 12, 2011, 1, 12, 2011, 7, 27, 34)
    struct.pack_into("<h", head, 156, 3)
    head[232:240] = head[274:282] = head[354:362] = NAME
    samples = bytes(range(200))
    path = tmp_path / "x.ecg"
    path.write_bytes(bytes(head) + b"Sentinel told me    " + samples)
    new = only(copies([path], tmp_path / "out")[0]).read_bytes()
    patient = KEY.patient("", "4711")
    assert NAME not in new and new[108:122].decode() == patient.pseudonym and new[542:] == samples
    day = shifted_iso("2011-12-01", patient.days)
    assert struct.unpack_from("<3h", new, 138) == (int(day[8:]), int(day[5:7]), int(day[:4]))
    assert struct.unpack_from("<3h", new, 132) == (0, 0, 0)
    assert struct.unpack_from("<h", new, 128)[0] == 2 and struct.unpack_from("<H", new, 8)[0] == crc_ccitt(new[10:542])


XML = ["muse_xml/guangxi_sinus.xml", "aecg_hl7/subject1_0.xml", "philips_sierra/129DYPRG.XML"]


@needs_data
@pytest.mark.parametrize("name", XML)
def test_xml_words_go_and_samples_stay(tmp_path, name):
    """A word is put into every text and every attribute that is not a sample, a known code or a number in its place."""
    root = ET.parse(DATA / "ecg" / name).getroot()
    samples = [node.text for node in root.iter() if node.text and len(node.text.strip()) > 400]
    assert samples
    count = 0
    for node in root.iter():
        if not (node.text and len(node.text.strip()) > 400):
            node.text, count = f"{node.text or ''} Sentinel{count}", count + 1
        coded = node.attrib.get("codeSystem", "").startswith("2.16.840.1.113883")
        for attribute in [one for one in node.attrib if "}" not in one and not coded]:
            node.attrib[attribute] = f"{node.attrib[attribute]} Sentinel{count}"
    path = tmp_path / "Sentinel.xml"
    path.write_bytes(ET.tostring(root, encoding="utf-8"))
    found, _, left = copies([path], tmp_path / "out")
    assert not left
    new = only(found).read_bytes()
    assert NAME not in new and "Sentinel".encode("utf-16-le") not in new
    assert [node.text for node in ET.fromstring(new).iter() if node.text and len(node.text.strip()) > 400] == samples


@needs_data
@pytest.mark.parametrize("name", XML)
def test_xml_dates_move_together_and_the_patient_has_a_pseudonym(tmp_path, name):
    new = only(copies([DATA / "ecg" / name], tmp_path)[0]).read_text(encoding="utf-8")
    old = (DATA / "ecg" / name).read_text(encoding="utf-8")
    number = {"muse": "00000000", "aecg": "subject1", "phil": "1112010721168bdc"}[name[:4]]
    patient = KEY.patient("", number)
    assert patient.pseudonym in new and number not in new.replace("WaveFormData", "")[:3000]
    day = {"muse": "2024-01-01", "aecg": "2002-11-22", "phil": "2011-12-01"}[name[:4]]
    forms = [day, day.replace("-", ""), f"{day[5:7]}-{day[8:]}-{day[:4]}"]
    moved = shifted_iso(day, patient.days)
    assert any(form in old for form in forms) and not any(re.search(rf"(?<!\d){form}", new) for form in forms)
    assert any(form in new for form in (moved, moved.replace("-", ""), f"{moved[5:7]}-{moved[8:]}-{moved[:4]}"))


def test_entities_are_refused(tmp_path):
    path = tmp_path / "bomb.xml"
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
    path.write_text(f'<?xml version="1.0"?>{entities}<RestingECG><x>&b;</x></RestingECG>')
    found, _, left = copies([path], tmp_path / "out")
    assert not found and "entities" in left[0].reason
