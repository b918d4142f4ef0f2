"""Both runners keep the same contract; the threads' own promises are below."""

import queue
import threading
from collections.abc import Callable, Iterator

import pytest

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.jobs import InlineRunner, Runner, ScopedRunner, ThreadRunner


class Home:
    """The main thread of a test: takes posted functions and calls them when asked."""

    def __init__(self) -> None:
        self._posted: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def post(self, act: Callable[[], None]) -> None:
        self._posted.put(act)

    def one(self) -> None:
        self._posted.get(timeout=5)()

    @property
    def empty(self) -> bool:
        return self._posted.empty()


@pytest.fixture(params=["inline", "threads"])
def runner_and_home(request: pytest.FixtureRequest) -> Iterator[tuple[Runner, Callable[[], None]]]:
    if request.param == "inline":
        yield InlineRunner(), lambda: None
        return
    home = Home()
    runner = ThreadRunner(home.post)
    yield runner, home.one
    runner.close()


def unexpected(error: GraticuleError) -> None:
    raise AssertionError(error)


def test_the_result_comes_home_on_the_caller_s_thread(runner_and_home: tuple[Runner, Callable[[], None]]) -> None:
    runner, come_home = runner_and_home
    got: list[tuple[int, int]] = []
    handle = runner.start(lambda progress: 6 * 7, done=lambda n: got.append((n, threading.get_ident())), failed=unexpected)
    come_home()
    assert got == [(42, threading.get_ident())] and handle.finished and runner.running() == ()


def test_an_expected_failure_comes_home(runner_and_home: tuple[Runner, Callable[[], None]]) -> None:
    runner, come_home = runner_and_home
    errors: list[str] = []

    def fails(progress: Progress) -> int:
        raise GraticuleError("No such file.")

    runner.start(fails, done=lambda n: None, failed=lambda error: errors.append(error.message))
    come_home()
    assert errors == ["No such file."]


def test_a_bug_is_raised_at_home(runner_and_home: tuple[Runner, Callable[[], None]]) -> None:
    runner, come_home = runner_and_home

    def bug(progress: Progress) -> int:
        return 1 // 0

    with pytest.raises(ZeroDivisionError):
        runner.start(bug, done=lambda n: None, failed=unexpected)
        come_home()


def test_cancel_raises_inside_and_nothing_comes_home() -> None:
    home, inside, ended = Home(), threading.Event(), threading.Event()
    runner = ThreadRunner(home.post)

    def endless(progress: Progress) -> None:
        try:
            while True:
                inside.set()
                progress.step(1, 3, "Reading")
        finally:
            ended.set()

    handle = runner.start(endless, done=lambda n: pytest.fail("done"), failed=unexpected, title="Importing")
    assert inside.wait(5)
    assert runner.running() == (handle,) and handle.title == "Importing"
    handle.cancel()
    assert ended.wait(5) and handle.wait(5)
    assert home.empty and (handle.progress.done, handle.progress.total) == (1, 3)
    runner.close()


def test_cancelled_after_the_work_was_done_is_still_silent() -> None:
    home = Home()
    runner = ThreadRunner(home.post)
    handle = runner.start(lambda progress: 1, done=lambda n: pytest.fail("done"), failed=unexpected)
    runner.start(lambda progress: 2, done=lambda n: None, failed=unexpected)
    handle.cancel()
    home.one()
    runner.close()


def test_a_lane_keeps_its_order_and_lanes_run_beside_each_other() -> None:
    home = Home()
    runner, gate, order = ThreadRunner(home.post), threading.Event(), []
    runner.start(lambda progress: gate.wait(5), done=lambda n: order.append("first"), failed=unexpected, lane="database")
    runner.start(lambda progress: None, done=lambda n: order.append("second"), failed=unexpected, lane="database")
    runner.start(lambda progress: None, done=lambda n: order.append("other lane"), failed=unexpected, lane="network")
    home.one()
    gate.set()
    home.one()
    home.one()
    assert order == ["other lane", "first", "second"]
    runner.close()


def test_a_closed_runner_takes_nothing_more() -> None:
    runner = ThreadRunner(lambda act: act())
    runner.close()
    assert runner.start(lambda progress: 1, done=lambda n: pytest.fail("done"), failed=unexpected).cancelled


def test_nothing_of_a_closed_scope_comes_home() -> None:
    home, got = Home(), list[int]()
    runner = ThreadRunner(home.post)
    scope = ScopedRunner(runner)
    scope.start(lambda progress: 1, done=got.append, failed=unexpected)
    home.one()
    handle = scope.start(lambda progress: 2, done=got.append, failed=unexpected)
    assert handle.wait(5)
    scope.close()
    home.one()
    assert got == [1] and scope.running() == ()
    runner.close()
