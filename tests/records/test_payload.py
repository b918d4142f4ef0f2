"""Payloads: equal labels are equal bytes, come back whole, and hostile bytes are refused."""

import contextlib
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.beats import beat_change
from graticule.domain.codes import Code
from graticule.domain.edits import Edit, apply, voxel_change
from graticule.domain.elements import Beat, Note, Region, Segment, kind_of
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.records.canonical import canonical, parse
from graticule.records.ids import blob_id
from graticule.records.masks import encode_slice
from graticule.records.payload import Packed, decode_labels, encode_labels, payload_blobs, payload_grid, read_payload
from graticule.records.revision import BlobRef
from label_strategies import SHAPE, json_values, labels

GRID = Grid(SHAPE, np.array([[0.7, 0, 0.1, -120.123456789], [0, 0.7, 0, 33], [-0.0, 0, 2.5, 1e3], [0, 0, 0, 1]]))


def _decoded(packed: Packed) -> Labels:
    return decode_labels(packed.payload, packed.blobs.__getitem__, SHAPE)


@given(labels())
def test_labels_come_back(made):
    packed = encode_labels(made, GRID)
    again = _decoded(packed)
    assert again == made
    assert encode_labels(again, GRID) == packed
    assert payload_blobs(packed.payload) == sorted(packed.blobs)
    assert all(blob_id(data) == name for name, data in packed.blobs.items())
    for name, group in again.groups.items():
        assert np.array_equal(group.counts, np.bincount(group.values.reshape(-1), minlength=256))
        assert np.array_equal(group.counts, made.groups[name].counts)


@given(labels(), st.randoms())
def test_equal_labels_are_equal_bytes_in_whatever_order_they_were_made(made, random):
    elements = list(made.all())
    random.shuffle(elements)
    other = Labels(SHAPE)
    for element in elements:
        other.put(kind_of(element), element.id, element)
    other.extra = dict(reversed(made.extra.items()))
    other.group("never used")
    for name in reversed(list(made.groups)):
        group = made.groups[name]
        index = np.flatnonzero(group.values.reshape(-1) | group.authors.reshape(-1))
        for part in (index[::2], index[1::2]):
            stroke = voxel_change(name, other.group(name), part, group.values.reshape(-1)[part], group.authors.reshape(-1)[part])
            apply(other, Edit("x", (stroke,) if stroke else ()))
    for lead, table in made.beats.items():
        for part in (slice(1, None, 2), slice(0, None, 2)):
            rows = beat_change(lead, other.beat_table(lead), table.ticks[part], table.symbols[part], table.authors[part])
            apply(other, Edit("x", (rows,) if rows else ()))
    assert other == made
    assert encode_labels(other, GRID) == encode_labels(made, GRID)


@given(labels(), labels())
def test_different_labels_are_different_bytes(one, two):
    assert (encode_labels(one, GRID) == encode_labels(two, GRID)) == (one == two)


def test_the_payload_is_frozen():
    made = Labels(SHAPE)
    made.put("note", "n", Note(id="n", text="naïve"))
    made.put("beat", "b", Beat(id="b", tick=1, symbol="N", code=Code("graticule", "normal", "1")))
    made.extra = {"lesions": []}
    apply(made, Edit("x", (voxel_change("main", made.group("main"), np.arange(23, 27), 3, 1),)))
    packed = encode_labels(made, GRID)
    values, authors = blob_id(b"\x00\x03\x03\x04\x00\x0d"), blob_id(b"\x00\x03\x01\x04\x00\x0d")
    assert packed.payload.decode() == (
        '{"elements":{"beat":[{"code":["graticule","normal","1"],"id":"b","symbol":"N","tick":1}],"note":[{"id":"n","text":"naïve"}]},'
        '"groups":{"main":{"affine":["0.700000000","0.000000000","0.100000000","-120.123456789","0.000000000","0.700000000","0.000000000",'
        '"33.000000000","0.000000000","0.000000000","2.500000000","1000.000000000"],'
        f'"authors":[[1,"{authors}"]],"shape":[3,4,5],"values":[[1,"{values}"]]}}}},"lesions":[],"v":1}}'
    )
    assert packed.id == blob_id(packed.payload)
    assert packed.blobs[values] == b"\x00\x03\x03\x04\x00\x0d"
    assert packed.refs() == tuple(sorted((BlobRef(values, "mask", 6), BlobRef(authors, "mask", 6)), key=lambda ref: ref.id))


