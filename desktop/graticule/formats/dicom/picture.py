"""A DICOM radiograph, ultrasound image, photograph or loop of frames being read."""

import math
import os
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import numpy as np

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, letters_for
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.domain.volume import Doubt
from graticule.formats.arrivals import arrivals
from graticule.formats.colour_profile import Profile
from graticule.formats.dicom.appearance import appearance_of
from graticule.formats.dicom.cine import frame_ms
from graticule.formats.dicom.damage import DICOM_DAMAGE
from graticule.formats.dicom.fidelity import Sign
from graticule.formats.dicom.frame import Coding
from graticule.formats.dicom.groups import Groups
from graticule.formats.dicom.listing import planes_of
from graticule.formats.dicom.overlays import in_unused_bits, overlay_on
from graticule.formats.dicom.pixels import Plane, picture_of, raw_values
from graticule.formats.dicom.rescale import rescaled, value_type
from graticule.formats.dicom.scale import Scale, scale_of
from graticule.formats.dicom.whole_header import whole_header
from graticule.formats.dicom.witness import Witness
from graticule.formats.facts import doubts_of, floats
from graticule.formats.guard.limits import refuse_too_large
from graticule.formats.titles import plural

_OPPOSITE = str.maketrans("LRAPHF", "RLPAFH")
# Decoded frames of a loop are kept in memory; beyond this, only its beginning is.
MOST_BYTES = 2 << 30
# What a listing can only guess from fewer attributes than are read here.
_SAID_BETTER_HERE = {"no-scale", "detector-scale", "lossy", "for-processing", "film-scale", "estimated-scale", "loose-scale",
                     "burned-in", "shallow"}


class DicomPictureOpening:
    """`content` is a Picture with its size at once; its pixels are 0 until their frame has arrived."""

    def __init__(self, case: Case) -> None:
        try:
            self._plane = planes_of(case)[0]
            self._witness = Witness(case)
            letters = edge_letters(case.facts.get("patient_orientation", ()), case.facts.get("orientation", ()))
        except (KeyError, TypeError, ValueError, IndexError) as error:
            raise GraticuleError("The worklist holds too little about this case to open it.",
                                 "Import its files again.") from error
        self._header = whole_header(self._plane.path)
        try:
            self.content = self._described(case, letters)
        except DICOM_DAMAGE as error:
            raise GraticuleError("The file is damaged: its header holds impossible values.",
                                 "Copy it again from its source.") from error

    def _described(self, case: Case, letters: tuple[str, str, str, str]) -> Picture:
        """The picture with all that the header says of it."""
        self._look = appearance_of(self._header, self._plane.coding)
        self._profile = _profile(self._header) if self._plane.colour else None
        self._dtype = self._kind()
        count, left_out = _shown(self._plane, self._dtype)
        scale = scale_of(self._header, self._plane.columns, self._plane.rows)
        return self._picture(case, scale, letters, count, left_out)

    def _kind(self) -> np.dtype[Any]:
        coding = self._plane.coding
        if self._plane.colour or (self._plane.of > 1 and _is_bytes(coding) and self._look.table is None):
            return np.dtype(np.uint8)
        return value_type([coding], self._look.table)

    def _picture(self, case: Case, scale: Scale, letters: tuple[str, str, str, str], count: int, left_out: int) -> Picture:
        plane, look = self._plane, self._look
        shape = (count, plane.rows, plane.columns, *((3,) if plane.colour else ()))
        refuse_too_large(math.prod(shape) * self._dtype.itemsize)
        frames = np.zeros(shape, self._dtype)
        doubts = [doubt for doubt in doubts_of(case.facts) if doubt.what not in _SAID_BETTER_HERE]
        doubts += [*scale.doubts, *look.doubts, *_cut_short(count, left_out)]
        every = frame_ms(self._header) if plane.of > 1 else 0.0
        return Picture(
            frames[0], case.modality, "RGB" if plane.colour else plane.coding.photometric,
            bool(case.facts.get("inverted")) and not plane.colour, scale.pixel_mm, scale.source, None, look.windows,
            edge_letters=letters, doubts=tuple(doubts), facts={"transfer_syntax": plane.coding.syntax},
            frames=frames if plane.of > 1 else None, arrived=np.zeros(count, dtype=bool), frame_ms=every,
            calibrated=scale.calibrated, blank=look.blank, overlay=self._layer(count), pixel_aspect=scale.aspect,
            signs=(*_scale_signs(scale), *look.signs, *_profile_sign(plane, self._profile), *_loop_sign(plane, every, left_out)))

    def _layer(self, count: int) -> Array | None:
        """The graphics: one layer for all frames, or one for each; those in unused bits come with the pixels."""
        planes, shape = list(self._look.overlays), (self._plane.rows, self._plane.columns)
        if not planes:
            return None
        if count > 1 and any(plane.bits is None or len(plane.bits) > 1 for plane in planes):
            layers = [overlay_on(shape, planes, number) for number in range(count)]
            return np.stack([np.zeros(shape, dtype=bool) if layer is None else layer for layer in layers])
        layer = overlay_on(shape, planes)
        return np.zeros(shape, dtype=bool) if layer is None else layer

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        """Decode what has not arrived, from frame `first` on and then from the beginning; call `on_slice(n)` after each.

        A frame that cannot be decoded does not keep the others from arriving: the GraticuleError comes at the end.
        """
        count = self.content.arrived.size
        start = min(max(first or 0, 0), count - 1)
        wanted = [n for n in (*range(start, count), *range(start)) if not self.content.arrived[n]]
        failed: list[GraticuleError] = []
        with closing(arrivals(wanted, self._bring)) as arriving:
            progress.step(0, len(wanted), "images")
            for done, (number, error) in enumerate(arriving, 1):
                if error is None:
                    on_slice(number)
                else:
                    failed.append(error)
                progress.step(done, len(wanted), "images")
        if failed:
            start_words = f"{len(failed)} of {count} frames cannot be shown. " if count > 1 else ""
            raise GraticuleError(f"{start_words}{failed[0].message}", failed[0].hint)

    def _bring(self, number: int) -> None:
        try:
            self._decode(number)
        except DICOM_DAMAGE as error:
            raise GraticuleError("An image of this case cannot be decoded.",
                                 "It is damaged or was changed; import it again.") from error

    def _decode(self, number: int) -> None:
        plane = replace(self._plane, frame=number, coding=self._coding(number))
        try:
            self._witness.confirm(0, replace(plane, frame=0, coding=self._plane.coding), os.stat(plane.path))
        except FileNotFoundError as error:
            raise GraticuleError("A file of this case is no longer where it was.",
                                 "Import the case again from its new place.") from error
        raw = raw_values(plane)
        self.content.frame(number)[...] = self._values(raw, plane)
        self._draw_hidden(raw, number)
        self.content.arrived[number] = True

    def _coding(self, number: int) -> Coding:
        """Frames may have a rescale each."""
        groups, coding = Groups(self._header, number), self._plane.coding
        if self._plane.of == 1 or self._header.get("PerFrameFunctionalGroupsSequence") is None:
            return coding
        slope, intercept = (groups.get("PixelValueTransformationSequence", name) for name in ("RescaleSlope", "RescaleIntercept"))
        return replace(coding, slope=float(slope or 1), intercept=float(intercept or 0))

    def _values(self, raw: Array, plane: Plane) -> Array:
        shown = picture_of(raw, plane)
        if plane.colour:
            return shown if self._profile is None else self._profile.to_srgb(shown)
        if self._dtype == np.uint8:
            return shown
        return rescaled(shown, plane.coding, self._dtype, self._look.table)[0]

    def _draw_hidden(self, raw: Array, number: int) -> None:
        layer = self.content.overlay_of(number)
        if layer is not None and raw.ndim == 2 and raw.dtype.kind in "iu" and in_unused_bits(list(self._look.overlays)):
            drawn = overlay_on(raw.shape, list(self._look.overlays), number, raw)
            layer |= drawn if drawn is not None else False


