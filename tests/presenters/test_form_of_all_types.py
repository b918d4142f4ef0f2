"""The form with every type of question: conditions, marks, sides that contradict, typing, undo."""

from itertools import count
from typing import Any

import numpy as np
import pytest

from fakes.asking import FINDINGS, item, listed, protocol
from fakes.journal import FakeJournal
from graticule.domain.case import Case, Kind
from graticule.domain.codes import Ontology
from graticule.domain.edits import ElementChange
from graticule.domain.elements import Answer, Region
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.editing.events import Bus
from graticule.editing.tools.mark import MarkTool
from graticule.editing.tools.tool import Bench, Pointer
from graticule.editing.workspace import Workspace
from graticule.jobs import InlineRunner
from graticule.presenters.open_case import OpenCase
from graticule.presenters.question_form import QuestionForm

QUESTIONS = (
    FINDINGS,
    item("size", "number", unit="mm", decimals=1, low="1.0"),
    item("why", "text", required=False),
    item(
        "seen",
        "multi",
        choices=[
            {"value": "none", "label": "None", "exclusive": True},
            {"value": "a", "label": "A"},
            {"value": "b", "label": "B"},
        ],
    ),
    item("site", "body-site", section="Site", **listed("back", "arm")),
    item("side", "laterality", section="Site", of_image=False),
    item("border", "regions", marks={"need": "required", "shape": "polygon"}, section="Border"),
)


def opened(letters: tuple[str, str] = ("R", "L"), **facts: Any) -> OpenCase:
    bus, numbers = Bus(), count(1)
    content = Picture(np.zeros((100, 200), np.uint8), "DX", "MONOCHROME2", edge_letters=(letters[0], "H", letters[1], "F"))
    workspace = Workspace("c1:x", Labels(None), FakeJournal(), bus)
    case = Case("c1:x", Kind.IMAGE, "DX", "t", "fake", (), (), facts)
    return OpenCase(
        case, content, None, workspace, bus, protocol(*QUESTIONS), Ontology(()), InlineRunner(), lambda: f"id-{next(numbers)}"
    )


def value(form: QuestionForm, name: str) -> Any:
    answer = form.answer(name)
    return answer.value if answer else None


def draw(case: OpenCase, form: QuestionForm, question: str, columns: tuple[int, int]) -> None:
    bench = Bench(case.workspace, case.content, case.ontology, case.new_id)
    told: list[str] = []
    bench.marking = form.marking(question, lambda: told.append("done"))
    tool = MarkTool()
    tool.press(bench, Pointer((float(columns[0]), 10.0), reach=(1.0, 1.0)))
    tool.drag(bench, Pointer((float(columns[1]), 20.0), reach=(1.0, 1.0)))
    tool.drag(bench, Pointer((float(columns[1]) + 4, 30.0), reach=(1.0, 1.0)))
    tool.release(bench, Pointer((float(columns[1]), 40.0), reach=(1.0, 1.0)))
    assert told == ["done"]


def test_one_act_withdraws_what_is_hidden_and_undo_brings_all_of_it_back() -> None:
    case = opened()
    form = QuestionForm(case)
    form.press("cxr.ptx", "d")
    form.press("cxr.ptx.side", "r")
    form.press("cxr.ptx.size", "g")
    form.press("cxr.no_finding", "d")
    assert value(form, "cxr.ptx") == "absent" and form.answer("cxr.ptx.side") is None and not form.is_asked("cxr.ptx.size")
    case.workspace.undo()
    assert [value(form, f"cxr.ptx{part}") for part in ("", ".side", ".size")] == ["present", "R", "large"]
    assert value(form, "cxr.no_finding") == "absent"


def test_a_box_becomes_part_of_the_answer_in_one_act_and_goes_with_the_finding() -> None:
    case = opened()
    form = QuestionForm(case)
    with pytest.raises(GraticuleError, match="Say first"):
        draw(case, form, "cxr.nodule", (20, 40))
    form.press("cxr.nodule", "p")
    draw(case, form, "cxr.nodule", (20, 40))
    (region,) = form.regions("cxr.nodule")
    assert (region.shape, region.space, region.points[0], region.points[2]) == ("box", "image", (20000, 10000), (40000, 40000))
    form.press("cxr.nodule", "a")
    assert form.regions("cxr.nodule") == [] and case.workspace.labels.of(Region) == []
    case.workspace.undo()
    assert form.regions("cxr.nodule") == [region]
    case.workspace.undo()
    assert case.workspace.labels.of(Region) == [] and value(form, "cxr.nodule") == "possible"


