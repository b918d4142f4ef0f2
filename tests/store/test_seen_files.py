"""What an import saw of files is found again by their folder, whatever their names."""

import os

from graticule.store.seen_files import Seen
from graticule.store.store import Store, open_store


def seen(path: str, **changes: object) -> Seen:
    return Seen(path, 10, 1_700_000_000_123_456_789, "case", ("c1:a", "c1:b"), "1.2", "why", "1", **changes)  # type: ignore[arg-type]


def test_files_are_found_below_a_folder_and_by_name(store: Store) -> None:
    here = [seen(os.sep.join(["", "in", *parts])) for parts in (["a"], ["a", "b"], ["a-b"], ["ab"], ["a", "\udcff"])]
    store.seen_files.note(here)
    assert set(store.seen_files.under([f"{os.sep}in{os.sep}a"])) == {here[0].path, here[1].path, here[4].path}
    assert store.seen_files.under([f"{os.sep}in"]) == {one.path: one for one in here}
    assert set(store.seen_files.under([f"{os.sep}in{os.sep}ab"])) == {here[3].path}


def test_the_last_look_counts_and_survives(store: Store) -> None:
    store.seen_files.note([seen("/x")])
    other = Seen("/x", 11, 5, "refused", reason="It is cut off.")
    store.seen_files.note([other])
    store.close()
    with open_store(store.path) as again:
        assert again.seen_files.under(["/x"]) == {"/x": other}
        again.seen_files.forget(["/x", "/y"])
        assert again.seen_files.under(["/"]) == {}
