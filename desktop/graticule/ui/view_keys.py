"""The rows of the cheat sheet: every key and stroke that does something in a view now, by group, with the reader's own marked."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graticule.presenters.actions import by_group, heard_on, with_keys
from graticule.settings.actions import DRAG_STROKES, DRAGS, TOUCH_STROKES, WHEEL_STROKES, WHEELS
from graticule.settings.bindings import Bindings
from graticule.ui.keys import shown, shown_keys
from graticule.ui.words import tr

# What cannot be bound to something else, by view.
FIXED: Mapping[str, tuple[tuple[str, str], ...]] = MappingProxyType({
    "volume": (("Shift+move", "All views follow the pointer"), ("Ctrl", "Erase while painting"),
               ("Alt", "Surroundings, while seeding"),
               ("Double click", "Maximise a view"), ("Right click", "Menu of the view"), ("Two fingers", "Pan and zoom"),
               ("Finger rests", "Menu of the view"), ("Pen turned round", "Erase")),
    "picture": (("Double click", "Fit to the view"), ("Right click", "Menu of the view"), ("Two fingers", "Pan and zoom"),
                ("Finger rests", "Menu of the view")),
    "ecg": (("Wheel", "Turn the page or scroll"), ("Ctrl+wheel", "Zoom"), ("Shift+wheel", "Up and down"), ("Middle drag", "Pan"),
            ("Letter", "Code of the episode in hand"), ("Alt+letter", "That code at once")),
    "form": (("1–9  A–Z", "The answer it stands before"), ("Enter  Tab", "Next question"),
             ("Alt+0", "Not assessable, in a number or text"))})
FAMILIES = ("Pan", "Move the series above", "Move it finely", "Turn the series above")  # one action to each side
MOUSE = "Mouse, wheel, touch"
FRAMES = "Frames of a loop, else zoom"  # what scrolling is over a picture
_HELD = {"ctrl": "Ctrl", "shift": "Shift", "alt": "Alt"}
_STROKES = {"left": "Left drag", "middle": "Middle drag", "right": "Right drag", "wheel": "Wheel", "touch": "Finger"}


@dataclass(frozen=True, slots=True)
class SheetRow:
    """own: the reader bound it himself; was: what the preset has."""

    keys: str
    words: str
    own: bool = False
    was: str = ""


def sheet(place: str, bindings: Bindings) -> dict[str, list[SheetRow]]:
    """place: "volume", "picture", "ecg", or "" while no case is open. Group → rows, in the reader's language."""
    actions = heard_on(place) if place else [action for action in heard_on("ecg") if action.place == "window"]
    groups = by_group(with_keys(actions, bindings))
    found: dict[str, list[SheetRow]] = {}
    mouse = [*(stroke_rows(bindings, place) if place in ("volume", "picture") else []), *_fixed(place)]
    if mouse:
        found[tr(MOUSE)] = mouse
    for group, members in groups.items():
        found[tr(group)] = [_row(action.name, tr(action.words), bindings) for action in members]
    if place:
        asked = [action for action in heard_on("form") if bindings.keys_of(action.name)]
        rows = [_row(action.name, tr(action.words), bindings) for action in asked]
        found[tr("Questions, while they have the focus ring")] = [*rows, *_fixed("form")]
    return {group: _presets_in_one(_ways_in_one(rows)) for group, rows in found.items()}


def stroke_rows(bindings: Bindings, place: str) -> list[SheetRow]:
    rows = []
    for stroke in (*DRAG_STROKES, *WHEEL_STROKES, *TOUCH_STROKES):
        act = bindings.gestures.get(stroke, bindings.preset.gestures.get(stroke, ""))
        if act:
            own = bindings.is_own(stroke)
            words = tr(FRAMES) if (act, place) == ("scroll", "picture") else act_words(stroke, act)
            rows.append(SheetRow(stroke_words(stroke), words, own,
                                 act_words(stroke, bindings.preset.gestures.get(stroke, "")) if own else ""))
    return rows


def stroke_words(stroke: str) -> str:
    held, _, bare = stroke.rpartition("+")
    return (f"{tr(_HELD[held])}+" if held else "") + tr(_STROKES[bare])


def act_words(stroke: str, act: str) -> str:
    words = (WHEELS if stroke.endswith("wheel") else DRAGS).get(act, "")
    return tr(words) if words else tr("as without the key held") if "+" in stroke else tr("Nothing")


def _row(name: str, words: str, bindings: Bindings) -> SheetRow:
    own = bindings.is_own(name)
    was = "  ".join(shown(key) for key in bindings.preset.keys.get(name, ())) if own else ""
    return SheetRow(shown_keys(name, bindings), words, own, was)


def _fixed(place: str) -> list[SheetRow]:
    return [SheetRow(tr(keys), tr(words)) for keys, words in FIXED.get(place, ())]


def _ways_in_one(rows: list[SheetRow]) -> list[SheetRow]:
    """Four actions on the four arrows take one line."""
    families = {tr(f"{words} left"): tr(words) for words in FAMILIES}
    kept, at = [], 0
    while at < len(rows):
        four = rows[at:at + 4]
        held = four[0].keys.removesuffix("←")
        if four[0].words in families and [row.keys for row in four] == [held + way for way in "←→↑↓"]:
            kept.append(SheetRow(held + tr("arrows"), families[four[0].words]))
            at += 4
        else:
            kept.append(rows[at])
            at += 1
    return kept


def _presets_in_one(rows: list[SheetRow]) -> list[SheetRow]:
    """The nine window presets on the digits take one line."""
    words = [tr(f"Window preset {n}") for n in range(1, 10)]
    digits = [row for row in rows if row.words in words]
    if [row.keys for row in digits] != [str(n) for n in range(1, 10)]:
        return rows
    return [SheetRow("1–9", tr("Window preset")), *(row for row in rows if row not in digits)]


def as_text(title: str, groups: dict[str, list[SheetRow]]) -> str:
    """For the clipboard: one line a key, with a tab between."""
    lines = [title]
    for group, rows in groups.items():
        lines += ["", group, *(f"{row.keys}\t{row.words}" for row in rows)]
    return "\n".join(lines) + "\n"


def as_html(title: str, groups: dict[str, list[SheetRow]]) -> str:
    """For the printer: two columns of tables, black on white."""
    from html import escape

    tables = [f"<h3>{escape(group)}</h3><table cellpadding='2'>" + "".join(
        f"<tr><td width='150'><b>{escape(row.keys)}</b></td><td>{escape(row.words)}{' *' if row.own else ''}</td></tr>"
        for row in rows) + "</table>" for group, rows in groups.items()]
    half, total = 0, sum(len(rows) + 2 for rows in groups.values())
    filled = 0
    for rows in groups.values():
        if filled * 2 >= total:
            break
        filled += len(rows) + 2
        half += 1
    return (f"<h2>{escape(title)}</h2><table width='100%'><tr><td valign='top' width='50%'>{''.join(tables[:half])}</td>"
            f"<td valign='top' width='50%'>{''.join(tables[half:])}</td></tr></table>")
