"""Where a second volume lies against the first: one 4×4 transform from moving LPS to fixed LPS, and nudges of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Floats

BY_HAND = "by hand"
MUTUAL_INFORMATION = "Mattes mutual information"
_SHORT = {MUTUAL_INFORMATION: "MI"}
# Twelve decimals for rotation (1e-12 × a metre is far below a micrometre), six for millimetres.
_TURN, _SHIFT = "{:.12f}", "{:.6f}"


@dataclass(frozen=True, eq=False)
class Rigid:
    """matrix: 4×4, takes a point of the moving volume's patient space to the fixed volume's, both LPS mm.

    `method` "rigid", "affine", "by hand" or "same frame"; `metric` names what was minimised, `before` and `after` its values.
    nudged_mm, nudged_deg: how far a hand moved it after the search.
    """

    matrix: Floats = field(default_factory=lambda: np.eye(4))
    method: str = "same frame"
    metric: str = ""
    before: float | None = None
    after: float | None = None
    nudged_mm: float = 0.0
    nudged_deg: float = 0.0

    @property
    def words(self) -> str:
        """"Registered, rigid, MI −0.44 → −1.14; nudged 2.0 mm, 1.0°", for every view that stands on it."""
        how = "by hand" if self.method == BY_HAND else self.method
        metric = "" if self.before is None or self.after is None else f", {_SHORT.get(self.metric, self.metric)} " \
            f"{self.before:.2f} → {self.after:.2f}".replace("-", "−")
        far = [f"{self.nudged_mm:.1f} mm"] * (self.nudged_mm >= 0.05) + [f"{self.nudged_deg:.1f}°"] * (self.nudged_deg >= 0.05)
        nudged = f"; nudged {', '.join(far)}" if far and self.method != BY_HAND else ""
        return f"Registered, {how}{metric}{nudged}"

    def __post_init__(self) -> None:
        if self.matrix.shape != (4, 4) or not np.all(np.isfinite(self.matrix)) or abs(np.linalg.det(self.matrix[:3, :3])) < 1e-9:
            raise GraticuleError("This registration does not map one image onto the other.", "Register the two images again.")

    @cached_property
    def inverse(self) -> Floats:
        """4×4, fixed LPS → moving LPS."""
        return np.asarray(np.linalg.inv(self.matrix))

    def to_fixed(self, lps_mm: npt.ArrayLike) -> Floats:
        """(…, 3) points of the moving volume → where they lie in the fixed one's space."""
        return _through(self.matrix, lps_mm)

    def to_moving(self, lps_mm: npt.ArrayLike) -> Floats:
        """(…, 3) points of the fixed volume → the place of the moving one that shows the same anatomy."""
        return _through(self.inverse, lps_mm)

    def moved_by(self, shift_mm: npt.ArrayLike) -> "Rigid":
        """Nudged by (3,) mm in the fixed volume's LPS."""
        nudge = np.eye(4)
        nudge[:3, 3] = np.asarray(shift_mm, dtype=np.float64)
        return self._then(nudge)

    def turned(self, axis: npt.ArrayLike, degrees: float, centre_mm: npt.ArrayLike) -> "Rigid":
        """Turned about an axis (LPS, right-handed) through a point of the fixed volume's space."""
        centre = np.asarray(centre_mm, dtype=np.float64)
        nudge = np.eye(4)
        nudge[:3, :3] = rotation(axis, degrees)
        nudge[:3, 3] = centre - nudge[:3, :3] @ centre
        return self._then(nudge)

    def texts(self) -> tuple[str, ...]:
        """Twelve fixed-precision numbers, row by row: three of the linear part and the shift of each row."""
        rows = self.matrix[:3]
        return tuple((_SHIFT if column == 3 else _TURN).format(rows[row, column] + 0.0)
                     for row in range(3) for column in range(4))

    @classmethod
    def from_texts(cls, texts: Sequence[str], method: str = "rigid") -> "Rigid":
        """What `texts` gave; GraticuleError when it is not twelve numbers that span a space."""
        try:
            values = np.array([float(text) for text in texts]).reshape(3, 4)
        except ValueError as fault:
            raise GraticuleError("A stored registration cannot be read.", "Register the two images again.") from fault
        return cls(np.vstack([values, (0.0, 0.0, 0.0, 1.0)]), method)

    def _then(self, nudge: Floats) -> "Rigid":
        return replace(self, matrix=np.asarray(nudge @ self.matrix))


def rotation(axis: npt.ArrayLike, degrees: float) -> Floats:
    """3×3, right-handed rotation about a (3,) axis (Rodrigues)."""
    x, y, z = np.asarray(axis, dtype=np.float64) / np.linalg.norm(np.asarray(axis, dtype=np.float64))
    cross, angle = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]]), np.radians(degrees)
    return np.asarray(np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross)


def moved_and_turned(before: Rigid, after: Rigid, at_mm: Floats) -> tuple[float, float]:
    """(mm, degrees) between two transforms: how far the point at (3,) fixed LPS went, and how much the space turned."""
    between = after.matrix @ before.inverse
    left, _, right = np.linalg.svd(between[:3, :3])
    cosine = (float(np.trace(left @ right)) - 1) / 2
    return float(np.linalg.norm(_through(between, at_mm) - at_mm)), float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def _through(matrix: Floats, lps_mm: npt.ArrayLike) -> Floats:
    return np.asarray(np.asarray(lps_mm, dtype=np.float64) @ matrix[:3, :3].T + matrix[:3, 3])
