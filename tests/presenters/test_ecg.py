"""Scrolling, zooming and paging of an ECG: what stands where, in millimetres and seconds."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.ecg_case import plain, twelve_lead
from graticule.presenters.ecg import FIT_MM, EcgPresenter
from graticule.presenters.ecg_sheet import GUTTER_MM, Layout

TRACKS = ("rhythm", "conduction")


def strip(seconds: float = 60) -> EcgPresenter:
    view = EcgPresenter(plain(seconds=seconds), TRACKS)
    view.resize(1360, 700)
    return view


def page(seconds: float = 10) -> EcgPresenter:
    view = EcgPresenter(twelve_lead(seconds), TRACKS)
    view.resize(1360, 900)
    return view


def test_25_mm_are_a_second_and_10_mm_a_millivolt() -> None:
    view = strip()
    assert view.x_mm(1.0) - view.x_mm(0.0) == 25
    row = view.sheet.strips[0]
    assert view.y_mm(row, 0.0) - view.y_mm(row, 1.0) == 10
    view.set_speed(50)
    view.set_gain(20)
    assert view.x_mm(1.0) - view.x_mm(0.0) == pytest.approx(50)
    assert view.y_mm(row, 0.0) - view.y_mm(row, 1.0) == 20


def test_a_fitted_sheet_holds_ten_seconds_and_whole_pixels_per_bold_line() -> None:
    view = strip()
    assert view.visible_mm[0] >= FIT_MM
    assert (view.scale * 5) == pytest.approx(round(view.scale * 5))


def test_a_place_is_read_back_where_it_was_drawn() -> None:
    view = strip()
    view.first_s = 17.3
    row = view.sheet.strips[1]
    place = view.place(view.x_mm(20.0), view.y_mm(row, 0.4))
    assert (place.seconds, place.lead, place.track) == (pytest.approx(20.0), row.lead.name, "")
    assert place.millivolts == pytest.approx(0.4)
    band = view.sheet.bands[1]
    assert view.place(view.x_mm(20.0), band.y_mm + 1).track == "conduction"


def test_arrows_turn_pages_and_stop_at_both_ends() -> None:
    view = strip(60)
    view.turn(-1)
    assert view.shown_s[0] == 0
    for _ in range(20):
        view.turn(1)
    assert view.shown_s[1] == 60
    assert view.shown_s[1] - view.shown_s[0] == pytest.approx(view.sheet.page_s)
    view.home()
    assert view.first_s == 0
    view.end()
    assert view.shown_s[1] == 60


def test_zooming_keeps_what_is_under_the_pointer() -> None:
    view = strip()
    view.first_s = 20
    x, y = 120.0, 40.0
    seconds, px = view.seconds(x), x * view.scale
    for factor in (1.5, 2.0, 0.8):
        view.zoom(factor, px / view.scale, y)
        assert view.seconds(px / view.scale) == pytest.approx(seconds)


def test_zooming_out_past_the_sheet_compresses_time_and_says_so() -> None:
    view = strip(600)
    for _ in range(40):
        view.zoom(0.8, 100, 40)
    assert view.compressed
    assert view.shown_s == (0, 600)
    for _ in range(80):
        view.zoom(1.25, 100, 40)
    assert view.speed_mm_s == 25 and view.px_mm is not None
    view.fit()
    assert view.speed_mm_s == 25 and view.px_mm is None


def test_the_whole_record_fits_the_window() -> None:
    view = strip(600)
    view.show_span(None)
    assert view.shown_s == (0, 600) and view.shows_whole
    view.show_span(60)
    assert view.sheet.page_s == pytest.approx(60, rel=0.02)


def test_a_page_is_ten_seconds_at_25_and_five_at_50_on_the_same_paper() -> None:
    view = page()
    assert view.layout is Layout.PAGE
    assert view.shown_s == (0, 10)
    width = view.sheet.width_mm
    view.set_speed(50)
    assert view.shown_s == (0, 5) and view.sheet.width_mm == width
    view.turn(1)
    assert view.shown_s == (5, 10)


def test_the_last_page_ends_with_the_record() -> None:
    view = page(17)
    view.turn(1)
    assert view.shown_s == (7, 17)
    view.turn(1)
    assert view.shown_s == (7, 17)


def test_a_column_of_a_page_stands_under_its_own_time() -> None:
    view = page()
    v1 = next(s for s in view.sheet.strips if s.lead.name == "V1")
    place = view.place(view.x_mm(6.0), v1.y_mm)
    assert place.lead == "V1"
    assert view.place(view.x_mm(1.0), v1.y_mm).lead == "I"


def test_going_to_an_instant_in_view_moves_nothing() -> None:
    view = strip()
    view.go_to(5.0)
    assert view.first_s == 0
    view.go_to(40.0)
    start, end = view.shown_s
    assert start < 40 < end


def test_a_zoomed_page_stays_on_whole_pixels() -> None:
    view = page()
    view.zoom(1.37, 177.3, 33.1)
    view.pan(-3.33, -2.2)
    for mm in (view.left_mm, view.top_mm):
        assert mm * view.scale == pytest.approx(round(mm * view.scale))
    assert GUTTER_MM * view.scale > 0


NONE = st.just(0)
acts = st.one_of(
    st.tuples(st.just("zoom"), st.floats(0.2, 5), st.floats(0, 300)),
    st.tuples(st.just("pan"), st.floats(-400, 400), st.floats(-80, 80)),
    st.tuples(st.just("scroll"), st.integers(-9, 9), NONE),
    st.tuples(st.just("speed"), st.sampled_from([12.5, 25, 50]), NONE),
    st.tuples(st.just("size"), st.integers(200, 3000), st.integers(100, 1600)),
    st.tuples(st.just("span"), st.floats(1, 900), NONE))


@settings(max_examples=80)
@given(st.sampled_from(["strip", "page"]), st.lists(acts, max_size=12))
def test_nothing_a_hand_can_do_leaves_the_record(kind: str, done: list[tuple[str, float, float]]) -> None:
    view = strip(90) if kind == "strip" else page(17)
    for what, one, two in done:
        {"zoom": lambda a, b: view.zoom(a, b, 20), "pan": view.pan, "scroll": lambda a, b: view.scroll(a),
         "speed": lambda a, b: view.set_speed(a), "size": lambda a, b: view.resize(int(a), int(b)),
         "span": lambda a, b: view.show_span(a)}[what](one, two)
        start, end = view.shown_s
        assert 0 <= start < end <= view.duration_s
        assert view.speed_mm_s > 0 and view.scale > 0
        assert view.left_mm >= 0 and view.top_mm >= 0
