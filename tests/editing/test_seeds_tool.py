"""Seeds as a reader plants them: what grows, what stays the hand's, what is kept through undo, restart and export."""

import json
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.images import ontology
from fakes.journal import FakeJournal
from graticule.domain.case import Case, Kind
from graticule.domain.codes import Code
from graticule.domain.edits import ElementChange, apply, voxel_change
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import (
    AUTHOR_GROWN,
    AUTHOR_HAND,
    SEEDS_AROUND,
    Labels,
    seeds_of,
)
from graticule.domain.progress import Silent
from graticule.domain.volume import Volume
from graticule.editing.events import Bus
from graticule.editing.paint_rules import PaintRules
from graticule.editing.seeding import Growing, planted, proposal_of
from graticule.editing.tools.seeds import CLEAR, DRAWN, SeedsTool
from graticule.editing.tools.tool import Bench, Plane, Pointer
from graticule.editing.workspace import Workspace
from graticule.formats.export import measurements_csv, nifti, readable
from graticule.imaging.seeds import GrowParameters, Growth
from graticule.presenters.hand import Hand
from graticule.records.payload import decode_labels, encode_labels

SHAPE = (20, 40, 44)
GRID = Grid(SHAPE, np.diag([1.0, 1.0, 2.0, 1.0]))
AXES = {"right": np.array([1.0, 0, 0]), "down": np.array([0, 1.0, 0]), "normal": np.array([0, 0, 1.0])}


def ball(radius: float = 9.0, centre: tuple[float, float, float] = (20, 20, 20)) -> Array:
    k, j, i = np.indices(SHAPE)
    return (k * 2 - centre[0]) ** 2 + (j - centre[1]) ** 2 + (i - centre[2]) ** 2 < radius**2


def segment(name: str, value: int, **more: object) -> Segment:
    return Segment(id=name, group="1", value=value, colour="#e69f00", category=Code("graticule", "anatomical_structure", "1"),
                   type=Code("graticule", "liver", "1"), name=name, **more)


class Room:
    """A bright ball in noise, two segments, and the tool in the hand."""

    def __init__(self, **first: object) -> None:
        noise = np.random.default_rng(3).normal(0, 4, SHAPE)
        self.volume = Volume((np.where(ball(), 120, 40) + noise).astype(np.int16), GRID, "MR")
        self.journal, self.labels = FakeJournal(), Labels(SHAPE)
        self.workspace = Workspace("c1", self.labels, self.journal, Bus())
        self.workspace.set("Add tumour", segment("tumour", 1, **first))
        self.workspace.set("Add oedema", segment("oedema", 2))
        self.bench = Bench(self.workspace, self.volume, ontology(), str, active_segment="tumour")
        self.told: list[GraticuleError] = []
        self.tool = SeedsTool()
        self.hand = Hand([self.tool], self.bench, self.told.append)

    def stroke(self, k: int, *way: tuple[float, float], control: bool = False, alt: bool = False) -> None:
        """way: (i, j) voxels."""
        points = [Pointer((i, j, 2.0 * k), Plane("axial", mm_per_pixel=1.0, **AXES), control=control, alt=alt) for i, j in way]
        self.hand.press(None, points[0])
        for point in points[1:]:
            self.hand.drag(None, point)
        self.hand.release(None, points[-1])
        self.hand.labels_changed()

    def seeded(self) -> "Room":
        self.stroke(10, (17, 20), (23, 20))
        self.stroke(10, (4, 4), (40, 4), (40, 36), (4, 36), alt=True)
        self.stroke(3, (8, 20), (36, 20), alt=True)
        self.stroke(17, (8, 20), (36, 20), alt=True)
        return self

    def seeds(self) -> Array:
        return self.labels.group(seeds_of("1")).values

    def values(self) -> Array:
        return self.labels.group("1").values


def dice(one: Array, two: Array) -> float:
    return 2 * float(np.count_nonzero(one & two)) / float(np.count_nonzero(one) + np.count_nonzero(two))


def test_strokes_plant_and_a_growth_is_proposed_that_only_enter_makes_a_label() -> None:
    room = Room()
    room.stroke(10, (17, 20), (23, 20))
    assert room.bench.proposals.now is None  # nothing to grow against yet
    room = Room().seeded()
    assert room.bench.proposals.now is not None and not room.values().any()
    room.hand.finish()
    assert dice(room.values() == 1, ball()) > 0.97
    assert room.workspace.undo_title == "Grow tumour from seeds"
    planted_here = (room.seeds() == 1) & (room.values() == 1)
    authors = room.labels.group("1").authors
    assert set(np.unique(authors[planted_here])) == {AUTHOR_HAND}
    assert set(np.unique(authors[(room.values() == 1) & ~planted_here])) == {AUTHOR_GROWN}


