"""Resampling against a sampler of our own, on sheared and oblique grids, with a phantom that has no symmetry."""

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy

from graticule.domain.edits import apply_changes, voxel_change
from graticule.domain.geometry import Grid
from graticule.domain.labels import LabelMap, Labels
from graticule.imaging.orientation import ANATOMICAL, acquisition_axes, slices_along
from graticule.imaging.plane import ViewPlane
from graticule.render.overlay import LabelLayer, colour_table, edges
from graticule.render.reslice import SliceRenderer
from graticule.render.scratch import Scratch
from graticule.render.straight import straight_labels, straight_slice

SHEARED = np.array([[0.8, 0.05, 0.3, -20], [-0.1, 0.7, 1.2, 5], [0.2, -0.1, 2.5, 40], [0, 0, 0, 1.0]])
MIRRORED = SHEARED @ np.diag([-1.0, 1.0, 1.0, 1.0])
SHAPE = (18, 40, 46)


def phantom(seed: int = 3) -> np.ndarray:
    random = np.random.default_rng(seed)
    k, j, i = np.meshgrid(*(np.arange(n) for n in SHAPE), indexing="ij")
    ramp = 7 * i + 31 * j + 90 * k + random.integers(0, 40, SHAPE)
    return np.ascontiguousarray(ramp.astype(np.int16))


def paint(labels: LabelMap, box: tuple[slice, slice, slice], value: int) -> None:
    index = np.arange(labels.values.size).reshape(labels.shape)[box].reshape(-1)
    change = voxel_change("1", labels, index, value, 1)
    if change is not None:
        whole = Labels(labels.shape)
        whole.groups["1"] = labels
        apply_changes(whole, [change])


def oblique_plane(grid: Grid, width: int = 70, height: int = 60, mm: float = 0.63) -> ViewPlane:
    right = np.array([0.8, 0.5, 0.2])
    right /= np.linalg.norm(right)
    down = np.cross([0.3, -0.2, 0.9], right)
    down /= np.linalg.norm(down)
    corner = grid.centre_mm - (right * width + down * height) * mm / 2
    return ViewPlane(right, down, corner, mm, width, height)


def index_of_pixels(plane: ViewPlane, grid: Grid) -> np.ndarray:
    x, y = np.meshgrid(np.arange(plane.width) + 0.5, np.arange(plane.height) + 0.5)
    return grid.to_index(plane.to_patient(x, y))


def nearest(voxels: np.ndarray, index: np.ndarray, outside: float) -> np.ndarray:
    ijk = np.floor(index + 0.5).astype(int)
    ok = np.all((ijk >= 0) & (ijk < voxels.shape[::-1]), axis=-1)
    i, j, k = np.where(ok[..., None], ijk, 0).transpose(2, 0, 1)
    return np.where(ok, voxels[k, j, i], outside)


