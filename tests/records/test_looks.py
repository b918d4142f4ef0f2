"""The viewing record as a blob."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.domain.viewing import Look
from graticule.records.looks import decode_looks, encode_looks
from label_strategies import integers, texts

looks = st.lists(
    st.builds(
        Look,
        texts,
        integers,
        st.lists(integers, max_size=4).map(tuple),
        integers,
        st.lists(texts, max_size=2).map(tuple),
        integers,
    ),
    max_size=4,
).map(tuple)


@given(looks)
def test_looks_come_back(seen):
    assert decode_looks(encode_looks(seen)) == seen


def test_the_form_is_frozen():
    look = Look("axial", 12, (0, 0, 512000, 512000), 1500, ("400.0", "40.0"), 1250)
    assert encode_looks([look]) == (
        b'{"looks":[{"region":[0,0,512000,512000],"scale_permille":1500,"shown_ms":1250,"view":"axial",'
        b'"where":12,"window":["400.0","40.0"]}],"v":1}'
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"[]", b"{}", b'{"looks":[],"v":2}', b'{"looks":5,"v":1}', b'{"looks":[{}],"v":1}', b'{"looks":[5],"v":1}', b"5"],
)
def test_a_damaged_viewing_record_is_refused(data):
    with pytest.raises(GraticuleError):
        decode_looks(data)
