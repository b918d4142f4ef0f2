"""What a page offers beside its tools: operations on whole segments, copy and paste, and masks from another examination."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from graticule.domain.errors import GraticuleError
from graticule.editing.clipboard import Clipboard
from graticule.editing.events import LabelsChanged
from graticule.editing.operations.material import Cut, Sheet
from graticule.presenters.copying import Copying
from graticule.presenters.layer_shown import layer_of_view, sheet_of_view
from graticule.presenters.prior_masks import PriorMasks
from graticule.presenters.refining import Refining
from graticule.presenters.segments import SegmentsShown
from graticule.ui.refine_panel import RefinePanel
from graticule.ui.section import bring_into_sight
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.ui.image_page import ImagePage


class Workshop(QObject):
    """page: an ImagePage; what is done goes by its bench and its current view."""

    def __init__(self, page: ImagePage) -> None:
        super().__init__(page)
        self._page, opened = page, page.opened
        self.refining = Refining(opened.case.id, page.bench, self._shown, self._hidden)
        self.priors = PriorMasks(opened, page.bench, page.trouble)
        self.copying = Copying(opened.case, page.bench, opened.clipboard or Clipboard(), lambda: self._shown()[0], self._scroll)
        self.panel = RefinePanel(self.refining, self.priors)
        self.panel.form.lengths = page.hand.lengths
        self.panel.trouble.connect(page.trouble)
        self.panel.left.connect(lambda: page.current().setFocus())
        self.panel.opened.connect(partial(bring_into_sight, self.panel))
        self._leave: list[Callable[[], None]] = [opened.bus.subscribe(LabelsChanged, self._labels_changed),
                                                 opened.bus.subscribe(SegmentsShown, self._selected)]

    def close(self) -> None:
        for leave in self._leave:
            leave()
        self._leave.clear()
        self.panel.close_panel()

    def panels(self) -> list[tuple[str, QWidget]]:
        return [(tr("Refine"), self.panel)]

    def verbs(self) -> dict[str, Callable[[], object]]:
        return {"image.copy": self._copy, "image.paste": lambda: self._paste(onward=False),
                "image.paste-next": lambda: self._paste(onward=True)}

    # --- inside -----------------------------------------------------------------------------------------------------

    def _shown(self) -> tuple[Cut | None, Sheet | None]:
        """The layer and plane of the current view, when it shows the case itself."""
        page = self._page
        if not page.viewports():
            return None, None
        views = dict(page.named_viewports())
        viewport = page.current()
        own = next((page.reading.is_own(key) for key, view in views.items() if view is viewport), True)
        if not own:
            return None, None
        grid = page.bench.canvas.grid
        return layer_of_view(viewport.view, grid), sheet_of_view(viewport.view, grid)

    def _scroll(self, steps: int) -> None:
        self._page.current().view.scroll(steps)

    def _hidden(self) -> Collection[str]:
        segments: Any = getattr(self._page, "segments", None)
        return segments.hidden if segments is not None else ()

    def _copy(self) -> None:
        self._attempt(self.copying.copy)

    def _paste(self, *, onward: bool) -> None:
        self._attempt(lambda: self.copying.paste(onward=onward))

    def _attempt(self, act: Callable[[], str]) -> None:
        try:
            words = act()
        except GraticuleError as error:
            self._page.trouble(error)
            return
        if words:
            self._page.status_changed.emit(words)

    def _labels_changed(self, event: LabelsChanged) -> None:
        if event.case_id == self.refining.case_id and event.committed:
            self.panel.renew_soon()

    def _selected(self, event: SegmentsShown) -> None:
        """Another segment is selected or hidden: what is previewed is asked of that one."""
        if event.case_id == self.refining.case_id and self.refining.now is not None:
            self.panel.renew_soon()
