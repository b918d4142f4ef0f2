"""How a plane of a volume is turned on the screen, and how large: what the reader chose, apart from what is cut."""

from collections.abc import Iterable
from dataclasses import replace

from graticule.domain.elements import Region
from graticule.editing.tools.marks import noun_of
from graticule.editing.tools.tool import Outline
from graticule.imaging.lengths import from_stored
from graticule.imaging.orientation import Axes
from graticule.imaging.plane import ViewPlane
from graticule.imaging.shapes import DISTANCE
from graticule.presenters.mark_words import stands_on
from graticule.presenters.marks_view import CHOSEN, FAINT, FOREIGN, GUIDE, MARK, outlines_of
from graticule.presenters.turning import Turn

TRUE_SIZE_WITHIN = 0.005


def axes_turned(axes: Axes, before: Turn, after: Turn) -> Axes:
    """The directions on the screen when the same cut lies turned by `after` instead of `before`."""
    (a, b), (c, d) = (after.array @ before.array.T).tolist()
    return replace(axes, right=axes.right * a + axes.down * b, down=axes.right * c + axes.down * d)


def true_size_words(mm_per_pixel: float, screen_mm: float | None) -> str:
    """ "True size" where a millimetre of the patient is one on the calibrated screen."""
    if screen_mm is None or abs(mm_per_pixel / screen_mm - 1) > TRUE_SIZE_WITHIN:
        return ""
    return "  True size"


def on_slice(region: Region, plane: ViewPlane, near_mm: float) -> bool:
    """Whether all of a mark lies within `near_mm` of the plane."""
    return bool(region.points) and float(abs(plane.distance_mm(from_stored(region.points))).max()) <= near_mm


def marks_on(regions: list[Region], plane: ViewPlane, near_mm: float, chosen: str, *,
             foreign: bool = False) -> tuple[Outline, ...]:
    """The marks of a slice, and faintly those of the slices next to it.

    near_mm: half the distance between slices. A distance in space is drawn where either end lies, as far as it can be seen.
    """
    drawn: list[Outline] = []
    for region in regions:
        style = FOREIGN if foreign else CHOSEN if region.id == chosen else MARK
        if on_slice(region, plane, near_mm):
            drawn += outlines_of(region, style)
        elif region.shape == DISTANCE:
            drawn += _through_space(region, plane, near_mm)
        elif on_slice(region, plane, 2 * near_mm):
            drawn += outlines_of(region, FAINT)
    return tuple(drawn)


def guides_on(regions: Iterable[Region], plane: ViewPlane, near_mm: float) -> tuple[Outline, ...]:
    """What was measured, not drawn: dashed, on its own slice only."""
    return tuple(stroke for region in regions if on_slice(region, plane, near_mm) for stroke in outlines_of(region, GUIDE))


def _through_space(region: Region, plane: ViewPlane, near_mm: float) -> list[Outline]:
    """The end that lies here, and dashed the way to where the other would be seen."""
    points = from_stored(region.points)
    here = [tuple(float(v) for v in point) for point in points if abs(float(plane.distance_mm(point))) <= near_mm]
    if not here:
        return []
    whole = tuple(tuple(float(v) for v in point) for point in points)
    # Its name, how long it is, and what a distance between two series stands on.
    words = "\n".join([f"{region.name or noun_of(region)} {region.value} {region.unit}", *stands_on(region)])
    return [Outline(whole, style="guide"), Outline((here[0],), label=words, style="dot")]
