"""Every measuring tool in a hand: drawn by drags and by clicks, moved by handles, one act each."""

import numpy as np
import pytest

from fakes.journal import FakeJournal
from graticule.domain.codes import Ontology
from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume, Window
from graticule.editing.events import Bus
from graticule.editing.tools.angle import AngleTool
from graticule.editing.tools.arrow import ArrowTool
from graticule.editing.tools.bidirectional import BidirectionalTool
from graticule.editing.tools.box import BoxTool
from graticule.editing.tools.cobb import CobbTool
from graticule.editing.tools.distance import DistanceTool
from graticule.editing.tools.ellipse import EllipseTool
from graticule.editing.tools.freehand import FreehandTool
from graticule.editing.tools.length import LengthTool
from graticule.editing.tools.polygon import PolygonTool
from graticule.editing.tools.probe import ProbeTool
from graticule.editing.tools.profile import ProfileTool
from graticule.editing.tools.tool import Bench, Plane, Pointer
from graticule.editing.tools.window_region import WindowRegionTool
from graticule.editing.workspace import Workspace

GRID = Grid((8, 60, 64), np.diag([1.0, 1.0, 5.0, 1.0]))
AXIAL = Plane("axial", np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([0, 0, 1.0]), 0.5, "1.2.3")


def bench(content: object = None) -> Bench:
    values = np.random.default_rng(0).integers(-100, 200, GRID.shape).astype(np.int16)
    content = content or Volume(values, GRID, "CT", "HU")
    numbers = iter(range(100))
    return Bench(Workspace("c1:x", Labels(GRID.shape), FakeJournal(), Bus()), content, Ontology([]), lambda: f"id{next(numbers)}")


def at(x: float, y: float, z: float = 15.0, **more: object) -> Pointer:
    return Pointer((x, y, z), plane=more.pop("plane", AXIAL), reach=(2.0, 2.0), **more)


def drag(tool: object, on: Bench, *way: Pointer) -> None:
    tool.hover(on, way[0])
    tool.press(on, way[0])
    for pointer in way[1:]:
        tool.drag(on, pointer)
    tool.release(on, way[-1])


def click(tool: object, on: Bench, *places: Pointer) -> None:
    for place in places:
        drag(tool, on, place)


def the_mark(on: Bench) -> Region:
    region, = on.workspace.labels.of(Region)
    return region


@pytest.mark.parametrize("sort", [LengthTool, ProfileTool, EllipseTool, BoxTool, ArrowTool])
def test_a_drag_and_two_clicks_draw_the_same(sort) -> None:
    one, two = bench(), bench()
    drag(sort(), one, at(10, 10), at(20, 20), at(40, 30))
    click(sort(), two, at(10, 10), at(40, 30))
    assert the_mark(one).points == the_mark(two).points and the_mark(one).shape == sort.shape
    assert one.workspace.undo() and not one.workspace.labels.of(Region)


def test_two_diameters_are_perpendicular_and_one_act() -> None:
    on, tool = bench(), BidirectionalTool()
    drag(tool, on, at(10, 20), at(50, 20))
    assert not on.workspace.labels.of(Region)
    drag(tool, on, at(25, 10), at(29, 32))
    mark = the_mark(on)
    assert mark.points[2:] == ((25000, 10000, 15000), (25000, 32000, 15000))
    assert (mark.figures["long"], mark.figures["short"], mark.unit) == ("40.0", "22.0", "mm")
    assert on.workspace.undo_title == "Measure two diameters 40.0 mm"


def test_an_angle_is_a_drag_and_a_click_and_cobb_two_drags() -> None:
    on, tool = bench(), AngleTool()
    drag(tool, on, at(40, 20), at(20, 20))
    tool.hover(on, at(20, 35))
    assert tool.preview()[0].label == "90.0°"
    click(tool, on, at(20, 50))
    assert (the_mark(on).value, the_mark(on).unit) == ("90.0", "°")
    on, tool = bench(), CobbTool()
    drag(tool, on, at(10, 20), at(40, 20))
    drag(tool, on, at(40, 50), at(10, 50 + 30 * np.tan(np.radians(20))))
    assert the_mark(on).value == "20.0"


