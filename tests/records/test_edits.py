"""Edits as bytes: exact round trips, and hostile bytes that never become an edit."""

import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.edits import Edit, ElementChange, VoxelChange, apply, voxel_change
from graticule.domain.elements import Beat, Region, Unknown
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.records.canonical import canonical
from graticule.records.edits import decode_edit, encode_edit
from graticule.records.frames import decode_frame, encode_frame
from graticule.records.ids import sha256_hex
from label_strategies import SHAPE, edits_for, elements, labels


@given(st.data(), labels())
def test_an_edit_comes_back(data, before):
    edit = data.draw(edits_for(before))
    again = decode_edit(encode_edit(edit))
    assert again == edit
    assert encode_edit(again) == encode_edit(edit)
    after, same = before.copy(), before.copy()
    apply(after, edit)
    apply(same, again)
    assert after == same
    apply(same, decode_edit(encode_edit(edit.inverse())))
    assert same == before


@given(st.lists(elements, min_size=1, max_size=4))
def test_elements_of_every_kind_come_back(made):
    edit = Edit("“Änderung” 心电图", tuple(ElementChange.make(element) for element in made))
    assert decode_edit(encode_edit(edit)) == edit


def _stroke(index) -> Edit:
    return Edit("Paint", (voxel_change("main", Labels(SHAPE).group("main"), np.array(index, np.int64), 1, 1),))


def test_the_types_of_runs_come_back():
    change = decode_edit(encode_edit(_stroke([0, 1, 2, 7, 59]))).changes[0]
    assert change.starts.tolist() == [0, 7, 59] and change.lengths.tolist() == [3, 1, 1]
    assert {change.starts.dtype, change.lengths.dtype} == {np.dtype(np.int64)}
    assert {change.before.dtype, change.after_author.dtype} == {np.dtype(np.uint8)}
    assert change.starts.flags.writeable and change.after.flags.writeable


def test_the_layout_is_frozen():
    edit = Edit("Mark", (ElementChange.make(Beat(id="a", tick=5, symbol="N")), *_stroke([0, 1, 7]).changes))
    head = (
        b'{"changes":[{"after":{"id":"a","symbol":"N","tick":5},"before":null,"id":"a","kind":"beat"},{"group":"main","runs":2}],'
        b'"title":"Mark","v":1}'
    )
    runs = struct.pack("<qqqq", 0, 7, 2, 1) + b"\0\0\1\1\0\0\1\1"
    assert decode_frame(encode_edit(edit)) == struct.pack("<I", len(head)) + head + runs
    assert sha256_hex(decode_frame(encode_edit(edit))) == sha256_hex(struct.pack("<I", len(head)) + head + runs)


@pytest.mark.parametrize(
    ("starts", "lengths"),
    [([5, 3], [1, 1]), ([0, 1], [2, 1]), ([0], [0]), ([-1], [1]), ([0], [-5]), ([2**40], [1]), ([0], [2**34])],
)
def test_runs_that_would_not_come_back_are_never_written(starts, lengths):
    plane = np.zeros(len(starts), np.uint8)
    change = VoxelChange("main", np.array(starts), np.array(lengths), plane, plane, plane, plane)
    with pytest.raises(GraticuleError):
        encode_edit(Edit("x", (change,)))


def test_planes_of_another_type_are_never_written():
    change = VoxelChange("main", np.array([0]), np.array([1]), *[np.array([300])] * 4)
    with pytest.raises(GraticuleError):
        encode_edit(Edit("x", (change,)))


@pytest.mark.parametrize(
    "element",
    [
        Region(id="a", shape="line", space="patient", points=((1.5, 2),)),
        Region(id="a", shape="line", space="patient", points=(), value=28),
        Beat(id="a", tick=True, symbol="N"),
        Beat(id="a", tick=5, symbol="N", extra={"pair": (1, 2)}),
        Unknown(id="a", kind="future", data={"id": "b"}),
    ],
)
def test_an_element_that_would_not_come_back_equal_is_never_written(element):
    with pytest.raises(GraticuleError):
        encode_edit(Edit("x", (ElementChange.make(element),)))


