"""Tiles: which consecutive slices stand in a grid, and how pages of them follow each other."""

from dataclasses import dataclass

SHAPES = ((2, 2), (2, 3), (3, 4), (4, 5))


@dataclass(frozen=True, slots=True)
class Tiles:
    """rows × columns slices from `first` on, `step` apart, of `count`."""

    count: int
    rows: int = 3
    columns: int = 4
    step: int = 1
    first: int = 0

    @classmethod
    def around(cls, index: int, count: int, rows: int = 3, columns: int = 4, step: int = 1) -> "Tiles":
        """With slice `index` as near to the middle as the ends allow."""
        return cls(count, rows, columns, step).moved_to(index - (rows * columns // 2) * step)

    @property
    def shown(self) -> tuple[int, ...]:
        """Slice numbers in reading order; fewer than the grid has places near the end of a short stack."""
        return tuple(q for q in range(self.first, self.count, self.step))[:self.rows * self.columns]

    def scrolled(self, rows: int) -> "Tiles":
        return self.moved_to(self.first + rows * self.columns * self.step)

    def moved_to(self, first: int) -> "Tiles":
        last = self.count - 1 - (self.rows * self.columns - 1) * self.step
        return Tiles(self.count, self.rows, self.columns, self.step, max(0, min(first, last)))
