"""Statements about a whole ECG: answers with codes, that can be modified, doubted and withdrawn."""

from fakes.ecg_case import ecg_case, twelve_lead
from graticule.domain.elements import Answer, element_from_json, element_to_json
from graticule.presenters.statements import Statements


def test_a_statement_is_an_answer_with_codes_and_modifiers() -> None:
    opened = ecg_case(twelve_lead())
    statements = Statements(opened)
    assert statements.known
    first = statements.offered("mob2")[0]
    assert first.crosswalk["AHA"] == ("84",)
    element_id = statements.state(first)
    statements.modify(element_id, statements.offered("+ intermittent")[0])
    statements.be_sure(element_id, 60)
    (line,) = statements.stated()
    assert line.text == "Second-degree AV block, Mobitz type II (Intermittent)" and line.numbers == "84 + 304"
    assert line.confidence == 60 and "Chapman/Ningbo" in line.conflict
    (answer,) = opened.workspace.labels.of(Answer)
    assert answer.value["code"] == ["graticule", "aha_84", "1"]
    assert element_from_json("answer", element_to_json(answer)) == answer
    statements.modify(element_id, statements.offered("+304")[0])
    assert statements.stated()[0].numbers == "84"
    statements.withdraw(element_id)
    assert statements.stated() == [] and opened.workspace.undo() and len(statements.stated()) == 1


def test_a_number_names_its_statement_and_modifiers_need_a_plus() -> None:
    statements = Statements(ecg_case(twelve_lead()))
    assert statements.offered("104")[0].label == "Left bundle-branch block"
    assert {c.code.code for c in statements.offered("+310")[:2]} == {"aha_310_frequent", "aha_310_or"}
    assert all(c.conflict for c in statements.offered("+310")[:2])
    assert all(c.track == "statement_modifier" for c in statements.offered("+old"))
    assert "aha_332" not in {c.code.code for c in statements.offered("old")}


def test_not_assessable_has_a_reason_and_can_be_taken_back() -> None:
    opened = ecg_case(twelve_lead())
    statements = Statements(opened)
    statements.refuse("quality")
    assert statements.refused == "Image or signal quality too poor" and statements.stated() == []
    statements.refuse("")
    assert statements.refused == ""


def test_secondary_statements_say_how_they_are_meant() -> None:
    statements = Statements(ecg_case(twelve_lead()))
    statements.state(statements.offered("pericarditis")[0])
    assert statements.stated()[0].text == "suggests Acute pericarditis"
