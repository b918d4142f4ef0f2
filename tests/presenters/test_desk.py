import pytest

from fakes.desk import FakeViewer, case, make_desk
from graticule.domain.case import Kind, State
from graticule.domain.elements import Answer
from graticule.domain.errors import GraticuleError
from graticule.domain.viewing import Look
from graticule.jobs import InlineRunner
from graticule.presenters.desk_events import CaseLeft, CaseOpened, CaseOpening, Trouble, WorklistChanged

ALL = [case(1, Kind.VOLUME, "MR"), case(2, Kind.IMAGE, "CR"), case(3, Kind.ECG, "ECG")]
LOOK = Look("picture", 0, (0, 0, 100, 100), 1000, ("100", "50"), 1500)


def answer_all(parts) -> None:  # type: ignore[no-untyped-def]
    form = parts.desk.form
    form.give("pneumothorax", True)
    form.confidence("pneumothorax", "high")
    form.give("lesion", "other")


def test_opening_tells_in_order_and_lays_the_case_on_the_desk() -> None:
    parts = make_desk(ALL)
    parts.hear(CaseOpening, CaseOpened)
    parts.desk.open("c1:01")
    assert [type(event) for event in parts.heard] == [CaseOpening, CaseOpened]
    assert parts.desk.opened is not None and parts.desk.opened.content.grid.shape == (5, 16, 16)  # type: ignore[union-attr]
    assert parts.desk.worklist.current == "c1:01"


def test_the_next_case_is_read_ahead_and_not_opened_again() -> None:
    parts = make_desk(ALL)
    parts.desk.open("c1:01")
    assert parts.opener.opened == ["c1:01", "c1:02"]
    parts.desk.next_undone()
    assert parts.desk.opened is not None and parts.desk.opened.case.id == "c1:02"
    assert parts.opener.opened.count("c1:02") == 1


def test_a_case_that_cannot_be_opened_is_said_and_leaves_an_empty_desk() -> None:
    parts = make_desk(ALL)
    parts.hear(Trouble)
    parts.opener.gone.add("c1:01")
    parts.desk.open("c1:01")
    assert parts.desk.opened is None and parts.desk.worklist.current is None
    assert [event.error.message for event in parts.heard] == ["The file of this case is gone."]  # type: ignore[attr-defined]


def test_leaving_saves_the_draft_with_effort_bytes_and_view() -> None:
    parts = make_desk(ALL)
    parts.hear(CaseLeft)
    parts.desk.open("c1:02")
    viewer = FakeViewer({"window": [400, 40]}, [LOOK])
    parts.desk.attach(viewer)
    parts.desk.act()
    parts.desk.leave()
    (case_id, effort, objects), = parts.labels.saved
    assert (case_id, effort.looks, effort.opened) == ("c1:02", (LOOK,), "2026-03-01T09:00:00+00:00")
    assert effort.active_ms > 0 and objects[0]["role"] == "file"
    assert parts.memory.kept["c1:02"] == {"window": [400, 40]} and parts.looks.kept == [("c1:02", LOOK)]
    assert len(parts.heard) == 1 and parts.desk.opened is None


def test_the_view_comes_back_with_the_case() -> None:
    parts = make_desk(ALL)
    parts.desk.open("c1:02")
    parts.desk.attach(FakeViewer({"zoom": 3}))
    parts.desk.remember()
    again = make_desk(ALL, memory=parts.memory)
    again.desk.resume()
    assert again.desk.opened is not None and again.desk.opened.case.id == "c1:02"
    assert again.desk.opened.view_state == {"zoom": 3}


def test_the_first_act_turns_new_into_in_progress_and_says_so_once() -> None:
    parts = make_desk(ALL)
    parts.desk.open("c1:02")
    parts.hear(WorklistChanged)
    assert parts.desk.form is not None
    parts.desk.form.give("lesion", "naevus")
    parts.desk.form.give("lesion", "melanoma")
    assert parts.desk.worklist.state("c1:02") is State.IN_PROGRESS
    assert len(parts.heard) == 1


