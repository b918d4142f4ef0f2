"""Ways to damage a file. Each takes its bytes and a source of chance and gives other bytes; none knows what will notice."""

import gzip
import io
import re
import struct
import zlib
from collections.abc import Callable
from random import Random

import pydicom
from pydicom.dataset import Dataset
from pydicom.filewriter import dcmwrite

_NUMBERS = (0, 1, 2, 3, 7, 8, 15, 16, 127, 128, 255, 256, 32767, 32768, 65534, 65535, 1 << 24, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFE,
            0xFFFFFFFF)
_TEXTS = ("0", "-1", "1", "2", "65535", "65536", "1000000", "4294967296", "99999999999999999999", "nan", "inf", "-inf", "1e308",
          "", "x", "1 1", "none", "(nan,0,0)", "../../../etc/passwd", "LOCAL", "%d", "\u00e4\ud7ff", "\0")
_VALUES = {
    "Rows": (0, 1, 3, 65535), "Columns": (0, 1, 3, 65535), "NumberOfFrames": ("0", "-1", "2", "1000000", "2147483647", "x"),
    "BitsAllocated": (0, 1, 7, 8, 12, 16, 24, 32, 64, 65535), "BitsStored": (0, 1, 8, 13, 16, 33, 65535),
    "HighBit": (0, 7, 15, 40, 65535), "SamplesPerPixel": (0, 1, 2, 3, 4, 65535), "PixelRepresentation": (0, 1, 2, 65535),
    "PlanarConfiguration": (0, 1, 9),
    "PhotometricInterpretation": ("MONOCHROME1", "PALETTE COLOR", "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "HSV", ""),
    "PixelSpacing": ("0\\0", "nan\\nan", "inf\\1", "-1\\1", "1", "1e-300\\1e300", "x\\y", ""),
    "ImagePositionPatient": ("nan\\0\\0", "1e308\\1e308\\1e308", "0\\0", "inf\\0\\0", ""),
    "ImageOrientationPatient": ("0\\0\\0\\0\\0\\0", "1\\0\\0\\1\\0\\0", "nan\\0\\0\\0\\1\\0", "1\\0\\0", "9\\9\\9\\9\\9\\9"),
    "SliceThickness": ("0", "-5", "nan", "1e300"), "SpacingBetweenSlices": ("0", "-5", "nan"),
    "RescaleSlope": ("0", "nan", "inf", "1e308", "-1", "x"), "RescaleIntercept": ("nan", "1e308", "-1e308", "0.5"),
    "WindowWidth": ("0", "-1", "nan", "1\\2\\3", "inf"), "WindowCenter": ("nan", "1e308", "1\\2"),
    "InstanceNumber": ("-1", "99999999999", "x"), "PixelPaddingValue": (0, 65535), "FrameTime": ("0", "nan", "-1"),
    "Modality": ("CT", "MR", "PT", "DX", "US", "SEG", "ECG", "SM", "XX", ""), "PatientOrientation": ("L\\P", "X\\Y", "\\", "R"),
    "SOPClassUID": ("1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.66.4",
                    "1.2.840.10008.5.1.4.1.1.9.1.1", "1.2.840.10008.5.1.4.1.1.6.1", "1.2.840.10008.5.1.4.1.1.128",
                    "1.2.840.10008.5.1.4.1.1.11.1", "1.2.3"),
}
_SYNTAXES = tuple("1.2.840.10008.1.2" + tail for tail in (
    "", ".1", ".2", ".1.99", ".5", ".4.50", ".4.51", ".4.53", ".4.57", ".4.70", ".4.80", ".4.81", ".4.90", ".4.91", ".4.201",
    ".4.203", ".1.98"))

Mutation = Callable[[bytes, Random], bytes]


def mutated(name: str, data: bytes, chance: Random) -> bytes:
    """`data` after one to four mutations that suit the file's name and beginning."""
    for _ in range(chance.choice((1, 1, 1, 2, 2, 4))):
        data = chance.choice(_suiting(name, data))(data, chance)
    return data


def _suiting(name: str, data: bytes) -> tuple[Mutation, ...]:
    if data[128:132] == b"DICM":
        return (*_PLAIN, tags, tags, tags, tags, long_sequence, pixel_marker)
    if data[:2] == b"\x1f\x8b":
        return (*_PLAIN, inside_gzip, inside_gzip, inside_gzip, bomb)
    if name.endswith((".nrrd", ".nhdr", ".mha", ".mhd", ".hea", ".xml", ".seg.nrrd")):
        return (*_PLAIN, words, words, words, lines)
    if name.endswith((".nii", ".hdr")):
        return (*_PLAIN, nifti_fields, nifti_fields, nifti_fields)
    return _PLAIN


def flips(data: bytes, chance: Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.randint(1, 24)):
        out[_place(out, chance)] ^= 1 << chance.randrange(8)
    return bytes(out)


def numbers(data: bytes, chance: Random) -> bytes:
    """A number that is on the edge of something, over 1, 2, 4 or 8 bytes: most of all a lie about a length."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        form = chance.choice(("<B", "<H", ">H", "<I", ">I", "<Q"))
        size = struct.calcsize(form)
        place = _place(out, chance)
        out[place:place + size] = struct.pack(form, chance.choice(_NUMBERS) & ((1 << 8 * size) - 1))
    return bytes(out)


def truncated(data: bytes, chance: Random) -> bytes:
    return data[:chance.choice((chance.randrange(len(data) + 1), max(0, len(data) - chance.randint(1, 64))))] or b"\0"


def blocks(data: bytes, chance: Random) -> bytes:
    """Left out, repeated or moved."""
    size = chance.choice((1, 2, 8, 64, 512, max(1, len(data) // 4)))
    one, two = sorted((_place(data, chance), _place(data, chance)))
    block = data[one:one + size]
    return chance.choice((data[:one] + data[one + size:], data[:two] + block + data[two:],
                          data[:one] + data[two:two + size] + data[one + size:two] + block + data[two + size:])) or b"\0"


def filled(data: bytes, chance: Random) -> bytes:
    place, size = _place(data, chance), chance.choice((4, 16, 256, 4096))
    fill = chance.choice((b"\0", b"\xff", b"\x41", bytes([chance.randrange(256)])))
    return data[:place] + (fill * size)[:len(data) - place] + data[place + size:]


def tags(data: bytes, chance: Random) -> bytes:
    """An attribute of a DICOM file with another value, gone, or of another kind."""
    try:
        dataset = pydicom.dcmread(io.BytesIO(data), force=True)
        place = _some_item(dataset, chance)
        keyword = chance.choice(list(_VALUES))
        choice = chance.random()
        if choice < 0.1:
            dataset.file_meta.TransferSyntaxUID = chance.choice(_SYNTAXES)
        elif choice < 0.25:
            tag = chance.choice(list(place.keys()))
            if tag.group > 2:
                del place[tag]
        elif choice < 0.35:
            place.add_new(chance.choice(list(place.keys())), chance.choice(("LO", "US", "DS", "SQ", "OB", "UN", "FD")), None)
        else:
            setattr(place, keyword, chance.choice(_VALUES[keyword]))
        out = io.BytesIO()
        dcmwrite(out, dataset)
        return out.getvalue()
    except Exception:  # noqa: BLE001 - pydicom will not write what it read, or what was asked for: then another mutation
        return numbers(data, chance)


def _some_item(dataset: Dataset, chance: Random) -> Dataset:
    sequences = [element for element in dataset if element.VR == "SQ" and element.value]
    if not sequences or chance.random() < 0.6:
        return dataset
    return _some_item(chance.choice(list(chance.choice(sequences).value)), chance)


def long_sequence(data: bytes, chance: Random) -> bytes:
    """Sequences in sequences, opened and never closed, before the image's own tags."""
    depth = chance.choice((3, 40, 1000, 20000))
    opened = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff" * depth
    closed = b"\xfe\xff\x0d\xe0\0\0\0\0\xfe\xff\xdd\xe0\0\0\0\0" * chance.choice((0, depth, depth // 2))
    place = data.find(b"\x08\x00\x16\x00UI")
    return data[:place] + opened + closed + data[place:] if place > 0 else flips(data, chance)


def pixel_marker(data: bytes, chance: Random) -> bytes:
    """The length, the kind or the first bytes of the pixels."""
    place = data.rfind(b"\xe0\x7f\x10\x00")
    if place < 0:
        return numbers(data, chance)
    out = bytearray(data)
    at = place + chance.choice((4, 8, 12, 16, 20, 24, 28, chance.randrange(8, 200)))
    out[at:at + 4] = struct.pack("<I", chance.choice(_NUMBERS))
    return bytes(out[:len(data)])


def words(data: bytes, chance: Random) -> bytes:
    """A word or number of a text header replaced."""
    head, rest = data[:4096], data[4096:]
    found = list(re.finditer(rb"[^\s=:,()<>\"]+", head.split(b"\n\n")[0]))
    if not found:
        return flips(data, chance)
    word = chance.choice(found)
    return head[:word.start()] + chance.choice(_TEXTS).encode("utf-8", "surrogatepass") + head[word.end():] + rest


def lines(data: bytes, chance: Random) -> bytes:
    head, mark, rest = data[:4096].partition(b"\n\n")
    parts = head.split(b"\n")
    one = chance.randrange(len(parts))
    chance.choice((lambda: parts.pop(one), lambda: parts.insert(one, parts[one]), lambda: chance.shuffle(parts)))()
    return b"\n".join(parts) + mark + rest + data[4096:] or b"\0"


# (offset, type) of what decides sizes, types and places, in either version.
_NIFTI_FIELDS = (
    (0, "<i"), (16, "<q"), (24, "<q"), (40, "<h"), (42, "<h"), (44, "<h"), (46, "<h"), (48, "<h"), (50, "<h"), (70, "<h"),
    (72, "<h"), (76, "<f"), (80, "<f"), (84, "<f"), (88, "<f"), (108, "<f"), (112, "<f"), (116, "<f"), (123, "<B"), (168, "<q"),
    (252, "<h"), (254, "<h"), (256, "<f"), (260, "<f"), (268, "<f"), (280, "<f"), (300, "<f"), (344, "<i"))


def nifti_fields(data: bytes, chance: Random) -> bytes:
    out = bytearray(data)
    place, form = chance.choice(_NIFTI_FIELDS)
    value = chance.choice((0, -1, 1, 3, 128, 1e30, -1e30, float("nan"), float("inf"), 1e-30) if form == "<f" else
                          (0, 1, 2, 4, 7, 8, 127, 128))
    if form in ("<h", "<i", "<q"):
        value = chance.choice((-32768, -1, 0, 1, 2, 4, 5, 7, 128, 512, 2304, 32767))
    out[place:place + struct.calcsize(form)] = struct.pack(form, value)
    return bytes(out)


def inside_gzip(data: bytes, chance: Random) -> bytes:
    try:
        inner = gzip.decompress(data)
    except (OSError, EOFError, zlib.error):
        return flips(data, chance)
    return gzip.compress(chance.choice((nifti_fields, flips, numbers, truncated))(inner, chance), 1)


def bomb(data: bytes, chance: Random) -> bytes:
    """A stream that unpacks to far more than its header speaks of."""
    return data + gzip.compress(bytes(64 << 20), 9)


def _place(data: bytes | bytearray, chance: Random) -> int:
    """Any byte, but headers are where the damage is done."""
    return min(len(data) - 1, chance.choice((chance.randrange(len(data)), chance.randrange(min(len(data), 600)),
                                             chance.randrange(min(len(data), 4096)))))


_PLAIN: tuple[Mutation, ...] = (flips, numbers, numbers, truncated, blocks, filled)
