"""Where a picture lies in its viewport: centre, scale, turn, and pixels that are higher than wide."""

import numpy as np
import numpy.typing as npt

from graticule.domain.geometry import Floats
from graticule.presenters.turning import Turn

LARGEST, FIT_MARGIN = 64.0, 1.02


class PicturePlace:
    """Positions are (column, row), (0, 0) the outer corner; `scale` is screen pixels per column of the image.

    aspect: height of an image pixel by its width, so that a circle in the patient is one on the screen.
    """

    def __init__(self, columns: int, rows: int, aspect: float = 1.0) -> None:
        self.columns, self.rows, self.aspect = columns, rows, aspect
        self.width, self.height = 400, 400
        self.turn = Turn()
        self.fitted = True
        self.centre: Floats = self._middle()
        self.scale = self.fit_scale()

    @property
    def matrix(self) -> Floats:
        """2×2: a step of the image → a step on the screen."""
        return np.asarray(self.turn.array @ np.diag([1.0, self.aspect]) * self.scale)

    def to_screen(self, at: npt.ArrayLike) -> Floats:
        """(…, 2) columns and rows → (…, 2) screen pixels."""
        away = np.asarray(at, dtype=np.float64) - self.centre
        return np.asarray(away @ self.matrix.T + (self.width / 2, self.height / 2))

    def to_image(self, at: npt.ArrayLike) -> Floats:
        away = np.asarray(at, dtype=np.float64) - (self.width / 2, self.height / 2)
        return np.asarray(away @ np.linalg.inv(self.matrix).T + self.centre)

    def resize(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        if self.fitted:
            self.fit()

    def fit(self) -> None:
        self.fitted, self.centre, self.scale = True, self._middle(), self.fit_scale()

    def pan(self, right_px: float, down_px: float) -> None:
        self.fitted = False
        self.centre = self.centre - np.linalg.inv(self.matrix) @ np.array([right_px, down_px])

    def zoom(self, factor: float, at_px: tuple[float, float], least: float) -> None:
        """What lies at `at_px` stays there. least: the smallest scale allowed."""
        held = self.to_image(at_px)
        self.scale = float(np.clip(self.scale * factor, min(self.fit_scale() / 8, least), LARGEST))
        self.fitted = False
        self.centre = self.centre + held - self.to_image(at_px)

    def look_at(self, at: npt.ArrayLike) -> None:
        self.centre, self.fitted = np.asarray(at, dtype=np.float64), False

    def set_turn(self, turn: Turn) -> None:
        """What lies in the middle of the view stays there."""
        self.turn = turn
        if self.fitted:
            self.fit()

    def fit_scale(self) -> float:
        across, along = float(self.columns), self.rows * self.aspect
        if self.turn.sideways:
            across, along = along, across
        return min(self.width / across, self.height / along) / FIT_MARGIN

    def _middle(self) -> Floats:
        return np.array([self.columns / 2, self.rows / 2])
