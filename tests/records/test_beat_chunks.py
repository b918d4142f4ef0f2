"""The bytes of beats: frozen, with one spelling each, and strict about every other."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.beats import BeatTable, beat_change
from graticule.domain.edits import Edit, apply
from graticule.domain.elements import Beat
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_HAND, Labels
from graticule.records.beats import CHUNK_TICKS, decode_chunk, encode_table
from graticule.records.canonical import parse
from graticule.records.edits import decode_edit, encode_edit
from graticule.records.ids import blob_id
from graticule.records.payload import decode_labels, encode_labels, payload_blobs


def made() -> Labels:
    labels = Labels()
    change = beat_change("", labels.beat_table(), np.array([5, CHUNK_TICKS - 1, CHUNK_TICKS, 3 * CHUNK_TICKS + 7]),
                         np.array([ord(c) for c in "NVS/"]), AUTHOR_HAND)
    apply(labels, Edit("x", (change,)))
    return labels


def test_the_bytes_of_a_chunk_are_frozen():
    table = made().beats[""]
    assert [(n, data.hex()) for n, data in encode_table(table)] == [
        (0, "05000000" "faff0f00" "4e56" "0101"), (1, "00000000" "53" "01"), (3, "07000000" "2f" "01")]


def test_labels_with_beats_come_back_and_name_their_chunks():
    labels = made()
    packed = encode_labels(labels, None)
    assert decode_labels(packed.payload, packed.blobs.__getitem__) == labels
    assert payload_blobs(packed.payload) == sorted(packed.blobs)
    assert {(ref.id, ref.role) for ref in packed.refs()} == {(name, "beats") for name in packed.blobs}
    assert parse(packed.payload)["v"] == 1


def test_labels_without_tables_keep_the_bytes_they_always_had():
    labels = Labels()
    labels.put("beat", "b", Beat(id="b", tick=1, symbol="N"))
    labels.beat_table("never used")
    assert encode_labels(labels, None).payload == b'{"elements":{"beat":[{"id":"b","symbol":"N","tick":1}]},"groups":{},"v":1}'


def test_one_beat_in_fourteen_days_makes_one_new_chunk():
    ticks = np.arange(0, 14 * 86400 * 250, 2000)
    labels = Labels()
    labels.beat_table().fill(ticks, np.full(ticks.size, ord("N"), np.uint8), np.full(ticks.size, AUTHOR_HAND, np.uint8))
    before = encode_labels(labels, None)
    apply(labels, Edit("x", (beat_change("", labels.beat_table(), ticks[7:8], ord("V"), AUTHOR_HAND),)))
    after = encode_labels(labels, None)
    assert len(set(after.blobs) - set(before.blobs)) == 1
    assert len(after.blobs) <= 289


@pytest.mark.parametrize("data", [b"", b"12345", bytes.fromhex("05000000" "4e" "00"), bytes.fromhex("05000000" "00" "01"),
                                  bytes.fromhex("05000000" "00000000" "4e4e" "0101"), bytes.fromhex("00001000" "4e" "01")])
def test_another_spelling_of_rows_is_refused(data):
    with pytest.raises(GraticuleError, match="damaged"):
        decode_chunk(0, data)


@given(st.binary(max_size=40))
def test_any_bytes_are_one_spelling_or_refused(data):
    try:
        ticks, symbols, authors = decode_chunk(2, data)
    except GraticuleError:
        return
    table = BeatTable()
    table.fill(ticks, symbols, authors)
    assert list(encode_table(table)) == [(2, data)]


def test_a_payload_whose_chunk_is_another_is_refused():
    packed = encode_labels(made(), None)
    with pytest.raises(GraticuleError, match="not the one it names"):
        decode_labels(packed.payload, lambda name: b"\x06\x00\x00\x00N\x01")


def test_an_act_on_100_000_beats_is_small_and_comes_back():
    labels = Labels()
    rng = np.random.default_rng(0)
    ticks = np.cumsum(rng.integers(150, 260, 100_000))
    edit = Edit("Accept 100,000 beats", (beat_change("", labels.beat_table(), ticks, ord("N"), 4),))
    data = encode_edit(edit)
    assert decode_edit(data) == edit
    assert len(data) < 250_000
    assert blob_id(data) == blob_id(encode_edit(decode_edit(data)))


def test_acts_on_anything_else_keep_version_1():
    edit = Edit("Mark", ())
    assert b'"v":1' in encode_edit(edit)