def test_labels_without_a_grid():
    made = Labels()
    made.put("beat", "b", Beat(id="b", tick=1, symbol="N"))
    packed = encode_labels(made, None)
    assert packed.payload == b'{"elements":{"beat":[{"id":"b","symbol":"N","tick":1}]},"groups":{},"v":1}'
    assert decode_labels(packed.payload, packed.blobs.__getitem__) == made
    assert payload_grid(packed.payload) is None
    assert encode_labels(Labels(), None).payload == b'{"elements":{},"groups":{},"v":1}'


def test_a_mask_without_a_place_comes_back():
    packed = encode_labels(_painted(), None)
    assert payload_grid(packed.payload) is None
    assert decode_labels(packed.payload, packed.blobs.__getitem__) == _painted()


def test_the_grid_comes_back():
    grid = payload_grid(encode_labels(_painted(), GRID).payload)
    assert grid is not None and grid.same_as(GRID, tolerance_mm=1e-6)
    assert grid.shape == SHAPE


def _painted() -> Labels:
    made = Labels(SHAPE)
    apply(made, Edit("x", (voxel_change("main", made.group("main"), np.arange(23, 27), 3, 1),)))
    return made


def test_an_erased_voxel_keeps_its_author():
    made = _painted()
    apply(made, Edit("erase", (voxel_change("main", made.group("main"), np.arange(23, 25), 0, 1),)))
    again = _decoded(encode_labels(made, GRID))
    assert again == made and again.groups["main"].authors[1, 0, 4] == 1


def test_editing_goes_on_after_decoding():
    again = _decoded(encode_labels(_painted(), GRID))
    stroke = voxel_change("main", again.group("main"), np.arange(0, 60), 9, 2)
    apply(again, Edit("x", (stroke,)))
    assert again.groups["main"].box == (slice(0, 3), slice(0, 4), slice(0, 5))


def test_another_grid_is_refused():
    other = Grid((3, 4, 6), GRID.affine)
    with pytest.raises(GraticuleError, match="another size"):
        encode_labels(_painted(), other)
    packed = encode_labels(_painted(), GRID)
    with pytest.raises(GraticuleError, match="another size"):
        decode_labels(packed.payload, packed.blobs.__getitem__, (3, 4, 6))


def test_a_grid_beyond_reason_is_refused():
    with pytest.raises(GraticuleError, match="too far"):
        encode_labels(_painted(), Grid(SHAPE, GRID.affine + np.diag([1e12, 0, 0, 0])))


def test_an_element_with_a_fraction_is_refused():
    made = Labels()
    made.put("region", "a", Region(id="a", shape="line", space="patient", points=((1.5, 2),)))
    with pytest.raises(GraticuleError, match="decimal point"):
        encode_labels(made, None)


def test_a_segment_and_its_code_come_back():
    code = Code("graticule", "liver", "1")
    made = Labels(SHAPE)
    made.put(
        "segment", "s", Segment(id="s", group="main", value=3, colour="#ff0000", category=code, type=code, extra={"x-new": [1]})
    )
    again = _decoded(encode_labels(made, GRID))
    assert again.get(Segment, "s").type == code and again == made


PACKED = encode_labels(_painted(), GRID)
DOCUMENT = parse(PACKED.payload)
MASK = DOCUMENT["groups"]["main"]["values"][0][1]


