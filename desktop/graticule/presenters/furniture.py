"""What the desk is built of; made once by the composition root, or by a test from fakes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from graticule.domain.codes import Ontology
from graticule.editing.events import Bus
from graticule.jobs import Runner
from graticule.presenters.ports import CaseShelf, Hasher, LabelShelf, LookBook, Opener, ViewMemory
from graticule.study.protocol import Protocol

if TYPE_CHECKING:
    from graticule.domain.labels import Labels
    from graticule.presenters.assistants import Assistants
    from graticule.presenters.comparing import Reference


def nothing_beside(case_id: str) -> tuple[Labels, ...]:
    """No drawings came with the images."""
    return ()


def nothing_elsewhere(case_id: str) -> tuple[Reference, ...]:
    """No masks of the case came from elsewhere."""
    return ()


@dataclass(frozen=True, eq=False)
class Furniture:
    """now: RFC 3339 with offset. clock_ms: milliseconds of a clock that never goes back. new_id: for a new element.

    beside: drawings and measurements that came in files with a case's images.
    references: masks of a case from elsewhere, to compare with. assistants: what may be asked for proposals.
    reader: the name of whoever works here.
    """

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
    beside: Callable[[str], tuple[Labels, ...]] = nothing_beside
    references: Callable[[str], tuple[Reference, ...]] = nothing_elsewhere
    assistants: Assistants | None = None
    reader: str = ""
