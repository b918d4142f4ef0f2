"""The chunk codec: one slice, one chunk, and nothing else is a chunk."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from graticule.domain.errors import GraticuleError
from graticule.records.ids import blob_id
from graticule.records.masks import decode_slice, encode_slice

shapes = st.tuples(st.integers(1, 40), st.integers(1, 40))
slices = shapes.flatmap(lambda shape: arrays.arrays(np.uint8, shape, elements=st.sampled_from([0, 1, 2, 127, 128, 255])))


@given(slices)
def test_a_slice_comes_back(a):
    assert np.array_equal(decode_slice(encode_slice(a), a.shape), a)
    assert encode_slice(np.asfortranarray(a)) == encode_slice(a) == encode_slice(a[::1, ::1])


@given(slices)
def test_the_chunk_is_the_plain_reading_of_its_definition(a):
    assert encode_slice(a) == b"".join(_leb128(value) + _leb128(run) for value, run in _runs(a.reshape(-1).tolist()))


def _runs(values):
    runs = []
    for value in values:
        if runs and runs[-1][0] == value:
            runs[-1][1] += 1
        else:
            runs.append([value, 1])
    return runs


def _leb128(number: int) -> bytes:
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def test_chunks_are_frozen():
    a = np.zeros((512, 512), np.uint8)
    a[100, 200:300] = 200
    assert encode_slice(a).hex() == "00c89103c8016400d4ed0c"
    assert blob_id(encode_slice(a)) == "b1:dd48101424c79835e9aad4e2bb255ab0ba8358275b098fcb144620e9dc780a5b"
    assert encode_slice(np.zeros((1, 1), np.uint8)) == b"\x00\x01"
    assert encode_slice(np.zeros((8192, 8192), np.uint8)) == b"\x00\x80\x80\x80\x20"


@pytest.mark.parametrize(
    "data",
    [
        "",  # nothing
        "00",  # half a pair
        "000500",  # a pair and a half
        "0080",  # ends inside a number
        "0006",  # too long
        "0004",  # too short
        "00050000",  # an empty run
        "00020003",  # two runs that should be one
        "008500",  # a number longer than it must be
        "808001" + "05",  # a value above 255
        "00ffffffff0f",  # a run of four billion
        "00" + "ff" * 9 + "01",  # a run beyond 64 bits
        "00ffffff7f00ffffff7f",  # runs whose sum is large
    ],
)
def test_hostile_chunks_are_refused(data):
    with pytest.raises(GraticuleError, match="damaged"):
        decode_slice(bytes.fromhex(data), (1, 5))


def test_hostile_chunks_allocate_nothing():
    tracemalloc.start()
    for data, shape in (
        (b"\x00\xff\xff\xff\x7f", (8192, 8191)),
        (b"\x00\x80\x80\x80\x20", (1 << 20, 1 << 20)),
        (b"\x00\x01\x01\x01" * 50, (3, 3)),
        (b"", (0, 5)),
        (b"\x00\x01", (-1, -1)),
    ):
        with pytest.raises(GraticuleError):
            decode_slice(data, shape)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000


@given(slices, st.data())
def test_a_damaged_chunk_is_refused_or_is_another_slice(a, data):
    chunk = bytearray(encode_slice(a))
    bit = data.draw(st.integers(0, len(chunk) * 8 - 1))
    chunk[bit // 8] ^= 1 << bit % 8
    try:
        other = decode_slice(bytes(chunk), a.shape)
    except GraticuleError:
        return
    assert encode_slice(other) == bytes(chunk)


@given(slices, st.data())
def test_a_cut_chunk_is_refused(a, data):
    chunk = encode_slice(a)
    with pytest.raises(GraticuleError):
        decode_slice(chunk[: data.draw(st.integers(0, len(chunk) - 1))], a.shape)


@given(st.binary(max_size=60), shapes)
def test_every_slice_has_exactly_one_chunk(data, shape):
    try:
        a = decode_slice(data, shape)
    except GraticuleError:
        return
    assert encode_slice(a) == data


@pytest.mark.parametrize(
    "a", [np.zeros((2, 2), np.int64), np.zeros(4, np.uint8), np.zeros((0, 4), np.uint8), np.zeros((2, 2, 2), np.uint8)]
)
def test_what_is_no_slice_is_refused(a):
    with pytest.raises(GraticuleError):
        encode_slice(a)
