"""Operations on whole segments against SciPy and SimpleITK, on even, uneven and tilted stacks."""

from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk
from scipy import ndimage

from fakes.segment_room import Room, made
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import AUTHOR_GROWN, AUTHOR_HAND, AUTHOR_MACHINE
from graticule.editing.operations.combine import CLEAR, Combine, CombineOptions
from graticule.editing.operations.fill_holes import SLICES, FillHoles
from graticule.editing.operations.hollow import Hollow
from graticule.editing.operations.keep_largest import KeepLargest
from graticule.editing.operations.listed import operations
from graticule.editing.operations.margin import GROW, SHRINK, Margin
from graticule.editing.operations.material import Cut, Sheet
from graticule.editing.operations.merge import Merge
from graticule.editing.operations.possible import Possible
from graticule.editing.operations.remove_small import VOXELS, RemoveSmall
from graticule.editing.operations.smooth import TOGETHER, Smooth
from graticule.editing.operations.split import BY_PLANE, Split
from graticule.editing.paint_rules import ALL, PaintRules
from graticule.imaging.logic import ADD, COPY, INTERSECT, INVERT, SUBTRACT
from graticule.imaging.margins import INNER, MIDDLE, OUTER
from graticule.imaging.smoothing import CLOSE, GAUSSIAN, MEDIAN, OPEN, smooth_together
from segmentation_grids import GRIDS, ball, centres


def lumps(grid: Grid) -> np.ndarray:
    """Three parts of different sizes, one of them with a hole."""
    k, j, i = (np.array(grid.shape) * [[0.5, 0.5, 0.35]]).astype(int)[0]
    main = ball(grid, grid.to_patient((i, j, k)), 5.0)
    main[k, j, i] = False
    main[2, 2:4, 15:18] = True
    main[-2, -3, 2] = True
    return main


EVERYWHERE = pytest.mark.parametrize("grid", GRIDS.values(), ids=GRIDS)
FULL = np.ones((3, 3, 3), bool)


@EVERYWHERE
def test_islands_are_those_of_scipy(grid) -> None:
    mask = lumps(grid)
    parts, howmany = ndimage.label(mask, FULL)
    sizes = np.bincount(parts.ravel())[1:]
    assert howmany == 3
    room = Room(grid, ("a", mask))
    before = room.labels.copy()
    room.do(made(KeepLargest(), howmany=2))
    assert np.array_equal(room.mask("a"), np.isin(parts, 1 + np.argsort(-sizes)[:2])) and room.undone(before)
    room.do(made(RemoveSmall(), by=VOXELS, below_voxels=3))
    assert np.array_equal(room.mask("a"), np.isin(parts, 1 + np.flatnonzero(sizes >= 3)))
    ml = ndimage.sum_labels(np.broadcast_to(grid.slice_ml[:, None, None], mask.shape), parts, np.arange(1, 4))
    room = Room(grid, ("a", mask))
    below = float(np.sort(ml)[1] + 1e-9)
    room.do(made(RemoveSmall(), below_ml=below))
    assert np.array_equal(room.mask("a"), np.isin(parts, 1 + np.flatnonzero(ml >= below)))


@EVERYWHERE
def test_holes_are_those_of_scipy_in_space_and_in_slices(grid) -> None:
    room = Room(grid, ("a", lumps(grid)))
    room.do(FillHoles())
    assert np.array_equal(room.mask("a"), ndimage.binary_fill_holes(lumps(grid)))
    open_ring = lumps(grid)
    k, j, i = np.argwhere(ndimage.binary_fill_holes(open_ring) & ~open_ring)[0]
    open_ring[:, j, i] = False
    flat = np.stack([ndimage.binary_fill_holes(layer) for layer in open_ring])
    one, two = Room(grid, ("a", open_ring)), Room(grid, ("a", open_ring))
    one.do(made(FillHoles(), where=SLICES))
    assert np.array_equal(one.mask("a"), flat)
    two.do(FillHoles(), cut=Cut(0, int(k)))
    alone = open_ring.copy()
    alone[k] = flat[k]
    assert np.array_equal(two.mask("a"), alone), "only the slice shown"


