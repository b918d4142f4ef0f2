"""What a protocol asks: a question, its choices and where it stands in the form."""

from dataclasses import dataclass

from graticule.domain.case import Case, Kind
from graticule.study.conditions import Condition

NO_MARKS, MARKS_OFFERED, MARKS_REQUIRED = "", "offered", "required"
BOX, POLYGON = "box", "polygon"


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a choice question. `code` is a slug of the ontology; `key` the character that picks it.

    exclusive: excludes all others of a multi question ("No finding"). path: its place in a taxonomy, widest level first.
    when: offered only while this holds.
    """

    value: str
    label: str
    code: str = ""
    key: str = ""
    exclusive: bool = False
    path: tuple[str, ...] = ()
    help: str = ""
    when: Condition | None = None


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a number question takes. Limits and answers are fixed-precision strings with `decimals` places."""

    unit: str = ""
    low: str = ""
    high: str = ""
    decimals: int = 0


@dataclass(frozen=True, slots=True)
class Marks:
    """Regions an answer refers to. need: "", "offered" or "required"; shape: "box" or "polygon"."""

    need: str = NO_MARKS
    shape: str = BOX


@dataclass(frozen=True, slots=True)
class Question:
    """A typed question. `modalities` empty: asked for every case of `kinds`.

    section: the heading it stands under. when: asked only while this holds of earlier answers and the case's facts.
    picture: an example picture (a path below resources/). code: the finding it asks about, a slug of the ontology.
    matrix, row: id of the findings matrix it belongs to, and of the finding whose row it stands in.
    clears: this finding is "No finding", which excludes the other findings of its matrix.
    of_image: a side is read off the image, so it cannot be asked when the file does not say which side is left.
    layout: a hint to the form ("row", "list", "body-map").
    """

    id: str
    text: str
    type: str
    kinds: tuple[Kind, ...]
    modalities: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    required: bool = True
    confidence: bool = False
    may_be_not_assessable: bool = True
    help: str = ""
    picture: str = ""
    section: str = ""
    when: Condition | None = None
    quantity: Quantity = Quantity()
    sides: str = "RLB"
    of_image: bool = True
    marks: Marks = Marks()
    code: str = ""
    matrix: str = ""
    row: str = ""
    clears: bool = False
    layout: str = ""

    def concerns(self, case: Case) -> bool:
        return case.kind in self.kinds and (not self.modalities or case.modality in self.modalities)

    def choice(self, value: object) -> Choice | None:
        return next((choice for choice in self.choices if choice.value == value), None)
