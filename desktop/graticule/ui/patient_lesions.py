"""All lesions of one patient on one sheet: thumbnails, places on the body, and the chosen ones side by side at equal size."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QColor, QFontMetrics, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from graticule.domain.case import Case
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.jobs import Handle, Runner
from graticule.jobs.runner import PREFETCH
from graticule.presenters.patient_view import Lesion
from graticule.ui.body_map import LARGE, BodyMap
from graticule.ui.pieces import label, push
from graticule.ui.theme import TOKENS, font
from graticule.ui.words import tr, trn

Index = QModelIndex | QPersistentModelIndex
LESION, PIXMAP = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
CELL, PICTURE = QSize(168, 176), 152
_SIDE_BY_SIDE = 4


class LesionSheet(QDialog):
    """pictures: reads a case's picture, away from the window. Enter or a double click opens the lesion."""

    opened = Signal(str)

    def __init__(self, lesions: Sequence[Lesion], current: str, pictures: Callable[[Case, Progress], Picture], runner: Runner,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("All lesions of this patient"))
        self._pictures, self._runner = pictures, runner
        self._jobs: list[Handle] = []
        self.model = _LesionModel(lesions)
        self.list = self._list()
        self.map = BodyMap(size=LARGE)
        placed = [lesion for lesion in lesions if lesion.place]
        self.map.show_places([lesion.place for lesion in placed if lesion.place], [lesion.number for lesion in placed])
        self.map.chosen.connect(lambda at: self._select(placed[at]))
        self._compare = QHBoxLayout()
        self._side = QWidget()
        self._side.setLayout(self._compare)
        self._side.hide()
        self._arrange(lesions)
        self.resize(980, 680)
        here = next((at for at, lesion in enumerate(lesions) if lesion.case.id == current), 0)
        self.list.setCurrentIndex(self.model.index(here))
        for at, lesion in enumerate(lesions):
            self._read(at, lesion.case)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        self._stop()
        super().done(result)

    def _stop(self) -> None:
        for job in self._jobs:
            job.cancel()
        self._jobs.clear()

    def _read(self, at: int, case: Case) -> None:
        """Decode away from the window; the thumbnail comes when it is ready."""
        def work(progress: Progress) -> QImage:
            return thumbnail(self._pictures(case, progress))

        self._jobs.append(self._runner.start(work, done=lambda image: self.model.arrived(at, QPixmap.fromImage(image)),
                                             failed=lambda error: None, lane=PREFETCH))

    def _select(self, lesion: Lesion) -> None:
        self.list.setCurrentIndex(self.model.index(lesion.number - 1))

    def _open(self, index: Index) -> None:
        self.opened.emit(index.data(LESION).case.id)
        self.accept()

    def _chosen(self) -> None:
        """Two or more chosen lesions stand below, each as large as the other: the odd one shows."""
        while (item := self._compare.takeAt(0)) is not None:
            item.widget().deleteLater()
        chosen = sorted(self.list.selectedIndexes(), key=lambda index: index.row())[:_SIDE_BY_SIDE]
        for index in chosen:
            shown = label("")
            pixmap = index.data(PIXMAP)
            if pixmap is not None:
                shown.setPixmap(pixmap.scaled(240, 240, Qt.AspectRatioMode.KeepAspectRatio,
                                              Qt.TransformationMode.SmoothTransformation))
            shown.setToolTip(_words(index.data(LESION)))
            self._compare.addWidget(shown, 1, Qt.AlignmentFlag.AlignCenter)
        self._side.setVisible(len(chosen) > 1)

    def _list(self) -> QListView:
        view = QListView()
        view.setModel(self.model)
        view.setItemDelegate(_LesionDelegate())
        view.setViewMode(QListView.ViewMode.IconMode)
        view.setResizeMode(QListView.ResizeMode.Adjust)
        view.setMovement(QListView.Movement.Static)
        view.setUniformItemSizes(True)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setSpacing(4)
        view.activated.connect(self._open)
        view.selectionModel().selectionChanged.connect(lambda *_: self._chosen())
        view.setAccessibleName(tr("All lesions of this patient"))
        return view

    def _arrange(self, lesions: Sequence[Lesion]) -> None:
        left = QVBoxLayout()
        left.addWidget(label(tr("Places"), "section"))
        left.addWidget(self.map)
        unplaced = sum(lesion.place is None for lesion in lesions)
        left.addWidget(label(trn(unplaced, "1 without a place", "{n} without a place") if unplaced else "", "muted"))
        left.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(label(trn(len(lesions), "1 picture", "{n} pictures"), "section"))
        right.addWidget(self.list, 1)
        right.addWidget(self._side)
        foot = QHBoxLayout()
        foot.addWidget(label(tr("Choose two or more to compare (Ctrl+click). Enter opens the lesion."), "muted"), 1)
        foot.addWidget(push(tr("Close"), self.reject))
        right.addLayout(foot)
        row = QHBoxLayout(self)
        row.addLayout(left)
        row.addLayout(right, 1)