@EVERYWHERE
@pytest.mark.parametrize("way", [GROW, SHRINK])
def test_a_margin_is_the_exact_distance_between_centres(grid, way) -> None:
    mask = lumps(grid)
    room = Room(grid, ("a", mask))
    room.do(made(Margin(), way=way, margin_mm=2.5))
    at, seeds = centres(grid).reshape(-1, 3), centres(grid)[mask if way == GROW else ~mask]
    near = np.array([np.sqrt(((seeds - p) ** 2).sum(axis=1).min()) for p in at]).reshape(grid.shape)
    wanted = near <= 2.5 + 1e-4 if way == GROW else mask & (near > 2.5 + 1e-4)
    assert np.array_equal(room.mask("a"), wanted)
    if way == GROW:
        assert set(np.unique(room.authors("a"))) == {AUTHOR_HAND, AUTHOR_GROWN}


def test_a_margin_is_that_of_simpleitk_on_an_even_stack() -> None:
    grid, mask = GRIDS["even"], lumps(GRIDS["even"])
    image = sitk.GetImageFromArray(mask.astype(np.uint8))
    image.SetSpacing(grid.spacing_mm[::-1])
    outside = sitk.GetArrayFromImage(sitk.DanielssonDistanceMap(image, inputIsBinary=True, useImageSpacing=True))
    room = Room(grid, ("a", mask))
    room.do(made(Margin(), margin_mm=4.0))
    assert np.array_equal(room.mask("a"), outside <= 4.0 + 1e-4)


@EVERYWHERE
def test_in_one_slice_a_margin_is_two_dimensional_and_the_rest_stays(grid) -> None:
    mask = lumps(grid)
    for cut in (Cut(0, 5), Cut(1, 9), Cut(2, 7)):
        room = Room(grid, ("a", mask))
        room.do(made(Margin(), margin_mm=2.0), cut=cut)
        at, layer = np.moveaxis(centres(grid), cut.axis, 0)[cut.at], np.moveaxis(mask, cut.axis, 0)[cut.at]
        near = np.linalg.norm(at[:, :, None] - at[layer][None, None], axis=-1).min(axis=2)
        wanted = mask.copy()
        np.moveaxis(wanted, cut.axis, 0)[cut.at] = near <= 2.0 + 1e-4
        assert np.array_equal(room.mask("a"), wanted)


@pytest.mark.parametrize("wall", [INNER, MIDDLE, OUTER])
def test_hollow_is_a_shell_between_two_margins(wall) -> None:
    grid, mask = GRIDS["uneven"], lumps(GRIDS["uneven"])
    room = Room(grid, ("a", mask))
    room.do(made(Hollow(), wall=wall, thickness_mm=2.0))
    out, inner = {INNER: (2.0, 0.0), MIDDLE: (1.0, 1.0), OUTER: (0.0, 2.0)}[wall]
    grown, shrunk = Room(grid, ("a", mask)), Room(grid, ("a", mask))
    if out:
        grown.do(made(Margin(), margin_mm=out))
    if inner:
        shrunk.do(made(Margin(), way=SHRINK, margin_mm=inner))
    assert np.array_equal(room.mask("a"), grown.mask("a") & ~shrunk.mask("a"))


def test_smoothing_agrees_with_scipy_on_an_even_stack() -> None:
    grid = Grid((20, 40, 40), np.diag([1.0, 1.0, 2.0, 1.0]))
    rng = np.random.default_rng(1)
    mask = ball(grid, grid.centre_mm, 13.0) ^ (rng.random(grid.shape) < 0.03)
    reach = np.indices((3, 5, 5)) - np.array([1, 2, 2])[:, None, None, None]
    near = (reach * np.array([2, 1, 1])[:, None, None, None]) ** 2
    footprint = near.sum(axis=0) <= 4
    counts = ndimage.convolve(mask.astype(int), footprint.astype(int), mode="constant")
    inside = ndimage.convolve(np.ones(grid.shape, int), footprint.astype(int), mode="constant")
    room = Room(grid, ("a", mask))
    room.do(made(Smooth(), method=MEDIAN, size_mm=2.0))
    deep = inside == footprint.sum()
    assert np.array_equal(room.mask("a")[deep], (counts > footprint.sum() / 2)[deep])
    room = Room(grid, ("a", mask))
    room.do(made(Smooth(), method=GAUSSIAN, size_mm=2.0))
    blurred = ndimage.gaussian_filter(mask.astype(float), (1.0, 2.0, 2.0), mode="constant", truncate=3)
    sure = np.abs(blurred - 0.5) > 0.01
    assert np.array_equal(room.mask("a")[deep & sure], (blurred > 0.5)[deep & sure])
    ballish = ndimage.binary_opening(mask, footprint)
    room = Room(grid, ("a", mask))
    room.do(made(Smooth(), method=OPEN, size_mm=2.0))
    assert np.array_equal(room.mask("a")[deep], ballish[deep])
    room = Room(grid, ("a", mask))
    room.do(made(Smooth(), method=CLOSE, size_mm=2.0))
    assert np.array_equal(room.mask("a")[2:-2, 4:-4, 4:-4], ndimage.binary_closing(mask, footprint)[2:-2, 4:-4, 4:-4])


