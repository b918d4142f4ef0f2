"""The display filters that are offered, and the way to the raw signal and back."""

from graticule.ecg.display_filter import DIAGNOSTIC, MONITOR, RAW, DisplayFilter
from graticule.presenters.ecg import EcgPresenter

FILTERS: tuple[tuple[str, DisplayFilter], ...] = (
    ("Raw signal", RAW),
    ("0.05–150 Hz", DIAGNOSTIC),
    ("0.05–150 Hz, notch 50 Hz", DisplayFilter(0.05, 150.0, 50.0)),
    ("0.05–150 Hz, notch 60 Hz", DisplayFilter(0.05, 150.0, 60.0)),
    ("0.5–40 Hz (monitor)", MONITOR),
    ("0.5–40 Hz, notch 50 Hz", DisplayFilter(0.5, 40.0, 50.0)),
    ("0.5–40 Hz, notch 60 Hz", DisplayFilter(0.5, 40.0, 60.0)),
    ("Notch 50 Hz", DisplayFilter(notch_hz=50.0)),
    ("Notch 60 Hz", DisplayFilter(notch_hz=60.0)),
)


class Raw:
    """One key: the signal as stored; again: the filter that was on before (0.5–40 Hz when there was none)."""

    def __init__(self, view: EcgPresenter) -> None:
        self._view = view
        self._last = MONITOR

    def toggle(self) -> None:
        view = self._view
        if view.filter.raw:
            view.set_filter(self._last)
        else:
            self._last = view.filter
            view.set_filter(RAW)


def stored(chosen: DisplayFilter) -> str:
    """ "0.5/40/50": a word for settings and evidence; "" for raw."""
    if chosen.raw:
        return ""
    return "/".join("" if hz is None else f"{hz:g}" for hz in (chosen.low_hz, chosen.high_hz, chosen.notch_hz))


def from_stored(word: str) -> DisplayFilter:
    """The filter of a word of `stored`, of those that are offered; raw for any other."""
    return next((chosen for _, chosen in FILTERS if stored(chosen) == word), RAW)
