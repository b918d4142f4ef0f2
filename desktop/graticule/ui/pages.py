"""Which page shows which kind of case. Each is imported when the first case of its kind is opened, not at the start.

To add a kind: one line in PAGES, and the page (see `presenters/open_case.py` for what it is given).
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QWidget

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError

if TYPE_CHECKING:
    from graticule.domain.viewing import Look
    from graticule.editing.tools.tool import Tool
    from graticule.presenters.open_case import OpenCase

PAGES: Mapping[Kind, tuple[str, str]] = MappingProxyType({
    Kind.VOLUME: ("graticule.ui.volume_page", "VolumePage"),
    Kind.IMAGE: ("graticule.ui.picture_page", "PicturePage"),
    Kind.ECG: ("graticule.ui.ecg_page", "EcgPage"),
})


class Page(Protocol):
    """A QWidget that shows one open case in the middle of the window."""

    status_changed: SignalInstance
    tool_changed: SignalInstance
    fidelity_changed: SignalInstance

    @property
    def active_tool(self) -> str: ...

    def tools(self) -> list[Tool]:
        """In palette order."""
        ...

    def set_tool(self, name: str) -> None: ...

    def panels(self) -> list[tuple[str, QWidget]]:
        """Title and widget of each section for the right column."""
        ...

    def view_state(self) -> dict[str, Any]: ...

    def looks(self) -> list[Look]:
        """The viewing record since it was last taken."""
        ...

    def hint(self) -> str:
        """What mouse and wheel do now."""
        ...

    def shutdown(self) -> None: ...


def preload(kind: Kind) -> None:
    """Import the page of a kind and all it needs (VTK, SciPy, pyqtgraph: a second or more the first time).

    For the job that opens a case, so that the window answers meanwhile. The modules only define; nothing of Qt is made.
    """
    if kind in PAGES:
        import_module(PAGES[kind][0])


def make_page(opened: OpenCase, parent: QWidget | None = None) -> Any:
    """The page (a QWidget and a Page) for a case that was opened."""
    where = PAGES.get(opened.case.kind)
    if where is None:
        raise GraticuleError("This Graticule has no view for this kind of case yet.", "A newer version may have one.")
    module, name = where
    return getattr(import_module(module), name)(opened, parent)
