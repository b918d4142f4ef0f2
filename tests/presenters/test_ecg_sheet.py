"""Where leads, label tracks and the ladder stand on the paper."""

import numpy as np
import pytest

from fakes.ecg_case import plain, twelve_lead
from graticule.ecg.display_filter import DisplayFilter
from graticule.presenters.ecg import EcgPresenter, Half
from graticule.presenters.ecg_caption import caption_of, clock, lead_system
from graticule.presenters.ecg_leads import Choice, Order
from graticule.presenters.ecg_sheet import BOLD_MM, PAGES, Layout, lay_out, layouts_for

TRACKS = ("rhythm", "conduction")
COLUMNS = (("I", "II", "III"), ("aVR", "aVL", "aVF"), ("V1", "V2", "V3"), ("V4", "V5", "V6"))
CABRERA = ("aVL", "I", "−aVR", "II", "aVF", "III")


def sheet(layout: Layout, height_mm: float = 240, choice: Choice | None = None, **more: float):
    recording = twelve_lead() if layout.is_page else plain()
    return lay_out(recording, layout, speed_mm_s=more.get("speed", 25.0), tracks=TRACKS, visible_mm=(272, height_mm),
                   choice=choice)


def test_twelve_leads_stand_in_the_standard_columns_over_a_rhythm_strip() -> None:
    strips = sheet(Layout.PAGE).strips
    assert len(strips) == 13
    for c, names in enumerate(COLUMNS):
        for row, name in enumerate(names):
            one = next(s for s in strips if s.lead.name == name and s.row == row)
            assert (one.from_s, one.to_s) == (2.5 * c, 2.5 * (c + 1))
    rhythm = next(s for s in strips if s.row == 3)
    assert (rhythm.lead.name, rhythm.from_s, rhythm.to_s) == ("II", 0, 10)


@pytest.mark.parametrize(("layout", "rows", "seconds"), [(Layout.PAGE, 4, 2.5), (Layout.PAGE_3R, 6, 2.5), (Layout.SIX, 6, 5.0),
                                                         (Layout.TWELVE, 12, 10.0)])
