"""The hybrid clock only rises, and no foreign clock drags it into the future."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graticule.domain.errors import GraticuleError
from graticule.records.hlc import DAY_MS, HybridClock, read_stamp


class Wall:
    def __init__(self, *times: int) -> None:
        self.times = list(times)

    def __call__(self) -> int:
        return self.times.pop(0) if len(self.times) > 1 else self.times[0]


@given(st.lists(st.integers(-(2**50), 2**50), min_size=1, max_size=30))
def test_stamps_rise_whatever_the_wall_does(times):
    clock = HybridClock(Wall(*times))
    stamps = [clock.tick() for _ in times]
    assert all(a < b for a, b in itertools.pairwise(stamps)) or max(times) > 2**48
    assert all(read_stamp(stamp) for stamp in stamps)


def test_the_form_of_a_stamp():
    clock = HybridClock(Wall(0x18C0FFEE123, 0x18C0FFEE123, 0x18C0FFEE124))
    assert [clock.tick() for _ in range(3)] == ["018c0ffee123-0000", "018c0ffee123-0001", "018c0ffee124-0000"]


def test_a_full_counter_borrows_a_millisecond():
    clock = HybridClock(Wall(1000), after="0000000003e8-ffff")
    assert clock.tick() == "0000000003e9-0000"


def test_a_seen_stamp_is_passed_unless_a_day_ahead():
    clock = HybridClock(Wall(1000))
    clock.seen("000000000800-0005")
    assert clock.tick() == "000000000800-0006"
    clock.seen(f"{1000 + DAY_MS + 1:012x}-0000")
    assert clock.tick() == "000000000800-0007"
    clock.seen("000000000001-0000")
    assert clock.tick() == "000000000800-0008"


def test_a_clock_goes_on_after_a_restart():
    assert HybridClock(Wall(1), after="000000000800-0008").tick() == "000000000800-0009"


@pytest.mark.parametrize("text", ["", "000000000800", "00000000080G-0000", "000000000800-0000\n", "000000000800-00000", None, 5])
def test_what_is_no_stamp_is_refused(text):
    with pytest.raises(GraticuleError):
        HybridClock(Wall(1)).seen(text)
