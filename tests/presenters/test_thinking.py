"""A tool's questions in a job: the newest wins, and one that rests is not begun while the hand asks on."""

import queue

import pytest

from graticule.domain.errors import Cancelled, GraticuleError
from graticule.jobs import Handle, InlineRunner, ThreadRunner
from graticule.presenters.thinking import JobThinking


def test_only_the_last_of_quick_questions_is_worked_on() -> None:
    home: queue.SimpleQueue = queue.SimpleQueue()
    runner, worked, answers = ThreadRunner(home.put), [], []
    thinking = JobThinking(runner, lambda error: None)
    for n in range(5):
        thinking.ask(lambda progress, n=n: worked.append(n) or n, answers.append, rest_s=0.05)
    home.get(timeout=5)()
    runner.close()
    assert worked == [4] and answers == [4]


def test_stopped_it_never_answers_and_is_not_busy() -> None:
    home: queue.SimpleQueue = queue.SimpleQueue()
    runner, answers = ThreadRunner(home.put), []
    thinking = JobThinking(runner, lambda error: None)
    thinking.ask(lambda progress: 1, answers.append, rest_s=5.0)
    assert thinking.busy
    thinking.stop()
    assert not thinking.busy
    runner.close()
    assert home.empty() and not answers


def test_a_refusal_is_told() -> None:
    told: list[GraticuleError] = []

    def refuse(progress: object) -> int:
        raise GraticuleError("No.")

    JobThinking(InlineRunner(), told.append).ask(refuse, lambda n: None)
    assert [error.message for error in told] == ["No."]


def test_a_rest_ends_when_it_is_given_up() -> None:
    handle = Handle()
    handle.rest(0.0)
    handle.cancel()
    with pytest.raises(Cancelled):
        handle.rest(60.0)
