"""When a question is asked: conditions on earlier answers and on what is known of the case.

In the protocol document (`when`), one of

    {"question": id, "is": [values]}         the answer is (for a multi question: holds) one of these
    {"question": id, "under": [words]}       the chosen answer's taxonomy path holds one of these words
    {"question": id, "at_least": "6.0"}      a number of at least this; "below" likewise
    {"question": id, "answered": true}       answered with a value (false: not)
    {"fact": name, "is": [values]}           a fact of the case, such as "acquisition"
    {"all": [conditions]}, {"any": [conditions]}, {"not": condition}
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from graticule.domain.errors import GraticuleError

_TESTS = ("is", "under", "at_least", "below", "answered")


@dataclass(frozen=True, slots=True)
class Condition:
    """op: "is", "under", "at_least", "below", "answered", "all", "any" or "not". of: the question's id, or "fact:NAME"."""

    op: str
    of: str = ""
    wanted: tuple[Any, ...] = ()
    parts: tuple["Condition", ...] = ()

    def questions(self) -> Iterator[str]:
        """Ids of the questions it depends on."""
        if self.of and not self.of.startswith("fact:"):
            yield self.of
        for part in self.parts:
            yield from part.questions()


@dataclass(frozen=True, slots=True)
class Known:
    """What conditions are asked of: values by question id (None: not answered), taxonomy paths of chosen answers, facts."""

    values: Mapping[str, Any]
    paths: Mapping[str, tuple[str, ...]]
    facts: Mapping[str, Any]


def parse_condition(item: Mapping[str, Any] | None) -> Condition | None:
    """GraticuleError names a condition that this version does not understand."""
    if not item:
        return None
    for op in ("all", "any"):
        if op in item:
            return Condition(op, parts=tuple(_parsed(part) for part in item[op]))
    if "not" in item:
        return Condition("not", parts=(_parsed(item["not"]),))
    of = str(item.get("question") or (f"fact:{item['fact']}" if "fact" in item else ""))
    op = next((name for name in _TESTS if name in item), "")
    if not of or not op:
        raise GraticuleError(f"The protocol has a condition of an unknown kind: {', '.join(map(str, item))}.",
                             "Update Graticule.")
    wanted = item[op]
    return Condition(op, of, tuple(wanted) if isinstance(wanted, list | tuple) else (wanted,))


def condition_to_json(condition: Condition) -> dict[str, Any]:
    """The document's form of a condition; `parse_condition` gives it back."""
    if condition.op in ("all", "any"):
        return {condition.op: [condition_to_json(part) for part in condition.parts]}
    if condition.op == "not":
        return {"not": condition_to_json(condition.parts[0])}
    fact = condition.of.startswith("fact:")
    many = condition.op in ("is", "under")
    return {"fact" if fact else "question": condition.of.removeprefix("fact:"),
            condition.op: list(condition.wanted) if many else condition.wanted[0]}


def holds(condition: Condition | None, known: Known) -> bool:
    if condition is None:
        return True
    if condition.op == "all":
        return all(holds(part, known) for part in condition.parts)
    if condition.op == "any":
        return any(holds(part, known) for part in condition.parts)
    if condition.op == "not":
        return not holds(condition.parts[0], known)
    return _test(condition, known)


def _test(condition: Condition, known: Known) -> bool:
    fact = condition.of.startswith("fact:")
    value = known.facts.get(condition.of.removeprefix("fact:")) if fact else known.values.get(condition.of)
    if condition.op == "answered":
        return (value is not None) is bool(condition.wanted[0])
    if value is None:
        return False
    if condition.op == "under":
        return bool(set(known.paths.get(condition.of, ())) & set(condition.wanted))
    if condition.op in ("at_least", "below"):
        return _compared(value, condition)
    held = value if isinstance(value, list | tuple) else (value.get("site"),) if isinstance(value, Mapping) else (value,)
    return any(type(one) is type(wanted) and one == wanted for one in held for wanted in condition.wanted)


def _compared(value: Any, condition: Condition) -> bool:
    try:
        number, limit = Decimal(str(value)), Decimal(str(condition.wanted[0]))
    except InvalidOperation:
        return False
    return number >= limit if condition.op == "at_least" else number < limit


def _parsed(item: Mapping[str, Any]) -> Condition:
    condition = parse_condition(item)
    if condition is None:
        raise GraticuleError("The protocol has an empty condition.", "Ask the study lead for the original file.")
    return condition


def refuse_later(question: str, condition: Condition | None, earlier: Sequence[str]) -> None:
    """A condition may only look back: otherwise two questions could hide each other for ever."""
    for other in condition.questions() if condition else ():
        if other not in earlier:
            raise GraticuleError(f"“{question}” depends on “{other}”, which is not asked before it.",
                                 "Move the question down, or change its condition.")
