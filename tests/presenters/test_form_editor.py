import json
from typing import Any

from fakes.asking import FINDINGS, item, listed
from graticule.presenters.form_editor import FormEditor
from graticule.records.ids import protocol_id
from graticule.resources import load_ontology, read_json
from graticule.study.protocol import parse_protocol


def editor(*questions: dict[str, Any]) -> FormEditor:
    return FormEditor(
        {"title": "T", "version": "1", "project": "p", "ontology": ["skin"], "questions": list(questions)},
        load_ontology(),
        protocol_id,
    )


def test_a_change_is_another_document_and_undo_comes_back_to_the_very_same() -> None:
    made = editor(item("a", "bool"))
    before, first = made.id, json.dumps(made.document)
    place = made.add("choice", 0)
    made.set(place, text="Which kind?")
    assert made.id != before and made.changed and made.faults() == []
    assert made.undo() and made.undo() and not made.undo()
    assert made.id == before and json.dumps(made.document) == first and not made.changed
    assert made.redo() and made.redo() and made.question(1)["text"] == "Which kind?"


def test_every_type_that_can_be_added_can_be_read() -> None:
    made = editor()
    for type_ in ("bool", "choice", "multi", "ordinal", "number", "text", "laterality", "findings", "regions", "body-site"):
        made.add(type_)
    assert made.faults() == [] and len(made.parsed().questions) == 10  # type: ignore[union-attr]


def test_conditions_look_back_and_moving_a_question_before_its_condition_is_said() -> None:
    made = editor(item("mole", "choice", **listed("naevus", "melanoma")), item("depth", "number"))
    assert made.earlier(1) == [("mole", "Mole")] and made.answers_of("mole") == [("naevus", "Naevus"), ("melanoma", "Melanoma")]
    made.set_condition(1, "mole", ["melanoma"])
    assert made.question(1)["when"] == {"question": "mole", "is": ["melanoma"]}
    assert made.move(1, -1) == 0 and "not asked before" in made.faults()[0] and made.parsed() is None
    made.undo()
    made.set_condition(1, "", [])
    assert "when" not in made.question(1)


def test_matrix_rows_can_be_looked_back_to() -> None:
    made = editor(FINDINGS, item("note", "text"))
    assert ("cxr.nodule", "Nodule") in made.earlier(1)
    assert made.answers_of("cxr.nodule")[2] == ("present", "Definitely present")


def test_faults_name_unknown_codes_single_answers_and_keys_given_twice() -> None:
    made = editor(
        item(
            "a",
            "choice",
            choices=[{"value": "x", "label": "X", "key": "k", "code": "no_such_code"}, {"value": "x", "label": "Y", "key": "K"}],
        ),
        item("b", "choice", **listed("one")),
    )
    assert len(made.faults()) == 4
    assert [concept.label for concept in made.concepts("melanoma, inv")] == ["Melanoma, invasive"]


def test_questions_of_a_ready_made_form_are_taken_over_once() -> None:
    made, ready = editor(item("a", "bool")), read_json("protocols", "forms", "chest_ct_nodule.json")["questions"]
    made.insert(ready, 0)
    made.insert(ready, 0)
    assert len(made.questions()) == 1 + len(ready) and parse_protocol(made.document)


def test_a_document_is_never_shared_with_the_one_it_came_from() -> None:
    source: dict[str, Any] = {"title": "T", "version": "1", "project": "p", "ontology": [], "questions": [item("a", "bool")]}
    made = FormEditor(source, load_ontology(), protocol_id)
    made.set(0, text="Other")
    assert source["questions"][0]["text"] == "A"
