"""Limits from headers, and streams that promise more than they hold."""

import gzip
import io
import tracemalloc
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.formats.guard import limits


@given(st.binary(max_size=5000), st.integers(0, 400), st.sampled_from([31, 15, -15, 47]))
def test_a_stream_gives_what_was_packed(data, skip, wbits):
    machine = zlib.compressobj(wbits=31 if wbits == 47 else wbits)
    packed = io.BytesIO(machine.compress(bytes(skip) + data) + machine.flush())
    assert limits.inflate(packed, skip, len(data), wbits) == data if data else True


def test_a_bomb_takes_no_more_memory_than_its_header_asks_for():
    bomb = io.BytesIO(gzip.compress(bytes(300 << 20), 9))
    tracemalloc.start()
    try:
        assert len(limits.inflate(bomb, 1000, 4096)) == 4096
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("data", [b"", b"\x1f\x8b\x08", gzip.compress(b"abc", mtime=0)[:-9], b"not gzip at all"])
def test_what_ends_early_or_is_damaged_is_said(data):
    with pytest.raises(GraticuleError, match=r"cut off|damaged"):
        limits.inflate(io.BytesIO(data), 0, 100)


def test_memory_is_known_and_greed_is_refused_in_gigabytes():
    assert limits.free_memory() > 1 << 28
    limits.refuse_too_large(1 << 20)
    with pytest.raises(GraticuleError, match=r"needs 1,152,921,504.6 GB"):
        limits.refuse_too_large(1 << 60)


@pytest.mark.parametrize("sizes", [(0, 5), (5, -1), (70000, 2)])
def test_impossible_sizes(sizes):
    with pytest.raises(GraticuleError, match="impossible"):
        limits.refuse_impossible(sizes)
