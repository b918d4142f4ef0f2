"""What every door to an outside format offers. Adding a format is one module with a Family, listed in `door.FAMILIES`."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from graticule.domain.case import Case
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.domain.recording import Recording
from graticule.domain.volume import Volume

Content = Volume | Picture | Recording

CASE, LABELS, KNOWN, SKIPPED, REFUSED = "case", "labels", "known", "skipped", "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file: nothing vanishes. `reason` is a sentence when the outcome is not plain.

    labels_reading: for outcome "labels", which reader understands the file ("dicom-seg", "mask", "atr"); `case` is then
    the case it belongs to, or None until the door has matched it by `match_ids` / grid / record name.
    kept_as: under which id a store keeps these labels, once it does.
    """

    path: Path
    outcome: str
    case: Case | None = None
    reason: str = ""
    labels_reading: str = ""
    match_ids: tuple[str, ...] = ()
    kept_as: str = ""


class Opening(Protocol):
    """A case being read. `content` has its geometry at once; `fill` brings the samples, slice by slice."""

    @property
    def content(self) -> Content: ...

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        """Decode what has not arrived, from slice `first` (or the middle) outwards; call `on_slice(k)` after each."""
        ...


class Family(Protocol):
    """One outside format family."""

    @property
    def readings(self) -> tuple[str, ...]: ...

    def claims(self, path: Path, head: bytes) -> bool:
        """Whether this family reads the file, by its first 4,096 bytes and its name. Cheap; never raises."""
        ...

    def gather(self, paths: Sequence[Path], progress: Progress) -> Iterable[Outcome]:
        """An outcome for every one of `paths` (all claimed): grouped into cases by geometry, refused by name, …"""
        ...

    def open(self, case: Case) -> Opening:
        """Open a case of one of `readings`; GraticuleError when a file is gone, changed or cannot be decoded."""
        ...


class LabelReader(Protocol):
    """Reads outside labels beside their case."""

    @property
    def reading(self) -> str: ...

    def read(self, path: Path, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
        """The file's labels on the case's own grid or clock; GraticuleError when they do not fit it."""
        ...
