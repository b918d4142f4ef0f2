"""Formats with one step for all slices can hold only stacks that are even but for rounding."""

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.imaging.slice_spacing import UNEVEN_MM, UNEVEN_STEPS


def even_grid(grid: Grid, format: str) -> Grid:
    """The grid with one step for all slices; GraticuleError when a slice would move too far."""
    if grid.levels is None:
        return grid
    affine = grid.affine.copy()
    affine[:3, 2] *= grid.levels[-1] / (grid.shape[0] - 1)
    even = Grid(grid.shape, affine, grid.oriented)
    if not even.same_as(grid, min(UNEVEN_MM, UNEVEN_STEPS * even.spacing_mm[0])):
        raise GraticuleError(f"The slices are unevenly spaced, which {format} cannot say: the labels would lie at wrong places.",
                             "Choose DICOM SEG or JSON, which keep each slice's own place.")
    return even
