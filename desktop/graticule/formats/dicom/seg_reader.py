"""DICOM segmentations beside their series: overlapping segments land in several groups."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from graticule.domain.case import Case
from graticule.domain.codes import Code
from graticule.domain.elements import BY_HAND, MACHINE, MACHINE_CORRECTED
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.formats.dicom.seg_file import SegFile, SegFrame, SegSegment
from graticule.formats.dicom.seg_pictures import frame_of
from graticule.formats.dicom.seg_placing import place_frame, same_pixels, slices_of
from graticule.formats.family import Content
from graticule.formats.label_maps import TISSUE, Builder, Meaning, OtherGrid, refuse_other_grid
from graticule.formats.resampled import resample_notice, resampled

Place = tuple[int, int, int]
_MAKERS = {"MANUAL": BY_HAND, "SEMIAUTOMATIC": MACHINE_CORRECTED, "AUTOMATIC": MACHINE}


class SegReader:
    reading = "dicom-seg"

    def read(self, path: Path, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
        """The file's segments on the volume's grid; GraticuleError when it is fractional, damaged or lies elsewhere."""
        if not isinstance(content, Volume | Picture):
            raise GraticuleError("This segmentation belongs to images, and the case is a recording.")
        file = SegFile(path)
        builder = Builder(content.labels_shape if isinstance(content, Picture) else content.grid.shape, new_id)
        meanings = {segment.number: meaning_of(segment) for segment in file.segments}
        if file.soft:
            return _sure_and_possible(file, case, content, builder, meanings)
        try:
            found = list(masks_of(file, case, content))
        except OtherGrid:
            if isinstance(content, Picture):
                raise
            together = file.frame_of_reference and file.frame_of_reference == content.frame_of_reference
            if not together or _moved(file, case, content):
                raise
            _resample(path, builder, meanings, content)
            return builder.labels
        for number, mask in found:
            if file.kind == "LABELMAP":
                builder.add_label_map(mask, meanings)
            else:
                builder.add_mask(meanings[number], mask)
        return builder.labels


def _sure_and_possible(file: SegFile, case: Case, volume: Volume | Picture, builder: Builder,
                       meanings: dict[int, Meaning]) -> Labels:
    """Of each segment, what is filled wholly is sure and what is filled at all is possible; the steps between are not kept."""
    for number, shares in shares_of(file, case, volume):
        sure, possible = shares >= file.most, shares > 0
        between = int(np.count_nonzero(possible & ~sure))
        notice = f"{between} voxels are filled in part: they became its possible boundary." if between else ""
        segment = builder.add_mask(replace(meanings[number], notice=notice), sure)
        if between:
            builder.add_possible(segment, possible)
    return builder.labels


def _moved(file: SegFile, case: Case, volume: Volume) -> bool:
    """Drawn on these very images, with their pixels, and yet lying elsewhere: one of the two is wrong, so nothing is guessed."""
    ours = {source.object_id for source in case.sources}
    return any(ours & set(frame.sources) and same_pixels(frame, file, volume) for frame in file.frames)


def _resample(path: Path, builder: Builder, meanings: dict[int, Meaning], volume: Volume) -> None:
    """Same frame of reference, other voxels: the nearest are taken, and each segment says what became of it."""
    from graticule.formats.masks import masks_in

    found = [(mask, resampled(mask.voxels, mask.grid, volume.grid)) for mask in masks_in(path) if mask.value]
    if not any(after.any() for _, after in found):
        raise refuse_other_grid()
    for mask, after in found:
        notice = resample_notice(mask.voxels, mask.grid, after, volume.grid)
        builder.add_mask(replace(meanings[mask.value], notice=notice), after)


def masks_of(file: SegFile, case: Case, volume: Volume | Picture) -> Iterator[tuple[int, Array]]:
    """(segment number, (k, j, i) bool on the volume's grid) one by one; a label map comes whole, as (0, label numbers).

    A segment without frames comes empty. GraticuleError when a frame does not lie on the grid.
    """
    return _laid(file, case, volume, file.mask, np.uint16 if file.kind == "LABELMAP" else np.bool_)


def shares_of(file: SegFile, case: Case, volume: Volume | Picture) -> Iterator[tuple[int, Array]]:
    """As `masks_of`, for a fractional file: (k, j, i) uint8, 0 … `file.most`."""
    return _laid(file, case, volume, file.share, np.uint8)


def _laid(file: SegFile, case: Case, volume: Volume | Picture, plane: Callable[[SegFrame], Array],
          kind: type[np.generic]) -> Iterator[tuple[int, Array]]:
    place, shape = _placing(file, case, volume)
    numbers = [0] if file.kind == "LABELMAP" else [segment.number for segment in file.segments]
    frames: dict[int, list[SegFrame]] = {number: [] for number in numbers}
    for frame in file.frames:
        if (frame.segment or 0) not in frames:
            raise GraticuleError("The segmentation has frames of a segment that it does not describe.")
        frames[frame.segment or 0].append(frame)
    for number, theirs in frames.items():
        laid: Array = np.zeros(shape, kind)
        for frame in theirs:
            k, j, i = place(frame)
            part = laid[k, j:j + file.rows, i:i + file.columns]
            np.maximum(part, plane(frame), out=part)
        yield number, laid


def _placing(file: SegFile, case: Case, content: Volume | Picture) -> tuple[Callable[[SegFrame], Place], Place]:
    """How a frame finds the voxel of its first pixel, and the shape of the labels."""
    if isinstance(content, Picture):
        return lambda frame: (frame_of(frame, file, case, content), 0, 0), content.labels_shape
    slices = slices_of(case, content)
    return lambda frame: place_frame(frame, file, content, slices), content.grid.shape


def meaning_of(segment: SegSegment) -> Meaning:
    maker = _MAKERS.get(segment.algorithm)
    return Meaning(segment.label, _code(segment.category) or TISSUE, _code(segment.type) or TISSUE, segment.colour,
                   maker or BY_HAND, maker is not None, modifier=_code(segment.modifier), region=_code(segment.region))


def _code(stated: tuple[str, str, str]) -> Code | None:
    scheme, value, _ = stated
    return Code(scheme, value, "") if scheme and value else None


READER = SegReader()
