"""Moving to a new device name neither stops at a damaged entry nor passes it on changed."""

from pathlib import Path

import pytest

from fakes.sync_world import Central, Desk
from graticule.records.entry import read_entry


@pytest.mark.parametrize("damage", [b"not an entry", b""])
def test_a_damaged_entry_is_left_out_and_the_rest_goes_on(tmp_path: Path, damage: bytes) -> None:
    central = Central(tmp_path / "server")
    desk = Desk(tmp_path / "desk", central)
    first, second = desk.read("one", "yes"), desk.read("two", "no")
    database = desk.store._database
    database.run("DROP TRIGGER IF EXISTS entries_no_update", ())
    triggers = database.all("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'entries'")
    for (name,) in triggers:
        database.run(f"DROP TRIGGER {name}", ())
    database.run("UPDATE entries SET line = ? WHERE ref = ?", (damage, first))
    desk.store.log.rehome("fork")
    moved = {read_entry(line).ref for line in desk.lines()}
    assert second in moved and first not in moved
    desk.close()
    central.close()
