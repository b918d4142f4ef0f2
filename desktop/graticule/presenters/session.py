"""What the main window works with while one store is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # NumPy, and all that stands on it, is imported after the first paint
    from graticule.domain.progress import Progress
    from graticule.jobs import Runner
    from graticule.presenters.deidentify import Deidentifier
    from graticule.presenters.desk import Desk
    from graticule.presenters.exporting import ExportPort
    from graticule.presenters.pacs import Archives
    from graticule.presenters.ports import Importer
    from graticule.presenters.readings import Rereader
    from graticule.presenters.signing import Signing
    from graticule.presenters.sync_status import SyncStatus
    from graticule.presenters.taking_over import ImportedShelf



@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the store that does not hold: what, where, why."""

    what: str
    where: str
    why: str


@dataclass(eq=False)
class Session:
    """One reader's open store. `password_hint`: shown where the password is asked, only in the demonstration."""

    desk: Desk
    signing: Signing
    sync: SyncStatus
    importer: Importer
    verifier: Callable[[Progress], list[Finding]]
    runner: Runner
    project: str
    password_hint: str = ""
    archives: Archives | None = None
    deidentifier: Deidentifier | None = None
    rereader: Rereader | None = None
    exporter: ExportPort | None = None
    imported: ImportedShelf | None = None

    @property
    def demonstration(self) -> bool:
        return bool(self.password_hint)
