"""Which screen a widget is on, and how large its pixels are, where somebody measured them."""

from PySide6.QtGui import QScreen

from graticule.settings.folders import screens_path
from graticule.settings.screens import load_screens, save_screen


def identity_of(screen: QScreen) -> str:
    """Maker, model, serial number and resolution: another resolution of the same screen has other pixels."""
    size = screen.size() * screen.devicePixelRatio()
    words = (screen.manufacturer(), screen.model(), screen.serialNumber(), screen.name(), f"{size.width()}x{size.height()}")
    return " ".join(word for word in words if word)


def pixel_mm_of(screen: QScreen) -> float | None:
    """Millimetres of a device-independent pixel as measured; None where nobody calibrated this screen."""
    found = load_screens(screens_path()).get(identity_of(screen))
    return None if found is None else found * screen.devicePixelRatio()


def keep(screen: QScreen, pixel_mm: float) -> None:
    """pixel_mm: of a device-independent pixel."""
    save_screen(screens_path(), identity_of(screen), pixel_mm / screen.devicePixelRatio())
