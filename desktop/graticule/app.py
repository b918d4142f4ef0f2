"""The composition root of the desk: every object is made here once, by hand, top to bottom."""

import logging
import os
import signal
import sys
import time
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from graticule.domain.errors import GraticuleError

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from graticule.commands.local_server import LocalServer
    from graticule.domain.case import Case
    from graticule.first_store import FirstStore
    from graticule.presenters.open_case import Opening
    from graticule.presenters.session import Session
    from graticule.settings import Settings
    from graticule.store.store import Store
    from graticule.store.unlock import Unlock
    from graticule.ui.first_run import FirstAnswers, FirstRun

log = logging.getLogger("graticule.desk")

SIGNALS_EVERY_MS = 250
MOST_STORES = 12


def run_desk(store_path: Path | None = None, *, unlock: "Unlock | None" = None, server_url: str = "",
             password_hint: str = "") -> int:
    """Open the workstation and stay until its window is closed; the exit status.

    store_path: None opens the last store, or the first-run steps. unlock: None asks when the store needs a passphrase.
    server_url: overrides the store's own for this machine. password_hint: shown where a password is asked (demonstration).
    GraticuleError when there is no display.
    """
    refuse_without_display()
    from graticule.settings import load_settings
    from graticule.settings.folders import log_folder, settings_path
    from graticule.settings.log_file import start_log
    from graticule.settings.look import LOOK

    settings, complaints = load_settings(settings_path())
    LOOK.use(settings)  # before the first import of the theme: sizes and colours are fixed there
    start_log(log_folder())

    from PySide6.QtWidgets import QApplication

    from graticule.ui import theme
    from graticule.ui.words import use_language

    use_language(settings.language)
    complaints += use_own_keys()
    app = QApplication.instance() or QApplication(["Graticule"])
    assert isinstance(app, QApplication)
    theme.apply(app)
    desktop = Desktop(app, settings, complaints)
    desktop.start(store_path, unlock, server_url, password_hint)
    return int(app.exec())


def use_own_keys() -> list[str]:
    """Bring the reader's keys into force; in words, what of their file could not be used."""
    from graticule.settings.bindings_file import load_bindings
    from graticule.settings.folders import bindings_path
    from graticule.ui.keys import BOUND, presets

    bindings, complaints = load_bindings(bindings_path(), presets())
    BOUND.use(bindings)
    return complaints


