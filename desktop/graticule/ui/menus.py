"""The menu bar: everything the tool bar shows, and what is needed seldom."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from graticule.ui.theme import icon
from graticule.ui.words import tr

Act = Callable[[], object]


@dataclass(frozen=True)
class MenuActs:
    """What the window does when an entry is chosen."""

    import_files: Act
    import_folder: Act
    sync: Act
    server: Act
    settings: Act
    quit: Act
    undo: Act
    redo: Act
    search: Act
    next_case: Act
    previous_case: Act
    finish: Act
    sign: Act
    toggle_worklist: Act
    float_answers: Act
    next_column: Act
    full_screen: Act
    keys: Act
    verify: Act
    pull_plug: Act
    about: Act


class Menus(QMenuBar):
    """Keys given here work in the whole window; `undo` and `redo` show what they would do."""

    def __init__(self, acts: MenuActs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file(acts)
        self._edit(acts)
        self._view(acts)
        self._help(acts)

    def show_history(self, undo_title: str | None, redo_title: str | None) -> None:
        for action, word, title in ((self.undo, tr("Undo"), undo_title), (self.redo, tr("Redo"), redo_title)):
            action.setText(f"{word}: {title}" if title else word)
            action.setEnabled(title is not None)

    def show_open(self, is_open: bool) -> None:
        """Whether a store and a case are open."""
        self.finish.setEnabled(is_open)

    def _file(self, acts: MenuActs) -> None:
        menu = self.addMenu(tr("File"))
        self.import_files = _entry(menu, tr("Import files…"), acts.import_files, "Ctrl+O", "import")
        self.import_folder = _entry(menu, tr("Import a folder…"), acts.import_folder, "Ctrl+Shift+O", "folder")
        menu.addSeparator()
        self.sync = _entry(menu, tr("Send now"), acts.sync, "Ctrl+Shift+S", "sync")
        self.server = _entry(menu, tr("Server…"), acts.server)
        menu.addSeparator()
        self.settings = _entry(menu, tr("Settings…"), acts.settings, "Ctrl+,", "settings")
        menu.addSeparator()
        self.quit = _entry(menu, tr("Lock and quit"), acts.quit, "Ctrl+Q", "lock")

    def _edit(self, acts: MenuActs) -> None:
        menu = self.addMenu(tr("Edit"))
        self.undo = _entry(menu, tr("Undo"), acts.undo, "Ctrl+Z", "undo")
        self.redo = _entry(menu, tr("Redo"), acts.redo, "Ctrl+Y", "redo")
        self.redo.setShortcuts([QKeySequence("Ctrl+Y"), QKeySequence("Ctrl+Shift+Z")])
        menu.addSeparator()
        self.finish = _entry(menu, tr("Finish and open the next"), acts.finish, "Ctrl+Return", "check")
        self.finish.setShortcuts([QKeySequence("Ctrl+Return"), QKeySequence("Ctrl+Enter")])
        self.sign = _entry(menu, tr("Sign and lock…"), acts.sign, "", "sign")
        menu.addSeparator()
        self.search = _entry(menu, tr("Search the worklist"), acts.search, "Ctrl+F", "search")

    def _view(self, acts: MenuActs) -> None:
        menu = self.addMenu(tr("View"))
        self.next_case = _entry(menu, tr("Next undone case"), acts.next_case, "N", "next")
        self.previous_case = _entry(menu, tr("Previous undone case"), acts.previous_case, "Shift+N", "previous")
        menu.addSeparator()
        self.toggle_worklist = _entry(menu, tr("Worklist narrow or wide"), acts.toggle_worklist, "Ctrl+B")
        self.float_answers = _entry(menu, tr("Float the answers, or bring them back"), acts.float_answers)
        self.next_column = _entry(menu, tr("Go to the next column"), acts.next_column, "F6")
        menu.addSeparator()
        self.full_screen = _entry(menu, tr("Full screen"), acts.full_screen, "F11")

    def _help(self, acts: MenuActs) -> None:
        menu = self.addMenu(tr("Help"))
        self.keys = _entry(menu, tr("Keys"), acts.keys, "?", "keyboard")
        menu.addSeparator()
        self.verify = _entry(menu, tr("Verify this store"), acts.verify, "", "verify")
        self.pull_plug = _entry(menu, tr("Pull the plug"), acts.pull_plug, "", "plug")
        menu.addSeparator()
        self.about = _entry(menu, tr("About Graticule"), acts.about, "", "info")


def _entry(menu: QMenu, words: str, act: Act, keys: str = "", sign: str = "") -> QAction:
    action = QAction(words, menu)
    if keys:
        action.setShortcut(QKeySequence(keys))
    if sign:
        action.setIcon(icon(sign))
    action.triggered.connect(lambda checked=False: act())
    menu.addAction(action)
    return action
