"""What can be done to the look of any image: invert, turn, flip, colours, cine, tiles, glass, histogram, true size, sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from graticule.domain.elements import Answer, Region
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume, Window
from graticule.editing.events import LabelsChanged, LockChanged
from graticule.imaging.colour_maps import NAMES, TITLES
from graticule.imaging.histogram import histogram
from graticule.presenters.case_sheet import case_sheet
from graticule.presenters.desk_events import OtherReadingWanted
from graticule.presenters.measurements import MarkShown, Measurements
from graticule.presenters.sender_look import sender_looks
from graticule.ui.calibration_dialog import CalibrationDialog
from graticule.ui.case_sheet import CaseSheetDialog
from graticule.ui.cine_bar import CineBar
from graticule.ui.histogram_panel import HistogramPanel
from graticule.ui.keys import with_key
from graticule.ui.magnifier import Magnifier
from graticule.ui.measurements_panel import MeasurementsPanel
from graticule.ui.pieces import label
from graticule.ui.screen_size import pixel_mm_of
from graticule.ui.section import bring_into_sight, show_in_place
from graticule.ui.theme import grown, wide
from graticule.ui.tile_view import TileSource, TileView
from graticule.ui.words import tr

if TYPE_CHECKING:
    from graticule.ui.image_page import ImagePage

REFRESH_MS = 40
BAR_WIDTH, BAR_HEIGHT, BAR_BELOW = wide(460), grown(38), grown(34)


class ImageActs(QObject):
    """page: an ImagePage; every act goes to its current viewport."""

    def __init__(self, page: ImagePage) -> None:
        super().__init__(page)
        self._page = page
        opened = page.opened
        self.marks = Measurements(opened, page.go_to_mark)
        self.marks.findings.said = tr
        self.panel = MeasurementsPanel(self.marks)
        self.panel.trouble.connect(page.trouble)
        self.histogram = HistogramPanel(self._set_window)
        self._section = _Measured(self.panel, self.histogram)
        self.glass = Magnifier()
        self.bar: CineBar | None = None
        self.tiles: TileView | None = None
        self._refresh = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._refresh.timeout.connect(self._refreshed)
        bus = opened.bus
        self._leave: list[Callable[[], None]] = [
            bus.subscribe(LabelsChanged, self._labels_changed), bus.subscribe(MarkShown, self._mark_shown),
            bus.subscribe(LockChanged, lambda event: self._refresh.start())]

    def shutdown(self) -> None:
        for leave in self._leave:
            leave()
        self._leave.clear()
        self._refresh.stop()
        if self.bar is not None:
            self.bar.pause()

    def panels(self) -> list[tuple[str, QWidget]]:
        return [(tr("Measurements"), self._section)]

    # --- how the image lies and looks -------------------------------------------------------------------------------

    @property
    def _view(self) -> Any:
        return self._page.current().view

    def _set_window(self, window: Window) -> None:
        self._view.set_window(window)

    def invert(self) -> None:
        self._view.invert()

    def turn(self, quarters: int) -> None:
        self._view.set_turn(self._view.turn.turned(quarters))

    def flip(self, *, left_right: bool) -> None:
        self._view.set_turn(self._view.turn.flipped(left_right=left_right))

    def colours(self, name: str) -> None:
        self._view.set_colour_map(name)
        self._page.update()

    def reset(self) -> None:
        """As the image came."""
        self._view.reset()

    def true_size(self) -> None:
        """A millimetre on a millimetre; asks for the screen's size where nobody measured it."""
        if not self.take_screen() and not self.calibrate():
            return
        self._view.true_size()

    def calibrate(self) -> bool:
        dialog = CalibrationDialog(self._page.window())
        kept = bool(dialog.exec())
        self.take_screen()
        return kept

    def take_screen(self) -> bool:
        """Tell the views how large this screen's pixels are; False when nobody measured it."""
        found = pixel_mm_of(self._page.screen())
        for viewport in self._page.viewports():
            view: Any = viewport.view
            view.screen_mm, view.screen = found, "" if found is None else f"{found:.4f} mm"
        return found is not None

    # --- glass, cine, tiles, sheet ----------------------------------------------------------------------------------

    def hold_glass(self, on: bool) -> None:
        self._page.current().show_glass(self.glass if on else None)

    def cine(self) -> None:
        """Play or pause; the bar appears with the first press."""
        if self._view.count < 2:
            return
        if self.bar is None:
            self.show_bar(float_over=True)
        if self.bar is not None:
            self.bar.show()
            self.bar.toggle()

    def show_bar(self, *, float_over: bool) -> CineBar:
        content = self._page.opened.content
        frame_ms = content.frame_ms if isinstance(content, Picture) else 0.0
        self.bar = CineBar(lambda: self._view, frame_ms, self._page)
        if float_over:
            self.bar.closable()
            _Floating(self.bar, self._page)
        return self.bar

    def frame_changed(self) -> None:
        """Another frame or slice is shown."""
        if self.bar is not None:
            self.bar.follow()
        self._page.current().rehover()
        if self.histogram.isVisible():
            self._refresh.start()

    def show_tiles(self) -> None:
        source: TileSource | None = self._page.tile_source()
        if source is not None and source.count > 1 and self.tiles is None:
            self.tiles = TileView(source, self._page, self._tiles_gone)

    def show_sheet(self) -> CaseSheetDialog | None:
        content = self._page.opened.content
        if not isinstance(content, Volume | Picture):
            return None
        corners = self._view.corners()
        notes = [note for note in corners.notes if not note.startswith(("Reduced", "Magnified"))]
        shown = (*corners.bottom_right, *notes, self._view.fidelity())
        dialog = CaseSheetDialog(case_sheet(self._page.opened.case.title, content, dict.fromkeys(shown)), self._page.window(),
                                 self._another_way if isinstance(content, Volume) else None)
        dialog.show()
        return dialog

    def _another_way(self) -> None:
        self._page.opened.bus.publish(OtherReadingWanted())

    def toggle_histogram(self) -> None:
        self._section.show_histogram(self.histogram.isHidden())
        self._refreshed()

    # --- menu -------------------------------------------------------------------------------------------------------

    def add_to_menu(self, menu: QMenu) -> None:
        grey = not (isinstance(self._page.opened.content, Picture) and self._page.opened.content.colour)
        if grey:
            menu.addAction(with_key(tr("Invert"), "image.invert"), self.invert)
        turn = menu.addMenu(tr("Turn and flip"))
        turn.addAction(with_key(tr("Turn right"), "image.turn-right"), lambda: self.turn(1))
        turn.addAction(with_key(tr("Turn left"), "image.turn-left"), lambda: self.turn(-1))
        turn.addAction(with_key(tr("Flip left and right"), "image.flip"), lambda: self.flip(left_right=True))
        turn.addAction(with_key(tr("Flip top and bottom"), "image.flip-up"), lambda: self.flip(left_right=False))
        if grey:
            self._add_colours(menu.addMenu(tr("Colours")))
            menu.addAction(with_key(tr("Histogram"), "image.histogram"), self.toggle_histogram)
        if self._view.count > 1:
            menu.addAction(with_key(tr("Play"), "image.play"), self.cine)
            menu.addAction(with_key(tr("Tiles"), "image.tiles"), self.show_tiles)
        menu.addAction(with_key(tr("True size"), "image.true-size"), self.true_size)
        menu.addAction(tr("Calibrate this screen…"), self.calibrate)
        self._add_sender_looks(menu)
        menu.addAction(with_key(tr("As the image came"), "image.reset"), self.reset)
        menu.addAction(with_key(tr("What this image is"), "image.sheet"), self.show_sheet)

    def _add_colours(self, menu: QMenu) -> None:
        for name in NAMES:
            action = QAction(tr(TITLES[name]), menu)
            action.setCheckable(True)
            action.setChecked(self._view.colour_map == name)
            action.triggered.connect(lambda checked=False, name=name: self.colours(name))
            menu.addAction(action)

    def _add_sender_looks(self, menu: QMenu) -> None:
        volume = isinstance(self._page.opened.content, Volume)
        for look in sender_looks(self._page.opened.beside) if hasattr(self._view, "show_as_sent") else ():
            title = look.title or tr("unnamed")
            menu.addAction(tr("Greys as the sender showed them: {title}", title=title) if volume
                           else tr("As the sender showed it: {title}", title=title),
                           lambda look=look: self._view.show_as_sent(look))

    # --- events -----------------------------------------------------------------------------------------------------

    def _labels_changed(self, event: LabelsChanged) -> None:
        if event.case_id != self._page.opened.case.id:
            return
        regions = [name for kind, name in event.touched.elements if kind == Region.KIND]
        if not regions:
            if any(kind == Answer.KIND for kind, _ in event.touched.elements):
                self._refresh.start()  # the name of a finding stands with its marks
            return
        if event.committed and len(regions) == 1:
            self.marks.choose(regions[0], go=False)
        self._refresh.start()

    def _mark_shown(self, event: MarkShown) -> None:
        if event.case_id == self._page.opened.case.id:
            self._page.show_mark(event.mark)
            self.panel.show_chosen()

    def _refreshed(self) -> None:
        self.panel.refresh()
        if self.histogram.isVisible():
            self._draw_histogram()

    def _draw_histogram(self) -> None:
        content = self._page.opened.content
        if isinstance(content, Volume):
            arrived = content.voxels if content.arrived.all() else content.voxels[content.arrived]
            self.histogram.show_histogram(histogram(arrived, content.blank), content.unit or "")
        elif isinstance(content, Picture) and not content.colour:
            self.histogram.show_histogram(histogram(content.frame(self._view.index), content.blank), content.unit or "")
        self.histogram.show_window(self._page.shown_window())

    def window_changed(self) -> None:
        """The greys lie elsewhere now."""
        if self.histogram.isVisible():
            self.histogram.show_window(self._page.shown_window())

    def _tiles_gone(self) -> None:
        self.tiles = None
        self._page.current().setFocus()


