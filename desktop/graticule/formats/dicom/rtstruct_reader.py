"""Structure sets beside their series: contours are filled on the slices they lie on; what that changed is measured and said."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from graticule.domain.case import Case
from graticule.domain.codes import Code
from graticule.domain.elements import BY_HAND, MACHINE, MACHINE_CORRECTED
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume
from graticule.formats.dicom.rtstruct_file import FILLED, Contour, Roi, read_rois
from graticule.formats.family import Content
from graticule.formats.label_maps import TISSUE, Builder, Meaning
from graticule.imaging.contours import filled

READING = "rtstruct"
_WORDS = {"POINT": "points", "OPEN_PLANAR": "open lines", "OPEN_NONPLANAR": "open lines"}
_MAKERS = {"MANUAL": BY_HAND, "SEMIAUTOMATIC": MACHINE_CORRECTED, "AUTOMATIC": MACHINE}
# Contours this near a slice lie on it: coordinates are written in decimals.
ON_SLICE_MM = 0.01
# SNOMED CT: a gross tumour volume is a mass, so far as anyone has said.
_TUMOUR = Code("SCT", "49755003", "")


@dataclass
class _Placed:
    """The loops of one region by slice, and what was noticed on the way."""

    loops: dict[int, list[Floats]] = field(default_factory=lambda: defaultdict(list))
    moved: int = 0
    furthest_mm: float = 0.0
    outside: int = 0
    across: int = 0
    others: int = 0


class StructureReader:
    reading = READING

    def read(self, path: Path, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
        """One segment for each region with closed contours; GraticuleError when none lies on this image."""
        if not isinstance(content, Volume):
            raise GraticuleError("These contours belong to a series of slices, and the case is a single picture.")
        rois = read_rois(path)
        _refuse_elsewhere(rois, content)
        builder = Builder(content.grid.shape, new_id)
        placed = [(roi, placed_on(roi, content.grid)) for roi in rois]
        left_out = _left_out([roi for roi, theirs in placed if not theirs.loops])
        for roi, theirs in placed:
            if theirs.loops:
                builder.add_mask(_meaning(roi, theirs, left_out), mask_of(theirs.loops, content.grid))
                left_out = ""  # said once, with the first region
        if not builder.labels.groups:
            raise GraticuleError("The structure set draws no closed contour on this case's images.",
                                 "It may hold only points, or belong to other images.")
        return builder.labels


def placed_on(roi: Roi, grid: Grid) -> _Placed:
    """The region's closed contours as (column, row) loops on the slices nearest to them."""
    placed = _Placed()
    for contour in roi.contours:
        if contour.kind not in FILLED or len(contour.points) < 3:
            placed.others += 1
            continue
        _place(contour, grid, placed)
    return placed


def mask_of(loops: dict[int, list[Floats]], grid: Grid) -> Array:
    """(k, j, i) bool: a voxel belongs when its centre lies inside an odd number of its slice's loops."""
    mask = np.zeros(grid.shape, bool)
    for k, parts in loops.items():
        mask[k] = filled(parts, grid.shape[1:])
    return mask


def _place(contour: Contour, grid: Grid, placed: _Placed) -> None:
    heights = (contour.points - grid.origin_mm) @ grid.normal
    if float(np.ptp(heights)) > max(ON_SLICE_MM, 0.25 * _step(grid)):
        placed.across += 1
        return
    planes = (grid.to_patient(_first_pixels(grid)) - grid.origin_mm) @ grid.normal
    height = float(heights.mean())
    k = int(np.argmin(np.abs(planes - height)))
    away = height - float(planes[k])
    if abs(away) > 0.75 * _gap(planes, k):
        placed.outside += 1
        return
    if abs(away) > ON_SLICE_MM:
        placed.moved += 1
        placed.furthest_mm = max(placed.furthest_mm, abs(away))
    flat = contour.points - np.outer((contour.points - grid.origin_mm) @ grid.normal - float(planes[k]), grid.normal)
    loop = grid.to_index(flat)[:, :2]
    inside = loop.min(axis=0) < np.array(grid.shape[:0:-1]) - 0.5
    if (loop.max(axis=0) < -0.5).any() or not inside.all():
        placed.outside += 1
        return
    placed.loops[k].append(loop)


def _first_pixels(grid: Grid) -> Floats:
    count = grid.shape[0]
    return np.stack([np.zeros(count), np.zeros(count), np.arange(count, dtype=np.float64)], axis=1)


def _step(grid: Grid) -> float:
    return abs(float(grid.affine[:3, 2] @ grid.normal))


def _gap(planes: Floats, k: int) -> float:
    gaps = np.abs(np.diff(planes))
    return float(max(gaps[max(0, k - 1):k + 1], default=1.0)) if gaps.size else 1.0


def _refuse_elsewhere(rois: list[Roi], volume: Volume) -> None:
    stated = {roi.frame_of_reference for roi in rois if roi.frame_of_reference}
    if stated and volume.frame_of_reference and volume.frame_of_reference not in stated:
        raise GraticuleError("These contours lie in another frame of reference than the image.",
                             "They were drawn on another position of the patient; export them on this image.")


def _left_out(rois: list[Roi]) -> str:
    """Regions of which nothing came, each by name and by what it is; "" when all came."""
    named = [f"“{roi.name}” ({_drawn_as(roi)})" for roi in rois]
    return f"Left out of the same file: {', '.join(named)}." if named else ""


def _drawn_as(roi: Roi) -> str:
    return ", ".join(dict.fromkeys(_WORDS.get(one.kind, "drawn elsewhere") for one in roi.contours)) or "empty"


def _meaning(roi: Roi, placed: _Placed, left_out: str) -> Meaning:
    scheme, value, _ = roi.code
    code = Code(scheme, value, "") if scheme and value else _TUMOUR if roi.kind == "GTV" else TISSUE
    maker = _MAKERS.get(roi.made)
    return Meaning(roi.name, code if code == _TUMOUR else TISSUE, code, roi.colour, maker or BY_HAND, maker is not None,
                   notice=" ".join([*_notices(placed), *([left_out] if left_out else [])]))


def _notices(placed: _Placed) -> list[str]:
    found = []
    if placed.moved:
        found.append(f"{placed.moved} contours lay up to {placed.furthest_mm:.2f} mm beside a slice and were moved onto the "
                     "nearest.")
    if placed.outside:
        found.append(f"{placed.outside} contours lie outside the image and were left out.")
    if placed.across:
        found.append(f"{placed.across} contours do not run along the slices and were left out.")
    if placed.others:
        found.append(f"{placed.others} points or open lines enclose nothing and were left out.")
    return found


READER = StructureReader()
