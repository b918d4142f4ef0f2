"""The quick header reader has pydicom as its referee: on every real file, on made-up headers, and on damaged ones."""

import os

import numpy as np
import pydicom
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian, RLELossless

from fakes.dicom_series import Series, asymmetric
from graticule.domain.errors import GraticuleError
from graticule.formats.dicom import header as headers
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.header import read_header
from graticule.formats.dicom.walk import TooShort, Unusual
from real_data import DATA, needs_data


def plain(value):
    """What a value says, whatever class says it: numbers with how they print."""
    if isinstance(value, Dataset):
        return str(value)
    if isinstance(value, bytes) or value is None:
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int | float):
        return repr(float(value)), str(value)  # as text, since what is no number is unlike itself
    return [plain(part) for part in value]


def by_walk(path):
    file = os.open(path, os.O_RDONLY)
    try:
        return headers._by_walk(file, os.stat(path).st_size)
    finally:
        os.close(file)


def same(mine, theirs):
    assert (mine.syntax, mine.pixels_at) == (theirs.syntax, theirs.pixels_at)
    for ours, referee in ((mine.meta, theirs.meta), (mine.data, theirs.data)):
        assert {name: plain(value) for name, value in ours.items()} == {name: plain(value) for name, value in referee.items()}


@needs_data
def test_every_real_header_reads_as_pydicom_reads_it():
    plain_ones = 0
    paths = list(DATA.rglob("*.dcm"))
    for path in paths:
        mine = by_walk(path)
        if mine is not None:
            plain_ones += 1
            same(mine, headers.by_pydicom(path))
    assert plain_ones >= len(paths) - 2  # big endian and deflated are pydicom's


words = st.text(st.characters(codec="latin-1", exclude_characters="\\\x00\x1b", exclude_categories=["Cc"]), max_size=24)
decimals = st.one_of(st.integers(-999, 999).map(str), st.decimals(-1000, 1000, places=3).map(str),
                     st.sampled_from(["+1.50", "1e3", " 2.5", "2.5 ", "007", "-0", "1.", ".5"]))


@st.composite
def made_up(draw):
    """A slice with some of its attributes replaced, nested sequences, private elements, and odd but legal spellings."""
    data = Series(asymmetric((1, 4, 4))).slice(0)
    for keyword in ("SeriesDescription", "ProtocolName", "StudyDescription"):
        if draw(st.booleans()):
            setattr(data, keyword, draw(words))
    if draw(st.booleans()):
        data.SpecificCharacterSet = draw(st.sampled_from(["ISO_IR 100", "ISO_IR 192", "", "ISO_IR 6"]))
    for keyword, count in (("EchoTime", 1), ("PixelSpacing", 2), ("ImagePositionPatient", 3), ("WindowCenter", 2)):
        if draw(st.booleans()):
            values = [draw(decimals) for _ in range(count)]
            data.add(pydicom.DataElement(pydicom.datadict.tag_for_keyword(keyword), "LO", "\\".join(values)))
            data[keyword].VR = "DS"
    if draw(st.booleans()):
        data.add_new((0x0028, 0x0120), "SS" if data.PixelRepresentation else "US", draw(st.integers(0, 30000)))
    data.add_new((0x0009, 0x0010), "LO", "A MAKER")
    data.add_new((0x0009, 0x1001), "UN", b"\x01\x02" * draw(st.integers(0, 40)))
    data.add_new((0x0009, 0x1002), "OB", b"\xfe\xff\xdd\xe0\0\0\0\0")  # looks like a delimiter and is none
    for keyword, depth in (("RequestAttributesSequence", 3), ("VOILUTSequence", 0), ("ReferencedImageSequence", 2)):
        if draw(st.booleans()):
            setattr(data, keyword, nested(draw, depth))
            # Inside an implicit sequence of undefined length pydicom forgets that the pixels are signed; the walk does not.
            data[keyword].is_undefined_length = keyword != "VOILUTSequence" and draw(st.booleans())
    return data, draw(st.sampled_from([ExplicitVRLittleEndian, ImplicitVRLittleEndian]))


def nested(draw, depth):
    item = Dataset()
    item.CodeValue, item.CodeMeaning = "1", "odd "
    item.LUTExplanation = draw(words)
    if not depth:
        item.LUTDescriptor = [4, draw(st.sampled_from([0, 30000])), 16]
    item.is_undefined_length_sequence_item = draw(st.booleans())
    if depth:
        item.PurposeOfReferenceCodeSequence = nested(draw, depth - 1) if depth > 1 else Sequence([])
        item["PurposeOfReferenceCodeSequence"].is_undefined_length = draw(st.booleans())
    return Sequence([item] * draw(st.integers(0, 2)))