def refuse_without_display() -> None:
    """Qt ends the process when it finds no display; say it in a sentence first."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM"):
        return
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        raise GraticuleError("There is no display to open a window on.",
                             "Start Graticule on a desktop, or use its commands (“graticule --help”), which need none.")


class Desktop:
    """One running workstation: the window from the first moment on, the store as soon as it is open."""

    def __init__(self, app: "QApplication", settings: "Settings", complaints: list[str]) -> None:
        from PySide6.QtCore import QTimer

        from graticule.ui.home import Home

        self.settings = settings
        self.store: Store | None = None
        self._local_server: LocalServer | None = None
        self._home = Home()
        self._make_window()
        self._complaints = complaints
        self._heartbeat = QTimer()  # lets Python see Ctrl+C in the terminal while Qt waits
        self._heartbeat.timeout.connect(lambda: None)
        self._heartbeat.start(SIGNALS_EVERY_MS)
        signal.signal(signal.SIGINT, lambda number, frame: self.window.close())
        app.setQuitOnLastWindowClosed(False)

    def _make_window(self) -> None:
        """A window and a runner without anything of a reader in them."""
        from PySide6.QtCore import QTimer

        from graticule.jobs import ThreadRunner
        from graticule.settings.folders import log_folder, window_path
        from graticule.ui.crash import install_excepthook
        from graticule.ui.main_window import MainWindow
        from graticule.ui.window_memory import WindowMemory

        self.runner = ThreadRunner(self._home.post)
        self.window = MainWindow(WindowMemory(window_path()))
        install_excepthook(log_folder(), self.window.tell_fault)
        self.window.closed.connect(self._close)
        self.window.settings_wanted.connect(self._change_settings)
        self.window.bindings_wanted.connect(self._change_bindings)
        self.window.switch_wanted.connect(self._switch_reader)
        self._sync_timer = QTimer()
        self._sync_timer.setSingleShot(True)

    def start(self, path: Path | None, unlock: "Unlock | None", server_url: str, password_hint: str) -> None:
        """Show the empty window; open the store after its first paint."""
        wanted = path or self._last_store()
        self.window.first_painted.connect(lambda: self._begin(wanted, unlock, server_url, password_hint))
        self.window.show()

    def _begin(self, path: Path | None, unlock: "Unlock | None", server_url: str, password_hint: str) -> None:
        from graticule.first_store import demonstration, demonstration_folder
        from graticule.render.backend import choose_backend
        from graticule.ui.notices import Notice

        choose_backend()
        for complaint in self._complaints:
            self.window.tell(Notice("warn", complaint, "", "Open File → Settings… and keep what you want."))
        if path is None:
            self._first_run()
            return
        if not server_url and path.resolve() == demonstration_folder() / "store":
            self.runner.start(demonstration, done=self._furnish_first, failed=self._cannot_open)
            return
        try:
            self._open(path, unlock, server_url, password_hint)
        except GraticuleError as error:
            self._cannot_open(error)

    # The store

    def _open(self, path: Path, unlock: "Unlock | None", server_url: str, password_hint: str) -> None:
        """Open a store and furnish the window with it, asking for the passphrase when nothing else opens it."""
        from graticule.store.keys import ways_in
        from graticule.store.store import open_store
        from graticule.store.unlock import PASSPHRASE

        if unlock is None and ways_in(path) == [PASSPHRASE]:
            self._ask_passphrase(path, server_url, password_hint)
            return
        self._furnish(open_store(path, unlock), unlock, server_url, password_hint)

    def _ask_passphrase(self, path: Path, server_url: str, password_hint: str) -> None:
        from graticule.store.store import open_store
        from graticule.store.unlock import Unlock
        from graticule.ui.unlock_dialog import UnlockDialog

        opened: list[tuple[Store, Unlock]] = []

        def attempt(passphrase: str) -> None:
            unlock = Unlock.passphrase(passphrase)
            opened.append((open_store(path, unlock), unlock))

        if not UnlockDialog(attempt, self.window).exec():
            self.window.close()
            return
        self._furnish(*opened[0], server_url, password_hint)

    def _furnish(self, store: "Store", unlock: "Unlock | None", server_url: str, password_hint: str) -> None:
        from graticule.formats.guard.client import warm
        from graticule.jobs.runner import PREFETCH
        from graticule.ui.notices import Notice
        from graticule.warm_up import LANE, warm_up

        self.store = store
        if server_url and store.server_url != server_url:
            store.set_server(server_url)
        here = str(store.path.resolve())
        stores = tuple(dict.fromkeys((here, *self.settings.stores)))[:MOST_STORES]
        self.settings = replace(self.settings, last_store=here, stores=stores)
        self._keep_settings()
        self.window.furnish(self._session(store, unlock, password_hint))
        self.runner.start(lambda progress: warm(), done=lambda nothing: None, failed=lambda fault: None, lane=PREFETCH)
        self.runner.start(warm_up, done=lambda nothing: None, failed=lambda fault: None, lane=LANE)
        if not password_hint:
            for warning in store.warnings:
                self.window.tell(Notice("warn", warning))

    def _session(self, store: "Store", unlock: "Unlock | None", password_hint: str) -> "Session":
        from graticule.desk_archives import StoreArchives
        from graticule.desk_assistants import DeskAssistants
        from graticule.desk_plugs import (
            DrawnBeside,
            MasksElsewhere,
            StoreDeidentifier,
            StoreExporter,
            StoreImported,
            StoreImporter,
            StoreRereader,
            StoreSync,
            StoreVerifier,
            hash_sources,
            open_content,
        )
        from graticule.editing.events import Bus
        from graticule.presenters.desk import Desk
        from graticule.presenters.furniture import Furniture
        from graticule.presenters.session import Session
        from graticule.presenters.signing import Signing
        from graticule.presenters.sync_status import SyncStatus
        from graticule.records.ids import new_id
        from graticule.resources import load_ontology
        from graticule.study.protocol import parse_protocol
        from graticule.ui.pages import preload

        def open_ready(case: "Case") -> "Opening":
            """Import what will show the case while its files are read: both happen away from the window."""
            preload(case.kind)
            return open_content(case)

        bus = Bus()
        _, document = store.protocols.current()
        protocol = parse_protocol(document)
        desk = Desk(Furniture(store.cases, store.labels, store.view_state, store.looks, open_ready, hash_sources,
                              self.runner, bus, protocol, load_ontology(*protocol.ontology), new_id, _now, _clock_ms,
                              DrawnBeside(store), MasksElsewhere(store),
                              DeskAssistants(store, lambda: self.settings, self._use_settings), store.reader.name))
        sync = SyncStatus(StoreSync(store), self.runner, bus, self._sync_later)
        sync.by_itself = self.settings.sync_by_itself
        self._sync_timer.timeout.connect(sync.nudge)
        return Session(desk, Signing(store.labels, desk.worklist, store.reader.name), sync, StoreImporter(store),
                       StoreVerifier(store.path, unlock), self.runner, protocol.title, password_hint, StoreArchives(store),
                       StoreDeidentifier(store), StoreRereader(store), StoreExporter(store), StoreImported(store))

    def _sync_later(self, seconds: float) -> None:
        self._sync_timer.start(round(seconds * 1000))

    # The first run

    def _first_run(self) -> None:
        from graticule.ui.first_run import FirstRun

        steps = FirstRun()
        steps.answered.connect(lambda answers: self._answered(steps, answers))
        self.window.stage.show_other(steps)

    def _answered(self, steps: "FirstRun", answers: "FirstAnswers") -> None:
        from graticule.first_store import demonstration, own

        def done(first: "FirstStore") -> None:
            self.window.stage.take_away(steps)
            self._furnish_first(first)

        job = demonstration if answers.demonstration else own(answers)
        self.runner.start(job, done=done, failed=lambda error: steps.refuse(str(error)))

    def _furnish_first(self, first: "FirstStore") -> None:
        self._local_server = first.server
        self._furnish(first.store, first.unlock, first.server_url, first.password_hint)

    # Ending

    def _cannot_open(self, error: GraticuleError) -> None:
        from graticule.ui.empty import Empty
        from graticule.ui.words import tr

        self.window.stage.show_other(Empty("error", tr(error.message), tr(error.hint), tr("Quit"), self.window.close))

    def _change_settings(self) -> None:
        from graticule.settings.look import LOOK
        from graticule.ui.settings_dialog import SettingsDialog

        dialog = SettingsDialog(self.settings, self.window)
        if dialog.exec():
            self.settings = dialog.settings
            self._keep_settings()
            LOOK.use(self.settings)  # what is asked for at every stroke or case; the rest follows at the next start
            if self.window.session is not None:
                self.window.session.sync.by_itself = self.settings.sync_by_itself

    def _use_settings(self, settings: "Settings") -> None:
        self.settings = settings
        self._keep_settings()

    def _keep_settings(self) -> None:
        from graticule.settings import save_settings
        from graticule.settings.folders import settings_path

        try:
            save_settings(settings_path(), self.settings)
        except OSError:
            log.info("the settings could not be kept")

    def _change_bindings(self) -> None:
        from graticule.settings.bindings_file import save_bindings
        from graticule.settings.folders import bindings_path
        from graticule.ui.bindings_editor import BindingsEditor
        from graticule.ui.keys import BOUND

        dialog = BindingsEditor(BOUND.now, self.window)
        if not dialog.exec():
            return
        BOUND.use(dialog.bindings)
        try:
            save_bindings(bindings_path(), dialog.bindings)
        except OSError:
            log.info("the keys could not be kept")

    def _switch_reader(self) -> None:
        """Lock what is open and open another store, in a window that has never seen the first one."""
        from graticule.ui.switch_dialog import SwitchDialog

        now = self.store.path.resolve() if self.store is not None else None
        known = [Path(path) for path in self.settings.stores if (Path(path) / "labels.db").exists()]
        dialog = SwitchDialog(known, now, self.store.reader.name if self.store is not None else "", self.window)
        if not dialog.exec():
            return
        old = self.window
        old.closed.disconnect(self._close)
        old.close()
        old.deleteLater()
        self._put_away()
        self._complaints = []
        self._make_window()
        self.window.first_painted.connect(lambda: self._open_other(dialog.chosen))
        self.window.show()

    def _open_other(self, path: Path | None) -> None:
        if path is None:
            self._first_run()
            return
        try:
            self._open(path, None, "", "")
        except GraticuleError as error:
            self._cannot_open(error)

    def _put_away(self) -> None:
        """Stop what works for the reader and close the store: from here on it is locked."""
        self._sync_timer.stop()
        self.runner.close()
        if self.store is not None:
            self.store.close()
        if self._local_server is not None:
            self._local_server.stop()
        self.store, self._local_server = None, None

    def _last_store(self) -> Path | None:
        from graticule.first_store import own_folder

        tried = (Path(self.settings.last_store) if self.settings.last_store else None, own_folder())
        return next((path for path in tried if path is not None and (path / "labels.db").exists()), None)

    def _close(self) -> None:
        from PySide6.QtWidgets import QApplication

        self._put_away()
        log.info("closed")
        QApplication.quit()


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _clock_ms() -> int:
    return time.monotonic_ns() // 1_000_000
