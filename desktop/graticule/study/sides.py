"""Left and right, cross-checked: what was answered, what the file says, and where the linked regions lie.

Always the patient's side. Where the file does not say which side of the image is left, no side is concluded (OHIF#4210).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graticule.domain.elements import Region
from graticule.domain.geometry import Grid
from graticule.domain.picture import Picture

RIGHT, LEFT, BOTH = "R", "L", "B"
WORDS = {RIGHT: "right", LEFT: "left", BOTH: "both sides"}

# A region whose centre is nearer to the middle than this share of the width tells no side.
_MIDDLE = 0.04

Letters = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two sources that name different sides. question: whose answer must be changed or explained."""

    question: str
    sentence: str


def sides_known(content: object) -> bool:
    """Whether a side can be told on this image at all."""
    if isinstance(content, Picture):
        return _left_is(content.edge_letters) != ""
    grid = getattr(content, "grid", None)
    return bool(grid.oriented) if isinstance(grid, Grid) else True


def side_of_region(region: Region, content: object) -> str:
    """"R" or "L": the patient's side on which a region lies; "" when it cannot be told, or lies near the middle."""
    if not region.points:
        return ""
    across = sum(point[0] for point in region.points) / len(region.points) / 1000
    if region.space == "image" and isinstance(content, Picture):
        return _side_in_picture(across / content.columns, content.edge_letters)
    grid = getattr(content, "grid", None)
    if region.space == "patient" and isinstance(grid, Grid) and grid.oriented:
        ends = [grid.to_patient((i, j, k))[0] for i in (0, grid.shape[2] - 1) for j in (0, grid.shape[1] - 1)
                for k in (0, grid.shape[0] - 1)]
        return _side(float((across - min(ends)) / max(max(ends) - min(ends), 1e-9)), RIGHT, LEFT)
    return ""


def conflicts(question: str, answered: str, laterality: str, regions: Iterable[Region], content: object) -> list[Conflict]:
    """laterality: the file's own word ("L", "R", "B", ""). Only right against left is a conflict; both and midline are not."""
    found = []
    if answered in (RIGHT, LEFT) and laterality in (RIGHT, LEFT) and answered != laterality:
        found.append(Conflict(question, f"You answered {WORDS[answered]}, but the file says {WORDS[laterality]}."))
    if answered in (RIGHT, LEFT):
        sides = {side_of_region(region, content) for region in regions} - {""}
        other = LEFT if answered == RIGHT else RIGHT
        if other in sides:
            found.append(Conflict(question, f"You answered {WORDS[answered]}, but a marked region lies on the "
                                            f"patient's {WORDS[other]}."))
    return found


def side_on_body_map(view: str, at: Sequence[int]) -> str:
    """The patient's side of a place on the body map: seen from the front, the patient's right is on the left."""
    side = _side(at[0] / 1000, RIGHT, LEFT)
    return side if view == "front" or not side else (LEFT if side == RIGHT else RIGHT)


def _side_in_picture(share: float, letters: Letters) -> str:
    left = _left_is(letters)
    return _side(share, left, LEFT if left == RIGHT else RIGHT) if left else ""


def _left_is(letters: Letters) -> str:
    """The patient's side at the left edge of the image, "" unless both edges agree."""
    left, right = letters[0][:1], letters[2][:1]
    return left if {left, right} == {RIGHT, LEFT} else ""


def _side(share: float, low: str, high: str) -> str:
    return "" if abs(share - 0.5) < _MIDDLE else low if share < 0.5 else high
