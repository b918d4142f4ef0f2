"""The phases of one series: volumes of the same slices at several moments, each a case of its own."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from graticule.domain.case import Case, Kind

# "echo 2 of 3, phase 4 of 10": what stands before says which of several such rows of volumes.
# What else tells volumes apart (echoes, b-values, energies) makes other images, not other moments.
_LAST = re.compile(r"^(?P<before>(?:.*, )?)(?P<name>time|phase|acquisition|repeat|interval|dimension) "
                   r"(?P<number>\d+) of (?P<of>\d+)$")


@dataclass(frozen=True, slots=True)
class Moment:
    """Which volume of its series a case is. number: from 1."""

    series: str
    before: str
    name: str
    number: int
    of: int


@dataclass(frozen=True, eq=False)
class Phases:
    """cases: of one series in their order; `at`: which of them is open, from 0."""

    cases: tuple[Case, ...]
    at: int

    @property
    def case(self) -> Case:
        return self.cases[self.at]

    def next(self, step: int) -> Case | None:
        """The phase so many further on; None beyond the ends."""
        wanted = self.at + step
        return self.cases[wanted] if 0 <= wanted < len(self.cases) else None

    @cached_property
    def moment(self) -> Moment:
        found = moment_of(self.case)
        assert found is not None
        return found

    @property
    def words(self) -> tuple[str, str]:
        """("Phase", "420 ms"): what it is a moment of, and when, "" where the file does not say."""
        noun = "Phase" if self.moment.name in ("phase", "interval") else "Time point"
        return noun, when(self.case)


def moment_of(case: Case) -> Moment | None:
    """None for a volume that stands alone."""
    found = _LAST.match(str(case.facts.get("interpretation", "")))
    series = str(case.facts.get("series", "")) or (case.sources[0].path if case.sources else "")
    if found is None or not series or case.kind is not Kind.VOLUME:
        return None
    return Moment(series, found["before"], found["name"], int(found["number"]), int(found["of"]))


def phases_of(case: Case, cases: Iterable[Case]) -> Phases | None:
    """The case among its phases; None where it has no others here."""
    own = moment_of(case)
    if own is None:
        return None
    family = {moment.number: other for other in cases if (moment := moment_of(other)) is not None and _alike(moment, own)}
    family[own.number] = case
    if len(family) < 2:
        return None
    numbers = sorted(family)
    return Phases(tuple(family[number] for number in numbers), numbers.index(own.number))


def when(case: Case) -> str:
    """ "420 ms", "40 %"; "" where the files do not say when a phase was taken."""
    moment = case.facts.get("moment")
    return f"{float(moment[0]):g} {moment[1]}" if moment else ""


def _alike(one: Moment, other: Moment) -> bool:
    return (one.series, one.before, one.name, one.of) == (other.series, other.before, other.name, other.of)
