"""Colours of beats in the Holter views, by the ranks of `presenters/holter_views.py`: bright, on the dark ground of plots."""

import numpy as np
from PySide6.QtGui import QColor

from graticule.domain.geometry import Array
from graticule.presenters.holter_views import RANKS
from graticule.ui.theme import PLOTTED_BEATS, TOKENS

_OF_RANK = dict(enumerate(PLOTTED_BEATS))


def colour_of(letter: str) -> str:
    return _OF_RANK[RANKS.get(letter, RANKS["Q"])]


def palette() -> Array:
    """(16, 4) uint8 RGBA by value of `Points.picture`: nothing, then solid ranks, then (from 8 on) drafts, which are paler."""
    table = np.zeros((16, 4), np.uint8)
    ground = QColor(TOKENS.ground)
    for rank, name in _OF_RANK.items():
        colour = QColor(name)
        table[1 + rank] = (colour.red(), colour.green(), colour.blue(), 255)
        mixed = [round(0.72 * a + 0.28 * b) for a, b in zip((colour.red(), colour.green(), colour.blue()),
                                                         (ground.red(), ground.green(), ground.blue()))]
        table[9 + rank] = (*mixed, 255)
    return table
