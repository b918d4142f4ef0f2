from dataclasses import replace

import numpy as np
import pytest

from fakes.journal import FakeJournal
from fakes.lesions import BRIGHT_AT, DARK_AT, GRID, RADIUS_MM, TUMOUR, ball, held, lesion_bench, lesions, over, proposed, segment
from graticule.domain.codes import Ontology
from graticule.domain.elements import Region
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_GROWN, Labels
from graticule.domain.picture import Picture
from graticule.editing.events import Bus
from graticule.editing.tools.one_click import OneClickTool
from graticule.editing.tools.tool import Bench, Plane, Pointer, ToolChanged
from graticule.editing.tools.verdict import CLEAR
from graticule.editing.workspace import Workspace
from graticule.imaging.lengths import to_stored


def dice(one, two) -> float:
    return 2 * float((one & two).sum()) / float(one.sum() + two.sum())


def click(tool, bench, at, **more) -> None:
    tool.press(bench, over(at, **more))
    tool.release(bench, over(at, **more))


@pytest.mark.parametrize("at", [BRIGHT_AT, DARK_AT])
def test_one_click_finds_the_lesion_bright_or_dark(at) -> None:
    bench, tool = lesion_bench(), OneClickTool()
    click(tool, bench, at)
    assert dice(proposed(bench), ball(GRID, at, RADIUS_MM)) > 0.93
    assert bench.proposals.now.warning == "" and "mL" in bench.proposals.now.note
    assert not held(bench).any()
    bench.proposals.accept()
    assert dice(held(bench), ball(GRID, at, RADIUS_MM)) > 0.93
    assert set(np.unique(bench.workspace.labels.group("1").authors[held(bench)])) == {AUTHOR_GROWN}
    assert bench.workspace.undo_title == "One click Tumour"


def test_the_wheel_walks_the_curve_both_ways() -> None:
    bench, tool = lesion_bench(), OneClickTool()
    assert not tool.wheel(bench, 1)
    click(tool, bench, BRIGHT_AT)
    sizes = [proposed(bench).sum()]
    for turn in (1, 1, -1, -1, -1):
        assert tool.wheel(bench, turn)
        sizes.append(proposed(bench).sum())
    assert sizes[2] >= sizes[1] >= sizes[0] and sizes[-1] <= sizes[0] and sizes[2] > sizes[-1]


def test_a_resting_hand_sees_edge_and_verdict_and_changes_nothing() -> None:
    bench, tool, told = lesion_bench(), OneClickTool(), []
    bench.workspace.bus.subscribe(ToolChanged, told.append)
    tool.hover(bench, over(BRIGHT_AT))
    outlines = tool.preview()
    assert len(told) == 1 and outlines[-1].label.startswith(CLEAR) and outlines[0].style == "sure"
    centre = np.array(over(BRIGHT_AT).at)
    away = np.linalg.norm(np.array(outlines[0].points) - centre, axis=1)
    assert abs(float(np.median(away)) - RADIUS_MM) < 1.0 and np.allclose(np.array(outlines[0].points)[:, 2], centre[2])
    assert bench.proposals.now is None and not held(bench).any()
    tool.hover(bench, over(BRIGHT_AT))
    assert len(told) == 1  # the same voxel again asks nothing


def test_no_lesion_is_no_clear_edge() -> None:
    bench, tool = lesion_bench(voxels=np.where(lesions() > -2000, 100, -2000).astype(np.int16)), OneClickTool()
    tool.hover(bench, over((4, 40, 30)))
    assert all(outline.style.startswith("doubt") for outline in tool.preview())


def test_the_edge_is_cut_in_the_plane_the_hand_is_in() -> None:
    bench, tool = lesion_bench(), OneClickTool()
    coronal = Plane("coronal", np.array([1.0, 0, 0]), np.array([0, 0, -1.0]), np.array([0, 1.0, 0]), 0.5)
    tool.hover(bench, replace(over(BRIGHT_AT), plane=coronal))
    points = np.array(tool.preview()[0].points)
    assert np.allclose(points[:, 1], over(BRIGHT_AT).at[1]) and np.ptp(points[:, 2]) > RADIUS_MM


