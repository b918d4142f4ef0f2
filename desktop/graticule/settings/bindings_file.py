"""Presets from resources/bindings, and the reader's own keys on disk. A bad file is reported and never stops the start."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.settings.actions import ACTIONS
from graticule.settings.bindings import Bindings, Keys, Preset, is_stroke

FORMAT, VERSION, LARGEST_BYTES = "graticule-bindings", 1, 200_000
KEY = re.compile(r"(Ctrl\+)?(Alt\+)?(Shift\+)?(Meta\+)?([^\s+]|\+|[A-Z][A-Za-z0-9]{0,14})")

UNREADABLE = "The file with your keys cannot be read; the preset is used."
OTHER_PRESET = "The keys were made for a preset that is not here; another one is used."
UNUSABLE = "Some of your keys cannot be used; the preset is used for those."
NOT_OURS = "This file holds no keys for Graticule."
COMPLAINTS = (UNREADABLE, OTHER_PRESET, UNUSABLE, NOT_OURS)


def presets_from(documents: Iterable[Mapping[str, Any]]) -> dict[str, Preset]:
    """documents: the files of resources/bindings; one that is based on another states only what differs."""
    raw = {str(document["name"]): document for document in documents}
    return {name: _preset(raw, name) for name in sorted(raw, key=lambda name: int(raw[name].get("order", 99)))}


def _preset(raw: Mapping[str, Mapping[str, Any]], name: str) -> Preset:
    document = raw[name]
    below = _preset(raw, str(document["based_on"])) if "based_on" in document else None
    keys = {action: tuple(keys) for action, keys in document.get("keys", {}).items()}
    return Preset(name, str(document["title"]), {**(below.keys if below else {}), **keys},
                  {**(below.gestures if below else {}), **document.get("gestures", {})},
                  tuple(document.get("idle", below.idle if below else ())), str(document.get("about", "")))


def load_bindings(path: Path, presets: Mapping[str, Preset]) -> tuple[Bindings, list[str]]:
    """The reader's bindings and, in words, what of the file could not be used."""
    try:
        return read_bindings(path, presets)
    except FileNotFoundError:
        return Bindings(first_of(presets)), []
    except (GraticuleError, OSError):
        return Bindings(first_of(presets)), [UNREADABLE]


def read_bindings(path: Path, presets: Mapping[str, Preset]) -> tuple[Bindings, list[str]]:
    """A file that somebody chose: GraticuleError when it is none of ours, OSError when it cannot be read."""
    if path.stat().st_size > LARGEST_BYTES:
        raise GraticuleError(NOT_OURS)
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as fault:
        raise GraticuleError(NOT_OURS) from fault
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise GraticuleError(NOT_OURS)
    complaints = []
    preset = presets.get(str(document.get("preset")))
    if preset is None:
        complaints.append(OTHER_PRESET)
    keys, bad_keys = _keys(document.get("keys", {}))
    gestures, bad_strokes = _gestures(document.get("gestures", {}))
    if bad_keys or bad_strokes:
        complaints.append(UNUSABLE)
    return Bindings(preset or first_of(presets), keys, gestures), complaints


def save_bindings(path: Path, bindings: Bindings) -> None:
    """Write all at once: a reader of the file sees the old or the new one, never half."""
    document = {"format": FORMAT, "version": VERSION, "preset": bindings.preset.name,
                "keys": {name: list(keys) for name, keys in sorted(bindings.keys.items())},
                "gestures": dict(sorted(bindings.gestures.items()))}
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(fresh, path)


def first_of(presets: Mapping[str, Preset]) -> Preset:
    return next(iter(presets.values()))


def _keys(found: Any) -> tuple[dict[str, Keys], bool]:
    pairs = found.items() if isinstance(found, dict) else ()
    known = {action.name for action in ACTIONS}
    good = {name: tuple(keys) for name, keys in pairs if (name in known or name.startswith("tool.")) and _are_keys(keys)}
    return good, len(good) != (len(found) if isinstance(found, dict) else -1)


def _are_keys(keys: Any) -> bool:
    return isinstance(keys, list) and len(keys) <= 4 and all(isinstance(key, str) and KEY.fullmatch(key) for key in keys)


def _gestures(found: Any) -> tuple[dict[str, str], bool]:
    pairs = found.items() if isinstance(found, dict) else ()
    good = {stroke: act for stroke, act in pairs if isinstance(act, str) and is_stroke(stroke, act)}
    return good, len(good) != (len(found) if isinstance(found, dict) else -1)
