"""Every action of PS3.15 Table E.1-1, for attributes of every class, against the data of the table itself."""

import pydicom
import pytest
from dicomanonymizer.dicomfields_selector import dicom_anonymization_database_selector
from pydicom.datadict import dictionary_has_tag, dictionary_VR
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian

from formats.deidentify.making import KEY, cleaned
from graticule.formats.deidentify import rules
from graticule.formats.deidentify.profile import profile_named, profiles

TABLE = dicom_anonymization_database_selector(rules.EDITION)
VALUES = {"PN": "Doe^Jane", "DA": "20200229", "DT": "20200229101112", "TM": "101112", "UI": "1.2.3.4", "AS": "045Y", "DS": "1.5",
          "IS": "7", "AT": 0x00100010, "UN": b"ab", "OB": b"ab", "OW": b"ab", "OF": bytes(4), "OB or OW": b"ab", "CS": "DOE",
          "UR": "http://doe.example", "AE": "DOE"}
NUMBERS = ("US", "SS", "UL", "SL", "FL", "FD", "SV", "UV")


def element(tag):
    vr = dictionary_VR(tag).split(" or ")[0]
    if vr == "SQ":
        item = Dataset()
        item.PatientName = "Doe^Nested"
        return DataElement(tag, vr, Sequence([item]))
    return DataElement(tag, vr, 7 if vr in NUMBERS else VALUES.get(vr, "Doe Jane 1234567"))


def file_with(tags, path):
    data = Dataset()
    data.SOPClassUID, data.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.7", "1.2.3.9"
    data.PatientID, data.Modality = "4711", "OT"
    for tag in tags:
        data.add(element(tag))
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.save_as(path, enforce_file_format=True)
    return path


def known(name):
    tags = [tag[0] << 16 | tag[1] for tag in TABLE[name] if len(tag) == 2]
    return [tag for tag in tags if dictionary_has_tag(tag) and tag >> 16 > 2]


def test_x_removes_all_of_them(tmp_path):
    tags = known("X_TAGS")
    data = cleaned(file_with(tags, tmp_path / "x.dcm"), "strict")
    assert len(tags) > 350
    assert [tag for tag in tags if tag in data and rules.action(tag, profile_named("strict")) == "X"] == []


@pytest.mark.parametrize("name", ["Z_TAGS", "X_Z_TAGS"])
def test_z_empties_all_of_them(tmp_path, name):
    tags = known(name)
    data = cleaned(file_with(tags, tmp_path / "z.dcm"), "strict")
    filled = [data[tag].keyword for tag in tags if tag in data and not data[tag].is_empty and data[tag].VR != "SQ"]
    assert not [tag for tag in tags if tag in data and "Doe" in str(data[tag].value)]
    assert set(filled) <= {"PatientID", "PatientName"}
    assert data.PatientID == data.get("PatientName", data.PatientID) == KEY.patient("", "4711").pseudonym


@pytest.mark.parametrize("name", ["D_TAGS", "Z_D_TAGS", "X_D_TAGS", "X_Z_D_TAGS"])
def test_d_leaves_something_that_says_nothing(tmp_path, name):
    tags = known(name)
    data = cleaned(file_with(tags, tmp_path / "d.dcm"), "strict")
    whole = (tmp_path / "d.dcm").read_bytes()
    assert b"Doe" in whole
    for tag in tags:
        if tag in data:
            assert "Doe" not in str(data[tag].value) and "20200229" not in str(data[tag].value), data[tag].keyword
            assert data[tag].VR == "SQ" or not data[tag].is_empty or data[tag].VR in ("DA", "DT", "TM"), data[tag].keyword


def test_u_maps_all_of_them_by_the_key(tmp_path):
    tags = [tag for tag in known("U_TAGS") if dictionary_VR(tag) == "UI"]
    data = cleaned(file_with(tags, tmp_path / "u.dcm"))
    assert len(tags) > 40
    for tag in tags:
        assert data[tag].value == KEY.uid("1.2.3.4") or data[tag].value == KEY.uid("1.2.3.9"), data[tag].keyword


