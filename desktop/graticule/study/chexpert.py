"""Findings as the 14 observations of CheXpert, by a table that is data (resources/protocols/chexpert.json)."""

from collections.abc import Mapping
from typing import Any

from graticule.domain.elements import Answer
from graticule.study.questions import ABSENT, POSSIBLE, PRESENT


def chexpert(answers: Mapping[str, Answer], table: Mapping[str, Any]) -> dict[str, str]:
    """Observation → "1.0" present, "-1.0" uncertain, "0.0" absent, "" not said, in the table's order.

    0.0 only where the findings asked cover the observation and every one was answered absent: what nobody looked for is blank.
    """
    values = {name.removeprefix(f"{table['matrix']}."): answer.value for name, answer in answers.items()
              if name.startswith(f"{table['matrix']}.") and answer.value in (ABSENT, POSSIBLE, PRESENT)}
    return {item["name"]: _observation(item, values, table["values"]) for item in table["observations"]}


def _observation(item: Mapping[str, Any], values: Mapping[str, str], words: Mapping[str, str]) -> str:
    said = [values.get(name) for name in item["from"]]
    for wanted in (PRESENT, POSSIBLE):
        if wanted in said:
            return words[wanted]
    return words[ABSENT] if said and item["covers"] and all(value == ABSENT for value in said) else ""
