"""The way from an answer to the image and back: draw what it asks for, jump to what it refers to."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer

from graticule.domain.elements import Region

if TYPE_CHECKING:
    from graticule.presenters.question_form import QuestionForm

TOOL = "mark"


class QuestionMarks(QObject):
    """page: the page that shows the case; None where nothing can be drawn (an ECG, a preview of the form)."""

    def __init__(self, form: QuestionForm, parent: QObject) -> None:
        super().__init__(parent)
        self._form = form
        self._page: Any = None
        self._before = ""

    def attach(self, page: Any) -> None:
        self._page = page if hasattr(page, "bench") and hasattr(page.bench, "marking") else None

    @property
    def can_draw(self) -> bool:
        return self._page is not None

    def draw(self, question_id: str, back: Callable[[], None]) -> None:
        """Lend the hand the mark tool; `back` is called when the region is drawn or given up."""
        page = self._page
        if page is None:
            return
        if page.active_tool != TOOL:
            self._before = page.active_tool
        page.set_tool(TOOL)
        page.bench.marking = self._form.marking(question_id, lambda: self._done(back))
        page.setFocus(Qt.FocusReason.OtherFocusReason)

    def jump(self, region: Region) -> None:
        """Bring the region into view."""
        from graticule.imaging.lengths import from_stored  # NumPy waits for the first paint

        if self._page is not None and region.points:
            self._page.current().view.look_at(tuple(float(v) for v in from_stored(region.points).mean(axis=0)))

    def _done(self, back: Callable[[], None]) -> None:
        self._page.bench.marking = None
        QTimer.singleShot(0, self, lambda: self._put_back(back))

    def _put_back(self, back: Callable[[], None]) -> None:
        if self._page.active_tool == TOOL and self._before:
            self._page.set_tool(self._before)
        back()
