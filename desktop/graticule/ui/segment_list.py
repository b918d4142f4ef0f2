"""The list of segments and groups: only the lines in sight are widgets, so that 300 segments cost what ten do."""

from collections.abc import Callable

from PySide6.QtCore import QSignalBlocker, QSize, Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollBar, QSizePolicy, QWidget

from graticule.presenters.segment_rows import GroupRow, SegmentRow
from graticule.ui.group_line import HEAD_PX, GroupLine
from graticule.ui.segment_line import SegmentLine, height_of
from graticule.ui.theme import grown

MOST_PX, GAP_PX = 302, 2
Row = SegmentRow | GroupRow
Line = SegmentLine | GroupLine


class SegmentList(QWidget):
    """made: is told of every line that is made, once, to listen to it; later it may show another segment."""

    def __init__(self, made: Callable[[Line], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._made = made
        self._rows: list[Row] = []
        self._tops: list[int] = [0]
        self._shown: dict[tuple[bool, str], Line] = {}
        self._spare: list[Line] = []
        self._stage = QWidget()
        self._bar = QScrollBar(Qt.Orientation.Vertical)
        self._bar.valueChanged.connect(self._place)
        self._bar.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._stage, 1)
        box.addWidget(self._bar)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def lines(self) -> dict[str, SegmentLine]:
        """The lines in sight, by the id of their segment."""
        return {line.id: line for line in self._shown.values() if isinstance(line, SegmentLine)}

    def show_rows(self, rows: list[Row]) -> None:
        """Another list, or the same with other words."""
        self._rows = rows
        self._tops = [0]
        for row in rows:
            self._tops.append(self._tops[-1] + _height(row) + GAP_PX)
        height = min(self._tops[-1], grown(MOST_PX))
        if height != self.height():
            self.setFixedHeight(height)
        with QSignalBlocker(self._bar):
            self._bar.setRange(0, max(0, self._tops[-1] - height))
            self._bar.setPageStep(height)
            self._bar.setSingleStep(grown(30))
        self._bar.setVisible(self._bar.maximum() > 0)
        self._place()

    def show_row(self, row: SegmentRow) -> None:
        """One segment's words changed (a stroke is under way)."""
        line = self._shown.get(_key(row))
        if line is not None:
            line.show_row(row)
            self._rows = [row if isinstance(old, SegmentRow) and old.id == row.id else old for old in self._rows]

    def reveal(self, segment_id: str) -> SegmentLine | None:
        """Scroll a segment into sight; its line."""
        at = next((at for at, row in enumerate(self._rows) if isinstance(row, SegmentRow) and row.id == segment_id), None)
        if at is None:
            return None
        low, high = self._tops[at + 1] - self.height(), self._tops[at]
        self._bar.setValue(max(low, min(self._bar.value(), high)))
        return self.lines.get(segment_id)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolls here while there is something to scroll; else the column does."""
        steps = event.angleDelta().y() / 120
        before = self._bar.value()
        self._bar.setValue(before - round(steps * 2 * self._bar.singleStep()))
        event.setAccepted(self._bar.maximum() > 0 and self._bar.value() != before)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def sizeHint(self) -> QSize:
        return QSize(200, min(self._tops[-1], grown(MOST_PX)))

    def _place(self) -> None:
        """Give every row in sight a line; keep the lines of those that were in sight already."""
        top = self._bar.value() if self._bar.maximum() > 0 else 0
        seen = [at for at in range(len(self._rows)) if self._tops[at + 1] > top and self._tops[at] < top + self.height()]
        wanted = {_key(self._rows[at]) for at in seen}
        for key in [key for key in self._shown if key not in wanted]:
            line = self._shown.pop(key)
            line.hide()
            self._spare.append(line)
        width = self.width() - (self._bar.sizeHint().width() if self._bar.maximum() > 0 else 0)
        for at in seen:
            line = self._line(self._rows[at])
            line.setGeometry(0, self._tops[at] - top, width, _height(self._rows[at]))
            line.show()

    def _line(self, row: Row) -> Line:
        key = _key(row)
        line = self._shown.get(key)
        if line is None:
            line = next((spare for spare in self._spare if isinstance(spare, SegmentLine) == key[0]), None)
            if line is not None:
                self._spare.remove(line)
            else:
                line = SegmentLine(row, self._stage) if isinstance(row, SegmentRow) else GroupLine(row, self._stage)
                self._made(line)
            self._shown[key] = line
        line.show_row(row)
        return line


def _key(row: Row) -> tuple[bool, str]:
    return isinstance(row, SegmentRow), row.id


def _height(row: Row) -> int:
    return height_of(row) if isinstance(row, SegmentRow) else grown(HEAD_PX)
