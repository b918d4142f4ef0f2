"""A findings matrix: many findings, each absent, possible or present, in one compact table.

In the document it is one item of type "findings"; here it becomes one question a finding (`MATRIX.FINDING`), each with the
questions that follow when it is not absent (`….side`, `….size`). So every answer is its own, coded and comparable.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from graticule.study.questions import FINDING, LATERALITY, POSSIBLE, PRESENT

MATRIX = "findings"
_PASSED_ON = ("kinds", "modalities", "required", "not_assessable")


def expanded(items: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The document's questions with every matrix written out as ordinary ones."""
    for item in items:
        if item["type"] == MATRIX:
            yield from _rows(item)
        else:
            yield item


def _rows(matrix: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    shared = {name: matrix[name] for name in _PASSED_ON if name in matrix}
    outer = matrix.get("when")
    for row in matrix["rows"]:
        own = f"{matrix['id']}.{row['id']}"
        section = row.get("section", matrix.get("section", matrix.get("text", "")))
        yield {**shared, "id": own, "text": row["label"], "type": FINDING, "matrix": matrix["id"], "row": own, "section": section,
               "code": row.get("code", ""), "help": row.get("help", ""), "picture": row.get("picture", ""), "when": outer,
               "marks": {"need": row.get("box", ""), "shape": row.get("shape", "box")}, "clears": row["id"] == matrix.get("none")}
        yield from _follow_ups(row, own, {**shared, "matrix": matrix["id"], "row": own, "section": section})


def _follow_ups(row: Mapping[str, Any], own: str, shared: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    when = {"question": own, "is": [POSSIBLE, PRESENT]}
    if row.get("side"):
        sides = row["side"] if isinstance(row["side"], str) else "RLB"
        yield {**shared, "id": f"{own}.side", "text": f"{row['label']}: side", "type": LATERALITY, "sides": sides, "when": when}
    for item in row.get("more", ()):
        inner = {"all": [when, item["when"]]} if item.get("when") else when
        yield {**shared, **item, "id": f"{own}.{item['id']}", "when": inner}