def test_esc_drops_the_growth_and_keeps_the_seeds_and_enter_brings_it_back() -> None:
    room = Room().seeded()
    before = room.seeds().copy()
    room.hand.cancel()
    assert room.bench.proposals.now is None and np.array_equal(room.seeds(), before)
    room.hand.finish()
    assert room.bench.proposals.now is not None


def test_a_seed_that_is_erased_is_forgotten_at_once() -> None:
    room = Room().seeded()
    room.stroke(10, (30, 30), (34, 30))  # by mistake: tumour outside the tumour
    wrong = proposed(room)
    room.stroke(10, (30, 30), (34, 30), control=True)
    assert not (room.seeds()[10, 28:33, 29:36] == 1).any()
    assert np.array_equal(proposed(room), proposed(Room().seeded())) and not np.array_equal(wrong, proposed(room))


def proposed(room: Room) -> Array:
    """What tumour would be."""
    now = room.bench.proposals.now
    assert now is not None
    out = np.zeros(SHAPE, dtype=bool)
    for part in now.parts:
        out[part.patch.box] |= part.patch.mask & (part.segment == "tumour")
    return out


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 19), st.integers(2, 40), st.integers(2, 36), st.sampled_from("sab-")), min_size=4,
                max_size=12))
def test_whatever_came_and_went_the_growth_is_that_of_the_seeds_there_are(strokes) -> None:
    room = Room().seeded()
    for k, i, j, kind in strokes:
        if kind == "b":
            room.workspace.undo()
            room.hand.labels_changed()
        else:
            room.stroke(k, (i, j), (min(42, i + 4), j), control=kind == "-", alt=kind == "a")
    now = planted(room.labels, "1", PaintRules())
    if room.bench.proposals.now is None:
        assert now is None or not now.enough
        return
    assert now is not None
    parameters = GrowParameters(per_mm=room.tool.options.per_cm / 1000)
    fresh = Growth(room.volume.voxels, GRID, now.box, parameters)
    fresh.update(now.seeds)
    kept = room.tool._growing.grown(room.bench.canvas, now, parameters, Silent())
    assert np.array_equal(kept, fresh.labels)
    again = proposal_of(room.bench.canvas, now, Growing().grown(room.bench.canvas, now, parameters, Silent()),
                        {value: one.name for value, one in now.segments.items()})
    assert room.bench.proposals.now.note == again.note


def test_a_second_growth_takes_back_what_the_first_had_grown_too_far_and_leaves_what_a_hand_drew() -> None:
    room = Room().seeded()
    room.hand.finish()
    hand = np.ravel_multi_index((10, 20, 30), SHAPE)
    room.workspace.do("Paint", voxel_change("1", room.labels.group("1"), np.array([hand]), 1, AUTHOR_HAND))
    half = ball() & (np.indices(SHAPE)[0] < 8)
    room.stroke(6, (14, 20), (26, 20), alt=True)
    room.hand.finish()
    assert not (room.values()[6, 20, 15:26] == 1).any()
    assert room.values().reshape(-1)[hand] == 1 and np.count_nonzero(half & (room.values() == 1)) < np.count_nonzero(half)


def test_two_segments_grow_against_each_other_and_a_correction_moves_voxels_from_one_to_the_other() -> None:
    room = Room().seeded()
    room.bench.active_segment = "oedema"
    room.stroke(10, (34, 20), (36, 20))
    room.hand.finish()
    assert {1, 2} == set(np.unique(room.values())) - {0}
    room.bench.active_segment = "tumour"
    room.stroke(10, (32, 18), (38, 22))
    taken = room.values().copy() == 2
    room.hand.finish()
    assert (taken & (room.values() == 1)).any()
    room.workspace.undo()
    assert np.array_equal(room.values() == 2, taken)


def test_protected_and_locked_segments_are_not_grown_into() -> None:
    room = Room()
    index = np.flatnonzero((ball() & (np.indices(SHAPE)[2] > 22)).reshape(-1)).astype(np.int64)
    room.workspace.do("Paint", voxel_change("1", room.labels.group("1"), index, 2, AUTHOR_HAND))
    room.seeded()
    room.hand.finish()
    assert (room.values().reshape(-1)[index] == 2).all() and (room.values() == 1).any()


