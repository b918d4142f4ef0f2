"""Whatever one side says the other understands, and nonsense is a fault in words, never a crash."""

import json
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from graticule.records.chain import START
from graticule.records.ids import blob_id
from graticule.study.assignment import Assignment
from graticule.sync.messages import (
    BlobLine,
    Broken,
    Cursor,
    DeskStatus,
    Enrolment,
    FleetRow,
    Handover,
    Head,
    Hello,
    Limits,
    LogHead,
    MessageFault,
    OwnEntry,
    PullPage,
    PushRequest,
    ReaderCard,
    Receipt,
    Result,
    SignedRequest,
    request_statement,
    server_id,
)
from graticule.sync.messages.naming import named_blobs

words = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=20)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
keys = st.binary(min_size=32, max_size=32)
signatures = st.binary(min_size=64, max_size=64)
numbers = st.integers(0, 2**53 - 1)
blobs = hashes.map("b1:".__add__)
heads = st.builds(Head, numbers, hashes)
logs = st.builds(LogHead, words, numbers, hashes)
cards = st.builds(ReaderCard, words, words, keys, words)
assignments = st.builds(Assignment, words, words, words, words, numbers, words, numbers)
own = st.builds(OwnEntry, numbers, words, words, words, words, words, numbers, words)
cursors = st.builds(Cursor, words, numbers, hashes)
results = st.builds(Result, numbers, hashes, words, words, words, numbers, words)

MESSAGES = [
    st.builds(
        Hello,
        words,
        words,
        keys,
        numbers,
        st.tuples(numbers, numbers),
        st.just(Limits()),
        st.none() | heads,
        st.lists(logs, max_size=3).map(tuple),
        st.lists(blobs, max_size=3).map(tuple),
        numbers,
        numbers,
    ),
    st.builds(
        Enrolment,
        words,
        words,
        keys,
        words,
        cards,
        words,
        words,
        words,
        st.none() | st.builds(Handover, words, numbers, signatures),
        signatures,
    ),
    st.builds(
        Receipt,
        words,
        words,
        words,
        hashes,
        heads,
        numbers,
        st.lists(results, max_size=3).map(tuple),
        st.lists(blobs, max_size=3).map(tuple),
        st.lists(logs, max_size=3).map(tuple),
        st.none() | st.builds(Broken, numbers, words),
        signatures,
    ),
    st.builds(
        PullPage, st.lists(own, max_size=3).map(tuple), st.lists(assignments, max_size=3).map(tuple), cursors, st.booleans(), logs
    ),
    st.builds(
        FleetRow,
        words,
        words,
        words,
        words,
        numbers,
        numbers,
        numbers,
        words,
        st.integers(-(2**53), 2**53 - 1),
        numbers,
        numbers,
        numbers,
        words,
    ),
]


@given(st.one_of(MESSAGES))
def test_every_message_comes_back_as_it_was_said(message: Any) -> None:
    wire = json.dumps(message.as_json()).encode()
    assert type(message).from_json(json.loads(wire)) == message


@given(st.one_of(MESSAGES), st.data())
def test_a_damaged_message_is_a_fault_in_words(message: Any, data: st.DataObject) -> None:
    document = message.as_json()
    field = data.draw(st.sampled_from(sorted(document)))
    document[field] = data.draw(st.sampled_from([None, [], {}, 1.5, -1, "x" * 5000, "\0", [None], {"a": 1}, True, 2**60]))
    try:
        type(message).from_json(document)
    except MessageFault as fault:
        assert fault.message


@given(
    heads,
    st.lists(st.binary(min_size=1, max_size=40).map(lambda b: b.replace(b"\n", b" ")), max_size=5),
    st.lists(st.binary(max_size=99)),
)
def test_a_push_carries_lines_and_blobs_byte_for_byte(base: Head, lines: list[bytes], data: list[bytes]) -> None:
    request = PushRequest("device", base, tuple(lines), tuple(BlobLine(blob_id(item), item) for item in data))
    assert PushRequest.parse(request.encode(), 1 << 20) == request


@given(st.binary(max_size=200))
def test_any_bytes_as_a_push_are_a_fault(noise: bytes) -> None:
    for body in (noise, zstandard.compress(noise)):
        with pytest.raises(MessageFault):
            PushRequest.parse(body, 1000)


def test_a_push_is_not_unpacked_beyond_its_limit() -> None:
    with pytest.raises(MessageFault, match="too large"):
        PushRequest.parse(zstandard.compress(bytes(1 << 24)), 1000)


@given(numbers, st.binary(min_size=64, max_size=64))
def test_the_signature_header_comes_back(time_ms: int, signature: bytes) -> None:
    signed = SignedRequest("0190a1b2-0000-7000-8000-000000000000", time_ms % 10**15, signature)
    assert SignedRequest.from_header(signed.as_header()) == signed


@pytest.mark.parametrize(
    "header", ["", "Bearer x", "Graticule device=,time=1,signature=" + "0" * 128, "Graticule device=a b,time=1"]
)
def test_another_header_is_no_signature(header: str) -> None:
    with pytest.raises(MessageFault):
        SignedRequest.from_header(header)


def test_the_signed_statements_are_frozen() -> None:
    """Changing one of these breaks every released desk."""
    assert request_statement("dev", 5, "get", "/v1/hello?v=1", "ab") == b"graticule/request/1\n5\ndev\nGET\n/v1/hello?v=1\nab"
    receipt = Receipt("s", "t", "d", "00" * 32, Head(0, START), 7)
    assert receipt.statement() == (
        b'graticule/receipt/1\n{"ack":{"hash":"' + b"0" * 64 + b'","seq":0},"broken":null,"device":"d","logs":[],"need_blobs":[],'
        b'"request":"' + b"0" * 64 + b'","results":[],"server":"s","time_ms":7,"timeline":"t","v":1}'
    )
    asked = Enrolment("s", "d", bytes(32), "n", ReaderCard("r", "R", bytes(32)))
    zeros = b"0" * 64
    assert asked.statement() == (
        b'graticule/enrol/1\n{"app":"","device":"d","name":"n","parent":"","public_key":"'
        + zeros
        + b'","reader":{"id":"r","name":"R","public_key":"'
        + zeros
        + b'","specialty":""},"server":"s","v":1}'
    )
    assert server_id(bytes(32)) == "s1:19323a12646eb16a7532d87bf1725792fdda41b18b41822fd8ee88aa6ec056b7"


@given(st.integers(-(10**14), 10**14), numbers.map(lambda n: n % 10**14))
def test_a_desks_status_survives_the_query(offset: int, outbox: int) -> None:
    status = DeskStatus(outbox, "0.1.0", offset)
    assert DeskStatus.from_query(status.as_query()) == status


def test_blobs_are_named_once_and_nonsense_names_nothing() -> None:
    one, two = blob_id(b"1"), blob_id(b"2")
    body = {"payload": one, "blobs": [{"id": two}, {"id": one}, {"id": 5}, "x"], "effort": {"looks": two}}
    assert named_blobs(body) == [one, two]
    assert named_blobs({"payload": "../../etc", "blobs": 3, "effort": []}) == []
