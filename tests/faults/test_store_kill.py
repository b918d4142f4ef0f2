"""kill -9 at any moment: every act that was said to be kept is there, once, and everything verifies.

GRATICULE_KILLS sets how many kills of each kind (a campaign: 200); GRATICULE_SEED where their moments begin.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from editing.any_edit import SHAPE as TOOLS_SHAPE
from graticule.domain.acts import Act
from graticule.domain.labels import Labels
from graticule.domain.viewing import Effort
from graticule.editing.events import Bus
from graticule.editing.workspace import Workspace
from graticule.records.entry import read_entry
from graticule.records.keys import Cost, wrap
from graticule.store import migrations
from graticule.store.database import Database
from graticule.store.keys import open_keys
from graticule.store.schema import FIRST
from graticule.store.store import Store, open_store
from graticule.store.verify import verify_store
from store.making import GRID, PASSWORD, SHAPE, case, new_store, save, worked

KILLS = int(os.environ.get("GRATICULE_KILLS", "1"))
SEED = int(os.environ.get("GRATICULE_SEED", "1"))
CHILD = Path(__file__).with_name("store_child.py")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed store with one case. Its password is cheap to guess, so that many signatures fit between two kills."""
    path = tmp_path / "store"
    with new_store(path, password=None) as store:
        store.cases.add(case("killed"))
        (secret,) = store._database.one("SELECT secret FROM reader") or (b"",)
        slot = wrap(secret, PASSWORD, Cost(memory_kib=64, passes=1, lanes=1))
        store._database.write("UPDATE reader SET slot = ?, secret = NULL", (json.dumps(slot),))
        opened = store.labels.open(case("killed").id, SHAPE)
        store.labels.save(case("killed").id, opened.labels, GRID, Effort(), ())
    return path


def killed_work(folder: Path, what: str, seed: int, longest_s: float) -> Iterator[list[str]]:
    """The words of each line a child printed before it was killed at a random moment after it was ready."""
    with subprocess.Popen([sys.executable, str(CHILD), str(folder), what, str(seed)], stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "ready"
        time.sleep(Random(seed).uniform(0, longest_s))
        child.kill()
        said = child.stdout.read()
    # A line that was cut off by the kill was not said.
    return (line[:-1].split(" ", 4) for line in said.splitlines(keepends=True) if line.endswith("\n"))


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_while_painting(folder: Path, number: int) -> None:
    kept: dict[int, tuple[str, int, str]] = {}
    saved: list[str] = []
    for again in range(3):
        for kind, *words in killed_work(folder, "edit", SEED * 1000 + number * 10 + again, 0.5):
            if kind == "kept":
                kept[int(words[0])] = (words[1], int(words[2]), words[3])
            else:
                saved.append(words[0])
        assert list(problems_after_opening(folder)) == []
    with open_store(folder) as store:
        rows = store.labels.open(case("killed").id, SHAPE).journal.rows()
        assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
        assert kept == {row.seq: (str(row.act), row.of, row.title) for row in rows if row.seq in kept}
        # At most the one act of each life that was kept but not yet said.
        assert len(rows) - len(kept) <= 3
        assert set(saved) <= {row.id for row in store.labels.revisions(case("killed").id)}
        done = [row.title for row in rows if row.act is Act.DO]
        assert len(done) == len(set(done))


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_while_a_tool_or_an_operation_works(tmp_path: Path, number: int) -> None:
    """Between a proposal and its acceptance, in a stroke, in an operation: every act that was kept is there, and nothing else."""
    folder = tmp_path / "store"
    with new_store(folder) as store:
        store.cases.add(case("killed"))
    kept: dict[int, tuple[str, int, str]] = {}
    for again in range(2):
        for kind, *words in killed_work(folder, "tools", SEED * 1000 + number * 10 + again, 1.0):
            if kind == "kept":
                kept[int(words[0])] = (words[1], int(words[2]), words[3])
        assert list(problems_after_opening(folder)) == []
    with open_store(folder) as store:
        opened = store.labels.open(case("killed").id, TOOLS_SHAPE)
        rows = opened.journal.rows()
        assert kept == {row.seq: (str(row.act), row.of, row.title) for row in rows if row.seq in kept}
        assert len(rows) - len(kept) <= 2
        workspace = Workspace(case("killed").id, opened.labels, opened.journal, Bus())
        while workspace.undo() is not None:
            pass
        assert workspace.labels == Labels(TOOLS_SHAPE), "from wherever it was killed, back to nothing"


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_while_signing(folder: Path, number: int) -> None:
    signed: list[str] = []
    for again in range(3):
        lines = killed_work(folder, "sign", SEED * 1000 + number * 10 + again, 0.5)
        signed += [words[0] for kind, *words in lines if kind == "signed"]
        assert list(problems_after_opening(folder)) == []
    with open_store(folder) as store:
        versions = store.labels.revisions(case("killed").id)
        attests = [row for row in versions if row.signed]
        assert set(signed) <= {row.id for row in attests} and len(attests) - len(signed) <= 3
        assert [row.version for row in attests] == list(range(1, len(attests) + 1))
        assert_each_version_travels_once(store, [row.id for row in versions])


@pytest.mark.parametrize("number", range(KILLS))
def test_killed_while_migrating(tmp_path: Path, number: int) -> None:
    folder = tmp_path / "store"
    with new_store(folder) as store:
        case_id = worked(store)
        save(store, case_id)
    path, key = folder / "labels.db", open_keys(folder, None)
    for again in range(3):
        list(killed_work(folder, "migrate", SEED * 1000 + number * 10 + again, 0.4))
        assert migrations.schema_number(path, key) in (1, 2)
        database = Database(path, key, read_only=True)
        assert database.one("PRAGMA integrity_check") == ("ok",)
        assert database.one("SELECT count(*) FROM journal") == (2,)
        database.close()
    migrations.bring_up_to_date(path, key, (FIRST, "CREATE TABLE ballast (number INTEGER PRIMARY KEY) STRICT;"))
    assert migrations.schema_number(path, key) == 2


def problems_after_opening(folder: Path) -> Iterator[object]:
    """A crash between the two copies is mended by opening; nothing else may be left to mend."""
    open_store(folder).close()
    return iter(verify_store(folder))


def assert_each_version_travels_once(store: Store, versions: list[str]) -> None:
    entries = [read_entry(line) for line in store.log.entries_after(0, 100_000)]
    assert [entry.ref for entry in entries if entry.kind == "revision"] == versions

