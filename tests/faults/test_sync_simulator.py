"""The real client and the real server through lost, repeated and late messages, crashes, clones, roll-backs and restores.

GRATICULE_SCHEDULES says how many schedules are run, GRATICULE_FIRST_SCHEDULE where to begin; a failing one is named by its seed.
At the end of each the faults stop, everybody syncs, and it is counted: nothing shown as saved is missing on the server, nothing
is there twice, the log has no gap, and what desk and server hold is the same byte for byte.
"""

import os
import random
import shutil
from pathlib import Path

import pytest
from sqlalchemy import event, select

from fakes.sync_world import PROJECT, Central, Desk, append_foreign, some_text
from fakes.weather import Weather, deliver_late
from graticule.domain.errors import GraticuleError
from graticule.records.canonical import parse
from graticule.records.entry import read_entry
from graticule.server.tables import records
from graticule.sync.messages import Cursor, Limits
from graticule.sync.messages.naming import named_blobs

COUNT = int(os.environ.get("GRATICULE_SCHEDULES", "4"))
FIRST = int(os.environ.get("GRATICULE_FIRST_SCHEDULE", "0"))
STEPS = 60
DAY_MS = 24 * 3600 * 1000
MOST_DESKS = 5

# So small that portions, PUTs and uploads in parts all happen.
TIGHT = Limits(push_entries=4, push_bytes=3000, inline_bytes=700, blob_bytes=1500, part_bytes=600, upload_bytes=1 << 20)


