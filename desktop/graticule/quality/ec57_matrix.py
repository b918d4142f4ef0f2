"""The figures of a beat-by-beat matrix, for one record or for many."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from graticule.quality.rate import Rate

ROWS = COLUMNS = ("N", "S", "V", "F", "Q", "O", "X")
BEAT_CLASSES = ROWS[:5]
NONE = ("O", "X")


@dataclass(frozen=True, slots=True)
class BeatMatrix:
    """counts: beats by (reference class, tested class). rr_errors, rr_squares: how many pairs of RR intervals were compared, and
    the sum of their squared differences in ms². shutdown_s: whole seconds the tested side was shut down."""

    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    rr_errors: int = 0
    rr_squares: float = 0.0
    shutdown_s: int = 0

    def __getitem__(self, cell: tuple[str, str]) -> int:
        return self.counts.get(cell, 0)

    def __add__(self, other: "BeatMatrix") -> "BeatMatrix":
        keys = {*self.counts, *other.counts}
        return BeatMatrix({key: self[key] + other[key] for key in keys}, self.rr_errors + other.rr_errors,
                          self.rr_squares + other.rr_squares, self.shutdown_s + other.shutdown_s)

    def total(self, rows: Sequence[str], columns: Sequence[str]) -> int:
        return sum(self[row, column] for row in rows for column in columns)

    @property
    def without_s(self) -> "BeatMatrix":
        """The same with supraventricular beats as normal ones, as EC57 has it when these are not reported."""
        out: dict[tuple[str, str], int] = {}
        for (row, column), n in self.counts.items():
            key = ("N" if row == "S" else row, "N" if column == "S" else column)
            out[key] = out.get(key, 0) + n
        return BeatMatrix(out, self.rr_errors, self.rr_squares, self.shutdown_s)

    @property
    def found(self) -> int:
        return self.total(BEAT_CLASSES, BEAT_CLASSES)

    @property
    def qrs_se(self) -> Rate:
        return Rate(self.found, self.total(BEAT_CLASSES, COLUMNS))

    @property
    def qrs_ppv(self) -> Rate:
        return Rate(self.found, self.total(ROWS, BEAT_CLASSES))

    @property
    def veb_se(self) -> Rate:
        return Rate(self["V", "V"], self.total("V", COLUMNS))

    @property
    def veb_ppv(self) -> Rate:
        """Fusion and unclassifiable beats called V are no mistake."""
        return Rate(self["V", "V"], self.total(("V", "N", "S", *NONE), "V"))

    @property
    def veb_fpr(self) -> Rate:
        """Share of other beats called V."""
        wrong = self.total(("N", "S", *NONE), "V")
        return Rate(wrong, wrong + self.total(("N", "S", "F", "Q", *NONE), ("N", "S", "F", "Q")))

    @property
    def sveb_se(self) -> Rate:
        return Rate(self["S", "S"], self.total("S", COLUMNS))

    @property
    def sveb_ppv(self) -> Rate:
        """Unclassifiable beats called S are no mistake."""
        return Rate(self["S", "S"], self.total(("S", "N", "V", "F", *NONE), "S"))

    @property
    def rms_rr_ms(self) -> float | None:
        return math.sqrt(self.rr_squares / self.rr_errors) if self.rr_errors else None

    def lost(self, kind: str) -> Rate:
        """Share of a class that the tested side missed because it was shut down."""
        return Rate(self[kind, "X"], self.total(kind, COLUMNS))

    @property
    def lost_beats(self) -> Rate:
        """The same for all beats. As in `bxb`, lost supraventricular beats are not among them, although they are in the total."""
        return Rate(self.total(("N", "V", "F", "Q"), "X"), self.total(BEAT_CLASSES, COLUMNS))


FIGURES = ("qrs_se", "qrs_ppv", "veb_se", "veb_ppv", "sveb_se", "sveb_ppv")


def gross(matrices: Sequence[BeatMatrix]) -> BeatMatrix:
    """All records as if they were one: each beat weighs the same."""
    return sum(matrices, BeatMatrix())
