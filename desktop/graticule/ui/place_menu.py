"""What may stand in one place: the case's planes and 3D, and the other images of the patient with their planes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.imaging.orientation import PLANES
from graticule.presenters.layout import ACQUIRED, FUSED, PICTURE, VIEW_3D, Place
from graticule.presenters.relative_words import relation_words, short_title
from graticule.presenters.relatives import Relative
from graticule.ui.slice_view import SliceView
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.ui.reading import Reading

SHOW_WORDS = {"axial": "Axial", "coronal": "Coronal", "sagittal": "Sagittal", VIEW_3D: "3D", PICTURE: "This image",
              ACQUIRED: "As acquired"}


class PlaceMenu:
    """reading: whose places these are."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    def open(self, at: int, where: QPoint) -> None:
        menu = QMenu(self._reading)
        self.fill(menu, at)
        menu.exec(where)

    def fill(self, menu: QMenu, at: int) -> None:
        """The entries for place number `at`."""
        reading, place = self._reading, self._reading.layout_now.places[at]
        own = menu.addMenu(tr("Being labelled"))
        for show in ([name for name in reading.series.views if FUSED not in name] + [VIEW_3D] if reading.series else [PICTURE]):
            own.addAction(tr(SHOW_WORDS.get(show, show.capitalize())), lambda show=show: reading.put(at, Place(show)))
        for relative in reading.company.book.relatives:
            self._relative(menu, at, relative)
        menu.addSeparator()
        if place.case_id:
            self._link(menu, place)
            menu.addAction(tr("Close this image"), lambda: reading.close_companion(place.case_id))
        elif place.key:
            menu.addAction(tr("Leave this place empty"), lambda: reading.put(at, Place())).setEnabled(self._may_empty(at))

    def _relative(self, menu: QMenu, at: int, relative: Relative) -> None:
        reading, case_id = self._reading, relative.case.id
        words = f"{relation_words(relative)} · {short_title(relative.case.title)}"
        if relative.case.kind is Kind.IMAGE:
            menu.addAction(words, lambda: reading.put_series(at, case_id))
            return
        planes = menu.addMenu(words)
        planes.addAction(tr(SHOW_WORDS[ACQUIRED]), lambda: reading.put_series(at, case_id))
        for show in PLANES:
            planes.addAction(tr(SHOW_WORDS[show]), lambda show=show: reading.put(at, Place(show, case_id)))

    def _link(self, menu: QMenu, place: Place) -> None:
        """By the reader's eye, where nothing else says how the two series lie."""
        linked, reading = self._reading.linked, self._reading
        if linked is None or place.show == PICTURE:
            return
        tie = linked.tie(reading.opened.case.id, place.case_id)
        if tie is None:
            menu.addAction(tr("Link here: these slices go side by side"), lambda: self.link_here(place))
        elif not tie.placed:
            menu.addAction(tr("Link here anew"), lambda: self.link_here(place))
            menu.addAction(tr("End the link"), lambda: linked.unlink(place.case_id))

    def link_here(self, place: Place) -> None:
        """The slice of a companion and that of the case's view of the same plane belong together from now on."""
        reading = self._reading
        other = reading.view(place)
        own = next((view for case_id, view in reading.planes_shown() if case_id == reading.opened.case.id
                    and isinstance(other, SliceView) and view.axes.name == other.view.axes.name), None)
        try:
            if own is None or not isinstance(other, SliceView) or reading.linked is None:
                raise GraticuleError("The case shows no slice in this direction.", "Show the same plane of it, then link them.")
            reading.linked.link_here(own, place.case_id, other.view)
        except GraticuleError as error:
            reading.trouble.emit(error)

    def _may_empty(self, at: int) -> bool:
        """The case that is labelled always stays in view."""
        return any(place.key and not place.case_id for n, place in enumerate(self._reading.layout_now.places) if n != at)
