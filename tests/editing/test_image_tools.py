import numpy as np
import pytest

from fakes.journal import FakeJournal
from graticule.domain.case import Kind
from graticule.domain.codes import Code, Concept, Ontology
from graticule.domain.elements import Region, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import AUTHOR_HAND, Labels
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume, Window
from graticule.editing.events import Bus
from graticule.editing.paint_rules import ALL, PaintRules
from graticule.editing.tools.brush import BrushTool
from graticule.editing.tools.eraser import EraserTool
from graticule.editing.tools.length import LengthTool
from graticule.editing.tools.palette import BUILT_IN, tools_for
from graticule.editing.tools.strokes import SPHERE, resized
from graticule.editing.tools.tool import Bench, Plane, Pointer
from graticule.editing.tools.window import WindowTool
from graticule.editing.tools.zoom import ZoomTool
from graticule.editing.workspace import Workspace

LIVER = Concept(Code("graticule", "liver", "1"), "Liver", "anatomical_structure")
ORGAN = Code("graticule", "anatomical_structure", "1")
GRID = Grid((8, 30, 32), np.diag([1.0, 1.0, 5.0, 1.0]))
AXIAL = Plane("axial", np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([0, 0, 1.0]), 0.5)


def segment(name: str, value: int, *, locked: bool = False) -> Segment:
    return Segment(id=name, group="1", value=value, colour="#e69f00", category=ORGAN, type=LIVER.code, name=name, locked=locked)


def bench_with(*segments: Segment, content: object = None) -> Bench:
    labels = Labels(GRID.shape)
    for one in segments:
        labels.put("segment", one.id, one)
    content = content or Volume(np.zeros(GRID.shape, np.int16), GRID, "CT", "HU")
    numbers = iter(range(100))
    return Bench(Workspace("c1:x", labels, FakeJournal(), Bus()), content, Ontology([LIVER]), lambda: f"id{next(numbers)}",
                 active_segment=segments[0].id if segments else None)


def at(x: float, y: float, z: float = 15.0, **more: object) -> Pointer:
    return Pointer((x, y, z), plane=AXIAL, reach=(2.0, 2.0), **more)


def stroke(tool, bench: Bench, *way: Pointer) -> None:
    tool.press(bench, way[0])
    for pointer in way[1:]:
        tool.drag(bench, pointer)
    tool.release(bench, way[-1])


def painted(bench: Bench, value: int = 1) -> set[tuple[int, int, int]]:
    return {tuple(map(int, row)) for row in np.argwhere(bench.workspace.labels.group("1").values == value)}


def test_a_stroke_paints_one_slice_without_gaps_and_is_one_act() -> None:
    bench, brush = bench_with(segment("Tumour", 1)), BrushTool()
    stroke(brush, bench, at(5, 15), at(25, 15))
    voxels = painted(bench)
    assert {k for k, _, _ in voxels} == {3}
    assert {i for _, j, i in voxels if j == 15} >= set(range(0, 31))
    assert bench.workspace.undo_title == "Paint Tumour"
    assert bench.workspace.labels.group("1").authors.max() == AUTHOR_HAND
    bench.workspace.undo()
    assert not painted(bench) and bench.workspace.undo_title is None


def test_a_sphere_reaches_through_the_slices() -> None:
    bench, brush = bench_with(segment("Tumour", 1)), BrushTool()
    brush.options = type(brush.options)(radius_mm=6.0, shape=SPHERE)
    stroke(brush, bench, at(15, 15))
    assert {k for k, _, _ in painted(bench)} == {2, 3, 4}


def test_ctrl_erases_for_one_stroke_and_says_so() -> None:
    bench, brush = bench_with(segment("Tumour", 1)), BrushTool()
    stroke(brush, bench, at(15, 15))
    before = len(painted(bench))
    stroke(brush, bench, at(18, 15, control=True))
    assert 0 < len(painted(bench)) < before
    assert bench.workspace.undo_title == "Erase Tumour"


def test_the_eraser_takes_only_the_selected_segment() -> None:
    bench = bench_with(segment("Tumour", 1), segment("Liver", 2))
    stroke(BrushTool(), bench, at(10, 15))
    bench.active_segment = "Liver"
    stroke(BrushTool(), bench, at(19, 15))
    stroke(EraserTool(), bench, at(14, 15))
    assert (3, 15, 15) in painted(bench, 1) and (3, 15, 18) not in painted(bench, 2) | painted(bench, 1)
    assert (3, 15, 10) in painted(bench, 1)


def test_a_locked_neighbour_is_never_painted_over() -> None:
    bench = bench_with(segment("Tumour", 1), segment("Vessel", 2))
    bench.active_segment = "Vessel"
    stroke(BrushTool(), bench, at(15, 15))
    vessel = painted(bench, 2)
    bench.workspace.set("Lock Vessel", segment("Vessel", 2, locked=True))
    bench.active_segment = "Tumour"
    stroke(BrushTool(), bench, at(12, 15))
    assert painted(bench, 2) == vessel and painted(bench, 1)