class _Measured(QWidget):
    """The marks, and below them the histogram when it is wanted; put away while there is neither."""

    def __init__(self, panel: MeasurementsPanel, histogram: HistogramPanel) -> None:
        super().__init__()
        self._panel, self._any = panel, False
        self._histogram, self._title = histogram, label(tr("Histogram"), "section")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        for widget in (panel, self._title, histogram):
            box.addWidget(widget)
        self._title.hide()
        histogram.hide()
        panel.filled.connect(self._filled)
        panel.refresh()

    def show_histogram(self, on: bool) -> None:
        self._title.setVisible(on)
        self._histogram.setVisible(on)
        self._follow()
        if on:
            bring_into_sight(self)

    def _filled(self, any_marks: bool) -> None:
        self._any = any_marks
        self._panel.setVisible(any_marks)
        self._follow()

    def _follow(self) -> None:
        show_in_place(self, self._any or not self._histogram.isHidden())


class _Floating(QObject):
    """Keeps a bar at the top middle of a page, below the letter: at the bottom stand the image-truth marks."""

    def __init__(self, bar: QWidget, page: ImagePage) -> None:
        super().__init__(bar)
        self._bar, self._page = bar, page
        page.installEventFilter(self)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _place(self) -> None:
        width = min(BAR_WIDTH, self._page.width() - 24)
        self._bar.setGeometry((self._page.width() - width) // 2, self._top(), width, BAR_HEIGHT)
        self._bar.raise_()

    def _top(self) -> int:
        current = self._page.viewports()[0] if self._page.viewports() else self._page
        return current.mapTo(self._page, QPoint(0, 0)).y() + BAR_BELOW
