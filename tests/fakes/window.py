"""A main window on fakes: what the tests of the window and the person at the machine both use."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fakes.desk import PASSWORD, DeskParts, FakeLabels, FakeMemory, FakeSync, case, make_desk
from graticule.domain.case import Case, Kind
from graticule.domain.progress import Progress
from graticule.presenters.ports import Imported
from graticule.presenters.session import Finding, Session
from graticule.presenters.signing import Signing
from graticule.presenters.sync_status import SyncStatus
from graticule.ui.main_window import MainWindow
from graticule.ui.window_memory import WindowMemory

CASES = (case(1, Kind.VOLUME, "MR", "Brain tumour"), case(2, Kind.IMAGE, "CR", "Chest"), case(3, Kind.ECG, "ECG", "Record 231"))


@dataclass
class DeskWindow:
    window: MainWindow
    parts: DeskParts
    session: Session
    sync: FakeSync
    findings: list[Finding]

    def title(self) -> str:
        opened = self.parts.desk.opened
        return opened.case.title if opened else ""


def open_window(cases: Sequence[Case] = CASES, labels: FakeLabels | None = None, memory: FakeMemory | None = None,
                place: Path | None = None) -> DeskWindow:
    """A furnished window. Importing adds one case per path; `findings` is what verifying finds."""
    parts, server = make_desk(cases, labels=labels, memory=memory), FakeSync()
    desk, findings = parts.desk, list[Finding]()

    def importer(paths: Sequence[Path], progress: Progress) -> list[Imported]:
        for path in paths:
            parts.cases.cases.append(case(len(parts.cases.cases) + 1, Kind.IMAGE, "CR", path.stem))
        return [Imported(path, "case", "", path.stem, path.stem) for path in paths]

    session = Session(desk, Signing(parts.labels, desk.worklist, "Dr. A. Reader"), SyncStatus(server, desk.runner, desk.bus),
                      importer, lambda progress: findings, desk.runner, "demo", PASSWORD)
    window = MainWindow(WindowMemory(place))
    window.resize(1280, 800)
    window.show()
    window.furnish(session)
    return DeskWindow(window, parts, session, server, findings)
