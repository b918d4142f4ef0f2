"""What a proposal looks like, against the masks it stands for."""

from dataclasses import dataclass

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Box
from graticule.imaging.plane import ViewPlane
from graticule.render.proposed_layer import GAIN, LOSS, ProposedLayer, states_of

GRID = Grid((6, 20, 24), np.eye(4))
COLOUR, LOST = (230, 159, 0), (229, 96, 77)


@dataclass(frozen=True, eq=False)
class Part:
    mask: Array
    box: Box
    own: Array
    value: int
    extent: Box
    gains: bool
    loses: str
    colour: tuple[int, int, int] = COLOUR


def axial(k: float = 3.0, size: int = 1) -> ViewPlane:
    """A pixel a voxel, or `size` pixels a voxel."""
    return ViewPlane(np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([-0.5, -0.5, k]), 1 / size, 24 * size, 20 * size)


def part(gains: bool = True, loses: str = "none") -> Part:
    own = np.zeros(GRID.shape, dtype=np.uint8)
    own[3, 4:10, 4:10] = 7
    box = slice(2, 5), slice(6, 16), slice(6, 16)
    mask = np.ones((3, 10, 10), dtype=bool)
    extent = (slice(0, 6), slice(0, 20), slice(0, 24)) if loses == "rest" else box
    return Part(mask, box, own, 7, extent, gains, loses)


def rgb(pixels: Array) -> Array:
    return np.stack([(pixels >> shift) & 255 for shift in (16, 8, 0)], axis=-1)


def test_gains_leave_what_is_held_alone_and_losses_are_red() -> None:
    layer = ProposedLayer([part(loses="rest")], GRID, LOST)
    layer.draw(axial(), 0.5)
    wanted, held = np.zeros((20, 24), bool), np.zeros((20, 24), bool)
    wanted[6:16, 6:16], held[4:10, 4:10] = True, True
    drawn = layer.pixels != 0
    assert np.array_equal(drawn, (wanted & ~held) | (held & ~wanted))
    red = rgb(layer.pixels)[held & ~wanted].astype(float)
    assert (red[:, 0] > red[:, 1] * 1.8).all()


def test_its_rim_is_two_coloured_and_its_fill_lighter_than_a_label() -> None:
    layer = ProposedLayer([part()], GRID, LOST)
    layer.draw(axial(size=8), 0.5)
    alpha = layer.pixels >> 24
    rim = alpha == 255
    assert len(np.unique(layer.pixels[rim])) == 2 and 0 < alpha[12 * 8, 12 * 8] < 0.5 * 255
    assert not layer.empty


def test_a_plane_beside_it_costs_and_shows_nothing() -> None:
    layer = ProposedLayer([part()], GRID, LOST)
    layer.draw(axial(), 0.5)
    layer.draw(axial(0.0), 0.5)
    assert layer.empty and not layer.pixels.any()


def test_a_range_that_is_being_chosen_keeps_to_its_box() -> None:
    layer = ProposedLayer([], GRID, LOST)
    inside = np.ones((20, 24), dtype=bool)
    layer.draw_range(axial(), inside, COLOUR, 0.5, (slice(0, 6), slice(5, 10), slice(2, 9)))
    ends = np.argwhere(layer.pixels)[[0, -1]]
    assert np.abs(ends - [[5, 2], [9, 8]]).max() <= 1  # to the pixel: it is drawn while the hand still moves
    layer.draw_range(axial(), inside, COLOUR, 0.5, None)
    assert layer.pixels.all()


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.sampled_from(["none", "masked", "rest"]))
def test_states_follow_the_words(seed: int, gains: bool, loses: str) -> None:
    random = np.random.default_rng(seed)
    wanted, held = random.random((9, 7)) < 0.5, random.random((9, 7)) < 0.5
    states = states_of(wanted, held, gains=gains, loses=loses)
    gone = {"none": np.zeros_like(held), "masked": wanted & held, "rest": held & ~wanted}[loses]
    assert np.array_equal(states == LOSS, gone)
    assert np.array_equal(states == GAIN, (wanted & ~held) if gains else np.zeros_like(held))
