"""The DICOM door: which files are DICOM, and what becomes of each."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.formats.dicom import objects
from graticule.formats.dicom.frame import Frame
from graticule.formats.dicom.frames import frames_of
from graticule.formats.dicom.geometry import stack_of
from graticule.formats.dicom.grouping import Pile, piles
from graticule.formats.dicom.header import read_header
from graticule.formats.dicom.listing import PICTURE, SERIES, picture_case, series_case
from graticule.formats.dicom.picture import DicomPictureOpening
from graticule.formats.dicom.references import referenced_objects
from graticule.formats.dicom.seg_file import SegFile
from graticule.formats.dicom.series import SeriesOpening
from graticule.formats.family import CASE, LABELS, REFUSED, SKIPPED, Opening, Outcome

log = logging.getLogger("graticule.formats")

_SUFFIXES = (".dcm", ".dicom", ".ima")
_VRS = {b"UI", b"UL", b"CS", b"SH", b"LO", b"DA", b"TM", b"OB"}


@dataclass
class _Gathered:
    """What the header pass found, before grouping."""

    volumes: list[Frame] = field(default_factory=list)
    pictures: list[Frame] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


class DicomFamily:
    """CT, MR, PET, radiographs, photographs, and segmentations of them."""

    readings = (SERIES, PICTURE)

    def claims(self, path: Path, head: bytes) -> bool:
        return head[128:132] == b"DICM" or path.suffix.lower() in _SUFFIXES or _bare(head)

    def gather(self, paths: Sequence[Path], progress: Progress) -> Iterator[Outcome]:
        found = _Gathered()
        for done, path in enumerate(paths):
            progress.step(done, len(paths), "DICOM files read")
            try:
                answer = self._take(path, found)
            except GraticuleError as error:
                answer = Outcome(path, REFUSED, reason=str(error))
            if answer is not None:
                yield answer
        log.info("%d DICOM files: %d planes, %d pictures", len(paths), len(found.volumes), len(found.pictures))
        yield from self._cases(found)

    def open(self, case: Case) -> Opening:
        return SeriesOpening(case) if case.reading == SERIES else DicomPictureOpening(case)

    def _take(self, path: Path, found: _Gathered) -> Outcome | None:
        """Keep a file's frames for grouping, or answer at once."""
        header = read_header(path)
        kind = objects.read_as(header.sop_class)
        if kind is None:
            listed = header.sop_class == "1.2.840.10008.1.3.10"
            return Outcome(path, SKIPPED if listed else REFUSED, reason=objects.why_not(header.sop_class))
        if not header.has_pixels:
            return Outcome(path, REFUSED, reason="The file has no pixels: it is cut off, or it holds only a description.")
        problem = objects.why_no_decoder(header.syntax)
        if problem is not None:
            return Outcome(path, REFUSED, reason=problem)
        if kind == objects.LABELS:
            SegFile(path)  # refuses fractional and damaged ones now, not when somebody opens the case
            return Outcome(path, LABELS, labels_reading="dicom-seg", match_ids=referenced_objects(path))
        frames = frames_of(header)
        if frames[0].object_id in found.seen:
            return Outcome(path, SKIPPED, reason="The same image as another file of this import (same SOP Instance UID).")
        found.seen.add(frames[0].object_id)
        return self._keep(path, kind, frames, found)

    def _keep(self, path: Path, kind: str, frames: list[Frame], found: _Gathered) -> Outcome | None:
        if kind == objects.PICTURE and len(frames) > 1:
            return Outcome(path, REFUSED,
                           reason=f"A moving picture of {len(frames)} frames: this version of Graticule reads single pictures.")
        if kind == objects.VOLUME and frames[0].coding.samples != 1:
            return Outcome(path, REFUSED,
                           reason="A CT, MR or PET image in colour: this version of Graticule does not read it.")
        (found.pictures if kind == objects.PICTURE else found.volumes).extend(frames)
        return None

    def _cases(self, found: _Gathered) -> Iterator[Outcome]:
        for frame in found.pictures:
            yield Outcome(frame.path, CASE, picture_case(frame))
        for pile in piles(found.volumes):
            yield from _answers(pile)


def _answers(pile: Pile) -> Iterable[Outcome]:
    paths = list(dict.fromkeys(frame.path for frame in pile.frames))
    try:
        case = series_case(stack_of(pile))
    except GraticuleError as error:
        return [Outcome(path, REFUSED, reason=str(error)) for path in paths]
    return [Outcome(path, CASE, case) for path in paths]


def _bare(head: bytes) -> bool:
    """DICOM without the 128-byte preamble: the first element of group 2 or 8, explicit or implicit."""
    if len(head) < 12 or head[:2] not in (b"\x02\x00", b"\x08\x00", b"\x00\x08") or head[2:4] == b"\xff\xff":
        return False
    if head[4:6] in _VRS:
        return True
    element, length = int.from_bytes(head[2:4], "little"), int.from_bytes(head[4:8], "little")
    return head[:2] == b"\x08\x00" and element <= 0x70 and length <= 256 and length % 2 == 0


FAMILY = DicomFamily()
