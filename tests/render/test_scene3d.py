"""Volume and surfaces must stand at the same place: the processor's ray caster ignores direction matrices (asymmetric block)."""

import numpy as np
import pytest

from graticule.domain.geometry import Grid
from graticule.domain.labels import LabelMap
from graticule.domain.progress import Silent
from graticule.render.backend import probe_gl, read_answer
from graticule.render.camera import FACES
from graticule.render.cropping import CropBox, Cut
from graticule.render.reduce import SOFTWARE_VOXELS, block_size, reduce
from graticule.render.scene3d import Scene3D
from graticule.render.surface import segment_surface
from graticule.render.volume_look import VolumeLook, look_for, looks_for

needs_gl = pytest.mark.skipif(not probe_gl().ok, reason=probe_gl().detail or "no GL")

SHAPE = (30, 40, 50)
TURN = np.array([[0.8, -0.48, 0.36], [0.6, 0.64, -0.48], [0.0, 0.6, 0.8]])
OBLIQUE = np.eye(4)
OBLIQUE[:3, :3] = TURN * (1.0, 1.2, 2.5)
OBLIQUE[:3, 3] = (-30, 12, 55)
MIRRORED = OBLIQUE @ np.diag([1.0, -1.0, 1.0, 1.0])
TILTED = np.array([[1.0, 0, 0, 4], [0, 1.2, 0.7, -20], [0, 0, 2.5, 8], [0, 0, 0, 1]])
BLOCK = (slice(4, 9), slice(24, 36), slice(6, 14))
SOLID = VolumeLook("Solid", ((50, 0.0), (60, 1.0)), ((0, (1, 1, 1)), (100, (1, 1, 1))), shaded=False)


def block_voxels() -> np.ndarray:
    voxels = np.zeros(SHAPE, dtype=np.int16)
    voxels[BLOCK] = 100
    return voxels


def block_centre(grid: Grid) -> np.ndarray:
    k, j, i = ((s.start + s.stop - 1) / 2 for s in BLOCK)
    return grid.to_patient(np.array([i, j, k]))


def middle_of_light(picture: np.ndarray) -> tuple[float, float]:
    rows, columns = np.nonzero(picture[..., 0] > 60)
    assert rows.size > 50
    return columns.mean() + 0.5, rows.mean() + 0.5


@needs_gl
@pytest.mark.parametrize("affine", [OBLIQUE, MIRRORED, TILTED])
@pytest.mark.parametrize("face", ["anterior", "left", "head"])
def test_the_block_is_drawn_where_it_lies_in_the_patient(affine, face) -> None:
    grid = Grid(SHAPE, affine)
    scene = Scene3D(grid, software=True)
    scene.show_volume(reduce(block_voxels(), grid, SOFTWARE_VOXELS, Silent()), SOLID)
    scene.camera.face(face)
    picture = scene.render(240, 240, quick=False)
    expected = scene.camera.to_screen(block_centre(grid), 240, 240)
    assert np.allclose(middle_of_light(picture), expected, atol=2.5)
    scene.close()


@needs_gl
@pytest.mark.parametrize("affine", [OBLIQUE, MIRRORED, TILTED])
def test_the_surface_of_a_segment_stands_where_its_voxels_lie(affine) -> None:
    grid, labels = Grid(SHAPE, affine), LabelMap(SHAPE)
    labels.values[BLOCK] = 3
    surface = segment_surface(labels.values, (slice(0, 30), slice(0, 40), slice(0, 50)), 3, grid)
    assert surface is not None
    low, high = np.array(surface.GetBounds()).reshape(3, 2).T
    assert np.allclose((low + high) / 2, block_centre(grid), atol=0.7)
    scene = Scene3D(grid, software=True)
    scene.put_surface("a", surface, (255, 255, 255))
    picture = scene.render(240, 240, quick=False)
    assert np.allclose(middle_of_light(picture), scene.camera.to_screen(block_centre(grid), 240, 240), atol=2.5)
    scene.put_surface("a", None, (0, 0, 0))
    assert scene.surfaces() == [] and scene.render(240, 240, quick=True)[..., :3].max() == 0
    scene.close()


