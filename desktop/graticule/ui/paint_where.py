"""Where painting is allowed, beside the options of every tool that paints."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from graticule.editing.paint_rules import ALL, CHOSEN, FREE
from graticule.presenters.paint_where import A_RANGE, EVERY_VALUE, LIKE_STROKE, Choice, PaintWhere
from graticule.ui.pieces import flat, label, leave_keys, line, shrinkable
from graticule.ui.range_field import RangeField
from graticule.ui.theme import TOKENS, wide
from graticule.ui.words import tr

OVER = {FREE: "Background only", CHOSEN: "Chosen segments", ALL: "All unlocked segments"}
VALUES = {EVERY_VALUE: "All values", A_RANGE: "A range", LIKE_STROKE: "Like the stroke"}
_TIPS = {FREE: "The other segments are protected", CHOSEN: "Only the segments you tick give way",
         ALL: "Every segment gives way that is not locked"}


class PaintWherePanel(QWidget):
    """changed: the rules are others now."""

    changed = Signal()

    def __init__(self, where: PaintWhere, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._where = where
        where.changed = self._told
        self.over = _combo(tr("Paint over"), OVER)
        self.inside = _combo(tr("Inside"), {})
        self.values = _combo(tr("Values"), VALUES)
        self.range = RangeField()
        self._ticks = QVBoxLayout()
        self._ticks.setContentsMargins(wide(86), 0, 0, 0)
        self._ticks.setSpacing(2)
        self._shown_ticks: list[Choice] = []
        self._reset = flat("reset", tr("As usual: others protected, everywhere, all values"), where.reset)
        self._connect()
        self._arrange()
        leave_keys(self)
        self.refresh()

    def refresh(self) -> None:
        """Show the rules and the segments there are."""
        rules = self._where.rules
        with QSignalBlocker(self.over), QSignalBlocker(self.values), QSignalBlocker(self.inside):
            self.over.setCurrentIndex(list(OVER).index(rules.over))
            self.over.setToolTip(tr(_TIPS[rules.over]))
            self.values.setCurrentIndex(list(VALUES).index(self._where.values))
            self._show_inside()
        self._show_ticks()
        self.range.setVisible(self._where.values == A_RANGE)
        if rules.range is not None and self._where.values == A_RANGE:
            self.range.show_counts(self._where.counts(), self._where.unit)
            self.range.show_range(rules.range)
        self._reset.setVisible(not self._where.usual)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _told(self) -> None:
        self.refresh()
        self.changed.emit()

    def _connect(self) -> None:
        self.over.activated.connect(lambda n: self._where.set_over(list(OVER)[n]))
        self.inside.activated.connect(lambda n: self._where.set_inside(self.inside.itemData(n) or ""))
        self.values.activated.connect(lambda n: self._where.set_values(list(VALUES)[n]))
        self.range.moved.connect(self._where.set_range)

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(label(tr("Paint where"), "section"), 1)
        head.addWidget(self._reset)
        column.addWidget(line())
        column.addLayout(head)
        column.addLayout(_row(tr("Paint over"), self.over))
        column.addLayout(self._ticks)
        column.addLayout(_row(tr("Inside"), self.inside))
        column.addLayout(_row(tr("Values"), self.values))
        column.addWidget(self.range)

    def _show_inside(self) -> None:
        found = [("", tr("Everywhere"), ""), *((one.id, one.name, one.colour) for one in self._where.within())]
        self.inside.clear()
        for segment_id, name, colour in found:
            self.inside.addItem(_dot(colour) if colour else QIcon(), name, segment_id)
        ids = [segment_id for segment_id, _, _ in found]
        inside = self._where.rules.inside
        self.inside.setCurrentIndex(ids.index(inside) if inside in ids else 0)
        self.inside.setEnabled(len(found) > 1)

    def _show_ticks(self) -> None:
        """A tick for each segment that may be painted over, while some are to be chosen."""
        wanted = self._where.over() if self._where.rules.over == CHOSEN else []
        if wanted == self._shown_ticks:
            return
        self._shown_ticks = wanted
        while self._ticks.count():
            item = self._ticks.takeAt(0)
            if item.widget() is not None:
                item.widget().deleteLater()
        for one in wanted:
            tick = QCheckBox(one.name)
            tick.setIcon(_dot(one.colour))
            tick.setChecked(one.chosen)
            tick.toggled.connect(lambda on, segment_id=one.id: self._where.choose(segment_id, on))
            self._ticks.addWidget(tick)
        leave_keys(self)
        if not wanted and self._where.rules.over == CHOSEN:
            self._ticks.addWidget(label(tr("There is no other unlocked segment."), "muted", wrap=True))


class ToolPanel(QWidget):
    """The options of the tool in hand, and below them where it may paint, for tools that paint."""

    def __init__(self, options: QWidget, where: PaintWherePanel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._where = where
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(options)
        column.addWidget(where)

    def follow(self, tool: object) -> None:
        self._where.setVisible(bool(getattr(tool, "family", "")))


def _combo(name: str, choices: dict[str, str]) -> QComboBox:
    made = QComboBox()
    made.addItems([tr(words) for words in choices.values()])
    made.setAccessibleName(name)
    shrinkable(made)
    return made


def _row(words: str, field: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(8)
    name = QLabel(words)
    name.setMinimumWidth(wide(78))
    name.setBuddy(field)
    row.addWidget(name)
    row.addWidget(field, 1)
    return row


def _dot(colour: str) -> QIcon:
    made = QPixmap(TOKENS.small_icon - 4, TOKENS.small_icon - 4)
    made.fill(QColor(colour))
    return QIcon(made)
