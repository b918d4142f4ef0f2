"""A word of its own in every attribute of DICOM that can hold words: which come through is listed here, and nothing else does."""

import re

import pydicom
import pytest
from pydicom.datadict import DicomDictionary
from pydicom.dataelem import DataElement, RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag

from formats.deidentify.making import KEY, copies
from graticule.formats.deidentify.dicom_file import clean_dicom
from graticule.formats.deidentify.findings import Findings
from graticule.formats.deidentify.kept import kept
from graticule.formats.deidentify.profile import profile_named
from graticule.resources import resource
from real_data import DATA, needs_data

TEXTS = {"LO", "SH", "LT", "ST", "UT", "UC", "PN", "AE", "UR", "CS", "AS", "DS", "IS", "DA", "DT", "TM", "UI", "OB", "OW", "UN",
         "OF"}
WORD = re.compile(rb"[ZX]q(\d{5})x", re.IGNORECASE)
# PatientSex and its like are kept by their option.
CHARACTERISTICS = {"PatientSex", "EthnicGroup", "SmokingStatus", "PregnancyStatus", "PatientSexNeutered", "EthnicGroups"}


def words(exceptions=("00080005",)):
    """(tag, VR, keyword) of every current attribute that can hold bytes or letters."""
    for number, (tag, (vr, _, _, _, keyword)) in enumerate(DicomDictionary.items()):
        vr = vr.split(" or ")[0]
        if vr in TEXTS and tag >> 16 not in (0, 2, 4, 0x7FE0) and f"{tag:08x}" not in exceptions and keyword not in (
                "SOPClassUID", "BitsAllocated", "Modality"):
            yield number, tag, vr, keyword


def filled(data: Dataset) -> dict[int, str]:
    """Put the words in; number → keyword."""
    put = {}
    for number, tag, vr, keyword in words():
        word = f"Zq{number:05}x".encode()  # eight bytes
        data[tag] = RawDataElement(Tag(tag), vr, len(word), word, 0, False, True)
        put[number] = keyword
    return put


def through(data: bytes) -> set[int]:
    wide = data.replace(b"\0", b"")
    return {int(found) for text in (data, wide) for found in WORD.findall(text)}


def samples():
    return [pytest.param(DATA / "imaging/ct/liver_mets_crlm1004/1-07.dcm", id="ct", marks=needs_data),
            pytest.param(next(iter(sorted((resource("samples") / "liver_ct").rglob("*.dcm"))), None), id="sample")]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("path", samples())
@pytest.mark.parametrize("profile", ["reading", "strict"])
@pytest.mark.parametrize("where", ["top", "item", "deep"])
def test_no_word_comes_through_but_those_of_the_list(path, profile, where, tmp_path):
    if path is None:
        pytest.skip("the samples hold no DICOM files of this kind")
    data = pydicom.dcmread(path)
    target = data
    for _ in range({"top": 0, "item": 1, "deep": 3}[where]):
        item = Dataset()
        target.add(DataElement(0x00081140, "SQ", Sequence([item])))
        target = item
    put = filled(target)
    block = target.private_block(0x0011, "Zq99998x", create=True)
    block.add_new(1, "UN", "Zq99997x".encode("utf-16-le"))
    data.preamble = b"Zq99999x".ljust(128, b"\0")
    data.file_meta.SourceApplicationEntityTitle = "Zq99996x"
    data.file_meta.PrivateInformationCreatorUID = "1.2.3"
    data.file_meta.PrivateInformation = b"Zq99995x"
    data.save_as(tmp_path / "in.dcm")
    made = clean_dicom(tmp_path / "in.dcm", KEY, profile_named(profile), Findings())
    left = {put.get(number, str(number)) for number in through(made.data)}
    allowed = kept("text") | kept("bytes") | (CHARACTERISTICS if profile == "reading" else set())
    assert left <= allowed, sorted(left - allowed)
    assert len(put) > 2500


@pytest.mark.filterwarnings("ignore")
@needs_data
def test_neither_names_of_files_nor_folders_come_through(tmp_path):
    folder = tmp_path / "Zq00001x DOE JANE"
    folder.mkdir()
    (folder / "Zq00002x.dcm").write_bytes((DATA / "imaging/ct/liver_mets_crlm1004/1-07.dcm").read_bytes())
    found, _, _ = copies([folder / "Zq00002x.dcm"], tmp_path / "out")
    for copy in found.values():
        assert "Zq" not in str(copy.relative_to(tmp_path / "out"))
        assert not through(copy.read_bytes())
