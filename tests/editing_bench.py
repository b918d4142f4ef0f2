"""A bench to paint on without a window: a small volume, a few segments of two groups, and pointers."""

import numpy as np

from fakes.journal import FakeJournal
from graticule.domain.codes import Code, Concept, Ontology
from graticule.domain.elements import Segment
from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume
from graticule.editing.events import Bus
from graticule.editing.tools.tool import Bench, Plane, Pointer
from graticule.editing.workspace import Workspace

MASS = Concept(Code("graticule", "mass", "1"), "Mass", "finding")
KIND = Code("graticule", "finding", "1")
GRID = Grid((8, 60, 64), np.diag([1.0, 1.0, 5.0, 1.0]))
AXIAL = Plane("axial", np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([0, 0, 1.0]), 0.5)
CORONAL = Plane("coronal", np.array([1.0, 0, 0]), np.array([0, 0, -1.0]), np.array([0, 1.0, 0]), 0.5)


def segment(name: str, value: int, *, group: str = "1", locked: bool = False) -> Segment:
    return Segment(id=name, group=group, value=value, colour="#e69f00", category=KIND, type=MASS.code, name=name, locked=locked)


def bench_with(*segments: Segment, voxels: Array | None = None, grid: Grid = GRID) -> Bench:
    labels = Labels(grid.shape)
    for one in segments:
        labels.put("segment", one.id, one)
    content = Volume(np.zeros(grid.shape, np.int16) if voxels is None else voxels, grid, "CT", "HU")
    numbers = iter(range(1000))
    return Bench(Workspace("c1:x", labels, FakeJournal(), Bus()), content, Ontology([MASS]), lambda: f"id{next(numbers)}",
                 active_segment=segments[0].id if segments else None)


def at(x: float, y: float, z: float = 15.0, **more: object) -> Pointer:
    return Pointer((x, y, z), plane=more.pop("plane", AXIAL), reach=(2.0, 2.0), **more)


def stroke(tool: object, bench: Bench, *way: Pointer) -> None:
    tool.hover(bench, way[0])
    tool.press(bench, way[0])
    for pointer in way[1:]:
        tool.drag(bench, pointer)
    tool.release(bench, way[-1])


def click(tool: object, bench: Bench, *places: Pointer) -> None:
    for place in places:
        stroke(tool, bench, place)


def values(bench: Bench, group: str = "1") -> Array:
    return bench.workspace.labels.group(group).values


def authors(bench: Bench, group: str = "1") -> Array:
    return bench.workspace.labels.group(group).authors


def given(bench: Bench, value: int, index: object, author: int = 1, group: str = "1") -> None:
    """Voxels labelled as if long ago, through the one door."""
    from graticule.domain.edits import voxel_change

    flat = np.flatnonzero(_mask(bench, index))
    change = voxel_change(group, bench.workspace.labels.group(group), flat, value, author)
    if change is not None:
        bench.workspace.do("Before", change)


def _mask(bench: Bench, index: object) -> Array:
    mask = np.zeros(bench.canvas.grid.shape, dtype=bool)
    mask[index] = True
    return mask


def star(seed: int, count: int, size: float, centre: tuple[float, float]) -> Floats:
    random = np.random.default_rng(seed)
    turn = np.sort(random.uniform(0, 2 * np.pi, count))
    reach = random.uniform(0.4, 1, count) * size
    return np.stack([centre[0] + np.cos(turn) * reach, centre[1] + np.sin(turn) * reach], axis=1)


def wound_round(shape: tuple[int, int], corners: Array) -> Array:
    """(rows, columns) bool, a referee of its own kind: the centres (column, row) that an outline winds round, by the angle it
    turns through as seen from there. corners: (n, 2) columns and rows."""
    rows, columns = np.mgrid[:shape[0], :shape[1]]
    away = corners[:, None, None, :] - np.stack([columns, rows], axis=-1)
    angle = np.arctan2(away[..., 1], away[..., 0])
    turned = np.diff(np.concatenate([angle, angle[:1]]), axis=0)
    turned = (turned + np.pi) % (2 * np.pi) - np.pi
    return np.rint(turned.sum(axis=0) / (2 * np.pi)) % 2 != 0