TILTED_MIRRORED = TILTED @ np.diag([-1.0, 1.0, 1.0, 1.0])
UNEVEN = np.concatenate([np.arange(12.0), 16.0 + np.arange(18) * 1.4])


@needs_gl
@pytest.mark.parametrize("levels", [None, UNEVEN])
@pytest.mark.parametrize("affine", [OBLIQUE, MIRRORED, TILTED, TILTED_MIRRORED])
def test_volume_and_surface_are_drawn_at_the_same_place_also_cut_and_cropped(affine, levels) -> None:
    grid = Grid(SHAPE, affine, True, levels)
    labels = np.zeros(SHAPE, dtype=np.uint8)
    labels[BLOCK] = 1
    surface = segment_surface(labels, (slice(0, 30), slice(0, 40), slice(0, 50)), 1, grid)
    one, other = Scene3D(grid, software=True), Scene3D(grid, software=True)
    one.show_volume(reduce(block_voxels(), grid, SOFTWARE_VOXELS, Silent()), SOLID)
    other.put_surface("a", surface, (255, 255, 255))
    cut = Cut(block_centre(grid), np.array([0.48, 0.6, 0.64]))
    for face in ("anterior", "left", "head"):
        for where in (None, cut):
            for scene in (one, other):
                scene.set_cut(where)
                scene.camera.face(face)
            volume, shell = (scene.render(240, 240, quick=False) for scene in (one, other))
            assert np.allclose(middle_of_light(volume), middle_of_light(shell), atol=2.0)
    one.set_cut(None)
    one.camera.face("anterior")
    assert middle_of_light(one.render(240, 240, quick=False)) is not None
    one.set_crop(CropBox((0.0, 0.1, 0.0, 1.0, 0.0, 1.0)))
    assert (one.render(240, 240, quick=False)[..., 0] > 60).sum() == 0
    one.close()
    other.close()


@needs_gl
def test_a_cropping_box_keeps_exactly_its_share_of_the_body() -> None:
    grid = Grid(SHAPE, MIRRORED)
    scene = Scene3D(grid, software=True)
    voxels = np.full(SHAPE, 100, dtype=np.int16)
    scene.show_volume(reduce(voxels, grid, SOFTWARE_VOXELS, Silent()), SOLID)
    box = CropBox().with_side(1, 0.5).with_side(4, 0.7)
    scene.set_crop(box)
    picture = scene.render(300, 300, quick=False)
    expected = [scene.camera.to_screen(corner, 300, 300) for corner in box.corners_mm(grid)]
    rows, columns = np.nonzero(picture[..., 0] > 60)
    lows, highs = np.min(expected, axis=0), np.max(expected, axis=0)
    # A voxel's outer half is drawn by no ray caster: between the outermost centres only.
    assert np.allclose([columns.min(), rows.min()], lows, atol=4) and np.allclose([columns.max(), rows.max()], highs, atol=4)
    scene.close()


def test_a_side_of_the_box_stops_at_the_one_that_faces_it() -> None:
    box = CropBox().with_side(0, 0.4).with_side(1, 0.1)
    assert box.shares[0] == 0.4 and box.shares[1] == pytest.approx(0.42) and not box.whole
    assert CropBox().with_side(3, 9.0).shares[3] == 1.0


def test_an_uneven_stack_is_reduced_to_even_places_with_nothing_in_its_gap() -> None:
    grid = Grid(SHAPE, TILTED, True, UNEVEN)
    small = reduce(np.full(SHAPE, 7, dtype=np.int16) + (np.arange(30) == 3).astype(np.int16)[:, None, None], grid,
                   SOFTWARE_VOXELS, Silent())
    assert small.grid.levels is None and small.voxels.min() == 7
    at = small.grid.to_index(grid.affine[:3, :3] @ (0, 0, 3.0) + grid.affine[:3, 3])
    assert small.voxels[round(at[2]), 0, 0] == 8


