"""A closed smooth outline through a few points that can be moved, added and taken away, as the polygon it is rasterised by."""

from dataclasses import dataclass, replace

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats

_NOTHING = 1e-12


@dataclass(frozen=True, eq=False)
class ClosedSpline:
    """A centripetal Catmull-Rom curve through its points (Yuksel, Schaefer and Keyser 2011): no loops and no overshoot
    between close points.

    points: (n, d) in any units, d = 2 (pixels) or 3 (LPS mm), in turn.
    """

    points: Floats

    def polygon(self, step: float = 0.5) -> Floats:
        """(m, d) points along the curve, no further apart than about `step`, each point of the curve among them."""
        if len(self.points) < 3:
            return self.points
        return np.concatenate([self._piece(n, step) for n in range(len(self.points))])

    def _piece(self, n: int, step: float) -> Floats:
        size = len(self.points)
        p0, p1, p2, p3 = (self.points[(n + m) % size] for m in (-1, 0, 1, 2))
        count = max(1, int(np.ceil(np.linalg.norm(p2 - p1) * 1.2 / step)))
        t0, t1 = 0.0, _knot(p0, p1)
        t2 = t1 + _knot(p1, p2)
        t3 = t2 + _knot(p2, p3)
        t = np.linspace(t1, t2, count, endpoint=False)[:, None]
        a1, a2, a3 = _mix(p0, p1, t0, t1, t), _mix(p1, p2, t1, t2, t), _mix(p2, p3, t2, t3, t)
        b1, b2 = _mix(a1, a2, t0, t2, t), _mix(a2, a3, t1, t3, t)
        return _mix(b1, b2, t1, t2, t)

    def nearest(self, at: Floats, step: float = 0.5) -> tuple[int, float]:
        """(number of the point before the nearest place of the curve, distance to it)."""
        pieces = [self._piece(n, step) for n in range(len(self.points))]
        away = [float(np.linalg.norm(piece - at, axis=1).min()) for piece in pieces]
        n = int(np.argmin(away))
        return n, away[n]

    def handle(self, at: Floats, within: float) -> int | None:
        """The point nearest to `at`, None when none is within reach."""
        away = np.linalg.norm(self.points - at, axis=1)
        n = int(np.argmin(away))
        return n if away[n] <= within else None

    def with_point(self, at: Floats) -> "ClosedSpline":
        """A new point, between the two that the curve passes nearest to it."""
        n, _ = self.nearest(at)
        return replace(self, points=np.insert(self.points, n + 1, at, axis=0))

    def without_point(self, n: int) -> "ClosedSpline":
        if len(self.points) <= 3:
            raise GraticuleError("An outline needs at least three points.")
        return replace(self, points=np.delete(self.points, n, axis=0))

    def moved(self, n: int, to: Floats) -> "ClosedSpline":
        points = self.points.copy()
        points[n] = to
        return replace(self, points=points)


def _knot(one: Floats, two: Floats) -> float:
    return max(float(np.sqrt(np.linalg.norm(two - one))), 1e-6)


def _mix(one: Floats, two: Floats, start: float, end: float, t: Floats) -> Floats:
    return np.asarray((end - t) / (end - start) * one + (t - start) / (end - start) * two)


def spline_from(outline: Floats, tolerance: float) -> ClosedSpline:
    """The fewest points of a closed (n, d) outline whose spline stays within `tolerance` of it: so a traced mask can be
    edited by hand."""
    if len(outline) < 4:
        return ClosedSpline(outline)
    chosen = sorted({int(n) for n in np.linspace(0, len(outline), 4, endpoint=False)})
    while len(chosen) < len(outline):
        curve = ClosedSpline(outline[chosen])
        away = _furthest(outline, chosen, curve, tolerance / 2)
        if away is None or away[1] <= tolerance:
            break
        chosen = sorted({*chosen, away[0]})
    return ClosedSpline(outline[chosen])


def _furthest(outline: Floats, chosen: list[int], curve: ClosedSpline, step: float) -> tuple[int, float] | None:
    from scipy.spatial import cKDTree

    distance: Array = np.asarray(cKDTree(curve.polygon(max(step, _NOTHING))).query(outline)[0])
    distance[chosen] = 0
    n = int(np.argmax(distance))
    return (n, float(distance[n])) if distance[n] > 0 else None
