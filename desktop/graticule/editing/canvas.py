"""What can be painted on: the values under the hand and the grid they lie on, whether a volume or a picture."""

from dataclasses import dataclass

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.picture import Picture
from graticule.domain.recording import Recording
from graticule.domain.volume import Volume


@dataclass(frozen=True, eq=False)
class Canvas:
    """voxels: (k, j, i) values in `unit`; grid: where they lie, in `length` ("mm", or "px" in a picture nobody calibrated).

    blank: (lowest, highest) value that is padding, None where nothing is.
    """

    voxels: Array
    grid: Grid
    unit: str | None = None
    length: str = "mm"
    blank: tuple[float, float] | None = None


def canvas_of(content: Volume | Picture | Recording) -> Canvas:
    """The canvas of a case; GraticuleError when it has none."""
    if isinstance(content, Volume):
        return Canvas(content.voxels, content.grid, content.unit, blank=content.blank)
    raise GraticuleError("Only images have voxels to paint.")
