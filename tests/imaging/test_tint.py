"""Labels coloured in one pass, against the plain definition of an outline."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.imaging.kernels.tint import tint
from graticule.render.overlay import edges

FILL, LINE = (np.arange(256, dtype=np.uint32) * step for step in (3, 7))


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_a_rectangle_is_coloured_as_the_whole_view_would_be(seed: int, rim: int) -> None:
    random = np.random.default_rng(seed)
    labels = np.repeat(np.repeat(random.integers(0, 3, (5, 6)), 3, axis=0), 3, axis=1).astype(np.uint8)
    (y0, y1), (x0, x1) = (np.sort(random.choice(size + 1, 2, replace=False)) for size in labels.shape)
    out = np.empty((y1 - y0, x1 - x0), dtype=np.uint32)
    tint(labels, int(x0), int(y0), rim, FILL, LINE, out)
    expected = np.where(edges(labels, rim), LINE[labels], FILL[labels])[y0:y1, x0:x1]
    assert (out == expected).all()


@pytest.mark.parametrize("value", [0, 9])
def test_without_a_rim_there_is_no_outline(value: int) -> None:
    labels = np.zeros((4, 4), dtype=np.uint8)
    labels[1:3, 1:3] = value
    out = np.empty((4, 4), dtype=np.uint32)
    tint(labels, 0, 0, 0, FILL, LINE, out)
    assert (out == FILL[labels]).all()