def test_a_polygon_grows_by_clicks_and_closes_on_its_first_corner_or_by_enter() -> None:
    for ends in ("first", "enter", "double"):
        on, tool = bench(), PolygonTool()
        click(tool, on, at(10, 10), at(30, 10), at(30, 30))
        if ends == "enter":
            tool.finish(on)
        else:
            click(tool, on, at(10.5, 10) if ends == "first" else at(30, 30))
        assert the_mark(on).figures["area"] == "200.0" and len(the_mark(on).points) == 3


def test_a_freehand_outline_is_one_stroke() -> None:
    on = bench()
    turn = np.linspace(0, 2 * np.pi, 60)
    drag(FreehandTool(), on, *[at(30 + 10 * np.cos(a), 30 + 10 * np.sin(a)) for a in turn])
    assert abs(float(the_mark(on).figures["area"]) - np.pi * 100) < 4 and the_mark(on).figures["n"]


def test_a_probe_keeps_a_value() -> None:
    on = bench()
    click(ProbeTool(), on, at(12.2, 20.4))
    assert the_mark(on).value == f"{on.content.voxels[3, 20, 12]:g}" and the_mark(on).unit == "HU"


def test_handles_move_and_lines_are_carried_with_any_measuring_tool() -> None:
    on = bench()
    drag(BoxTool(), on, at(10, 10), at(30, 20))
    drag(LengthTool(), on, at(30, 20), at(40, 40))
    assert the_mark(on).points[2] == (40000, 40000, 15000) and the_mark(on).figures["area"] == "900.0"
    assert on.workspace.undo_title.startswith("Change rectangle to")
    drag(EllipseTool(), on, at(25, 10), at(25, 12))
    assert the_mark(on).points[0] == (10000, 12000, 15000)


def test_alt_begins_anew_on_an_old_mark() -> None:
    on = bench()
    drag(LengthTool(), on, at(10, 10), at(30, 10))
    drag(LengthTool(), on, at(30, 10, alt=True), at(30, 40, alt=True))
    assert [mark.value for mark in on.workspace.labels.of(Region)] == ["20.0", "30.0"]
    assert [mark.number for mark in on.workspace.labels.of(Region)] == [1, 2]


def test_a_line_begun_on_another_slice_is_given_up() -> None:
    on, tool = bench(), LengthTool()
    click(tool, on, at(10, 10, 15))
    click(tool, on, at(10, 10, 20), at(30, 10, 20))
    assert {point[2] for point in the_mark(on).points} == {20000}


def test_a_distance_in_space_joins_slices_and_refuses_another_frame_of_reference() -> None:
    on, tool = bench(), DistanceTool()
    click(tool, on, at(10, 10, 15), at(10, 50, 45))
    assert (the_mark(on).value, the_mark(on).unit) == ("50.0", "mm")
    click(tool, on, at(11, 30, 15))
    elsewhere = Plane("axial", AXIAL.right, AXIAL.down, AXIAL.normal, 0.5, "9.9.9")
    with pytest.raises(GraticuleError, match="different frames of reference"):
        tool.press(on, at(30, 50, 15, plane=elsewhere))


def test_marks_on_frames_stay_on_theirs() -> None:
    frames = np.zeros((3, 40, 50), np.uint8)
    on = bench(Picture(frames[0], "US", "MONOCHROME2", frames=frames))
    second = [Pointer((x, 10.0, 2.0), reach=(2.0, 2.0)) for x in (5.0, 30.0)]
    drag(LengthTool(), on, *second)
    assert the_mark(on).points == ((5000, 10000, 2000), (30000, 10000, 2000)) and the_mark(on).unit == "px"
    drag(LengthTool(), on, Pointer((5.0, 10.0), reach=(2.0, 2.0)), Pointer((5.0, 20.0), reach=(2.0, 2.0)))
    assert len(on.workspace.labels.of(Region)) == 2


class TakenWindow:
    window: Window | None = None

    def set_window(self, window: Window) -> None:
        self.window = window


def test_a_dragged_box_gives_the_window() -> None:
    on, view = bench(), TakenWindow()
    on.content.voxels[3, 10:21, 10:31] = np.linspace(0, 100, 21).astype(np.int16)
    on.view = view
    drag(WindowRegionTool(), on, at(10, 10), at(30, 20))
    low, high = np.percentile(on.content.voxels[3, 10:21, 10:31], (2, 98))
    assert view.window.width == pytest.approx(high - low) and view.window.level == pytest.approx((low + high) / 2)
    assert on.workspace.undo_title is None
    with pytest.raises(GraticuleError, match="no values"):
        drag(WindowRegionTool(), on, at(400, 400), at(430, 420))
