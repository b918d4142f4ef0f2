"""Marks that measure: how one is made, found under the hand and changed, whatever its shape."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.editing.tools.tool import Bench, Pointer
from graticule.imaging.lengths import from_stored, to_stored
from graticule.imaging.measure import measure
from graticule.imaging.shapes import (
    ANGLE,
    ARROW,
    BIDIRECTIONAL,
    BOX,
    COBB,
    DISTANCE,
    ELLIPSE,
    FREEHAND,
    LINE,
    POINT,
    POLYGON,
    POLYLINE,
    PROFILE,
    TEXT,
    handles,
    moved,
    outlines,
)

PATIENT, IMAGE = "patient", "image"

NOUNS = {LINE: "length", PROFILE: "profile", DISTANCE: "distance", BIDIRECTIONAL: "two diameters", ANGLE: "angle",
         COBB: "Cobb angle", ELLIPSE: "ellipse", BOX: "rectangle", POLYGON: "polygon", FREEHAND: "outline", POLYLINE: "line",
         POINT: "probe", ARROW: "arrow", TEXT: "text"}
WHOLE = -1
LAYER = "layer"
# How the points of a distance between two series are known in one space: "same frame of reference" or "registered".
ACROSS = "across"


@dataclass(frozen=True, slots=True)
class Held:
    """A mark in the hand: by the handle of this number, or WHOLE. `grip`: where it was taken."""

    region: Region
    handle: int
    grip: tuple[float, ...]


def noun_of(region: Region) -> str:
    return NOUNS.get(region.shape, "mark")


def amount_of(region: Region) -> str:
    """ "28.4 mm"; "" for a note."""
    return with_unit(region.value, region.unit)


def with_unit(value: str, unit: str) -> str:
    """ "28.4 mm", but "65.7°"."""
    return f"{value}{'' if unit.startswith('°') else ' '}{unit}".strip()


def titled(verb: str, region: Region) -> str:
    """ "Measure length 28.4 mm": how an act is named in the undo menu."""
    return f"{verb} {noun_of(region)} {amount_of(region)}".strip()


def image_of(bench: Bench) -> Volume | Picture:
    if isinstance(bench.content, Volume | Picture):
        return bench.content
    raise GraticuleError("Marks are measured on images.")


def new_mark(bench: Bench, shape: str, points: Floats, slab_mm: float = 0.0) -> Region:
    """A measured mark of (n, d) points, numbered after the last. slab_mm: it was drawn on a view of so thick a slab."""
    content = image_of(bench)
    stored = to_stored(points)
    found = measure(shape, stored, content)
    number = 1 + max((region.number for region in bench.workspace.labels.of(Region)), default=0)
    space = PATIENT if isinstance(content, Volume) else IMAGE
    return Region(id=bench.new_id(), shape=shape, space=space, points=stored, value=found.value, unit=found.unit, number=number,
                  figures={**found.figures, **_of_layer(found.figures, slab_mm)})


def remeasured(bench: Bench, region: Region, points: Floats) -> Region:
    """The mark with other points, and what it measures there."""
    stored = to_stored(points)
    found = measure(region.shape, stored, image_of(bench))
    kept = {name: region.figures[name] for name in (LAYER, ACROSS) if name in region.figures}
    return replace(region, points=stored, value=found.value, unit=found.unit, figures={**found.figures, **kept})


def _of_layer(figures: Mapping[str, str], slab_mm: float) -> dict[str, str]:
    """Values come from the middle plane, which is not what a slab shows: said with the mark."""
    return {LAYER: f"values of the middle plane, not of the {slab_mm:.1f} mm slab"} if slab_mm > 0 and "mean" in figures else {}


def changed(bench: Bench, held: Held, pointer: Pointer) -> Region:
    """What the held mark becomes when the hand is at `pointer`."""
    points, to = from_stored(held.region.points), np.array(pointer.at, dtype=np.float64)
    if held.handle == WHOLE:
        return remeasured(bench, held.region, points + (to - np.array(held.grip)))
    return remeasured(bench, held.region, moved(held.region.shape, points, held.handle, to))


def held_under(bench: Bench, pointer: Pointer) -> Held | None:
    """What a press here would take: the nearest handle within reach, else the mark whose line passes here."""
    near = [region for region in bench.workspace.labels.of(Region) if _same_space(region, pointer)]
    best: tuple[float, Held] | None = None
    for region in near:
        grips = handles(region.shape, from_stored(region.points))
        away = _distances(grips, pointer)
        if away.size and float(away.min()) <= pointer.reach[0] and (best is None or float(away.min()) < best[0]):
            best = float(away.min()), Held(region, int(away.argmin()), pointer.at)
    if best is not None:
        return best[1]
    line = next((region for region in near if _on_line(region, pointer)), None)
    return Held(line, WHOLE, pointer.at) if line is not None else None


def _same_space(region: Region, pointer: Pointer) -> bool:
    if not region.points or len(region.points[0]) != len(pointer.at):
        return False
    if (region.space == PATIENT) != (pointer.plane is not None):
        return False
    return region.space == PATIENT or len(pointer.at) < 3 or abs(region.points[0][2] / 1000 - pointer.at[2]) < 0.5


def _distances(points: Floats, pointer: Pointer) -> Floats:
    """How far (n, d) points lie from the hand; in a volume a point off the plane by more than the reach is nowhere near."""
    return np.asarray(np.linalg.norm(points - np.array(pointer.at), axis=1)) if len(points) else np.zeros(0)


def _on_line(region: Region, pointer: Pointer) -> bool:
    at = np.array(pointer.at)
    for stroke, closed in outlines(region.shape, from_stored(region.points)):
        for one, two in pairwise(np.concatenate([stroke, stroke[:1]]) if closed else stroke):
            way = two - one
            share = float(np.clip((at - one) @ way / max(float(way @ way), 1e-12), 0.0, 1.0))
            if float(np.linalg.norm(at - one - share * way)) <= pointer.reach[0] * 0.75:
                return True
    return False
