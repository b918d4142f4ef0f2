"""A companion's viewport on a page: its words go to the status bar, its menu looks and links, and never labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from graticule.ui.keys import with_key
from graticule.ui.viewport import Viewport
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.ui.image_page import ImagePage
    from graticule.ui.reading import Reading


def join_companion(page: ImagePage, reading: Reading, key: str, view: Viewport, maximise: Callable[[str], None]) -> None:
    """Let a companion's view take part in the page under its own key."""
    view.activated.connect(lambda name: page.activate(key))
    view.maximise_asked.connect(lambda name: maximise(key))
    view.status.connect(page.status_changed)
    view.size_changed.connect(page.options.refresh)
    view.menu_asked.connect(lambda where, pointer: open_menu(page, reading, key, view, where))


def open_menu(page: ImagePage, reading: Reading, key: str, view: Viewport, where: QPoint) -> None:
    """Window presets, fit, and what may stand in this place."""
    companion, at = reading.companion_of(key), reading.layout_now.find(key)
    if companion is None:
        return
    menu = QMenu(page)
    for number, name in enumerate(companion.preset_names(), 1):
        menu.addAction(with_key(name, f"image.preset-{number}"), lambda number=number: companion.preset(number))
    menu.addAction(with_key(tr("Reset window"), "image.reset-window"), lambda: companion.preset(0))
    menu.addSeparator()
    menu.addAction(with_key(tr("Fit to view"), "image.fit"), view.view.fit)
    menu.addAction(tr("One view or all"), lambda: view.maximise_asked.emit(view.view.name))
    if at is not None:
        menu.addSeparator()
        reading.places.fill(menu, at)
    menu.exec(where)
