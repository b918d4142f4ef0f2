"""What the desk is built of; made once by the composition root, or by a test from fakes."""

from collections.abc import Callable
from dataclasses import dataclass

from graticule.domain.codes import Ontology
from graticule.editing.events import Bus
from graticule.jobs import Runner
from graticule.presenters.ports import CaseShelf, Hasher, LabelShelf, LookBook, Opener, ViewMemory
from graticule.study.protocol import Protocol


@dataclass(frozen=True, eq=False)
class Furniture:
    """now: RFC 3339 with offset. clock_ms: milliseconds of a clock that never goes back. new_id: for a new element."""

    cases: CaseShelf
    labels: LabelShelf
    memory: ViewMemory
    looks: LookBook
    opener: Opener
    hasher: Hasher
    runner: Runner
    bus: Bus
    protocol: Protocol
    ontology: Ontology
    new_id: Callable[[], str]
    now: Callable[[], str]
    clock_ms: Callable[[], int]
