"""A share of counted things, and the mean of such shares over records."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """A share of counted things; None when there was nothing to count."""

    hits: int
    total: int

    @property
    def value(self) -> float | None:
        return self.hits / self.total if self.total else None

    @property
    def words(self) -> str:
        """ "98.21 % (55/56)", "– (0/0)"."""
        share = "–" if not self.total else f"{100 * self.hits / self.total:.2f} %"
        return f"{share} ({self.hits}/{self.total})"


def average(rates: Iterable[Rate]) -> float | None:
    """The mean of the shares that exist: each record weighs the same."""
    values = [rate.value for rate in rates if rate.value is not None]
    return sum(values) / len(values) if values else None
