"""What mouse, pen and finger do in a viewport: a stroke becomes an act, by the bindings in force."""

from PySide6.QtCore import Qt

from graticule.presenters.hand import Hand
from graticule.ui.keys import BOUND
from graticule.ui.words import tr

_BUTTONS = {Qt.MouseButton.LeftButton: "left", Qt.MouseButton.MiddleButton: "middle", Qt.MouseButton.RightButton: "right"}
_HELD = ((Qt.KeyboardModifier.ControlModifier, "ctrl+"), (Qt.KeyboardModifier.ShiftModifier, "shift+"),
         (Qt.KeyboardModifier.AltModifier, "alt+"))
LOOKS = "look"
SPOKEN = {"left": "Left", "middle": "Middle", "right": "Right", "wheel": "Wheel", "ctrl+wheel": "Ctrl+wheel"}
ACT_WORDS = {"window": "window", "pan": "pan", "zoom": "zoom", "scroll": "slices", "frames": "frames", "erase": "erase",
             "size": "brush size", "opacity": "opacity"}


def drag_of(button: Qt.MouseButton, modifiers: Qt.KeyboardModifier, hand: Hand) -> str:
    """The act of a drag: "tool", "pan", "zoom", "window", "scroll", "erase" or "".

    A marking tool keeps the left button under every preset: what paints must never scroll.
    """
    name = _BUTTONS.get(button)
    if name is None:
        return ""
    act = BOUND.now.gesture(_stroke(modifiers, name))
    if name == "left" and act not in ("", "tool") and hand.tool.group != LOOKS:
        return "tool"
    return _paintable(act, hand)


def touch_of(hand: Hand) -> str:
    act = BOUND.now.gesture("touch")
    return "tool" if hand.tool.group != LOOKS else _paintable(act, hand)


def wheel_of(modifiers: Qt.KeyboardModifier) -> str:
    return BOUND.now.gesture(_stroke(modifiers, "wheel"))


def _stroke(modifiers: Qt.KeyboardModifier, name: str) -> str:
    held = next((word for modifier, word in _HELD if modifiers & modifier and BOUND.now.bound(word + name)), "")
    return held + name


def _paintable(act: str, hand: Hand) -> str:
    """Erasing needs a brush in the hand; without one the button magnifies."""
    if act == "erase":
        return act if hasattr(hand.tool.options, "radius_mm") else "zoom"
    return "" if act == "none" else act


def spoken_strokes(hand: Hand, *, slices: str) -> str:
    """What mouse and wheel do now, for the status line. slices: what there is to scroll through ("" for nothing)."""
    wheel = wheel_of(Qt.KeyboardModifier.NoModifier)
    acts = {"left": drag_of(Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, hand), "wheel": wheel,
            "right": _paintable(BOUND.now.gesture("right"), hand), "middle": _paintable(BOUND.now.gesture("middle"), hand),
            "ctrl+wheel": wheel_of(Qt.KeyboardModifier.ControlModifier)}
    said = []
    for stroke, act in acts.items():
        if act == "scroll":
            act = slices or ("zoom" if "wheel" in stroke else "")
        word = hand.tool.title if act == "tool" else ACT_WORDS.get(act, "")
        if word and not (stroke == "ctrl+wheel" and act == acts["wheel"] == "zoom"):
            said.append(f"{tr(SPOKEN[stroke])}: {tr(word)}")
    return " · ".join(said)