def _with_group(**changes) -> bytes:
    return canonical({**DOCUMENT, "groups": {"main": {**DOCUMENT["groups"]["main"], **changes}}})


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"{}",
        b'{"v":1}',
        b'{"elements":{},"groups":{},"v":2}',
        b'{"elements":{},"groups":{},"v":true}',
        b'{"elements":[],"groups":{},"v":1}',
        b'{"elements":{},"groups":[],"v":1}',
        b'{"elements":{"beat":{}},"groups":{},"v":1}',
        b'{"elements":{"beat":[5]},"groups":{},"v":1}',
        b'{"elements":{"beat":[{"id":"a"}]},"groups":{},"v":1}',
        b'{"elements":{"note":[{"id":"a","text":"x"},{"id":"a","text":"y"}]},"groups":{},"v":1}',
        b'{"elements":{"x":[{"id":5},{"id":"5"}]},"groups":{},"v":1}',
        b'{"elements":{},"groups":{"main":{}},"v":1}',
        _with_group(shape=[3, 4]),
        _with_group(shape=[3, 4, 0]),
        _with_group(shape=[3, 4, True]),
        _with_group(shape="345"),
        _with_group(shape=[3, 4, 6]),
        _with_group(shape=[2**40, 4, 5]),
        _with_group(shape=[3, 2**20, 2**20]),
        _with_group(shape=[2**52, 2**13, 2**13]),
        _with_group(affine=["1"]),
        _with_group(affine=["x"] * 12),
        _with_group(affine=[1] * 12),
        _with_group(affine=["0." + "0" * 40] * 12),
        _with_group(values=[[3, MASK]]),
        _with_group(values=[[-1, MASK]]),
        _with_group(values=[[1, MASK], [1, MASK]]),
        _with_group(values=[[2, MASK], [1, MASK]]),
        _with_group(values=[[True, MASK]]),
        _with_group(values=[[1]]),
        _with_group(values=[1]),
        _with_group(values={}),
        _with_group(values=[[1, "b1:../x"]]),
        _with_group(values=[[1, None]]),
        _with_group(note=1),
    ],
)
def test_hostile_payloads_are_refused(payload):
    with pytest.raises(GraticuleError):
        decode_labels(payload, PACKED.blobs.__getitem__, SHAPE)


def test_a_slice_that_is_not_the_one_it_names_is_refused():
    for data in (b"", b"\x00\x14", encode_slice(np.ones((4, 5), np.uint8))):
        with pytest.raises(GraticuleError, match="damaged"):
            decode_labels(PACKED.payload, lambda name, data=data: data)
    short = encode_slice(np.ones((2, 2), np.uint8))
    with pytest.raises(GraticuleError, match="damaged"):
        decode_labels(_with_group(values=[[1, blob_id(short)]], authors=[]), lambda name: short)


def test_many_hostile_groups_allocate_nothing():
    group = {"affine": [], "authors": [], "shape": [2**17, 64, 64], "values": []}
    payload = canonical({"v": 1, "elements": {}, "groups": {str(n): group for n in range(1000)}})
    tracemalloc.start()
    with pytest.raises(GraticuleError, match="memory"):
        decode_labels(payload, PACKED.blobs.__getitem__)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4_000_000


@given(st.integers(0, len(PACKED.payload) * 8 - 1))
def test_a_flipped_bit_gives_other_labels_or_a_sentence(bit):
    data = bytearray(PACKED.payload)
    data[bit // 8] ^= 1 << bit % 8
    with contextlib.suppress(GraticuleError):
        decode_labels(bytes(data), lambda name: PACKED.blobs.get(name, b""), SHAPE)


@given(st.sampled_from(["elements", "groups", "v", "new"]), json_values)
def test_whatever_stands_in_a_field_there_are_labels_or_a_sentence(name, value):
    try:
        payload = canonical({**DOCUMENT, name: value})
        assert encode_labels(decode_labels(payload, PACKED.blobs.__getitem__), GRID)
    except GraticuleError:
        pass


def test_the_form_can_be_read_without_the_slices():
    assert read_payload(PACKED.payload)["groups"].keys() == {"main"}
