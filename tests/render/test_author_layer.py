import numpy as np

from graticule.domain.geometry import Grid
from graticule.domain.labels import LabelMap
from graticule.imaging.plane import ViewPlane
from graticule.render.author_layer import SHIFT, AuthorLayer
from graticule.render.overlay import colour_table

GRID = Grid((4, 20, 24), np.diag([1.0, 1.0, 2.0, 1.0]))
PLANE = ViewPlane(np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([-0.5, -0.5, 4.0]), 1.0, 24, 20)
TABLE = colour_table({1 + SHIFT: (255, 0, 0), 3 + SHIFT: (0, 255, 0), 5 + SHIFT: (0, 0, 255)}, 1.0)
RED, GREEN = 0xFFFF0000, 0xFF00FF00


def painted() -> LabelMap:
    group = LabelMap(GRID.shape)
    group.values[2, 4:8, 4:8], group.authors[2, 4:8, 4:8] = 1, 1
    group.values[2, 10:14, 4:8], group.authors[2, 10:14, 4:8] = 2, 3
    group.authors[2, 16:18, 4:8] = 5  # a proposal that was refused: evidence, but no label
    group.counts[:3] = (GRID.shape[0] * 480 - 32, 16, 16)
    group.grow_box((slice(2, 3), slice(4, 18), slice(4, 8)))
    return group


def test_voxels_take_the_colour_of_their_author_and_background_none() -> None:
    layer = AuthorLayer(painted(), GRID)
    layer.draw(PLANE, TABLE, TABLE)
    assert set(np.unique(layer.pixels[4:8, 4:8])) == {RED} and set(np.unique(layer.pixels[10:14, 4:8])) == {GREEN}
    assert int(np.count_nonzero(layer.pixels)) == 32


def test_hidden_segments_have_no_authors_on_the_screen() -> None:
    layer = AuthorLayer(painted(), GRID)
    layer.seen[2] = False
    layer.draw(PLANE, TABLE, TABLE)
    assert int(np.count_nonzero(layer.pixels)) == 16


def test_a_stroke_renews_only_its_rectangle() -> None:
    group = painted()
    layer = AuthorLayer(group, GRID)
    layer.draw(PLANE, TABLE, TABLE)
    group.authors[2, 4:6, 4:8] = 3
    group.authors[2, 10:14, 4:8] = 1
    layer.patch(PLANE, (4, 4, 8, 8), TABLE, TABLE)
    assert set(np.unique(layer.pixels[4:6, 4:8])) == {GREEN} and set(np.unique(layer.pixels[6:8, 4:8])) == {RED}
    assert set(np.unique(layer.pixels[10:14, 4:8])) == {GREEN}, "what lies outside the rectangle is renewed with the next plane"


def test_segments_may_be_seen_through_more_than_the_rest() -> None:
    table = colour_table({1: (255, 255, 255), 2: (255, 255, 255)}, 0.8, {2: 0.5})
    assert (table[1] >> 24, table[2] >> 24) == (204, 102)
