"""The sheet of ECG paper: which lead stands where, in millimetres. Pure geometry; y grows downward, as paper is read."""

from dataclasses import dataclass
from enum import StrEnum

from graticule.domain.recording import Lead, Recording
from graticule.editing.tracks import CONDUCTION

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

COLUMNS = (("I", "II", "III"), ("aVR", "aVL", "aVF"), ("V1", "V2", "V3"), ("V4", "V5", "V6"))
RHYTHM_LEAD = "II"


class Layout(StrEnum):
    """How leads are laid out. PAGE: 3×4 columns over a rhythm strip. STRIP: every lead over the whole width, scrolling."""

    PAGE = "3x4"
    STRIP = "strip"


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
    return (Layout.PAGE, Layout.STRIP) if recording.duration_s <= 120 else (Layout.STRIP, Layout.PAGE)


def lay_out(recording: Recording, layout: Layout, *, speed_mm_s: float, tracks: tuple[str, ...],
            visible_mm: tuple[float, float]) -> Sheet:
    """The sheet for a record.

    visible_mm: (width, height) of paper the window shows; a strip is as wide as it, and rows use the height they can get.
    """
    if layout is Layout.PAGE:
        return _page(recording, speed_mm_s, tracks, visible_mm[1])
    return _strip(recording, speed_mm_s, tracks, visible_mm)


def _page(recording: Recording, speed_mm_s: float, tracks: tuple[str, ...], height_mm: float) -> Sheet:
    row_mm = _row_mm(height_mm, tracks, 4)
    page_s = min(PAGE_MM / speed_mm_s, recording.duration_s)
    column_s = page_s / len(COLUMNS)
    strips = [Strip(lead, _baseline(row_mm, row), c * column_s, (c + 1) * column_s, row)
              for c, names in enumerate(COLUMNS) for row, name in enumerate(names) if (lead := recording.lead(name))]
    rhythm = recording.lead(RHYTHM_LEAD)
    if rhythm:
        strips.append(Strip(rhythm, _baseline(row_mm, 3), 0.0, page_s, 3))
    return _sheet(Layout.PAGE, strips, tracks, row_mm, page_s, GUTTER_MM + page_s * speed_mm_s + MARGIN_MM)


def _strip(recording: Recording, speed_mm_s: float, tracks: tuple[str, ...], visible_mm: tuple[float, float]) -> Sheet:
    row_mm = _row_mm(visible_mm[1], tracks, len(recording.leads))
    page_s = max(LEAST_MM, visible_mm[0] - GUTTER_MM) / speed_mm_s
    strips = [Strip(lead, _baseline(row_mm, row), 0.0, page_s, row) for row, lead in enumerate(recording.leads)]
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
    return float(min(MOST_ROW_MM, max(LEAST_ROW_MM, row_mm)))


def _ladder_mm(tracks: tuple[str, ...]) -> float:
    return LADDER_MM + BAND_GAP_MM if CONDUCTION in tracks else 0.0
