"""A closed surface through outlines on a few planes in any direction: a biharmonic function of space that is 0 on the outlines,
negative inside and positive outside (Carr et al., SIGGRAPH 2001)."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Box
from graticule.domain.progress import Progress, Silent
from graticule.imaging.inside import Sheet
from graticule.imaging.patch import Patch, grid_of
from graticule.imaging.polygons import points_inside

_MOST_POINTS = 1500
_MOST_SAMPLES = 150_000


@dataclass(frozen=True, slots=True)
class SurfaceParameters:
    """offset_mm: how far beside an outline its inside and outside are told. roughness_mm: how far it may miss an outline
    where two planes disagree. beyond: by which share of its size it may bulge past what was drawn."""

    offset_mm: float = 1.5
    roughness_mm: float = 0.3
    beyond: float = 0.3


def surface_through(outlines_mm: list[Floats], grid: Grid, parameters: SurfaceParameters | None = None,
                    progress: Progress | None = None) -> Patch:
    """outlines_mm: closed polygons, (n, 3) LPS mm each on its own plane, in any direction; at least two."""
    parameters, progress = parameters or SurfaceParameters(), progress or Silent()
    if len(outlines_mm) < 2:
        raise GraticuleError("A surface needs outlines on at least two planes.",
                             "Draw the outline on another plane, best across the first.")
    progress.step(0, 3)
    points, values = constraints(outlines_mm, parameters)
    middle, scale = points.mean(axis=0), float(np.abs(points - points.mean(axis=0)).max())
    weights = _solve((points - middle) / scale, values / scale, (parameters.roughness_mm / scale))
    progress.step(1, 3)
    box = _box(outlines_mm, grid, parameters.beyond)
    field = _sampled(grid_of(grid, box), (points - middle) / scale, weights, middle, scale, progress)
    from graticule.imaging.islands import islands

    found = islands(field < 0)
    # Far from every outline the function may turn negative again; what no outline touches is not meant.
    inner = grid_of(grid, box)
    touched = {found.at((int(k), int(j), int(i))) for i, j, k in _inside_points(points, values, inner)}
    chosen = np.zeros(len(found), dtype=bool)
    chosen[[part for part in touched if part is not None]] = True
    return Patch(box, found.drawn(chosen)).trimmed()


def constraints(outlines_mm: list[Floats], parameters: SurfaceParameters) -> tuple[Floats, Floats]:
    """(n, 3) LPS points and (n,) mm: 0 on the outlines, −offset inside them and +offset outside, each in its own plane."""
    each = max(8, _MOST_POINTS // (3 * len(outlines_mm)))
    points, values = [], []
    for outline in outlines_mm:
        sheet = Sheet.through(outline)
        if sheet is None:
            raise GraticuleError("An outline holds no area.", "Draw it again.")
        flat = _even(sheet.flat(outline), each)
        along = np.roll(flat, -1, axis=0) - np.roll(flat, 1, axis=0)
        side = np.stack([along[:, 1], -along[:, 0]], axis=1)
        side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-9)
        for offset in (0.0, parameters.offset_mm, -parameters.offset_mm):
            moved = flat + side * offset
            inner = points_inside(sheet.flat(outline), moved)
            points.append(sheet.origin + moved[:, :1] * sheet.first + moved[:, 1:] * sheet.second)
            values.append(np.zeros(len(flat)) if offset == 0 else np.where(inner, -parameters.offset_mm, parameters.offset_mm))
    return np.concatenate(points), np.concatenate(values)


def _even(flat: Floats, count: int) -> Floats:
    """`count` points evenly along a closed (n, 2) outline."""
    closed = np.concatenate([flat, flat[:1]])
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    at = np.linspace(0, length[-1], count, endpoint=False)
    return np.stack([np.interp(at, length, closed[:, n]) for n in range(2)], axis=1)


def _solve(points: Floats, values: Floats, slack: float) -> Floats:
    """(n + 4,) weights of |x − point| and of 1, x, y, z; `slack` lets it pass beside the points (smoothing spline)."""
    size = len(points)
    matrix = np.zeros((size + 4, size + 4))
    matrix[:size, :size] = np.linalg.norm(points[:, None] - points[None], axis=-1)
    # |r| is conditionally negative definite in space, so the slack is taken off its diagonal.
    matrix[np.arange(size), np.arange(size)] -= max(slack, 1e-9)
    matrix[:size, size] = matrix[size, :size] = 1
    matrix[:size, size + 1:], matrix[size + 1:, :size] = points, points.T
    return np.asarray(np.linalg.lstsq(matrix, np.concatenate([values, np.zeros(4)]), rcond=None)[0]
                      if size < 8 else np.linalg.solve(matrix, np.concatenate([values, np.zeros(4)])))


def _box(outlines_mm: list[Floats], grid: Grid, beyond: float) -> Box:
    index = np.concatenate([grid.to_index(outline) for outline in outlines_mm])
    low, high = index.min(axis=0), index.max(axis=0)
    low, high = low - (high - low) * beyond - 2, high + (high - low) * beyond + 3
    i, j, k = (slice(max(0, int(a)), max(1, min(size, int(np.ceil(b)))))
               for a, b, size in zip(low, high, grid.shape[::-1], strict=True))
    return k, j, i


def _sampled(grid: Grid, points: Floats, weights: Floats, middle: Floats, scale: float, progress: Progress) -> Array:
    """(k, j, i) float32 of the function; on a coarser net first when the box is large, for it is smooth."""
    from scipy.ndimage import map_coordinates

    from graticule.imaging.kernels.radial import evaluate

    k, j, i = grid.shape
    thin = max(1.0, (k * j * i / _MOST_SAMPLES) ** (1 / 3))
    counts = [min(n, max(2, int(np.ceil(n / thin)) + 1)) for n in (k, j, i)]
    axes = [np.linspace(0, n - 1, count) for n, count in zip((k, j, i), counts, strict=True)]
    net = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1)[..., ::-1]
    at = (grid.to_patient(net) - middle) / scale
    coarse: Array = np.empty(counts, dtype=np.float32)
    for plane in range(coarse.shape[0]):
        progress.step(plane, coarse.shape[0])
        evaluate(at[plane].reshape(-1, 3), points, weights, coarse[plane].reshape(-1))
    if counts == [k, j, i]:
        return coarse
    fine = (np.arange(n) * (count - 1) / max(n - 1, 1) for n, count in zip((k, j, i), counts, strict=True))
    places = np.meshgrid(*fine, indexing="ij")
    return np.asarray(map_coordinates(coarse, places, order=1))


def _inside_points(points: Floats, values: Floats, grid: Grid) -> Array:
    index = np.rint(grid.to_index(points[values < 0])).astype(np.int64)
    return index[((index >= 0) & (index < grid.shape[::-1])).all(axis=1)]