def test_a_locked_segment_cannot_be_seeded_and_a_signed_read_neither() -> None:
    room = Room(locked=True)
    room.stroke(10, (17, 20), (23, 20))
    assert "is locked" in room.told[-1].message and not room.seeds().any()


def test_seeds_live_through_undo_restart_and_the_stored_payload() -> None:
    room = Room().seeded()
    before = room.seeds().copy()
    again = Workspace("c1", replayed(room.journal), room.journal, Bus())
    assert np.array_equal(again.labels.group(seeds_of("1")).values, before)
    again.undo()
    assert (again.labels.group(seeds_of("1")).values != before).any()
    packed = encode_labels(room.labels, GRID)
    assert decode_labels(packed.payload, packed.blobs.__getitem__, SHAPE) == room.labels


def replayed(journal: FakeJournal) -> Labels:
    labels = Labels(SHAPE)
    for row in journal.rows():
        apply(labels, journal.edit(row.seq))
    return labels


def test_clearing_takes_every_seed_away_in_one_act_and_undo_brings_the_growth_back() -> None:
    room = Room().seeded()
    room.hand.act(CLEAR)
    room.hand.labels_changed()
    assert not room.seeds().any() and room.bench.proposals.now is None and room.workspace.undo_title == "Clear seeds"
    room.workspace.undo()
    room.hand.labels_changed()
    assert room.bench.proposals.now is not None


def test_what_is_drawn_can_be_the_seed() -> None:
    room = Room()
    core = np.flatnonzero(ball(5).reshape(-1)).astype(np.int64)
    room.workspace.do("Paint", voxel_change("1", room.labels.group("1"), core, 1, AUTHOR_HAND))
    room.stroke(10, (4, 4), (40, 4), (40, 36), (4, 36), alt=True)
    room.stroke(2, (8, 20), (36, 20), alt=True)
    room.stroke(18, (8, 20), (36, 20), alt=True)
    room.hand.act(DRAWN)
    room.hand.labels_changed()
    room.hand.finish()
    assert (room.seeds().reshape(-1)[core] == 1).all() and dice(room.values() == 1, ball()) > 0.97


def test_a_new_segment_never_gets_a_value_that_seeds_carry() -> None:
    room = Room().seeded()
    gone = room.labels.get(Segment, "oedema")
    room.bench.active_segment = "oedema"
    room.stroke(10, (34, 20), (36, 20))
    room.workspace.do("Delete oedema", ElementChange.remove(gone))
    assert room.labels.free_value("1") == 3
    now = planted(room.labels, "1", PaintRules())
    assert now is not None and set(now.kinds) == {1, SEEDS_AROUND}


def test_seeds_leave_only_in_the_file_that_keeps_everything(tmp_path: Path) -> None:
    room = Room().seeded()
    room.hand.finish()
    case = Case("c1", Kind.VOLUME, "MR", "MR head", "fake", ())
    for exporter in (nifti.EXPORTER, measurements_csv.CsvExporter(None)):
        for made in exporter.export(case, room.volume, room.labels, ontology(), tmp_path):
            assert b"seeds of" not in made.path.read_bytes()
    images = list(tmp_path.glob("*.nii.gz"))
    assert len(images) == 1
    assert int((sitk.GetArrayFromImage(sitk.ReadImage(str(images[0]))) > 0).sum()) == int((room.values() > 0).sum())
    whole = readable.EXPORTER.export(case, room.volume, room.labels, ontology(), tmp_path)[0].path
    assert readable.labels_of(json.loads(whole.read_text())) == room.labels


def test_the_preview_agrees_with_itk_growcut_where_it_is_installed() -> None:
    itk = pytest.importorskip("itk")
    if not hasattr(itk, "FastGrowCut"):
        pytest.skip("itk-growcut is not installed")
    room = Room().seeded()
    now = planted(room.labels, "1", PaintRules())
    assert now is not None
    image = itk.image_from_array(room.volume.voxels[now.box].astype(np.int16))
    seeds = itk.image_from_array(now.seeds)
    cut = itk.FastGrowCut.New(Input=image, SeedImage=seeds, DistancePenalty=0.0)
    cut.Update()
    theirs = itk.array_from_image(cut.GetOutput()) == 1
    assert dice(proposed(room)[now.box], theirs) > 0.95