def test_painting_into_a_locked_or_missing_segment_says_why() -> None:
    bench = bench_with(segment("Vessel", 2, locked=True))
    with pytest.raises(GraticuleError, match="Vessel is locked"):
        BrushTool().press(bench, at(15, 15))
    bench.active_segment = None
    with pytest.raises(GraticuleError, match="No segment is selected"):
        BrushTool().press(bench, at(15, 15))
    brush = BrushTool()
    brush.hover(bench, at(15, 15))
    assert brush.preview()[0].label == "No segment is selected."


def test_only_free_voxels_are_taken_unless_all_may_be_painted_over() -> None:
    bench = bench_with(segment("Tumour", 1), segment("Liver", 2))
    stroke(BrushTool(), bench, at(10, 15))
    tumour = painted(bench, 1)
    bench.active_segment = "Liver"
    stroke(BrushTool(), bench, at(15, 15))
    assert painted(bench, 1) == tumour and painted(bench, 2)
    bench.paint = PaintRules(over=ALL)
    stroke(BrushTool(), bench, at(15, 15))
    assert painted(bench, 1) < tumour


def test_escape_takes_a_stroke_back() -> None:
    bench, brush = bench_with(segment("Tumour", 1)), BrushTool()
    brush.press(bench, at(15, 15))
    brush.drag(bench, at(20, 15))
    brush.cancel(bench)
    assert not painted(bench) and bench.workspace.undo_title is None


def test_the_size_changes_by_fifths_within_limits() -> None:
    assert resized(10.0, 1) == 12.0 and resized(12.0, -1) == 10.0
    assert resized(0.5, -5) == 0.5 and resized(60.0, 9) == 60.0


def test_a_length_in_a_volume_is_in_mm_and_can_be_changed() -> None:
    bench, tool = bench_with(), LengthTool()
    stroke(tool, bench, at(3, 4), at(10, 10), at(33, 4))
    line, = bench.workspace.labels.of(Region)
    assert (line.value, line.unit, line.space) == ("30.0", "mm", "patient")
    assert line.points == ((3000, 4000, 15000), (33000, 4000, 15000))
    stroke(tool, bench, at(32.5, 4.5), at(3, 44))
    line, = bench.workspace.labels.of(Region)
    assert (line.value, line.points[1]) == ("40.0", (3000, 44000, 15000))
    assert bench.workspace.undo_title == "Change length to 40.0 mm"


def test_a_click_is_no_length() -> None:
    bench = bench_with()
    stroke(LengthTool(), bench, at(3, 4), at(3.2, 4))
    assert not bench.workspace.labels.of(Region)


def test_a_length_in_a_picture_is_in_mm_only_when_the_file_says_so() -> None:
    pixels = np.zeros((100, 100), np.uint16)
    for pixel_mm, expected in ((None, ("50", "px")), ((0.2, 0.1), ("7.2", "mm"))):
        bench = bench_with(content=Picture(pixels, "CR", "MONOCHROME2", pixel_mm=pixel_mm))
        stroke(LengthTool(), bench, Pointer((10.0, 10.0), reach=(3, 3)), Pointer((50.0, 40.0), reach=(3, 3)))
        line, = bench.workspace.labels.of(Region)
        assert ((line.value, line.unit), line.space) == (expected, "image")
        assert line.points[0] == (10000, 10000)


class RecordingView:
    def __init__(self) -> None:
        self.asked: list[tuple] = []

    def pan(self, right_px: float, down_px: float) -> None:
        self.asked.append(("pan", right_px, down_px))

    def zoom(self, factor: float, at_px: tuple[float, float]) -> None:
        self.asked.append(("zoom", factor, at_px))

    def change_window(self, right_px: float, down_px: float) -> None:
        self.asked.append(("window", right_px, down_px))

    def look_at(self, at: tuple[float, ...]) -> None:
        self.asked.append(("look_at", at))

    def set_window(self, window: Window) -> None:
        self.asked.append(("set_window", window))

    def scroll(self, steps: int) -> None:
        self.asked.append(("scroll", steps))


def test_looking_tools_move_the_view_and_no_label() -> None:
    bench, view = bench_with(), RecordingView()
    bench.view = view
    stroke(WindowTool(), bench, at(0, 0, on_screen=(10, 10)), at(0, 0, on_screen=(15, 4)))
    stroke(ZoomTool(), bench, at(0, 0, on_screen=(10, 130)), at(0, 0, on_screen=(10, 10)))
    assert view.asked[0] == ("window", 5, -6)
    assert ("zoom", 2.0, (10, 130)) in view.asked
    assert bench.workspace.undo_title is None


def test_every_built_in_tool_has_a_name_and_a_key_of_its_own() -> None:
    for kind in Kind:
        tools = [tool for tool in BUILT_IN if kind in tool.kinds]
        assert len({tool.name for tool in tools}) == len(tools)
        keys = [tool.key for tool in tools if tool.key]
        assert len(set(keys)) == len(keys)


class BrokenEntry:
    name = "laser"

    def load(self) -> object:
        raise ImportError("no such library")


def test_a_plug_in_that_fails_is_a_notice_and_the_others_stay() -> None:
    told: list[GraticuleError] = []
    tools = tools_for(Kind.VOLUME, told.append, [BrokenEntry()])
    assert [tool.name for tool in tools if tool.key][:3] == ["crosshair", "planes", "window"]
    assert {"brush", "eraser", "length", "bidirectional", "cobb", "ellipse", "distance"} <= {tool.name for tool in tools}
    assert "laser" in told[0].message
