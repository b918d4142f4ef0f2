"""The annotations of an EDF+ file as labels, on the clock of its own recording or of another that they belong to."""

from collections.abc import Callable
from pathlib import Path

from graticule.domain.elements import Element
from graticule.domain.errors import GraticuleError
from graticule.domain.recording import Recording
from graticule.formats.ecg.edf_record import open_edf
from graticule.formats.ecg.events import Event, elements_of

_SOURCE = "Imported from EDF+ annotations."


def edf_elements(path: Path, recording: Recording, new_id: Callable[[], str]) -> list[Element]:
    """Seconds become ticks from the first sample on. A text may name a channel after “@@”, as some programs write."""
    file, _ = open_edf(path)
    events = []
    for event in file.notes.events:
        text, _, channel = event.text.partition("@@")
        start = round((event.onset - file.start) * recording.rate)
        end = round((event.onset + event.duration - file.start) * recording.rate) if event.duration else None
        lead = recording.lead(channel) if channel else None
        events.append(Event(start, end, text if lead or not channel else event.text, lead.name if lead else None))
    return elements_of(events, recording, new_id, _SOURCE)


def holds_only_notes(path: Path) -> bool:
    """Whether the file is nothing but annotations."""
    try:
        file, _ = open_edf(path)
    except GraticuleError:
        return False
    return bool(file.notes.events) and all(signal.is_annotations or not signal.samples for signal in file.header.signals)