def test_presets_fit_the_modality_and_can_be_shifted_and_thinned() -> None:
    small = reduce(block_voxels(), Grid(SHAPE, OBLIQUE), SOFTWARE_VOXELS, Silent())
    assert [look.name for look in looks_for("CT", small)][:4] == ["Bone", "Vessels", "Lung", "Skin"]
    assert any(look.brightest for look in looks_for("MR", small))
    for modality in ("CT", "MR", "PT"):
        for look in looks_for(modality, small):
            values = [value for value, _ in look.opacity]
            assert values == sorted(values) and all(0 <= part <= 1 for _, part in look.opacity)
            moved = look.tuned(0.5, 2.0)
            assert moved.opacity[0][0] == pytest.approx(values[0] + 0.5 * look.span)
            assert moved.opacity[-1][1] == min(1.0, 2 * look.opacity[-1][1])


def test_a_surface_faces_outwards_also_on_a_left_handed_grid() -> None:
    from vtkmodules.util.numpy_support import vtk_to_numpy

    for affine in (OBLIQUE, MIRRORED):
        grid, labels = Grid(SHAPE, affine), LabelMap(SHAPE)
        labels.values[BLOCK] = 1
        surface = segment_surface(labels.values, BLOCK, 1, grid)
        points = vtk_to_numpy(surface.GetPoints().GetData())
        normals = vtk_to_numpy(surface.GetPointData().GetNormals())
        outward = np.einsum("ij,ij->i", points - block_centre(grid), normals)
        assert (outward > 0).mean() > 0.95


def test_a_segment_without_voxels_has_no_surface() -> None:
    grid, labels = Grid(SHAPE, OBLIQUE), LabelMap(SHAPE)
    assert segment_surface(labels.values, BLOCK, 1, grid) is None


@needs_gl
def test_the_front_view_shows_the_patients_left_on_the_viewers_right_and_the_head_above() -> None:
    scene = Scene3D(Grid(SHAPE, np.eye(4)), software=True)
    axes = scene.camera.axis_directions()
    assert axes["L"][0] > 0.99 and axes["H"][1] < -0.99 and axes["P"][2] < -0.99
    scene.camera.rotate(30, 0)
    assert scene.camera.axis_directions()["P"][0] != pytest.approx(0.0, abs=1e-3)
    for name in FACES:
        scene.camera.face(name)
    scene.close()


def test_reducing_keeps_every_voxel_where_it_is() -> None:
    grid = Grid((31, 50, 60), OBLIQUE)
    k, j, i = np.meshgrid(*(np.arange(n) for n in grid.shape), indexing="ij")
    small = reduce((3 * i + 5 * j + 7 * k).astype(np.float32), grid, 4000, Silent())
    assert small.voxels.size <= 4000
    at = grid.to_index(small.grid.to_patient(np.array([4.0, 3.0, 2.0])))
    assert small.voxels[2, 3, 4] == pytest.approx(float(at @ (3, 5, 7)))


def test_blocks_grow_where_voxels_are_finest() -> None:
    assert block_size(Grid((20, 512, 512), np.diag([0.8, 0.8, 5.0, 1.0])), SOFTWARE_VOXELS)[0] == 1


def test_every_modality_has_a_look() -> None:
    small = reduce(block_voxels(), Grid(SHAPE, OBLIQUE), SOFTWARE_VOXELS, Silent())
    assert look_for("CT", small).name == "Bone"
    assert look_for("PT", small).brightest
    assert not look_for("MR", small).brightest


def test_what_a_probe_says_is_read_without_trust() -> None:
    assert read_answer(0, 'a warning\n{"pixel": [255, 0, 0], "renderer": "llvmpipe", "window": "w"}\n').software
    assert not read_answer(-11, "").ok
    assert not read_answer(0, "nonsense").ok
    assert not read_answer(0, '{"pixel": [0, 0, 0]}').ok
