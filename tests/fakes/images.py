"""A small volume and a small picture on the desk, without files."""

from collections.abc import Callable
from itertools import count
from typing import Any

import numpy as np

from fakes.journal import FakeJournal
from graticule.domain.case import Case, Kind
from graticule.domain.codes import Code, Concept, Ontology
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume, Window
from graticule.editing.events import Bus
from graticule.editing.workspace import Workspace
from graticule.jobs import InlineRunner, Runner
from graticule.presenters.open_case import Content, OpenCase
from graticule.study.protocol import parse_protocol

SHAPE = (24, 40, 48)
ISOTROPIC = np.array([[2.0, 0, 0, -47], [0, 2.0, 0, -39], [0, 0, 2.0, -23], [0, 0, 0, 1]])
THICK = np.array([[1.0, 0, 0, -24], [0, 0.96, -1.4, -20], [0, 0.28, 4.8, -55], [0, 0, 0, 1]])


def ramp_volume(affine: np.ndarray = ISOTROPIC, *, modality: str = "CT", unit: str | None = "HU",
                windows: tuple[Window, ...] = ()) -> Volume:
    """Values rise along every axis by a different step, so that nothing can be swapped or mirrored unseen."""
    k, j, i = np.meshgrid(*(np.arange(n) for n in SHAPE), indexing="ij")
    return Volume((3 * i + 11 * j + 29 * k - 400).astype(np.int16), Grid(SHAPE, affine), modality, unit, windows)


def ontology() -> Ontology:
    return Ontology([Concept(Code("graticule", slug, "1"), label, track) for slug, label, track in (
        ("anatomical_structure", "Anatomical structure", "category"), ("liver", "Liver", "anatomical_structure"),
        ("kidney", "Kidney", "anatomical_structure"), ("neoplasm_primary", "Primary neoplasm", "morphologically_altered"),
        ("sinus", "Sinus rhythm", "rhythm"))])


def opened_with(content: Content, *, runner: Runner | None = None, opening: Any = None, view_state: dict[str, Any] | None = None,
                workspace: Workspace | None = None) -> OpenCase:
    volume = isinstance(content, Volume)
    bus = Bus()
    if workspace is None:
        shape = content.grid.shape if volume else getattr(content, "labels_shape", None)
        workspace = Workspace("c1:image", Labels(shape), FakeJournal(), bus)
    case = Case("c1:image", Kind.VOLUME if volume else Kind.IMAGE, content.modality, "CT abdomen", "fake", ())
    study = parse_protocol({
        "title": "Demonstration", "version": "3", "project": "demo", "ontology": ["anatomy"], "questions": [],
        "segments": [
            {"name": "Tumour", "colour": "#e69f00", "category": "morphologically_altered", "type": "neoplasm_primary"},
            {"name": "Liver", "colour": "#56b4e9", "category": "anatomical_structure", "type": "liver", "modalities": ["CT"]}]})
    numbers = count(1)
    return OpenCase(case, content, opening, workspace, bus, study, ontology(), runner or InlineRunner(),
                    lambda: f"id-{next(numbers)}", view_state or {})


def grey_picture(**more: Any) -> Picture:
    row, column = np.mgrid[0:60, 0:80]
    return Picture((row * 10 + column).astype(np.uint16), "CR", "MONOCHROME2", **more)


class SlowOpening:
    """Brings the slices of `full` into an empty volume, when `fill` is run."""

    def __init__(self, full: Volume) -> None:
        self._full = full
        self.content = Volume(np.zeros_like(full.voxels), full.grid, full.modality, full.unit, full.windows,
                              arrived=np.zeros(SHAPE[0], dtype=bool))
        self.order: list[int] = []

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        middle = SHAPE[0] // 2 if first is None else first
        for done, k in enumerate(sorted(range(SHAPE[0]), key=lambda k: abs(k - middle))):
            progress.step(done, SHAPE[0], "slices")
            self.content.voxels[k] = self._full.voxels[k]
            self.content.arrived[k] = True
            self.order.append(k)
            on_slice(k)
