"""What a mark measures: one number with its unit, and further figures beside it, all as fixed-precision strings."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from graticule.domain.geometry import Array, Floats
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.imaging.inside import Sheet, pixels_inside, voxels_inside
from graticule.imaging.lengths import MM, Scale, from_stored, length_text, scale_of
from graticule.imaging.shapes import ANGLE, AREAS, BIDIRECTIONAL, COBB, LENGTHS, POINT, outlines
from graticule.imaging.statistics import luma, statistics_of

DEGREES = "°"
Points = tuple[tuple[int, ...], ...]
# Patient points are millimetres already.
_PATIENT = Scale(1.0, 1.0, MM)


@dataclass(frozen=True)
class Measured:
    """`value` is a plain decimal ("" for a note).

    figures: "n", "mean", "sd", "min", "max", "p5", "p50", "p95" (of colours also "red_mean", …), "area", "area_unit", "long",
    "short", and "scale", which says why in mm or why not.
    """

    value: str = ""
    unit: str = ""
    figures: Mapping[str, str] = field(default_factory=dict)


def measure(shape: str, stored: Points, content: Volume | Picture) -> Measured:
    """What a shape with points in µm LPS (volume) or 1/1000 pixel (picture) measures on the image."""
    points = from_stored(stored)
    scale = _PATIENT if isinstance(content, Volume) else scale_of(content, np.concatenate(
        [stroke for stroke, _ in outlines(shape, points)]))
    if shape in LENGTHS and len(points) == 2:
        return _noted(length_text(_apart(scale, points), scale.unit), scale.unit, scale)
    if shape == BIDIRECTIONAL and len(points) == 4:
        return _two_diameters(points, scale)
    if shape in (ANGLE, COBB) and len(points) == (3 if shape == ANGLE else 4):
        degrees = angle_deg(_scaled(scale, points)) if shape == ANGLE else cobb_deg(_scaled(scale, points))
        return _noted(f"{degrees:.1f}", DEGREES, scale)
    if shape in AREAS and len(points) >= 2:
        return _area(shape, points, content, scale)
    return _probe(points, content) if shape == POINT else Measured()


def angle_deg(points: Floats) -> float:
    """0…180° at the middle one of (3, d) points."""
    return _between(points[0] - points[1], points[2] - points[1])


def cobb_deg(points: Floats) -> float:
    """0…180° between two lines of (4, d) points, whichever way each was drawn.

    Both are taken to run to the same side of the way from one middle to the other (the spine), so curves over 90° are said
    as such and not as their complement.
    """
    one, two = points[1] - points[0], points[3] - points[2]
    spine = points[2:].mean(axis=0) - points[:2].mean(axis=0)
    across = one - spine * (one @ spine) / max(float(spine @ spine), 1e-12)
    if float(one @ across) < 0:
        one = -one
    return _between(one, -two if float(two @ across) < 0 else two)


def area_of(outline: Floats) -> float:
    """Of a closed (n, 2) outline."""
    x, y = outline.T
    return abs(float(x @ np.roll(y, -1) - y @ np.roll(x, -1))) / 2


def frame_of(points: Floats) -> int:
    """The frame that image points lie on; 0 where they carry none."""
    return round(float(points[0, 2])) if points.shape[1] > 2 else 0


def _between(one: Floats, two: Floats) -> float:
    size = float(np.linalg.norm(one) * np.linalg.norm(two))
    return float(np.degrees(np.arccos(np.clip(one @ two / size, -1.0, 1.0)))) if size else 0.0


def _two_diameters(points: Floats, scale: Scale) -> Measured:
    sizes = sorted((_apart(scale, points[:2]), _apart(scale, points[2:])), reverse=True)
    long, short = (length_text(size, scale.unit) for size in sizes)
    return _noted(long, scale.unit, scale, {"long": long, "short": short})


def _area(shape: str, points: Floats, content: Volume | Picture, scale: Scale) -> Measured:
    figures = _figures(shape, points, content)
    outline = outlines(shape, points)[0][0]
    sheet = Sheet.through(outline) if isinstance(content, Volume) else None
    flat = sheet.flat(outline) if sheet is not None else _scaled(scale, outline)
    area = area_of(flat[:, :2])
    unit = f"{scale.unit}²"
    figures |= {"area": f"{area:.1f}" if scale.unit == MM else f"{area:.0f}", "area_unit": unit}
    if "mean" not in figures:
        return _noted(figures["area"], unit, scale, figures)
    return _noted(figures["mean"], content.unit or "", scale, figures)


def _figures(shape: str, points: Floats, content: Volume | Picture) -> dict[str, str]:
    if isinstance(content, Volume):
        i, j, k = voxels_inside(content.grid, shape, points).T
        if not content.arrived[k].all():
            return {}
        return _texts(content.voxels[k, j, i], content.blank)
    frame = content.frame(frame_of(points))
    rows, columns = pixels_inside((content.rows, content.columns), shape, points)
    return _texts(frame[rows, columns], content.blank)


def _texts(values: Array, blank: tuple[float, float] | None) -> dict[str, str]:
    """Of grey values, or of the brightness and each channel of colours."""
    if values.ndim == 1:
        found = statistics_of(values, blank)
        return found.as_text() if found else {}
    whole = statistics_of(luma(values))
    if whole is None:
        return {}
    texts = whole.as_text()
    for channel, name in enumerate(("red", "green", "blue")):
        one = statistics_of(values[:, channel])
        texts |= {f"{name}_{key}": text for key, text in one.as_text().items() if key in ("mean", "sd")} if one else {}
    return texts


def _probe(points: Floats, content: Volume | Picture) -> Measured:
    if isinstance(content, Volume):
        value = content.value_at(points[0])
        return Measured() if value is None else Measured(f"{value:g}", content.unit or "")
    column, row = (int(v) for v in np.floor(points[0, :2]))
    if not (0 <= row < content.rows and 0 <= column < content.columns):
        return Measured()
    found = content.frame(frame_of(points))[row, column]
    if content.colour:
        red, green, blue = (str(int(v)) for v in found)
        return Measured(f"{float(luma(found[None])[0]):.1f}", "", {"red": red, "green": green, "blue": blue})
    return Measured(f"{float(found):g}", content.unit or "")


def _noted(value: str, unit: str, scale: Scale, figures: Mapping[str, str] | None = None) -> Measured:
    return Measured(value, unit, {**(figures or {}), **({"scale": scale.note} if scale.note else {})})


def _scaled(scale: Scale, points: Floats) -> Floats:
    """(n, 3) LPS mm as they are; image points in the scale's unit, without their frame."""
    return points if scale is _PATIENT else scale.apply(points)


def _apart(scale: Scale, points: Floats) -> float:
    one, two = _scaled(scale, points)
    return float(np.linalg.norm(two - one))
