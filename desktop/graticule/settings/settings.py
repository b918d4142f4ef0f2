"""What a reader may set. One frozen object; each field carries its default, label and help."""

from dataclasses import dataclass, field, fields
from typing import Any


def setting(default: Any, label: str, help: str = "", *, choices: tuple[str, ...] = (), hidden: bool = False) -> Any:
    """A field of Settings. `choices`: the values a text may have. `hidden`: kept by the program, not shown in the dialog."""
    return field(default=default, metadata={"label": label, "help": help, "choices": choices, "hidden": hidden})


@dataclass(frozen=True, slots=True)
class Settings:
    language: str = setting("", "Language", "Takes effect at the next start. Empty: the language of this computer.",
                            choices=("", "en", "de"))
    text_percent: int = setting(100, "Text size (%)", "100 is the designed size; takes effect at the next start.")
    sync_by_itself: bool = setting(True, "Send by itself", "After finishing and signing, and from time to time while you work.")
    last_store: str = setting("", "Last store", hidden=True)


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
    choices = item.metadata["choices"]
    return type(value) is type(item.default) and (not choices or value in choices)
