"""Where leads, label tracks and the ladder stand on the paper."""

import pytest

from fakes.ecg_case import plain, twelve_lead
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_caption import caption_of, clock, lead_system
from graticule.presenters.ecg_sheet import BOLD_MM, COLUMNS, Layout, lay_out, layouts_for

TRACKS = ("rhythm", "conduction")


def sheet(layout: Layout, height_mm: float = 240, **more: float):
    recording = twelve_lead() if layout is Layout.PAGE else plain()
    return lay_out(recording, layout, speed_mm_s=more.get("speed", 25.0), tracks=TRACKS, visible_mm=(272, height_mm))


def test_twelve_leads_stand_in_the_standard_columns_over_a_rhythm_strip() -> None:
    strips = sheet(Layout.PAGE).strips
    assert len(strips) == 13
    for c, names in enumerate(COLUMNS):
        for row, name in enumerate(names):
            one = next(s for s in strips if s.lead.name == name and s.row == row)
            assert (one.from_s, one.to_s) == (2.5 * c, 2.5 * (c + 1))
    rhythm = next(s for s in strips if s.row == 3)
    assert (rhythm.lead.name, rhythm.from_s, rhythm.to_s) == ("II", 0, 10)


@pytest.mark.parametrize("height", [100, 180, 240, 600])
@pytest.mark.parametrize("layout", list(Layout))
def test_rows_stand_on_bold_lines_and_nothing_overlaps(layout: Layout, height: float) -> None:
    made = sheet(layout, height)
    assert all(y % BOLD_MM == 0 for y in made.rows)
    assert made.ladder is not None
    assert made.rows[-1] < made.ladder[0]
    assert made.ladder[0] + made.ladder[1] <= made.bands[0].y_mm
    assert made.bands[0].y_mm + made.bands[0].height_mm <= made.bands[1].y_mm
    assert made.bands[1].y_mm + made.bands[1].height_mm <= made.height_mm


def test_a_project_without_conduction_has_no_room_for_a_ladder() -> None:
    made = lay_out(plain(), Layout.STRIP, speed_mm_s=25, tracks=("rhythm",), visible_mm=(272, 200))
    assert made.ladder is None and len(made.bands) == 1


def test_a_12_lead_opens_as_a_page_and_a_holter_as_a_strip() -> None:
    assert layouts_for(twelve_lead())[0] is Layout.PAGE
    assert layouts_for(twelve_lead(600))[0] is Layout.STRIP
    assert layouts_for(plain()) == (Layout.STRIP,)


def test_the_caption_says_what_the_file_does_not() -> None:
    view = EcgPresenter(plain(), TRACKS)
    view.resize(1360, 700)
    assert caption_of(view).scale == "25 mm/s   10 mm/mV   filters not stated"
    assert caption_of(view).source == "250 Hz   2 leads   screen scale not verified"


def test_the_caption_follows_speed_gain_and_filters() -> None:
    recording = plain(seconds=600)
    recording.filters = "0.05–150 Hz"
    view = EcgPresenter(recording, TRACKS)
    view.resize(1360, 700)
    view.set_speed(50)
    view.set_gain(5)
    assert caption_of(view).scale == "50 mm/s   5 mm/mV   0.05–150 Hz"
    view.show_span(None)
    assert caption_of(view).scale.startswith("compressed 0.4")


def test_a_longer_page_says_that_it_turns() -> None:
    view = EcgPresenter(twelve_lead(17), TRACKS)
    view.resize(1360, 900)
    assert caption_of(view).where == "0.0–10.0 s of 17.0 s   ←/→ turn the page"


@pytest.mark.parametrize(("seconds", "text"), [(9.54, "9.5 s"), (97.6, "1:37.6"), (7513.2, "2:05:13"), (0, "0.0 s")])
def test_record_time_is_written_as_it_is_spoken(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_leads_are_counted_and_placement_is_quoted() -> None:
    recording = twelve_lead()
    recording.facts["lead_system"] = "Mason–Likar"
    assert lead_system(recording) == "12 leads, Mason–Likar"
