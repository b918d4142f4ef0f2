"""The device log's lines: self-contained, chained, signed, and broken by any flipped bit."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.records.canonical import canonical, is_canonical, parse
from graticule.records.chain import START
from graticule.records.entry import Entry, check_entry, read_entry, sign, signed_by
from graticule.records.event import Event
from graticule.records.keys import SigningKey
from graticule.records.revision import App, Header, Slot
from label_strategies import extras, texts

KEY = SigningKey.from_bytes(bytes(range(32)))
HEX = "0123456789abcdef" * 4
HEADER = Header(
    project="walk",
    case="c1:" + HEX,
    protocol="p1:" + HEX,
    slot=Slot("t1:" + HEX, "reader-1"),
    op="put",
    salt=HEX[:32],
    payload="b1:" + HEX,
    hlc="018c0ffee123-0000",
    wall="2026-11-23T20:40:00.000+01:00",
    device="device-1",
    app=App("0.1.0"),
)
OPENED = Event(
    project="walk",
    event="open",
    reader="reader-1",
    hlc="018c0ffee123-0001",
    wall="2026-11-23T20:40:01.000+01:00",
    device="device-1",
    app=App("0.1.0"),
    data={"case": "c1:" + HEX},
)
FIRST = Entry.of_revision("device-1", 1, START, HEADER)
SECOND = Entry.of_event("device-1", 2, FIRST.hash, OPENED)
LINE = sign(FIRST, KEY)

events = st.builds(
    Event,
    project=texts,
    event=texts,
    reader=texts,
    hlc=texts,
    wall=texts,
    device=texts,
    app=st.builds(App, texts, texts),
    data=extras,
    extra=extras,
)


def test_a_line_carries_its_entry_and_what_the_entry_carries():
    assert read_entry(LINE) == FIRST
    assert read_entry(LINE).header() == HEADER
    assert check_entry(LINE, KEY.public) is None
    assert signed_by(LINE, FIRST, KEY.public) and not signed_by(LINE, SECOND, KEY.public)
    second = sign(SECOND, KEY)
    assert read_entry(second).event() == OPENED
    assert check_entry(second, KEY.public) is None


def test_a_line_is_canonical_and_has_no_newline():
    event = replace(OPENED, data={"text": "two\nlines\u2028and more"})
    line = sign(Entry.of_event("device-1", 1, START, event), KEY)
    assert is_canonical(line) and b"\n" not in line
    assert sorted(json.loads(line)) == ["body", "device", "kind", "prev", "ref", "seq", "sig", "v"]


def test_the_line_is_frozen():
    assert FIRST.ref == HEADER.id == "r1:b8f34d297eb7c03aa225966824d2e1f3ed975e9a0f0ad274a33674bdb8e56413"
    assert FIRST.hash == "627856f8e4c10c13c8d9d33049296303c66ff592992db6842ef816916212df61"
    assert SECOND.ref == OPENED.id == "e1:0cef497eac2b5093f1154819bbe3d6ef3a418220e6ebfda8ea5a00b5f0b79a41"
    assert SECOND.hash == "0d7c58f6ba6e912717246d4077318d0c28f8a4353275f4f5703401010c8cc419"
    assert (
        b'{"body":'
        + canonical(HEADER.as_json())
        + b',"device":"device-1","kind":"revision","prev":"'
        + b"0" * 64
        + b'","ref":"'
        + HEADER.id.encode()
        + b'","seq":1,"sig":"f58a7a5bee1b324bbe4c0af32a714287aaa605557e39fdfc35db127106a1d0fd'
        + b'846f6276ba30fe4e2cdb10e880f35742b37473580c312414ac9a1f37fd83280f","v":1}'
    ) == LINE


@given(events, st.integers(2, 2**53 - 1), texts)
def test_any_event_travels(event, seq, device):
    entry = Entry.of_event(device, seq, HEX, event)
    line = sign(entry, KEY)
    assert read_entry(line) == entry
    assert read_entry(line).event() == event
    assert check_entry(line, KEY.public) is None
    assert event.id == entry.ref


def test_any_bit_flipped_in_a_line_is_noticed():
    for bit in range(len(LINE) * 8):
        flipped = bytearray(LINE)
        flipped[bit // 8] ^= 1 << bit % 8
        assert check_entry(bytes(flipped), KEY.public) is not None, bytes(flipped)


@given(st.integers(0, len(LINE) - 1))
def test_a_cut_line_is_refused(cut):
    assert check_entry(LINE[:cut], KEY.public) is not None
    with pytest.raises(GraticuleError):
        read_entry(LINE[:cut])


@pytest.mark.parametrize(
    "line",
    [
        LINE + b"\n",
        b" " + LINE,
        LINE.replace(b",", b", ", 1),
        LINE.replace(b'"put"', b'"\\u0070ut"'),
        b"",
        b"{}",
        b"[]",
        b"null",
        LINE[:-1] + b',"w":1}',
        json.dumps(json.loads(LINE)).encode(),
        LINE.replace(b'"seq":1', b'"seq":true'),
        LINE.replace(b'"v":1}', b'"v":2}'),
    ],
)
def test_another_spelling_of_a_line_is_not_the_line(line):
    with pytest.raises(GraticuleError):
        read_entry(line)


def test_another_devices_signature_is_noticed():
    assert "another device" in check_entry(LINE, SigningKey.generate().public)
    assert "another device" in check_entry(LINE, b"no key")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"ref": "r1:" + HEX}, "does not name"),
        ({"seq": 0}, "chain"),
        ({"seq": 2}, "chain"),
        ({"prev": HEX}, "chain"),
        ({"prev": "x"}, "chain"),
        ({"kind": "event"}, "does not name"),
        ({"kind": "wish"}, "unknown kind"),
        ({"body": b'{"b":1, "a":2}'}, "canonical"),
    ],
)
def test_an_entry_that_would_not_hold_is_never_signed(change, why):
    with pytest.raises(GraticuleError, match=why):
        sign(replace(FIRST, **change), KEY)


def test_a_signed_entry_that_names_something_else_is_noticed():
    """What a faulty client could make: the signature is right, the name is not."""
    entry = replace(FIRST, ref="r1:" + HEX)
    statement = {**parse(LINE), "ref": entry.ref}
    statement["sig"] = KEY.sign(b"graticule/entry/1\n" + entry.hash.encode()).hex()
    assert "does not name" in check_entry(canonical(statement), KEY.public)


def test_an_entry_gives_only_what_it_carries():
    with pytest.raises(GraticuleError):
        FIRST.event()
    with pytest.raises(GraticuleError):
        SECOND.header()


def test_a_revision_may_travel_in_the_log_of_a_device_that_took_over():
    line = sign(Entry.of_revision("device-2", 1, START, HEADER), KEY)
    assert check_entry(line, KEY.public) is None
    assert read_entry(line).ref == FIRST.ref


def test_the_hash_depends_on_everything_before():
    moved = Entry.of_event("device-1", 2, HEX, OPENED)
    assert moved.hash != SECOND.hash


@given(st.binary(max_size=80))
def test_arbitrary_bytes_are_no_entry(data):
    assert check_entry(data, KEY.public) is not None


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {**OPENED.as_json(), "v": 2},
        {**OPENED.as_json(), "app": {}},
        {**OPENED.as_json(), "app": {"version": "1", "build": 5}},
        {**OPENED.as_json(), "data": 5},
        {**OPENED.as_json(), "hlc": 5},
        {**OPENED.as_json(), "app": [1]},
    ],
)
def test_a_damaged_event_is_refused(document):
    with pytest.raises(GraticuleError):
        Event.from_json(document)
