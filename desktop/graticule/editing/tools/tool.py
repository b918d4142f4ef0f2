"""What a tool is: a small state machine on patient millimetres, image pixels or record seconds. It holds no widget."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from graticule.domain.case import Kind
from graticule.domain.codes import Ontology
from graticule.domain.elements import Region
from graticule.domain.geometry import Floats
from graticule.domain.picture import Picture
from graticule.domain.recording import Recording
from graticule.domain.volume import Volume, Window
from graticule.editing.assisting import Assisting
from graticule.editing.canvas import Canvas, canvas_of
from graticule.editing.marking import Marking
from graticule.editing.paint_rules import PaintRules
from graticule.editing.proposal import Proposals
from graticule.editing.thinking import AtOnce, Thinking
from graticule.editing.workspace import Workspace


@dataclass(frozen=True, eq=False)
class Plane:
    """The plane a gesture happens in: unit vectors to the right and down on screen, the normal, and mm per screen pixel.

    frame_of_reference: of the series under the hand, "" when it has none: points of two frames lie nowhere to each other.
    slab_mm: what is seen comes from so thick a slab round the plane; 0 for the plane itself.
    across: of a series beside the case, how its points are known in the case's space; "" in the case itself.
    """

    name: str
    right: Floats
    down: Floats
    normal: Floats
    mm_per_pixel: float
    frame_of_reference: str = ""
    slab_mm: float = 0.0
    across: str = ""


@dataclass(frozen=True, eq=False)
class Pointer:
    """Where the hand is.

    at: (x, y, z) LPS mm in a volume; (column, row) pixels in a picture, and the frame's number after the first frame of a
    loop; (seconds, millivolts) on an ECG.
    plane: only in a volume; painting tools have one in a picture too, where their `at` is (x, y, z) on the canvas
    (`on_canvas.py`).
    lead: the lead under the pointer, only on an ECG; track: the label band under it, "" elsewhere.
    reach: how near counts as on it, in the units of `at` (so that a handle is as easy to hold at every zoom).
    on_screen: the position in the view, in pixels, for tools that change how we look.
    """

    at: tuple[float, ...]
    plane: Plane | None = None
    lead: str = ""
    control: bool = False
    shift: bool = False
    alt: bool = False
    pressure: float = 1.0
    track: str = ""
    reach: tuple[float, ...] = (0.0, 0.0)
    on_screen: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, eq=False)
class Outline:
    """A tool's preview, drawn by the view: points in the pointer's space; `radius` > 0 makes each point a circle of that size.

    label stands beside the last point ("28.4 mm"), in several lines where it has line breaks.
    style: "cursor", "mark", "guide" (dashed), "faint" (a mark of a neighbouring slice), "chosen", "foreign" (read from a file),
    "handle" (each point a small square), "dot" (each point a small cross), "arrow" (a head at the first point), "text", or
    "sign" (only the label, off the hand: what a press would do).
    """

    points: tuple[tuple[float, ...], ...]
    closed: bool = False
    radius: float = 0.0
    label: str = ""
    style: str = "mark"


class View(Protocol):
    """What a tool may ask of the view under the hand: how it looks, never what is labelled. Sizes in screen pixels."""

    def pan(self, right_px: float, down_px: float) -> None: ...

    def zoom(self, factor: float, at_px: tuple[float, float]) -> None:
        """Magnify; what lies at `at_px` stays there."""
        ...

    def change_window(self, right_px: float, down_px: float) -> None:
        """Widen the window to the right, raise its level downwards."""
        ...

    def look_at(self, at: tuple[float, ...]) -> None:
        """Bring every linked view to this point."""
        ...

    def set_window(self, window: Window) -> None:
        """Show the values by this window."""
        ...

    def scroll(self, steps: int) -> None:
        """So many slices or frames onward; stops at the ends."""
        ...

    def pixels_per_unit(self) -> float:
        """Screen pixels per unit of `Pointer.at`: mm in a volume, columns in a picture."""
        ...


@dataclass(eq=False)
class Bench:
    """What a tool works with: the workspace, what is shown, and the choices that stand beside the tool.

    view: the view under the hand; None where nothing can be moved. marking: the answer that asked for a region to be drawn.
    paint: where every tool may paint. thinking: runs what takes longer than a moment. proposals: the preview that waits for
    Enter or Esc. assistant: a program on another computer that proposes, if one is at hand. prompts: the measurements in sight
    that a tool may start from, the chosen one first.
    """

    workspace: Workspace
    content: Volume | Picture | Recording
    ontology: Ontology
    new_id: Callable[[], str]
    active_segment: str | None = None
    active_code: str | None = None
    view: View | None = None
    marking: Marking | None = None
    paint: PaintRules = field(default_factory=PaintRules)
    thinking: Thinking = field(default_factory=AtOnce)
    assistant: Assisting | None = None
    prompts: Callable[[], list[Region]] = list

    def __post_init__(self) -> None:
        self.proposals = Proposals(self.workspace, self.workspace.bus, lambda: self.paint)

    @property
    def canvas(self) -> Canvas:
        """What can be painted on; GraticuleError where nothing can."""
        return canvas_of(self.content)


@dataclass(frozen=True, slots=True)
class ToolChanged:
    """The tool in the hand draws something else, or (`options`) its options are others, though neither hand nor form asked."""

    case_id: str
    options: bool = False


@dataclass(frozen=True, slots=True)
class ToolAct:
    """A button below a tool's options: `name` goes to the tool's `act`."""

    name: str
    title: str


class Tool(Protocol):
    """One file each. `options` is a frozen dataclass whose field metadata ("label", "low", "high", "unit") draws the form.

    A tool may also have, and the hand then calls:
    finish(bench): Enter, when no proposal waits. wheel(bench, steps) -> bool: the plain wheel; True when the tool took it.
    acts: tuple[ToolAct, ...] and act(bench, name): buttons below the options. changed(bench): an option is another now.
    taken(bench): it has come into the hand.
    put_away(bench): another tool is taken, or the case is left. labels_changed(bench): an act or undo changed the labels.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    key: ClassVar[str]
    group: ClassVar[str]
    kinds: ClassVar[tuple[Kind, ...]]
    hint: ClassVar[str]
    options: Any

    def press(self, bench: Bench, pointer: Pointer) -> None: ...

    def drag(self, bench: Bench, pointer: Pointer) -> None: ...

    def release(self, bench: Bench, pointer: Pointer) -> None: ...

    def hover(self, bench: Bench, pointer: Pointer | None) -> None: ...

    def cancel(self, bench: Bench) -> None: ...

    def preview(self) -> tuple[Outline, ...]: ...
