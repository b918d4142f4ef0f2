"""Volume and surfaces must stand at the same place: the processor's ray caster ignores direction matrices (asymmetric block)."""

import numpy as np
import pytest

from graticule.domain.geometry import Grid
from graticule.domain.labels import LabelMap
from graticule.domain.progress import Silent
from graticule.render.backend import probe_gl, read_answer
from graticule.render.camera import FACES
from graticule.render.reduce import SOFTWARE_VOXELS, block_size, reduce
from graticule.render.scene3d import Scene3D
from graticule.render.surface import segment_surface
from graticule.render.volume_look import VolumeLook, look_for

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
