"""The tools, in palette order; a third party adds one by the entry point "graticule.tools"."""

import logging
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.editing.tools.angle import AngleTool
from graticule.editing.tools.arrow import ArrowTool
from graticule.editing.tools.assistant import AssistantTool
from graticule.editing.tools.beats import BeatTool
from graticule.editing.tools.bidirectional import BidirectionalTool
from graticule.editing.tools.box import BoxTool
from graticule.editing.tools.brush import BrushTool
from graticule.editing.tools.calipers import CalipersTool
from graticule.editing.tools.cobb import CobbTool
from graticule.editing.tools.contour import ContourTool
from graticule.editing.tools.crosshair import CrosshairTool
from graticule.editing.tools.distance import DistanceTool
from graticule.editing.tools.divide import DivideTool
from graticule.editing.tools.ellipse import EllipseTool
from graticule.editing.tools.episode import EpisodeTool
from graticule.editing.tools.eraser import EraserTool
from graticule.editing.tools.fill_between import FillBetweenTool
from graticule.editing.tools.fill_freehand import FillFreehandTool
from graticule.editing.tools.fill_polygon import FillPolygonTool
from graticule.editing.tools.flood import FloodTool
from graticule.editing.tools.freehand import FreehandTool
from graticule.editing.tools.islands import IslandsTool
from graticule.editing.tools.length import LengthTool
from graticule.editing.tools.level_trace import LevelTraceTool
from graticule.editing.tools.livewire import LivewireTool
from graticule.editing.tools.mark import MarkTool
from graticule.editing.tools.nudge import NudgeTool
from graticule.editing.tools.one_click import OneClickTool
from graticule.editing.tools.pan import PanTool
from graticule.editing.tools.planes import PlanesTool
from graticule.editing.tools.polygon import PolygonTool
from graticule.editing.tools.probe import ProbeTool
from graticule.editing.tools.profile import ProfileTool
from graticule.editing.tools.scissors import ScissorsTool
from graticule.editing.tools.scroll import ScrollTool
from graticule.editing.tools.seeds import SeedsTool
from graticule.editing.tools.smooth_brush import SmoothBrushTool
from graticule.editing.tools.threshold import ThresholdTool
from graticule.editing.tools.tool import Tool
from graticule.editing.tools.window import WindowTool
from graticule.editing.tools.window_region import WindowRegionTool
from graticule.editing.tools.zoom import ZoomTool

log = logging.getLogger("graticule.tools")

ENTRY_POINTS = "graticule.tools"

BUILT_IN: tuple[type[Tool], ...] = (
    CrosshairTool, PlanesTool, NudgeTool, WindowTool, WindowRegionTool,
    PanTool, ZoomTool, ScrollTool, BrushTool, EraserTool, SmoothBrushTool, FillPolygonTool, FillFreehandTool, ContourTool,
    LivewireTool, LevelTraceTool, ScissorsTool, IslandsTool, DivideTool, ThresholdTool, FloodTool, OneClickTool,
    SeedsTool, FillBetweenTool, AssistantTool, EpisodeTool, LengthTool,
    BidirectionalTool, AngleTool, CobbTool, EllipseTool, BoxTool, PolygonTool, FreehandTool, ProbeTool, ProfileTool, DistanceTool,
    ArrowTool, CalipersTool, BeatTool, MarkTool)


def tools_for(kind: Kind, failed: Callable[[GraticuleError], None] = lambda error: None,
              found: Iterable[EntryPoint] | None = None) -> list[Tool]:
    """A fresh tool of each sort that works on this kind of case: the built-in ones first, then plug-ins.

    A plug-in that cannot be loaded is left out and told to `failed`. found: the entry points (None: those installed).
    """
    return [sort() for sort in (*BUILT_IN, *plug_ins(failed, found)) if kind in sort.kinds]


def plug_ins(failed: Callable[[GraticuleError], None], found: Iterable[EntryPoint] | None = None) -> list[type[Tool]]:
    loaded: list[type[Tool]] = []
    for entry in entry_points(group=ENTRY_POINTS) if found is None else found:
        try:
            loaded.append(_load(entry))
        except Exception as fault:  # noqa: BLE001 - whatever a stranger's module raises, the desk must open
            log.warning("a tool plug-in failed: %s", type(fault).__name__)
            failed(GraticuleError(f"The added tool “{entry.name}” could not be loaded.", "It is left out."))
    return loaded


def _load(entry: EntryPoint) -> type[Tool]:
    sort = entry.load()
    missing = [part for part in ("name", "title", "key", "group", "kinds", "hint", "press", "preview") if not hasattr(sort, part)]
    if missing:
        raise TypeError(f"not a tool: no {', '.join(missing)}")
    return cast(type[Tool], sort)
