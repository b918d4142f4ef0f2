"""Signatures and key slots: RFC 8032's vectors, wrong passwords, damaged slots."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.records.keys import Cost, SigningKey, decrypt, encrypt, unwrap, verify, wrap

CHEAP = Cost(memory_kib=32, passes=1, lanes=1)
SECRET = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
PUBLIC = bytes.fromhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
SIGNATURE = bytes.fromhex(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe2465514"
    "1438e7a100b"
)


def test_first_vector_of_rfc_8032():
    key = SigningKey.from_bytes(SECRET)
    assert key.public == PUBLIC
    assert key.sign(b"") == SIGNATURE
    assert key.to_bytes() == SECRET
    assert verify(PUBLIC, SIGNATURE, b"")


def test_a_key_never_shows_its_secret():
    assert SECRET.hex() not in repr(SigningKey.from_bytes(SECRET))


@given(st.integers(0, 511))
def test_a_flipped_bit_breaks_a_signature(bit):
    flipped = bytearray(SIGNATURE)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not verify(PUBLIC, bytes(flipped), b"")


@pytest.mark.parametrize(
    ("public", "signature"), [(b"", SIGNATURE), (PUBLIC, b""), (b"\xff" * 32, SIGNATURE), (PUBLIC, SIGNATURE + b"0")]
)
def test_malformed_keys_and_signatures_do_not_verify(public, signature):
    assert not verify(public, signature, b"")


def test_generated_keys_differ():
    assert SigningKey.generate().public != SigningKey.generate().public


def test_a_key_of_another_length_is_refused():
    with pytest.raises(GraticuleError):
        SigningKey.from_bytes(b"short")


@given(st.binary(max_size=80), st.text(st.characters(codec="utf-8"), min_size=1, max_size=10))
def test_a_wrapped_secret_comes_back(secret, passphrase):
    assert unwrap(wrap(secret, passphrase, CHEAP), passphrase) == secret


def test_the_same_letter_typed_differently_opens_the_same_lock():
    assert unwrap(wrap(SECRET, "K\u00e4se", CHEAP), "Ka\u0308se") == SECRET


def test_a_wrong_password_is_said_so():
    with pytest.raises(GraticuleError, match=r"^The password is not right\."):
        unwrap(wrap(SECRET, "right", CHEAP), "wrong")


def test_an_empty_password_protects_nothing():
    with pytest.raises(GraticuleError, match="needed"):
        wrap(SECRET, "")


def test_the_default_cost_is_that_of_rfc_9106():
    slot = wrap(SECRET, "x")
    assert (slot["memory_kib"], slot["passes"], slot["lanes"]) == (65536, 3, 4)
    assert unwrap(slot, "x") == SECRET


@pytest.mark.parametrize(
    "change",
    [
        {"memory_kib": 2**40},
        {"passes": 0},
        {"lanes": 10**6},
        {"memory_kib": "32"},
        {"salt": "zz"},
        {"salt": None},
        {"wrapped": None},
        {"wrapped": "AB"},
        {"kdf": "scrypt"},
        {"v": 2},
        {"cipher": "none"},
        {"memory_kib": 8, "lanes": 4},
        {"passes": True},
    ],
)
def test_a_damaged_slot_is_refused_before_it_costs_anything(change):
    with pytest.raises(GraticuleError, match="damaged"):
        unwrap({**wrap(SECRET, "x", CHEAP), **change}, "x")


@pytest.mark.parametrize("change", [{"passes": 2}, {"salt": "0" * 32}, {"note": "added"}, {"wrapped": ""}])
def test_a_changed_slot_does_not_open(change):
    with pytest.raises(GraticuleError, match="password"):
        unwrap({**wrap(SECRET, "x", CHEAP), **change}, "x")


def test_encrypted_bytes_are_bound_to_key_and_context():
    data = encrypt(SECRET, b"recorder", b"store 1")
    assert decrypt(SECRET, data, b"store 1") == b"recorder"
    assert data != encrypt(SECRET, b"recorder", b"store 1")
    for key, changed, context in (
        (PUBLIC, data, b"store 1"),
        (SECRET, data, b"store 2"),
        (SECRET, data[:-1], b"store 1"),
        (SECRET, data[:20], b"store 1"),
        (SECRET, bytes([data[0] ^ 1]) + data[1:], b"store 1"),
    ):
        with pytest.raises(GraticuleError):
            decrypt(key, changed, context)
