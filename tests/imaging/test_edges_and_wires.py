from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.imaging.edges import EdgeParameters, edge_aware
from graticule.imaging.livewire import Livewire, LivewireParameters, outline_from
from graticule.imaging.patch import Patch, ball_box, whole
from graticule.imaging.polygons import points_inside
from graticule.imaging.tracing import outline_of, outlines_of, trace_level
from segmentation_grids import PLAIN, ball, overlap_of


def disc_picture(noise: float = 5.0) -> tuple[np.ndarray, np.ndarray]:
    y, x = np.mgrid[:80, :90]
    inside = (y - 38) ** 2 + (x - 44) ** 2 < 22**2
    return np.where(inside, 200.0, 100) + np.random.default_rng(0).normal(0, noise, inside.shape), inside


def test_a_wire_between_four_points_follows_the_edge_of_a_disc() -> None:
    picture, inside = disc_picture()
    wire, anchors = Livewire(picture), [(38, 66), (60, 44), (38, 22), (16, 44)]
    paths = []
    for one, two in zip(anchors, [*anchors[1:], anchors[0]]):
        wire.start(one)
        paths.append(wire.to(two))
        assert tuple(paths[-1][0]) == one and tuple(paths[-1][-1]) == two
        assert np.abs(np.diff(paths[-1], axis=0)).max() <= 1
    y, x = np.mgrid[:80, :90]
    centres = np.stack([x + 0.5, y + 0.5], axis=-1).reshape(-1, 2)
    held = points_inside(outline_from(paths)[:-1], centres).reshape(inside.shape)
    assert overlap_of(held, inside) > 0.95


@given(st.integers(0, 10**6))
def test_a_wires_way_is_the_cheapest(seed) -> None:
    """Against a plain search on a small picture: no single detour by one pixel is cheaper than the way itself."""
    from heapq import heappop, heappush

    random = np.random.default_rng(seed)
    wire = Livewire(random.integers(0, 255, (9, 11)), LivewireParameters(smooth_px=0.5))
    price = wire.price
    start, end = ((int(random.integers(9)), int(random.integers(11))) for _ in range(2))
    best, queue = {start: 0}, [(0, start)]
    while queue:
        cost, (y, x) = heappop(queue)
        for b in range(max(0, y - 1), min(9, y + 2)):
            for a in range(max(0, x - 1), min(11, x + 2)):
                more = cost + (int(price[b, a] * 2**0.5 + 0.5) if a != x and b != y else int(price[b, a]))
                if more < best.get((b, a), 10**9):
                    best[b, a] = more
                    heappush(queue, (more, (b, a)))
    wire.start(start)
    path = wire.to(end)
    cost = sum(int(price[tuple(two)] * 2**0.5 + 0.5) if (one != two).all() else int(price[tuple(two)])
               for one, two in pairwise(path))
    assert cost == best[end] or start == end


def test_a_level_is_traced_round_what_is_as_bright_and_its_holes_are_filled() -> None:
    picture, inside = disc_picture(0)
    picture[36:40, 42:46] = 20
    assert np.array_equal(trace_level(picture, (38, 60)).mask, inside)
    dark = trace_level(-picture, (38, 60), bright=False)
    assert np.array_equal(dark.mask, inside) and dark.level == -200
    y, x = np.mgrid[:80, :90]
    held = points_inside(dark.outline, np.stack([x + 0.5, y + 0.5], axis=-1).reshape(-1, 2)).reshape(inside.shape)
    assert np.array_equal(held, inside)


@given(st.integers(0, 10**6), st.floats(0.1, 0.7))
def test_outlines_hold_exactly_the_mask(seed, share) -> None:
    mask = np.random.default_rng(seed).random((7, 8)) < share
    y, x = np.mgrid[:7, :8]
    at = np.stack([x + 0.5, y + 0.5], axis=-1).reshape(-1, 2)
    odd = np.zeros(56, bool)
    for loop in outlines_of(mask):
        odd ^= points_inside(loop, at)
    assert np.array_equal(odd.reshape(7, 8), mask)


def test_nothing_has_no_outline() -> None:
    assert outline_of(np.zeros((4, 5), bool)).shape == (0, 2)


@pytest.mark.parametrize("flat", [False, True])
def test_an_edge_aware_brush_stays_on_its_side_of_an_edge(flat) -> None:
    voxels = np.where(np.arange(40) < 22, 100.0, 300.0) * np.ones((40, 40, 1))
    voxels += np.random.default_rng(0).normal(0, 8, voxels.shape)
    middle = (20, 20, 18)
    box = ball_box(PLAIN, middle, 9)
    stamp = ball(PLAIN, np.array([18.0, 20, 20]), 9)
    brush = Patch(box, stamp[box])
    if flat:
        brush = Patch((slice(20, 21), *box[1:]), stamp[20:21, box[1], box[2]])
    got = edge_aware(brush, voxels, PLAIN, middle, EdgeParameters()).on(whole(PLAIN.shape))
    plain = brush.on(whole(PLAIN.shape))
    assert not got[:, :, 23:].any()
    assert got[:, :, :21].sum() > 0.9 * plain[:, :, :21].sum()
    assert not (got & ~plain).any()
