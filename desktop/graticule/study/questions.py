"""The types of question a protocol may ask, and which answers each takes.

To add a type (say, an ordinal scale):

1. here: a class with `name`, `check` and `keys`, listed in `TYPES`;
2. in `ui/question_inputs.py`: a widget that shows it, listed in `INPUTS`.

Nothing else knows the types by name: the protocol accepts what stands in `TYPES`, the form draws what stands in `INPUTS`.
A value must be JSON without floats, since it is hashed and signed (a number is a fixed-precision string).
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

BOOL, CHOICE = "bool", "choice"

# Percent, so that a finer scale can be asked later without changing what was stored.
CONFIDENCES: Mapping[str, int] = MappingProxyType({"low": 30, "medium": 60, "high": 90})

# Why a question could not be answered. The slug is stored; these words are shown.
NOT_ASSESSABLE: Mapping[str, str] = MappingProxyType({
    "quality": "Image or signal quality too poor",
    "incomplete": "The region or lead is not shown",
    "artefact": "Hidden by an artefact or device",
    "mismatch": "Question does not fit this case",
    "other": "Other reason",
})


class QuestionType(Protocol):
    """What a type of question means, apart from how it looks."""

    name: ClassVar[str]

    def check(self, value: Any, choices: Sequence[str]) -> str | None:
        """None when `value` answers a question with these choice values; otherwise a sentence that says why not."""
        ...

    def keys(self, choices: Sequence[str]) -> Sequence[Any]:
        """The values that the digits 1, 2, 3 … give, in the order they stand on the screen."""
        ...


class YesNo:
    name: ClassVar[str] = BOOL

    def check(self, value: Any, choices: Sequence[str]) -> str | None:
        return None if isinstance(value, bool) else "Answer yes or no."

    def keys(self, choices: Sequence[str]) -> Sequence[Any]:
        return (True, False)


class OneOf:
    name: ClassVar[str] = CHOICE

    def check(self, value: Any, choices: Sequence[str]) -> str | None:
        return None if value in choices else "Choose one of the answers listed."

    def keys(self, choices: Sequence[str]) -> Sequence[Any]:
        return tuple(choices)


TYPES: Mapping[str, QuestionType] = MappingProxyType({type_.name: type_ for type_ in (YesNo(), OneOf())})
