import numpy as np
import pytest
import wfdb
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.formats.ecg.record import read_record
from graticule.formats.ecg.samples import FORMATS, decode, format_of

RANGES = {16: 32767, 61: 32767, 80: 127, 212: 2047, 24: (1 << 23) - 1, 32: (1 << 31) - 1}


def packed(values: np.ndarray, number: int) -> bytes:
    """The bytes of a signal file, by the letter of signal(5), one sample after the other."""
    flat = [int(value) for value in values.reshape(-1)]
    if number == 212:
        flat += [0] * (len(flat) % 2)
        pairs = zip(flat[::2], flat[1::2], strict=True)
        whole = b"".join(bytes([a & 0xFF, (a >> 8 & 15) | (b >> 8 & 15) << 4, b & 0xFF]) for a, b in pairs)
        return whole[: FORMATS[212].size(values.size)]
    if number == 80:
        return bytes(value + 128 for value in flat)
    width, order = {16: (2, "little"), 61: (2, "big"), 24: (3, "little"), 32: (4, "little")}[number]
    return b"".join(value.to_bytes(width, order, signed=True) for value in flat)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(FORMATS)), st.integers(1, 3), st.integers(1, 60), st.integers(0, 2**32 - 1))
def test_every_format_is_read_as_the_reference_library_reads_it(tmp_path_factory, number, leads, samples, seed):
    folder = tmp_path_factory.mktemp("record")
    limit = RANGES[number]
    values = np.random.default_rng(seed).integers(-limit, limit, (samples, leads), endpoint=True)
    (folder / "r.dat").write_bytes(packed(values, number))
    sums = [(int(column.sum()) + 32768) % 65536 - 32768 for column in values.T]
    lines = [f"r.dat {number} 200(0)/mV 0 0 {values[0, i]} {sums[i]} 0 L{i}" for i in range(leads)]
    (folder / "r.hea").write_text("\n".join([f"r {leads} 360 {samples}", *lines]) + "\n", encoding="utf-8")
    recording = read_record(folder / "r.hea")
    own = np.stack([lead.digital for lead in recording.leads], axis=1)
    np.testing.assert_array_equal(own, values)
    np.testing.assert_array_equal(own, wfdb.rdrecord(str(folder / "r"), physical=False).d_signal)
    assert recording.doubts == ()
    assert all(lead.invalid == FORMATS[number].invalid for lead in recording.leads)


@given(st.integers(0, 500))
def test_format_212_takes_three_bytes_for_two_samples(samples):
    size = FORMATS[212].size(samples)
    assert size == samples // 2 * 3 + samples % 2 * 2
    assert FORMATS[212].holds(size) >= samples
    assert decode(bytes(size), 212, samples).shape == (samples,)


def test_an_unknown_format_is_refused_by_its_number():
    with pytest.raises(GraticuleError, match="format 310"):
        format_of(310)
