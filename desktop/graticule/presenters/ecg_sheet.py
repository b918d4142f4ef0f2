"""The sheet of ECG paper: which lead stands where, in millimetres. Pure geometry; y grows downward, as paper is read."""

from dataclasses import dataclass
from enum import StrEnum

from graticule.domain.recording import Lead, Recording
from graticule.editing.tracks import CONDUCTION
from graticule.presenters.ecg_leads import Choice, lead_named, strip_leads, twelve

PAGE_MM = 250.0       # ten seconds at 25 mm/s: the width of a standard sheet, whatever the speed
# A window narrower than the gutter still shows this much of the record, beyond its edge.
LEAST_MM = 1.0
GUTTER_MM = 18.0      # left of the traces: calibration pulse, lead name, name of a label track
MARGIN_MM = 4.0       # right of the traces
TOP_MM = 10.0         # time marks
BAND_MM, BAND_GAP_MM = 7.0, 1.0
BELOW_MM = 15.0       # under the last baseline: room for a deep S wave
LADDER_MM = 16.0      # under the last row: the ladder diagram of the stretch in hand
LEAST_ROW_MM, EASY_ROW_MM, MOST_ROW_MM, BOLD_MM = 20.0, 40.0, 45.0, 5.0
MANY_ROWS, LEAST_OF_MANY_MM = 6, 15.0   # twelve rows stand closer together, as they do on print


class Layout(StrEnum):
    """How leads are laid out. STRIP: leads of choice over the whole width, scrolling; the others are pages that are turned."""

    PAGE = "3x4"
    PAGE_3R = "3x4+3"
    SIX = "6x2"
    TWELVE = "12x1"
    STRIP = "strip"

    @property
    def is_page(self) -> bool:
        return self is not Layout.STRIP

    @property
    def columns(self) -> int:
        return {Layout.PAGE: 4, Layout.PAGE_3R: 4, Layout.SIX: 2}.get(self, 1)


PAGES = (Layout.PAGE, Layout.PAGE_3R, Layout.SIX, Layout.TWELVE)
# Under the columns, over the whole width, where nobody chose others.
RHYTHM_LEADS = {Layout.PAGE: ("II",), Layout.PAGE_3R: ("II", "V1", "V5")}


@dataclass(frozen=True, slots=True)
class Strip:
    """A stretch of one lead. y_mm: where its baseline runs. from_s, to_s: seconds after the sheet's first instant."""

    lead: Lead
    y_mm: float
    from_s: float
    to_s: float
    row: int


@dataclass(frozen=True, slots=True)
class Band:
    """A label track as a parallel band: its top edge and height."""

    track: str
    y_mm: float
    height_mm: float = BAND_MM


@dataclass(frozen=True, slots=True)
class Sheet:
    """A laid-out sheet.

    width_mm, height_mm: all of it. page_s: seconds of record it shows."""

    layout: Layout
    strips: tuple[Strip, ...]
    bands: tuple[Band, ...]
    ladder: tuple[float, float] | None
    row_mm: float
    page_s: float
    width_mm: float
    height_mm: float

    @property
    def rows(self) -> list[float]:
        """The baseline of every row, from the top."""
        return sorted({strip.y_mm for strip in self.strips})

    def strip_at(self, seconds: float, y_mm: float) -> Strip | None:
        """The strip nearest to a height, of those that show `seconds` after the sheet's first instant."""
        here = [strip for strip in self.strips if strip.from_s <= seconds < strip.to_s] or list(self.strips)
        return min(here, key=lambda strip: abs(strip.y_mm - y_mm), default=None)

    def band_at(self, y_mm: float) -> Band | None:
        return next((band for band in self.bands if band.y_mm <= y_mm < band.y_mm + band.height_mm), None)


def layouts_for(recording: Recording) -> tuple[Layout, ...]:
    """The layouts that show the record truly, the one it opens in first."""
    if not recording.twelve_lead:
        return (Layout.STRIP,)
    return (*PAGES, Layout.STRIP) if recording.duration_s <= 120 else (Layout.STRIP, *PAGES)


def lay_out(recording: Recording, layout: Layout, *, speed_mm_s: float, tracks: tuple[str, ...],
            visible_mm: tuple[float, float], choice: Choice | None = None) -> Sheet:
    """The sheet for a record.

    visible_mm: (width, height) of paper the window shows; a strip is as wide as it, and rows use the height they can get.
    """
    chosen = choice or Choice()
    if layout.is_page:
        return _page(recording, layout, speed_mm_s, tracks, visible_mm[1], chosen)
    return _strip(strip_leads(recording, chosen), speed_mm_s, tracks, visible_mm)


