"""The settings on disk: a small JSON file. A bad one is reported and never stops the start."""

import json
import os
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from graticule.settings.settings import Settings, fits, problems


def load_settings(path: Path) -> tuple[Settings, list[str]]:
    """The settings and, in words, what of the file could not be used (those fields keep their defaults)."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), []
    except (OSError, ValueError):
        return Settings(), ["The settings file cannot be read; the defaults are used."]
    if not isinstance(values, dict):
        return Settings(), ["The settings file cannot be read; the defaults are used."]
    known = {item.name for item in fields(Settings)}
    good: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value
                            for name, value in values.items() if name in known and fits(name, value)}
    return Settings(**good), problems(values)


def save_settings(path: Path, settings: Settings) -> None:
    """Write all at once: a reader of the file sees the old or the new one, never half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(asdict(settings), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(fresh, path)
