"""The menu bar: everything the tool bar shows, and what is needed seldom."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from graticule.ui.keys import BOUND
from graticule.ui.page_menu import PageMenu
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
    edit_form: Act = lambda: None
    lesions: Act = lambda: None
    from_archive: Act = lambda: None
    to_archive: Act = lambda: None
    previous_column: Act = lambda: None
    switch_reader: Act = lambda: None
    bindings: Act = lambda: None
    read_another_way: Act = lambda: None
    export_labels: Act = lambda: None
    history: Act = lambda: None


class Menus(QMenuBar):
    """Keys given here work in the whole window; `undo` and `redo` show what they would do."""

    def __init__(self, acts: MenuActs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file(acts)
        self._edit(acts)
        self._view(acts)
        self.page = PageMenu(tr("Image"), self)
        self.addMenu(self.page)
        self._help(acts)
        self.follow_bindings()
        BOUND.changed.connect(self.follow_bindings)

    def follow_bindings(self) -> None:
        """Each entry hears the keys that are bound to its action now."""
        for action in self.findChildren(QAction):
            if action.objectName().startswith("window."):
                action.setShortcuts([QKeySequence(key) for key in _both_enters(BOUND.now.keys_of(action.objectName()))])

    def show_history(self, undo_title: str | None, redo_title: str | None) -> None:
        for action, word, title in ((self.undo, tr("Undo"), undo_title), (self.redo, tr("Redo"), redo_title)):
            action.setText(f"{word}: {title}" if title else word)
            action.setEnabled(title is not None)

    def show_open(self, is_open: bool) -> None:
        """Whether a store and a case are open."""
        self.finish.setEnabled(is_open)

    def _file(self, acts: MenuActs) -> None:
        menu = self.addMenu(tr("File"))
        self.import_files = _entry(menu, tr("Import files…"), acts.import_files, "window.import-files", "import")
        self.import_folder = _entry(menu, tr("Import a folder…"), acts.import_folder, "window.import-folder", "folder")
        menu.addSeparator()
        self.from_archive = _entry(menu, tr("From the archive (PACS)…"), acts.from_archive, "window.from-archive", "search")
        self.export_labels = _entry(menu, tr("Export the labels…"), acts.export_labels, "window.export-labels", "export")
        self.to_archive = _entry(menu, tr("Send to the archive…"), acts.to_archive, "window.to-archive", "export")
        menu.addSeparator()
        self.read_another_way = _entry(menu, tr("Read these files another way…"), acts.read_another_way,
                                       "window.read-another-way")
        menu.addSeparator()
        self.edit_form = _entry(menu, tr("Edit a form…"), acts.edit_form, "window.edit-form")
        menu.addSeparator()
        self.sync = _entry(menu, tr("Send now"), acts.sync, "window.send", "sync")
        self.server = _entry(menu, tr("Server…"), acts.server, "window.server")
        menu.addSeparator()
        self.switch_reader = _entry(menu, tr("Switch reader…"), acts.switch_reader, "window.switch-reader", "user")
        menu.addSeparator()
        self.bindings = _entry(menu, tr("Keys and mouse…"), acts.bindings, "window.bindings", "keyboard")
        self.settings = _entry(menu, tr("Settings…"), acts.settings, "window.settings", "settings")
        menu.addSeparator()
        self.quit = _entry(menu, tr("Lock and quit"), acts.quit, "window.quit", "lock")

    def _edit(self, acts: MenuActs) -> None:
        menu = self.addMenu(tr("Edit"))
        self.undo = _entry(menu, tr("Undo"), acts.undo, "window.undo", "undo")
        self.redo = _entry(menu, tr("Redo"), acts.redo, "window.redo", "redo")
        self.history = _entry(menu, tr("History"), acts.history, "window.history", "clock")
        menu.addSeparator()
        self.finish = _entry(menu, tr("Finish and open the next"), acts.finish, "window.finish", "check")
        self.sign = _entry(menu, tr("Sign and lock…"), acts.sign, "window.sign", "sign")
        menu.addSeparator()
        self.search = _entry(menu, tr("Search the worklist"), acts.search, "window.search", "search")

    def _view(self, acts: MenuActs) -> None:
        menu = self.addMenu(tr("View"))
        self.next_case = _entry(menu, tr("Next undone case"), acts.next_case, "window.next-case", "next")
        self.previous_case = _entry(menu, tr("Previous undone case"), acts.previous_case, "window.previous-case", "previous")
        menu.addSeparator()
        self.toggle_worklist = _entry(menu, tr("Worklist narrow or wide"), acts.toggle_worklist, "window.worklist")
        self.lesions = _entry(menu, tr("All lesions of this patient…"), acts.lesions, "window.lesions")
        self.float_answers = _entry(menu, tr("Float the answers, or bring them back"), acts.float_answers, "window.float-answers")
        self.next_column = _entry(menu, tr("Go to the next column"), acts.next_column, "window.next-column")
        self.previous_column = _entry(menu, tr("Go to the previous column"), acts.previous_column, "window.previous-column")
        menu.addSeparator()
        self.full_screen = _entry(menu, tr("Full screen"), acts.full_screen, "window.full-screen")

    def _help(self, acts: MenuActs) -> None:
        menu = self.addMenu(tr("Help"))
        self.keys = _entry(menu, tr("Keys"), acts.keys, "window.keys", "keyboard")
        menu.addSeparator()
        self.verify = _entry(menu, tr("Verify this store"), acts.verify, "window.verify", "verify")
        self.pull_plug = _entry(menu, tr("Pull the plug"), acts.pull_plug, "window.pull-plug", "plug")
        menu.addSeparator()
        self.about = _entry(menu, tr("About Graticule"), acts.about, "window.about", "info")


def _entry(menu: QMenu, words: str, act: Act, name: str = "", sign: str = "") -> QAction:
    """name: of the action in `settings/actions.py`, whose keys it gets."""
    action = QAction(words, menu)
    action.setObjectName(name)
    if sign:
        action.setIcon(icon(sign))
    action.triggered.connect(lambda checked=False: act())
    menu.addAction(action)
    return action


def _both_enters(keys: Sequence[str]) -> list[str]:
    """Return on the letters' block and Enter on the number pad are one key to the reader."""
    return [*keys, *(f"{key.removesuffix('Return')}Enter" for key in keys if key.endswith("Return"))]
