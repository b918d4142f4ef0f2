"""What a resting hand is told about the lesion below it: its edge in the plane it looks at, and whether that edge is clear."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Floats
from graticule.editing.canvas import Canvas
from graticule.editing.tools.computing import amount_of
from graticule.editing.tools.tool import Outline, Plane
from graticule.imaging.growth_curve import GrowthCurve
from graticule.imaging.patch import Patch
from graticule.imaging.tracing import outlines_of

CLEAR, LEAKS, WEAK = "Clear edge", "Leaks", "No clear edge"
OPEN_SHARE = 0.1
# Samples across the plane: finer would cost more than the eye sees in an outline that is gone with the next move.
_MOST = 160


@dataclass(frozen=True, eq=False)
class Verdict:
    """outlines: in the pointer's space, the words beside the first."""

    words: str
    outlines: tuple[Outline, ...]


def words_on(curve: GrowthCurve) -> str:
    if curve.good:
        return CLEAR
    return LEAKS if curve.at_end[curve.best] >= OPEN_SHARE else WEAK


def verdict_on(canvas: Canvas, curve: GrowthCurve, at: Floats, plane: Plane | None) -> Verdict:
    """at: the hand's point (x, y, z) of the canvas."""
    patch, words = curve.patch(filled=False), words_on(curve)
    style = "sure" if curve.good else "doubt"
    said = f"{words} · {amount_of(canvas, patch, values=False).partition(' · ')[0]}"
    loops = [] if plane is None or not patch.voxels else _cut(canvas, patch, at, plane)
    shown = [Outline(tuple(tuple(float(v) for v in point) for point in loop), closed=True, style=style) for loop in loops]
    return Verdict(words, (*shown, Outline((tuple(float(v) for v in at),), label=said, style=f"{style}-words")))


def _cut(canvas: Canvas, patch: Patch, at: Floats, plane: Plane) -> list[Floats]:
    """(n, 3) outlines of the patch where the plane through `at` cuts it."""
    k, j, i = ((part.start - 0.5, part.stop - 0.5) for part in patch.box)
    corners = canvas.grid.to_patient(np.array([(a, b, c) for a in i for b in j for c in k])) - at
    across, along = corners @ plane.right, corners @ plane.down
    step = max(float(np.ptp(across)), float(np.ptp(along))) / _MOST
    step = max(step, min(canvas.grid.spacing_mm[1:]) / 2, 1e-6)
    columns = np.arange(float(across.min()) - step, float(across.max()) + 2 * step, step)
    rows = np.arange(float(along.min()) - step, float(along.max()) + 2 * step, step)
    places = at + columns[None, :, None] * plane.right + rows[:, None, None] * plane.down
    index = np.floor(canvas.grid.to_index(places) + 0.5).astype(np.int64)[..., ::-1]
    start = np.array([part.start for part in patch.box])
    inner = index - start
    inside = np.all((inner >= 0) & (inner < np.array(patch.mask.shape)), axis=-1)
    cut = np.zeros(inside.shape, dtype=bool)
    cut[inside] = patch.mask[tuple(inner[inside].T)]
    corner = at + (columns[0] - step / 2) * plane.right + (rows[0] - step / 2) * plane.down
    return [corner + loop[:, :1] * step * plane.right + loop[:, 1:] * step * plane.down for loop in outlines_of(cut)]
