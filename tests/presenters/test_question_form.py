import pytest

from fakes.desk import case, make_desk
from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.presenters.question_form import QuestionForm


@pytest.fixture
def form() -> QuestionForm:
    parts = make_desk([case(1)])
    parts.desk.open("c1:01")
    assert parts.desk.form is not None
    return parts.desk.form


def test_only_questions_of_the_modality_are_asked() -> None:
    parts = make_desk([case(1, Kind.IMAGE, "XC"), case(2, Kind.ECG, "ECG")])
    parts.desk.open("c1:01")
    assert parts.desk.form is not None and [q.id for q in parts.desk.form.questions] == ["lesion"]
    parts.desk.open("c1:02")
    assert parts.desk.form is not None and parts.desk.form.questions == () and parts.desk.form.missing() == []


def test_a_digit_gives_the_answer_at_its_place(form: QuestionForm) -> None:
    assert form.digit("lesion", 2) and form.answer("lesion").value == "melanoma"  # type: ignore[union-attr]
    assert form.digit("pneumothorax", 2) and form.answer("pneumothorax").value is False  # type: ignore[union-attr]
    assert not form.digit("pneumothorax", 3) and form.digits("lesion") == 4


def test_confidence_is_needed_where_it_is_asked(form: QuestionForm) -> None:
    form.give("pneumothorax", True)
    assert not form.answered("pneumothorax")
    form.confidence("pneumothorax", "medium")
    assert form.answered("pneumothorax") and form.answer("pneumothorax").confidence == 60  # type: ignore[union-attr]


def test_changing_the_answer_keeps_the_confidence_and_not_assessable_drops_both(form: QuestionForm) -> None:
    form.give("pneumothorax", True)
    form.confidence("pneumothorax", "low")
    form.give("pneumothorax", False)
    assert form.answer("pneumothorax").confidence == 30  # type: ignore[union-attr]
    form.not_assessable("pneumothorax", "quality")
    answer = form.answer("pneumothorax")
    assert answer is not None and (answer.value, answer.confidence, answer.not_assessable) == (None, None, "quality")
    assert form.answered("pneumothorax")


def test_what_is_no_answer_is_refused(form: QuestionForm) -> None:
    for question, value in (("lesion", "unicorn"), ("pneumothorax", "yes"), ("pneumothorax", 1)):
        with pytest.raises(GraticuleError):
            form.give(question, value)
    with pytest.raises(GraticuleError):
        form.not_assessable("lesion", "because")
    with pytest.raises(GraticuleError):
        form.confidence("lesion", "high")
    assert form.progress() == (0, 2)


def test_the_same_answer_again_is_no_second_act(form: QuestionForm) -> None:
    form.give("lesion", "naevus")
    form.give("lesion", "naevus")
    form.clear("lesion")
    assert form.answer("lesion") is None and [q.id for q in form.missing()] == ["pneumothorax", "lesion"]
