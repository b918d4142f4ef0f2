"""What a reader says about a case, apart from voxels: small frozen values with an id.

Numbers are integers (µm, 1/1000 pixel, ticks) or fixed-precision strings, since they end up in hashes.
`extra` keeps fields that a newer version wrote, so that an older client passes them on untouched.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from types import UnionType
from typing import Any, ClassVar, get_args, get_origin, get_type_hints

from graticule.domain.codes import Code
from graticule.domain.errors import GraticuleError

BY_HAND = "hand"
INTERPOLATED = "interpolated"
GROWN = "grown"
MACHINE = "machine"
MACHINE_CORRECTED = "machine-corrected"

Json = Any

_DAMAGED = "Run “graticule verify” on this store."


@dataclass(frozen=True, kw_only=True)
class Element:
    """Common to all: an id unique within its kind, and where the element came from."""

    KIND: ClassVar[str] = ""
    id: str
    provenance: str = BY_HAND
    extra: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Segment(Element):
    """A coded structure whose voxels carry `value` in the label map `group`.

    possible_of: id of the segment whose outer, possible boundary this is; "" for one that says what is sure. It has a group of
    its own, and always holds every voxel of the sure one (`editing/nesting.py`).
    """

    KIND = "segment"
    group: str
    value: int
    colour: str
    category: Code
    type: Code
    modifier: Code | None = None
    region: Code | None = None
    laterality: Code | None = None
    number: int = 1
    name: str = ""
    status: str = "draft"
    locked: bool = False
    possible_of: str = ""


@dataclass(frozen=True, kw_only=True)
class Group(Element):
    """A label map with a name of its own: its segments share no voxel with each other, and may with those of other groups.

    id: what `Segment.group` says. A group nobody named needs none of these.
    """

    KIND = "group"
    name: str = ""


@dataclass(frozen=True, kw_only=True)
class Region(Element):
    """A line, box, polygon …: `points` in µm LPS (`space` "patient") or in 1/1000 pixel (column, row) (`space` "image").

    value: what it measures, a plain decimal in `unit`; figures: further numbers by name, as fixed-precision strings
    (imaging/measure.py). name: the reader's word for it, or the text of a note: possibly identifying.
    """

    KIND = "region"
    shape: str
    space: str
    points: tuple[tuple[int, ...], ...]
    code: Code | None = None
    value: str = ""
    unit: str = ""
    number: int = 1
    name: str = ""
    figures: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Point(Element):
    """One counted object. `position` as a Region's points; `radius` in the same unit."""

    KIND = "point"
    code: Code
    space: str
    position: tuple[int, ...]
    radius: int | None = None


@dataclass(frozen=True, kw_only=True)
class Beat(Element):
    """A heartbeat at a tick. `symbol` is WFDB's, `lead` None when it holds for all leads."""

    KIND = "beat"
    tick: int
    symbol: str
    lead: str | None = None
    code: Code | None = None


@dataclass(frozen=True, kw_only=True)
class Episode(Element):
    """[start, end) in ticks with one code on one track; `criteria` keeps what was measured when it was tagged."""

    KIND = "episode"
    track: str
    start: int
    end: int
    code: Code
    lead: str | None = None
    criteria: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Answer(Element):
    """The answer to the protocol's question `id`. `value` as its type says (`study/questions.py`), None when not assessable.

    evidence: ids of the regions it refers to. explanation: why it stands although something speaks against it.
    """

    KIND = "answer"
    value: Json = None
    not_assessable: str | None = None
    confidence: int | None = None
    evidence: tuple[str, ...] = ()
    explanation: str = ""


@dataclass(frozen=True, kw_only=True)
class Note(Element):
    """Free text: possibly identifying, so it never leaves in a log."""

    KIND = "note"
    text: str


@dataclass(frozen=True, kw_only=True)
class Registration(Element):
    """Where another image of the patient lies against this case: it decides what stood over what when a label was made.

    fixed, moving: the two cases' ids, which are hashes of what they consist of. matrix: twelve fixed-precision numbers, rows of
    the map from the moving image's LPS mm to the fixed one's. method: "rigid", "affine" or "by hand"; metric names what was
    minimised, before and after its values. found: what the search gave; nudged_mm, nudged_deg: how far a hand went from there.
    """

    KIND = "registration"
    fixed: str
    moving: str
    matrix: tuple[str, ...]
    method: str
    metric: str = ""
    before: str = ""
    after: str = ""
    found: tuple[str, ...] = ()
    nudged_mm: str = ""
    nudged_deg: str = ""


@dataclass(frozen=True, kw_only=True)
class Assistance(Element):
    """That an assistant's proposal was taken: made in the same act as the voxels it gave, so undo takes both away.

    assistant: its sort ("nninteractive"); model: as the server calls it; server: SHA-256 of its address, which itself stays on
    the reader's computer. prompts: how many it was shown; segment: id of what it gave voxels to; voxels: how many it proposed.
    """

    KIND = "assistance"
    provenance: str = MACHINE
    assistant: str
    model: str
    server: str
    prompts: int
    segment: str
    voxels: int


