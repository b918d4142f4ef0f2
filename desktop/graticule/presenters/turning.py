"""How an image lies on the screen after quarter turns and flips: one matrix, from which letters and places follow."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from graticule.domain.geometry import Floats

Letter = TypeVar("Letter")
_RIGHT = ((0, -1), (1, 0))


@dataclass(frozen=True, slots=True)
class Turn:
    """matrix: image (right, down) → screen (right, down), of 0, 1 and −1."""

    matrix: tuple[tuple[int, int], tuple[int, int]] = ((1, 0), (0, 1))

    @property
    def array(self) -> Floats:
        return np.array(self.matrix, dtype=np.float64)

    @property
    def mirrored(self) -> bool:
        """Whether left and right changed places: what is written in the image is then in mirror writing."""
        (a, b), (c, d) = self.matrix
        return a * d - b * c < 0

    @property
    def plain(self) -> bool:
        return self.matrix == ((1, 0), (0, 1))

    @property
    def sideways(self) -> bool:
        """Whether rows of the image run up and down on the screen."""
        return self.matrix[0][0] == 0

    def turned(self, quarters: int) -> "Turn":
        """So many quarter turns clockwise further."""
        found = self
        for _ in range(quarters % 4):
            found = found._after(_RIGHT)
        return found

    def flipped(self, *, left_right: bool) -> "Turn":
        """Mirrored as it lies on the screen now."""
        return self._after(((-1, 0), (0, 1)) if left_right else ((1, 0), (0, -1)))

    def edges(self, letters: tuple[Letter, Letter, Letter, Letter]) -> tuple[Letter, Letter, Letter, Letter]:
        """What stands at the image's (left, top, right, bottom) → at the screen's."""
        left, top, right, bottom = letters
        towards = {(-1, 0): left, (0, -1): top, (1, 0): right, (0, 1): bottom}
        (a, b), (c, d) = self.matrix
        return towards[(-a, -b)], towards[(-c, -d)], towards[(a, b)], towards[(c, d)]

    def words(self) -> str:
        """ "Flipped left to right", "Turned 90°", "Flipped left to right, turned 90°"; "" as it came."""
        unflipped = Turn(((-self.matrix[0][0], -self.matrix[0][1]), self.matrix[1])) if self.mirrored else self
        quarters = next(n for n in range(4) if Turn().turned(n) == unflipped)
        if self.mirrored and quarters == 2:
            return "Flipped top to bottom"
        turned = f"urned {quarters * 90}°" if quarters else ""
        if self.mirrored:
            return "Flipped left to right" + (f", t{turned}" if turned else "")
        return f"T{turned}" if turned else ""

    def _after(self, step: tuple[tuple[int, int], tuple[int, int]]) -> "Turn":
        made = np.array(step) @ np.array(self.matrix)
        return Turn(((int(made[0, 0]), int(made[0, 1])), (int(made[1, 0]), int(made[1, 1]))))
