"""How marks are drawn in a view: their strokes and words, chosen or faint, and which one lies under the pointer."""

import numpy as np

from graticule.domain.elements import Region
from graticule.domain.geometry import Floats
from graticule.editing.tools.measuring import as_places, grips_of, sketch
from graticule.editing.tools.tool import Outline
from graticule.imaging.lengths import from_stored
from graticule.imaging.shapes import ANGLE, ARROW, COBB, POINT, TEXT
from graticule.presenters.mark_words import label_of

MARK, CHOSEN, FAINT, FOREIGN, GUIDE = "mark", "chosen", "faint", "foreign", "guide"


def outlines_of(region: Region, style: str = MARK) -> tuple[Outline, ...]:
    """The strokes of a mark, its words at the first; a faint one (of a neighbouring slice) says nothing."""
    points = from_stored(region.points)
    if not len(points):
        return ()
    label = "" if style == FAINT else label_of(region)
    if region.shape in (POINT, TEXT):
        return (_dotted(points, label, "dot" if region.shape == POINT else "text"),)
    drawn = sketch(region.shape, points, label, "arrow" if region.shape == ARROW and style != FAINT else style)
    if region.shape == COBB and len(points) == 4:
        drawn += sketch("line", np.stack([points[:2].mean(axis=0), points[2:].mean(axis=0)]), style="guide")
    if region.shape == ANGLE and style != FAINT and len(points) == 3:
        # The words stand at the corner, not at the end of a side.
        drawn = (*sketch("line", points, style=drawn[0].style), Outline(as_places(points[1:2]), label=label, style="text"))
    return drawn + (grips_of(region) if style == CHOSEN else ())


def _dotted(points: Floats, label: str, style: str) -> Outline:
    return Outline(as_places(points[:1]), label=label, style=style)
