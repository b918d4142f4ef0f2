"""What is printed of an ECG: which stretches on which sheets, in millimetres, with the words that must stand on each."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from graticule.domain.elements import Beat, Episode
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.ecg.derived_leads import with_derived
from graticule.ecg.display_filter import RAW, DisplayFilter
from graticule.presenters.ecg import EcgPresenter, Half
from graticule.presenters.ecg_caption import clock, columns_text, filter_text, gain_text, lead_system, speed_text
from graticule.presenters.ecg_leads import Choice
from graticule.presenters.ecg_sheet import GUTTER_MM, PAGE_MM, Layout, Sheet, lay_out, layouts_for

# (width, height) of landscape sheets in mm, the smallest first.
A4, A3 = (297.0, 210.0), (420.0, 297.0)
HEAD_MM, FOOT_MM, EDGE_MM = 12.0, 12.0, 8.0
SHEET_MM = GUTTER_MM + PAGE_MM
MOST_SHEETS = 500


@dataclass(frozen=True, slots=True)
class Printed:
    """One stretch as it is to stand on paper, from `start` ticks on; how long it is follows from the speed.

    tracks: label tracks printed under the rows.
    """

    start: int = 0
    layout: Layout | None = None
    speed_mm_s: float = 25.0
    gain_mm_mv: float = 10.0
    half: Half = Half.NONE
    filter: DisplayFilter = RAW
    choice: Choice = field(default_factory=Choice)
    tracks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """An episode on a printed sheet. start_s, end_s: of the record."""

    track: str
    start_s: float
    end_s: float
    text: str


@dataclass(frozen=True, eq=False)
class PrintedSheet:
    """Everything of one sheet. paper_mm: (width, height); view: what stands where, from its `first_s` on."""

    view: EcgPresenter
    sheet: Sheet
    paper_mm: tuple[float, float]
    head: str
    caption: str
    bars: tuple[Bar, ...] = ()
    beats: tuple[tuple[float, str], ...] = ()


def whole_record(recording: Recording, tracks: tuple[str, ...] = ()) -> list[Printed]:
    """Every ten seconds of a record at 25 mm/s; GraticuleError when that would be more paper than anybody prints."""
    layout = next((one for one in layouts_for(with_derived(recording)) if one.is_page), Layout.STRIP)
    page = recording.tick(PAGE_MM / 25.0) or 1
    sheets = max(1, math.ceil(recording.ticks / page))
    if sheets > MOST_SHEETS:
        raise GraticuleError(f"The whole record would take {sheets} sheets.", "Choose the stretches that matter.")
    return [Printed(min(n * page, max(0, recording.ticks - page)), layout, tracks=tracks) for n in range(sheets)]


def sheets(recording: Recording, stretches: Sequence[Printed], episodes: Iterable[tuple[Episode, str]] = (),
           beats: Iterable[Beat] = ()) -> list[PrintedSheet]:
    """episodes: with the words that stand on each. Nothing here names a patient."""
    shown, marks = list(episodes), list(beats)
    return [_sheet(recording, one, shown, marks) for one in stretches]


def _sheet(recording: Recording, one: Printed, episodes: list[tuple[Episode, str]], beats: list[Beat]) -> PrintedSheet:
    view = EcgPresenter(recording, one.tracks)
    layout = one.layout or view.layouts[0]
    if layout not in view.layouts:
        raise GraticuleError("This layout needs twelve leads.", "Print it as a strip.")
    view.layout, view.choice = layout, one.choice
    view.speed_mm_s = one.speed_mm_s
    view.set_gain(one.gain_mm_mv, one.half)
    view.set_filter(one.filter)
    paper, sheet = _fitted(view)
    view.hold(sheet, recording.seconds(one.start))
    start, end = view.first_s, min(view.duration_s, view.first_s + sheet.page_s)
    bars = tuple(Bar(episode.track, recording.seconds(episode.start), recording.seconds(episode.end), words)
                 for episode, words in episodes
                 if recording.seconds(episode.start) < end and recording.seconds(episode.end) > start)
    marks = tuple((at, beat.symbol) for beat in beats if start <= (at := recording.seconds(beat.tick)) <= end)
    return PrintedSheet(view, sheet, paper, _head(recording, start, end), _caption(view), bars, marks)


def _fitted(view: EcgPresenter) -> tuple[tuple[float, float], Sheet]:
    """The smallest paper that holds the rows; millimetres are never squeezed."""
    for paper in (A4, A3):
        room = paper[1] - HEAD_MM - FOOT_MM - 2 * EDGE_MM
        sheet = lay_out(view.shown, view.layout, speed_mm_s=view.speed_mm_s, tracks=view.tracks, visible_mm=(SHEET_MM, room),
                        choice=view.choice)
        if sheet.height_mm <= room:
            return paper, sheet
    raise GraticuleError("So many leads do not fit a sheet at true scale.", "Choose fewer leads, or a page layout.")


def _head(recording: Recording, start_s: float, end_s: float) -> str:
    made_up = "SYNTHETIC: no heart made this strip.   " if recording.synthetic else ""
    return f"{made_up}ECG   {clock(start_s).removesuffix(' s')}–{clock(end_s)} of {clock(recording.duration_s)}"


def _caption(view: EcgPresenter) -> str:
    parts = [speed_text(view), gain_text(view), view.recording.filters or "filters not stated", filter_text(view),
             f"{float(view.recording.rate):g} Hz", lead_system(view.shown), columns_text(view), "print at 100 %"]
    return "   ".join(part for part in parts if part)
