"""Edge-aware brush: of what lies under the brush, only the basin the hand is in, so that paint stops at an edge.

Smoothing that keeps edges, then the slope, then its watershed, all in the brush's box (the adaptive brush of ITK-SNAP).
"""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Grid
from graticule.imaging.patch import Patch, grown

_PASSES = 5


@dataclass(frozen=True, slots=True)
class EdgeParameters:
    """grain: 0…1, how deep a basin must be to count of its own, in shares of the steepest slope (small: every edge stops the
    paint).

    smoothness: passes of the smoothing are as many as this share of five.
    """

    grain: float = 0.2
    smoothness: float = 1.0


def edge_aware(brush: Patch, voxels: Array, grid: Grid, centre: tuple[int, int, int],
               parameters: EdgeParameters | None = None) -> Patch:
    """The part of a brush's voxels in the basin that holds the centre (k, j, i); brush: what a plain brush would paint.

    A brush within one slice looks at that slice only.
    """
    parameters = parameters or EdgeParameters()
    flat_axis = next((axis for axis in range(3) if brush.mask.shape[axis] == 1), None)
    box = grown(brush.box, grid, max(grid.spacing_mm[1:]))
    if flat_axis is not None:
        box = tuple(brush.box[n] if n == flat_axis else part for n, part in enumerate(box))  # type: ignore[assignment]
    part = np.nan_to_num(np.asarray(voxels[box], dtype=np.float32))
    place = tuple(int(np.clip(at - side.start, 0, side.stop - side.start - 1)) for at, side in zip(centre, box, strict=True))
    basin = _basin(part, grid.spacing_mm, flat_axis, (place[0], place[1], place[2]), parameters)
    return Patch(brush.box, brush.mask & Patch(box, basin).on(brush.box)).trimmed()


def _basin(part: Array, spacing: tuple[float, float, float], flat_axis: int | None, place: tuple[int, int, int],
           parameters: EdgeParameters) -> Array:
    import SimpleITK as sitk

    keep = [n for n in range(3) if n != flat_axis]
    image = sitk.GetImageFromArray(np.ascontiguousarray(part.squeeze(flat_axis) if flat_axis is not None else part))
    steps = [spacing[n] for n in keep][::-1]
    image.SetSpacing(steps)
    if min(part.shape[n] for n in keep) < 3:
        return np.ones(part.shape, dtype=bool)
    # The largest stable step of the explicit scheme in d dimensions (ITK: least spacing / 2^(d + 1)).
    calm = sitk.GradientAnisotropicDiffusion(image, timeStep=min(steps) / 2 ** (len(keep) + 1) * 0.9, conductanceParameter=0.5,
                                             numberOfIterations=max(1, round(_PASSES * parameters.smoothness)))
    slope = sitk.GradientMagnitude(calm)
    high = float(np.max(sitk.GetArrayViewFromImage(slope)))
    basins = sitk.GetArrayFromImage(sitk.MorphologicalWatershed(slope, level=high * parameters.grain, markWatershedLine=False,
                                                                fullyConnected=False))
    own = basins == basins[tuple(place[n] for n in keep)]
    return own if flat_axis is None else np.expand_dims(own, flat_axis)
