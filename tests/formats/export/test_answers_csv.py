import csv
from pathlib import Path

import numpy as np
import pytest

from graticule.domain.case import Case, Kind
from graticule.domain.elements import Answer
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.formats.export.registry import Company, export
from graticule.resources import load_ontology, read_json
from graticule.study.answer_table import COLUMNS
from graticule.study.protocol import parse_protocol

CASE = Case("c1:0123456789abcdef", Kind.IMAGE, "DX", "Chest", "fake", ())
PICTURE = Picture(np.zeros((4, 4), np.uint8), "DX", "MONOCHROME2")
CHEST = parse_protocol(read_json("protocols", "forms", "chest_xray.json"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def given(**values: object) -> Labels:
    made = Labels(None)
    for name, value in values.items():
        answer = Answer(id=name.replace("__", "."), value=value)
        made.put("answer", answer.id, answer)
    return made


def test_answers_are_one_row_a_question_with_codes_and_no_formula(tmp_path: Path) -> None:
    held = given(cxr__pneumothorax="present", cxr__pneumothorax__side="L", cxr_comment='=HYPERLINK("x")')
    (made,) = export(CASE, PICTURE, held, load_ontology(), "csv", tmp_path, Company(CHEST))
    found = {row["question"]: row for row in rows(made.path)}
    assert tuple(next(iter(found.values()))) == COLUMNS and made.checks[0].result == f"equal: {len(found)} rows"
    assert found["cxr.pneumothorax"]["external_codes"] == "SCT:36118008" and found["cxr.pneumothorax.side"]["label"] == "Left"
    assert found["cxr_comment"]["value"] == '\'=HYPERLINK("x")'
    assert found["cxr.pneumothorax.size"]["value"] == "" and "cxr.nodule_mass.side" not in found


def test_chexpert_is_one_row_with_its_own_columns(tmp_path: Path) -> None:
    (made,) = export(
        CASE, PICTURE, given(cxr__no_finding="present", cxr__edema="absent"), load_ontology(), "chexpert", tmp_path,
        Company(CHEST)
    )
    (row,) = rows(made.path)
    assert (row["case"], row["No Finding"], row["Edema"], row["Pneumonia"]) == (CASE.id, "1.0", "0.0", "")
    assert len(row) == 15


def test_what_has_no_answers_or_no_protocol_is_refused_in_words(tmp_path: Path) -> None:
    for held, format, protocol in (
        (given(), "csv", CHEST),
        (given(other=True), "chexpert", CHEST),
        (given(other=True), "csv", None),
        (given(), "xml", CHEST),
    ):
        with pytest.raises(GraticuleError):
            export(CASE, PICTURE, held, load_ontology(), format, tmp_path, Company(protocol))
    assert list(tmp_path.iterdir()) == []
