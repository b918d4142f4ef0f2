"""A store moves forward on a copy and by one rename; whatever goes wrong, the old one is as it was."""

from contextlib import closing
from pathlib import Path

import pytest

from graticule.domain.errors import GraticuleError
from graticule.store import migrations
from graticule.store.database import APPLICATION_ID, connect
from graticule.store.keys import open_keys
from graticule.store.store import Store, open_store
from graticule.store.verify import verify_store
from store.making import SHAPE, save, worked

NOW = len(migrations.STEPS)
NEXT = """
CREATE TABLE colours (name TEXT PRIMARY KEY) STRICT;
CREATE TRIGGER colours_stay BEFORE DELETE ON colours
BEGIN
  SELECT RAISE(ABORT, 'colours: stay');
END;
INSERT INTO colours (name) VALUES ('red; and blue');
"""


@pytest.fixture
def old(store: Store) -> Path:
    """A closed store of this program's schema with work in it."""
    save(store, worked(store))
    store.close()
    return store.path / "labels.db"


def number(path: Path) -> int:
    return migrations.schema_number(path, open_keys(path.parent, None))


def upgrade(path: Path, *steps: str) -> None:
    migrations.bring_up_to_date(path, open_keys(path.parent, None), (*migrations.STEPS, *steps))


def files(path: Path) -> set[str]:
    return {item.name for item in path.parent.iterdir()}


def test_a_new_store_is_marked_as_ours(old: Path) -> None:
    with closing(connect(old, open_keys(old.parent, None))) as connection:
        assert connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID
        assert connection.execute("PRAGMA user_version").fetchone()[0] == len(migrations.STEPS)
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "cell_size_check": 1, "trusted_schema": 0,
                  "mmap_size": 0, "temp_store": 2, "busy_timeout": 5000, "wal_autocheckpoint": 1000, "fullfsync": 1,
                  "checkpoint_fullfsync": 1}
        found = {name: connection.execute(f"PRAGMA {name}").fetchone() for name in wanted}
        assert {name: row[0] if row else 0 for name, row in found.items()} == wanted
        lax = connection.execute("SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict")
        own = {"_sqlite_migrations", "sqlite_schema", "sqlite_temp_schema"}
        assert {row[0] for row in lax.fetchall()} <= own


def test_a_step_forward_keeps_the_work_and_the_old_file(old: Path) -> None:
    before = old.read_bytes()
    upgrade(old, NEXT)
    assert number(old) == NOW + 1
    assert {"labels.db", f"before-{NOW + 1}.db"} <= files(old) and "labels.db.migrating" not in files(old)
    assert number(old.with_name(f"before-{NOW + 1}.db")) == NOW
    with closing(connect(old, open_keys(old.parent, None))) as connection:
        assert connection.execute("SELECT name FROM colours").fetchall() == [("red; and blue",)]
        assert connection.execute("SELECT count(*) FROM journal").fetchone()[0] == 2
    assert before != old.read_bytes()
    upgrade(old, NEXT)
    assert number(old) == NOW + 1


def test_an_up_to_date_store_is_not_touched(old: Path) -> None:
    before = old.read_bytes()
    upgrade(old)
    assert old.read_bytes() == before and not any(name.startswith("before-") for name in files(old))


@pytest.mark.parametrize("broken", ["CREATE TABLE journal (x TEXT) STRICT;", "INSERT INTO nowhere VALUES (1);",
                                    "INSERT INTO looks (case_id, look) VALUES ('no such case', '');"])
def test_a_step_that_fails_leaves_the_old_store(old: Path, broken: str) -> None:
    key = open_keys(old.parent, None)
    with closing(connect(old, key)) as connection:
        rows = connection.execute("SELECT * FROM journal").fetchall()
    with pytest.raises(Exception, match=r".+"):
        upgrade(old, NEXT, broken)
    assert number(old) == NOW
    with open_store(old.parent) as store:
        assert len(store.cases.all()) == 1
        assert len(store.labels.open(store.cases.all()[0].id, SHAPE).journal.rows()) == len(rows)
    assert list(verify_store(old.parent)) == []
    upgrade(old, NEXT)
    assert number(old) == NOW + 1


def test_leftovers_of_an_interrupted_step_are_replaced(old: Path) -> None:
    for ending in ("", "-wal", "-shm"):
        old.with_name(f"labels.db.migrating{ending}").write_bytes(b"half of something")
        old.with_name(f"labels.db.new{ending}").write_bytes(b"half of something")
    upgrade(old, NEXT)
    assert number(old) == NOW + 1


def test_what_stands_in_the_log_is_carried_over(store: Store) -> None:
    """The write-ahead log of a killed program is folded in before anything is copied."""
    case_id = worked(store)
    beside = store.path / "copy"
    beside.mkdir()
    for name in ("labels.db", "labels.db-wal", "keys.json"):
        (beside / name).write_bytes((store.path / name).read_bytes())
    assert (beside / "labels.db-wal").stat().st_size > 0
    upgrade(beside / "labels.db", NEXT)
    with closing(connect(beside / "labels.db", open_keys(beside, None))) as connection:
        assert connection.execute("SELECT count(*) FROM journal WHERE case_id = ?", (case_id,)).fetchone()[0] == 2


def test_a_newer_store_is_left_alone(old: Path) -> None:
    upgrade(old, NEXT)
    before = old.read_bytes()
    for read_only in (False, True):
        with pytest.raises(GraticuleError, match="written by a newer Graticule") as told:
            open_store(old.parent, read_only=read_only)
        assert "nothing was changed" in told.value.hint
    assert old.read_bytes() == before
    (problem,) = verify_store(old.parent)
    assert "newer Graticule" in problem.why


def test_another_kind_of_database_is_refused(old: Path) -> None:
    with closing(connect(old, open_keys(old.parent, None))) as connection:
        connection.execute("PRAGMA application_id = 7")
    with pytest.raises(GraticuleError, match="not a Graticule store"):
        open_store(old.parent)


def test_a_script_is_cut_at_statements_not_at_semicolons() -> None:
    found = migrations.statements(NEXT)
    assert [statement.split()[0] for statement in found] == ["CREATE", "CREATE", "INSERT"]
    assert found[1].endswith("END;")


def test_a_store_of_the_first_release_opens_and_learns_what_was_seen(old: Path) -> None:
    """Schema 1 had no table of files that an import saw."""
    with closing(connect(old, open_keys(old.parent, None))) as connection:
        connection.execute("DROP TABLE seen_files")
        connection.execute("DELETE FROM _sqlite_migrations WHERE name <> 'step-1'")
        connection.execute("PRAGMA user_version = 1")
    with open_store(old.parent) as store:
        assert store.seen_files.under(["/"]) == {} and len(store.cases.all()) == 1
    assert number(old) == NOW and "before-2.db" in files(old)
