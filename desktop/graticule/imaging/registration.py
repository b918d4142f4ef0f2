"""Lay a second volume over the first: rigid (or affine) registration by mutual information, coarse to fine.

Mattes' mutual information (Mattes et al. 2003) as ITK computes it; it asks only that the two images are related, not that their
greys are alike, so CT, MR and PET can be laid over each other. Both are resampled to perpendicular cubic voxels first: ITK
places slices neither by a tilted gantry nor at uneven distances.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import SimpleITK as sitk

from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.geometry import Array, Floats, Grid
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.imaging.orientation import outer_corners
from graticule.imaging.regular import boxed
from graticule.imaging.rigid import MUTUAL_INFORMATION, Rigid

__all__ = ["AFFINE", "BY_GEOMETRY", "BY_MASS", "FROM_HERE", "RIGID", "Rigid", "register"]

RIGID, AFFINE = "rigid", "affine"
# Where the search begins: middle on middle, centre of mass on centre of mass, or the transform that stands now.
BY_GEOMETRY, BY_MASS, FROM_HERE = "geometry", "mass", "here"
MOST_VOXELS = 6_000_000
FINEST_MM, COARSEST_MM = 0.8, 4.0
BINS, SAMPLES = 50, 120_000
# Same numbers, same result: the samples of the metric are drawn with this seed.
SEED = 20_261_123
ROUNDS = 220
# Shrink factor, smoothing in voxels, and the share of the work done by the end of the stage.
_STAGES = ((4, 2.0, 0.4), (2, 1.0, 0.7), (1, 0.0, 1.0))
# Of CT the soft tissue, so that fat, muscle and organs do not share one bin of the histogram; air and bone are its ends.
_VALUES = {"CT": (-300.0, 500.0)}


def register(fixed: Volume, moving: Volume, progress: Progress, start: Rigid | None = None, *, method: str = RIGID,
             begin: str = "") -> Rigid:
    """The transform from `moving` to `fixed`, with the metric before and after.

    start: where the moving volume stands now (None: as the files place it). begin: BY_GEOMETRY, BY_MASS or FROM_HERE;
    "" takes FROM_HERE when the two overlap as placed, else BY_GEOMETRY.
    Raises GraticuleError when they do not overlap enough for a search, Cancelled when `progress` does.
    """
    placed = start or Rigid()
    spacing = _spacing_mm(fixed, moving)
    one, two = _image(fixed, spacing, _Part(progress, 0, 10)), _image(moving, spacing, _Part(progress, 10, 20))
    first = _starting(one, two, placed, fixed, moving, begin)
    found, before, after = _search(one, two, first, method, _Part(progress, 20, 100))
    if after > before:
        # Nothing better was found than where it began; the two equal figures say so.
        found, after = first, before
    return Rigid(np.asarray(np.linalg.inv(_matrix(found)), dtype=np.float64), method, MUTUAL_INFORMATION, before, after)


def _search(one: Any, two: Any, first: Any, method: str, progress: "_Part") -> tuple[Any, float, float]:
    """(transform fixed → moving, metric before, metric after); ITK's metric is negative, less is better."""
    search = _searcher(one, first, method)
    watch = _Watch(search, progress)
    before = _metric(search, one, two)
    try:
        found = search.Execute(one, two)
    except RuntimeError as fault:
        watch.refuse_if_stopped()
        raise GraticuleError("The two images do not overlap enough to be registered.",
                             "Move the second image roughly into place by hand, then register again.") from fault
    watch.refuse_if_stopped()
    linear = _linear(found, method)
    search.SetInitialTransform(linear)
    return linear, before, _metric(search, one, two)


def _searcher(one: Any, first: Any, method: str) -> Any:
    search = sitk.ImageRegistrationMethod()
    search.SetMetricAsMattesMutualInformation(BINS)
    search.SetMetricSamplingStrategy(search.RANDOM)
    pixels = one.GetNumberOfPixels()
    search.SetMetricSamplingPercentagePerLevel([min(1.0, SAMPLES * factor**3 / pixels) for factor, _, _ in _STAGES], SEED)
    search.SetInterpolator(sitk.sitkLinear)
    search.SetOptimizerAsRegularStepGradientDescent(2.0, 1e-4, ROUNDS, 0.6, 1e-6)
    search.SetOptimizerScalesFromPhysicalShift()
    search.SetShrinkFactorsPerLevel([factor for factor, _, _ in _STAGES])
    search.SetSmoothingSigmasPerLevel([sigma for _, sigma, _ in _STAGES])
    search.SmoothingSigmasAreSpecifiedInPhysicalUnitsOff()
    transform = sitk.Euler3DTransform(first) if method == RIGID else _affine_of(first)
    search.SetInitialTransform(transform, inPlace=False)
    return search


def _metric(search: Any, one: Any, two: Any) -> float:
    try:
        return float(search.MetricEvaluate(one, two))
    except RuntimeError:
        return 0.0


def _starting(one: Any, two: Any, placed: Rigid, fixed: Volume, moving: Volume, begin: str) -> Any:
    first = _euler(placed.inverse, fixed.grid.centre_mm)
    wanted = begin or (FROM_HERE if _overlap(fixed.grid, moving.grid, placed) > 0.25 else BY_GEOMETRY)
    if wanted == FROM_HERE:
        return first
    kind = sitk.CenteredTransformInitializerFilter
    mode = kind.MOMENTS if wanted == BY_MASS else kind.GEOMETRY
    centred = sitk.CenteredTransformInitializer(_weights(one) if wanted == BY_MASS else one,
                                                _weights(two) if wanted == BY_MASS else two, sitk.Euler3DTransform(), mode)
    return sitk.Euler3DTransform(centred)


