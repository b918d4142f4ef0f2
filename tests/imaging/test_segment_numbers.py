import numpy as np
import pytest
import SimpleITK

from graticule.domain.geometry import Grid
from graticule.domain.volume import Volume
from graticule.formats.masks import masks_in
from graticule.imaging.mesh import mesh_of
from graticule.imaging.segment_numbers import edge_points, numbers_in, surface_mm2
from real_data import DATA, needs_data

GRID = Grid((6, 20, 24), np.diag([0.5, 0.75, 2.0, 1.0]))
WHOLE = (slice(0, 6), slice(0, 20), slice(0, 24))


def test_a_bar_measures_what_a_caliper_would():
    mask = np.zeros(GRID.shape, bool)
    mask[2, 4:8, 3:19] = True  # 16 × 0.5 mm long, 4 × 0.75 mm wide
    values = np.arange(mask.size, dtype=np.int16).reshape(mask.shape)
    found = numbers_in(mask, WHOLE, Volume(values, GRID, "CT", "HU"))
    assert found.voxels == 64 and found.ml == pytest.approx(64 * 0.75 / 1000)
    assert found.recist.slice == 2 and found.recist.long.mm == pytest.approx(np.hypot(8.0, 2.25))
    assert found.longest.mm == pytest.approx(np.hypot(7.5, 2.25))
    assert found.values.mean == pytest.approx(values[mask].mean()) and found.values.sd == pytest.approx(values[mask].std(ddof=1))
    long, short = (axis.ends[1] - axis.ends[0] for axis in (found.recist.long, found.recist.short))
    assert abs(long @ short) < 1e-9 and np.linalg.norm(short) == pytest.approx(found.recist.short.mm)


def test_uneven_slices_count_with_their_own_thickness():
    grid = Grid(GRID.shape, GRID.affine, levels=np.array([0, 1, 2, 4, 5, 6.0]))
    mask = np.zeros(GRID.shape, bool)
    mask[3, 4:8, 4:8] = True
    found = numbers_in(mask, WHOLE, Volume(np.zeros(GRID.shape, np.int16), grid, "CT"))
    assert found.ml == pytest.approx(16 * 0.5 * 0.75 * 2.0 * 1.5 / 1000)


def test_surfaces_and_volumes_of_a_ball_are_those_of_the_ball():
    grid = Grid((40, 80, 80), np.diag([0.6, 0.8, 1.5, 1.0]))
    at = grid.to_patient(np.stack(np.indices(grid.shape)[::-1], axis=-1)) - grid.centre_mm
    ball = (at ** 2).sum(axis=-1) < 20 ** 2
    mesh = mesh_of(ball, (0, 0, 0), grid)
    assert mesh.closed and mesh.ml == pytest.approx(4 / 3 * np.pi * 8, rel=0.01)
    assert mesh.mm2 == pytest.approx(1600 * np.pi, rel=0.05)
    assert surface_mm2(ball, grid) == pytest.approx(1600 * np.pi, rel=0.2)


@pytest.mark.parametrize("seed", range(12))
def test_any_surface_is_closed(seed):
    rng = np.random.default_rng(seed)
    mask = rng.random((5, 6, 7)) < rng.choice([0.2, 0.5, 0.8])
    assert mesh_of(mask, (0, 0, 0), GRID).closed


@needs_data
def test_the_brain_tumour_against_simpleitk():
    folder = DATA / "imaging/seg/brain_tumour"
    mask, = masks_in(folder / "brain1_label.nrrd")
    values = SimpleITK.GetArrayFromImage(SimpleITK.ReadImage(str(folder / "brain1_image.nrrd")))
    found = numbers_in(mask.voxels, tuple(slice(0, n) for n in mask.voxels.shape), Volume(values, mask.grid, "MR"))
    shapes, label = SimpleITK.LabelIntensityStatisticsImageFilter(), SimpleITK.ReadImage(str(folder / "brain1_label.nrrd"))
    shapes.ComputeFeretDiameterOn()
    shapes.Execute(SimpleITK.Cast(label, SimpleITK.sitkUInt8), SimpleITK.ReadImage(str(folder / "brain1_image.nrrd")))
    assert (found.voxels, round(found.ml * 1000, 1)) == (4137, 16412.7)
    assert found.longest.mm == pytest.approx(shapes.GetFeretDiameter(1))
    assert found.values.mean == pytest.approx(shapes.GetMean(1))
    assert found.values.sd == pytest.approx(shapes.GetStandardDeviation(1))


@pytest.mark.parametrize("seed", range(8))
def test_the_longest_diameter_of_any_slice_is_found_although_most_slices_are_only_estimated(seed):
    rng = np.random.default_rng(seed)
    grid = Grid((6, 20, 24), np.array([[0.5, 0.1, 0.4, 3], [-0.1, 0.75, 0.3, -60], [0.05, -0.1, 2.0, 9], [0, 0, 0, 1.0]]))
    mask = np.zeros(grid.shape, bool)
    for k in range(6):
        j, i, size = rng.integers(2, 12), rng.integers(2, 14), rng.integers(3, 9, 2)
        mask[k, j:j + size[0], i:i + size[1]] = rng.random(size) < 0.7
    found = numbers_in(mask, WHOLE, Volume(np.zeros(grid.shape, np.int16), grid, "CT"))
    longest = []
    for k in range(6):
        flat = edge_points(mask[k])
        at = grid.to_patient(np.column_stack([flat[:, ::-1], np.full(len(flat), k)]))
        longest.append(np.sqrt(((at[:, None] - at[None]) ** 2).sum(axis=-1)).max())
    assert found.recist.long.mm == pytest.approx(max(longest), abs=1e-9) and found.recist.slice == int(np.argmax(longest))
