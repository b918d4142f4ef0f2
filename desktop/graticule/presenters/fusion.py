"""A second series over the planes of the first, where both are known to lie in the same space."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats
from graticule.domain.volume import Volume, Window
from graticule.editing.tools.tool import Pointer
from graticule.imaging.colour_maps import HOT_IRON, NAMES, PERCEPTUAL
from graticule.imaging.orientation import Axes
from graticule.imaging.ties import Tie, TieKind
from graticule.presenters.image_view import Corners
from graticule.presenters.plane_view import Frame, PlaneView
from graticule.presenters.windows import presets_for, text_of, window_from, window_state


@dataclass(frozen=True, slots=True)
class FusionLook:
    """blend: 0 shows only the series below, 1 only the one above. colours: a map of `imaging.colour_maps`.

    fades: values at the bottom of the window are clear (PET: where nothing takes up tracer the CT is seen).
    checkered: the two series take turns in squares, to see whether edges go on from one into the other.
    """

    blend: float = 0.5
    colours: str = PERCEPTUAL
    window: Window = field(default_factory=lambda: Window(1.0, 0.5))
    fades: bool = False
    checkered: bool = False


@dataclass(frozen=True, slots=True)
class FusionChanged:
    """What lies over a series, or how, is another now."""

    case_id: str


class Fusion:
    """over: the series above, with the way to it from the series below. GraticuleError when there is no true way."""

    def __init__(self, over_id: str, name: str, over: Volume, tie: Tie | None) -> None:
        if tie is None or not tie.placed:
            raise GraticuleError("These two series cannot lie over each other: nothing says where one lies in the other.",
                                 "They have different frames of reference. Register them first.")
        self.over_id, self.name, self.over = over_id, name, over
        self.retie(tie)
        self.presets = presets_for(over.modality, over.unit, over.windows, _arrived(over), over.blank)
        self.look = FusionLook(0.5, *_first_look(over, self.presets))

    def retie(self, tie: Tie) -> None:
        """The way from below to above, now and when a registration is made or nudged."""
        self.registered = tie.kind is not TieKind.FRAME
        self.how = (tie.words or "Registered") if self.registered else ""
        # The series above as it lies in the space of the one below.
        self.grid = tie.placed_grid(self.over.grid)

    @property
    def unit(self) -> str:
        return self.over.unit or ""

    def value_at(self, at_mm: Floats) -> float | None:
        """Of the series above, at a place of the series below."""
        voxel = self.grid.voxel_at(at_mm)
        if voxel is None or not self.over.arrived[voxel[2]]:
            return None
        return float(self.over.voxels[voxel[::-1]])

    def caption(self) -> str:
        """"Over it: PT chest  W 10  L 5 SUV  50 %"."""
        how = " (registered)" if self.registered else ""
        window = text_of(self.look.window)
        unit = f" {self.unit}" if self.unit and self.unit not in window else ""
        return f"Over it: {self.name}{how}  {window}{unit}  {self.look.blend * 100:.0f} %"

    def read_out(self, at_mm: Floats) -> str:
        """"PT 3.2 SUV", "" outside the series above."""
        value = self.value_at(at_mm)
        return "" if value is None else f"{self.over.modality} {value:.4g} {self.unit}".strip()

    def state(self) -> dict[str, Any]:
        return {"over": self.over_id, "blend": self.look.blend, "colours": self.look.colours, "fades": self.look.fades,
                "window": window_state(self.look.window)}

    def restore(self, state: Mapping[str, Any]) -> None:
        kept = window_from(state["window"], self.presets) if state.get("window") else None
        colours = state.get("colours")
        self.look = replace(self.look, blend=float(np.clip(state.get("blend", 0.5), 0.0, 1.0)),
                            colours=colours if colours in NAMES else self.look.colours,
                            fades=bool(state.get("fades", self.look.fades)), window=kept or self.look.window)


class FusedView(PlaneView):
    """A plane of the series below that says in words what lies over it."""

    def __init__(self, frame: Frame, axes: Axes, name: str, fusion: Fusion) -> None:
        super().__init__(frame, axes)
        self.name = name
        self.fusion = fusion
        # Set by whoever keeps registrations, on views of the case itself.
        self.nudger: Callable[[PlaneView, tuple[float, float], tuple[float, float], bool], None] | None = None
        self.settle: Callable[[], None] | None = None

    @property
    def title(self) -> str:
        return f"{super().title}, fused"

    def nudge(self, start: tuple[float, float], end: tuple[float, float], *, turn: bool) -> None:
        """A step of the hand moves the series above (`Registering.drag`)."""
        if self.nudger is None:
            raise GraticuleError("Only a series that lies over the case itself can be nudged.", "Lay it over the case first.")
        self.nudger(self, start, end, turn)

    def nudged(self) -> None:
        if self.settle is not None:
            self.settle()

    def corners(self) -> Corners:
        corners = super().corners()
        return replace(corners, top_left=(*corners.top_left, self.fusion.caption(), *filter(None, (self.fusion.how,))))

    def read_out(self, pointer: Pointer) -> str:
        below = super().read_out(pointer)
        above = self.fusion.read_out(np.array(pointer.at))
        return f"{below}   over it {above}" if above else below


def _first_look(over: Volume, presets: tuple[Window, ...]) -> tuple[str, Window, bool]:
    """PET in hot iron from 0 up; other series in colours that nobody takes for the image itself."""
    upright = replace(presets[0], inverted=False)
    if over.modality in ("PT", "NM"):
        return HOT_IRON, upright, True
    return PERCEPTUAL, upright, False


def _arrived(volume: Volume) -> Any:
    return volume.voxels if bool(volume.arrived.all()) else volume.voxels[volume.arrived]