def _weights(image: Any) -> Any:
    """Nothing negative, so that air outside the patient does not pull the centre of mass."""
    return sitk.Clamp(image - float(sitk.GetArrayViewFromImage(image).min()), sitk.sitkFloat32, 0.0, 1e9)


def _overlap(fixed: Grid, moving: Grid, placed: Rigid) -> float:
    """Share of the smaller box that lies in the other, by LPS bounding boxes."""
    one, two = outer_corners(fixed), placed.to_fixed(outer_corners(moving))
    shared = np.minimum(one.max(axis=0), two.max(axis=0)) - np.maximum(one.min(axis=0), two.min(axis=0))
    least = min(float(np.prod(np.ptp(one, axis=0))), float(np.prod(np.ptp(two, axis=0))))
    return float(np.prod(np.maximum(shared, 0.0))) / max(least, 1e-9)


def _spacing_mm(fixed: Volume, moving: Volume) -> float:
    """Cubic voxels as fine as the finer image needs, and as coarse as the size of the larger demands."""
    finest = min(*fixed.grid.spacing_mm, *moving.grid.spacing_mm)
    largest = max(float(np.prod(np.ptp(outer_corners(volume.grid), axis=0))) for volume in (fixed, moving))
    return float(np.clip(max(finest, (largest / MOST_VOXELS) ** (1 / 3)), FINEST_MM, COARSEST_MM))


def _image(volume: Volume, spacing_mm: float, progress: "_Part") -> Any:
    low, high = _VALUES.get(volume.modality) or _values_of(volume.voxels)
    values, grid = boxed(volume.voxels, volume.grid, spacing_mm, progress, low)
    return _itk(np.clip(values, low, high), grid)


def _values_of(voxels: Array) -> tuple[float, float]:
    """From the least to the 99.5th percentile: a few extreme values must not take most of the histogram's bins."""
    few = voxels[:: max(1, voxels.shape[0] // 40), ::2, ::2]
    return float(few.min()), float(max(np.percentile(few, 99.5), few.min() + 1e-3))


def _itk(values: Array, grid: Grid) -> Any:
    image = sitk.GetImageFromArray(values)
    k, j, i = grid.spacing_mm
    image.SetSpacing((i, j, k))
    image.SetDirection(tuple(grid.direction.ravel()))
    image.SetOrigin(tuple(float(v) for v in grid.origin_mm))
    return image


def _euler(matrix: Floats, centre_mm: Floats) -> Any:
    """ITK's rigid transform about a centre, of a 4×4 (what is not rigid in it is left out)."""
    left, _, right = np.linalg.svd(matrix[:3, :3])
    turn = left @ np.diag([1.0, 1.0, float(np.linalg.det(left @ right))]) @ right
    made = sitk.Euler3DTransform()
    made.SetCenter(tuple(float(v) for v in centre_mm))
    made.SetMatrix(tuple(turn.ravel()), 1e-6)
    made.SetTranslation(tuple(float(v) for v in matrix[:3, :3] @ centre_mm + matrix[:3, 3] - centre_mm))
    return made


def _affine_of(euler: Any) -> Any:
    made = sitk.AffineTransform(3)
    made.SetCenter(euler.GetCenter())
    made.SetMatrix(euler.GetMatrix())
    made.SetTranslation(euler.GetTranslation())
    return made


def _linear(found: Any, method: str) -> Any:
    """The one linear transform inside what the search returns."""
    inner = found.GetNthTransform(0) if isinstance(found, sitk.CompositeTransform) else found
    return sitk.Euler3DTransform(inner) if method == RIGID else sitk.AffineTransform(inner)


def _matrix(linear: Any) -> Floats:
    """4×4 of p → M (p − c) + c + t."""
    made, centre = np.eye(4), np.array(linear.GetCenter())
    made[:3, :3] = np.array(linear.GetMatrix()).reshape(3, 3)
    made[:3, 3] = centre + np.array(linear.GetTranslation()) - made[:3, :3] @ centre
    return made


@dataclass(frozen=True, eq=False)
class _Part:
    """A stretch of the whole, from `low` to `high` per cent."""

    whole: Progress
    low: int
    high: int

    def step(self, done: int, total: int, text: str = "") -> None:
        share = done / total if total else 0.0
        self.whole.step(round(self.low + (self.high - self.low) * share), 100, text)


class _Watch:
    """Tells where the search is and stops it when asked: what is raised inside an ITK observer would be lost."""

    def __init__(self, search: Any, progress: _Part) -> None:
        self._search, self._progress = search, progress
        self._stopped = False
        search.AddCommand(sitk.sitkIterationEvent, self._step)

    def refuse_if_stopped(self) -> None:
        if self._stopped:
            raise Cancelled

    def _step(self) -> None:
        level = int(self._search.GetCurrentLevel())
        before = _STAGES[level - 1][2] if level else 0.0
        share = before + (_STAGES[level][2] - before) * self._search.GetOptimizerIteration() / ROUNDS
        try:
            self._progress.step(round(1000 * share), 1000)
        except Cancelled:
            self._stopped = True
            self._search.StopRegistration()
