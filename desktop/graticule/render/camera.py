"""The eye before the patient: a parallel camera that starts from an anatomical side and turns with the hand."""

import numpy as np
from vtkmodules.vtkRenderingCore import vtkRenderer

from graticule.domain.geometry import Floats, Grid
from graticule.imaging.orientation import outer_corners

# Where the eye stands (a direction in LPS) and which way is up.
FACES: dict[str, tuple[tuple[float, float, float], tuple[float, float, float]]] = {
    "anterior": ((0, -1, 0), (0, 0, 1)), "posterior": ((0, 1, 0), (0, 0, 1)),
    "left": ((1, 0, 0), (0, 0, 1)), "right": ((-1, 0, 0), (0, 0, 1)),
    "head": ((0, 0, 1), (0, -1, 0)), "feet": ((0, 0, -1), (0, -1, 0)),
}
AXIS_LETTERS = {"L": (1.0, 0.0, 0.0), "P": (0.0, 1.0, 0.0), "H": (0.0, 0.0, 1.0)}
DEGREES_PER_PIXEL = 0.4
FIT_MARGIN = 1.12
CLOSEST_MM, WIDEST_MM = 1.0, 5000.0


class PatientCamera:
    """Frames the grid until the hand turns or zooms. Distances on screen are true: the projection is parallel."""

    def __init__(self, renderer: vtkRenderer, grid: Grid) -> None:
        self._renderer = renderer
        self._camera = renderer.GetActiveCamera()
        self._corners = outer_corners(grid)
        self._fitted = True
        self._camera.ParallelProjectionOn()
        self.face("anterior")

    def face(self, name: str) -> None:
        """Look at the whole grid from one side of the patient."""
        eye, up = FACES[name]
        centre = self._corners.mean(axis=0)
        reach = float(np.linalg.norm(self._corners - centre, axis=1).max())
        self._camera.SetFocalPoint(*centre)
        self._camera.SetPosition(*(centre + np.array(eye) * reach * 4))
        self._camera.SetViewUp(*up)
        self._fitted = True
        self._clip()

    def rotate(self, right_px: float, down_px: float) -> None:
        """Turn the patient under the hand: across about the view's vertical, along about its horizontal."""
        self._fitted = False
        self._camera.Azimuth(-right_px * DEGREES_PER_PIXEL)
        self._camera.Elevation(down_px * DEGREES_PER_PIXEL)
        self._camera.OrthogonalizeViewUp()
        self._clip()

    def pan(self, right_px: float, down_px: float, height: int) -> None:
        """height: of the picture, in the same pixels."""
        mm = 2 * self._camera.GetParallelScale() / max(1, height)
        right, up, _ = self.axes()
        shift = (-right * right_px + up * down_px) * mm
        self._camera.SetFocalPoint(*(np.array(self._camera.GetFocalPoint()) + shift))
        self._camera.SetPosition(*(np.array(self._camera.GetPosition()) + shift))

    def zoom(self, factor: float) -> None:
        self._fitted = False
        self._camera.SetParallelScale(float(np.clip(self._camera.GetParallelScale() / factor, CLOSEST_MM, WIDEST_MM)))

    def frame(self, width: int, height: int) -> None:
        """Before drawing a picture of this size: let the grid fill it, unless the hand has chosen another size."""
        if self._fitted:
            right, up, _ = self.axes()
            across, along = float(np.ptp(self._corners @ right)), float(np.ptp(self._corners @ up))
            self._camera.SetParallelScale(max(along, across * height / width) / 2 * FIT_MARGIN)

    def to_screen(self, lps_mm: Floats, width: int, height: int) -> tuple[float, float]:
        """Where a patient point appears in a picture of this size."""
        right, up, _ = self.axes()
        away = np.asarray(lps_mm) - np.array(self._camera.GetFocalPoint())
        per_pixel = 2 * self._camera.GetParallelScale() / height
        return width / 2 + float(away @ right) / per_pixel, height / 2 - float(away @ up) / per_pixel

    def matrix(self, width: int, height: int) -> Floats:
        """4×4: LPS mm (x, y, z, 1) → (x, y, mm away from the eye, 1) in a picture of this size, its top left corner at (0, 0).

        For the picture that was drawn last: `frame` may choose another scale for another size.
        """
        right, up, eye = self.axes()
        per_pixel = 2 * self._camera.GetParallelScale() / height
        matrix = np.eye(4)
        matrix[0, :3], matrix[1, :3], matrix[2, :3] = right / per_pixel, -up / per_pixel, -eye
        matrix[:3, 3] = -matrix[:3, :3] @ np.array(self._camera.GetFocalPoint()) + (width / 2, height / 2, 0.0)
        return matrix

    def axis_directions(self) -> dict[str, tuple[float, float, float]]:
        """For L, P and H: how far the axis points right, down and towards the eye (unit vectors), for the corner sign."""
        right, up, eye = self.axes()
        return {letter: (float(np.dot(axis, right)), -float(np.dot(axis, up)), float(np.dot(axis, eye)))
                for letter, axis in AXIS_LETTERS.items()}

    def axes(self) -> tuple[Floats, Floats, Floats]:
        """Unit vectors in LPS: to the right and up on the screen, and towards the eye."""
        eye = np.array(self._camera.GetPosition()) - np.array(self._camera.GetFocalPoint())
        eye /= np.linalg.norm(eye)
        right = np.cross(np.array(self._camera.GetViewUp()), eye)
        right /= np.linalg.norm(right)
        return right, np.asarray(np.cross(eye, right)), eye

    def _clip(self) -> None:
        low, high = self._corners.min(axis=0), self._corners.max(axis=0)
        bounds = (float(low[0]), float(high[0]), float(low[1]), float(high[1]), float(low[2]), float(high[2]))
        self._renderer.ResetCameraClippingRange(*bounds)
