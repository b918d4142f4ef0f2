"""What is done next follows from the two logs alone."""

from hypothesis import given
from hypothesis import strategies as st

from graticule.records.chain import START
from graticule.records.ids import blob_id, sha256_hex
from graticule.sync.messages import BlobLine, Head, Limits
from graticule.sync.plan import FORKED, ROLLED_BACK, Enrol, Load, Rehome, Send, blob_parcels, inline_size, parcels, plan
from graticule.sync.schedule import LONGEST_S, REGULAR_S, delay_s


def chain(name: str, length: int) -> list[str]:
    return [START, *(sha256_hex(f"{name}{number}".encode()) for number in range(1, length + 1))]


def decide(here: list[str], there: Head | None) -> object:
    return plan(Head(len(here) - 1, here[-1]), lambda seq: here[seq] if seq < len(here) else None, there)


def test_an_unknown_device_enrols() -> None:
    assert decide(chain("a", 3), None) == Enrol()


@given(st.integers(0, 9), st.integers(0, 9))
def test_what_follows_the_servers_head_is_sent_and_an_older_copy_goes_on_under_a_new_name(here: int, there: int) -> None:
    whole = chain("a", 9)
    head = Head(there, whole[there])
    assert decide(whole[: here + 1], head) == (Send(head) if there <= here else Rehome(ROLLED_BACK))


def test_another_history_under_this_name_means_a_new_name() -> None:
    assert decide(chain("a", 5), Head(3, chain("b", 3)[3])) == Rehome(FORKED)
    assert decide(chain("a", 5), Head(0, START)) == Send(Head(0, START))


@given(
    st.lists(st.tuples(st.integers(1, 60), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 50)), max_size=4)), max_size=12),
    st.integers(1, 4),
    st.integers(150, 500),
)
def test_parcels_keep_order_and_limits_and_bring_blobs_in_time(shape: list, entries: int, size: int) -> None:
    sizes: dict[str, int] = {}
    loads = []
    for number, (length, needs) in enumerate(shape):
        blobs = {f"b{name}": sizes.setdefault(f"b{name}", many) for name, many in needs}
        loads.append(Load(f"{number:04}".encode() + bytes(length), tuple(blobs.items())))
    limits = Limits(push_entries=entries, push_bytes=size)
    packed = parcels(loads, limits)
    assert [line for parcel in packed for line in parcel.lines] == [load.line for load in loads]
    shipped = [blob for parcel in packed for blob in parcel.blobs]
    assert sorted(shipped) == sorted(sizes)
    for parcel in packed:
        assert not parcel.empty and len(parcel.lines) <= entries
        assert parcel.size <= size or len(parcel.lines) + len(parcel.blobs) == 1
    arrived: set[str] = set()
    needs_of = {load.line: {blob for blob, _ in load.blobs} for load in loads}
    for parcel in packed:
        arrived |= set(parcel.blobs)
        assert all(needs_of[line] <= arrived for line in parcel.lines)


def test_blobs_alone_fill_as_few_pushes_as_possible() -> None:
    limits = Limits(push_bytes=3 * inline_size(10))
    assert blob_parcels([(f"b{number}", 10) for number in range(7)], limits) == [["b0", "b1", "b2"], ["b3", "b4", "b5"], ["b6"]]
    assert blob_parcels([], limits) == []


@given(st.binary(max_size=500))
def test_a_blobs_size_as_a_line_is_never_underestimated(data: bytes) -> None:
    line = BlobLine(blob_id(data), data).encode()
    assert len(line) <= inline_size(len(data)) <= len(line) + 20


@given(st.integers(1, 10_000), st.floats(0, 1, exclude_max=True))
def test_pauses_grow_to_five_minutes_with_full_jitter(failures: int, chance: float) -> None:
    assert 0 <= delay_s(failures, chance) < LONGEST_S
    assert delay_s(failures, chance) <= 2.0 ** min(failures, 20)
    assert delay_s(failures + 1, chance) >= delay_s(failures, chance)


def test_all_well_means_the_regular_pause() -> None:
    assert delay_s(0) == REGULAR_S and 0 <= delay_s(3) < 8