def saved(data, syntax, path):
    data.file_meta.TransferSyntaxUID = syntax
    try:
        data.save_as(path, enforce_file_format=True, implicit_vr=syntax == ImplicitVRLittleEndian, little_endian=True)
    except (UnicodeEncodeError, ValueError, LookupError):
        return False
    return True


@given(made_up())
@settings(max_examples=120, deadline=None)
def test_made_up_headers_read_as_pydicom_reads_them(tmp_path_factory, made):
    path = tmp_path_factory.getbasetemp() / "made_up.dcm"
    if saved(*made, path):
        mine = by_walk(path)
        assert mine is not None
        same(mine, headers.by_pydicom(path))


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_damaged_header_is_left_to_pydicom_or_reads_the_same(tmp_path_factory, data):
    """What the walk takes for plain after a few bytes were changed, pydicom reads in the same way."""
    path = tmp_path_factory.getbasetemp() / "hurt.dcm"
    syntax = data.draw(st.sampled_from([ExplicitVRLittleEndian, ImplicitVRLittleEndian]))
    saved(always_the_same(), syntax, path)
    hurt = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        hurt[132 + data.draw(st.integers(0, 1000)) % (len(hurt) - 172)] = data.draw(st.integers(0, 255))
    path.write_bytes(hurt)
    mine = by_walk_or_damage(path)
    if mine is not None:
        try:
            theirs = headers.by_pydicom(path)
        except (GraticuleError, *DICOM_DAMAGE):
            return
        same(mine, theirs)


def always_the_same():
    """A slice without the random names of others: what hypothesis found must be found again."""
    data = Series(asymmetric((1, 4, 4))).slice(0)
    for number, keyword in enumerate(("StudyInstanceUID", "SeriesInstanceUID", "FrameOfReferenceUID", "SOPInstanceUID")):
        setattr(data, keyword, f"1.2.3.{number}")
    data.file_meta.MediaStorageSOPInstanceUID = data.SOPInstanceUID
    return data


def by_walk_or_damage(path):
    try:
        return by_walk(path)
    except (GraticuleError, *DICOM_DAMAGE):
        return None


@pytest.mark.parametrize("length", [0, 100, 131, 133, 200, 400])
def test_the_walk_of_a_beginning_asks_for_more(tmp_path, length):
    path, = Series(asymmetric((1, 4, 4))).write(tmp_path)
    with pytest.raises((TooShort, Unusual)):
        headers.walked(path.read_bytes()[:length])


def test_a_header_of_megabytes_is_walked_and_its_pixels_found(tmp_path):
    data = Series(asymmetric((1, 4, 4))).slice(0)
    data.add_new((0x0009, 0x0010), "LO", "A MAKER")
    data.add_new((0x0009, 0x1001), "OB", bytes(3_000_000))
    path = tmp_path / "long.dcm"
    data.save_as(path, enforce_file_format=True)
    same(by_walk(path), headers.by_pydicom(path))
    header = read_header(path)
    assert path.read_bytes()[header.offset:header.offset + header.length] == asymmetric((1, 4, 4)).tobytes()


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.2", "1.2.840.10008.1.2.1.99", "1.2.3.4"])
def test_other_syntaxes_are_left_to_pydicom(tmp_path, syntax):
    data = Series(asymmetric((1, 4, 4))).slice(0)
    path = tmp_path / "one.dcm"
    data.save_as(path, enforce_file_format=True)
    raw = path.read_bytes().replace(b"1.2.840.10008.1.2.1\0", syntax.encode().ljust(20, b"\0"))
    (tmp_path / "two.dcm").write_bytes(raw)
    assert by_walk(tmp_path / "two.dcm") is None


def test_encapsulated_pixels_begin_where_pydicom_says(tmp_path):
    data = Series(asymmetric((1, 4, 4))).slice(0)
    data.compress(RLELossless)
    path = tmp_path / "rle.dcm"
    data.save_as(path, enforce_file_format=True)
    header = read_header(path)
    assert header.length == -1 and path.read_bytes()[header.offset:header.offset + 4] == b"\xfe\xff\x00\xe0"
    assert np.array_equal(pydicom.dcmread(path).pixel_array, asymmetric((1, 4, 4))[0])
