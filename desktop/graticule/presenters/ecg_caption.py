"""What stands beside the paper in words: speed, gain, filters, rate, leads, and how true the scale is."""

from dataclasses import dataclass

from graticule.domain.recording import Recording
from graticule.presenters.ecg import EcgPresenter
from graticule.presenters.ecg_sheet import Layout

SCALE_NOT_VERIFIED = "screen scale not verified"


@dataclass(frozen=True, slots=True)
class Caption:
    """scale: what every paper ECG carries. source: what the file says of itself. where: the stretch shown."""

    scale: str
    source: str
    where: str

    def text(self) -> str:
        return "   ".join(part for part in (self.scale, self.source, self.where) if part)


def caption_of(view: EcgPresenter, screen_scale: str = SCALE_NOT_VERIFIED) -> Caption:
    recording = view.recording
    filters = recording.filters or "filters not stated"
    scale = f"{speed_text(view)}   {view.gain_mm_mv:g} mm/mV   {filters}"
    source = f"{float(recording.rate):g} Hz   {lead_system(recording)}   {screen_scale}"
    return Caption(scale, source, where_text(view))


def speed_text(view: EcgPresenter) -> str:
    """ "25 mm/s"; "compressed 3.1 mm/s" where the paper runs too slowly to measure on."""
    if view.compressed:
        return f"compressed {view.speed_mm_s:.2g} mm/s"
    return f"{view.speed_mm_s:.3g} mm/s"


def lead_system(recording: Recording) -> str:
    """ "12 leads", "2 leads"; with the file's own word for their placement and how many were computed from others."""
    said = recording.facts.get("lead_system", "")
    derived = sum(lead.derived for lead in recording.leads)
    count = len(recording.leads)
    words = [f"{count} lead{'s' if count != 1 else ''}"]
    if said:
        words.append(said)
    if derived:
        words.append(f"{derived} derived")
    return ", ".join(words)


def where_text(view: EcgPresenter) -> str:
    start, end = view.shown_s
    text = f"{clock(start).removesuffix(' s')}–{clock(end)} of {clock(view.duration_s)}"
    if view.layout is Layout.PAGE and view.duration_s > view.sheet.page_s + 0.05:
        return f"{text}   ←/→ turn the page"
    return text


def clock(seconds: float) -> str:
    """ "9.5 s" under a minute, "1:37.6" under an hour, "2:05:13" beyond: record time."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(seconds, 60)
    if minutes < 60:
        return f"{int(minutes)}:{rest:04.1f}"
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours}:{minutes:02d}:{int(rest):02d}"
