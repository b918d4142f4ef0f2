"""What a stream says of its size equals what it was encoded from, and a header that disagrees is refused before decoding."""

import imagecodecs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.formats.guard.codestream import Size, refuse_other_size, size_of

sides = st.integers(1, 70)
ENCODERS = {"JPEG": imagecodecs.jpeg8_encode, "JPEG-LS": imagecodecs.jpegls_encode, "lossless": imagecodecs.ljpeg_encode,
            "JPEG 2000": lambda image: imagecodecs.jpeg2k_encode(image, codecformat="j2k"),
            "JP2": lambda image: imagecodecs.jpeg2k_encode(image, codecformat="jp2"), "HTJ2K": imagecodecs.htj2k_encode}


@pytest.mark.parametrize("kind", ENCODERS)
@given(rows=sides, columns=sides)
def test_sizes_are_read_from_the_stream(kind, rows, columns):
    image = (np.arange(rows * columns) % 251).astype(np.uint8).reshape(rows, columns)
    assert size_of(ENCODERS[kind](image)) == Size(rows, columns, 1, 8)


@pytest.mark.parametrize("kind", ["JPEG", "JPEG-LS", "JPEG 2000"])
def test_colours_count(kind):
    assert size_of(ENCODERS[kind](np.zeros((5, 7, 3), np.uint8))) == Size(5, 7, 3, 8)


@pytest.mark.parametrize("kind", ENCODERS)
def test_another_size_than_the_headers_is_refused(kind):
    data = ENCODERS[kind](np.zeros((5, 7), np.uint8))
    refuse_other_size(data, 5, 7, 1)
    for rows, columns, samples in ((7, 5, 1), (5, 7, 3), (5000, 7000, 1)):
        with pytest.raises(GraticuleError, match="7 × 5 × 1"):
            refuse_other_size(data, rows, columns, samples)


@given(st.binary(max_size=200), st.sampled_from([b"\xff\xd8", b"\xff\x4f\xff\x51", b"\xff\xd8\xff\xe0\0\0", b""]))
def test_noise_states_a_size_or_none(data, start):
    assert size_of(start + data) is None or isinstance(size_of(start + data), Size)
