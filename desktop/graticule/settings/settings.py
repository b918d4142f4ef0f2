"""What a reader may set. One frozen object; each field carries its default, label and help."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any


def setting(default: Any, label: str, help: str = "", *, choices: tuple[str, ...] | Mapping[str, str] = (),
            least: int = 0, most: int = 0, hidden: bool = False) -> Any:
    """A field of Settings. `choices`: the values a text may have, with their words; least, most: of a number.

    `hidden`: kept by the program, not shown in the dialog.
    """
    return field(default=default, metadata={"label": label, "help": help, "choices": choices, "least": least, "most": most,
                                            "hidden": hidden})


@dataclass(frozen=True, slots=True)
class Settings:
    language: str = setting("", "Language", "Takes effect at the next start. Empty: the language of this computer.",
                            choices=("", "en", "de"))
    text_percent: int = setting(100, "Text size (%)", "100 is the designed size; takes effect at the next start.",
                                least=75, most=200)
    theme: str = setting("dark", "Colours", "High contrast takes effect at the next start.",
                         choices={"dark": "Dark room", "high-contrast": "High contrast"})
    segment_palette: str = setting("okabe-ito", "Colours of segments", "All are told apart with the common colour-blindnesses. "
                                   "For new segments; takes effect at the next start.",
                                   choices={"okabe-ito": "Okabe–Ito", "tol-bright": "Tol, bright", "tol-muted": "Tol, muted"})
    segment_patterns: bool = setting(False, "Stripes in segments",
                                     "A second cue beside the colour; takes effect with the next case.")
    touch: bool = setting(False, "Large buttons for fingers", "Controls of 40 pixels; takes effect at the next start.")
    pen_pressure: bool = setting(False, "Pen pressure changes the brush", "The set radius is reached with full pressure.")
    sync_by_itself: bool = setting(True, "Send by itself", "After finishing and signing, and from time to time while you work.")
    # Set up beside the assistant tool, which says what leaves the computer; "": none, and nothing ever goes out.
    assistant: str = setting("", "Assistant", hidden=True)
    assistant_address: str = setting("", "Address of the assistant", hidden=True)
    assistant_ca_file: str = setting("", "Root certificate of the assistant", hidden=True)
    last_store: str = setting("", "Last store", hidden=True)
    stores: tuple[str, ...] = setting((), "Stores opened here", hidden=True)


def problems(values: dict[str, Any]) -> list[str]:
    """What of a loaded file cannot be used, in words; unknown names are kept silent, a newer version wrote them."""
    found = []
    for item in fields(Settings):
        if item.name in values and not fits(item.name, values[item.name]):
            found.append(f"“{item.metadata['label']}” has a value that cannot be used.")
    return found


def fits(name: str, value: Any) -> bool:
    """Whether `value` may stand in the field: of the default's type, and among its choices when it has some."""
    item = next(item for item in fields(Settings) if item.name == name)
    choices, least, most = (item.metadata[name] for name in ("choices", "least", "most"))
    if isinstance(item.default, tuple):
        return isinstance(value, tuple | list) and all(isinstance(one, str) for one in value)
    within = not most or (type(value) is int and least <= value <= most)
    return type(value) is type(item.default) and (not choices or value in choices) and within
