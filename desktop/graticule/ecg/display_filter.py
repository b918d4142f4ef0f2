"""Filters for the eye: zero phase, warmed up before what is shown, and never across a gap. Stored samples stay as they are.

Forward–backward Butterworth sections, so that nothing moves in time. A page is filtered together with a lead-in on both sides,
long enough that its own edges no longer matter; a stretch without signal ends a piece, and each piece is filtered for itself.
"""

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, iirnotch, sosfiltfilt, tf2sos

from graticule.domain.geometry import Array, Floats

ORDER = 2
NOTCH_Q = 30.0
# Twice through a filter halves the power at its edge twice: by this factor the edge of one pass is moved, so that the two
# together have their −3 dB where the caption says.
ONCE = (np.sqrt(2) - 1) ** (-1 / (2 * ORDER))
NYQUIST_SHARE = 0.98      # a band edge nearer to half the sampling rate than this cuts nothing there
# How far an edge is felt: the slowest pole of the high-pass dies away by e⁻¹² over 3.4/f, of the notch over 12·Q/(π·f).
LEAD_IN_CYCLES, NOTCH_LEAD_IN_CYCLES = 3.4, 12 * NOTCH_Q / np.pi
LOW_PASS_LEAD_IN_CYCLES = 4.0
SHORTEST = 12             # samples: a shorter piece has nothing to filter


@dataclass(frozen=True, slots=True)
class DisplayFilter:
    """low_hz, high_hz: the band that stays, None for no edge there. notch_hz: mains frequency taken out."""

    low_hz: float | None = None
    high_hz: float | None = None
    notch_hz: float | None = None

    @property
    def raw(self) -> bool:
        return self.low_hz is None and self.high_hz is None and self.notch_hz is None

    def text(self, rate_hz: float) -> str:
        """ "0.5–40 Hz, notch 50 Hz, zero phase"; what the sampling rate does not allow is not claimed. "" for nothing."""
        high = self.high_hz if self.high_hz is not None and _below_nyquist(self.high_hz, rate_hz) else None
        notch = self.notch_hz if self.notch_hz is not None and _below_nyquist(self.notch_hz, rate_hz) else None
        words = [word for word in (_band_text(self.low_hz, high), f"notch {notch:g} Hz" if notch else "") if word]
        return ", ".join([*words, "zero phase"]) if words else ""

    def lead_in_s(self) -> float:
        """Seconds before and after a page that must be filtered with it."""
        parts = [LEAD_IN_CYCLES / self.low_hz if self.low_hz else 0.0,
                 NOTCH_LEAD_IN_CYCLES / self.notch_hz if self.notch_hz else 0.0,
                 LOW_PASS_LEAD_IN_CYCLES / self.high_hz if self.high_hz else 0.0]
        return max(parts)

    def sections(self, rate_hz: float) -> Array | None:
        """(n, 6) second-order sections at a sampling rate; None when nothing is left to do."""
        made = []
        if self.low_hz is not None:
            made.append(butter(ORDER, _moved(self.low_hz, 1 / ONCE, rate_hz), "highpass", fs=rate_hz, output="sos"))
        if self.high_hz is not None and _below_nyquist(self.high_hz, rate_hz):
            made.append(butter(ORDER, _moved(self.high_hz, ONCE, rate_hz), "lowpass", fs=rate_hz, output="sos"))
        if self.notch_hz is not None and _below_nyquist(self.notch_hz, rate_hz):
            made.append(tf2sos(*iirnotch(self.notch_hz, NOTCH_Q, fs=rate_hz)))
        return np.vstack(made) if made else None


RAW = DisplayFilter()
DIAGNOSTIC, MONITOR = DisplayFilter(0.05, 150.0), DisplayFilter(0.5, 40.0)


def filtered(values: Floats, chosen: DisplayFilter, rate_hz: float) -> Floats:
    """(n,) float64 of a signal in any unit, NaN where it had none; each piece between gaps is filtered for itself."""
    sections = chosen.sections(rate_hz)
    if sections is None:
        return values
    out = values.copy()
    for piece in pieces(values):
        part = values[piece]
        if part.size >= SHORTEST:
            out[piece] = sosfiltfilt(sections, part, padlen=min(part.size - 1, _pad(sections, chosen, rate_hz)))
    return out


def pieces(values: Floats) -> list[slice]:
    """Unbroken runs of signal."""
    good = np.isfinite(values)
    if good.all():
        return [slice(0, values.size)] if values.size else []
    edges = np.flatnonzero(np.diff(np.concatenate(([False], good, [False])).astype(np.int8)))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _pad(sections: Array, chosen: DisplayFilter, rate_hz: float) -> int:
    """The ends of a record are mirrored this far: a high-pass rings there for seconds otherwise."""
    return max(3 * (2 * len(sections) + 1), round(min(2.0, chosen.lead_in_s()) * rate_hz))


def _moved(hz: float, factor: float, rate_hz: float) -> float:
    """An edge moved by a factor on the scale on which the sections are designed (bilinear transform)."""
    return float(rate_hz / np.pi * np.arctan(factor * np.tan(np.pi * hz / rate_hz)))


def _below_nyquist(hz: float, rate_hz: float) -> bool:
    return hz < NYQUIST_SHARE * rate_hz / 2


def _band_text(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    if low is None:
        return f"up to {high:g} Hz"
    return f"{low:g}–{high:g} Hz" if high is not None else f"from {low:g} Hz"
