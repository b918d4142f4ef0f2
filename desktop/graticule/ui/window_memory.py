"""Where the window stood, its columns and what is folded up in them, kept in a small file. A bad one is forgotten."""

import base64
import json
import os
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow

from graticule.ui.section import Folds

VERSION = 1


class WindowMemory:
    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.folds = Folds()

    def restore(self, window: QMainWindow) -> bool:
        """Put the window where it was; whether worklist was narrow."""
        kept = self._load()
        self.folds.restore(kept.get("folds"))
        for name, put in (("geometry", window.restoreGeometry), ("columns", lambda state: window.restoreState(state, VERSION))):
            if isinstance(kept.get(name), str):
                put(QByteArray.fromBase64(kept[name].encode()))
        return bool(kept.get("strip", False))

    def keep(self, window: QMainWindow, strip: bool) -> None:
        kept = {"geometry": _text(window.saveGeometry()), "columns": _text(window.saveState(VERSION)), "strip": strip,
                "folds": self.folds.open}
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self._path.with_suffix(".new")
            fresh.write_text(json.dumps(kept), encoding="utf-8")
            os.replace(fresh, self._path)
        except OSError:
            return  # losing the width of a column is no reason to trouble anybody

    def _load(self) -> dict[str, object]:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8")) if self._path else {}
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}


def _text(data: QByteArray) -> str:
    return base64.b64encode(data.data()).decode()
