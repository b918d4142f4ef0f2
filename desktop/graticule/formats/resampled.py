"""Masks of another grid in the same frame of reference, brought onto the image's voxels; what that changes is measured."""

import numpy as np

from graticule.domain.geometry import Array, Grid


def resampled(mask: Array, source: Grid, target: Grid) -> Array:
    """(k, j, i) bool on `target`: whether the source voxel nearest to each voxel's centre is set; nothing outside the source."""
    out = np.zeros(target.shape, bool)
    rows, columns = np.indices(target.shape[1:])
    for k in range(target.shape[0]):
        index = source.to_index(target.to_patient(np.stack([columns, rows, np.full(rows.shape, k)], axis=-1)))
        i, j, at = np.moveaxis(np.floor(index + 0.5).astype(np.int64), -1, 0)
        inside = (i >= 0) & (j >= 0) & (at >= 0) & (i < source.shape[2]) & (j < source.shape[1]) & (at < source.shape[0])
        out[k][inside] = mask[at[inside], j[inside], i[inside]]
    return out


def resample_notice(before: Array, source: Grid, after: Array, target: Grid) -> str:
    """A sentence with the sizes of both grids and of the segment on each."""
    first = float(np.count_nonzero(before, axis=(1, 2)) @ source.slice_ml)
    second = float(np.count_nonzero(after, axis=(1, 2)) @ target.slice_ml)
    change = f" ({100 * (second - first) / first:+.1f} %)" if first else ""
    return (f"Resampled to the nearest voxel, since it was drawn on another grid of the same patient position "
            f"({_size(source)}, here {_size(target)}): {first:.2f} ml became {second:.2f} ml{change}.")


def _size(grid: Grid) -> str:
    k, j, i = grid.spacing_mm
    return f"{i:.3g} × {j:.3g} × {k:.3g} mm"
