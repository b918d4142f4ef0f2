"""Files made to do harm: each is answered in a sentence, soon, and without taking memory for what its header claims.

Time and memory are looked at in a child process (`fuzz.child`), with bounds far above what they are: machines are shared.
"""

import gzip
import io
import struct
import zipfile
import zlib

import pydicom
import pytest
from PIL import Image
from pydicom.uid import UID

from fakes.dicom_series import Series, asymmetric
from fuzz.campaign import Child

MOST_S, MOST_MB = 30, 500
HUGE = 65535


class Children:
    """One child for all tests, and another when a test has killed it."""

    def __init__(self):
        self._now = Child()

    def ask(self, folder):
        self._now = self._now if self._now.alive() else Child()
        return self._now.ask(folder)

    def close(self):
        self._now.close()


@pytest.fixture(scope="module")
def child():
    children = Children()
    yield children
    children.close()


def answered(child, folder):
    answer = child.ask(folder)
    assert not {"bug", "crash", "hang"} & set(answer), answer
    assert answer["seconds"] < MOST_S and answer["grown_mb"] < MOST_MB, answer
    return answer


def refused(child, folder):
    """Nothing of it is shown; at least one sentence says why."""
    answer = answered(child, folder)
    assert answer["shown"] == 0 and answer["refused"] + answer["said"] + answer["skipped"] > 0, answer


def one_slice(folder, **changes):
    """A CT slice whose header was changed; the pixels stay."""
    Series(asymmetric((1, 8, 9))).write(folder)
    path, = folder.glob("*")
    dataset = pydicom.dcmread(path)
    for keyword, value in changes.items():
        setattr(dataset, keyword, value)
    dataset.save_as(path)
    return path


@pytest.mark.parametrize("changes", [
    {"Rows": HUGE, "Columns": HUGE}, {"NumberOfFrames": 2_000_000_000, "SOPClassUID": "1.2.840.10008.5.1.4.1.1.2.1"},
    {"Rows": 0}, {"Columns": 0}, {"BitsAllocated": 64}, {"BitsAllocated": 0}, {"BitsAllocated": 65535},
    {"SamplesPerPixel": 65535},
    {"PixelData": b""}, {"PixelData": b"1234"}, {"Rows": HUGE, "Columns": HUGE, "NumberOfFrames": HUGE}], ids=str)
def test_sizes_that_the_pixels_do_not_have(tmp_path, child, changes):
    one_slice(tmp_path, **changes)
    refused(child, tmp_path)


@pytest.mark.parametrize("syntax", ["5", "4.50", "4.70", "4.80", "4.90", "4.201"])
def test_compressed_images_that_claim_to_be_huge(tmp_path, child, syntax):
    path = one_slice(tmp_path)
    dataset = pydicom.dcmread(path)
    dataset.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2." + syntax)
    dataset.Rows = dataset.Columns = HUGE
    dataset.PixelData = pydicom.encaps.encapsulate([b"\xff\xd8\xff\xc0\0\x0b\x08\xff\xff\xff\xff\x01\x01\x11\0" + bytes(300)])
    dataset["PixelData"].is_undefined_length = True
    dataset.save_as(path)
    refused(child, tmp_path)


@pytest.mark.parametrize("changes", [
    {"PixelSpacing": ["nan", "nan"]}, {"PixelSpacing": ["-1", "1"]}, {"PixelSpacing": ["inf", "1"]}, {"PixelSpacing": ["0", "0"]},
    {"ImagePositionPatient": ["nan", "0", "0"]}, {"ImagePositionPatient": ["1e308", "1e308", "1e308"]},
    {"ImageOrientationPatient": ["0"] * 6}, {"ImageOrientationPatient": ["nan", "0", "0", "0", "1", "0"]},
    {"RescaleSlope": "nan"}, {"RescaleSlope": "1e308"}, {"RescaleIntercept": "inf"}, {"WindowWidth": "nan"},
    {"WindowWidth": "-5"},
    {"SliceThickness": "nan"}, {"HighBit": 40}, {"BitsStored": 0}, {"BitsStored": 200}, {"PixelRepresentation": 7}], ids=str)
def test_numbers_that_are_none_never_reach_a_millimetre(tmp_path, child, changes):
    one_slice(tmp_path, **changes)
    answered(child, tmp_path)