def _profile(header: Any) -> Profile | None:
    data = header.get("ICCProfile")
    if not data:
        path = next(iter(header.get("OpticalPathSequence") or ()), None)
        data = path.get("ICCProfile") if path is not None else None
    return Profile(bytes(data)) if data else None


def _is_bytes(coding: Coding) -> bool:
    return coding.bits_allocated <= 8 and not coding.signed and coding.slope == 1 and coding.intercept == 0


def _shown(plane: Plane, dtype: np.dtype[Any]) -> tuple[int, int]:
    """(frames that are decoded, frames that are left out for want of memory)."""
    size = plane.rows * plane.columns * (3 if plane.colour else 1) * dtype.itemsize
    count = max(1, min(plane.of, MOST_BYTES // size))
    return count, plane.of - count


def _cut_short(count: int, left_out: int) -> list[Doubt]:
    if not left_out:
        return []
    return [Doubt("frames-left-out", f"Only the first {plural(count, 'frame')} of {count + left_out} are shown: "
                                     "the loop is too large for the memory set aside for it.")]


def _scale_signs(scale: Scale) -> tuple[Sign, ...]:
    doubtful = "warn" if scale.doubts else ""
    if scale.calibrated:
        parts = "; ".join(f"{part.kind} {part.pixel_mm[0]:.4g} × {part.pixel_mm[1]:.4g} mm" if part.pixel_mm
                          else f"{part.kind} {' by '.join(word or 'no unit' for word in part.axes)}" for part in scale.calibrated)
        return (("Pixel size", f"by ultrasound region: {parts}", ""),)
    if scale.pixel_mm is None:
        shape = "" if scale.aspect == 1.0 else f"; pixels are {scale.aspect:.4g} times as high as wide"
        return (("Pixel size", f"not stated, lengths are in pixels{shape}", "warn"),)
    return (("Pixel size", f"{scale.pixel_mm[0]:.4g} × {scale.pixel_mm[1]:.4g} mm ({scale.source})", doubtful),)


def _profile_sign(plane: Plane, profile: Profile | None) -> tuple[Sign, ...]:
    if not plane.colour:
        return ()
    if profile is None:
        return (("Colour profile", "none in the file, taken for sRGB", ""),)
    return (("Colour profile", f"{profile.name}, shown as sRGB" if profile.usable else "unreadable, taken for sRGB",
             "" if profile.usable else "warn"),)


def _loop_sign(plane: Plane, every: float, left_out: int) -> tuple[Sign, ...]:
    if plane.of == 1:
        return ()
    pace = f", one every {every:.4g} ms" if every else ", time between them not stated"
    return (("Frames", f"{plane.of}{pace}" + (f", the last {left_out} left out" if left_out else ""), "bad" if left_out else ""),)


def edge_letters(patient_orientation: object, orientation: object) -> tuple[str, str, str, str]:
    """(left, top, right, bottom) from Patient Orientation (towards which a row and a column run), or from direction cosines."""
    cosines = floats(orientation)
    if cosines.size == 6:
        row, column = cosines[:3], cosines[3:]
        return letters_for(-row), letters_for(-column), letters_for(row), letters_for(column)
    words = [str(part).strip().upper() for part in patient_orientation] if isinstance(patient_orientation, list | tuple) else []
    if len(words) != 2 or not all(word and set(word) <= set("LRAPHF") for word in words):
        return "?", "?", "?", "?"
    right, bottom = words
    return right.translate(_OPPOSITE), bottom.translate(_OPPOSITE), right, bottom
