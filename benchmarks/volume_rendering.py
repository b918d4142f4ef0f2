"""Row 9: a 680×680 3D view of a shaded 512×512×400 volume with three segment surfaces, turned and at rest, without a GPU.

The limit is the same window drawing the three surfaces alone: what is above it is the price of the volume.
"""

from collections.abc import Iterator

import numpy as np

from benchmarks.figure import Figure, Timing, timed
from graticule.domain.geometry import Grid
from graticule.domain.progress import Silent
from graticule.render.reduce import SOFTWARE_VOXELS, reduce
from graticule.render.scene3d import Scene3D
from graticule.render.surface import segment_surface
from graticule.render.volume_look import look_for

SHAPE, SIDE = (400, 512, 512), 680
COLOURS = ((230, 159, 0), (86, 180, 233), (0, 158, 115))
SURFACES = "limit: the three surfaces alone"


def run() -> Iterator[Figure]:
    grid = Grid(SHAPE, np.array([[0.8, 0, 0, -204], [0, 0.8, 0, -204], [0, 0, 1.0, -200], [0, 0, 0, 1.0]]))
    scene, bare = Scene3D(grid, software=True), Scene3D(grid, software=True)
    small = reduce(_body(), grid, SOFTWARE_VOXELS, Silent())
    for each in (scene, bare):
        _put_surfaces(each, grid)
    scene.show_volume(small, look_for("CT", small))
    first = timed(lambda n: scene.render(SIDE, SIDE, quick=False), 1, 0)
    yield Figure("9", "3D, first shaded frame (words are shown meanwhile)", first, SURFACES, _turned(bare, quick=False, count=10))
    yield Figure("9", "3D, turn → frame while the hand moves", _turned(scene, quick=True), SURFACES, _turned(bare, quick=True))
    yield Figure("9", "3D, frame at rest", _turned(scene, quick=False, count=20), SURFACES, _turned(bare, quick=False, count=20))
    for each in (scene, bare):
        each.close()


def _turned(scene: Scene3D, *, quick: bool, count: int = 50) -> Timing:
    def frame(n: int) -> None:
        scene.camera.rotate(7, 3 if n % 2 else -3)
        scene.render(SIDE, SIDE, quick=quick)

    return timed(frame, count, 3)


def _body() -> np.ndarray:
    """An ellipse of soft tissue with a spine and ribs of bone, and noise."""
    k, j, i = np.ogrid[:SHAPE[0], :SHAPE[1], :SHAPE[2]]
    skin = ((j - 256) / 170) ** 2 + ((i - 256) / 220) ** 2
    voxels = np.where(skin < 1, 40, -1000).astype(np.int16) + np.zeros((SHAPE[0], 1, 1), dtype=np.int16)
    for where, value in ((((j - 360) ** 2 + (i - 256) ** 2 < 30**2) & (k % 40 < 34), 600),
                         ((np.abs(skin - 0.85) < 0.06) & (k % 30 < 12), 450)):
        voxels[np.broadcast_to(where, SHAPE)] = value
    voxels += np.random.default_rng(0).integers(-15, 15, SHAPE[1:]).astype(np.int16)
    return voxels


def _put_surfaces(scene: Scene3D, grid: Grid) -> None:
    j, i = np.ogrid[:SHAPE[1], :SHAPE[2]]
    labels = np.zeros(SHAPE, dtype=np.uint8)
    for value, (row, column, radius) in enumerate(((200, 180, 60), (240, 330, 50), (320, 250, 25)), 1):
        disc = np.broadcast_to((j - row) ** 2 + (i - column) ** 2 < radius**2, SHAPE[1:])
        labels[120:260, disc] = value
        surface = segment_surface(labels, (slice(118, 262), slice(0, SHAPE[1]), slice(0, SHAPE[2])), value, grid)
        scene.put_surface(str(value), surface, COLOURS[value - 1])