@dataclass(frozen=True, kw_only=True)
class Review(Element):
    """What a reader decided about a stretch that the machine offered, [start, end) ticks.

    id: the offer's own name, so that it is asked once. slug: what was offered ("audit": a random sample, which offers nothing);
    verdict: "accepted", "corrected" or "refused"; doubt: how doubtful the offer was, in thousandths; seed: of the random sample.
    """

    KIND = "review"
    slug: str
    start: int
    end: int
    verdict: str
    seed: int
    doubt: int = 0


@dataclass(frozen=True, kw_only=True)
class Intervals(Element):
    """What was measured on the usual beat of [start, end) ticks, with the marks it was read from: evidence, not a finding.

    lead: None for all leads together. beats: how many the usual beat was made of. signal: the display filter they went through,
    "" for the signal as stored. marks: microseconds from the QRS onset of the beats' common shape, by mark (ecg/fiducials.py);
    moved: those that a hand set. figures: whole milliseconds by name ("pr", "qrs", "qt", "rr", "qtc_bazett" …).
    """

    KIND = "intervals"
    start: int
    end: int
    beats: int
    lead: str | None = None
    signal: str = ""
    marks: Mapping[str, Json] = field(default_factory=dict)
    moved: tuple[str, ...] = ()
    figures: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Unknown(Element):
    """An element of a kind that only a newer version knows. Kept whole, shown as such, never edited."""

    kind: str
    data: Mapping[str, Json]


ELEMENTS: dict[str, type[Element]] = {cls.KIND: cls for cls in (Segment, Group, Region, Point, Beat, Episode, Answer,
                                                                Note, Registration, Assistance, Review)}


def kind_of(element: Element) -> str:
    return element.kind if isinstance(element, Unknown) else element.KIND


def element_to_json(element: Element) -> dict[str, Json]:
    """The JSON object of an element. Fields at their default are left out, so old and new writers agree on the bytes."""
    if isinstance(element, Unknown):
        return dict(element.data)
    out: dict[str, Json] = dict(element.extra)
    for item in fields(element):
        if item.name == "extra":
            continue
        value = getattr(element, item.name)
        if _is_default(item, value):
            continue
        out[item.name] = _to_json(value)
    return out


def element_from_json(kind: str, data: Mapping[str, Json]) -> Element:
    """The element of an object written by `element_to_json`, by this or any other version."""
    if not isinstance(data, Mapping):
        raise GraticuleError(f"A stored {kind} cannot be read.", _DAMAGED)
    cls = ELEMENTS.get(kind)
    if cls is None:
        return Unknown(id=str(data.get("id", "")), kind=kind, data=dict(data))
    readers = _READERS[kind]
    try:
        known = {name: readers[name](value) for name, value in data.items() if name in readers}
    except (TypeError, ValueError) as fault:
        raise GraticuleError(f"A stored {kind} cannot be read: {fault}.", _DAMAGED) from fault
    extra = {name: value for name, value in data.items() if name not in readers}
    missing = [name for name in _REQUIRED[kind] if name not in known]
    if missing:
        raise GraticuleError(f"A stored {kind} lacks {', '.join(missing)}.", _DAMAGED)
    return cls(**known, extra=extra)


def _is_default(item: Any, value: Any) -> bool:
    if item.default is not MISSING:
        return bool(value == item.default) and type(value) is type(item.default)
    return item.default_factory is not MISSING and bool(value == item.default_factory())


def _to_json(value: Any) -> Json:
    if isinstance(value, Code):
        return value.as_json()
    if isinstance(value, tuple):
        return [_to_json(part) for part in value]
    return dict(value) if isinstance(value, Mapping) else value


def _reader(hint: Any) -> Callable[[Json], Any]:
    """What reads a field of this type; it raises TypeError or ValueError for any other, so no damaged element gets further."""
    if hint is Any:
        return lambda value: value
    if get_origin(hint) is UnionType:
        read = _reader(get_args(hint)[0])
        return lambda value: None if value is None else read(value)
    if get_origin(hint) is tuple:
        read = _reader(get_args(hint)[0])
        return lambda value: tuple(read(part) for part in _of_type(list, value))
    if hint is Code:
        return lambda value: Code.from_json(_of_type(str, part) for part in _of_type(list, value))
    wanted = dict if get_origin(hint) is Mapping else hint
    return lambda value: _of_type(wanted, value)


def _of_type(wanted: type, value: Json) -> Any:
    # Exactly the type: a bool is no number here.
    if type(value) is not wanted:
        raise TypeError(f"{wanted.__name__} expected, {type(value).__name__} found")
    return value


_READERS = {kind: {name: _reader(hint) for name, hint in get_type_hints(cls).items() if name not in ("extra", "KIND")}
            for kind, cls in ELEMENTS.items()}
_REQUIRED = {kind: [f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING]
             for kind, cls in ELEMENTS.items()}
