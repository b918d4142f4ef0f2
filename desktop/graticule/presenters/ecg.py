"""The ECG desk: which stretch of which leads the window shows, at which speed and gain, and what stands where on it."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from graticule.domain.progress import Progress
from graticule.domain.recording import Recording
from graticule.ecg.derived_leads import minus_avr, with_derived
from graticule.ecg.display_filter import RAW, DisplayFilter
from graticule.ecg.pyramid import FIRST_BIN, pyramids
from graticule.presenters.ecg_leads import Choice, Colours, is_chest, strip_leads
from graticule.presenters.ecg_sheet import (
    GUTTER_MM,
    MARGIN_MM,
    PAGE_MM,
    Layout,
    Sheet,
    Strip,
    lay_out,
    layouts_for,
    strip_height_mm,
)
from graticule.presenters.ecg_trace import LeadTrace

SPEEDS_MM_S = (5.0, 10.0, 12.5, 25.0, 50.0, 100.0)
GAINS_MM_MV = (2.5, 5.0, 10.0, 20.0, 40.0)
SLOWEST_PAPER_MM_S = 5.0    # below this the strip is compressed: millimetres no longer help to read intervals
FIT_MM = GUTTER_MM + PAGE_MM + MARGIN_MM
LEAST_PX_MM, MOST_PX_MM = 1.6, 24.0
MOST_FIT_PX_MM = 8.0
STEP_SHARE = 0.1            # of the visible time, for one notch of the wheel


class Half(StrEnum):
    """Half standardisation: large complexes of the limb or of the chest leads at half the gain, as the caption then says."""

    NONE = ""
    LIMB = "limb"
    CHEST = "chest"


@dataclass(frozen=True, slots=True)
class Place:
    """What lies under a point of the sheet. millivolts: above the baseline of `strip`; track: "" off the label bands."""

    seconds: float
    millivolts: float
    strip: Strip | None
    track: str

    @property
    def lead(self) -> str:
        return self.strip.lead.name if self.strip else ""


class EcgPresenter:
    """The state of the view. Nothing here draws; the widget asks at paint time.

    first_s: record time at the left edge of the traces. px_mm: screen pixels per millimetre of paper.
    top_mm, left_mm: how far the sheet is scrolled down and (a zoomed page only) to the right.
    pixel_mm: how large a pixel of this screen is, where somebody measured it. true_size: 1 mm of paper is 1 mm on the glass.
    """

    def __init__(self, recording: Recording, tracks: tuple[str, ...]) -> None:
        self.recording = recording
        self.tracks = tracks
        self.duration_s = recording.duration_s
        self.layouts = layouts_for(self.shown)
        self.layout = self.layouts[0]
        self.speed_mm_s, self.gain_mm_mv = 25.0, 10.0
        self.half, self.filter, self.colours, self.choice = Half.NONE, RAW, Colours.INK, Choice()
        self.px_mm: float | None = None
        self.pixel_mm: float | None = None
        self.true_size = False
        self.first_s = self.top_mm = self.left_mm = 0.0
        self._size_px = (1000, 600)
        self._sheet: Sheet | None = None
        self._scale: float | None = None

    @cached_property
    def shown(self) -> Recording:
        """The record with the limb leads that follow from I and II, where it lacks them."""
        return with_derived(self.recording)

    @cached_property
    def traces(self) -> dict[str, LeadTrace]:
        upside_down = minus_avr(self.shown)
        leads = (*self.shown.leads, upside_down) if upside_down else self.shown.leads
        made = {lead.name: LeadTrace(lead, self.recording.rate) for lead in leads}
        for trace in made.values():
            trace.filter_by(self.filter)
        return made

    def forget_traces(self) -> None:
        """More samples have arrived."""
        for name in ("traces", "shown"):
            self.__dict__.pop(name, None)
        self._sheet = None

    def build_overviews(self, progress: Progress) -> None:
        """Make the pyramids of long leads: in a job, after the first page is painted."""
        lacking = [trace for trace in self.traces.values() if not trace.built]
        for trace, pyramid in zip(lacking, pyramids([trace.lead for trace in lacking], progress), strict=True):
            trace.take(pyramid)

    # What the window shows

    @property
    def merged(self) -> int:
        """Samples of the fastest lead behind one column of the screen; 1 while every sample is drawn."""
        px_per_s = max(1, round(self.speed_mm_s * self.scale * 10))
        return max((self.traces[name].merged(10.0, px_per_s) for name in self._names), default=1)

    @property
    def filtering(self) -> bool:
        """Whether the display filter is at work on what the sheet shows; over very long spans it rests."""
        return any(self.traces[strip.lead.name].filters(strip.to_s - strip.from_s) for strip in self.sheet.strips)

    @property
    def waiting(self) -> bool:
        """The overview that this span is drawn from is still being made."""
        return self.merged >= FIRST_BIN and not self.filtering and not all(self.traces[name].built for name in self._names)

    @property
    def _names(self) -> set[str]:
        return {strip.lead.name for strip in self.sheet.strips}

    def gain_of(self, name: str) -> float:
        """mm per mV of a lead: half of the others' where it belongs to the half that is halved."""
        halved = self.half is not Half.NONE and is_chest(name) is (self.half is Half.CHEST)
        return self.gain_mm_mv / 2 if halved else self.gain_mm_mv

    @property
    def scale(self) -> float:
        """Screen pixels per millimetre: the reader's zoom, or a standard sheet fitted to the window."""
        if self._scale is None:
            self._scale = self._wanted_scale
        return self._scale

    @property
    def _wanted_scale(self) -> float:
        if self.true_size and self.pixel_mm:
            return 1 / self.pixel_mm
        return self.px_mm if self.px_mm is not None else self.fit_scale

    @property
    def fit_scale(self) -> float:
        """Five millimetres are a whole number of pixels, so that every bold line of the paper looks like the others."""
        fitted = int(self._size_px[0] / FIT_MM * 5) / 5
        return max(LEAST_PX_MM, min(MOST_FIT_PX_MM, fitted))

    @property
    def visible_mm(self) -> tuple[float, float]:
        return self._size_px[0] / self.scale, self._size_px[1] / self.scale

    @property
    def sheet(self) -> Sheet:
        if self._sheet is None:
            visible = self.visible_mm if self.layout is Layout.STRIP else self._fitted_mm
            self._sheet = lay_out(self.shown, self.layout, speed_mm_s=self.speed_mm_s, tracks=self.tracks,
                                  visible_mm=visible, choice=self.choice)
        return self._sheet

    def hold(self, sheet: Sheet, first_s: float) -> None:
        """A sheet that was laid out elsewhere, for paper instead of a window."""
        self._sheet = sheet
        self.first_s = max(0.0, min(first_s, self.duration_s - sheet.page_s))

    @property
    def comfortable_mm(self) -> float:
        """The height of paper a strip needs to be read with ease; more is room for something else."""
        return strip_height_mm(len(strip_leads(self.shown, self.choice)), self.tracks)

    @property
    def shown_s(self) -> tuple[float, float]:
        """[start, end] of the record on the sheet, in seconds."""
        return self.first_s, min(self.duration_s, self.first_s + self.sheet.page_s)

    @property
    def turns_pages(self) -> bool:
        return self.layout.is_page

    @property
    def compressed(self) -> bool:
        return self.speed_mm_s < SLOWEST_PAPER_MM_S

    @property
    def shows_whole(self) -> bool:
        return self.compressed and self.speed_mm_s <= self.whole_speed_mm_s * 1.001

    @property
    def whole_speed_mm_s(self) -> float:
        """The speed at which the whole record fits the window."""
        room = self.visible_mm[0] - GUTTER_MM - MARGIN_MM
        return min(25.0, room / max(1.0, self.duration_s))

    # Sheet ↔ record

    def x_mm(self, seconds: float) -> float:
        return GUTTER_MM + (seconds - self.first_s) * self.speed_mm_s

    def seconds(self, x_mm: float) -> float:
        return self.first_s + (x_mm - GUTTER_MM) / self.speed_mm_s

    def y_mm(self, strip: Strip, millivolts: float) -> float:
        return strip.y_mm - millivolts * self.gain_of(strip.lead.name)

    def place(self, x_mm: float, y_mm: float) -> Place:
        """What is there; times outside the record are kept to its ends."""
        seconds = max(0.0, min(self.duration_s, self.seconds(x_mm)))
        band = self.sheet.band_at(y_mm)
        strip = self.sheet.strip_at(seconds - self.first_s, y_mm)
        millivolts = (strip.y_mm - y_mm) / self.gain_of(strip.lead.name) if strip else 0.0
        return Place(seconds, millivolts, strip, band.track if band else "")

    # Moving

    def resize(self, width_px: int, height_px: int) -> None:
        self._size_px = (max(1, width_px), max(1, height_px))
        self._changed()

    def set_layout(self, layout: Layout) -> None:
        if layout not in self.layouts:
            return
        self.layout, self.px_mm, self._scale = layout, None, None
        self._sheet = None
        self.left_mm = self.top_mm = 0.0
        if layout.is_page and self.compressed:
            self.speed_mm_s = 25.0
        self._changed()

    def set_speed(self, speed_mm_s: float, about_s: float | None = None) -> None:
        """Change the paper speed; the instant `about_s` (or the middle) stays where it is."""
        start, end = self.shown_s
        about = (start + end) / 2 if about_s is None else about_s
        x_mm = self.x_mm(about)
        self.speed_mm_s = max(self._slowest, speed_mm_s)
        self._sheet = None
        if self.layout is Layout.STRIP:
            self.first_s = about - (x_mm - GUTTER_MM) / self.speed_mm_s
        self._changed()

    def set_tracks(self, tracks: tuple[str, ...]) -> None:
        """Other label tracks have bands on the sheet."""
        self.tracks = tracks
        self._changed()

    def set_gain(self, gain_mm_mv: float, half: Half = Half.NONE) -> None:
        self.gain_mm_mv, self.half = gain_mm_mv, half

    def set_filter(self, chosen: DisplayFilter) -> None:
        """For the eye alone; stored samples stay as they are."""
        self.filter = chosen
        for trace in self.traces.values():
            trace.filter_by(chosen)

    def set_choice(self, choice: Choice) -> None:
        """Other leads, or another order of them."""
        self.choice = choice
        self._changed()

    def set_pixel_mm(self, pixel_mm: float | None) -> None:
        """The window stands on a screen whose pixels are this large; None where nobody measured it."""
        self.pixel_mm = pixel_mm
        self.true_size = self.true_size and pixel_mm is not None
        self._changed()

    def set_true_size(self, on: bool) -> None:
        """1 mm of paper is 1 mm on the glass; what does not fit is scrolled to, never squeezed."""
        self.true_size = on and self.pixel_mm is not None
        self.px_mm = None
        self.left_mm = self.top_mm = 0.0
        self._changed()

    @property
    def size_share(self) -> float | None:
        """How large a millimetre of paper stands on the glass, in millimetres; None where the screen was not measured."""
        return self.scale * self.pixel_mm if self.pixel_mm else None

    def show_span(self, span_s: float | None) -> None:
        """Show `span_s` seconds across the strip (None: the whole record), compressed if need be; the view's start stays."""
        self.px_mm = self._scale = None
        self.true_size = False
        room = self.visible_mm[0] - GUTTER_MM - MARGIN_MM
        start = self.first_s
        self.layout = Layout.STRIP
        self.speed_mm_s = self.whole_speed_mm_s if span_s is None else max(self.whole_speed_mm_s, room / span_s)
        self.first_s = start
        self._changed()

    def zoom(self, factor: float, x_mm: float, y_mm: float) -> None:
        """Zoom the paper about a point. A strip zoomed out past the whole sheet runs slower instead, so more time fits."""
        if self.layout is Layout.STRIP and self._zoom_is_time(factor):
            self.set_speed(self._stepped_speed(factor), self.seconds(x_mm))
            return
        old, about_s = self.scale, self.seconds(x_mm)
        scale = max(self.fit_scale, min(MOST_PX_MM, old * factor))
        x_px, y_px = (x_mm - self.left_mm) * old, (y_mm - self.top_mm) * old
        self.px_mm = None if scale <= self.fit_scale * 1.001 else scale
        self.true_size = False
        self._sheet = self._scale = None
        if self.layout is Layout.STRIP:
            self.first_s = about_s - (x_px / self.scale - GUTTER_MM) / self.speed_mm_s
        else:
            self.left_mm = x_mm - x_px / self.scale
        self.top_mm = y_mm - y_px / self.scale
        self._changed()

    def pan(self, right_mm: float, down_mm: float) -> None:
        """Drag the paper by a distance on it."""
        if self.layout is Layout.STRIP:
            self.first_s -= right_mm / self.speed_mm_s
        else:
            self.left_mm -= right_mm
        self.top_mm -= down_mm
        self._clamp()

    def scroll(self, notches: float) -> None:
        """A tenth of the strip per notch; a page layout turns a page per notch."""
        if self.layout.is_page:
            self.turn(round(notches))
            return
        self.first_s += notches * STEP_SHARE * self.sheet.page_s
        self._clamp()

    def turn(self, pages: int) -> None:
        """Pages forward or back. The last page ends with the record, so that no page is half empty."""
        self.first_s += pages * self.sheet.page_s
        self._clamp()

    def go_to(self, seconds: float) -> None:
        """Bring an instant into view, a quarter from the left edge; nothing moves when it is well inside already."""
        start, end = self.shown_s
        edge = 0.05 * (end - start)
        if not start + edge <= seconds <= end - edge:
            self.first_s = seconds - self.sheet.page_s / 4
            self._clamp()

    def centre(self, seconds: float) -> None:
        """Bring an instant to the middle of the sheet."""
        self.first_s = seconds - self.sheet.page_s / 2
        self._clamp()

    def home(self) -> None:
        self.first_s = 0.0
        self._clamp()

    def end(self) -> None:
        self.first_s = self.duration_s
        self._clamp()

    def fit(self) -> None:
        """Back to a standard sheet across the window at 25 mm/s."""
        self.px_mm = self._scale = None
        self.true_size = False
        if self.compressed:
            self.speed_mm_s = 25.0
        self.left_mm = self.top_mm = 0.0
        self._changed()

    @property
    def _slowest(self) -> float:
        return SLOWEST_PAPER_MM_S if self.layout.is_page else min(SLOWEST_PAPER_MM_S, self.whole_speed_mm_s)

    def _zoom_is_time(self, factor: float) -> bool:
        return self.px_mm is None if factor < 1 else self.speed_mm_s < 25.0

    def _stepped_speed(self, factor: float) -> float:
        """By standard speeds as long as paper is read in millimetres, without steps once it is compressed."""
        if factor < 1 and self.speed_mm_s > SLOWEST_PAPER_MM_S:
            return max(speed for speed in SPEEDS_MM_S if speed < self.speed_mm_s)
        if factor > 1 and not self.compressed:
            return min(speed for speed in SPEEDS_MM_S if speed > self.speed_mm_s)
        return min(SLOWEST_PAPER_MM_S, self.speed_mm_s * factor)

    @property
    def _fitted_mm(self) -> tuple[float, float]:
        return self._size_px[0] / self.fit_scale, self._size_px[1] / self.fit_scale

    def _changed(self) -> None:
        self._sheet = self._scale = None
        self._clamp()

    def _clamp(self) -> None:
        self.first_s = max(0.0, min(self.first_s, self.duration_s - self.sheet.page_s))
        width, height = self.visible_mm
        self.left_mm = max(0.0, min(self.left_mm, self.sheet.width_mm - width)) if self.layout.is_page else 0.0
        self.top_mm = max(0.0, min(self.top_mm, self.sheet.height_mm - height))
        self.left_mm, self.top_mm = (round(mm * self.scale) / self.scale for mm in (self.left_mm, self.top_mm))