class _LesionModel(QAbstractListModel):
    def __init__(self, lesions: Sequence[Lesion]) -> None:
        super().__init__()
        self._lesions = list(lesions)
        self._pixmaps: dict[int, QPixmap] = {}

    def arrived(self, at: int, pixmap: QPixmap) -> None:
        self._pixmaps[at] = pixmap
        self.dataChanged.emit(self.index(at), self.index(at))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._lesions)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == LESION:
            return self._lesions[index.row()]
        if role == PIXMAP:
            return self._pixmaps.get(index.row())
        words = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
        return _words(self._lesions[index.row()]) if role in words else None


class _LesionDelegate(QStyledItemDelegate):
    """The picture, its number on the body map, how it was taken, and what was said of it."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        lesion: Lesion = index.data(LESION)
        box = option.rect
        painter.save()
        try:
            if option.state & QStyle.StateFlag.State_Selected:
                painter.fillRect(box, QColor(TOKENS.accent_soft))
            room = QRect(box.left() + 8, box.top() + 6, PICTURE, PICTURE - 28)
            self._picture(painter, room, index.data(PIXMAP), lesion)
            painter.setFont(font(TOKENS.label_px))
            metrics = QFontMetrics(painter.font())
            said = ", ".join(tr(words) for words in lesion.said) or tr("Not answered")
            for row, (words, colour) in enumerate(((f"{lesion.number}. {said}", TOKENS.text),
                                                   (_second_line(lesion), TOKENS.muted))):
                painter.setPen(QColor(colour))
                line = QRect(room.left(), room.bottom() + 4 + row * 16, PICTURE, 16)
                painter.drawText(line, Qt.AlignmentFlag.AlignVCenter,
                                 metrics.elidedText(words, Qt.TextElideMode.ElideRight, PICTURE))
        finally:
            painter.restore()

    @staticmethod
    def _picture(painter: QPainter, room: QRect, pixmap: QPixmap | None, lesion: Lesion) -> None:
        painter.fillRect(room, QColor(TOKENS.image_ground))
        if pixmap is not None:
            fitted = pixmap.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRect(room.center().x() - fitted.width() // 2, room.center().y() - fitted.height() // 2, fitted.width(),
                          fitted.height())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(place, pixmap)
        if lesion.odd:
            painter.setPen(QColor(TOKENS.warn))
            painter.drawRect(room.adjusted(0, 0, -1, -1))


def thumbnail(picture: Picture, pixels: int = 320) -> QImage:
    """A colour picture reduced to at most `pixels` on its longer side, every pixel of it averaged in."""
    frame = picture.frame(0)
    if frame.ndim == 2:
        low, high = float(frame.min()), float(frame.max())
        grey = ((frame - low) * (255.0 / max(high - low, 1e-9))).astype(np.uint8)
        frame = np.repeat(grey[..., None], 3, axis=2)
    data = np.ascontiguousarray(frame[..., :3].astype(np.uint8))
    image = QImage(data.data, data.shape[1], data.shape[0], data.shape[1] * 3, QImage.Format.Format_RGB888)
    return image.scaled(pixels, pixels, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation).copy()


def _second_line(lesion: Lesion) -> str:
    pair = tr("same as {numbers}", numbers=", ".join(map(str, lesion.pair))) if lesion.pair else ""
    return " · ".join(part for part in (tr(lesion.acquisition), tr(lesion.site) if lesion.site else "", pair) if part)


def _words(lesion: Lesion) -> str:
    said = ", ".join(tr(words) for words in lesion.said) or tr("Not answered")
    odd = f" · {tr('unlike the others')}" if lesion.odd else ""
    return f"{lesion.number}. {said} · {_second_line(lesion)}{odd}"
