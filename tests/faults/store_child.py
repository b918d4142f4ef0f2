"""A reader that works until it is killed; run by test_store_kill.py. It prints each act after the store says that it is kept.

usage: store_child.py FOLDER edit|tools|sign|migrate SEED
"""

import sys
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parents[1]))

from graticule.domain.acts import Act, Row, Told
from graticule.domain.edits import Edit
from graticule.domain.viewing import Effort
from graticule.editing.events import Bus
from graticule.editing.workspace import Workspace
from graticule.store import migrations
from graticule.store.keys import open_keys
from graticule.store.label_store import OpenedLabels
from graticule.store.schema import FIRST
from graticule.store.store import Store, open_store
from store.making import GRID, PASSWORD, SHAPE, answer, stroke

LARGE_STEP = """
CREATE TABLE ballast (number INTEGER PRIMARY KEY, weight BLOB NOT NULL) STRICT;
WITH RECURSIVE counting (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counting WHERE n < 2000)
INSERT INTO ballast (number, weight) SELECT n, randomblob(2000) FROM counting;
"""


def say(*words: object) -> None:
    print(*words, flush=True)


class Telling:
    """A journal that says what it kept."""

    def __init__(self, opened: OpenedLabels) -> None:
        self._journal = opened.journal

    def append(self, edit: Edit, act: Act, of: int) -> Row:
        row = self._journal.append(edit, act, of)
        say("kept", row.seq, act, of, row.title)
        return row

    def rows(self) -> list[Row]:
        return self._journal.rows()

    def edit(self, seq: int) -> Edit:
        return self._journal.edit(seq)

    def told(self) -> list[Told]:
        return self._journal.told()

    def seals(self) -> list[int]:
        return self._journal.seals()


def edit_for_ever(store: Store, random: Random) -> None:
    (case,) = store.cases.all()
    opened = store.labels.open(case.id, SHAPE)
    workspace = Workspace(case.id, opened.labels, Telling(opened), Bus())
    while True:
        one_act(workspace, random)
        if random.random() < 0.1:
            saved = store.labels.save(case.id, workspace.labels, GRID, Effort(), ())
            if saved:
                say("saved", saved)


def tools_for_ever(store: Store, random: Random) -> None:
    """Every tool and operation, proposals shown and taken, as tests/editing/any_edit.py has them."""
    import numpy as np

    from editing import any_edit

    (case,) = store.cases.all()
    opened = store.labels.open(case.id, any_edit.SHAPE)
    workspace = Workspace(case.id, opened.labels, Telling(opened), Bus())
    reader = any_edit.Reader(workspace, np.random.default_rng(random.randrange(10**9)))
    say("ready")
    while True:
        reader.act()
        if random.random() < 0.05:
            saved = store.labels.save(case.id, reader.workspace.labels, any_edit.GRID, Effort(), ())
            if saved:
                say("saved", saved)


def one_act(workspace: Workspace, random: Random) -> None:
    choice = random.random()
    if choice < 0.2:
        workspace.undo()
    elif choice < 0.3:
        workspace.redo()
    elif choice < 0.5:
        title = f"Answer {random.randrange(10**9)}"
        workspace.do(title, *answer(workspace.labels, random.choice("abc"), title).changes)
    else:
        k, j, i = (random.randrange(size) for size in SHAPE)
        edit = stroke(workspace.labels, (k, j, i), random.randrange(1, 4), random.randrange(4))
        if edit is not None:
            workspace.do(f"Paint {random.randrange(10**9)}", *edit.changes)


def sign_for_ever(store: Store, random: Random) -> None:
    (case,) = store.cases.all()
    while True:
        opened = store.labels.open(case.id, SHAPE)
        if opened.locked:
            store.labels.correct(case.id, "slip")
            opened = store.labels.open(case.id, SHAPE)
        workspace = Workspace(case.id, opened.labels, Telling(opened), Bus())
        for _ in range(random.randrange(1, 4)):
            one_act(workspace, random)
        if random.random() < 0.5:
            store.labels.save(case.id, workspace.labels, GRID, Effort(), ())
        for name in store.labels.sign([case.id], PASSWORD, "my read"):
            say("signed", name)


def migrate(folder: Path) -> None:
    """Once, on a store that is not open."""
    from sqlite_utils import Database, Migrations

    assert Database and Migrations  # imported before the clock of the killer starts
    say("ready")
    migrations.bring_up_to_date(folder / "labels.db", open_keys(folder, None), (FIRST, LARGE_STEP))
    say("migrated")


def main(folder: Path, what: str, seed: int) -> None:
    if what == "migrate":
        migrate(folder)
        return
    store = open_store(folder)
    # Small strides, so that the killer also meets checkpoints being made.
    store._checkpoints._every = 5
    if what != "tools":
        say("ready")
    {"edit": edit_for_ever, "tools": tools_for_ever, "sign": sign_for_ever}[what](store, Random(seed))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
