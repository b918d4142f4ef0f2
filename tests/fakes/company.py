"""A case on the desk with other images of its patient beside it, all in memory."""

from dataclasses import replace

import numpy as np

from fakes.desk import FakeOpening
from fakes.images import opened_with, ramp_volume
from fakes.relatives import relative
from graticule.domain.case import Case, Kind
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.volume import Volume
from graticule.jobs import InlineRunner, Runner
from graticule.presenters.companions import Companions
from graticule.presenters.open_case import Content, OpenCase
from graticule.presenters.relatives import relatives_of

FRAME = "1.2.826.0.1"


class Shelf:
    """Opens each case with the content laid there for it; counts how often."""

    def __init__(self, contents: dict[str, Content]) -> None:
        self._contents = contents
        self.opened: list[str] = []

    def __call__(self, case: Case) -> FakeOpening:
        self.opened.append(case.id)
        if case.id not in self._contents:
            raise GraticuleError("A file of this case is gone.", "Put it back where it was.")
        return FakeOpening(self._contents[case.id])


def volume(frame: str = FRAME, shift_mm: float = 0.0, **more: object) -> Volume:
    made = ramp_volume(**more)
    made.frame_of_reference = frame
    affine = made.grid.affine.copy()
    affine[2, 3] += shift_mm
    return Volume(made.voxels, Grid(made.grid.shape, affine), made.modality, made.unit, made.windows, frame_of_reference=frame)


def pet(frame: str = FRAME) -> Volume:
    """Coarser than the CT, one hot voxel at (2, 2, 2) mm."""
    voxels = np.zeros((12, 20, 24), np.float32)
    voxels[6, 10, 12] = 8.5
    affine = np.array([[4.0, 0, 0, -46], [0, 4, 0, -38], [0, 0, 4, -22], [0, 0, 0, 1]])
    return Volume(voxels, Grid(voxels.shape, affine), "PT", "SUV", frame_of_reference=frame)


def beside(case: Case, content: Content, others: list[tuple[Case, Content]], runner: Runner | None = None,
           view_state: dict | None = None, protocol: dict | None = None, most_bytes: int = 10**9) -> OpenCase:
    """The case opened, with the others where its facts allow them."""
    opened = opened_with(content, runner=runner or InlineRunner(), view_state=view_state)
    study = opened.protocol if protocol is None else replace(opened.protocol, document={**opened.protocol.document, **protocol})
    shelf = Shelf({case.id: content, **{other.id: theirs for other, theirs in others}})
    companions = Companions(relatives_of(case, [case, *(other for other, _ in others)], study.blinding), shelf, most_bytes)
    return replace(opened, case=case, companions=companions, protocol=study)


def ct_case() -> Case:
    return replace(relative(1, "CT"), id="c1:image")


def picture_case() -> Case:
    return replace(relative(1, "DX", kind=Kind.IMAGE, view="PA"), id="c1:image")

