"""The segments of a case: the list, how labels lie over the image, and what can be added."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from graticule.domain.errors import GraticuleError
from graticule.presenters.segments import SegmentsPresenter
from graticule.presenters.volume import LabelLook, VolumePresenter
from graticule.ui.pieces import label, line, push
from graticule.ui.segment_line import SegmentLine
from graticule.ui.theme import TOKENS, font, grown, icon
from graticule.ui.words import tr

FOUND_ROWS = 6


class SegmentsPanel(QWidget):
    """trouble(GraticuleError): an act was refused."""

    trouble = Signal(object)

    def __init__(self, segments: SegmentsPresenter, volume: VolumePresenter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments = segments
        self._volume = volume
        self._lines: dict[str, SegmentLine] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(2)
        self._empty = label(tr("No segments yet. Add one, then paint it with the brush (B)."), "muted", wrap=True)
        self._asked = QVBoxLayout()
        self._asked.setSpacing(4)
        self._typed = QLineEdit()
        self._typed.setPlaceholderText(tr("Add a structure: liver, mass …"))
        self._typed.setAccessibleName(tr("Add a structure"))
        self._typed.textChanged.connect(self._search)
        self._typed.returnPressed.connect(self._take_first)
        self._found = QListWidget()
        self._found.itemClicked.connect(self._take)
        self._found.itemActivated.connect(self._take)
        self._found.setStyleSheet("QListWidget::item { padding-left: 8px; }")
        self._found.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._empty)
        column.addLayout(self._list)
        column.addLayout(self._asked)
        column.addWidget(self._typed)
        column.addWidget(self._found)
        column.addWidget(line())
        column.addLayout(self._look_row())
        self._show_templates()
        self.refresh()

    def refresh(self) -> None:
        """Show what the presenter now has; called at every change, also while painting."""
        rows = self._segments.rows()
        if [row.id for row in rows] != list(self._lines):
            self._rebuild([row.id for row in rows], {row.id: row for row in rows})
        for row in rows:
            self._lines[row.id].show_row(row)
        self._empty.setVisible(not rows)

    def follow_look(self) -> None:
        """Opacity or outline changed by key or wheel."""
        look = self._volume.label_look
        with QSignalBlocker(self._opacity), QSignalBlocker(self._outline):
            self._opacity.setValue(round(look.opacity * 100))
            self._outline.setChecked(look.outline_only)
        self._percent.setText(f"{look.opacity * 100:.0f} %")

    def amounts_changed(self) -> None:
        """Only millilitres changed (a stroke is under way)."""
        for row in self._segments.rows():
            if row.id in self._lines:
                self._lines[row.id].show_row(row)

    def _rebuild(self, ids: list[str], rows: dict[str, object]) -> None:
        for gone in self._lines.values():
            self._list.removeWidget(gone)
            gone.deleteLater()
        self._lines = {segment_id: self._line(rows[segment_id]) for segment_id in ids}
        for made in self._lines.values():
            self._list.addWidget(made)
        self._show_templates()

    def _line(self, row: object) -> SegmentLine:
        made = SegmentLine(row)
        made.chosen.connect(self._segments.select)
        made.eye_pressed.connect(self._segments.toggle_visible)
        made.sought.connect(self._volume.go_to_segment)
        made.lock_pressed.connect(lambda one: self._try(lambda: self._segments.toggle_locked(one)))
        made.renamed.connect(lambda one, name: self._try(lambda: self._segments.rename(one, name)))
        made.recoloured.connect(lambda one, colour: self._try(lambda: self._segments.recolour(one, colour)))
        made.deleted.connect(lambda one: self._try(lambda: self._segments.delete(one)))
        return made

    def _show_templates(self) -> None:
        """A button for everything the protocol asks for and that is not there yet."""
        while self._asked.count():
            item = self._asked.takeAt(0)
            if item.widget() is not None:
                item.widget().deleteLater()
        first = not self._lines
        for template in self._segments.templates():
            button = push(tr("Add {name}", name=template.name), _adder(self, template), primary=first, sign="plus")
            self._asked.addWidget(button)
            first = False

    def add_template(self, template: object) -> None:
        self._try(lambda: self._segments.add_template(template))

    def _search(self, text: str) -> None:
        self._found.clear()
        found = self._segments.search(text)[:FOUND_ROWS] if text.strip() else []
        for concept in found:
            item = QListWidgetItem(concept.label)
            item.setSizeHint(QSize(100, 28))
            item.setToolTip(concept.definition)
            item.setData(Qt.ItemDataRole.UserRole, concept)
            self._found.addItem(item)
        if text.strip() and not found:
            item = QListWidgetItem(tr("No structure fits these letters"))
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self._found.addItem(item)
        self._found.setVisible(self._found.count() > 0)
        self._found.setFixedHeight(grown(28) * max(1, self._found.count()) + 4)
        if found:
            self._found.setCurrentRow(0)

    def _take_first(self) -> None:
        item = self._found.currentItem() or self._found.item(0)
        if item is not None:
            self._take(item)

    def _take(self, item: QListWidgetItem) -> None:
        concept = item.data(Qt.ItemDataRole.UserRole)
        if concept is not None:
            self._typed.clear()
            self._try(lambda: self._segments.add_concept(concept))

    def _try(self, act: Callable[[], object]) -> None:
        try:
            act()
        except GraticuleError as error:
            self.trouble.emit(error)

    def _look_row(self) -> QVBoxLayout:
        self._opacity = QSlider(Qt.Orientation.Horizontal)
        self._opacity.setRange(0, 100)
        self._opacity.setAccessibleName(tr("Opacity of the labels"))
        self._opacity.setToolTip(tr("Opacity of the labels (Alt+wheel)"))
        self._opacity.valueChanged.connect(lambda value: self._look(opacity=value / 100))
        self._percent = QLabel()
        self._percent.setFont(font(TOKENS.body_px, tabular=True))
        self._outline = QPushButton(tr("Outline"))
        self._outline.setIcon(icon("outline"))
        self._outline.setCheckable(True)
        self._outline.setToolTip(tr("Outlines only (V); hold G to see the bare image"))
        self._outline.toggled.connect(lambda on: self._look(outline_only=on))
        top = QHBoxLayout()
        top.addWidget(QLabel(tr("Opacity")), 1)
        top.addWidget(self._percent)
        bottom = QHBoxLayout()
        bottom.setSpacing(8)
        bottom.addWidget(self._opacity, 1)
        bottom.addWidget(self._outline)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addLayout(top)
        column.addLayout(bottom)
        self.follow_look()
        return column

    def _look(self, **changes: object) -> None:
        look: LabelLook = replace(self._volume.label_look, **changes)
        self._volume.set_label_look(look)


def _adder(panel: SegmentsPanel, template: object) -> Callable[[], None]:
    return lambda: panel.add_template(template)