def test_a_dragged_line_is_its_longest_diameter() -> None:
    bench, tool = lesion_bench(), OneClickTool()
    k, j, i = BRIGHT_AT
    tool.press(bench, over((k, j, i - 9)))
    tool.drag(bench, over((k, j, i + 9)))
    assert len(tool.preview()) == 1
    tool.release(bench, over((k, j, i + 9)))
    assert dice(proposed(bench), ball(GRID, BRIGHT_AT, RADIUS_MM)) > 0.93


def line(name: str, one, two, **more) -> Region:
    ends = [over(one).at, over(two).at]
    return Region(id=name, shape="line", space="patient", points=to_stored(np.array(ends)), value="18.0", unit="mm", number=1)


def test_a_measurement_can_be_the_prompt() -> None:
    bench, tool = lesion_bench(), OneClickTool()
    k, j, i = BRIGHT_AT
    far = line("far", (10, 20, 34), (10, 28, 42))
    near = line("near", (k, j, i - 9), (k, j, i + 9))
    bench.prompts = lambda: [far, near]
    tool.hover(bench, over(BRIGHT_AT))
    tool.act(bench, "measurement")
    assert dice(proposed(bench), ball(GRID, BRIGHT_AT, RADIUS_MM)) > 0.93
    bench.prompts = list
    with pytest.raises(GraticuleError, match="no measurement"):
        tool.act(bench, "measurement")


def test_it_keeps_out_of_what_is_protected_and_says_when_nothing_is_there() -> None:
    bench, tool = lesion_bench(segment("Tumour", 1), segment("Vessel", 2)), OneClickTool()
    group = bench.workspace.labels.group("1")
    group.values[:, :20, :] = 2
    group.counts[2], group.counts[0] = 20 * 20 * 52, group.counts[0] - 20 * 20 * 52
    group.grow_box((slice(0, 20), slice(0, 20), slice(0, 52)))
    click(tool, bench, BRIGHT_AT)
    assert proposed(bench).any() and not proposed(bench)[:, :20].any()
    with pytest.raises(GraticuleError, match="outside"):
        click(tool, bench, (10, 24, 99))


def test_another_click_and_escape() -> None:
    bench, tool = lesion_bench(), OneClickTool()
    click(tool, bench, BRIGHT_AT)
    click(tool, bench, DARK_AT)
    assert dice(proposed(bench), ball(GRID, DARK_AT, RADIUS_MM)) > 0.93
    tool.cancel(bench)
    bench.proposals.drop()
    assert not tool.wheel(bench, 1) and not held(bench).any()


@pytest.mark.parametrize("frames", [None, 3])
def test_on_a_picture_a_click_finds_the_spot_and_stays_in_its_frame(frames) -> None:
    row, column = np.mgrid[0:120, 0:140]
    spot = (row - 60) ** 2 + (column - 70) ** 2 <= 18**2
    grey = (np.where(spot, 60, 180) + np.random.default_rng(2).normal(0, 4, spot.shape)).clip(0, 255).astype(np.uint8)
    loop = None if frames is None else np.stack([grey] * frames)
    picture = Picture(grey, "XC", "MONOCHROME2", frames=loop)
    labels = Labels((frames or 1, 120, 140))
    labels.put("segment", "Mole", segment("Mole", 1))
    workspace = Workspace("c1:x", labels, FakeJournal(), Bus())
    bench = Bench(workspace, picture, Ontology([TUMOUR]), lambda: "id", active_segment="Mole")
    tool, k = OneClickTool(), 0 if frames is None else 1
    point = bench.canvas.point_of((70.5, 60.5, float(k)))
    plane = Plane("picture", np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([0, 0, 1.0]), 1.0)
    pointer = Pointer(point, plane=plane, reach=(2.0, 2.0))
    tool.hover(bench, pointer)
    assert tool.preview()[-1].label.startswith(CLEAR) and "pixels" in tool.preview()[-1].label
    tool.press(bench, pointer)
    tool.release(bench, pointer)
    found = np.zeros(labels.group("1").shape, dtype=bool)
    part = bench.proposals.now.parts[0].patch
    found[part.box] = part.mask
    assert set(np.flatnonzero(found.any(axis=(1, 2)))) == {k} and dice(found[k], spot) > 0.95