class World:
    def __init__(self, seed: int, folder: Path) -> None:
        self.chance, self.folder, self.serial = random.Random(seed), folder, 0
        self.weather = Weather(self.chance)
        self.central = Central(folder / "server", limits=TIGHT)
        self.desks = [self._desk("Reader One"), self._desk("Reader Two")]
        self.destroyed: set[str] = set()
        self.backups: list[Path] = []
        self.snapshots: dict[Desk, Path] = {}
        self.failing_commits = 0
        self._watch_commits()

    def step(self) -> None:
        desk, dice = self.chance.choice(self.desks), self.chance.random()
        acts = (
            (0.36, self.save),
            (0.68, self.sync),
            (0.72, self.poison),
            (0.75, self.power_cut),
            (0.79, self.clock_jump),
            (0.83, self.replay),
            (0.86, self.server_restart),
            (0.89, self.server_fault),
            (0.91, self.backup),
            (0.93, self.restore),
            (0.955, self.clone),
            (0.98, self.snapshot),
            (1.01, self.roll_back),
        )
        next(act for likely, act in acts if dice < likely)(desk)

    def save(self, desk: Desk) -> None:
        desk.read(f"case {self.chance.randrange(4)}", some_text(self.chance))

    def sync(self, desk: Desk) -> None:
        try:
            desk.sync()
        except GraticuleError:
            assert not self.weather.calm

    def poison(self, desk: Desk) -> None:
        if desk.saved and not self._is_event(desk):
            append_foreign(desk.store)

    def power_cut(self, desk: Desk) -> None:
        desk.reopen(desk.snapshot(self._folder()))

    def clock_jump(self, desk: Desk) -> None:
        desk.clock.now_ms += self.chance.choice((-800, -3, 1, 30, 4000)) * DAY_MS
        self.central.clock.now_ms += self.chance.choice((0, 1000, 4 * 60 * 1000, DAY_MS))

    def replay(self, _desk: Desk) -> None:
        if self.weather.letters:
            deliver_late(self.weather, self.central.wire, self.chance.randrange)

    def server_restart(self, _desk: Desk) -> None:
        self.central.restart()
        self._watch_commits()

    def server_fault(self, _desk: Desk) -> None:
        self.failing_commits = self.chance.randint(1, 3)

    def backup(self, _desk: Desk) -> None:
        self.central.store.close()
        kept = self._folder()
        kept.mkdir()
        shutil.copy(self.central.folder / "central.db", kept)
        self.backups.append(kept)
        self.server_restart(_desk)

    def restore(self, _desk: Desk) -> None:
        if not self.backups:
            return
        self.central.store.close()
        shutil.copy(self.chance.choice(self.backups[-2:]) / "central.db", self.central.folder / "central.db")
        self.server_restart(_desk)

    def clone(self, desk: Desk) -> None:
        if len(self.desks) < MOST_DESKS:
            twin = Desk(desk.snapshot(self._folder()), self.central, self.weather, create=False)
            twin.saved = [version for version in desk.saved if version in twin.versions()]
            self.desks.append(twin)

    def snapshot(self, desk: Desk) -> None:
        self.snapshots[desk] = desk.snapshot(self._folder())

    def roll_back(self, desk: Desk) -> None:
        if desk in self.snapshots:
            before = desk.versions()
            desk.reopen(Path(shutil.copytree(self.snapshots[desk], self._folder())))
            # A copy was destroyed from outside; what no other place holds cannot come back.
            self.destroyed |= before - desk.versions()

    def calm(self) -> None:
        self.weather.calm, self.failing_commits = True, 0
        while self.weather.letters:
            deliver_late(self.weather, self.central.wire, self.chance.randrange)
        for _ in range(2):
            for desk in self.desks:
                report = desk.sync()
                assert (report.waiting, report.here) == (0, report.on_server)

    def check(self) -> None:
        held = self._held()
        saved = {version for desk in self.desks for version in desk.saved}
        still_here = {version for desk in self.desks for version in desk.versions()}
        assert not (saved - self.destroyed | still_here) - held, "a saved version is not on the server"
        for desk in self.desks:
            assert self.central.store.lines(desk.store.log.device_id) == desk.lines()
            for line in desk.lines():
                for blob in named_blobs(parse(read_entry(line).body)):
                    assert self.central.store.blob(blob) == desk.store.blobs.get(blob)
            self._check_pull(desk)
        for project in ("", PROJECT):
            with self.central.store.database.read() as connection:
                positions = list(
                    connection.execute(
                        select(records.c.position).where(records.c.project == project).order_by(records.c.position)
                    ).scalars()
                )
            assert positions == list(range(len(positions)))
            assert self.central.store.checkpoint(project)["root"] == self.central.store.recomputed(project).root

    def close(self) -> None:
        for desk in self.desks:
            desk.close()
        self.central.close()

    def _check_pull(self, desk: Desk) -> None:
        cursor, mine = Cursor(PROJECT), set[str]()
        while True:
            page = desk.server.pull(cursor)
            mine |= {entry.device for entry in page.entries}
            cursor = page.next
            if not page.more:
                break
        readers = {row.device: row.reader for row in self.central.store.fleet()}
        assert {readers[device] for device in mine} <= {desk.store.reader.id}

    def _held(self) -> set[str]:
        with self.central.store.database.read() as connection:
            return set(connection.execute(select(records.c.identity)).scalars())

    def _is_event(self, desk: Desk) -> bool:
        seq = desk.store.log.head()[0]
        return seq == 0 or read_entry(desk.store.log.entries_after(seq - 1, 1)[0]).kind == "event"

    def _watch_commits(self) -> None:
        def before_commit(_connection: object) -> None:
            if self.failing_commits and self.chance.random() < 0.5:
                self.failing_commits -= 1
                raise OSError("the server died before it could commit")

        event.listen(self.central.store.database.engine, "commit", before_commit)

    def _desk(self, name: str) -> Desk:
        return Desk(self._folder(), self.central, self.weather, name=name)

    def _folder(self) -> Path:
        self.serial += 1
        return self.folder / str(self.serial)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + COUNT))
def test_nothing_is_lost_or_doubled(seed: int, tmp_path: Path) -> None:
    world = World(seed, tmp_path)
    try:
        for _ in range(STEPS):
            world.step()
        world.calm()
        world.check()
    finally:
        world.close()
        shutil.rmtree(tmp_path, ignore_errors=True)
