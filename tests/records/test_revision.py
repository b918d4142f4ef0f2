"""Headers: round trips, ids that never move, signatures that show every change."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.records.canonical import canonical, parse
from graticule.records.keys import SigningKey
from graticule.records.revision import (
    ATTEST,
    OPS,
    App,
    BlobRef,
    Header,
    ObjectRef,
    Signature,
    Slot,
    Work,
    attestation,
    check_attestation,
    task_id,
)
from label_strategies import extras, texts

KEY = SigningKey.from_bytes(bytes(range(32)))
hexes = st.binary(min_size=32, max_size=32).map(bytes.hex)
blob_ids = hexes.map("b1:".__add__)
counts = st.integers(0, 2**53 - 1)
stamps = st.integers(0, 2**48 - 1).map(lambda ms: f"{ms:012x}-0001")
signatures = st.none() | st.builds(Signature, *[texts] * 6)

headers = st.builds(
    Header,
    project=texts,
    case=hexes.map("c1:".__add__),
    protocol=hexes.map("p1:".__add__),
    slot=st.builds(Slot, hexes.map("t1:".__add__), texts, st.integers(1, 9), st.sampled_from(["reader", "adjudicator"])),
    op=st.sampled_from(OPS),
    salt=st.binary(min_size=16, max_size=16).map(bytes.hex),
    payload=blob_ids | st.just(""),
    hlc=stamps,
    wall=texts,
    device=texts,
    app=st.builds(App, texts, texts),
    parents=st.lists(hexes.map("r1:".__add__), max_size=3).map(tuple),
    media=texts,
    blobs=st.lists(st.builds(BlobRef, blob_ids, texts, counts), max_size=3).map(tuple),
    objects=st.lists(st.builds(ObjectRef, texts, hexes), max_size=3).map(tuple),
    effort=st.builds(Work, texts, counts, blob_ids | st.just("")),
    reason=texts,
    source=texts,
    signature=signatures,
    extra=extras,
)

HEX = "0123456789abcdef" * 4
PUT = Header(
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
    app=App("0.1.0", "dev"),
    blobs=(BlobRef("b1:" + HEX, "mask", 11),),
    objects=(ObjectRef("file", HEX),),
    effort=Work("2026-11-23T20:39:00.000+01:00", 61000),
)
DRAFT = replace(PUT, op=ATTEST, parents=(PUT.id,), salt=HEX[32:], hlc="018c0ffee124-0000")
SIGNED = attestation(DRAFT, KEY, name="Dr Ada Reader", meaning="independent read", time="2026-11-23T20:41:00.000+01:00")


@given(headers)
def test_a_header_survives_its_json(header):
    document = parse(canonical(header.as_json()))
    again = Header.from_json(document)
    assert again == header
    assert again.id == header.id
    assert canonical(again.as_json()) == canonical(document)


def test_the_header_is_frozen():
    assert canonical(PUT.as_json()).decode() == (
        f'{{"app":{{"build":"dev","version":"0.1.0"}},"blobs":[{{"id":"b1:{HEX}","role":"mask","size":11}}],"case":"c1:{HEX}","device":"device-1",'
        '"effort":{"active_ms":61000,"looks":"","opened":"2026-11-23T20:39:00.000+01:00"},"hlc":"018c0ffee123-0000",'
        f'"media":"application/vnd.graticule.labels+json","objects":[{{"role":"file","sha256":"{HEX}"}}],"op":"put","parents":[],"payload":"b1:{HEX}",'
        f'"project":"walk","protocol":"p1:{HEX}","salt":"{HEX[:32]}","slot":{{"reader":"reader-1","role":"reader","round":1,"task":"t1:{HEX}"}},"v":1,'
        '"wall":"2026-11-23T20:40:00.000+01:00"}'
    )
    assert PUT.id == "r1:5f21d10897f30e07ae1251f71c15d874fea54634a95b1730e41d5d5b8b038e17"
    assert SIGNED.id == "r1:c74aadf3c4088df4d9309627fd331b59b9c89fcf03b9ad8dc82c475f1ed93ff8"
    assert SIGNED.signature.sig == (
        "2d72759dd4d94837fab3fdda9be834209480ede4f323888f78abed2729af3b18"
        "03cb136946cec9d567fa202d5a5de2470fb62379985d14492ad8768c3851f40f"
    )
    assert task_id(PUT.protocol, PUT.case) == "t1:e04e0d9318ef99cc24fc2064893ed063b7a169daf40f9c58dd8172bc02cf19ac"


def test_order_and_repetition_of_parents_and_blobs_do_not_count():
    one, two = ("r1:" + HEX), ("r1:" + HEX[::-1])
    masks = BlobRef("b1:" + HEX, "mask", 1), BlobRef("b1:" + HEX[::-1], "mask", 1)
    masks = (*masks, BlobRef("b1:" + HEX, "mask", 2), BlobRef("b1:" + HEX, "journal", 2))
    assert replace(PUT, parents=(one, two), blobs=masks).id == replace(PUT, parents=(two, one, one), blobs=masks[::-1]).id


def test_a_field_of_a_newer_version_is_kept_and_hashed():
    newer = {**PUT.as_json(), "consent": {"scope": "study"}}
    header = Header.from_json(newer)
    assert header.as_json() == newer
    assert header.id != PUT.id


@pytest.mark.parametrize(
    "change",
    [
        {"v": 2},
        {"v": "1"},
        {"v": True},
        {"v": None},
        {"op": "erase"},
        {"salt": "00"},
        {"salt": HEX[:31] + "A"},
        {"payload": "b1:../../x"},
        {"payload": None},
        {"parents": ["x"]},
        {"parents": None},
        {"parents": ["r1:" + HEX[::-1], "r1:" + HEX]},
        {"parents": ["r1:" + HEX] * 2},
        {"blobs": [{"id": "b1:" + HEX, "role": "mask", "size": -1}]},
        {"blobs": [{"id": "b1:" + HEX, "role": "mask"}]},
        {"blobs": [{"id": "b1:" + HEX, "role": "mask", "size": 1, "note": ""}]},
        {"blobs": [[]]},
        {"blobs": {}},
        {"slot": []},
        {"slot": None},
        {"slot": {"task": "t1:" + HEX, "reader": "r", "round": 0, "role": "reader"}},
        {"slot": {"task": "t1:" + HEX, "reader": "r", "round": True, "role": "reader"}},
        {"hlc": "now"},
        {"wall": 5},
        {"case": "c1:abc"},
        {"protocol": "s1:" + HEX},
        {"objects": [{"role": "file", "sha256": "x"}]},
        {"effort": {"opened": "", "active_ms": -1, "looks": ""}},
        {"effort": {"opened": "", "active_ms": 1, "looks": "yes"}},
        {"signature": None},
        {"signature": {}},
        {"reason": ""},
        {"source": 1},
        {"app": "x"},
    ],
)
def test_a_damaged_header_is_refused(change):
    with pytest.raises(GraticuleError):
        Header.from_json({**PUT.as_json(), **change})


@pytest.mark.parametrize("name", sorted(PUT.as_json()))
def test_a_header_that_lacks_a_field_is_refused(name):
    with pytest.raises(GraticuleError):
        Header.from_json({key: value for key, value in PUT.as_json().items() if key != name})


@pytest.mark.parametrize("value", [None, [], "x", 5, {}])
def test_what_is_no_header_is_refused(value):
    with pytest.raises(GraticuleError):
        Header.from_json(value)


def test_a_signature_holds():
    assert check_attestation(SIGNED) is None
    assert check_attestation(SIGNED, KEY.public) is None
    assert check_attestation(Header.from_json(parse(canonical(SIGNED.as_json())))) is None
    assert (SIGNED.signature.reader, SIGNED.parents, SIGNED.payload) == (PUT.slot.reader, (PUT.id,), PUT.payload)


def test_somebody_elses_key_or_name_is_noticed():
    assert "key" in check_attestation(SIGNED, SigningKey.generate().public)
    assert "another reader" in check_attestation(replace(SIGNED, slot=replace(SIGNED.slot, reader="reader-2")))
    assert "not signed" in check_attestation(DRAFT)
    assert "does not name" in check_attestation(replace(SIGNED, op="put"))
    assert "does not name" in check_attestation(replace(SIGNED, parents=()))


def test_only_one_saved_version_can_be_signed():
    for wrong in (replace(DRAFT, op="put"), replace(DRAFT, parents=()), replace(DRAFT, parents=("r1:" + HEX, "r1:" + HEX[::-1]))):
        with pytest.raises(GraticuleError):
            attestation(wrong, KEY, name="A", meaning="m", time="t")


@pytest.mark.parametrize("name", ["parents", "payload", "case", "protocol", "project", "salt", "hlc", "wall", "device", "media"])
def test_the_signature_covers_every_text(name):
    value = ("r1:" + HEX,) if name == "parents" else getattr(SIGNED, name) + "0"
    assert check_attestation(replace(SIGNED, **{name: value})) is not None


@pytest.mark.parametrize(
    "change",
    [
        {"slot": replace(PUT.slot, round=2)},
        {"app": App("9")},
        {"blobs": ()},
        {"objects": ()},
        {"effort": Work()},
        {"reason": "x"},
        {"source": "imported"},
        {"extra": {"x": 1}},
    ],
)
def test_the_signature_covers_every_block(change):
    assert check_attestation(replace(SIGNED, **change)) is not None


def test_any_bit_flipped_in_a_signed_header_is_noticed():
    line = canonical(SIGNED.as_json())
    for bit in range(len(line) * 8):
        flipped = bytearray(line)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            header = Header.from_json(parse(bytes(flipped)))
        except GraticuleError:
            continue
        assert check_attestation(header, KEY.public) is not None, bytes(flipped)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | texts, lambda x: st.lists(x) | st.dictionaries(texts, x), max_leaves=5
    ),
    st.sampled_from(sorted(SIGNED.as_json())),
)
def test_whatever_stands_in_a_field_there_is_a_header_or_a_sentence(value, name):
    document = json.loads(json.dumps({**SIGNED.as_json(), name: value}))
    try:
        header = Header.from_json(document)
        check_attestation(header)
    except GraticuleError as fault:
        assert fault.message
