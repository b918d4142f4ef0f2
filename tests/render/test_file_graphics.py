import numpy as np

from graticule.domain.geometry import Grid
from graticule.imaging.plane import ViewPlane
from graticule.render.file_graphics import FileGraphics


def test_graphics_lie_on_their_own_slice_and_nowhere_else():
    overlay = np.zeros((3, 4, 5), bool)
    overlay[1, 2, 3] = True
    grid = Grid((3, 4, 5), np.eye(4))
    graphics = FileGraphics(overlay, grid)
    plane = ViewPlane(np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([-0.5, -0.5, 1.0]), 1.0, 5, 4)
    drawn = graphics.draw(plane, 1, 0xFFFFFFFF)
    assert drawn.shape == (4, 5) and (drawn > 0).sum() == 1 and drawn[2, 3] == 0xFFFFFFFF
    assert graphics.draw(plane, 0, 0xFFFFFFFF) is None and graphics.draw(plane, None, 0xFFFFFFFF) is None
