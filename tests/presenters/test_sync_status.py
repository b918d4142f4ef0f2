from fakes.desk import FakeSync
from graticule.domain.errors import GraticuleError
from graticule.editing.events import Bus
from graticule.jobs import InlineRunner
from graticule.presenters.desk_events import SyncChanged
from graticule.presenters.sync_status import SyncStatus


def test_a_good_conversation_counts_and_asks_to_be_called_again() -> None:
    sync, bus, delays, heard = FakeSync(), Bus(), [], []
    bus.subscribe(SyncChanged, heard.append)
    status = SyncStatus(sync, InlineRunner(), bus, delays.append)
    status.now()
    assert (status.counts.on_server, status.counts.waiting, status.counts.why_not) == (2, 0, "")
    assert delays == [60.0] and len(heard) >= 1


def test_failures_wait_longer_and_say_why() -> None:
    sync, delays = FakeSync(), []
    sync.down = True
    status = SyncStatus(sync, InlineRunner(), Bus(), delays.append)
    status.now()
    status.now()
    assert delays == [120.0, 180.0] and status.counts.why_not == "The server cannot be reached."
    sync.down = False
    status.now()
    assert delays[-1] == 60.0 and status.counts.why_not == ""


def test_an_error_of_the_conversation_becomes_the_reason() -> None:
    class Strict(FakeSync):
        def cycle(self, progress):  # type: ignore[no-untyped-def]
            raise GraticuleError("The server refused this computer.", "Ask the administrator.")

    status = SyncStatus(Strict(), InlineRunner(), Bus())
    status.now()
    assert status.counts.why_not.startswith("The server refused") and status.counts.waiting == 2


def test_nothing_is_sent_by_itself_when_the_reader_switched_that_off_nor_without_a_server() -> None:
    sync = FakeSync()
    status = SyncStatus(sync, InlineRunner(), Bus())
    status.by_itself = False
    status.nudge()
    assert sync.cycles == 0
    lonely = FakeSync(server="")
    SyncStatus(lonely, InlineRunner(), Bus()).now()
    assert lonely.cycles == 0


def test_asked_while_one_runs_it_talks_once_more_afterwards() -> None:
    sync = FakeSync()
    waiting: list = []

    class Slow(InlineRunner):
        def start(self, job, **kinds):  # type: ignore[no-untyped-def, override]
            from graticule.jobs import Handle
            handle = Handle()
            waiting.append((handle, job, kinds))
            return handle

    status = SyncStatus(sync, Slow(), Bus())
    status.now()
    status.now()
    status.now()
    assert len(waiting) == 1
    handle, job, kinds = waiting[0]
    handle.close()
    kinds["done"](job(handle))
    assert len(waiting) == 2