def rhythm_names(recording: Recording, layout: Layout, choice: Choice) -> tuple[str, ...]:
    """The leads under the columns: as many as the layout has room for, those chosen first."""
    usual = RHYTHM_LEADS.get(layout, ())
    wanted = [*choice.rhythm, *(name for name in usual if name not in choice.rhythm)]
    return tuple([name for name in wanted if lead_named(recording, name) is not None][: len(usual)])


def _page(recording: Recording, layout: Layout, speed_mm_s: float, tracks: tuple[str, ...], height_mm: float,
          choice: Choice) -> Sheet:
    """Columns follow one another in time, as on a strip that ran through: what stands under another happened at once with it."""
    names, columns = twelve(choice), layout.columns
    under = rhythm_names(recording, layout, choice)
    rows = len(names) // columns
    row_mm = _row_mm(height_mm, tracks, rows + len(under))
    page_s = min(PAGE_MM / speed_mm_s, recording.duration_s)
    column_s = page_s / columns
    strips = [Strip(lead, _baseline(row_mm, n % rows), n // rows * column_s, (n // rows + 1) * column_s, n % rows)
              for n, name in enumerate(names) if (lead := lead_named(recording, name))]
    strips += [Strip(lead, _baseline(row_mm, rows + n), 0.0, page_s, rows + n)
               for n, name in enumerate(under) if (lead := lead_named(recording, name))]
    return _sheet(layout, strips, tracks, row_mm, page_s, GUTTER_MM + page_s * speed_mm_s + MARGIN_MM)


def _strip(leads: list[Lead], speed_mm_s: float, tracks: tuple[str, ...], visible_mm: tuple[float, float]) -> Sheet:
    row_mm = _row_mm(visible_mm[1], tracks, len(leads))
    page_s = max(LEAST_MM, visible_mm[0] - GUTTER_MM) / speed_mm_s
    strips = [Strip(lead, _baseline(row_mm, row), 0.0, page_s, row) for row, lead in enumerate(leads)]
    return _sheet(Layout.STRIP, strips, tracks, row_mm, page_s, visible_mm[0])


def _sheet(layout: Layout, strips: list[Strip], tracks: tuple[str, ...], row_mm: float, page_s: float, width_mm: float) -> Sheet:
    last = max((strip.row for strip in strips), default=0)
    y_mm = _baseline(row_mm, last) + min(row_mm / 2, BELOW_MM)
    ladder = (y_mm, LADDER_MM) if CONDUCTION in tracks else None
    y_mm += _ladder_mm(tracks)
    bands = tuple(Band(track, y_mm + n * (BAND_MM + BAND_GAP_MM)) for n, track in enumerate(tracks))
    bottom = y_mm + len(tracks) * (BAND_MM + BAND_GAP_MM) + BAND_GAP_MM
    return Sheet(layout, tuple(strips), bands, ladder, row_mm, page_s, width_mm, bottom)


def _baseline(row_mm: float, row: int) -> float:
    """Baselines stand on bold lines of the paper, so that a reader can count from them."""
    first = BOLD_MM * round((TOP_MM + row_mm / 2) / BOLD_MM)
    return first + row * row_mm


def strip_height_mm(leads: int, tracks: tuple[str, ...]) -> float:
    """Height of a strip sheet whose rows are as tall as they need to be for usual complexes."""
    return TOP_MM + (leads - 0.5) * EASY_ROW_MM + BELOW_MM + _ladder_mm(tracks) + _bands_mm(tracks)


def _bands_mm(tracks: tuple[str, ...]) -> float:
    return len(tracks) * (BAND_MM + BAND_GAP_MM) + 2 * BAND_GAP_MM


def _row_mm(height_mm: float, tracks: tuple[str, ...], rows: int) -> float:
    free = height_mm - TOP_MM - BELOW_MM - _ladder_mm(tracks) - _bands_mm(tracks)
    row_mm = BOLD_MM * (free / (rows - 0.5) // BOLD_MM)
    least = LEAST_OF_MANY_MM if rows > MANY_ROWS else LEAST_ROW_MM
    return float(min(MOST_ROW_MM, max(least, row_mm)))


def _ladder_mm(tracks: tuple[str, ...]) -> float:
    return LADDER_MM + BAND_GAP_MM if CONDUCTION in tracks else 0.0