def linear(voxels: np.ndarray, index: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    low = np.floor(index).astype(int)
    inside = np.all((low >= 0) & (low + 1 < voxels.shape[::-1]), axis=-1)
    low = np.where(inside[..., None], low, 0)
    part = np.where(inside[..., None], index - low, 0.0)
    total = np.zeros(index.shape[:2])
    for corner in np.ndindex(2, 2, 2):
        weight = np.prod(np.where(np.array(corner) == 1, part, 1 - part), axis=-1)
        i, j, k = (low + corner).transpose(2, 0, 1)
        total += weight * voxels[k, j, i]
    return total, inside


@pytest.mark.parametrize("affine", [SHEARED, MIRRORED])
@pytest.mark.parametrize("dtype", [np.int16, np.uint16, np.float32, np.int32])
def test_a_linear_slice_agrees_with_our_own_sampler(affine, dtype) -> None:
    voxels, grid = phantom().astype(dtype), Grid(SHAPE, affine)
    plane = oblique_plane(grid)
    expected, inside = linear(voxels, index_of_pixels(plane, grid))
    got = SliceRenderer(voxels, grid).slice(plane).astype(float)
    assert inside.sum() > 1000
    assert np.abs(got - expected)[inside].max() <= 0.6


@pytest.mark.parametrize("affine", [SHEARED, MIRRORED])
def test_labels_are_never_mixed_and_outside_is_zero(affine) -> None:
    grid = Grid(SHAPE, affine)
    labels = np.random.default_rng(5).integers(0, 5, SHAPE).astype(np.uint8)
    plane = oblique_plane(grid)
    index = index_of_pixels(plane, grid)
    clear = np.abs(index + 0.5 - np.rint(index + 0.5)).min(axis=-1) > 1e-4
    got = SliceRenderer(labels, grid, labels=True).slice(plane)
    assert np.array_equal(got[clear], nearest(labels, index, 0)[clear])


def test_a_rectangle_equals_the_same_part_of_the_whole() -> None:
    voxels, grid = phantom(), Grid(SHAPE, SHEARED)
    plane, renderer = oblique_plane(grid), SliceRenderer(voxels, grid)
    whole = renderer.slice(plane).copy()
    assert np.array_equal(renderer.slice(plane, (11, 7, 52, 33)), whole[7:33, 11:52])


@pytest.mark.parametrize("dtype", [np.int16, np.uint16, np.uint8, np.float32])
@pytest.mark.parametrize("affine", [np.diag([0.8, -0.7, 2.5, 1.0]), np.diag([-1.0, 1, 1, 1])[[2, 0, 1, 3]]])
def test_the_quick_way_along_the_axes_gives_what_vtk_gives(affine, dtype) -> None:
    voxels, grid = (phantom() % 250).astype(dtype), Grid(SHAPE, affine)
    renderer = SliceRenderer(voxels, grid)
    for axes in ANATOMICAL.values():
        slices = slices_along(grid, axes.onward)
        corner = slices.moved(grid.centre_mm, 4) - (axes.right * 41 + axes.down * 37.3) * 0.61
        plane = ViewPlane(axes.right, axes.down, corner, 0.61, 90, 70)
        matrix = plane.pixel_to_index(np.linalg.inv(grid.affine))
        for rectangle in ((0, 0, 90, 70), (20, 11, 61, 40)):
            quick = straight_slice(voxels, matrix, rectangle, renderer.outside, Scratch())
            assert quick is not None
            renderer._place(matrix)
            renderer._reslice.SetOutputExtent(rectangle[0], rectangle[2] - 1, rectangle[1], rectangle[3] - 1, 0, 0)
            renderer._reslice.Update()
            vtk = vtk_to_numpy(renderer._reslice.GetOutput().GetPointData().GetScalars()).reshape(quick.shape)
            assert np.array_equal(quick == renderer.outside, vtk == renderer.outside)
            # Both round to whole numbers; at exactly a half they may choose different sides.
            most = 0.02 if dtype is np.float32 else 1
            assert np.abs(quick - vtk.astype(np.float32)).max() <= most
            assert np.array_equal(renderer.slice(plane, rectangle), quick)


@pytest.mark.parametrize("affine", [np.diag([0.8, -0.7, 2.5, 1.0]), np.diag([-1.0, 1, 1, 1])[[2, 0, 1, 3]]])
def test_labels_along_the_axes_are_those_vtk_finds(affine) -> None:
    labels, grid = np.random.default_rng(2).integers(0, 4, SHAPE).astype(np.uint8), Grid(SHAPE, affine)
    renderer = SliceRenderer(labels, grid, labels=True)
    for axes in ANATOMICAL.values():
        corner = grid.centre_mm + axes.onward * 0.4 - (axes.right * 41 + axes.down * 37.3) * 0.61
        plane = ViewPlane(axes.right, axes.down, corner, 0.6131, 90, 70)
        matrix = plane.pixel_to_index(np.linalg.inv(grid.affine))
        for rectangle in ((0, 0, 90, 70), (20, 11, 61, 40)):
            quick = straight_labels(labels, matrix, rectangle)
            renderer._place(matrix)
            renderer._reslice.SetOutputExtent(rectangle[0], rectangle[2] - 1, rectangle[1], rectangle[3] - 1, 0, 0)
            renderer._reslice.Update()
            vtk = vtk_to_numpy(renderer._reslice.GetOutput().GetPointData().GetScalars())
            assert np.array_equal(quick, vtk.reshape(quick.shape))


def test_a_plane_between_two_slices_or_an_oblique_one_is_left_to_vtk() -> None:
    voxels, grid = phantom(), Grid(SHAPE, np.eye(4))
    matrix = np.eye(4)
    matrix[2, 3] = 3.5
    assert straight_slice(voxels, matrix, (0, 0, 9, 9), 0.0, Scratch()) is None
    assert straight_slice(voxels, oblique_plane(grid).pixel_to_index(np.eye(4)), (0, 0, 9, 9), 0.0, Scratch()) is None


def test_what_is_written_is_seen_without_copying() -> None:
    voxels, grid = phantom(), Grid(SHAPE, np.diag([1.0, 1, 1, 1]))
    renderer = SliceRenderer(voxels, grid)
    plane = ViewPlane(np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([-0.5, -0.5, 9.0]), 1.0, 46, 40)
    assert np.array_equal(renderer.slice(plane), voxels[9])
    voxels[9] += 100
    renderer.changed()
    assert np.array_equal(renderer.slice(plane), voxels[9])


@pytest.mark.parametrize("affine", [SHEARED, MIRRORED, np.diag([0.8, -0.8, 2.5, 1.0])])
def test_the_picked_voxel_is_the_one_drawn_there_in_every_plane(affine) -> None:
    grid = Grid(SHAPE, affine)
    target = (31, 12, 5)
    labels = LabelMap(SHAPE)
    paint(labels, (slice(5, 6), slice(12, 13), slice(31, 32)), 7)
    at = grid.to_patient(np.array(target, dtype=float))
    for axes in (*ANATOMICAL.values(), acquisition_axes(grid)):
        corner = at - (axes.right * 50.3 + axes.down * 40.7) * 0.31
        plane = ViewPlane(axes.right, axes.down, corner, 0.31, 120, 100)
        layer = LabelLayer(labels, grid)
        table = colour_table({7: (255, 0, 0)}, 1.0)
        layer.draw(plane, table, table)
        x, y = (int(v) for v in np.floor(plane.to_screen(at)))
        assert layer.pixels[y, x] == 0xFFFF0000
        rows, columns = np.nonzero(layer.pixels)
        picked = {grid.voxel_at(p) for p in plane.to_patient(columns + 0.5, rows + 0.5)}
        assert picked == {target}


def test_patches_give_what_a_full_redraw_gives_also_for_outlines() -> None:
    grid = Grid(SHAPE, SHEARED)
    labels = LabelMap(SHAPE)
    plane = oblique_plane(grid)
    fill, line = colour_table({1: (10, 200, 30)}, 0.3), colour_table({1: (10, 200, 30)}, 1.0)
    patched, fresh = LabelLayer(labels, grid), LabelLayer(labels, grid)
    patched.line_px = fresh.line_px = 2
    patched.draw(plane, fill, line)
    random = np.random.default_rng(1)
    for _ in range(12):
        k, j, i = (int(random.integers(0, n - 6)) for n in SHAPE)
        paint(labels, (slice(k, k + 3), slice(j, j + 5), slice(i, i + 6)), int(random.integers(0, 2)))
        corners = np.array([(a, b, c) for a in (i - .5, i + 5.5) for b in (j - .5, j + 4.5) for c in (k - .5, k + 2.5)])
        rectangle = plane.rectangle_of(grid.to_patient(corners))
        if rectangle is not None:
            patched.patch(plane, rectangle, fill, line)
        fresh.draw(plane, fill, line)
        assert np.array_equal(patched.pixels, fresh.pixels)


def test_an_outline_is_the_labels_own_rim() -> None:
    labels = np.zeros((7, 7), dtype=np.uint8)
    labels[2:5, 2:6] = 3
    edge = edges(labels)
    assert edge.sum() == 10 and not edge[3, 3] and not edge[1].any()


def test_slices_pass_through_voxel_centres_in_reading_order() -> None:
    grid = Grid((10, 20, 30), np.diag([1.0, 1.0, 3.0, 1.0]))
    axial = slices_along(grid, ANATOMICAL["axial"].onward)
    assert (axial.count, axial.step_mm) == (10, 3.0)
    head = axial.moved(np.zeros(3), 0)
    assert grid.voxel_at(head) == (0, 0, 9)
    assert axial.nearest(np.array([0, 0, 27.0])) == 0 and axial.nearest(np.array([0, 0, 0.0])) == 9


def test_the_acquisition_plane_keeps_the_radiological_convention_however_the_file_is_turned() -> None:
    for signs in np.ndindex(2, 2, 2):
        flips = np.diag([*(1.0 - 2 * np.array(signs)), 1.0])
        axes = acquisition_axes(Grid(SHAPE, SHEARED @ flips))
        anatomical = ANATOMICAL[axes.name]
        assert axes.name == "axial"
        assert axes.right @ anatomical.right > 0.8 and axes.down @ anatomical.down > 0.8 and axes.onward @ anatomical.onward > 0.8
