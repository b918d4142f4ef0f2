"""The types of question a protocol may ask, and which answers each takes.

To add a type:

1. here: a class with the methods of `QuestionType`, listed in `TYPES`;
2. in `ui/question_inputs.py`: a widget that shows it, listed in `INPUTS`.

Nothing else knows the types by name: the protocol accepts what stands in `TYPES`, the form draws what stands in `INPUTS`.
A value must be JSON without floats, since it is hashed and signed (a number is a fixed-precision string).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any, ClassVar, Protocol

from graticule.study.question import Question

BOOL, CHOICE, MULTI, ORDINAL, NUMBER, TEXT = "bool", "choice", "multi", "ordinal", "number", "text"
LATERALITY, FINDING, REGIONS, BODY_SITE = "laterality", "finding", "regions", "body-site"

ABSENT, POSSIBLE, PRESENT = "absent", "possible", "present"

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

# What agreement statistics may do with a type's answers.
NOMINAL, RANKED, MEASURED, SETS, NOT_COMPARED = "nominal", "ranked", "measured", "sets", "not compared"

_LONGEST_TEXT = 4000
_KEYS = "123456789abcdefghijklmnopqrstuvwxyz"
_SIDES = {"R": "Right", "L": "Left", "B": "Both sides", "M": "Midline"}


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that one key gives. keys: the characters that give it, the shown one first."""

    value: Any
    label: str
    keys: tuple[str, ...]


class QuestionType(Protocol):
    """What a type of question means, apart from how it looks."""

    name: ClassVar[str]
    scale: ClassVar[str]

    def check(self, value: Any, question: Question) -> str | None:
        """None when `value` answers the question; otherwise a sentence that says why not."""
        ...

    def options(self, question: Question) -> Sequence[Option]:
        """The answers that one key gives, in the order they stand on the screen; none where it is typed or drawn."""
        ...

    def words(self, value: Any, question: Question) -> str:
        """The answer as a person reads it."""
        ...

    def category(self, value: Any) -> str:
        """The answer as a class that agreement can count; of `scale` SETS, its classes joined by "|"."""
        ...


class _Listed:
    """Types whose answers stand in a list."""

    def options(self, question: Question) -> Sequence[Option]:
        raise AssertionError("a listed type says what its options are")

    def words(self, value: Any, question: Question) -> str:
        return next((option.label for option in self.options(question) if _same(option.value, value)), str(value))

    def category(self, value: Any) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)


class YesNo(_Listed):
    name: ClassVar[str] = BOOL
    scale: ClassVar[str] = NOMINAL

    def check(self, value: Any, question: Question) -> str | None:
        return None if isinstance(value, bool) else "Answer yes or no."

    def options(self, question: Question) -> Sequence[Option]:
        return Option(True, "Yes", ("1", "y")), Option(False, "No", ("2", "n"))


class OneOf(_Listed):
    name: ClassVar[str] = CHOICE
    scale: ClassVar[str] = NOMINAL

    def check(self, value: Any, question: Question) -> str | None:
        return None if isinstance(value, str) and question.choice(value) else "Choose one of the answers listed."

    def options(self, question: Question) -> Sequence[Option]:
        taken = {choice.key.lower() for choice in question.choices if choice.key}
        free = [key for key in _KEYS if key not in taken]
        made = []
        for place, choice in enumerate(question.choices):
            own = (choice.key.lower(),) if choice.key else ()
            digit = (str(place + 1),) if place < 9 and str(place + 1) not in taken else ()
            spare = () if own or digit else (free[place],) if place < len(free) else ()
            made.append(Option(choice.value, choice.label, own + digit + spare))
        return made


class OnScale(OneOf):
    name: ClassVar[str] = ORDINAL
    scale: ClassVar[str] = RANKED


class SeveralOf(OneOf):
    """A list of slugs in the order of the protocol, so that equal answers are equal bytes."""

    name: ClassVar[str] = MULTI
    scale: ClassVar[str] = SETS

    def check(self, value: Any, question: Question) -> str | None:
        order = [choice.value for choice in question.choices]
        if not isinstance(value, list) or not value or any(one not in order for one in value):
            return "Choose one or more of the answers listed."
        if value != [one for one in order if one in value]:
            return "Each answer is given once, in the order listed."
        alone = any(choice.exclusive and choice.value in value for choice in question.choices)
        return "This answer excludes the others." if alone and len(value) > 1 else None

    def toggled(self, value: Sequence[str], one: str, question: Question) -> list[str]:
        """The answer after `one` was pressed: an exclusive choice takes the others away, and they take it away."""
        held = set(value) ^ {one}
        pressed = question.choice(one)
        if one in held and pressed is not None:
            held = {one} if pressed.exclusive else {v for v in held if not getattr(question.choice(v), "exclusive", False)}
        return [choice.value for choice in question.choices if choice.value in held]

    def words(self, value: Any, question: Question) -> str:
        return ", ".join(choice.label for choice in question.choices if choice.value in value)

    def category(self, value: Any) -> str:
        return "|".join(value)


