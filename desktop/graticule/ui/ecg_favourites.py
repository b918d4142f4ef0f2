"""The reader's favourites as they are now, for the ECG page and the settings."""

from graticule.settings.favourites import Favourites

READERS = Favourites()