def test_smoothed_together_no_gap_opens_and_what_is_locked_stays() -> None:
    grid = Grid((16, 40, 40), np.diag([1.0, 1.0, 2.0, 1.0]))
    whole = ball(grid, grid.centre_mm, 13.0)
    zigzag = (np.indices(grid.shape)[2] + 3 * (np.indices(grid.shape)[1] % 4 < 2)) > 20
    room = Room(grid, ("a", whole & zigzag), ("b", whole & ~zigzag))
    operation = made(Smooth(), method=TOGETHER, size_mm=2.0)
    proposal = room.plan(operation, "a", "b")
    assert {part.segment for part in proposal.parts} == {"a", "b"}
    room.do(operation, "a", "b")
    core = ball(grid, grid.centre_mm, 9.0)
    assert not (core & ~room.mask("a") & ~room.mask("b")).any() and not np.array_equal(room.mask("a"), whole & zigzag)
    room = Room(grid, ("a", whole & zigzag), ("b", whole & ~zigzag))
    room.workspace.set("Lock", replace(room.labels.get(Segment, "b"), locked=True))
    room.do(operation, "a")
    assert np.array_equal(room.mask("b"), whole & ~zigzag)


def test_smoothed_together_the_box_does_not_matter() -> None:
    grid = GRIDS["uneven"]
    one = ball(grid, np.add(grid.centre_mm, (-1.5, 0, 0)), 4.0)
    two = ball(grid, np.add(grid.centre_mm, (2.5, 0, 0)), 4.0) & ~one
    room = Room(grid, ("a", one), ("b", two))
    room.do(made(Smooth(), method=TOGETHER, size_mm=1.5), "a", "b")
    whole = smooth_together((one + 2 * two).astype(np.uint8), grid, 1.5)
    assert np.array_equal(room.labels.group("1").values, whole)


def test_a_margin_stops_at_protected_segments_and_says_so() -> None:
    grid = GRIDS["even"]
    mask = ball(grid, grid.centre_mm, 4.0)
    beside = ball(grid, np.add(grid.centre_mm, (8.0, 0, 0)), 3.5) & ~mask
    room = Room(grid, ("a", mask), ("b", beside))
    proposal = room.do(made(Margin(), margin_mm=6.0))
    assert np.array_equal(room.mask("b"), beside) and "Stops at" in proposal.warning
    room = Room(grid, ("a", mask), ("b", beside))
    room.bench.paint = PaintRules(over=ALL)
    assert room.do(made(Margin(), margin_mm=6.0)).warning == "" and room.mask("b").sum() < beside.sum()
    room.workspace.set("Lock", replace(room.labels.get(Segment, "a"), locked=True))
    with pytest.raises(GraticuleError, match="locked"):
        room.plan(Margin())


@pytest.mark.parametrize("how", [ADD, SUBTRACT, INTERSECT, COPY, INVERT, CLEAR])
@pytest.mark.parametrize("groups", [{}, {"b": "2"}], ids=["one group", "two groups"])
def test_two_segments_combine_as_sets_and_keep_their_makers(how, groups) -> None:
    grid = GRIDS["oblique"]
    one, two = ball(grid, grid.centre_mm, 5.0), ball(grid, np.add(grid.centre_mm, (3.0, 2, 1)), 5.0)
    if not groups:
        two = two & ~one
    room = Room(grid, ("a", one), groups=groups)
    room.add("b", two, groups.get("b", "1"), AUTHOR_MACHINE)
    before = room.labels.copy()
    wanted = {ADD: one | two, SUBTRACT: one & ~two, INTERSECT: one & two, COPY: two, INVERT: ~one if groups else ~one & ~two,
              CLEAR: one & False}[how]
    operation = Combine()
    operation.options = CombineOptions(how, "b")
    if np.array_equal(one, wanted):
        assert room.plan(operation).parts == ()
        return
    room.do(operation)
    assert np.array_equal(room.mask("a"), wanted)
    if how in (ADD, COPY):
        makers = room.labels.group("1").authors
        assert set(np.unique(makers[two & ~one])) == {AUTHOR_MACHINE}
        assert np.array_equal(room.mask("b"), two if groups else two & False)
    else:
        assert np.array_equal(room.mask("b"), two)
    assert room.undone(before)


