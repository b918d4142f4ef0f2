"""Settings are declared once, with default, label and help."""

from graticule.settings.settings import Settings
from graticule.settings.settings_file import load_settings, save_settings

__all__ = ["Settings", "load_settings", "save_settings"]
