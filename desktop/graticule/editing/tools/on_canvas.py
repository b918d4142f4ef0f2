"""Between a picture's pixels, in which hands and marks are placed, and its canvas, on which segments are painted."""

from dataclasses import replace
from typing import Any

import numpy as np

from graticule.domain.picture import Picture
from graticule.editing.canvas import Canvas
from graticule.editing.tools.tool import Bench, Outline, Plane, Pointer, View

PICTURE_PLANE = "picture"
RIGHT, DOWN, NORMAL = (np.array(axis, dtype=np.float64) for axis in ((1, 0, 0), (0, 1, 0), (0, 0, 1)))


def paints(tool: Any) -> bool:
    """Whether a tool changes segments: those that belong to a family do, and get their pointers on the canvas."""
    return bool(getattr(tool, "family", ""))


def on_canvas(bench: Bench, pointer: Pointer, view: View) -> Pointer:
    """A pointer of a picture (pixels) as painting tools take it: a point of the canvas, with the picture as its plane.

    Anything but a picture's pointer stays as it is.
    """
    if not isinstance(bench.content, Picture) or pointer.plane is not None:
        return pointer
    canvas = bench.canvas
    across = _column(canvas)
    plane = Plane(PICTURE_PLANE, RIGHT, DOWN, NORMAL, across / max(view.pixels_per_unit(), 1e-9))
    reach = (pointer.reach[0] * across,) * 2
    return replace(pointer, at=canvas.point_of(pointer.at), plane=plane, reach=reach)


def on_picture(bench: Bench, outline: Outline) -> Outline:
    """What a painting tool would have drawn, in the pixels of the picture."""
    if not isinstance(bench.content, Picture):
        return outline
    canvas = bench.canvas
    return replace(outline, points=tuple(canvas.place_of(point) for point in outline.points),
                   radius=outline.radius / _column(canvas))


def _column(canvas: Canvas) -> float:
    return canvas.pixel[1] if canvas.pixel is not None else 1.0