@pytest.mark.parametrize("groups", [{}, {"b": "2"}], ids=["one group", "two groups"])
def test_merging_is_one_act_with_voxels_and_entry(groups) -> None:
    grid = GRIDS["tilted"]
    one, two = ball(grid, grid.centre_mm, 5.0), ball(grid, np.add(grid.centre_mm, (6.0, 0, 0)), 5.0)
    if not groups:
        two &= ~one
    room = Room(grid, ("a", one), groups=groups)
    room.add("b", two, groups.get("b", "1"), AUTHOR_MACHINE)
    before = room.labels.copy()
    room.do(made(Merge(), other="b"))
    assert [segment.id for segment in room.labels.of(Segment)] == ["a"] and np.array_equal(room.mask("a"), one | two)
    assert all(int(group.counts[1:].sum()) in (0, int((one | two).sum())) for group in room.labels.groups.values())
    assert set(np.unique(room.authors("a"))) == {AUTHOR_HAND, AUTHOR_MACHINE}
    assert room.workspace.undo_title == "Merge b into a" and room.undone(before)


def test_a_locked_segment_is_not_merged_away() -> None:
    grid = GRIDS["even"]
    room = Room(grid, ("a", ball(grid, grid.centre_mm, 3.0)), ("b", ball(grid, np.add(grid.centre_mm, (8, 0, 0)), 3.0)))
    room.workspace.set("Lock", replace(room.labels.get(Segment, "b"), locked=True))
    with pytest.raises(GraticuleError, match="locked"):
        room.plan(made(Merge(), other="b"))


@EVERYWHERE
def test_splitting_numbers_the_parts_by_size_in_one_act(grid) -> None:
    mask = lumps(grid)
    parts, _ = ndimage.label(mask, FULL)
    order = 1 + np.argsort(-np.bincount(parts.ravel())[1:], kind="stable")
    room = Room(grid, ("a", mask))
    before = room.labels.copy()
    room.do(made(Split(), below_ml=0.0))
    segments = room.labels.of(Segment)
    assert [s.name for s in segments] == ["a", "a 2", "a 3"] and len({s.colour for s in segments}) == 3
    assert [s.number for s in segments] == [1, 2, 3] and len({s.value for s in segments}) == 3
    for segment, part in zip(segments, order, strict=True):
        assert np.array_equal(room.mask(segment.id), parts == part)
        assert set(room.authors(segment.id)) == {AUTHOR_HAND}
    assert room.undone(before)


@EVERYWHERE
def test_splitting_at_a_plane_parts_by_the_place_of_the_centres(grid) -> None:
    mask = ball(grid, grid.centre_mm, 5.0)
    normal = np.array([0.3, -0.5, 0.81])
    normal /= np.linalg.norm(normal)
    plane = Sheet(grid.centre_mm + 0.7, normal)
    room = Room(grid, ("a", mask))
    room.do(made(Split(), by=BY_PLANE), plane=plane)
    beyond = mask & ((centres(grid) - plane.point) @ normal > 0)
    small, large = sorted((beyond, mask & ~beyond), key=np.count_nonzero)
    assert np.array_equal(room.mask("a"), large) and np.array_equal(room.mask("new-1"), small)


def test_a_possible_boundary_comes_with_a_margin_and_is_one_act() -> None:
    grid = GRIDS["uneven"]
    mask = ball(grid, grid.centre_mm, 4.0)
    room = Room(grid, ("a", mask))
    before = room.labels.copy()
    proposal = room.do(made(Possible(), doubt_mm=3.0))
    outer = room.labels.possible_of(room.labels.get(Segment, "a"))
    assert outer is not None and outer.group != "1" and outer.possible_of == "a" and "possible" in proposal.note
    grown = Room(grid, ("a", mask))
    grown.do(made(Margin(), margin_mm=3.0))
    assert np.array_equal(room.mask(outer.id), grown.mask("a"))
    assert set(room.labels.group(outer.group).authors[mask]) == {AUTHOR_HAND}
    assert room.undone(before)


def test_every_operation_says_when_nothing_would_change_and_changes_nothing_by_itself() -> None:
    grid = GRIDS["even"]
    mask = ball(grid, grid.centre_mm, 4.0)
    for operation in operations():
        room = Room(grid, ("a", mask), ("b", np.zeros_like(mask)))
        if hasattr(operation.options, "other"):
            operation.options = replace(operation.options, other="b")
        before = room.labels.copy()
        proposal = room.plan(operation)
        assert room.labels == before and (proposal.parts or proposal.removes or proposal.note), operation.name
