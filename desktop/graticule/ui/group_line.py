"""The head of a group in the segment list: its name, how many segments lie in it, and what can be done with it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QInputDialog, QMenu, QWidget

from graticule.presenters.segment_rows import GroupRow
from graticule.ui.pieces import Elided, flat, label
from graticule.ui.theme import TOKENS, font, grown, icon, wide
from graticule.ui.words import tr

HEAD_PX = 26


def group_title(group: str, name: str) -> str:
    """What a group is called on the screen: the reader's word, or its number."""
    return name or tr("Group {number}", number=group)


class GroupLine(QFrame):
    """Segments of one group share no voxel; those of two groups may."""

    renamed = Signal(str, str)
    removed = Signal(str)
    added = Signal()

    def __init__(self, row: GroupRow, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        self._name, self._count = Elided(role="section"), label("", "muted")
        more = flat("more", tr("More"), self._open_menu)
        more.setFixedSize(wide(22), grown(22))
        more.setStyleSheet("padding: 2px;")
        box = QHBoxLayout(self)
        box.setContentsMargins(8, 2, 2, 0)
        box.setSpacing(4)
        box.addWidget(self._name, 1)
        box.addWidget(self._count)
        box.addWidget(more)
        self._more = more
        self._count.setFont(font(TOKENS.label_px, tabular=True))
        self.setToolTip(tr("Segments of one group share no voxel; those of two groups may overlap."))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.show_row(row)

    @property
    def id(self) -> str:
        return self._row.id

    def show_row(self, row: GroupRow) -> None:
        self._row = row
        self._name.say(group_title(row.id, row.name))
        self._count.setText(str(row.count))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._rename()

    def _rename(self) -> None:
        name, taken = QInputDialog.getText(self.window(), tr("Name of the group"), tr("Your word for this group"),
                                           text=self._row.name)
        if taken:
            self.renamed.emit(self.id, name)

    def _open_menu(self) -> None:
        menu = QMenu(self)
        menu.addAction(icon("edit"), tr("Rename"), self._rename)
        menu.addAction(icon("plus"), tr("New group"), self.added.emit)
        remove = menu.addAction(icon("trash"), tr("Remove this empty group"), lambda: self.removed.emit(self.id))
        remove.setEnabled(self._row.count == 0)
        menu.exec(self._more.mapToGlobal(self._more.rect().bottomLeft()))
