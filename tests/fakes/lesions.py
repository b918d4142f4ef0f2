"""A noisy block of tissue with balls of known place and size in it, on a bench."""

from itertools import count

import numpy as np

from fakes.journal import FakeJournal
from graticule.domain.codes import Code, Concept, Ontology
from graticule.domain.elements import Segment
from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume
from graticule.editing.events import Bus
from graticule.editing.tools.tool import Bench, Plane, Pointer
from graticule.editing.workspace import Workspace

TUMOUR = Concept(Code("graticule", "tumour", "1"), "Tumour", "morphologically_altered")
KIND = Code("graticule", "morphologically_altered", "1")
GRID = Grid((20, 48, 52), np.array([[1.0, 0, 0, -20], [0, 1.0, 0, -30], [0, 0, 2.5, 5], [0, 0, 0, 1]]))
AXIAL = Plane("axial", np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([0, 0, 1.0]), 0.5)
# (k, j, i), mm
BRIGHT_AT, DARK_AT, RADIUS_MM = (10, 24, 16), (10, 24, 38), 9.0


def ball(grid: Grid, at: tuple[int, int, int], radius_mm: float) -> Array:
    """(k, j, i) bool: the voxels whose centre lies within radius_mm of that of voxel `at`."""
    k, j, i = np.indices(grid.shape)
    places = grid.to_patient(np.stack([i, j, k], axis=-1).astype(float))
    return np.asarray(np.linalg.norm(places - grid.to_patient(np.array(at[::-1], dtype=float)), axis=-1) <= radius_mm)


def lesions(noise: float = 4.0, seed: int = 0) -> Array:
    """100 HU of tissue, a ball of 200 and one of 20, and padding of −2000 in a corner."""
    voxels = np.full(GRID.shape, 100.0)
    voxels[ball(GRID, BRIGHT_AT, RADIUS_MM)] = 200
    voxels[ball(GRID, DARK_AT, RADIUS_MM)] = 20
    voxels += np.random.default_rng(seed).normal(0, noise, GRID.shape)
    voxels[:, :3, :3] = -2000
    return np.rint(voxels).astype(np.int16)


def segment(name: str, value: int, *, locked: bool = False) -> Segment:
    return Segment(id=name, group="1", value=value, colour="#e69f00", category=KIND, type=TUMOUR.code, name=name, locked=locked)


def lesion_bench(*segments: Segment, voxels: Array | None = None) -> Bench:
    """The first segment is in the hand; one named “Tumour” when none is given."""
    chosen = segments or (segment("Tumour", 1),)
    labels = Labels(GRID.shape)
    for one in chosen:
        labels.put("segment", one.id, one)
    volume = Volume(lesions() if voxels is None else voxels, GRID, "CT", "HU", blank=(-2000.0, -2000.0))
    numbers = count()
    return Bench(Workspace("c1:x", labels, FakeJournal(), Bus()), volume, Ontology([TUMOUR]), lambda: f"id{next(numbers)}",
                 active_segment=chosen[0].id)


def over(at: tuple[int, int, int], **more: object) -> Pointer:
    """A pointer over voxel (k, j, i)."""
    x, y, z = GRID.to_patient(np.array(at[::-1], dtype=float))
    return Pointer((float(x), float(y), float(z)), plane=AXIAL, reach=(2.0, 2.0), **more)  # type: ignore[arg-type]


def proposed(bench: Bench) -> Array:
    """(k, j, i) bool: what the one part of the proposal that waits holds."""
    now = bench.proposals.now
    assert now is not None
    out = np.zeros(GRID.shape, dtype=bool)
    out[now.parts[0].patch.box] = now.parts[0].patch.mask
    return out


def held(bench: Bench, value: int = 1) -> Array:
    return np.asarray(bench.workspace.labels.group("1").values == value)
