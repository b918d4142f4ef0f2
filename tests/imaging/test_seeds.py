import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.progress import Stoppable
from graticule.imaging.neighbours import offsets, ways_mm
from graticule.imaging.patch import whole
from graticule.imaging.seeds import GrowParameters, Growth, box_for
from segmentation_grids import GRIDS, SHAPE

stroke = st.tuples(st.integers(0, SHAPE[0] - 1), st.integers(0, SHAPE[1] - 1), st.integers(0, SHAPE[2] - 4), st.integers(0, 3))
strokes = st.lists(stroke, min_size=1, max_size=6)


def picture(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 300, SHAPE).astype(np.int16)


def painted(made: list[tuple[int, int, int, int]]) -> np.ndarray:
    seeds = np.zeros(SHAPE, np.uint8)
    for k, j, i, label in made:
        seeds[k, j, i:i + 4] = label
    return seeds


@settings(max_examples=40)
@given(st.integers(0, 10**6), st.lists(strokes, min_size=2, max_size=4), st.sampled_from(sorted(GRIDS)), st.booleans())
def test_seeds_that_come_change_and_go_leave_the_answer_of_a_growth_begun_afresh(seed, states, name, walled) -> None:
    voxels, grid = picture(seed), GRIDS[name]
    allowed = np.random.default_rng(seed).random(SHAPE) < 0.8 if walled else None
    kept = Growth(voxels, grid, whole(SHAPE), allowed=allowed)
    for state in states:
        kept.update(painted(state))
        afresh = Growth(voxels, grid, whole(SHAPE), allowed=allowed)
        afresh.update(painted(state))
        assert np.array_equal(kept.labels, afresh.labels)


@pytest.mark.parametrize("name", GRIDS)
def test_every_voxel_belongs_to_the_seed_of_its_cheapest_way(name) -> None:
    """Against scipy's Dijkstra on the same graph, seed by seed."""
    grid, voxels = GRIDS[name], picture(7)
    seeds = painted([(2, 3, 3, 1), (7, 12, 14, 2), (4, 15, 2, 3)])
    growth = Growth(voxels, grid, whole(SHAPE), GrowParameters(per_mm=0.01))
    growth.update(seeds)
    value = growth._value[1:-1, 1:-1, 1:-1].astype(int)
    graph = _graph(value, np.maximum(np.rint(ways_mm(grid, offsets(26)) * 0.01 * 4000), 1))
    costs = np.stack([dijkstra(graph, indices=np.flatnonzero(seeds == label), min_only=True) for label in (1, 2, 3)])
    best = costs.min(axis=0)
    mine = costs[growth.labels.reshape(-1) - 1, np.arange(value.size)]
    assert np.array_equal(mine, best)


def _graph(value: np.ndarray, prices: np.ndarray) -> coo_matrix:
    number = np.arange(value.size).reshape(value.shape)
    rows, columns, weights = [], [], []
    for n, step in enumerate(offsets(26)):
        here = tuple(slice(max(0, -s), size - max(0, s)) for s, size in zip(step, value.shape))
        there = tuple(slice(max(0, s), size + min(0, s)) for s, size in zip(step, value.shape))
        price = np.broadcast_to(prices[here[0], n][:, None, None], value[here].shape)
        rows.append(number[here].reshape(-1))
        columns.append(number[there].reshape(-1))
        weights.append((np.abs(value[here] - value[there]) + price).reshape(-1))
    return coo_matrix((np.concatenate(weights), (np.concatenate(rows), np.concatenate(columns))), shape=(value.size,) * 2).tocsr()


def test_removing_all_seeds_leaves_nothing() -> None:
    growth = Growth(picture(1), GRIDS["even"], whole(SHAPE))
    growth.update(painted([(2, 3, 3, 1), (7, 12, 14, 2)]))
    assert (growth.labels > 0).all()
    growth.update(np.zeros(SHAPE, np.uint8))
    assert not growth.labels.any()


def test_a_larger_box_gives_what_it_would_have_given_at_once() -> None:
    voxels, grid = picture(3), GRIDS["even"]
    seeds = painted([(2, 3, 3, 1), (4, 8, 8, 2)])
    small = Growth(voxels, grid, (slice(1, 6), slice(1, 12), slice(1, 14)))
    small.update(small.seeds_in(seeds))
    small.enlarge(whole(SHAPE), seeds)
    assert small.labels.shape == SHAPE and (small.labels > 0).all()


def test_a_stopped_growth_begins_afresh() -> None:
    growth, seeds = Growth(picture(2), GRIDS["even"], whole(SHAPE)), painted([(2, 3, 3, 1), (7, 12, 14, 2)])
    stopped = Stoppable()
    stopped.stop()
    with pytest.raises(Cancelled):
        growth.update(seeds, stopped)
    growth.update(seeds)
    afresh = Growth(picture(2), GRIDS["even"], whole(SHAPE))
    afresh.update(seeds)
    assert np.array_equal(growth.labels, afresh.labels)


def test_the_box_is_a_tenth_wider_than_the_seeds() -> None:
    seeds = np.zeros((30, 100, 100), np.uint8)
    seeds[10:15, 20:80, 30:40] = 1
    assert box_for(seeds) == (slice(7, 18), slice(14, 86), slice(27, 43))
    with pytest.raises(GraticuleError):
        box_for(np.zeros((3, 4, 5), np.uint8))
