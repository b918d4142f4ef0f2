"""Signal quality as WFDB's noise annotations: in `subtype`, bit n says that signal n is noisy, bit n+4 that it is unreadable."""

from collections.abc import Iterable

from graticule.domain.elements import Episode
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.formats.ecg.atr import Mark

NOISE, SIGNALS = "~", 4
_NOISY, _UNREADABLE = 0x01, 0x10
_BITS = {"q_moderate": _NOISY, "q_severe": _UNREADABLE, "q_nosignal": _UNREADABLE}


def noise_marks(recording: Recording, labels: Labels, kept: Iterable[Mark]) -> list[Mark]:
    """At every change the state of all signals; the marks `kept` from the file the labels came from stay where they are.

    Only the first four signals have bits.
    """
    kept = sorted(kept, key=lambda mark: mark.sample)
    spans = [(one.start, one.end, _bits(one, recording)) for one in labels.of(Episode) if one.code.code in _BITS]
    if not spans:
        return kept
    changes = {at for start, end, _ in spans for at in (start, end) if at < recording.ticks}
    out: list[Mark] = []
    for tick in sorted(changes | {mark.sample for mark in kept}):
        came = next((mark for mark in kept if mark.sample == tick), None)
        held = next((mark.subtype for mark in reversed(kept) if mark.sample <= tick), 0)
        state = held & 0xFF
        for start, end, bits in spans:
            state |= bits if start <= tick < end else 0
        if came is not None or not out or out[-1].subtype & 0xFF != state:
            out.append(came if came is not None and came.subtype & 0xFF == state else Mark(tick, NOISE, _signed(state)))
    return out


def _bits(one: Episode, recording: Recording) -> int:
    leads = [number for number, lead in enumerate(recording.leads[:SIGNALS]) if one.lead in (None, lead.name)]
    return sum(_BITS[one.code.code] << number for number in leads)


def _signed(state: int) -> int:
    """The subtype is a signed byte."""
    return state - 256 if state & 0x80 else state
