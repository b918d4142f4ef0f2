"""What the desk needs from the store, the formats and the network, said in its own words. `app.py` plugs the real ones in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:  # NumPy, and all that stands on it, is imported after the first paint
    from graticule.domain.case import Case, State
    from graticule.domain.geometry import Grid
    from graticule.domain.labels import Labels
    from graticule.domain.progress import Progress
    from graticule.domain.viewing import Effort, Look
    from graticule.editing.history import EditJournal
    from graticule.presenters.open_case import Opening


Objects = Sequence[Mapping[str, str]]
"""The exact bytes that were read: [{role, sha256}] of each file of the case."""


class OpenedLabels(Protocol):
    """The labels of one case as the store folded them."""

    @property
    def labels(self) -> Labels: ...

    @property
    def journal(self) -> EditJournal: ...

    @property
    def locked(self) -> bool: ...

    @property
    def version(self) -> int: ...


class CaseShelf(Protocol):
    """The cases of this store, in worklist order."""

    def all(self) -> list[Case]: ...


class LabelShelf(Protocol):
    """One reader's labels. Calls may come from any thread, one at a time."""

    def open(self, case_id: str, grid_shape: tuple[int, int, int] | None) -> OpenedLabels: ...

    def save(self, case_id: str, labels: Labels, grid: Grid | None, effort: Effort, objects: Objects) -> str | None: ...

    def finish(self, case_id: str, finished: bool) -> None: ...

    def states(self) -> Mapping[str, State]: ...

    def sign(self, case_ids: Sequence[str], password: str, meaning: str) -> Sequence[str]: ...

    def correct(self, case_id: str, reason: str) -> None: ...


class ViewMemory(Protocol):
    """Where each case was left: slice, window, tool. Small JSON, not evidence."""

    def save(self, case_id: str, state: dict[str, Any]) -> None: ...

    def load(self, case_id: str) -> dict[str, Any]: ...


class LookBook(Protocol):
    """The viewing record of each case, kept as it happens."""

    def add(self, case_id: str, looks: Sequence[Look]) -> None: ...

    def of(self, case_id: str) -> Sequence[Look]: ...


class Viewer(Protocol):
    """The page that shows the open case, as far as the desk knows it."""

    def view_state(self) -> dict[str, Any]: ...

    def looks(self) -> Sequence[Look]: ...


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of one file. `outcome`: case, labels, known, skipped or refused. labels_id: of labels kept beside a case."""

    path: Path
    outcome: str
    reason: str = ""
    title: str = ""
    case_id: str = ""
    labels_id: str = ""


Opener: TypeAlias = "Callable[[Case], Opening]"
Hasher: TypeAlias = "Callable[[Case, Progress], Objects]"
Importer: TypeAlias = "Callable[[Sequence[Path], Progress], Iterable[Imported]]"


@dataclass(frozen=True, slots=True)
class SyncCounts:
    """Where the reader's work is, as counts. `why_not`: a sentence when the last try did not reach the server."""

    here: int = 0
    on_server: int = 0
    backed_up: int = 0
    waiting: int = 0
    held: int = 0
    last_contact: str = ""
    why_not: str = ""
    server: str = ""


class Sync(Protocol):
    """One conversation with the central server, and what is known since the last."""

    def counts(self) -> SyncCounts: ...

    def cycle(self, progress: Progress) -> SyncCounts:
        """Send and fetch. Never raises for a network that does not answer: that is `why_not`."""
        ...

    def set_server(self, address: str, invitation: str) -> None:
        """Talk to this server from now on. invitation: its code for the first contact, "" when none is needed."""
        ...

    def delay_s(self, failures: int) -> float:
        """How long to wait before the next try after so many failures in a row."""
        ...
