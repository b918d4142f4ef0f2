"""What stands beside the paper in words: speed, gain, filters, rate, leads, and how true the scale is."""

from dataclasses import dataclass

from graticule.domain.recording import Recording
from graticule.presenters.ecg import EcgPresenter, Half

SCALE_NOT_VERIFIED = "screen scale not verified"


@dataclass(frozen=True, slots=True)
class Caption:
    """scale: what every paper ECG carries. source: what the file says of itself. where: the stretch shown."""

    scale: str
    source: str
    where: str

    def text(self) -> str:
        return "   ".join(part for part in (self.scale, self.source, self.where) if part)


def caption_of(view: EcgPresenter) -> Caption:
    recording = view.recording
    scale = f"{speed_text(view)}   {gain_text(view)}   {recording.filters or 'filters not stated'}   {filter_text(view)}"
    parts = [f"{float(recording.rate):g} Hz", lead_system(view.shown), columns_text(view), drawn_text(view), screen_text(view)]
    return Caption(scale, "   ".join(part for part in parts if part), where_text(view))


def gain_text(view: EcgPresenter) -> str:
    """ "10 mm/mV"; "10 mm/mV limb, 5 mm/mV chest" where one half is halved."""
    if view.half is Half.NONE:
        return f"{view.gain_mm_mv:g} mm/mV"
    return f"{view.gain_of('I'):g} mm/mV limb, {view.gain_of('V1'):g} mm/mV chest"


def filter_text(view: EcgPresenter) -> str:
    """What is done to the signal for the eye alone; the file's own filters are told beside it."""
    said = "; ".join(dict.fromkeys(text for strip in view.sheet.strips
                                   if (text := view.traces[strip.lead.name].filter_text())))
    if view.filter.raw or not said:
        return "no display filter"
    return f"display filter {said}" if view.filtering else "no display filter over so long a span"


def columns_text(view: EcgPresenter) -> str:
    return "columns follow one another" if view.layout.columns > 1 else ""


def drawn_text(view: EcgPresenter) -> str:
    """The mark that not every sample is a point of its own."""
    merged = view.merged
    return f"decimated: {merged} samples a column, extremes kept" if merged > 1 else ""


def screen_text(view: EcgPresenter) -> str:
    """How true a millimetre on the glass is."""
    share = view.size_share
    if share is None:
        return SCALE_NOT_VERIFIED
    return "true size" if abs(share - 1) < 0.005 else f"1 mm is {share:.2f} mm on this screen"


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
    if view.layout.is_page and view.duration_s > view.sheet.page_s + 0.05:
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
