import numpy as np
import pytest
import wfdb
from hypothesis import given, settings
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.formats.ecg.record import read_record
from graticule.formats.ecg.samples import FLAC, FORMATS, decode, format_of

RANGES = {160: 32767, 310: 511, 311: 511, 16: 32767, 61: 32767, 80: 127, 212: 2047, 24: (1 << 23) - 1, 32: (1 << 31) - 1}


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
    if number == 160:
        return b"".join((value + 32768).to_bytes(2, "little") for value in flat)
    if number in (310, 311):
        flat += [0] * (-len(flat) % 3)
        words = [ten(number, *(value & 0x3FF for value in flat[at: at + 3])) for at in range(0, len(flat), 3)]
        return b"".join(word.to_bytes(4, "little") for word in words)
    width, order = {16: (2, "little"), 61: (2, "big"), 24: (3, "little"), 32: (4, "little")}[number]
    return b"".join(value.to_bytes(width, order, signed=True) for value in flat)


def ten(number: int, one: int, two: int, three: int) -> int:
    if number == 311:
        return one | two << 10 | three << 20
    return one << 1 | (three & 0x1F) << 11 | (two << 1 | (three >> 5) << 11) << 16


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(set(FORMATS) - {8, *FLAC})), st.integers(1, 3), st.integers(1, 60), st.integers(0, 2**32 - 1))
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
    with pytest.raises(GraticuleError, match="format 313"):
        format_of(313)


@pytest.mark.parametrize("number", [508, 516, 524])
@pytest.mark.parametrize("per_frame", [1, 2])
def test_flac_is_read_as_the_reference_library_reads_it(tmp_path, number, per_frame):
    soundfile = pytest.importorskip("soundfile")
    bits = FLAC[number]
    values = np.random.default_rng(number).integers(-(1 << bits - 1) + 1, 1 << bits - 1, (400 * per_frame, 2))
    soundfile.write(tmp_path / "r.dat", (values << 32 - bits).astype(np.int32), 1000, format="FLAC",
                    subtype={8: "PCM_S8", 16: "PCM_16", 24: "PCM_24"}[bits])
    layout = f"{number}x{per_frame}" if per_frame > 1 else str(number)
    lines = [f"r.dat {layout} 200(0)/mV 0 0 0 {int(column.sum()) % 65536} 0 L{i}" for i, column in enumerate(values.T)]
    (tmp_path / "r.hea").write_text("\n".join(["r 2 250 400", *lines]) + "\n", encoding="utf-8")
    recording = read_record(tmp_path / "r.hea")
    np.testing.assert_array_equal(np.stack([lead.digital for lead in recording.leads], axis=1), values)
    other = wfdb.rdrecord(str(tmp_path / "r"), physical=False, smooth_frames=False)
    for lead, theirs in zip(recording.leads, other.e_d_signal, strict=True):
        np.testing.assert_array_equal(lead.digital, theirs)
    assert recording.doubts == ()


def test_differences_are_summed_from_the_initial_value(tmp_path):
    values = np.cumsum(np.random.default_rng(8).integers(-127, 128, (300, 2)), axis=0)
    steps = np.diff(values, axis=0, prepend=values[:1])
    (tmp_path / "r.dat").write_bytes(steps.astype(np.int8).tobytes())
    lines = [f"r.dat 8 200(0)/mV 12 0 {column[0]} {int(column.sum()) % 65536} 0 L{i}" for i, column in enumerate(values.T)]
    (tmp_path / "r.hea").write_text("\n".join(["r 2 250 300", *lines]) + "\n", encoding="utf-8")
    recording = read_record(tmp_path / "r.hea")
    np.testing.assert_array_equal(np.stack([lead.digital for lead in recording.leads], axis=1), values)
    np.testing.assert_array_equal(values, wfdb.rdrecord(str(tmp_path / "r"), physical=False).d_signal)
    assert recording.doubts == ()