def test_integers_of_numpy_come_back_as_integers():
    edit = Edit("x", (ElementChange.make(Beat(id="a", tick=np.int64(5), symbol="N")),))
    assert type(decode_edit(encode_edit(edit)).changes[0].after.tick) is int


def _packed(head, tail: bytes = b"") -> bytes:
    data = head if isinstance(head, bytes) else canonical(head)
    return encode_frame(struct.pack("<I", len(data)) + data + tail)


RUN = struct.pack("<qq", 0, 1) + b"\0\1\0\1"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        encode_frame(b""),
        encode_frame(b"\xff\xff\xff\xff{}"),
        _packed(b"{"),
        _packed([]),
        _packed({"v": 1}),
        _packed({"v": 2, "title": "x", "changes": []}),
        _packed({"v": 1, "title": 5, "changes": []}),
        _packed({"v": 1, "title": "x", "changes": {}}),
        _packed({"v": 1, "title": "x", "changes": [5]}),
        _packed({"v": 1, "title": "x", "changes": []}, b"rest"),
        _packed({"v": 1, "title": "x", "changes": [{"group": "main", "runs": 1}]}),
        _packed({"v": 1, "title": "x", "changes": [{"group": "main", "runs": 2**50}]}, RUN),
        _packed({"v": 1, "title": "x", "changes": [{"group": "main", "runs": -1}]}, RUN),
        _packed({"v": 1, "title": "x", "changes": [{"group": "main", "runs": True}]}, RUN),
        _packed({"v": 1, "title": "x", "changes": [{"group": 5, "runs": 1}]}, RUN),
        _packed(
            {"v": 1, "title": "x", "changes": [{"group": "main", "runs": 1}]}, struct.pack("<qq", 2**62, 2**62) + b"\0\1\0\1"
        ),
        _packed(
            {"v": 1, "title": "x", "changes": [{"group": "main", "runs": 2}]},
            struct.pack("<qqqq", -(2**63), 2**63 - 1, 1, 1) + bytes(8),
        ),
        _packed(
            {
                "v": 1,
                "title": "x",
                "changes": [{"kind": "beat", "id": "a", "before": None, "after": {"id": "b", "tick": 1, "symbol": "N"}}],
            }
        ),
        _packed({"v": 1, "title": "x", "changes": [{"kind": "beat", "id": "a", "before": None, "after": "x"}]}),
        _packed({"v": 1, "title": "x", "changes": [{"kind": 5, "id": "a", "before": None, "after": None}]}),
    ],
)
def test_hostile_edits_are_refused(data):
    with pytest.raises(GraticuleError):
        decode_edit(data)


def test_a_hostile_count_allocates_nothing():
    data = _packed({"v": 1, "title": "x", "changes": [{"group": "main", "runs": 2**40}]}, RUN)
    tracemalloc.start()
    with pytest.raises(GraticuleError):
        decode_edit(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000


WRITTEN = encode_edit(Edit("Mark", (ElementChange.make(Beat(id="a", tick=5, symbol="N")), *_stroke([0, 1, 7]).changes)))


@given(st.integers(0, len(decode_frame(WRITTEN)) * 8 - 1))
def test_a_flipped_bit_gives_another_edit_or_a_sentence(bit):
    raw = bytearray(decode_frame(WRITTEN))
    raw[bit // 8] ^= 1 << bit % 8
    try:
        edit = decode_edit(encode_frame(bytes(raw)))
        apply(Labels(SHAPE), edit)
    except GraticuleError:
        pass


@given(st.integers(0, len(WRITTEN) - 1), st.binary(max_size=30))
def test_cut_and_arbitrary_bytes_are_refused(cut, data):
    for hostile in (WRITTEN[:cut], data, encode_frame(data), encode_frame(decode_frame(WRITTEN)[:cut])):
        with pytest.raises(GraticuleError):
            decode_edit(hostile)
