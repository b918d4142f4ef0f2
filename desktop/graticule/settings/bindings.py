"""Which key and which stroke of the mouse does what: a preset, and what the reader changed of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graticule.settings.actions import STROKES, Action, place_of

Keys = tuple[str, ...]


@dataclass(frozen=True)
class Preset:
    """A data file of resources/bindings. idle: the tools a fresh case lies in, the first that the case has."""

    name: str
    title: str
    keys: Mapping[str, Keys]
    gestures: Mapping[str, str]
    idle: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True)
class Bindings:
    """keys, gestures: only what differs from the preset. Frozen: every change makes another one.

    Keys are written as Qt's portable text ("Ctrl+Shift+Z", "PgUp", "["); strokes as "left", "ctrl+wheel", "touch".
    """

    preset: Preset
    keys: Mapping[str, Keys] = field(default_factory=dict)
    gestures: Mapping[str, str] = field(default_factory=dict)

    def keys_of(self, name: str) -> Keys:
        return self.keys.get(name, self.preset.keys.get(name, ()))

    def gesture(self, stroke: str) -> str:
        """What a stroke does; one held with a key that is not bound does what it does without ("" for nothing)."""
        bare = stroke.rpartition("+")[2]
        for wanted in (stroke, bare):
            found = self.gestures.get(wanted, self.preset.gestures.get(wanted, ""))
            if found:
                return found
        return ""

    def bound(self, stroke: str) -> bool:
        """Whether the stroke has a meaning of its own, so that the tool does not hear the held key."""
        return bool(self.gestures.get(stroke, self.preset.gestures.get(stroke, "")))

    def names_for(self, key: str, places: Sequence[str]) -> list[str]:
        """The actions on a key, those of the first place first."""
        found = [name for name in {**self.preset.keys, **self.keys} if key in self.keys_of(name)]
        return sorted((name for name in found if place_of(name) in places), key=lambda name: places.index(place_of(name)))

    def is_own(self, name: str) -> bool:
        """Whether the reader changed it."""
        return name in self.keys or name in self.gestures

    def rebound(self, name: str, keys: Iterable[str]) -> "Bindings":
        wanted = tuple(dict.fromkeys(keys))
        rest = {other: mine for other, mine in self.keys.items() if other != name}
        return replace(self, keys=rest if wanted == self.preset.keys.get(name, ()) else {**rest, name: wanted})

    def regestured(self, stroke: str, act: str) -> "Bindings":
        rest = {other: mine for other, mine in self.gestures.items() if other != stroke}
        return replace(self, gestures=rest if act == self.preset.gestures.get(stroke, "") else {**rest, stroke: act})

    def reset(self, name: str) -> "Bindings":
        """As the preset has it."""
        return replace(self, keys={k: v for k, v in self.keys.items() if k != name},
                       gestures={k: v for k, v in self.gestures.items() if k != name})

    def all_reset(self) -> "Bindings":
        return Bindings(self.preset)


@dataclass(frozen=True, slots=True)
class Clash:
    """Two actions on one key, where both would be heard."""

    key: str
    one: Action
    other: Action


def clashes_of(bindings: Bindings, action: Action, key: str, actions: Iterable[Action]) -> list[Clash]:
    """What else the key does where `action` is heard."""
    return [Clash(key, action, other) for other in actions
            if other.name != action.name and other.heard_in & action.heard_in and key in bindings.keys_of(other.name)]


def all_clashes(bindings: Bindings, actions: Sequence[Action]) -> list[Clash]:
    """Every pair once."""
    found = [clash for at, action in enumerate(actions) for key in bindings.keys_of(action.name)
             for clash in clashes_of(bindings, action, key, actions[at + 1:])]
    return found


def taken(bindings: Bindings, action: Action, key: str, actions: Iterable[Action]) -> Bindings:
    """The key given to `action` and taken from whatever it clashes with."""
    for clash in clashes_of(bindings, action, key, actions):
        bindings = bindings.rebound(clash.other.name, (k for k in bindings.keys_of(clash.other.name) if k != key))
    return bindings.rebound(action.name, (*bindings.keys_of(action.name), key))


def is_stroke(stroke: str, act: str) -> bool:
    return stroke in STROKES and (act == "" or act in STROKES[stroke])