def test_k_and_c_of_the_options(tmp_path):
    tags = [pydicom.datadict.tag_for_keyword(word) for word in
            ("PatientAge", "PatientSex", "PatientSize", "PatientWeight", "StudyDate", "StudyTime", "AcquisitionDateTime",
             "SeriesDescription", "DeviceSerialNumber", "StationName", "PatientBirthDate", "Allergies")]
    path = file_with(tags, tmp_path / "k.dcm")
    data = cleaned(path, "reading_device")
    assert (data.PatientAge, data.PatientSex, data.PatientSize, data.PatientWeight) == ("045Y", "DOE", 1.5, 1.5)
    days = KEY.patient("", "4711").days
    assert data.StudyDate != "20200229" and data.StudyTime == "101112" and days > 0
    assert data.AcquisitionDateTime == data.StudyDate + "101112"
    assert data.SeriesDescription == "" and data.DeviceSerialNumber == "Doe Jane 1234567" and data.PatientBirthDate == ""
    plain = cleaned(path, "reading")
    assert plain.DeviceSerialNumber.startswith("X-") and "Doe" not in str(plain.get("StationName")) and "Doe" not in str(plain)
    strict = cleaned(path, "strict")
    assert not strict.get("PatientAge") and not strict.get("PatientSex") and not strict.StudyDate


def test_what_was_done_stands_in_the_file(tmp_path):
    path = file_with([], tmp_path / "m.dcm")
    for profile in profiles():
        data = cleaned(path, profile.name)
        codes = {item.CodeValue for item in data.DeidentificationMethodCodeSequence}
        assert data.PatientIdentityRemoved == "YES" and {"113100", "113103", "113104"} <= codes
        assert ("113108" in codes) == profile.keeps("patient") and ("113107" in codes) == profile.keeps("dates")
        assert data.LongitudinalTemporalInformationModified == ("MODIFIED" if profile.keeps("dates") else "REMOVED")


def test_curves_overlays_and_unknown_attributes_go(tmp_path):
    data = pydicom.dcmread(file_with([], tmp_path / "o.dcm"))
    data.add_new(0x60003000, "OW", b"Doe1")
    data.add_new(0x60020010, "US", 2)
    data.add_new(0x50000005, "US", 2)
    data.add_new(0x00181999, "LO", "Doe")
    data.save_as(tmp_path / "o.dcm")
    after = cleaned(tmp_path / "o.dcm")
    assert not [tag for tag in list(after.keys()) if tag.group in (0x6000, 0x6002, 0x5000) or tag == 0x00181999]


def test_private_elements_go_but_for_safe_ones_that_look_as_they_should(tmp_path):
    data = pydicom.dcmread(file_with([], tmp_path / "p.dcm"))
    block = data.private_block(0x7053, "Philips PET Private Group", create=True)
    block.add_new(0x00, "DS", "0.000123")
    block.add_new(0x01, "LO", "Doe")
    siemens = data.private_block(0x0019, "SIEMENS MR HEADER", create=True)
    siemens.add_new(0x0C, "IS", "1000")
    siemens.add_new(0x0D, "CS", "DOE")
    data.private_block(0x0043, "GEMS_PARM_01", create=True).add_new(0x39, "UN", b"Doe^Jane")
    data.private_block(0x0011, "Doe's own", create=True).add_new(0x01, "PN", "Doe^Jane")
    data.save_as(tmp_path / "p.dcm")
    after = cleaned(tmp_path / "p.dcm")
    assert after[0x70531000].value == 0.000123 and after[0x0019100C].value == 1000
    kept = sorted(int(tag) for tag in list(after.keys()) if tag.is_private)
    assert kept == [0x00190010, 0x0019100C, 0x70530010, 0x70531000]
    assert not [tag for tag in list(cleaned(tmp_path / "p.dcm", "strict").keys()) if tag.is_private]
