"""The two tumours segmented by the tools alone, as a reader would drive them: Dice and the number of interactions.

The reader is played by the known mask: outlines are splines of a few points off the truth by a trembling hand, or drawn freehand
with a wavering one; strokes lie well inside and well outside. One interaction is one press of the mouse or key; a spline point is
one, closing it one; a freehand outline is one.
"""

from collections.abc import Iterator

import numpy as np
import SimpleITK as sitk

from benchmarks.figure import Figure, Timing, timed
from graticule.domain.geometry import Array, Grid
from graticule.imaging.between import fill_between
from graticule.imaging.growth_curve import click, from_line
from graticule.imaging.islands import keep_largest
from graticule.imaging.patch import Patch, whole
from graticule.imaging.polygons import points_inside
from graticule.imaging.seeds import Growth, box_for
from graticule.imaging.smoothing import SmoothParameters, smooth
from graticule.imaging.splines import spline_from
from graticule.imaging.tracing import outlines_of
from graticule.quality.masks import dice

_MM_OFF = 0.4


def run() -> Iterator[Figure]:
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from real_data import DATA

    for name, voxels, grid, truth, every in _tumours(DATA / "imaging" / "seg"):
        for way, work in (("freehand + fill", lambda v=voxels, g=grid, t=truth, e=every: outlined(v, g, t, e, freehand=True)),
                          ("splines + fill", lambda v=voxels, g=grid, t=truth, e=every: outlined(v, g, t, e)),
                          ("strokes + grow", lambda v=voxels, g=grid, t=truth, e=every: stroked(v, g, t, e)),
                          ("one click", lambda v=voxels, g=grid, t=truth, e=every: clicked(v, g, t)),
                          ("RECIST line", lambda v=voxels, g=grid, t=truth, e=every: lined(v, g, t))):
            mask, count = work()
            spent = timed(lambda n, w=work: w(), 3, 1)
            print(f"     {name:12} {way:16} Dice {dice(mask, truth):.4f}   {count} interactions")
            yield Figure("#4", f"{name}: {way}, computing in all", spent, "a minute of the reader", Timing(60_000, 60_000))


def _tumours(folder) -> Iterator[tuple[str, Array, Grid, Array, int]]:
    image = sitk.ReadImage(str(folder / "brain_tumour" / "brain1_image.nrrd"))
    label = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "brain_tumour" / "brain1_label.nrrd"))) > 0
    yield "brain tumour", sitk.GetArrayFromImage(image), _grid(image), label, 1
    reader = sitk.ImageSeriesReader()
    reader.SetFileNames(reader.GetGDCMSeriesFileNames(str(folder / "sarcoma_sts002" / "CT")))
    image = reader.Execute()
    label = sitk.GetArrayFromImage(sitk.ReadImage(str(folder / "sarcoma_sts002" / "CT_mask.nii.gz"))) > 0
    yield "sarcoma (CT)", sitk.GetArrayFromImage(image), _grid(image), label, 3


def _grid(image: sitk.Image) -> Grid:
    affine = np.eye(4)
    affine[:3, :3] = np.array(image.GetDirection()).reshape(3, 3) * np.array(image.GetSpacing())
    affine[:3, 3] = image.GetOrigin()
    return Grid(image.GetSize()[::-1], affine)


def _key_slices(truth: Array, every: int) -> list[int]:
    filled = [int(k) for k in np.flatnonzero(truth.any(axis=(1, 2)))]
    return sorted({*filled[::every], filled[-1]})


def outlined(voxels: Array, grid: Grid, truth: Array, every: int, *, freehand: bool = False) -> tuple[Array, int]:
    """Outlines on some slices, the rest filled between them."""
    from scipy.ndimage import gaussian_filter1d

    random, drawn, count = np.random.default_rng(0), np.zeros_like(truth), 0
    rows, columns = np.mgrid[:truth.shape[1], :truth.shape[2]]
    centres = np.stack([columns + 0.5, rows + 0.5], axis=-1).reshape(-1, 2)
    for k in _key_slices(truth, every):
        for loop in outlines_of(truth[k]):
            if len(points := loop) < 8:
                continue
            if freehand:
                waver = gaussian_filter1d(random.normal(0, 1, points.shape), 4, axis=0, mode="wrap")
                outline, presses = _dense(points) + waver / waver.std() * _MM_OFF / grid.spacing_mm[2], 1
            else:
                spline = spline_from(_dense(points), 1.2)
                hand = spline.points + random.normal(0, _MM_OFF / grid.spacing_mm[2], spline.points.shape)
                outline, presses = type(spline)(hand).polygon(0.3), len(hand) + 1
            count += presses
            drawn[k] ^= points_inside(outline, centres).reshape(truth[k].shape)
    if every > 1:
        drawn |= fill_between(Patch(whole(truth.shape), drawn), grid).on(whole(truth.shape))
        count += 1
    return drawn, count


def _dense(loop: Array) -> Array:
    """A staircase outline as a smooth one: the middles of its sides."""
    return (loop + np.roll(loop, -1, axis=0)) / 2


def stroked(voxels: Array, grid: Grid, truth: Array, every: int) -> tuple[Array, int]:
    """A stroke inside and one round the outside on some slices, then grown, smoothed and kept in one part."""
    from scipy.ndimage import distance_transform_edt

    seeds, count = np.zeros(truth.shape, dtype=np.uint8), 0
    for k in _key_slices(truth, every):
        inner, outer = distance_transform_edt(truth[k]), distance_transform_edt(~truth[k])
        seeds[k][inner >= max(2.0, 0.35 * inner.max())] = 1
        seeds[k][(outer >= 3) & (outer < 5)] = 2
        count += 2
    ends = np.flatnonzero(truth.any(axis=(1, 2)))
    for k in (ends[0] - 1, ends[-1] + 1):
        seeds[k][distance_transform_edt(~truth.any(axis=0)) < 3] = 2
        count += 1
    growth = Growth(voxels, grid, box_for(seeds))
    growth.update(growth.seeds_in(seeds))
    patch = smooth(growth.patch(1), grid, SmoothParameters(size_mm=1.6))
    return keep_largest(patch.on(whole(truth.shape))), count + 2


def clicked(voxels: Array, grid: Grid, truth: Array) -> tuple[Array, int]:
    """One click in its middle."""
    from scipy.ndimage import distance_transform_edt

    seed = np.unravel_index(int(np.argmax(distance_transform_edt(truth, grid.spacing_mm))), truth.shape)
    return click(voxels, grid, tuple(int(n) for n in seed)).patch().on(whole(truth.shape)), 1


def lined(voxels: Array, grid: Grid, truth: Array) -> tuple[Array, int]:
    """Its longest diameter, drawn on the largest slice."""
    from scipy.spatial.distance import pdist, squareform

    k = int(np.argmax(truth.sum(axis=(1, 2))))
    at = np.argwhere(truth[k])[::2, ::-1]
    points = grid.to_patient(np.column_stack([at, np.full(len(at), k)]))
    away = squareform(pdist(points))
    ends = points[list(np.unravel_index(int(away.argmax()), away.shape))]
    return from_line(voxels, grid, ends).patch().on(whole(truth.shape)), 1
