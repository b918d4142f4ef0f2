"""Sure and possible: an inner outline the reader would swear to, and an outer one it may reach; between them a fraction."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.geometry import Array, Grid
from graticule.imaging.distance import distance_mm
from graticule.imaging.logic import ADD, combined
from graticule.imaging.margins import with_margin
from graticule.imaging.patch import Patch, grid_of, grown

# FRACTIONAL SEG, MaximumFractionalValue (DICOM PS3.3 C.8.20.2): what is sure.
MOST = 255


@dataclass(frozen=True, eq=False)
class SurePossible:
    """possible always holds sure."""

    sure: Patch
    possible: Patch

    @classmethod
    def nested(cls, sure: Patch, possible: Patch) -> "SurePossible":
        """What is sure is possible too, whatever was drawn."""
        return cls(sure, combined(ADD, possible, sure))

    @classmethod
    def around(cls, sure: Patch, grid: Grid, doubt_mm: float) -> "SurePossible":
        """Possible as far as `doubt_mm` outside the sure outline: a first guess to correct."""
        return cls.nested(sure, with_margin(sure, grid, doubt_mm))

    def fraction(self, grid: Grid) -> tuple[Patch, Array]:
        """The possible region, and uint8 of its box: MOST where sure, 0 outside, between them falling evenly with the
        distance."""
        box = grown(self.possible.box, grid, 0)
        sure, possible, inner = self.sure.on(box), self.possible.on(box), grid_of(grid, box)
        to_sure, to_outside = distance_mm(sure, inner), distance_mm(~possible, inner)
        with np.errstate(invalid="ignore"):
            share = np.where(np.isinf(to_outside), 0.5, to_outside / (to_sure + to_outside))
        share = np.where(np.isinf(to_sure), 0.5, share)
        between = np.clip(np.rint(share * MOST), 1, MOST - 1)
        values = np.where(sure, MOST, np.where(possible, between, 0)).astype(np.uint8)
        return Patch(box, possible), values

    @classmethod
    def from_fraction(cls, patch: Patch, values: Array, most: int = MOST) -> "SurePossible":
        """Back from a fractional map of the patch's box: sure is its highest value, possible all above 0."""
        return cls(Patch(patch.box, values >= most).trimmed(), Patch(patch.box, values > 0).trimmed())
