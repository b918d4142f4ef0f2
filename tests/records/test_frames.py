"""Frames: what goes in comes out, bombs and torn tails do no harm."""

import contextlib
import io
import struct
import tracemalloc

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.records.frames import LARGEST_BLOB, decode_frame, encode_frame, iter_frames, whole_length, write_frame

FRAME = encode_frame(bytes(1000) + b"mask" * 100)


@given(st.binary(max_size=300), st.sampled_from(["zstd", "stored"]))
def test_a_frame_gives_its_bytes_back(raw, codec):
    assert decode_frame(encode_frame(raw, codec), limit=len(raw)) == raw
    assert decode_frame(encode_frame(raw * 50, codec)) == raw * 50


def test_the_head_is_frozen():
    assert encode_frame(b"ab") == b"GFR1\x00\x02\0\0\0\0\0\0\0ab"
    assert FRAME[:13] == b"GFR1\x01" + struct.pack("<Q", 1400)
    assert FRAME[13:17] == b"\x28\xb5\x2f\xfd"
    assert len(encode_frame(bytes(range(256)))) == 13 + 256


def test_an_unknown_codec_is_refused():
    with pytest.raises(GraticuleError):
        encode_frame(b"", "lzma")


@given(st.integers(0, len(FRAME) - 1))
def test_a_cut_frame_is_refused(cut):
    with pytest.raises(GraticuleError):
        decode_frame(FRAME[:cut])


@given(st.integers(0, len(FRAME) * 8 - 1))
def test_a_flipped_bit_never_crashes(bit):
    data = bytearray(FRAME)
    data[bit // 8] ^= 1 << bit % 8
    with contextlib.suppress(GraticuleError):
        assert len(decode_frame(bytes(data))) == 1400


@given(st.binary(max_size=60))
def test_arbitrary_bytes_are_refused(data):
    for start in (b"", b"GFR1", b"GFR1\x01" + struct.pack("<Q", 50), b"GFR1\x01" + struct.pack("<Q", 50) + b"\x28\xb5\x2f\xfd"):
        with contextlib.suppress(GraticuleError):
            decode_frame(start + data)


def _bomb(stated: int, real: int = 1 << 30) -> bytes:
    packed = zstandard.ZstdCompressor().compressobj(size=real)
    body = b"".join(packed.compress(bytes(1 << 24)) for _ in range(real >> 24)) + packed.flush()
    return struct.pack("<4sBQ", b"GFR1", 1, stated) + body


def test_a_bomb_allocates_nothing():
    bomb = _bomb(1 << 30)
    assert len(bomb) < 200_000
    unsized = zstandard.ZstdCompressor(write_content_size=False).compress(bytes(1 << 20))
    tracemalloc.start()
    for data in (
        bomb,
        _reheaded(bomb, 10),
        _reheaded(bomb, LARGEST_BLOB),
        _reheaded(bomb, 2**64 - 1),
        _reheaded(bomb[:13] + unsized, 1 << 20),
    ):
        with pytest.raises(GraticuleError):
            decode_frame(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000


def _reheaded(frame: bytes, stated: int) -> bytes:
    return frame[:5] + struct.pack("<Q", stated) + frame[13:]


def _recorded(bodies: list[bytes]) -> bytes:
    stream = io.BytesIO()
    for body in bodies:
        write_frame(stream, body)
    return stream.getvalue()


@given(st.lists(st.binary(max_size=20), max_size=6))
def test_a_recorder_file_gives_its_records_back(bodies):
    data = _recorded(bodies)
    assert list(iter_frames(io.BytesIO(data))) == bodies
    assert whole_length(io.BytesIO(data)) == len(data)


@given(st.lists(st.binary(max_size=20), min_size=1, max_size=6), st.data(), st.sampled_from(["cut", "zeros", "noise"]))
def test_a_torn_tail_ends_the_file_without_harm_to_what_stands_before(bodies, data, how):
    whole = _recorded(bodies)
    cut = data.draw(st.integers(0, len(whole)))
    tail = {"cut": b"", "zeros": bytes(64), "noise": data.draw(st.binary(max_size=64))}[how]
    kept = list(iter_frames(io.BytesIO(whole[:cut] + tail)))
    before = [body for n, body in enumerate(bodies) if len(_recorded(bodies[: n + 1])) <= cut]
    assert kept[: len(before)] == before
    if how == "cut":
        assert kept == before


def test_zeros_are_no_records():
    assert list(iter_frames(io.BytesIO(bytes(1000)))) == []


def test_a_length_beyond_reason_reads_nothing():
    assert list(iter_frames(io.BytesIO(b"\xff" * 100))) == []


def test_the_recorder_refuses_what_it_could_not_read_back():
    with pytest.raises(GraticuleError):
        write_frame(io.BytesIO(), bytes(LARGEST_BLOB + 1))
