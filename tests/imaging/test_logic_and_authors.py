import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.edits import Edit, apply
from graticule.domain.labels import Labels
from graticule.imaging.authorship import DERIVED, GROWN, HAND, INTERPOLATED, MACHINE, authors_after, shares
from graticule.imaging.logic import (
    ADD,
    COPY,
    INTERSECT,
    SUBTRACT,
    Rules,
    combined,
    inverted,
    mask_of,
    merged,
    segment_becomes,
    segment_gains,
)
from graticule.imaging.patch import Patch, whole
from graticule.imaging.soft import MOST, SurePossible
from segmentation_grids import GRIDS, ball

SHAPE = (4, 6, 7)
EVERYWHERE = whole(SHAPE)
seeds = st.integers(0, 10**6)
CORRECTED = 5


def part(seed: int) -> Patch:
    return Patch(EVERYWHERE, np.random.default_rng(seed).random(SHAPE) < 0.3).trimmed()


@given(seeds, seeds)
def test_operations_are_those_of_sets(a, b) -> None:
    one, two = part(a), part(b + 1)
    x, y = one.on(EVERYWHERE), two.on(EVERYWHERE)
    for operation, expected in ((ADD, x | y), (SUBTRACT, x & ~y), (INTERSECT, x & y), (COPY, y)):
        assert np.array_equal(combined(operation, one, two).on(EVERYWHERE), expected)
    assert np.array_equal(inverted(one, EVERYWHERE).mask, ~x)
    assert np.array_equal(merged([one, two, Patch.nothing()]).on(EVERYWHERE), x | y)


others = st.sets(st.integers(2, 4))


@given(seeds, st.sampled_from([HAND, INTERPOLATED, GROWN, MACHINE]), others, st.one_of(st.none(), others))
def test_locked_segments_keep_every_voxel_and_only_the_chosen_are_painted_over(seed, act, locked, over) -> None:
    labels, random = Labels(SHAPE), np.random.default_rng(seed)
    group = labels.group("g")
    start = random.integers(0, 5, SHAPE).astype(np.uint8)
    for value in range(1, 5):
        change = segment_gains("g", group, value, Patch(EVERYWHERE, start == value), HAND)
        if change is not None:
            apply(labels, Edit("start", (change,)))
    assert np.array_equal(group.values, start)
    wanted = part(seed + 1)
    rules = Rules(frozenset(locked), None if over is None else frozenset(over))
    change = segment_becomes("g", group, 1, wanted, act, rules)
    before_authors = group.authors.copy()
    if change is not None:
        apply(labels, Edit("act", (change,)))
        assert (group.authors[(group.values == 1) & (start != 1)] == act).all()
    mask = wanted.on(EVERYWHERE)
    takeable = np.isin(start, [0, 1, *(set(range(2, 5)) if over is None else over)]) & ~np.isin(start, list(locked))
    assert np.array_equal(group.values == 1, mask & takeable)
    other = ~(mask & takeable) & (start != 1)
    assert np.array_equal(group.values[other], start[other]) and np.array_equal(group.authors[other], before_authors[other])
    assert np.array_equal(mask_of(group, 1).on(EVERYWHERE), group.values == 1)


def test_painting_only_inside_a_segment_touches_nothing_else() -> None:
    labels = Labels(SHAPE)
    group = labels.group("g")
    inner = Patch(EVERYWHERE, np.indices(SHAPE)[2] < 3)
    apply(labels, Edit("x", (segment_gains("g", group, 2, inner, HAND),)))
    everything = Patch(EVERYWHERE, np.ones(SHAPE, bool))
    apply(labels, Edit("y", (segment_gains("g", group, 1, everything, HAND, Rules(inside=frozenset({2}))),)))
    assert np.array_equal(group.values == 1, inner.mask) and not group.values[~inner.mask].any()


@pytest.mark.parametrize("act,before,author,after,expected", [
    (HAND, 0, 0, 1, HAND), (HAND, 1, HAND, 0, 0), (HAND, 1, GROWN, 1, HAND), (HAND, 1, MACHINE, 1, CORRECTED),
    (HAND, 1, MACHINE, 0, CORRECTED),
    (HAND, 2, MACHINE, 1, CORRECTED), (HAND, 0, CORRECTED, 0, CORRECTED), (INTERPOLATED, 0, 0, 1, INTERPOLATED),
    (INTERPOLATED, 1, HAND, 1, HAND), (GROWN, 1, HAND, 1, HAND), (GROWN, 1, HAND, 0, 0), (GROWN, 1, MACHINE, 0, CORRECTED),
    (GROWN, 1, MACHINE, 1, MACHINE), (MACHINE, 0, 0, 1, MACHINE), (MACHINE, 1, MACHINE, 0, 0), (DERIVED, 0, 0, 1, HAND)])
def test_each_act_marks_its_voxels(act, before, author, after, expected) -> None:
    got = authors_after(act, *(np.array([n], np.uint8) for n in (before, author, after)))
    assert got.tolist() == [expected]


def test_a_copy_hands_on_who_made_each_voxel() -> None:
    source = np.array([GROWN, INTERPOLATED, 0, MACHINE], np.uint8)
    none, ones = np.zeros(4, np.uint8), np.ones(4, np.uint8)
    assert authors_after(DERIVED, none, none, ones, source).tolist() == [GROWN, INTERPOLATED, HAND, MACHINE]
    assert shares(np.array([1, 1, 2, 1]), source, 1) == {GROWN: 1, INTERPOLATED: 1, MACHINE: 1}


@pytest.mark.parametrize("name", GRIDS)
def test_possible_holds_sure_and_the_fraction_falls_between_them(name) -> None:
    grid = GRIDS[name]
    everywhere = whole(grid.shape)
    sure = Patch(everywhere, ball(grid, grid.centre_mm, 3.0)).trimmed()
    pair = SurePossible.around(sure, grid, 3.0)
    patch, values = pair.fraction(grid)
    assert (values[sure.on(patch.box)] == MOST).all() and not values[~pair.possible.on(patch.box)].any()
    between = pair.possible.on(patch.box) & ~sure.on(patch.box)
    assert ((values[between] > 0) & (values[between] < MOST)).all()
    back = SurePossible.from_fraction(patch, values)
    assert np.array_equal(back.sure.on(everywhere), sure.on(everywhere))
    assert np.array_equal(back.possible.on(everywhere), pair.possible.on(everywhere))
