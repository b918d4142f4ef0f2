"""Another reader at this computer: the open store is locked, another one is chosen and asks for its own passphrase."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from graticule.ui.pieces import dialog_foot, label, push
from graticule.ui.theme import grown, wide
from graticule.ui.words import tr

PATH = Qt.ItemDataRole.UserRole


class SwitchDialog(QDialog):
    """`chosen` is the store to open once the dialog was accepted; None: someone new begins with the first-run steps."""

    def __init__(self, stores: Sequence[Path], now: Path | None, reader: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chosen: Path | None = now
        self.setWindowTitle(tr("Switch reader"))
        self.setMinimumWidth(wide(460))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Stores opened here"))
        for store in stores:
            item = QListWidgetItem(f"{store.name}   ·   {store.parent}")
            item.setData(PATH, str(store))
            item.setToolTip(str(store))
            self.list.addItem(item)
        self.list.setCurrentRow(next((at for at, store in enumerate(stores) if store != now), 0))
        self.list.setFixedHeight(grown(26) * max(2, min(6, len(stores))) + 8)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.itemActivated.connect(lambda item: self._open())
        self.open = push(tr("Lock and open"), self._open, primary=True, sign="lock")
        self.open.setEnabled(bool(stores))
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 20, 20, 16)
        box.setSpacing(12)
        box.addWidget(label(tr("Switch reader"), "title"))
        words = tr("The work of {name} is kept and locked. The next reader opens a store of their own.", name=reader)
        box.addWidget(label(words, "muted", wrap=True))
        box.addWidget(self.list)
        others = push(tr("Another folder…"), self._browse), push(tr("Someone new…"), self._new)
        box.addLayout(dialog_foot(self, self.open, *others))

    def _open(self) -> None:
        item = self.list.currentItem()
        if item is not None:
            self.chosen = Path(item.data(PATH))
            self.accept()

    def _browse(self) -> None:
        name = QFileDialog.getExistingDirectory(self, tr("The folder of a store"))
        if name:
            self.chosen = Path(name)
            self.accept()

    def _new(self) -> None:
        self.chosen = None
        self.accept()
