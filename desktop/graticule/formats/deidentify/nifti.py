"""NIfTI-1, NIfTI-2 and Analyze headers: free words, file names and extensions are blanked; voxels keep their bytes."""

import gzip
import io
import struct
import zlib
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.formats.deidentify.findings import IDENTITY, PLACES, REMOVED, TEXT
from graticule.formats.deidentify.work import Copy, Span, Work
from graticule.formats.guard.limits import refuse_too_large

_DAMAGED = ("The NIfTI file is damaged: its header cannot be read.", "Copy it again from its source.")
# (offset, length, what): nifti1.h, nifti2.h, and the history of an Analyze header.
_ONE = ((4, 10, "data type in words"), (14, 18, "db_name"), (148, 80, "descrip"), (228, 24, "aux_file"), (328, 16, "intent_name"))
_TWO = ((240, 80, "descrip"), (320, 24, "aux_file"), (508, 16, "intent_name"), (525, 15, "spare bytes"))
_OLD = ((4, 10, "data type in words"), (14, 18, "db_name"), (148, 80, "descrip"), (228, 24, "aux_file"), (263, 10, "generated"),
        (273, 10, "scannum"), (283, 10, "patient_id"), (293, 10, "exp_date"), (303, 10, "exp_time"))
_MOST_TIMES = 1100


def clean_nifti(path: Path, work: Work) -> list[Copy]:
    """The file, or header and image file of a pair."""
    packed = path.name.lower().endswith(".gz")
    if packed:
        return [_packed(path, work)]
    with path.open("rb") as file:
        head = bytearray(file.read(544))
    start, single = _blank(head, work)
    if single:
        with path.open("rb") as file:
            lead = bytearray(file.read(start))
        return [work.put(path, work.name(path, ".nii"), _lead(head, lead, start, work), Span(path, start))]
    image = path.with_suffix(".img")
    if not image.is_file():
        raise GraticuleError("The image file of this header is not beside it.", "Import header and image together.")
    name = work.name(path, "")
    header = work.put(path, name + ".hdr", bytes(head[:_size(head)]))
    return [header, work.put(image, name + ".img", Span(image), beside=header)]


def _packed(path: Path, work: Work) -> Copy:
    """Unpacked, cleaned and packed again, without the name and time that gzip keeps."""
    try:
        data = _unpacked(path)
    except (OSError, EOFError, zlib.error) as error:
        raise GraticuleError(*_DAMAGED) from error
    head = bytearray(data[:544])
    start, _ = _blank(head, work)
    lead = _lead(head, bytearray(data[:start]), start, work)
    out = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, mtime=0, compresslevel=6) as file:
        file.write(lead)
        file.write(memoryview(data)[start:])
    return work.put(path, work.name(path, ".nii.gz"), out.getvalue())


def _unpacked(path: Path) -> bytes:
    limit, out = path.stat().st_size * _MOST_TIMES, bytearray()
    with gzip.open(path, "rb") as file:
        while chunk := file.read(1 << 22):
            out += chunk
            if len(out) > limit:
                raise GraticuleError(*_DAMAGED)
            refuse_too_large(2 * len(out))
    return bytes(out)


def _blank(head: bytearray, work: Work) -> tuple[int, bool]:
    """(where the voxels begin, whether they are in the same file)."""
    size = _size(head)
    order = "<" if struct.unpack_from("<i", head)[0] == size else ">"
    magic = bytes(head[4:8]) if size == 540 else bytes(head[344:348])
    fields = _TWO if size == 540 else _ONE if magic[:1] == b"n" else _OLD
    for at, length, what in fields:
        if any(head[at:at + length]):
            head[at:at + length] = bytes(length)
            group = IDENTITY if what in ("patient_id", "db_name") else PLACES if what == "aux_file" else TEXT
            work.findings.note(group, what, REMOVED)
    start = struct.unpack_from(order + "q", head, 168)[0] if size == 540 else int(struct.unpack_from(order + "f", head, 108)[0])
    single = magic[:3] in (b"n+1", b"n+2")
    if single and not size <= start < 1 << 32:
        raise GraticuleError(*_DAMAGED)
    return start, single


def _lead(head: bytearray, lead: bytearray, start: int, work: Work) -> bytes:
    """Everything before the voxels: the header, and zeros where extensions were."""
    size = _size(head)
    if any(lead[size:]):
        work.findings.note(TEXT, "extensions", REMOVED)
    return bytes(head[:size]) + bytes(max(0, start - size))


def _size(head: bytearray) -> int:
    for order in "<>":
        if len(head) >= 348 and struct.unpack_from(order + "i", head)[0] in (348, 540):
            return int(struct.unpack_from(order + "i", head)[0])
    raise GraticuleError(*_DAMAGED)
