"""DICOM segmentations beside their series: overlapping segments land in several groups."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from graticule.domain.case import Case
from graticule.domain.codes import Code
from graticule.domain.elements import BY_HAND, MACHINE, MACHINE_CORRECTED
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume
from graticule.formats.dicom.seg_file import SegFile, SegFrame, SegSegment
from graticule.formats.dicom.seg_placing import place_frame, slices_of
from graticule.formats.family import Content
from graticule.formats.label_maps import TISSUE, Builder, Meaning

_MAKERS = {"MANUAL": BY_HAND, "SEMIAUTOMATIC": MACHINE_CORRECTED, "AUTOMATIC": MACHINE}


class SegReader:
    reading = "dicom-seg"

    def read(self, path: Path, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
        """The file's segments on the volume's grid; GraticuleError when it is fractional, damaged or lies elsewhere."""
        if not isinstance(content, Volume):
            raise GraticuleError("This segmentation belongs to a series of slices, and the case is a single picture.")
        file = SegFile(path)
        builder = Builder(content.grid.shape, new_id)
        meanings = {segment.number: meaning_of(segment) for segment in file.segments}
        for number, mask in masks_of(file, case, content):
            if file.kind == "LABELMAP":
                builder.add_label_map(mask, meanings)
            else:
                builder.add_mask(meanings[number], mask)
        return builder.labels


def masks_of(file: SegFile, case: Case, volume: Volume) -> Iterator[tuple[int, Array]]:
    """(segment number, (k, j, i) bool on the volume's grid) one by one; a label map comes whole, as (0, label numbers).

    A segment without frames comes empty. GraticuleError when a frame does not lie on the grid.
    """
    slices = slices_of(case, volume)
    whole = file.kind == "LABELMAP"
    numbers = [0] if whole else [segment.number for segment in file.segments]
    frames: dict[int, list[SegFrame]] = {number: [] for number in numbers}
    for frame in file.frames:
        if (frame.segment or 0) not in frames:
            raise GraticuleError("The segmentation has frames of a segment that it does not describe.")
        frames[frame.segment or 0].append(frame)
    for number, theirs in frames.items():
        mask: Array = np.zeros(volume.grid.shape, np.uint16 if whole else np.bool_)
        for frame in theirs:
            k, j, i = place_frame(frame, file, volume, slices)
            part = mask[k, j:j + file.rows, i:i + file.columns]
            np.maximum(part, file.mask(frame), out=part)
        yield number, mask


def meaning_of(segment: SegSegment) -> Meaning:
    maker = _MAKERS.get(segment.algorithm)
    return Meaning(segment.label, _code(segment.category), _code(segment.type), segment.colour, maker or BY_HAND,
                   maker is not None)


def _code(stated: tuple[str, str, str]) -> Code:
    scheme, value, _ = stated
    return Code(scheme, value, "") if scheme and value else TISSUE


READER = SegReader()
