"""The shapes of measurements: which points make one, how it is outlined, and what a moved handle does to it.

Points are (n, 2) image pixels or (n, 3) LPS millimetres, as a Region's `points` are after `lengths.from_stored`.
"""

import numpy as np

from graticule.domain.geometry import Floats

LINE, PROFILE, DISTANCE, BIDIRECTIONAL = "line", "profile", "distance", "bidirectional"
ANGLE, COBB = "angle", "cobb"
ELLIPSE, BOX, POLYGON, FREEHAND, POLYLINE = "ellipse", "box", "polygon", "freehand", "polyline"
POINT, ARROW, TEXT = "point", "arrow", "text"

LENGTHS = (LINE, PROFILE, DISTANCE)
AREAS = (ELLIPSE, BOX, POLYGON, FREEHAND)
ROUND_STEPS = 72


def outlines(shape: str, points: Floats) -> tuple[tuple[Floats, bool], ...]:
    """((n, d) points, whether closed) of every stroke of a shape."""
    if shape == ELLIPSE and len(points) == 4:
        return ((_round(points), True),)
    if shape == BOX:
        return ((box_corners(points), True),)
    if shape in (POLYGON, FREEHAND):
        return ((points, len(points) > 2),)
    if shape in (BIDIRECTIONAL, COBB) and len(points) == 4:
        return (points[:2], False), (points[2:], False)
    return ((points, False),)


def box_corners(points: Floats) -> Floats:
    """(4, d) corners in turn; two points are opposite corners along the first two axes."""
    if len(points) != 2:
        return points
    one, two = points
    first, second = two.copy(), one.copy()
    first[1:], second[1:] = one[1:], two[1:]
    return np.stack([one, first, two, second])


def handles(shape: str, points: Floats) -> Floats:
    """(n, d) points a hand may take; a freehand outline is only carried as a whole."""
    if shape == FREEHAND:
        return np.zeros((0, points.shape[1]))
    return box_corners(points) if shape == BOX else points


def moved(shape: str, points: Floats, handle: int, to: Floats) -> Floats:
    """The points of the shape after one handle was dragged to `to`; what the shape promises (right angles) stays."""
    if shape == BOX:
        return _box_moved(box_corners(points), handle, to)
    if shape == ELLIPSE:
        return _ellipse_moved(points, handle, to)
    if shape == BIDIRECTIONAL:
        return _bidirectional_moved(points, handle, to)
    changed = points.copy()
    changed[handle] = to
    return changed


def box_between(start: Floats, end: Floats, right: Floats, down: Floats, *, square: bool = False) -> Floats:
    """(4, d) corners of the box with a diagonal from start to end, along the unit vectors `right` and `down`."""
    across, along = _spans(start, end, right, down, square)
    return np.stack([start, start + across, start + across + along, start + along])


def ellipse_between(start: Floats, end: Floats, right: Floats, down: Floats, *, square: bool = False) -> Floats:
    """(4, d): the ends of both axes of the ellipse that fills such a box (a circle when `square`)."""
    across, along = _spans(start, end, right, down, square)
    middle = start + (across + along) / 2
    return np.stack([middle - across / 2, middle + across / 2, middle - along / 2, middle + along / 2])


def across_line(line: Floats, start: Floats, end: Floats) -> Floats:
    """(2, d): the perpendicular of `line` through `start`, as far as `end` reaches (the short axis of two diameters)."""
    direction = _unit(line[1] - line[0])
    way = end - start
    return np.stack([start, start + way - direction * (way @ direction)])


def _round(points: Floats) -> Floats:
    middle = points.mean(axis=0)
    across, along = (points[1] - points[0]) / 2, (points[3] - points[2]) / 2
    turn = np.linspace(0, 2 * np.pi, ROUND_STEPS, endpoint=False)[:, None]
    return np.asarray(middle + np.cos(turn) * across + np.sin(turn) * along)


def _spans(start: Floats, end: Floats, right: Floats, down: Floats, square: bool) -> tuple[Floats, Floats]:
    way = end - start
    x, y = float(way @ right), float(way @ down)
    if square:
        side = max(abs(x), abs(y))
        x, y = np.copysign(side, x), np.copysign(side, y)
    return right * x, down * y


def _box_moved(corners: Floats, handle: int, to: Floats) -> Floats:
    fixed = corners[(handle + 2) % 4]
    beside = _unit(corners[(handle + 3) % 4] - fixed), _unit(corners[(handle + 1) % 4] - fixed)
    way = to - fixed
    changed = corners.copy()
    changed[(handle + 3) % 4] = fixed + beside[0] * (way @ beside[0])
    changed[(handle + 1) % 4] = fixed + beside[1] * (way @ beside[1])
    changed[handle] = changed[(handle + 3) % 4] + changed[(handle + 1) % 4] - fixed
    return changed


def _ellipse_moved(points: Floats, handle: int, to: Floats) -> Floats:
    """The other end of the axis stays; the other axis goes along with the middle."""
    other = handle ^ 1
    direction = _unit(points[handle] - points[other])
    end = points[other] + direction * ((to - points[other]) @ direction)
    shift = (end - points[handle]) / 2
    changed = np.asarray(points + shift, dtype=np.float64)
    changed[handle], changed[other] = end, points[other]
    return changed


def _bidirectional_moved(points: Floats, handle: int, to: Floats) -> Floats:
    changed = points.copy()
    if handle >= 2:
        axis = across_line(points[:2], points[5 - handle], to)
        changed[2:] = axis if handle == 3 else axis[::-1]
        return changed
    changed[handle] = to
    before, after = points[1] - points[0], changed[1] - changed[0]
    size = float(before @ before)
    if size == 0 or not np.any(after):
        return changed
    # The short axis keeps its place along the long one and its reach to either side.
    side = points[3] - points[2]
    across = side - before * (side @ before) / size
    share = float((points[2] - points[0]) @ before) / size
    off = float((points[2] - points[0]) @ _unit(across)) if np.any(across) else 0.0
    turned = _turned(before, after, _unit(across))
    changed[2] = changed[0] + after * share + turned * off
    changed[3] = changed[2] + turned * float(np.linalg.norm(across))
    return changed


def _turned(before: Floats, after: Floats, across: Floats) -> Floats:
    """The unit vector across `after` in the plane of both that `across` becomes when `before` turns into `after`."""
    along, onward = _unit(before), _unit(after)
    cosine, sine = float(onward @ along), float(onward @ across)
    flat = across * cosine - along * sine
    return np.asarray(_unit(flat)) if np.any(flat) else across


def _unit(vector: Floats) -> Floats:
    size = float(np.linalg.norm(vector))
    return np.asarray(vector / size) if size else vector
