"""kill -9 of the server and of a desk in the middle of a conversation over real HTTP: nothing lost, nothing twice.

GRATICULE_KILLS says how often each is killed.
"""

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from fakes.sync_world import PROTOCOL, a_case
from graticule.domain.errors import GraticuleError
from graticule.server.serve import open_server
from graticule.server.tables import records
from graticule.store.store import NewStore, open_store
from graticule.store.unlock import Unlock
from graticule.sync.cycle import cycle
from graticule.sync.http_client import HttpServer

KILLS = int(os.environ.get("GRATICULE_KILLS", "3"))

SERVER = """
import sys
from pathlib import Path
from graticule.server.serve import serve
serve("", "127.0.0.1", int(sys.argv[2]), Path(sys.argv[1]), lambda url: print(url, flush=True))
"""

DESK = """
import sys
from contextlib import suppress
from pathlib import Path
from fakes.sync_world import a_case
from graticule.domain.acts import Act
from graticule.domain.edits import Edit, ElementChange, apply
from graticule.domain.elements import Answer
from graticule.domain.errors import GraticuleError
from graticule.domain.viewing import Effort
from graticule.store.store import open_store
from graticule.sync.cycle import cycle
from graticule.sync.http_client import HttpServer

store = open_store(Path(sys.argv[1]))
server, case = HttpServer.for_store(store), a_case("case").id
number = 0
while True:
    number += 1
    opened = store.labels.open(case, None)
    answer = Answer(id="q", value=f"{sys.argv[2]} {number} " + "x" * (number % 7 * 4000))
    edit = Edit("Answer", (ElementChange("answer", "q", opened.labels.element("answer", "q"), answer),))
    apply(opened.labels, edit)
    opened.journal.append(edit, Act.DO, 0)
    print("saved", store.labels.save(case, opened.labels, None, Effort(), ()), flush=True)
    if number % 3 == 0:
        with suppress(GraticuleError):
            cycle(store, server)
            print("synced", flush=True)
"""


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def desk(tmp_path: Path, port: int) -> Path:
    store = open_store(tmp_path / "desk", Unlock.key_file(), create=NewStore("Reader One", f"http://127.0.0.1:{port}", None))
    store.protocols.put(PROTOCOL)
    store.cases.add(a_case("case"), order=0)
    store.close()
    return tmp_path / "desk"


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    search = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": search},
    )


def start_server(folder: Path, port: int) -> subprocess.Popen[str]:
    child = start(SERVER, folder, port)
    assert child.stdout is not None and child.stdout.readline().startswith("http")
    return child


def kill(child: subprocess.Popen[str]) -> list[str]:
    """SIGKILL (TerminateProcess on Windows); whole lines it had printed."""
    child.kill()
    assert child.stdout is not None
    said = child.stdout.read()
    child.wait()
    child.stdout.close()
    return said[: said.rfind("\n") + 1].splitlines()


def check(tmp_path: Path, desk: Path, saved: list[str]) -> None:
    """Everything that was shown as saved is at the server, once, and both hold the same bytes."""
    store, central = open_store(desk), open_server("", tmp_path / "server")
    assert saved and set(saved) <= {row.id for row in store.labels.revisions(a_case("case").id)}
    with central.database.read() as connection:
        rows = connection.execute(select(records.c.identity, records.c.position).order_by(records.c.position)).all()
    assert set(saved) <= {row.identity for row in rows}
    assert [row.position for row in rows] == list(range(len(rows)))
    assert central.lines(store.log.device_id) == store.log.entries_after(0, 10**6)
    assert central.checkpoint("test-project")["root"] == central.recomputed("test-project").root
    for version in saved:
        payload = store.labels._revisions.header(version).payload
        assert central.blob(payload) == store.blobs.get(payload)
    store.close()
    central.close()


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    child = start_server(tmp_path / "server", port)
    yield child
    kill(child)


@pytest.mark.usefixtures("server")
def test_the_desk_is_killed_while_it_saves_and_sends(tmp_path: Path, desk: Path) -> None:
    chance, saved = random.Random(7), []
    for turn in range(KILLS):
        child = start(DESK, desk, turn)
        assert child.stdout is not None
        first = child.stdout.readline()
        time.sleep(chance.random())
        saved += [line.split()[1] for line in (first.strip(), *kill(child)) if line.startswith("saved")]
    store = open_store(desk)
    report = cycle(store, HttpServer.for_store(store))
    assert (report.waiting, report.here) == (0, report.on_server)
    store.close()
    check(tmp_path, desk, saved)


def test_the_server_is_killed_while_it_takes_in(tmp_path: Path, desk: Path, port: int) -> None:
    chance = random.Random(8)
    child, central, saved = start(DESK, desk, "x"), start_server(tmp_path / "server", port), list[str]()
    for _ in range(KILLS):
        time.sleep(chance.random())
        kill(central)
        central = start_server(tmp_path / "server", port)
    time.sleep(0.3)
    saved = [line.split()[1] for line in kill(child) if line.startswith("saved")]
    store = open_store(desk)
    server = HttpServer.for_store(store)
    for _ in range(20):
        with suppress(GraticuleError, httpx.HTTPError):
            if cycle(store, server).waiting == 0:
                break
    store.close()
    kill(central)
    check(tmp_path, desk, saved)
