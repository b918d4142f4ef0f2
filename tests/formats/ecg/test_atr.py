import numpy as np
import pytest
import wfdb
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.formats.ecg.atr import TYPES, Annotations, Mark, decode, encode
from real_data import DATA, needs_data

RECORDS = sorted((DATA / "ecg").rglob("*.atr")) if DATA.is_dir() else []

texts = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=255)
marks = st.lists(
    st.builds(Mark, sample=st.integers(0, 2**33), symbol=st.sampled_from(sorted(TYPES)), subtype=st.integers(-128, 127),
              channel=st.integers(0, 255), number=st.integers(-128, 127), aux=texts), max_size=40)


@needs_data
@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_annotations_equal_those_of_the_reference_library(path):
    found, other = decode(path.read_bytes()).marks, wfdb.rdann(str(path.with_suffix("")), "atr")
    assert [mark.sample for mark in found] == other.sample.tolist()
    assert [mark.symbol for mark in found] == other.symbol
    assert [mark.subtype for mark in found] == other.subtype.tolist()
    assert [mark.channel for mark in found] == other.chan.tolist()
    assert [mark.number for mark in found] == other.num.tolist()
    assert [mark.aux for mark in found] == [aux.rstrip("\0") for aux in other.aux_note]


@given(marks)
def test_what_is_written_is_read_back(given_marks):
    ordered = sorted(given_marks, key=lambda mark: (mark.sample, mark.channel))
    assert list(decode(encode(Annotations(tuple(given_marks)))).marks) == ordered


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2**31 - 1), st.sampled_from("NVA+~xFj/f"), texts), min_size=1, max_size=30))
def test_the_reference_library_reads_what_is_written(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("atr")
    rows = sorted(rows, key=lambda row: row[0])
    written = tuple(Mark(sample, symbol, aux=aux) for sample, symbol, aux in rows if not aux.startswith("##"))
    if not written:
        return
    (folder / "r.atr").write_bytes(encode(Annotations(written)))
    other = wfdb.rdann(str(folder / "r"), "atr")
    assert other.sample.tolist() == [mark.sample for mark in written]
    assert other.symbol == [mark.symbol for mark in written]
    assert [aux.rstrip("\0") for aux in other.aux_note] == [mark.aux for mark in written]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=50, unique=True), st.integers(0, 2**32 - 1))
def test_what_the_reference_library_writes_is_read(tmp_path_factory, samples, seed):
    folder = tmp_path_factory.mktemp("atr")
    symbols = np.random.default_rng(seed).choice(list("NVAF+"), len(samples)).tolist()
    wfdb.wrann("r", "atr", np.array(sorted(samples)), symbol=symbols, fs=250, write_dir=str(folder))
    found = decode((folder / "r.atr").read_bytes())
    assert [mark.sample for mark in found.marks] == sorted(samples)
    assert [mark.symbol for mark in found.marks] == symbols
    assert found.resolution == 250


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data):
    try:
        decode(data)
    except GraticuleError as fault:
        assert "damaged" in fault.message


def test_a_file_that_ends_too_early_is_refused():
    whole = encode(Annotations((Mark(100, "N"), Mark(5000, "+", aux="(AFIB"))))
    for length in range(len(whole) - 1):
        with pytest.raises(GraticuleError):
            decode(whole[:length])


def test_what_the_format_cannot_hold_is_refused():
    with pytest.raises(GraticuleError, match="255"):
        encode(Annotations((Mark(0, "N", aux="x" * 256),)))
    with pytest.raises(GraticuleError, match="not a WFDB annotation"):
        encode(Annotations((Mark(0, "#42"),)))
