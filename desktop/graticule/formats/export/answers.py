"""Answers as CSV: one row a question, or the 14 observations of CheXpert. Read back before it counts as written."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.elements import Answer
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.formats.export.exported import Check, Exported, differs, stem_of
from graticule.formats.export.second_tables import csv_by_pandas
from graticule.formats.family import Content
from graticule.resources import read_json
from graticule.study.answer_table import COLUMNS, answer_rows
from graticule.study.chexpert import chexpert
from graticule.study.protocol import Protocol

CSV, CHEXPERT = "csv", "chexpert"

# A cell that begins so is run as a formula by spreadsheets.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class AnswersExporter:
    """One row a question asked, with codes, confidence and reasons."""

    protocol: Protocol
    format: str = CSV

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        if not labels.of(Answer):
            raise GraticuleError("There are no answers to export.")
        rows = [[safe_cell(row.cells[name]) for name in COLUMNS] for row in answer_rows(case, labels, self.protocol, ontology)]
        return [write_csv(out / f"{stem_of(case)}_answers.csv", CSV, [list(COLUMNS), *rows])]


@dataclass(frozen=True, slots=True)
class ChexpertExporter:
    """One row for the case, in the columns of CheXpert's own tables."""

    protocol: Protocol
    format: str = CHEXPERT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        table = read_json("protocols", "chexpert.json")
        answers = {answer.id: answer for answer in labels.of(Answer)}
        if not any(name.startswith(f"{table['matrix']}.") for name in answers):
            raise GraticuleError("This case has no answers of the chest radiograph form.", "Choose another format for this case.")
        found = chexpert(answers, table)
        return [write_csv(out / f"{stem_of(case)}_chexpert.csv", CHEXPERT, [["case", *found], [case.id, *found.values()]])]


def write_csv(path: Path, format: str, rows: list[list[str]]) -> Exported:
    """Write and read back; GraticuleError when the re-read differs."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    with path.open(encoding="utf-8", newline="") as file:
        if list(csv.reader(file)) != rows:
            raise differs(path, "csv", "has other answers")
    return Exported(path, format, (Check("csv", f"equal: {len(rows) - 1} rows"), csv_by_pandas(path, rows)))


def safe_cell(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
