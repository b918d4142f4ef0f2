"""Writes what was done on a case into the store as a draft, beside the reader's next case."""

from collections.abc import Sequence

from graticule.domain.errors import GraticuleError
from graticule.domain.viewing import Effort
from graticule.domain.volume import Volume
from graticule.editing.events import Bus
from graticule.jobs import Handle, Runner
from graticule.jobs.runner import DATABASE
from graticule.presenters.desk_events import DraftSaved, Trouble
from graticule.presenters.open_case import OpenCase
from graticule.presenters.ports import LabelShelf, Objects

# How long signing, closing or reopening waits for a draft that is still being written.
PATIENCE_S = 30.0


class Drafts:
    """Every act is on disk before a draft is written: a draft that fails loses nothing, and is said."""

    def __init__(self, labels: LabelShelf, runner: Runner, bus: Bus) -> None:
        self._labels = labels
        self._runner = runner
        self._bus = bus
        self._writing: dict[str, Handle] = {}

    def write(self, opened: OpenCase, effort: Effort, objects: Objects) -> None:
        """Begin to write. The labels must not change meanwhile: the case is being left, or `settle` follows."""
        if opened.workspace.locked:
            return
        case_id, labels = opened.case.id, opened.workspace.labels
        grid = opened.content.grid if isinstance(opened.content, Volume) else None
        self._writing[case_id] = self._runner.start(
            lambda progress: self._labels.save(case_id, labels, grid, effort, objects),
            done=lambda revision: self._bus.publish(DraftSaved(case_id)), failed=self._failed, lane=DATABASE)

    def settle(self, case_ids: Sequence[str] | None = None) -> None:
        """Wait until the drafts of these cases (None: of all) are written."""
        for case_id in list(self._writing) if case_ids is None else case_ids:
            if case_id in self._writing:
                self._writing.pop(case_id).wait(PATIENCE_S)

    def _failed(self, error: GraticuleError) -> None:
        self._bus.publish(Trouble(error, "Every act up to now is kept on this computer."))