def test_finishing_names_what_is_missing_and_does_nothing() -> None:
    parts = make_desk(ALL)
    parts.desk.open("c1:02")
    with pytest.raises(GraticuleError, match="“Pneumothorax”, “Most likely diagnosis”"):
        parts.desk.finish()
    assert parts.labels.done == set() and parts.desk.opened is not None


def test_finishing_saves_marks_and_opens_the_next_undone() -> None:
    parts = make_desk(ALL)
    parts.desk.open("c1:02")
    answer_all(parts)
    assert parts.desk.finish()
    assert parts.labels.done == {"c1:02"} and parts.labels.saved[0][0] == "c1:02"
    assert parts.desk.opened is not None and parts.desk.opened.case.id == "c1:03"
    assert parts.desk.worklist.progress() == (1, 3)


def test_finishing_the_last_one_stays_with_it() -> None:
    parts = make_desk([ALL[0]])
    parts.desk.open("c1:01")
    assert not parts.desk.finish()
    assert parts.desk.opened is not None and parts.desk.worklist.state("c1:01") is State.FINISHED


def test_undo_and_redo_reach_the_answers() -> None:
    parts = make_desk(ALL)
    parts.desk.open("c1:02")
    assert parts.desk.form is not None and parts.desk.opened is not None
    parts.desk.form.give("lesion", "naevus")
    assert parts.desk.undo() == "Answer: Most likely diagnosis"
    assert parts.desk.form.answer("lesion") is None
    assert parts.desk.redo() == "Answer: Most likely diagnosis"
    assert parts.desk.form.answer("lesion") == Answer(id="lesion", value="naevus")
    assert parts.desk.redo() is None


def test_signed_is_locked_and_undo_says_so_and_a_correction_is_a_new_version() -> None:
    parts = make_desk(ALL)
    parts.desk.open("c1:02")
    parts.labels.signed.add("c1:02")
    parts.desk.lock_signed(["c1:02"])
    parts.hear(Trouble)
    assert parts.desk.undo() is None
    assert len(parts.heard) == 1 and parts.desk.worklist.state("c1:02") is State.SEALED
    parts.desk.correct("slip")
    assert parts.desk.opened is not None and not parts.desk.opened.workspace.locked
    assert parts.desk.opened.version == 2 and parts.labels.reasons == ["slip"]


def test_a_full_disk_while_leaving_is_said_and_leaves() -> None:
    parts = make_desk(ALL)
    parts.hear(Trouble)
    parts.desk.open("c1:01")

    def full(*args: object) -> str:
        raise GraticuleError("The disk is full.")

    parts.labels.save = full  # type: ignore[method-assign]
    parts.desk.open("c1:02")
    assert len(parts.heard) == 1 and parts.desk.opened is not None and parts.desk.opened.case.id == "c1:02"


def test_a_second_choice_while_the_first_is_read_wins() -> None:
    waiting: list = []

    class Slow(InlineRunner):
        def start(self, job, **kinds):  # type: ignore[no-untyped-def, override]
            from graticule.jobs import Handle
            handle = Handle()
            waiting.append((handle, job, kinds))
            return handle

    parts = make_desk(ALL, Slow())
    parts.desk.open("c1:01")
    parts.desk.open("c1:03")
    (first, _, _), (second, job, kinds) = waiting
    assert first.cancelled and not second.cancelled
    kinds["done"](job(second))
    assert parts.desk.opened is not None and parts.desk.opened.case.id == "c1:03"


def test_giving_up_an_opening_leaves_an_empty_desk_and_a_late_answer_changes_nothing() -> None:
    waiting: list = []

    class Slow(InlineRunner):
        def start(self, job, **kinds):  # type: ignore[no-untyped-def, override]
            from graticule.jobs import Handle
            waiting.append(Handle())
            return waiting[-1]

    parts = make_desk(ALL, Slow())
    parts.desk.open("c1:01")
    parts.desk.give_up_opening()
    assert waiting[0].cancelled and parts.desk.worklist.current is None and parts.desk.opened is None
    parts.desk.open("c1:01")
    assert not waiting[1].cancelled and parts.desk.worklist.current == "c1:01"
