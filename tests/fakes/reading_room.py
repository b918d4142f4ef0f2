"""The real window over a real store with pictures of its own, read by real key events."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fakes.desk import PASSWORD, FakeSync, hash_nothing
from graticule.desk_plugs import open_content
from graticule.domain.elements import Answer
from graticule.editing.events import Bus
from graticule.formats.door import scan
from graticule.jobs import InlineRunner, Runner
from graticule.presenters.desk import Desk
from graticule.presenters.furniture import Furniture
from graticule.presenters.session import Session
from graticule.presenters.signing import Signing
from graticule.presenters.sync_status import SyncStatus
from graticule.records.ids import new_id
from graticule.resources import load_ontology, read_json
from graticule.store.store import Store, create_store
from graticule.store.unlock import Unlock
from graticule.study.protocol import parse_protocol
from graticule.ui.main_window import MainWindow
from graticule.ui.window_memory import WindowMemory


def varied(source: Path, folder: Path, name: str, number: int) -> Path:
    """The picture with one grey value of its corner changed: the same for the eye, another file for the store."""
    pixels = np.array(Image.open(source))
    pixels[0, 0] = number
    path = folder / f"{name}_{number:02d}.png"
    Image.fromarray(pixels).save(path)
    return path


@dataclass
class ReadingRoom:
    """keys: what was pressed; seconds: how long each case took on this machine."""

    store: Store
    window: MainWindow
    desk: Desk
    seconds: list[float] = field(default_factory=list)
    keys: int = 0

    def press(self, text: str) -> None:
        """Letters and digits one after the other, to whatever has the focus."""
        for letter in text:
            QTest.keyClick(QApplication.focusWidget() or self.window, letter)
            QApplication.processEvents()
            self.keys += 1

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)
        QApplication.processEvents()
        self.keys += 1

    def read(self, keys: Sequence[str]) -> str:
        """One case: press, then Ctrl+Enter; the id of the case that was read."""
        assert self.desk.opened is not None
        case_id, began = self.desk.opened.case.id, time.perf_counter()
        for part in keys:
            if part == "\t":
                self.key(Qt.Key.Key_Tab)
            elif part == "\r":
                self.key(Qt.Key.Key_Return)
            elif part == ">":
                self.key(Qt.Key.Key_Right)
            else:
                self.press(part)
        self.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.seconds.append(time.perf_counter() - began)
        return case_id

    def stored(self, case_id: str) -> Mapping[str, Any]:
        """What the store itself holds, read back from its journal."""
        return {answer.id: answer for answer in self.store.labels.open(case_id, None).labels.of(Answer)}


@contextmanager
def reading_room(place: Path, files: Sequence[Path], form: str | Mapping[str, Any], runner: Runner | None = None,
                 size: tuple[int, int] = (1280, 800)) -> Iterator[ReadingRoom]:
    """form: the name of one of resources/protocols/forms, or a protocol itself."""
    store = create_store(place / "store", "Reader", Unlock.key_file(), password=PASSWORD)
    document = read_json("protocols", "forms", f"{form}.json") if isinstance(form, str) else form
    store.protocols.put(document)
    for outcome in scan(list(files)):
        if outcome.case is not None:
            store.cases.add(outcome.case)
    protocol, bus, ticks = parse_protocol(document), Bus(), count(0, 250)
    desk = Desk(
        Furniture(
            store.cases,
            store.labels,
            store.view_state,
            store.looks,
            open_content,
            hash_nothing,
            runner or InlineRunner(),
            bus,
            protocol,
            load_ontology(*protocol.ontology),
            new_id,
            lambda: "2026-03-01T09:00:00+00:00",
            lambda: next(ticks),
        )
    )
    session = Session(
        desk,
        Signing(store.labels, desk.worklist, "Reader"),
        SyncStatus(FakeSync(), desk.runner, bus),
        lambda paths, progress: [],
        lambda progress: [],
        desk.runner,
        "p",
        PASSWORD,
    )
    window = MainWindow(WindowMemory(None))
    try:
        window.resize(*size)
        window.show()
        window.furnish(session)
        yield ReadingRoom(store, window, desk)
    finally:
        window.close()
        store.close()