@pytest.mark.parametrize("depth", [20, 1000, 50_000])
@pytest.mark.parametrize("closed", [True, False])
def test_sequences_without_bottom(tmp_path, child, depth, closed):
    path = one_slice(tmp_path)
    data = path.read_bytes()
    place = data.index(b"\x08\x00\x16\x00UI")
    opened = b"\x08\x00\x05\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff" * depth
    ends = b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0" * (depth if closed else 0)
    path.write_bytes(data[:place] + opened + ends + data[place:])
    answered(child, tmp_path)


def test_a_file_of_empty_elements_has_an_end(tmp_path, child):
    path = one_slice(tmp_path)
    data = path.read_bytes()
    path.write_bytes(data[:data.rindex(b"\xe0\x7f\x10\x00OW")] + b"\x29\x00\x01\x10ZZ\0\0" * 3_000_000)
    refused(child, tmp_path)


@pytest.mark.parametrize("length", [0, 1, 7, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF])
@pytest.mark.parametrize("tag", [b"\x08\x00\x18\x00UI", b"\xe0\x7f\x10\x00OW", b"\x20\x00\x32\x00DS"])
def test_lengths_that_lie(tmp_path, child, tag, length):
    path = one_slice(tmp_path)
    data = bytearray(path.read_bytes())
    place = data.rindex(tag) + 6
    if tag.endswith(b"OW"):
        data[place + 2:place + 6] = struct.pack("<I", length)
    else:
        data[place:place + 2] = struct.pack("<H", length & 0xFFFF)
    path.write_bytes(data)
    answered(child, tmp_path)


def test_a_million_private_elements(tmp_path, child):
    path = one_slice(tmp_path)
    data = path.read_bytes()
    place = data.rindex(b"\xe0\x7f\x10\x00OW")
    elements = b"".join(struct.pack("<HH2sHI", 0x0029 + 2 * (n >> 16), n & 0xFFFF, b"UL", 4, n) for n in range(1_000_000))
    path.write_bytes(data[:place] + elements + data[place:])
    answered(child, tmp_path)


def test_fewer_functional_groups_than_frames_and_references_to_itself(tmp_path, child):
    dataset = pydicom.dcmread(one_slice(tmp_path, SOPClassUID="1.2.840.10008.5.1.4.1.1.2.1", NumberOfFrames=2))
    group = pydicom.Dataset()
    dataset.PerFrameFunctionalGroupsSequence = [group]
    reference = pydicom.Dataset()
    reference.ReferencedSOPInstanceUID = dataset.SOPInstanceUID
    dataset.ReferencedImageSequence = [reference]
    dataset.PixelData = bytes(8 * 9 * 2 * 2)
    dataset.save_as(tmp_path / "enhanced.dcm")
    answered(child, tmp_path)


@pytest.mark.parametrize("name,text", [
    ("v.nrrd", "NRRD0004\ntype: short\ndimension: 3\nsizes: 1000000 1000000 1000000\nencoding: gzip\nendian: little\n\n"),
    ("v.nrrd", "NRRD0004\ntype: short\ndimension: 3\nsizes: 60000 60000 60000\nencoding: bzip2\nendian: little\n\n"),
    ("v.nrrd", "NRRD0004\ntype: short\ndimension: 99999999\nsizes: " + "1 " * 100_000 + "\nencoding: raw\nendian: little\n\n"),
    ("v.nrrd", "NRRD0004\n" + "x" * 5_000_000),
    ("v.mha", "ObjectType = Image\nNDims = 3\nDimSize = 65000 65000 65000\nElementType = MET_DOUBLE\nCompressedData = True\n"
              "ElementDataFile = LOCAL\n"),
    ("v.mha", "ObjectType = Image\n" + "A = 1\n" * 300_000)])
def test_text_headers_of_the_size_of_the_moon(tmp_path, child, name, text):
    (tmp_path / name).write_bytes(text.encode() + zlib.compress(bytes(1000)))
    refused(child, tmp_path)


def nifti(shape, datatype=4, offset=352.0):
    head = bytearray(352)
    head[0:4], head[344:348] = struct.pack("<i", 348), b"n+1\0"
    head[40:42 + 2 * len(shape)] = struct.pack(f"<{1 + len(shape)}h", len(shape), *shape)
    head[70:74], head[108:112] = struct.pack("<2h", datatype, 16), struct.pack("<f", offset)
    head[76:92] = struct.pack("<4f", 1, 1, 1, 1)
    return bytes(head)


@pytest.mark.parametrize("shape", [(30000, 30000, 30000), (30000, 30000, 3), (512, 512, 2000, 200)])
def test_a_nifti_that_claims_more_than_it_holds(tmp_path, child, shape):
    (tmp_path / "a.nii").write_bytes(nifti(shape) + bytes(1000))
    (tmp_path / "b.nii.gz").write_bytes(gzip.compress(nifti(shape) + bytes(1000)))
    refused(child, tmp_path)


