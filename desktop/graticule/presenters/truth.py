"""Image-truth marks: what stands between the reader and what was recorded, in words short enough for the corner of an image.

A warning changes what may be concluded; a note only says how the image is drawn.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from graticule.domain.picture import Picture
from graticule.domain.volume import Doubt, Volume

NOT_FOR_DIAGNOSIS = "For making reference standards. Not for diagnosis."
_RADIOGRAPHS = ("CR", "DX", "MG", "IO", "RG", "XA", "RF")
_GREY_SCANS = (*_RADIOGRAPHS, "CT", "MR", "PT")


@dataclass(frozen=True, slots=True)
class Truth:
    """warnings and notes, the gravest first."""

    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def truth_of_picture(picture: Picture, frame: int, *, mirrored: bool, marked_regions: bool) -> Truth:
    """What holds for a picture as it is shown now."""
    warnings = [FLIPPED if picture.modality in _RADIOGRAPHS else FLIPPED_TEXT] if mirrored else []
    warnings += [doubt.text for doubt in picture.doubts]
    warnings += _scale_warnings(picture)
    if picture.count > 1 and frame < picture.arrived.size and not picture.arrived[frame]:
        warnings.append("This frame has not been decoded")
    if _eight_bits(picture.pixels.dtype, picture.modality, picture.doubts) and not picture.colour:
        warnings.append("8-bit greys: finer steps of the original are lost")
    notes = []
    if picture.overlay_of(frame) is not None:
        notes.append("Graphics of the file are drawn over the image")
    if picture.calibrated and marked_regions:
        notes.append(f"{len(picture.calibrated)} regions with a scale of their own are outlined")
    return Truth(tuple(warnings), tuple(notes))


def truth_of_volume(volume: Volume, *, mirrored: bool) -> Truth:
    """What holds for a series in every view; what a view adds (interpolation, loading) comes from `slice_words`."""
    warnings = [FLIPPED_TEXT] if mirrored else []
    if _eight_bits(volume.voxels.dtype, volume.modality, volume.doubts):
        warnings.append("8-bit greys: finer steps of the original are lost")
    drawn = "Graphics of the file are drawn over slices as they were acquired"
    return Truth(tuple(warnings), (drawn,) if volume.overlay is not None else ())


FLIPPED = "FLIPPED: left and right have changed places, and letters burned into the image are mirrored"
FLIPPED_TEXT = "FLIPPED: shown in mirror image"


def _scale_warnings(picture: Picture) -> list[str]:
    if picture.colour or {doubt.what for doubt in picture.doubts} & {"no-scale", "detector-scale"}:
        return []
    if picture.calibrated:
        return []
    if picture.pixel_mm is None:
        return ["No pixel size in the file: lengths are in pixels"]
    return [f"Lengths by {picture.pixel_mm_source}"] if picture.pixel_mm_source else []


def _eight_bits(dtype: np.dtype[np.generic], modality: str, doubts: Iterable[Doubt]) -> bool:
    return dtype.itemsize == 1 and modality in _GREY_SCANS and all(doubt.what != "eight-bit" for doubt in doubts)
