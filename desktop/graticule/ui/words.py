"""The reader's language. English stands in the code; `resources/words/<language>.json` maps it to another one."""

import json
from typing import Any

from PySide6.QtCore import QLocale

from graticule.resources import resource

_catalogue: dict[str, str] = {}


def use_language(language: str) -> str:
    """Speak `language` ("de"), or this computer's when it is "". English where no catalogue exists; returns what is spoken."""
    _catalogue.clear()
    wanted = language or _of_this_computer()
    path = resource("words") / f"{wanted}.json"
    if wanted == "en" or not path.is_file():
        return "en"
    _catalogue.update(json.loads(path.read_text(encoding="utf-8")))
    return wanted


def tr(text: str, **values: Any) -> str:
    """The words for an English text; `{name}` in it is replaced by the value of that name.

    >>> tr("{done} of {total} done", done=3, total=12)
    '3 of 12 done'
    """
    words = _catalogue.get(text, text)
    return words.format(**values) if values else words


def trn(count: int, one: str, many: str, **values: Any) -> str:
    """`one` for a count of 1, else `many`; `{n}` in them is the count."""
    return tr(one if count == 1 else many, n=count, **values)


def _of_this_computer() -> str:
    """Two letters, as the system's own settings name it first."""
    return QLocale.system().uiLanguages()[0].replace("_", "-").split("-")[0].lower()
