"""Left and right: one bright voxel in an asymmetric body is followed through every view, slab and 3D, on every kind of grid."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.domain.geometry import Grid, letters_for
from graticule.domain.progress import Silent
from graticule.imaging.orientation import ANATOMICAL, acquisition_axes
from graticule.imaging.plane import ViewPlane
from graticule.imaging.slab import Slab, Through
from graticule.render.backend import probe_gl
from graticule.render.camera import FACES
from graticule.render.reduce import SOFTWARE_VOXELS, reduce
from graticule.render.reslice import SliceRenderer
from graticule.render.scene3d import Scene3D
from graticule.render.volume_look import VolumeLook

needs_gl = pytest.mark.skipif(not probe_gl().ok, reason=probe_gl().detail or "no GL")

SHAPE = (16, 22, 26)
SPOT = (20, 5, 12)
SHEAR = np.array([[1.1, 0, 0.25], [0, 0.9, 0.5], [0, 0, 2.2]])
LEVELS = np.cumsum(np.r_[0, np.where(np.arange(15) == 4, 3.0, 1.2)])
permutations = st.permutations([0, 1, 2])
signs = st.tuples(*[st.sampled_from([-1.0, 1.0])] * 3)
angles = st.tuples(*[st.floats(-60, 60)] * 2)


def grid_of(order: list[int], flips: tuple[float, ...], shear: bool, uneven: bool) -> Grid:
    """Any of the 48 ways a file may be turned and mirrored, left-handed ones included, with a tilted gantry or not."""
    affine = np.eye(4)
    affine[:3, :3] = (np.eye(3)[order] * np.array(flips)) @ (SHEAR if shear else np.diag(np.diag(SHEAR)))
    affine[:3, 3] = (-17, 23, 40)
    return Grid(SHAPE, affine, True, LEVELS if uneven else None)


def voxels() -> np.ndarray:
    made = np.zeros(SHAPE, dtype=np.int16)
    made[SPOT[::-1]] = 1000
    return made


def spot_mm(grid: Grid) -> np.ndarray:
    """Where the bright voxel lies, without the grid's own arithmetic."""
    i, j, k = SPOT
    level = k if grid.levels is None else float(grid.levels[k])
    return grid.affine[:3, :3] @ (i, j, level) + grid.affine[:3, 3]


def towards(letters: str) -> np.ndarray:
    """The LPS direction that letters name."""
    axes = {"L": (1, 0, 0), "R": (-1, 0, 0), "P": (0, 1, 0), "A": (0, -1, 0), "H": (0, 0, 1), "F": (0, 0, -1)}
    return np.sum([axes[letter] for letter in letters], axis=0)


@settings(max_examples=60, deadline=None)
@given(permutations, signs, st.booleans(), st.booleans(), st.sampled_from([*ANATOMICAL, "acquired"]), angles, st.booleans())
def test_the_spot_appears_where_our_own_sampler_puts_it_and_the_letters_agree(order, flips, shear, uneven, name, turn,
                                                                             slab) -> None:
    grid = grid_of(order, flips, shear, uneven)
    axes = acquisition_axes(grid) if name == "acquired" else ANATOMICAL[name]
    axes = axes.turned(axes.down, turn[0]).turned(axes.right, turn[1]) if name != "acquired" else axes
    at = spot_mm(grid)
    corner = at - (axes.right * 51.3 + axes.down * 33.8) * 0.5
    plane = ViewPlane(axes.right, axes.down, corner, 0.5, 90, 80)
    got = SliceRenderer(voxels(), grid).slice(plane, slab=Slab(Through.MAX, 6.0) if slab else None).astype(float)
    bright = np.argwhere(got > 0.9 * got.max())
    y, x = bright.mean(axis=0) + 0.5
    # The spot's own cell is up to a voxel wide in each direction of the picture.
    assert abs(x - 51.3) <= 2.5 and abs(y - 33.8) <= 2.5
    # An own nearest-voxel sampler, by matrix alone: what it finds bright is bright here, and nothing else.
    rows, columns = np.mgrid[0:80, 0:90]
    points = corner + ((columns[..., None] + 0.5) * axes.right + (rows[..., None] + 0.5) * axes.down) * 0.5
    ijk = (points - grid.affine[:3, 3]) @ np.linalg.inv(grid.affine[:3, :3]).T
    level = float(LEVELS[SPOT[2]]) if uneven else float(SPOT[2])
    cell = np.all(np.abs(ijk[..., :2] - SPOT[:2]) < 0.45, axis=-1) & (np.abs(ijk[..., 2] - level) < 0.4)
    if not slab:
        assert got[cell].min() > 0
    # What the letters at the right and lower edge name is where the picture goes.
    for edge, direction in ((letters_for(axes.right), axes.right), (letters_for(axes.down), axes.down)):
        assert float(towards(edge) @ direction) > 0.5


@needs_gl
@pytest.mark.parametrize("flips", [(1, 1, 1), (-1, 1, 1), (-1, -1, 1), (1, 1, -1)])
@pytest.mark.parametrize("uneven", [False, True])
def test_in_3d_the_spot_lies_on_the_side_that_the_cube_names(flips, uneven) -> None:
    grid = grid_of([0, 1, 2], flips, True, uneven)
    scene = Scene3D(grid, software=True)
    look = VolumeLook("Spot", ((100, 0.0), (400, 1.0)), ((0, (1, 1, 1)), (1000, (1, 1, 1))), shaded=False)
    scene.show_volume(reduce(voxels(), grid, SOFTWARE_VOXELS, Silent()), look)
    away = spot_mm(grid) - np.mean(scene.camera._corners, axis=0)
    for face in FACES:
        scene.camera.face(face)
        picture = scene.render(200, 200, quick=False)
        rows, columns = np.nonzero(picture[..., 0] > 40)
        x, y = columns.mean() + 0.5, rows.mean() + 0.5
        assert np.allclose((x, y), scene.camera.to_screen(spot_mm(grid), 200, 200), atol=2.0)
        directions = scene.camera.axis_directions()
        seen = sum(np.array(directions[letter]) * part for letter, part in zip("LPH", away, strict=True))
        per_pixel = 2 * scene.camera._camera.GetParallelScale() / 200
        assert np.allclose(((x - 100) * per_pixel, (y - 100) * per_pixel), seen[:2], atol=2 * per_pixel)
    scene.close()
