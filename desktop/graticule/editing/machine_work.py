"""Whether a change takes a machine's work into the labels: where the protocol forbids that, nothing above can do it either."""

from collections.abc import Callable, Iterable

import numpy as np

from graticule.domain.edits import Change, ElementChange
from graticule.domain.elements import MACHINE
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_MACHINE


def refuse_machine_work(changes: Iterable[Change], refused: Callable[[], GraticuleError | None]) -> None:
    """Raises what `refused` gives when one of the changes brings a machine's voxels or elements in."""
    if any(map(brings_machine_work, changes)):
        reason = refused()
        if reason is not None:
            raise reason


def brings_machine_work(change: Change) -> bool:
    """True for what a machine made and nobody has drawn or corrected; taking it away again is always free."""
    if isinstance(change, ElementChange):
        return change.before is None and change.after is not None and change.after.provenance == MACHINE
    return bool(np.any((change.after_author == AUTHOR_MACHINE) & (change.before_author != AUTHOR_MACHINE)))