def test_every_page_shows_the_twelve_leads_one_after_another(layout: Layout, rows: int, seconds: float) -> None:
    made = sheet(layout, 400)
    assert len(made.rows) == rows
    columns = [s for s in made.strips if s.row < 12 // layout.columns]
    assert [s.lead.name for s in columns] == ["I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6"]
    assert {s.to_s - s.from_s for s in columns} == {seconds}
    assert made.page_s == 10


def test_three_rhythm_strips_are_ii_v1_and_v5_unless_others_are_chosen() -> None:
    def under(choice: Choice) -> list[str]:
        return [s.lead.name for s in sheet(Layout.PAGE_3R, 400, choice).strips if s.row >= 3]

    assert under(Choice()) == ["II", "V1", "V5"]
    assert under(Choice(rhythm=("aVF",))) == ["aVF", "II", "V1"]


def test_cabrera_turns_avr_upside_down_and_leaves_the_chest_alone() -> None:
    made = sheet(Layout.SIX, 400, Choice(Order.CABRERA))
    names = [s.lead.name for s in made.strips]
    assert tuple(names[:6]) == CABRERA and names[6:] == ["V1", "V2", "V3", "V4", "V5", "V6"]
    recording = twelve_lead()
    upside_down = next(s.lead for s in made.strips if s.lead.name == "−aVR")
    assert np.array_equal(upside_down.physical(), -recording.lead("aVR").physical())


def test_a_strip_shows_the_leads_that_were_chosen_in_their_order() -> None:
    made = lay_out(twelve_lead(), Layout.STRIP, speed_mm_s=25, tracks=TRACKS, visible_mm=(272, 200),
                   choice=Choice(strip=("V5", "II")))
    assert [s.lead.name for s in made.strips] == ["V5", "II"]
    alone = lay_out(twelve_lead(), Layout.STRIP, speed_mm_s=25, tracks=TRACKS, visible_mm=(272, 200),
                    choice=Choice(strip=("V1",)))
    assert len(alone.strips) == 1


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
    assert set(layouts_for(twelve_lead())) == {*PAGES, Layout.STRIP}


def test_the_caption_says_what_the_file_does_not() -> None:
    view = EcgPresenter(plain(), TRACKS)
    view.resize(1360, 700)
    assert caption_of(view).scale == "25 mm/s   10 mm/mV   filters not stated   no display filter"
    assert caption_of(view).source == "250 Hz   2 leads   screen scale not verified"


def test_the_caption_follows_speed_gain_and_filters() -> None:
    recording = plain(seconds=600)
    recording.filters = "0.05–150 Hz"
    view = EcgPresenter(recording, TRACKS)
    view.resize(1360, 700)
    view.set_speed(50)
    view.set_gain(5)
    assert caption_of(view).scale == "50 mm/s   5 mm/mV   0.05–150 Hz   no display filter"
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


def test_half_standard_is_drawn_and_said() -> None:
    view = EcgPresenter(twelve_lead(), TRACKS)
    view.resize(1360, 900)
    view.set_gain(10, Half.CHEST)
    limb, chest = (next(s for s in view.sheet.strips if s.lead.name == name) for name in ("I", "V1"))
    assert limb.y_mm - view.y_mm(limb, 1.0) == 10 and chest.y_mm - view.y_mm(chest, 1.0) == 5
    assert "10 mm/mV limb, 5 mm/mV chest" in caption_of(view).scale
    assert view.place(view.x_mm(6.0), view.y_mm(chest, 0.8)).millivolts == pytest.approx(0.8)


def test_the_caption_tells_the_display_filter_only_where_it_is_at_work() -> None:
    view = EcgPresenter(plain(seconds=3600), TRACKS)
    view.resize(1360, 700)
    view.set_filter(DisplayFilter(0.05, 150.0, 50.0))
    assert "display filter from 0.05 Hz, notch 50 Hz, zero phase" in caption_of(view).scale   # 250 Hz holds nothing above 125
    view.show_span(None)
    assert "no display filter over so long a span" in caption_of(view).scale
    assert "samples a column, extremes kept" in caption_of(view).source


def test_the_caption_says_how_true_a_millimetre_is() -> None:
    view = EcgPresenter(plain(), TRACKS)
    view.resize(1360, 700)
    view.set_pixel_mm(0.25)
    assert f"1 mm is {view.scale * 0.25:.2f} mm on this screen" in caption_of(view).source
    view.set_true_size(True)
    assert view.scale == 4 and caption_of(view).source.endswith("true size")
    view.set_pixel_mm(None)
    assert not view.true_size and caption_of(view).source.endswith("screen scale not verified")


@pytest.mark.parametrize("pixel_mm", [0.1, 0.2331, 0.311])
@pytest.mark.parametrize("speed", [5, 10, 12.5, 25, 50, 100])
def test_at_true_size_a_second_is_its_millimetres_on_the_glass(pixel_mm: float, speed: float) -> None:
    view = EcgPresenter(twelve_lead(60), TRACKS)
    view.resize(1360, 700)
    view.set_pixel_mm(pixel_mm)
    view.set_speed(speed)
    view.set_true_size(True)
    assert (view.x_mm(2.0) - view.x_mm(1.0)) * view.scale * pixel_mm == pytest.approx(speed)
    strip = view.sheet.strips[0]
    assert (view.y_mm(strip, 0) - view.y_mm(strip, 1)) * view.scale * pixel_mm == pytest.approx(view.gain_mm_mv)
    assert view.sheet.height_mm * view.scale > 0 and view.shown_s[1] <= 60


def test_limb_leads_that_follow_from_two_others_are_shown_and_marked() -> None:
    view = EcgPresenter(plain(("I", "II", "V1")), TRACKS)
    view.resize(1360, 700)
    assert [s.lead.name for s in view.sheet.strips] == ["I", "II", "V1", "III", "aVR", "aVL", "aVF"]
    assert caption_of(view).source.startswith("250 Hz   7 leads, 4 derived")
