import numpy as np
import pytest

from graticule.domain.elements import Region
from graticule.domain.geometry import Grid
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.study.sides import conflicts, side_of_region, side_on_body_map, sides_known


def picture(left: str, right: str) -> Picture:
    return Picture(np.zeros((100, 200), np.uint8), "DX", "MONOCHROME2", edge_letters=(left, "H", right, "F"))


def box(column: int) -> Region:
    return Region(id="r", shape="box", space="image", points=tuple((c * 1000, 0) for c in (column - 5, column + 5)))


@pytest.mark.parametrize(
    ("letters", "column", "side"),
    [
        (("R", "L"), 40, "R"),
        (("R", "L"), 160, "L"),
        (("L", "R"), 40, "L"),
        (("R", "L"), 100, ""),
        (("?", "?"), 40, ""),
        (("A", "P"), 40, ""),
        (("R", "?"), 40, ""),
        (("RA", "LP"), 40, "R"),
    ],
)
def test_the_side_of_a_box_follows_the_letters_and_is_never_guessed(letters: tuple[str, str], column: int, side: str) -> None:
    assert side_of_region(box(column), picture(*letters)) == side


@pytest.mark.parametrize("flip", [1, -1])
def test_in_a_volume_left_is_positive_x_whichever_way_the_columns_run(flip: int) -> None:
    affine = np.diag([2.0 * flip, 2.0, 2.0, 1.0])
    affine[0, 3] = -100 * flip
    volume = Volume(np.zeros((3, 4, 101), np.int16), Grid((3, 4, 101), affine), "CT")

    def at(x: int) -> Region:
        return Region(id="r", shape="box", space="patient", points=((x * 1000, 0, 0), (x * 1000, 2000, 0)))

    assert (side_of_region(at(60), volume), side_of_region(at(-60), volume), side_of_region(at(1), volume)) == ("L", "R", "")


def test_sides_are_known_only_where_the_file_says_so() -> None:
    assert sides_known(picture("R", "L")) and not sides_known(picture("?", "?")) and not sides_known(picture("A", "P"))


def test_only_right_against_left_is_a_conflict() -> None:
    image = picture("R", "L")
    assert [c.sentence for c in conflicts("q", "R", "L", [box(160)], image)] == [
        "You answered right, but the file says left.",
        "You answered right, but a marked region lies on the patient's left.",
    ]
    assert conflicts("q", "R", "R", [box(40), box(100)], image) == []
    assert conflicts("q", "B", "L", [box(40)], image) == [] and conflicts("q", "L", "B", [], image) == []
    assert conflicts("q", "R", "", [box(160)], picture("?", "?")) == []


def test_on_the_body_map_the_patients_right_is_left_in_front_and_right_behind() -> None:
    assert [
        side_on_body_map(view, at)
        for view, at in (
            ("front", (200, 400)),
            ("front", (800, 400)),
            ("back", (200, 400)),
            ("back", (800, 400)),
            ("front", (500, 400)),
        )
    ] == ["R", "L", "L", "R", ""]