def test_a_gzip_bomb_behind_a_small_header(tmp_path, child):
    """512 MB of zeros in half a megabyte; the volume needs two kilobytes of them."""
    (tmp_path / "bomb.nii.gz").write_bytes(gzip.compress(nifti((10, 10, 10)) + bytes(2000)) + gzip.compress(bytes(512 << 20), 9))
    header = b"NRRD0004\ntype: short\ndimension: 3\nsizes: 10 10 10\nencoding: gzip\nendian: little\n\n"
    (tmp_path / "bomb.nrrd").write_bytes(header + gzip.compress(bytes(512 << 20), 9))
    answered(child, tmp_path)


def test_a_gzip_bomb_that_is_its_header(tmp_path, child):
    """A header that asks for 60 GB which the stream really holds would fill the memory: it is refused by what is free."""
    (tmp_path / "v.nii.gz").write_bytes(gzip.compress(nifti((30000, 30000, 33)), 9) + bytes(60_000_000))
    refused(child, tmp_path)


def png(columns, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", columns, rows, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10_000_000), 9)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("columns,rows", [(60_000, 60_000), (2_000_000_000, 1), (0, 5), (19_000, 19_000)])
def test_picture_bombs(tmp_path, child, columns, rows):
    (tmp_path / "p.png").write_bytes(png(columns, rows))
    refused(child, tmp_path)


def test_text_and_exif_and_page_bombs(tmp_path, child):
    text = zlib.compress(bytes(200_000_000), 9)
    body = b"zTXt" + b"Comment\0\0" + text
    data = png(5, 5)
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    (tmp_path / "text.png").write_bytes(data[:33] + chunk + data[33:])
    out = io.BytesIO()
    exif = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 60_000) + struct.pack("<HHII", 0x8769, 4, 1, 8) * 5000
    Image.new("RGB", (8, 8)).save(out, "JPEG", exif=exif[:65_000])
    (tmp_path / "exif.jpg").write_bytes(out.getvalue())
    ifd = struct.pack("<H", 1) + struct.pack("<HHII", 256, 4, 1, 5) + struct.pack("<I", 8)  # a directory whose next is itself
    (tmp_path / "loop.tif").write_bytes(b"II*\0" + struct.pack("<I", 8) + ifd)
    answered(child, tmp_path)


def test_zip_bombs_and_names_that_lead_out(tmp_path, child):
    (tmp_path / "in").mkdir()
    with zipfile.ZipFile(tmp_path / "in" / "out.zip", "w") as archive:
        archive.writestr("../../../escaped.dcm", b"x")
        archive.writestr("/etc/escaped", b"x")
        archive.writestr("C:\\escaped", b"x")
    with zipfile.ZipFile(tmp_path / "in" / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(64 << 20))
    data = bytearray((tmp_path / "in" / "bomb.zip").read_bytes())
    for mark, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = data.index(mark) + offset
        data[place:place + 4] = struct.pack("<I", 0xFFFFFFF0)
    (tmp_path / "in" / "lie.zip").write_bytes(data)
    answered(child, tmp_path / "in")
    assert not (tmp_path / "escaped.dcm").exists() and not (tmp_path.parent / "escaped.dcm").exists()


def test_a_deflated_file_that_unpacks_without_end(tmp_path, child):
    path = one_slice(tmp_path)
    data = path.read_bytes()
    dataset = pydicom.dcmread(path)
    dataset.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2.1.99")
    out = io.BytesIO()
    pydicom.dcmwrite(out, dataset)
    head = out.getvalue()
    start = 132 + 12 + struct.unpack_from("<I", head, 140)[0]
    plain = data[132 + 12 + struct.unpack_from("<I", data, 140)[0]:]
    machine = zlib.compressobj(9, wbits=-15)
    packed = machine.compress(plain) + b"".join(machine.compress(bytes(64 << 20)) for _ in range(16)) + machine.flush()
    path.write_bytes(head[:start] + packed)
    refused(child, tmp_path)


def test_ordinary_files_beside_hostile_ones_are_still_opened(tmp_path, child):
    Series(asymmetric((4, 8, 9))).write(tmp_path / "good")
    (tmp_path / "p.png").write_bytes(png(60_000, 60_000))
    (tmp_path / "v.nii").write_bytes(nifti((30000, 30000, 30000)))
    assert answered(child, tmp_path)["shown"] == 1
