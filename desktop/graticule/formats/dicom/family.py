"""The DICOM door: which files are DICOM, and what becomes of each."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.formats.dicom import measurement_report, objects, presentation_state
from graticule.formats.dicom.frame import Frame
from graticule.formats.dicom.frames import frames_of
from graticule.formats.dicom.geometry import stack_of
from graticule.formats.dicom.grouping import Pile, piles
from graticule.formats.dicom.header import read_header
from graticule.formats.dicom.listing import PICTURE, SERIES, picture_case, series_case
from graticule.formats.dicom.picture import DicomPictureOpening
from graticule.formats.dicom.references import referenced_objects
from graticule.formats.dicom.rtstruct_file import structure_ids
from graticule.formats.dicom.seg_file import SegFile
from graticule.formats.dicom.series import SeriesOpening
from graticule.formats.family import CASE, LABELS, REFUSED, SKIPPED, Opening, Outcome
from graticule.formats.files import sha256_of

log = logging.getLogger("graticule.formats")

_SUFFIXES = (".dcm", ".dicom", ".ima")
_VRS = {b"UI", b"UL", b"CS", b"SH", b"LO", b"DA", b"TM", b"OB"}


@dataclass
class _Gathered:
    """What the header pass found, before grouping."""

    volumes: list[Frame] = field(default_factory=list)
    pictures: list[Frame] = field(default_factory=list)
    seen: dict[str, Frame] = field(default_factory=dict)


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
        kind = objects.read_as(header.sop_class, header.data)
        if kind is None:
            aside = objects.companion(header.sop_class)
            return Outcome(path, SKIPPED if aside else REFUSED, reason=aside or objects.why_not(header.sop_class))
        if kind in _BESIDE:
            return _beside(path, kind)
        if not header.has_pixels:
            return Outcome(path, REFUSED, reason="The file has no pixels: it is cut off, or it holds only a description.")
        problem = objects.why_no_decoder(header.syntax)
        if problem is not None:
            return Outcome(path, REFUSED, reason=problem)
        if kind == objects.LABELS:
            SegFile(path)  # refuses fractional and damaged ones now, not when somebody opens the case
            return Outcome(path, LABELS, labels_reading="dicom-seg", match_ids=referenced_objects(path))
        if kind == objects.VOLUME and int(header.data.get("SamplesPerPixel") or 1) != 1:
            kind = objects.PICTURE  # a map in colours has no values to measure
        frames = frames_of(header, first_only=kind == objects.PICTURE)
        met = found.seen.get(frames[0].object_id)
        if met is not None and _same_image(met, frames[0]):
            return Outcome(path, SKIPPED, reason="The same image as another file of this import (same SOP Instance UID).")
        if met is not None:
            frames = [replace(frame, object_id="sha256:" + sha256_of(path)) for frame in frames]
        found.seen[frames[0].object_id] = frames[0]
        (found.pictures if kind == objects.PICTURE else found.volumes).extend(frames)
        return None

    def _cases(self, found: _Gathered) -> Iterator[Outcome]:
        for frame in found.pictures:
            yield Outcome(frame.path, CASE, picture_case(frame))
        for pile in piles(found.volumes):
            yield from _answers(pile)


# What lies beside images and holds none: which module finds the images it was made for.
_BESIDE = {objects.DRAWING: presentation_state.match_ids, objects.REPORT: measurement_report.match_ids,
           objects.STRUCTURES: structure_ids}


def _beside(path: Path, kind: str) -> Outcome:
    """A sender's drawings or measurements; a report that names no image is left aside."""
    names = _BESIDE[kind](path)
    if not names:
        return Outcome(path, SKIPPED, reason="A report in words, without images: it is left aside.")
    return Outcome(path, LABELS, labels_reading=kind, match_ids=names)


def _same_image(one: Frame, two: Frame) -> bool:
    """Whether files of one identifier are copies; some senders give all slices of a series the same."""
    return (one.position, one.orientation, one.number, one.rows, one.columns, one.of, one.moments) \
        == (two.position, two.orientation, two.number, two.rows, two.columns, two.of, two.moments)


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
