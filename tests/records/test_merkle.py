"""The log's tree against the published RFC 6962/9162 vectors and against the RFC's own recursive definition."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.records.merkle import EMPTY_ROOT, Frontier, leaf_hash, root

LEAVES = [
    bytes.fromhex(text)
    for text in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_published_roots(size):
    assert root(leaf_hash(leaf) for leaf in LEAVES[:size]) == ROOTS[size]


def _by_definition(leaves: list[bytes]) -> bytes:
    """MTH of RFC 9162 §2.1.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _by_definition(leaves[:k]) + _by_definition(leaves[k:])).digest()


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_the_root_is_the_one_the_rfc_defines(leaves):
    assert root(map(leaf_hash, leaves)) == _by_definition(leaves).hex()


@given(st.lists(st.binary(max_size=4), max_size=40), st.integers(0, 40))
def test_a_kept_frontier_grows_as_the_whole_tree_does(leaves, cut):
    before = Frontier()
    for leaf in leaves[:cut]:
        before.append(leaf_hash(leaf))
    after = Frontier(before.size, before.peaks)
    for leaf in leaves[cut:]:
        after.append(leaf_hash(leaf))
    assert (after.size, after.root) == (len(leaves), root(map(leaf_hash, leaves)))
    assert len(after.peaks) == after.size.bit_count()


def test_an_empty_tree_and_one_that_was_kept_wrongly():
    assert Frontier().root == EMPTY_ROOT
    with pytest.raises(ValueError):
        Frontier(3, ["00"])