class Number:
    """A fixed-precision string with exactly the decimals asked for: "8.0"."""

    name: ClassVar[str] = NUMBER
    scale: ClassVar[str] = MEASURED

    def check(self, value: Any, question: Question) -> str | None:
        number, quantity = _decimal(value), question.quantity
        if number is None or value != f"{number:.{quantity.decimals}f}":
            return f"Give a number with {quantity.decimals} decimals." if quantity.decimals else "Give a whole number."
        if (quantity.low and number < Decimal(quantity.low)) or (quantity.high and number > Decimal(quantity.high)):
            unit = f" {quantity.unit}" if quantity.unit else ""
            return f"Give a number from {quantity.low or '−∞'} to {quantity.high or '∞'}{unit}."
        return None

    def options(self, question: Question) -> Sequence[Option]:
        return ()

    def words(self, value: Any, question: Question) -> str:
        return f"{value} {question.quantity.unit}".strip()

    def category(self, value: Any) -> str:
        return str(value)

    @staticmethod
    def typed(text: str, question: Question) -> str | None:
        """What was typed ("8", "8,0") as it is stored; None when it is no number or has more decimals than are asked for."""
        number = _decimal(text.strip().replace(",", "."))
        if number is None:
            return None
        fixed = f"{number:.{question.quantity.decimals}f}"
        return fixed if Decimal(fixed) == number else None


class Text:
    """Free text: possibly identifying, so the form warns beside it."""

    name: ClassVar[str] = TEXT
    scale: ClassVar[str] = NOT_COMPARED

    def check(self, value: Any, question: Question) -> str | None:
        if not isinstance(value, str) or not value.strip():
            return "Write an answer."
        return "Shorten the answer." if len(value) > _LONGEST_TEXT else None

    def options(self, question: Question) -> Sequence[Option]:
        return ()

    def words(self, value: Any, question: Question) -> str:
        return str(value)

    def category(self, value: Any) -> str:
        return ""


class Side(_Listed):
    """R, L, B (both) or M (midline), always the patient's."""

    name: ClassVar[str] = LATERALITY
    scale: ClassVar[str] = NOMINAL

    def check(self, value: Any, question: Question) -> str | None:
        fits = isinstance(value, str) and len(value) == 1 and value in question.sides
        return None if fits else "Choose one of the sides listed."

    def options(self, question: Question) -> Sequence[Option]:
        return [Option(side, _SIDES[side], (side.lower(), str(place))) for place, side in enumerate(question.sides, 1)]


class Finding(_Listed):
    """One row of a findings matrix."""

    name: ClassVar[str] = FINDING
    scale: ClassVar[str] = RANKED

    def check(self, value: Any, question: Question) -> str | None:
        return None if value in (ABSENT, POSSIBLE, PRESENT) else "Say absent, possible or present."

    def options(self, question: Question) -> Sequence[Option]:
        return (Option(ABSENT, "Absent", ("a", "1")), Option(POSSIBLE, "Possible", ("p", "2")),
                Option(PRESENT, "Definitely present", ("d", "3")))


class Marked(_Listed):
    """Answered by drawing: True with the regions in the answer's evidence, False when there is nothing to mark."""

    name: ClassVar[str] = REGIONS
    scale: ClassVar[str] = NOMINAL

    def check(self, value: Any, question: Question) -> str | None:
        return None if isinstance(value, bool) else "Draw it, or say that there is nothing to mark."

    def options(self, question: Question) -> Sequence[Option]:
        return (Option(False, "Nothing to mark", ("n",)),)

    def words(self, value: Any, question: Question) -> str:
        return "Marked" if value else "Nothing to mark"


class BodySite(OneOf):
    """{"site": slug}, with "view" ("front", "back") and "at" [x, y] in 1/1000 of the map where the place was pointed at."""

    name: ClassVar[str] = BODY_SITE

    def check(self, value: Any, question: Question) -> str | None:
        if not isinstance(value, Mapping) or not question.choice(value.get("site")) or set(value) - {"site", "view", "at"}:
            return "Choose one of the sites listed."
        if ("view" in value) != ("at" in value):
            return "A place on the map needs its view."
        at = value.get("at", (0, 0))
        fits = len(at) == 2 and all(type(n) is int and 0 <= n <= 1000 for n in at)
        return None if value.get("view", "front") in ("front", "back") and fits else "Choose a place on the body map."

    def options(self, question: Question) -> Sequence[Option]:
        return [Option({"site": option.value}, option.label, option.keys) for option in super().options(question)]

    def words(self, value: Any, question: Question) -> str:
        choice = question.choice(value["site"])
        return choice.label if choice else str(value["site"])

    def category(self, value: Any) -> str:
        return str(value["site"])


TYPES: Mapping[str, QuestionType] = MappingProxyType({type_.name: type_ for type_ in (
    YesNo(), OneOf(), SeveralOf(), OnScale(), Number(), Text(), Side(), Finding(), Marked(), BodySite())})


def value_of_key(question: Question, key: str) -> Any:
    """The answer that this character gives; None when it gives none."""
    wanted = key.lower()
    return next((option.value for option in TYPES[question.type].options(question) if wanted in option.keys), None)


def _same(one: Any, two: Any) -> bool:
    return type(one) is type(two) and bool(one == two)


def _decimal(text: Any) -> Decimal | None:
    if not isinstance(text, str):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
