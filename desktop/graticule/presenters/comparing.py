"""Any two masks of a case compared: how well they agree, and where they do not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.imaging.logic import mask_of
from graticule.imaging.patch import Patch
from graticule.jobs import Handle
from graticule.jobs.runner import DATABASE
from graticule.presenters.differences import Compared, compared
from graticule.presenters.open_case import OpenCase
from graticule.presenters.segments import SegmentsPresenter
from graticule.quality.masks import TOLERANCE_MM

LANE = "compare"
OWN, WHOLE_GROUP, IMPORTED = "own", "group", "imported"


class Reference(Protocol):
    """Labels of the same case from elsewhere: imported from a file, or an earlier version. `load` may take a while."""

    @property
    def title(self) -> str: ...

    def load(self) -> Labels: ...


@dataclass(frozen=True, slots=True)
class Choice:
    """One mask that can be compared. kind: OWN, WHOLE_GROUP or IMPORTED; source: where an imported one comes from."""

    key: tuple[str, str]
    kind: str
    name: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class ComparisonChanged:
    """Another comparison is shown, or none: `Comparing.now`."""

    case_id: str


class Comparing:
    """now: what was found last, None while nothing is compared or the labels have changed since."""

    def __init__(self, opened: OpenCase, volume: Volume, segments: SegmentsPresenter) -> None:
        self._opened = opened
        self._volume = volume
        self._segments = segments
        self._loaded: dict[int, Labels] = {}
        self._job: Handle | None = None
        self.pair: tuple[tuple[str, str], tuple[str, str]] | None = None
        self.tolerance_mm = TOLERANCE_MM
        self.now: Compared | None = None
        self.stale = False

    # --- asked ------------------------------------------------------------------------------------------------------

    def choices(self) -> list[Choice]:
        """Own segments, whole groups of several, then what came from elsewhere (as far as it is loaded: `load`)."""
        own = [Choice((OWN, s.id), OWN, self._name(s)) for s in self._opened.workspace.labels.of(Segment)]
        groups = [Choice((WHOLE_GROUP, g), WHOLE_GROUP, self._segments.groups.name(g)) for g in self._segments.groups.ids()
                  if len(self._segments.groups.members(g)) > 1]
        return [*own, *groups, *(choice for at in self._loaded for choice in self._of_reference(at))]

    @property
    def references(self) -> tuple[Reference, ...]:
        return self._opened.references

    def name_of(self, key: tuple[str, str]) -> str:
        found = next((choice for choice in self.choices() if choice.key == key), None)
        return "" if found is None else found.name or found.key[1]

    # --- done -------------------------------------------------------------------------------------------------------

    def load(self, done: Callable[[], None], failed: Callable[[GraticuleError], None]) -> None:
        """Read the labels from elsewhere, once; only those on this image's voxels can be compared."""
        missing = [at for at in range(len(self.references)) if at not in self._loaded]
        beside = {len(self.references) + n: labels for n, labels in enumerate(self._opened.beside)}
        self._loaded |= {at: labels for at, labels in beside.items() if self._fits(labels)}
        if not missing:
            done()
            return

        def read(progress: Progress) -> dict[int, Labels]:
            return {at: self.references[at].load() for at in missing}

        def came(found: dict[int, Labels]) -> None:
            self._loaded |= {at: labels for at, labels in found.items() if self._fits(labels)}
            done()

        self._opened.runner.start(read, done=came, failed=failed, lane=DATABASE, title="Reading the reference")

    def compare(self, one: tuple[str, str], two: tuple[str, str], tolerance_mm: float,
                failed: Callable[[GraticuleError], None]) -> None:
        """ComparisonChanged follows. The newest question wins; nothing is compared with itself."""
        self._stop()
        self.pair, self.tolerance_mm = (one, two), tolerance_mm
        first, second = (self._labels_of(key).reader(key) for key in (one, two))
        grid = self._volume.grid
        self._job = self._opened.runner.start(lambda progress: compared(first(), second(), grid, tolerance_mm, progress),
                                              done=self._found, failed=failed, lane=LANE, title="Comparing two masks")

    def labels_changed(self, own_voxels: bool) -> None:
        """A stroke went on: what is shown is of the masks as they were."""
        own = self.pair is not None and any(key[0] in (OWN, WHOLE_GROUP) for key in self.pair)
        if self.now is not None and own_voxels and own and not self.stale:
            self.stale = True
            self._tell()

    def close(self) -> None:
        """Show no comparison any more."""
        self._stop()
        if self.now is not None:
            self.now, self.stale = None, False
            self._tell()

    # --- inside -----------------------------------------------------------------------------------------------------

    def _found(self, result: Compared) -> None:
        self.now, self.stale = result, False
        self._tell()

    def _labels_of(self, key: tuple[str, str]) -> "_Masks":
        if key[0] != IMPORTED:
            return _Masks(self._opened.workspace.labels)
        return _Masks(self._loaded[int(key[1].partition("/")[0])])

    def _of_reference(self, at: int) -> list[Choice]:
        known = self.references
        source = known[at].title if at < len(known) else "Came with the images"
        return [Choice((IMPORTED, f"{at}/{s.id}"), IMPORTED, self._name(s), source) for s in self._loaded[at].of(Segment)]

    def _fits(self, labels: Labels) -> bool:
        shapes = {group.shape for group in labels.groups.values()}
        return bool(labels.of(Segment)) and shapes <= {self._volume.grid.shape}

    def _name(self, segment: Segment) -> str:
        return segment.name or self._opened.ontology.label(segment.type)

    def _stop(self) -> None:
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _tell(self) -> None:
        self._opened.bus.publish(ComparisonChanged(self._opened.case.id))


class _Masks:
    """The masks of one set of labels, cut out in the job: what a hand paints meanwhile makes the comparison stale, not wrong."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels

    def reader(self, key: tuple[str, str]) -> Callable[[], Patch]:
        if key[0] == WHOLE_GROUP:
            return self._whole(key[1])
        segment = self._labels.get(Segment, key[1].rpartition("/")[2])
        if segment is None:
            raise GraticuleError("This segment is not there any more.", "Choose another one to compare.")
        group, value = self._labels.groups.get(segment.group), segment.value
        return Patch.nothing if group is None else lambda: mask_of(group, value)

    def _whole(self, name: str) -> Callable[[], Patch]:
        group = self._labels.groups.get(name)
        if group is None or group.box is None:
            return Patch.nothing
        box, values = group.box, group.values
        return lambda: Patch(box, np.asarray(values[box] != 0)).trimmed()
