"""Pushes at the same moment: each entry once, positions dense, and nobody who commits late can be skipped."""

import threading
from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import select

from fakes.paper_desk import PaperDesk, push, send
from graticule.server.central_store import CentralStore
from graticule.server.log import lock_log
from graticule.server.tables import records
from graticule.sync.messages import Receipt


def test_two_pushes_of_one_device_at_once_store_each_entry_once(store: CentralStore, desk: PaperDesk) -> None:
    for number in range(20):
        desk.write(desk.header(f"case {number}"))
    requests = [desk.request(blobs=(b"{}",), lines=desk.lines[:size]) for size in (5, 20, 10, 15)] * 3
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda request: send(store, desk, request), requests))
    assert all(isinstance(answer, Receipt) for answer in answers)
    taken = [result.seq for answer in answers for result in answer.results if result.result == "stored"]
    assert sorted(taken) == list(range(1, 21))
    assert store.lines(desk.id) == desk.lines
    assert store.checkpoint("demo")["size"] == 20


def test_many_devices_at_once_get_dense_positions_and_one_root(store: CentralStore) -> None:
    desks = [PaperDesk(f"Reader {number}").enrolled(store) for number in range(6)]

    def work(desk: PaperDesk) -> None:
        for number in range(8):
            desk.write(desk.header(f"case {number}", project=("one", "two", "three")[number % 3]))
            desk.write(desk.header(f"case {number}", project=("two", "three", "one")[number % 3]))
            push(store, desk, after=2 * number)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, desks))
    total = 0
    for project in ("one", "two", "three"):
        with store.database.read() as connection:
            positions = list(
                connection.execute(
                    select(records.c.position).where(records.c.project == project).order_by(records.c.position)
                ).scalars()
            )
        assert positions == list(range(len(positions)))
        assert store.checkpoint(project)["root"] == store.recomputed(project).root
        total += len(positions)
    assert total == 6 * 16


def test_the_same_version_through_two_devices_at_once_is_stored_once(store: CentralStore, desk: PaperDesk) -> None:
    twins = [desk, PaperDesk("Reader One", like=desk).enrolled(store)]
    headers = [desk.header(f"case {number}") for number in range(12)]
    for twin in twins:
        for header in headers:
            twin.write(header)
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda twin: push(store, twin), twins))
    assert sorted(result.result for answer in answers for result in answer.results) == ["duplicate"] * 12 + ["stored"] * 12
    assert store.recomputed("demo").size == 12


def test_whoever_commits_late_holds_up_the_others_of_the_project_and_is_not_skipped(store: CentralStore, desk: PaperDesk) -> None:
    desk.write(desk.header())
    done = threading.Event()

    def later() -> None:
        push(store, desk)
        done.set()

    thread = threading.Thread(target=later)
    with store.database.write() as connection:
        held = lock_log(connection, store.database, "demo")
        thread.start()
        assert not done.wait(0.3)
        assert held.size == 0
    thread.join(10)
    assert done.is_set() and store.checkpoint("demo")["size"] == 1
