"""Which stretches of an ECG stand on an exported strip: all of a short one, of a long one where something was labelled."""

from graticule.domain.elements import Beat, Episode
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.ecg.derived_leads import with_derived
from graticule.presenters.ecg_print import Printed, whole_record
from graticule.presenters.ecg_sheet import PAGE_MM, Layout, layouts_for

MOST_WHOLE, MOST_SHEETS = 12, 60
SPEED_MM_S = 25.0
_USUAL = ("N", "L", "R", "/")
_NO_BARS = ("marks", "mark")


def stretches(recording: Recording, labels: Labels) -> list[Printed]:
    """In order of time; a sheet shows the first ten seconds of an episode, or ten round the first unusual beats."""
    episodes = shown_episodes(labels)
    tracks = tuple(dict.fromkeys(one.track for one in episodes))
    page = recording.tick(PAGE_MM / SPEED_MM_S) or 1
    if recording.ticks <= MOST_WHOLE * page:
        return whole_record(recording, tracks)
    last = max(0, recording.ticks - page)
    starts = sorted({max(0, min(last, one.start - page // 10)) for one in episodes})
    if not starts:
        unusual = (beat.tick for beat in labels.of(Beat) if beat.symbol not in _USUAL)
        starts = sorted({max(0, min(last, tick - page // 2)) for tick in unusual}) or [0]
    layout = next((one for one in layouts_for(with_derived(recording)) if one.is_page), Layout.STRIP)
    return [Printed(start, layout, SPEED_MM_S, tracks=tracks) for start in _apart(starts, page)[:MOST_SHEETS]]


def shown_episodes(labels: Labels) -> list[Episode]:
    """Those that are bars on a track: not what was marked beat by beat."""
    return [one for one in labels.of(Episode) if one.track not in _NO_BARS]


def _apart(starts: list[int], page: int) -> list[int]:
    """Without those that begin on the sheet before."""
    kept: list[int] = []
    for start in starts:
        if not kept or start >= kept[-1] + page * 8 // 10:
            kept.append(start)
    return kept
