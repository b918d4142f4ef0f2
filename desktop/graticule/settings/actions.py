"""Everything a key can do, declared once. The part of a name before the dot says where the action lives.

Which keys do it by default stands in resources/bindings; the words here are the ones of cheat sheet, menus and key editor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

# Where keys are heard. A key may do one thing in each of these; actions of the window are heard in all but the form's.
VIEWS = ("volume", "picture", "ecg")
HEARD_IN: Mapping[str, frozenset[str]] = MappingProxyType({
    "window": frozenset(VIEWS), "image": frozenset(("volume", "picture")), "volume": frozenset(("volume",)),
    "picture": frozenset(("picture",)), "ecg": frozenset(("ecg",)), "form": frozenset(("form",)),
    "tiles": frozenset(("tiles",)), "3d": frozenset(("3d",)), "holter": frozenset(("holter",)), "tool": frozenset(VIEWS)})


@dataclass(frozen=True, slots=True)
class Action:
    """heard_in: the views whose keys may do it. held: it lasts while the key is down."""

    name: str
    words: str
    group: str
    heard_in: frozenset[str]
    held: bool = False

    @property
    def place(self) -> str:
        return place_of(self.name)


def place_of(name: str) -> str:
    return name.partition(".")[0]


def _of(place: str, group: str, *rows: tuple[str, str], held: tuple[str, ...] = ()) -> list[Action]:
    return [Action(f"{place}.{name}", words, group, HEARD_IN[place], name in held) for name, words in rows]


ACTIONS: tuple[Action, ...] = (
    *_of("window", "Case", ("next-case", "Next undone case"), ("previous-case", "Previous undone case"),
         ("finish", "Finish and open the next"), ("sign", "Sign and lock…"), ("undo", "Undo"), ("redo", "Redo"),
         ("history", "History"), ("lesions", "All lesions of this patient…")),
    *_of("window", "Window", ("search", "Search the worklist"), ("worklist", "Worklist narrow or wide"),
         ("float-answers", "Float the answers, or bring them back"), ("next-column", "Go to the next column"),
         ("previous-column", "Go to the previous column"), ("full-screen", "Full screen"), ("keys", "Keys"),
         ("bindings", "Keys and mouse…"), ("settings", "Settings…")),
    *_of("window", "Files and server", ("import-files", "Import files…"), ("import-folder", "Import a folder…"),
         ("from-archive", "From the archive (PACS)…"), ("to-archive", "Send to the archive…"),
         ("export-labels", "Export the labels…"),
         ("read-another-way", "Read these files another way…"),
         ("edit-form", "Edit a form…"), ("send", "Send now"), ("server", "Server…"), ("verify", "Verify this store"),
         ("pull-plug", "Pull the plug"), ("switch-reader", "Switch reader…"), ("quit", "Lock and quit"),
         ("about", "About Graticule")),
    *_of("image", "Slices and frames", ("previous", "Previous slice or frame"), ("next", "Next slice or frame"),
         ("back-ten", "Ten back"), ("on-ten", "Ten on"), ("first", "First"), ("last", "Last"), ("play", "Play or pause"),
         ("tiles", "Tiles")),
    *_of("image", "Window presets", *((f"preset-{n}", f"Window preset {n}") for n in range(1, 10)),
         ("reset-window", "Reset the window"), ("narrower", "Narrower window"), ("wider", "Wider window"),
         ("brighter", "Brighter"), ("darker", "Darker"), ("histogram", "Histogram")),
    *_of("image", "How the image lies", ("zoom-in", "Magnify"), ("zoom-out", "Reduce"), ("fit", "Fit to the view"),
         ("true-size", "True size"), ("hand", "Pan while held; tapped: the last two tools"), ("pan-left", "Pan left"),
         ("pan-right", "Pan right"), ("pan-up", "Pan up"), ("pan-down", "Pan down"), ("invert", "Invert"),
         ("turn-right", "Turn right"), ("turn-left", "Turn left"), ("flip", "Flip left and right"),
         ("flip-up", "Flip top and bottom"), ("glass", "Magnifying glass while held"), ("reset", "As the image came"),
         ("sheet", "What this image is"), held=("hand", "glass")),
    *_of("picture", "How the image lies", ("actual-size", "Every pixel (1:1)")),
    *_of("image", "Views", ("next-view", "Next view"), ("previous-view", "Previous view"), ("maximise", "Maximise a view"),
         ("layout", "Choose a layout"), ("next-stage", "Next stage of the hanging"),
         ("previous-stage", "Previous stage of the hanging"), ("menu", "Menu of the view")),
    *_of("volume", "Views", ("four-views", "Four views or one"), ("straighten", "Planes straight again"),
         ("blink", "Another series in its place, by turns")),
    *_of("image", "Marks", ("undo", "Undo"), ("redo", "Redo"), ("cancel", "Give up what was begun"),
         ("finish-mark", "Close a polygon"), ("take-back", "Remove the last point"),
         ("edge-aware", "Brush stops at edges, or not"),
         ("delete", "Delete the mark under the pointer"), ("larger", "Larger brush"),
         ("smaller", "Smaller brush")),
    *_of("image", "Segments", ("copy", "Copy the segment"), ("paste", "Paste it here"),
         ("paste-next", "Paste it into the next slice")),
    *_of("volume", "Segments", ("previous-segment", "Previous segment"), ("next-segment", "Next segment"),
         ("outline", "Outline or fill"), ("authors", "Colour voxels by who made them"), ("peek", "Hide segments while held"),
         ("fill-all", "Fill all slices between drawn ones"), held=("peek",)),
    *_of("picture", "Segments", ("previous-segment", "Previous segment"), ("next-segment", "Next segment"),
         ("outline", "Outline or fill"), ("peek", "Hide segments while held"), held=("peek",)),
    *_of("volume", "Phases", ("previous-phase", "Previous phase"), ("next-phase", "Next phase")),
    *_of("volume", "Series laid over", *((f"{act}-{way}", f"{words} {way}") for act, words in
         (("move", "Move the series above"), ("nudge", "Move it finely"), ("tilt", "Turn the series above"))
         for way in ("left", "right", "up", "down"))),
    *_of("ecg", "Strip", ("previous-page", "Back"), ("next-page", "On"), ("start", "Start"), ("end", "End"), ("up", "Up"),
         ("down", "Down"), ("standard", "Standard sheet"), ("zoom-in", "Magnify"), ("zoom-out", "Reduce"),
         ("raw", "Raw signal, or the display filter again"), ("true-size", "True size"),
         ("rate-ruler", "Heart-rate ruler")),
    *_of("ecg", "Episodes", ("previous-episode", "Previous episode"), ("next-episode", "Next episode"),
         ("code", "Another code for the episode"), ("delete", "Delete the episode"), ("march", "Calipers march"),
         ("cancel", "Give up what was begun"), ("split", "Split the episode at the cursor"),
         ("merge", "Join the episode with the next"), ("until-change", "The same until the next change"),
         ("start-here", "The episode begins at the cursor"), ("end-here", "The episode ends at the cursor"),
         *((f"favourite-{n}", f"Favourite code {n}") for n in range(1, 10))),
    *_of("ecg", "Cursor on the strip", ("caret-left", "Cursor a beat back"), ("caret-right", "Cursor a beat on"),
         ("extend-left", "Draw a stretch back"), ("extend-right", "Draw a stretch on"), ("take-shown", "Take all that is shown"),
         ("take-gap", "Take what has no rhythm yet"), ("snap", "Stop at R peaks, or everywhere")),
    *_of("ecg", "Beats and marks", ("name-beats", "Letters name beats"), ("previous-beat", "Previous beat"),
         ("next-beat", "Next beat"), ("mark-p", "P wave at the cursor"), ("mark-qrs", "QRS at the cursor"),
         ("unmark", "Remove the nearest mark"), ("conducts", "The P wave conducts, or is blocked")),
    *_of("ecg", "Comparison", ("previous-difference", "Previous strip of the chosen cell"),
         ("next-difference", "Next strip of the chosen cell")),
    *_of("ecg", "Holter", ("holter", "Show or hide the Holter views")),
    *_of("holter", "Holter", ("class-n", "Chosen beats: normal"), ("class-s", "Chosen beats: supraventricular"),
         ("class-v", "Chosen beats: ventricular"), ("class-f", "Chosen beats: fusion"), ("class-paced", "Chosen beats: paced"),
         ("class-q", "Chosen beats: unclassifiable"), ("accept-beats", "Accept the chosen drafts"),
         ("delete-beats", "Strike the chosen beats out"), ("confirm", "Do the change that is shown"), ("none", "Choose no beat"),
         ("accept", "The event is so; next"), ("refuse", "The event is not so; next"),
         ("correct", "The event was tagged otherwise; next"), ("next", "Next event"), ("previous", "Previous event")),
    *_of("form", "Questions", ("draw", "Draw what the answer marks"), ("look", "Look at what was marked"),
         ("others-absent", "The other findings are absent"), ("not-assessable", "Not assessable"), ("less-sure", "Less sure"),
         ("surer", "Surer"), ("next", "Next question"), ("previous", "Previous question")),
    *_of("tiles", "Tiles", ("close", "Back to the image"), ("up", "A tile back"), ("down", "A tile on"),
         ("page-up", "A page back"), ("page-down", "A page on"), ("larger", "Larger tiles"), ("smaller", "Smaller tiles")),
    *_of("3d", "3D view", ("left", "Turn left"), ("right", "Turn right"), ("up", "Tilt back"), ("down", "Tilt forward"),
         ("zoom-in", "Magnify"), ("zoom-out", "Reduce")))

# What a drag and a wheel can do, by where; the first word is the stored one.
DRAGS: Mapping[str, str] = MappingProxyType({
    "tool": "Tool in the hand", "window": "Window", "pan": "Pan", "zoom": "Zoom", "scroll": "Slices",
    "erase": "Erase while painting", "none": "Nothing"})
WHEELS: Mapping[str, str] = MappingProxyType({
    "scroll": "Slices", "zoom": "Zoom", "size": "Brush size or slab", "opacity": "Opacity of segments", "window": "Window width",
    "none": "Nothing"})
MODIFIERS = ("", "ctrl+", "shift+", "alt+")
DRAG_STROKES = tuple(f"{held}{button}" for button in ("left", "middle", "right") for held in MODIFIERS)
WHEEL_STROKES = tuple(f"{held}wheel" for held in MODIFIERS)
TOUCH_STROKES = ("touch",)
STROKES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {**dict.fromkeys((*DRAG_STROKES, *TOUCH_STROKES), DRAGS), **dict.fromkeys(WHEEL_STROKES, WHEELS)})
