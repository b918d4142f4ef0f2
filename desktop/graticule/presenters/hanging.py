"""Hanging protocols: rules that say how a case and its relatives are laid out. Data files; a study's own come first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graticule.domain.case import Case, Kind
from graticule.domain.errors import GraticuleError
from graticule.imaging.orientation import PLANES
from graticule.presenters.layout import ACQUIRED, MOST, PICTURE, VIEW_3D, Layout, Place
from graticule.presenters.relatives import Relation, Relative
from graticule.resources import read_json, resource
from graticule.study.protocol import Protocol

FACT_WORDS = ("view", "laterality", "body_part", "acquisition")


@dataclass(frozen=True, slots=True)
class Which:
    """Which images a place takes: every condition that is given must hold; an empty one holds always.

    words, without: whole words of the case's title, as the worklist shows it. number: which prior examination (1 = newest).
    facts: name → allowed values, compared without regard to case.
    """

    relations: tuple[Relation, ...] = (Relation.CASE,)
    kinds: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    facts: tuple[tuple[str, tuple[str, ...]], ...] = ()
    number: int = 0

    def takes(self, relative: Relative) -> bool:
        case, title = relative.case, _words(relative.case)
        return (relative.relation in self.relations
                and (not self.number or relative.relation is not Relation.PRIOR or relative.number == self.number)
                and (not self.kinds or str(case.kind) in self.kinds)
                and (not self.modalities or case.modality in self.modalities)
                and (not self.words or bool(title & set(self.words))) and not title & set(self.without)
                and all(str(case.facts.get(name, "")).upper() in values for name, values in self.facts))


@dataclass(frozen=True, slots=True)
class Hung:
    """One place of a stage: which image, how it is shown. optional: the stage also fits when nothing is found for it.

    over: the image that lies fused over it. slab_mm: depth of a maximum-intensity slab, 0 for none.
    """

    which: Which
    show: str
    optional: bool = False
    window: str = ""
    over: Which | None = None
    slab_mm: float = 0.0


@dataclass(frozen=True, slots=True)
class Stage:
    name: str
    rows: int
    columns: int
    places: tuple[Hung, ...]


@dataclass(frozen=True, slots=True)
class Hanging:
    """A rule. when: what the case itself must be. opens: whether its first stage is hung by itself, or only when chosen."""

    name: str
    when: Which
    stages: tuple[Stage, ...]
    opens: bool = True


@dataclass(frozen=True, slots=True)
class HungStage:
    """A stage as it is for one case: the layout, and which series lies over which ("" for the case itself)."""

    name: str
    layout: Layout
    over: str | None = None
    under: str = ""


def parse_hanging(item: Mapping[str, Any]) -> Hanging:
    """A rule of a JSON document; GraticuleError names what is missing or of the wrong kind."""
    try:
        return Hanging(str(item["name"]), _which({**item.get("when", {}), "relation": ["case"]}),
                       tuple(_stage(stage) for stage in item["stages"]), bool(item.get("opens", True)))
    except (KeyError, TypeError, ValueError) as fault:
        raise GraticuleError(f"A hanging protocol cannot be read: {fault}.",
                             "Ask the study lead for the original file.") from fault


def hangings_for(case: Case, relatives: Sequence[Relative], rules: Iterable[Hanging]) -> list[tuple[Hanging, list[HungStage]]]:
    """The rules that fit, in their order, each with the stages for which there are images. No image stands in two places."""
    fitting = []
    for rule in rules:
        if rule.when.takes(Relative(case, Relation.CASE)):
            stages = [hung for stage in rule.stages if (hung := hang(case, relatives, stage)) is not None]
            if stages:
                fitting.append((rule, stages))
    return fitting


def hang(case: Case, relatives: Sequence[Relative], stage: Stage) -> HungStage | None:
    """A stage with its images found; None when one that it needs is missing, or the case itself would not be seen."""
    shelf = (Relative(case, Relation.CASE), *relatives)
    places: list[Place] = []
    over, under = None, ""
    for hung in stage.places:
        found = _first(shelf, hung, {place.key for place in places}, case.id)
        laid = _first_over(shelf, hung.over, case.id) if hung.over and found is not None else None
        if found is None or (hung.over and laid is None):
            if not hung.optional:
                return None
            continue
        if laid is not None:
            over, under = laid, found.case_id
        places.append(found)
    if not any(place.key and not place.case_id for place in places):
        return None
    return HungStage(stage.name, _fitted(stage, places), over, under)


def _first(shelf: Sequence[Relative], hung: Hung, taken: set[str], own: str) -> Place | None:
    for relative in shelf:
        if hung.which.takes(relative):
            show = PICTURE if relative.case.kind is Kind.IMAGE else hung.show
            of = "" if relative.case.id == own else relative.case.id
            place = Place(show, of, hung.over is not None, hung.window, hung.slab_mm)
            if place.key not in taken and (show != PICTURE or relative.case.kind is Kind.IMAGE):
                return place
    return None


def _first_over(shelf: Sequence[Relative], which: Which, own: str) -> str | None:
    found = next((relative.case.id for relative in shelf if which.takes(relative)), None)
    return "" if found == own else found


def _fitted(stage: Stage, places: Sequence[Place]) -> Layout:
    """The stage's grid, without rows and columns that would stay empty."""
    rows, columns = stage.rows, stage.columns
    while rows > 1 and len(places) <= (rows - 1) * columns:
        rows -= 1
    while rows == 1 and columns > len(places):
        columns -= 1
    return Layout(rows, columns, (*places, *[Place()] * (rows * columns - len(places))))


def _stage(item: Mapping[str, Any]) -> Stage:
    rows, columns = int(item["rows"]), int(item["columns"])
    places = tuple(_hung(place) for place in item["places"])
    if not (1 <= rows <= MOST and 1 <= columns <= MOST and 1 <= len(places) <= rows * columns):
        raise ValueError(f"the stage “{item.get('name', '')}” has a grid that its places do not fit")
    return Stage(str(item.get("name", "")), rows, columns, places)


def _hung(item: Mapping[str, Any]) -> Hung:
    show = str(item.get("show", "axial"))
    if show not in (*PLANES, VIEW_3D, PICTURE, ACQUIRED):
        raise ValueError(f"“{show}” is no view")
    return Hung(_which(item.get("which", {})), show, bool(item.get("optional", False)), str(item.get("window", "")),
                _which(item["over"]) if "over" in item else None, float(item.get("slab_mm", 0)))


def _which(item: Mapping[str, Any]) -> Which:
    relations = tuple(Relation(word) for word in item.get("relation", ("case",)))
    facts = tuple((name, tuple(str(value).upper() for value in item[name])) for name in FACT_WORDS if name in item)
    return Which(relations, tuple(item.get("kind", ())), tuple(item.get("modality", ())), _lower(item.get("words", ())),
                 _lower(item.get("without", ())), facts, int(item.get("number", 0)))


def _lower(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(word.lower() for word in words)


def _words(case: Case) -> set[str]:
    return set(case.title.lower().replace("/", " ").replace("·", " ").split())


def rules_for(protocol: Protocol) -> list[Hanging]:
    """The study's own rules, then the shipped ones by file name; GraticuleError when one cannot be read."""
    own = [parse_hanging(item) for item in protocol.document.get("hanging", ())]
    return [*own, *(parse_hanging(read_json("hanging", path.name)) for path in sorted(resource("hanging").glob("*.json")))]
