import threading

from fakes.desk import FakeOpener, FakeOpening, case
from graticule.jobs import ThreadRunner
from graticule.presenters.look_ahead import LookAhead


def test_taking_a_half_read_case_stops_the_reading_and_hands_over_what_there_is() -> None:
    begun = threading.Event()

    class Long(FakeOpening):
        def fill(self, progress, on_slice, first=None):  # type: ignore[no-untyped-def]
            begun.set()
            while True:
                progress.step(0, 0)

    opener = FakeOpener()
    runner = ThreadRunner(lambda act: act())
    ahead = LookAhead(lambda c: Long(opener(c).content), runner)
    ahead.read(case(1))
    assert begun.wait(5)
    assert ahead.take("c1:02") is None
    begun.clear()
    ahead.read(case(1))
    assert begun.wait(5)
    assert isinstance(ahead.take("c1:01"), Long)
    assert ahead.take("c1:01") is None
    runner.close()


def test_a_case_that_cannot_be_read_ahead_is_no_news() -> None:
    opener = FakeOpener()
    opener.gone.add("c1:01")
    runner = ThreadRunner(lambda act: act())
    ahead = LookAhead(opener, runner)
    ahead.read(case(1))
    runner.close()
    assert ahead.take("c1:01") is None
