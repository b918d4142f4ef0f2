"""Keys and mouse: choose a preset, bind any action to other keys, any stroke to another act; take it along as a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from graticule.domain.errors import GraticuleError
from graticule.presenters.actions import all_actions, by_group
from graticule.settings.actions import DRAG_STROKES, DRAGS, TOUCH_STROKES, WHEEL_STROKES, WHEELS, Action
from graticule.settings.bindings import Bindings, all_clashes, clashes_of, taken
from graticule.settings.bindings_file import read_bindings, save_bindings
from graticule.ui.keys import key_of, presets, shown, shown_keys
from graticule.ui.pieces import label, push
from graticule.ui.theme import TOKENS, wide
from graticule.ui.view_keys import stroke_words
from graticule.ui.words import tr

NAME = Qt.ItemDataRole.UserRole
WHERE = {"volume": "Volumes", "picture": "Pictures", "ecg": "ECG", "form": "Questions", "tiles": "Tiles", "3d": "3D view"}


class BindingsEditor(QDialog):
    """`bindings` holds what was chosen once the dialog was accepted; nothing is in force before that."""

    def __init__(self, bindings: Bindings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bindings = bindings
        self._actions = {action.name: action for action in all_actions()}
        self._wanted = ""
        self.setWindowTitle(tr("Keys and mouse"))
        self.resize(wide(760), 640)
        self.preset = QComboBox()
        self.preset.setAccessibleName(tr("Preset"))
        for preset in presets().values():
            self.preset.addItem(tr(preset.title), preset.name)
        self.preset.currentIndexChanged.connect(self._choose_preset)
        self._about = label("", "muted", wrap=True)
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search a key or what it does"))
        self.search.setAccessibleName(tr("Search a key or what it does"))
        self.search.textChanged.connect(self._filter)
        self.tree = self._make_tree()
        self.capture = KeyCapture()
        self.capture.pressed_key.connect(self.add_key)
        self.remove = push(tr("Take the keys away"), lambda: self._rebind(()))
        self.reset = push(tr("As the preset has it"), self._reset_one)
        self.take = push(tr("Take it from there"), self._take)
        self.conflict = label("", "warn", wrap=True)
        self.strokes: dict[str, QComboBox] = {}
        self._arrange()
        self._show_all()
        self.tree.setCurrentItem(self._items()[0])

    def choose(self, name: str) -> None:
        """Select an action in the list."""
        self.tree.setCurrentItem(next(item for item in self._items() if item.data(0, NAME) == name))

    def add_key(self, key: str) -> None:
        """Bind a key to the selected action; when it does something else there, say so and wait for “Take it from there”."""
        action = self._selected()
        if action is None:
            return
        clashes = clashes_of(self.bindings, action, key, self._actions.values())
        self._wanted = key if clashes else ""
        if clashes:
            others = ", ".join(f"“{tr(clash.other.words)}”" for clash in clashes)
            self.conflict.setText(tr("{key} already means {others} in the same view. Choose another key, or take it from there.",
                                     key=shown(key), others=others))
            self._show_buttons()
        else:
            self._rebind((*self.bindings.keys_of(action.name), key))

    def load(self, path: Path) -> None:
        """Take the keys of a file; what of it cannot be used is said. GraticuleError when it is none of ours."""
        try:
            bindings, complaints = read_bindings(path, presets())
        except OSError as fault:
            raise GraticuleError("This file cannot be read.") from fault
        self._take_over(bindings)
        self.conflict.setText(" ".join(tr(complaint) for complaint in complaints))

    # --- inside -----------------------------------------------------------------------------------------------------

    def _selected(self) -> Action | None:
        item = self.tree.currentItem()
        return self._actions.get(item.data(0, NAME) or "") if item is not None else None

    def _rebind(self, keys: tuple[str, ...]) -> None:
        action = self._selected()
        if action is not None:
            self._take_over(self.bindings.rebound(action.name, keys))

    def _reset_one(self) -> None:
        action = self._selected()
        if action is not None:
            self._take_over(self.bindings.reset(action.name))

    def _take(self) -> None:
        action, key = self._selected(), self._wanted
        if action is not None and key:
            self._take_over(taken(self.bindings, action, key, self._actions.values()))

    def _choose_preset(self) -> None:
        preset = presets()[self.preset.currentData()]
        if preset != self.bindings.preset:
            self._take_over(Bindings(preset, self.bindings.keys, self.bindings.gestures))

    def _take_over(self, bindings: Bindings) -> None:
        self.bindings, self._wanted = bindings, ""
        self._show_all()

    def _show_all(self) -> None:
        self.preset.setCurrentIndex(self.preset.findData(self.bindings.preset.name))
        self._about.setText(tr(self.bindings.preset.about))
        for item in self._items():
            name = item.data(0, NAME)
            item.setText(1, shown_keys(name, self.bindings))
            item.setForeground(1, QColor(TOKENS.accent if self.bindings.is_own(name) else TOKENS.text))
        for stroke, box in self.strokes.items():
            box.blockSignals(True)
            box.setCurrentIndex(box.findData(self.bindings.gestures.get(stroke, self.bindings.preset.gestures.get(stroke, ""))))
            box.blockSignals(False)
        self._show_conflicts()
        self._show_buttons()

    def _show_conflicts(self) -> None:
        """Two meanings of one key: the file may come from elsewhere, or another preset was put below the reader's own keys."""
        clashes = all_clashes(self.bindings, list(self._actions.values()))
        self.conflict.setText("\n".join(
            tr("{key} means both “{one}” and “{other}”; only one of them is heard.", key=shown(clash.key),
               one=tr(clash.one.words), other=tr(clash.other.words)) for clash in clashes[:3]))

    def _show_buttons(self) -> None:
        action = self._selected()
        self.capture.setEnabled(action is not None)
        self.remove.setEnabled(action is not None and bool(self.bindings.keys_of(action.name)))
        self.reset.setEnabled(action is not None and self.bindings.is_own(action.name))
        self.take.setVisible(bool(self._wanted))

    def _selection_changed(self) -> None:
        self._wanted = ""
        self._show_conflicts()
        self._show_buttons()

    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        for at in range(self.tree.topLevelItemCount()):
            group = self.tree.topLevelItem(at)
            children = [group.child(row) for row in range(group.childCount())]
            for child in children:
                child.setHidden(wanted not in f"{child.text(0)} {child.text(1)} {child.text(2)}".casefold())
            group.setHidden(all(child.isHidden() for child in children))

    def _items(self) -> list[QTreeWidgetItem]:
        groups = (self.tree.topLevelItem(at) for at in range(self.tree.topLevelItemCount()))
        return [group.child(row) for group in groups for row in range(group.childCount())]

    def _export(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, tr("Save the keys"), "graticule-keys.json", "JSON (*.json)")
        self._with_file(name, lambda path: save_bindings(path, self.bindings))

    def _import(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, tr("Read keys from a file"), "", "JSON (*.json)")
        self._with_file(name, self.load)

    def _with_file(self, name: str, act: Callable[[Path], None]) -> None:
        if not name:
            return
        try:
            act(Path(name))
        except GraticuleError as error:
            self.conflict.setText(tr(error.message))
        except OSError:
            self.conflict.setText(tr("The file could not be written."))

    # --- building ---------------------------------------------------------------------------------------------------

    def _make_tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setAccessibleName(tr("Actions"))
        tree.header().setAccessibleName(tr("Actions"))
        tree.setHeaderLabels([tr("Action"), tr("Keys"), tr("Where")])
        tree.setRootIsDecorated(False)
        tree.setObjectName("actions")
        tree.setIndentation(14)
        for group, actions in by_group(list(self._actions.values())).items():
            head = QTreeWidgetItem(tree, [tr(group)])
            head.setFlags(Qt.ItemFlag.ItemIsEnabled)
            head.setForeground(0, QColor(TOKENS.muted))
            for action in actions:
                item = QTreeWidgetItem(head, [tr(action.words), "", _where(action)])
                item.setData(0, NAME, action.name)
                item.setForeground(2, QColor(TOKENS.muted))
        tree.expandAll()
        tree.setColumnWidth(0, wide(330))
        tree.setColumnWidth(1, wide(170))
        tree.currentItemChanged.connect(self._selection_changed)
        return tree

    def _stroke_form(self) -> QWidget:
        inner = QWidget()
        form = QFormLayout(inner)
        form.setContentsMargins(4, 12, 12, 12)
        form.setVerticalSpacing(6)
        for stroke in (*DRAG_STROKES, *WHEEL_STROKES, *TOUCH_STROKES):
            box = QComboBox()
            box.setAccessibleName(stroke_words(stroke))
            if "+" in stroke:
                box.addItem(tr("as without the key held"), "")
            for act, words in (WHEELS if stroke.endswith("wheel") else DRAGS).items():
                box.addItem(tr(words), act)
            box.currentIndexChanged.connect(
                lambda at, stroke=stroke, box=box: self._take_over(self.bindings.regestured(stroke, box.currentData())))
            self.strokes[stroke] = box
            form.addRow(label(stroke_words(stroke)), box)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setAccessibleName(tr("Mouse, wheel, touch"))
        area.setWidget(inner)
        return area

    def _key_page(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in (self.capture, self.remove, self.reset):
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(self.take)
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 10, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.search)
        box.addWidget(self.tree, 1)
        box.addLayout(row)
        return page

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(label(tr("Preset")))
        top.addWidget(self.preset)
        top.addWidget(self._about, 1)
        tabs = QTabWidget()
        tabs.setAccessibleName(tr("Keys and mouse"))
        tabs.setDocumentMode(True)
        tabs.addTab(self._key_page(), tr("Keys"))
        tabs.addTab(self._stroke_form(), tr("Mouse, wheel, touch"))
        keep = push(tr("Keep"), self.accept, primary=True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for button in (push(tr("Read from a file…"), self._import), push(tr("Save as a file…"), self._export),
                       push(tr("Everything as the preset"), lambda: self._take_over(self.bindings.all_reset()))):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(push(tr("Cancel"), self.reject))
        foot.addWidget(keep)
        box = QVBoxLayout(self)
        box.setContentsMargins(20, 18, 20, 16)
        box.setSpacing(10)
        box.addLayout(top)
        box.addWidget(tabs, 1)
        box.addWidget(self.conflict)
        box.addLayout(foot)
        for button in self.findChildren(QPushButton):
            button.setAutoDefault(False)


class KeyCapture(QPushButton):
    """Press it, then the key: `pressed_key` carries it. Esc gives up; a second click too."""

    pressed_key = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.toggled.connect(self._say)
        self._say(False)

    def event(self, event: QEvent) -> bool:
        """While it waits every key is meant for it, also Tab and what is a shortcut elsewhere."""
        if self.isChecked() and event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if self.isChecked() and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._take(event)
            return True
        return super().event(event)

    def _take(self, event: QKeyEvent) -> None:
        key = key_of(event)
        if not key:
            return
        self.setChecked(False)
        if key != "Esc":
            self.pressed_key.emit(key)

    def _say(self, waits: bool) -> None:
        self.setText(tr("Press the key…") if waits else tr("Add a key"))
        self.setProperty("capturing", waits)
        self.style().unpolish(self)
        self.style().polish(self)


def _where(action: Action) -> str:
    if action.place == "window":
        return tr("Everywhere")
    return ", ".join(tr(WHERE[place]) for place in WHERE if place in action.heard_in)
