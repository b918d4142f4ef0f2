"""The keys and strokes that are in force, for every widget: what a key event means, and how a key is written for the reader."""

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence

from graticule.resources import resource
from graticule.settings.bindings import Bindings, Preset
from graticule.settings.bindings_file import first_of, presets_from
from graticule.ui.words import tr

Key, Modifier = Qt.Key, Qt.KeyboardModifier
_SAME = {Key.Key_Enter: Key.Key_Return, Key.Key_Backtab: Key.Key_Tab}
_ALONE = (Key.Key_Shift, Key.Key_Control, Key.Key_Alt, Key.Key_Meta, Key.Key_AltGr, Key.Key_unknown)
_HELD = ((Modifier.ControlModifier, "Ctrl+"), (Modifier.AltModifier, "Alt+"), (Modifier.ShiftModifier, "Shift+"),
         (Modifier.MetaModifier, "Meta+"))
_SIGNS = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓"}
_SPOKEN = ("Ctrl", "Shift", "Alt", "Space", "Enter", "Esc", "Del", "Backspace", "Home", "End", "PgUp", "PgDn", "Menu", "Tab",
           "arrows")
_CALLED = {"Return": "Enter", "PgDown": "PgDn"}  # as readers say it


class Bound(QObject):
    """One for the program; `changed` when other bindings came into force."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._now: Bindings | None = None

    @property
    def now(self) -> Bindings:
        if self._now is None:
            self._now = Bindings(first_of(presets()))
        return self._now

    def use(self, bindings: Bindings) -> None:
        self._now = bindings
        self.changed.emit()


@lru_cache(maxsize=1)
def presets() -> dict[str, Preset]:
    """Those of resources/bindings, in their order."""
    import json

    return presets_from(json.loads(path.read_text(encoding="utf-8")) for path in sorted(resource("bindings").glob("*.json")))


BOUND = Bound()


def key_of(event: QKeyEvent) -> str:
    """An event as portable text; "" for a modifier alone. Shift is left out where it only made the sign ("?", "+")."""
    key = Key(_SAME.get(Key(event.key()), event.key()))
    if key in _ALONE:
        return ""
    name = QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
    sign = len(name) == 1 and not name.isalnum()
    return "".join(word for modifier, word in _HELD if event.modifiers() & modifier
                   and not (sign and modifier is Modifier.ShiftModifier)) + name


def acts_of(event: QKeyEvent, *places: str) -> list[str]:
    """The names of the actions on this key in these places, those of the first place first."""
    key = key_of(event)
    return BOUND.now.names_for(key, places) if key else []


def is_on(event: QKeyEvent, name: str) -> bool:
    """Whether the event is a key of one action."""
    return key_of(event) in BOUND.now.keys_of(name)


def shown(key: str) -> str:
    """A key in the reader's language ("Strg+Z", "↑")."""
    held, _, last = key.rpartition("+") if key[-1:] != "+" else (key[:-1].rstrip("+"), "", "+")
    words = [part for part in held.split("+") if part] + [_CALLED.get(last, "–" if last == "-" else last)]
    return "+".join(_SIGNS.get(word) or (tr(word) if word in _SPOKEN else word) for word in words)


def shown_keys(name: str, bindings: Bindings | None = None, least: int = 0) -> str:
    """All keys of an action, "" when it has none. least: leave out those after so many (0: none)."""
    keys: Sequence[str] = (bindings or BOUND.now).keys_of(name)
    return "  ".join(shown(key) for key in (keys[:least] if least else keys))


def with_key(words: str, name: str) -> str:
    """A menu entry with its key at the right, as text only: the page hears the key itself."""
    key = shown_keys(name, least=1)
    return f"{words}\t{key}" if key else words


def tip(words: str, name: str) -> str:
    """A tooltip that ends with the key."""
    key = shown_keys(name, least=1)
    return f"{tr(words)} ({key})" if key else tr(words)


def letter(name: str) -> str:
    """The first key of an action of the form as it is typed, in small letters; "" when it has none."""
    keys = BOUND.now.keys_of(name)
    return keys[0].lower() if keys else ""
