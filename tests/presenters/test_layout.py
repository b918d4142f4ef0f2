"""Layouts: no view stands twice, and the case that is labelled is never lost from the wall."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from graticule.presenters.layout import FOUR_UP, ONE_PICTURE, VOLUME_SHOWS, Layout, Place, layout_from_json

places = some.builds(Place, some.sampled_from(["axial", "coronal", "sagittal", "3d"]), some.sampled_from(["", "c1:01", "c1:02"]))
grids = some.tuples(some.integers(1, 3), some.integers(1, 3))


@given(grids, some.lists(some.tuples(some.integers(0, 8), places), max_size=12))
def test_putting_a_view_somewhere_never_shows_it_twice(grid: tuple[int, int], acts: list[tuple[int, Place]]) -> None:
    layout = FOUR_UP.resized(*grid, [])
    for at, place in acts:
        layout = layout.with_place(at % len(layout.places), place)
        assert layout.places[at % len(layout.places)] == place
        shown = [place.key for place in layout.places if place.key]
        assert len(shown) == len(set(shown))
    assert layout_from_json(layout.as_json()) == layout


@given(grids, grids)
def test_another_grid_keeps_what_fits_and_the_case_itself(one: tuple[int, int], other: tuple[int, int]) -> None:
    layout = Layout(1, 2, (Place("axial", "c1:01"), Place("axial"))).resized(*one, [Place(show) for show in VOLUME_SHOWS])
    again = layout.resized(*other, [])
    assert any(place.key and not place.case_id for place in again.places)
    assert (again.rows, again.columns) == other


def test_a_moved_view_changes_places_with_what_stood_there() -> None:
    moved = FOUR_UP.with_place(0, Place("sagittal"))
    assert [place.show for place in moved.places] == ["sagittal", "3d", "coronal", "axial"]


def test_a_companion_that_is_gone_leaves_its_place_empty() -> None:
    layout = Layout(1, 2, (Place("axial"), Place("axial", "c1:02")))
    assert layout.without("c1:02").places == (Place("axial"), Place())
    assert layout.without("").places == layout.places


def test_as_acquired_becomes_the_planes_name_once() -> None:
    layout = Layout(1, 3, (Place("acquired", "c1:02"), Place("sagittal", "c1:02"), Place("acquired")))
    assert [place.key for place in layout.named("c1:02", "sagittal").places] == ["sagittal of c1:02", "", "acquired"]


@pytest.mark.parametrize("data", [None, 3, {}, {"rows": 1, "columns": 1, "places": []}, {"rows": 9, "columns": 9, "places": []},
                                  {"rows": 1, "columns": 1, "places": [["axial"]]}])
def test_what_is_no_layout_is_none(data: object) -> None:
    assert layout_from_json(data) is None


def test_views_are_named_for_whose_they_are() -> None:
    assert [place.key for place in (Place(), Place("axial"), Place("axial", fused=True), Place("axial", "c1:9", True))] == [
        "", "axial", "axial fused", "axial fused of c1:9"]
    assert ONE_PICTURE.places[0].key == "picture"
