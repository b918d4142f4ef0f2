"""How hard a pen presses, as the brush shall hear it."""

from PySide6.QtGui import QTabletEvent

from graticule.settings.look import LOOK

SOFTEST = 0.2


def pressure_of(event: QTabletEvent) -> float:
    """0–1 by the reader's setting: 1 when the pen's pressure shall not count (or the pen has none)."""
    return scaled(event.pressure(), LOOK.now.pen_pressure)


def scaled(pressure: float, counts: bool) -> float:
    """A light touch still paints: the softest stroke counts as a fifth."""
    return max(SOFTEST, min(1.0, pressure)) if counts and pressure > 0 else 1.0