def test_an_outline_answers_a_question_of_marks_and_deleting_it_opens_the_question_again() -> None:
    case = opened()
    form = QuestionForm(case)
    form.give("border", True)
    assert not form.answered("border")
    draw(case, form, "border", (20, 40))
    assert form.answered("border") and len(form.regions("border")[0].points) >= 3
    case.workspace.do("Delete", ElementChange.remove(form.regions("border")[0]))
    assert not form.answered("border")
    form.press("border", "n")
    assert value(form, "border") is False and form.answered("border")


def test_a_side_that_contradicts_the_box_or_the_file_blocks_until_changed_or_explained() -> None:
    case = opened(laterality="L")
    form = QuestionForm(case)
    form.press("cxr.nodule", "d")
    draw(case, form, "cxr.nodule", (150, 170))
    form.press("cxr.nodule.side", "r")
    assert [c.sentence for c in form.conflicts()] == [
        "You answered right, but the file says left.",
        "You answered right, but a marked region lies on the patient's left.",
    ]
    assert "cxr.nodule.side" in [q.id for q in form.missing()]
    form.explain("cxr.nodule.side", "The marker on the film is wrong")
    assert form.conflicts() == [] and form.answered("cxr.nodule.side")
    form.press("cxr.nodule.side", "b")
    assert form.answer("cxr.nodule.side").explanation == ""  # type: ignore[union-attr]
    form.press("cxr.nodule.side", "l")
    assert form.answered("cxr.nodule.side")


def test_the_place_on_the_body_map_must_fit_the_side() -> None:
    form = QuestionForm(opened())
    form.give("site", {"site": "arm", "view": "back", "at": [150, 300]})
    form.press("side", "r")
    assert [c.sentence for c in form.conflicts("side")] == ["The place on the body map lies on the other side."]
    form.press("side", "l")
    assert form.answered("side")


@pytest.mark.parametrize("letters", [("?", "?"), ("A", "P")])
def test_where_left_is_unknown_no_side_can_be_answered_and_none_is_missing(letters: tuple[str, str]) -> None:
    form = QuestionForm(opened(letters))
    form.press("cxr.nodule", "d")
    assert form.side_unknown("cxr.nodule.side") and not form.side_unknown("side")
    with pytest.raises(GraticuleError, match="which side of the image is left"):
        form.press("cxr.nodule.side", "r")
    assert "cxr.nodule.side" not in [q.id for q in form.missing()]


def test_a_text_is_one_act_when_the_hand_rests_and_a_number_is_kept_with_its_decimals() -> None:
    case = opened()
    form = QuestionForm(case)
    for typed in ("H", "Ha", "Haze"):
        form.type("why", typed)
    assert value(form, "why") is None and form.typed("why") == "Haze"
    form.settle()
    form.settle()
    assert value(form, "why") == "Haze" and case.workspace.undo_title == "Answer: Why"
    case.workspace.undo()
    assert value(form, "why") is None and case.workspace.undo_title is None
    form.type("size", "0.4")
    form.settle()
    assert value(form, "size") is None and form.fault("size") and form.typed("size") == "0.4"
    form.type("size", "6,5")
    form.settle()
    assert value(form, "size") == "6.5"
    form.type("size", "")
    form.settle()
    assert form.answer("size") is None


def test_several_answers_toggle_and_the_exclusive_one_stands_alone() -> None:
    form = QuestionForm(opened())
    assert form.press("seen", "3") and form.press("seen", "2") and value(form, "seen") == ["a", "b"]
    form.press("seen", "1")
    assert value(form, "seen") == ["none"]
    form.press("seen", "1")
    assert form.answer("seen") is None


def test_an_answer_of_another_time_survives_its_json() -> None:
    from graticule.domain.elements import element_from_json, element_to_json

    answer = Answer(id="side", value="R", explanation="marker wrong", evidence=("r1",))
    assert element_from_json("answer", element_to_json(answer)) == answer
    assert element_to_json(Answer(id="q", value=True)) == {"id": "q", "value": True}
