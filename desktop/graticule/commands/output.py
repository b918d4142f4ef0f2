"""How a command speaks: rows on stdout as JSON lines or as text, faults as one sentence on stderr."""

import json
import sys
from collections.abc import Mapping
from typing import Any


class Output:
    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def row(self, row: Mapping[str, Any], text: str = "") -> None:
        """One object. `text` is what a person reads instead; without it the fields are listed."""
        if self.as_json:
            line = json.dumps(row, ensure_ascii=False)
        else:
            line = text or "  ".join(f"{name}: {_plain(value)}" for name, value in row.items() if value not in (None, "", [], {}))
        # Names of files on Linux need not be text: what cannot be printed is escaped, as JSON does it.
        print(line.encode("utf-8", "backslashreplace").decode("utf-8"), flush=True)

    def fault(self, sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    def warn(self, sentence: str) -> None:
        print(sentence, file=sys.stderr, flush=True)

    def progress(self) -> "TerminalProgress":
        return TerminalProgress()


class TerminalProgress:
    """Progress on one line of a terminal; silent on a pipe."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()

    def step(self, done: int, total: int, text: str = "") -> None:
        if self._shown:
            of = f" of {total}" if total else ""
            print(f"\r\033[K{text} {done}{of}", end="" if done != total else "\n", file=sys.stderr, flush=True)


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (list, dict, tuple)) else str(value)
