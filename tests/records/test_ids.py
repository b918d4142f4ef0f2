"""Ids. The values here were written down once: a change that moves one of them breaks every record ever made."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.records import ids
from graticule.records.chain import START, chain_hash

EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_names_by_content_are_frozen():
    assert ids.sha256_hex(b"") == EMPTY
    assert ids.blob_id(b"") == "b1:" + EMPTY
    assert ids.revision_id({"v": 1}) == "r1:9ee0eca48b235f6cdff5986397acc7ccd3a090b02f8175d4ecbb59baf6d0748a"
    assert ids.event_id({"v": 1}) == "e1:635583d8735f4fc7625d2374d0440274b7cf21b6ac88225847c45cf51f9e1681"
    assert (
        ids.protocol_id({"title": "Liver", "version": "1"})
        == "p1:b675eca03618ea6196f03e1843cafa4de1aa77bc02c2b0496ccc62f6a2349383"
    )
    assert (
        ids.case_id("volume", ["1.2.3", "1.2.10"], "echo 1")
        == "c1:adb683ae793eed0d0d60a386d5f479de2c6164daf55a27b1e86c25646212a498"
    )
    assert ids.case_id("ecg", ["sha256:" + EMPTY]) == "c1:52b39912cc2413c37c4b597dbc1396f67c4f7957d1026b2a7bce9734752ab38e"
    assert ids.task_id("p1:" + EMPTY, "c1:" + EMPTY) == "t1:7d45ea7a1faaae2e27b2850249049f5575f312e9244bb0f19f53bc070461ff16"


def test_the_chain_is_frozen():
    first = chain_hash(START, b"one")
    assert first == "6e2e254850527a52a3d8e299b4465a2f6ecd6e8f3c15ee3ab7b5892a3a87e5db"
    assert chain_hash(first, b"two") == "515972f895e465969102ce0275fcaaff4b1ad53ee103c812f8ec495beedf2548"
    assert chain_hash(START, b"two") != chain_hash(first, b"two")


def test_the_same_slices_are_the_same_case():
    assert ids.case_id("volume", ["b", "a"]) == ids.case_id("volume", ["a", "b", "a"])
    assert ids.case_id("volume", ["a", "b"]) != ids.case_id("volume", ["ab"])
    assert ids.case_id("volume", ["a"]) != ids.case_id("image", ["a"]) != ids.case_id("image", ["a"], "2")


@given(st.integers(0, 2**48 - 1))
def test_a_made_id_is_a_uuid_of_version_seven(now_ms):
    made = uuid.UUID(text := ids.new_id(now_ms))
    assert str(made) == text
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == now_ms


def test_made_ids_differ_and_sort_by_time():
    assert len({ids.new_id(5) for _ in range(1000)}) == 1000
    assert ids.new_id(5) < ids.new_id(6) < ids.new_id()
    assert ids.is_hex(ids.new_salt(), 16) and ids.new_salt() != ids.new_salt()


@pytest.mark.parametrize(
    ("text", "good"),
    [
        ("b1:" + EMPTY, True),
        ("b1:" + EMPTY.upper(), False),
        ("b1:" + EMPTY[:-1], False),
        ("r1:" + EMPTY, False),
        ("b1:../" + EMPTY[3:], False),
        ("b1:" + EMPTY + "\n", False),
        (7, False),
        (None, False),
        ("", False),
    ],
)
def test_only_one_spelling_of_a_content_id_is_taken(text, good):
    assert ids.is_content_id(text, "b1") is good


def test_only_one_spelling_of_hex_is_taken():
    assert ids.is_hex("00ff", 2)
    assert not any(ids.is_hex(text, 2) for text in ("00FF", "00f", "00ff\n", "00fg", 5, None))
