"""Tiles: consecutive slices or frames in one grid, over the page; a click goes to one of them."""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from graticule.presenters.tiling import SHAPES, Tiles
from graticule.ui.halo_text import LINE_PX, halo_text, size_of
from graticule.ui.keys import acts_of
from graticule.ui.theme import TOKENS
from graticule.ui.words import tr

GAP_PX, EDGE_PX = 2, 6
Key = Qt.Key


class TileSource(Protocol):
    """What stands in the tiles."""

    @property
    def index(self) -> int: ...

    @property
    def count(self) -> int: ...

    def scroll(self, steps: int) -> None: ...

    def image(self, number: int, width: int, height: int, ratio: float) -> QImage:
        """Slice `number` fitted into so many device-independent pixels."""
        ...

    def caption(self, number: int) -> str: ...

    def letters(self) -> tuple[str, str, str, str]: ...


class TileView(QWidget):
    """Covers `page` until Esc, Enter or a click. Wheel and Page keys turn pages, + and − change how many there are."""

    def __init__(self, source: TileSource, page: QWidget, gone: Callable[[], None]) -> None:
        super().__init__(page)
        self._source, self._gone = source, gone
        self._shape = 2
        self._step = 1
        self._tiles = self._around(source.index)
        self._images: dict[tuple[int, int, int], QImage] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Tiles"))
        page.installEventFilter(self)
        self.setGeometry(page.rect())
        self.show()
        self.raise_()
        self.setFocus()

    @property
    def shown(self) -> tuple[int, ...]:
        return self._tiles.shown

    def leave(self) -> None:
        self.parentWidget().removeEventFilter(self)
        self.hide()
        self.deleteLater()
        self._gone()

    def go(self, number: int) -> None:
        """Show this slice on the page again."""
        self._source.scroll(number - self._source.index)
        self.leave()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self.parentWidget().rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.fillRect(self.rect(), QColor(TOKENS.ground))
            for place, number in enumerate(self._tiles.shown):
                self._draw(painter, self._box(place), number)
        finally:
            painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for place, number in enumerate(self._tiles.shown):
            if self._box(place).contains(event.position().toPoint()):
                self.go(number)
                return

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._show(self._tiles.scrolled(-1 if event.angleDelta().y() > 0 else 1))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        verbs = {"close": self.leave, "page-up": lambda: self._go_rows(-self._tiles.rows), "up": lambda: self._go_rows(-1),
                 "page-down": lambda: self._go_rows(self._tiles.rows), "down": lambda: self._go_rows(1),
                 "larger": lambda: self._resize(-1), "smaller": lambda: self._resize(1)}
        act = next((verbs[name.removeprefix("tiles.")] for name in acts_of(event, "tiles")), None)
        if act is not None:
            act()
        elif Key.Key_1 <= key <= Key.Key_9:
            self._step = key - Key.Key_0
            self._show(self._around(self._source.index))
        else:
            super().keyPressEvent(event)

    def _go_rows(self, rows: int) -> None:
        self._show(self._tiles.scrolled(rows))

    def _resize(self, step: int) -> None:
        """More tiles, or larger ones."""
        self._shape = max(0, min(len(SHAPES) - 1, self._shape + step))
        self._show(self._around(self._source.index))

    def _around(self, index: int) -> Tiles:
        rows, columns = SHAPES[self._shape]
        return Tiles.around(index, self._source.count, rows, columns, self._step)

    def _show(self, tiles: Tiles) -> None:
        self._tiles = tiles
        self.update()

    def _box(self, place: int) -> QRect:
        row, column = divmod(place, self._tiles.columns)
        width, height = self.width() // self._tiles.columns, self.height() // self._tiles.rows
        return QRect(column * width, row * height, width - GAP_PX, height - GAP_PX)

    def _draw(self, painter: QPainter, box: QRect, number: int) -> None:
        painter.fillRect(box, QColor(TOKENS.image_ground))
        image = self._image(number, box)
        size = image.size() / image.devicePixelRatio()
        painter.drawImage(box.center().x() - size.width() // 2, box.center().y() - size.height() // 2, image)
        text = self._source.caption(number)
        painter.drawImage(box.left() + EDGE_PX, box.bottom() - LINE_PX - 2, self._words(text))
        left, _, right, _ = self._source.letters()
        middle = box.center().y() - LINE_PX // 2
        painter.drawImage(box.left() + EDGE_PX, middle, self._words(left)) if left else None
        if right:
            painter.drawImage(box.right() - EDGE_PX - size_of(right).width(), middle, self._words(right))
        if number == self._source.index:
            painter.setPen(QColor(TOKENS.accent))
            painter.drawRect(box.adjusted(0, 0, -1, -1))

    def _image(self, number: int, box: QRect) -> QImage:
        key = number, box.width(), box.height()
        if key not in self._images:
            if len(self._images) > 200:
                self._images.clear()
            self._images[key] = self._source.image(number, box.width(), box.height(), self.devicePixelRatioF())
        return self._images[key]

    def _words(self, text: str) -> QImage:
        return halo_text(text, TOKENS.image_text, False, self.devicePixelRatioF())
