"""The panel's presenter: one operation at a time, its preview renewed with options, dropped with it, taken as one act."""

from dataclasses import replace

import numpy as np

from fakes.company import beside, ct_case, volume
from fakes.relatives import relative
from fakes.segment_room import Room
from graticule.domain.edits import ElementChange, voxel_change
from graticule.domain.elements import Registration, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_HAND, Labels
from graticule.editing.operations.material import Cut
from graticule.editing.tools.tool import Bench
from graticule.imaging.rigid import Rigid
from graticule.presenters.prior_masks import PriorMasks
from graticule.presenters.refining import SLICE, VISIBLE, Refining, RefiningChanged
from segmentation_grids import GRIDS, ball

GRID = GRIDS["uneven"]


def at_work(**more) -> tuple[Room, Refining]:
    one, two = ball(GRID, GRID.centre_mm, 4.0), ball(GRID, np.add(GRID.centre_mm, (5.5, 0, 0)), 2.0)
    room = Room(GRID, ("a", one), ("b", two & ~one))
    return room, Refining("c1:x", room.bench, lambda: (more.get("cut", Cut(0, 5)), None), lambda: more.get("hidden", ()))


def test_choosing_shows_a_preview_and_options_renew_it_until_it_is_taken() -> None:
    room, refining = at_work()
    told: list[RefiningChanged] = []
    room.workspace.bus.subscribe(RefiningChanged, told.append)
    before = room.labels.copy()
    refining.choose("margin")
    first = room.bench.proposals.now
    assert refining.ready and first is not None and "→" in refining.note and told
    refining.now.options = replace(refining.now.options, margin_mm=1.0)
    refining.ask()
    assert room.bench.proposals.now is not first and room.labels == before
    assert refining.take() and refining.now is None and room.workspace.undo_title == "Grow a"
    room.workspace.undo()
    assert room.labels == before


def test_the_chosen_one_again_another_one_and_escape_put_it_away() -> None:
    room, refining = at_work()
    refining.choose("margin")
    refining.choose("margin")
    assert refining.now is None and room.bench.proposals.now is None
    refining.choose("margin")
    refining.choose("hollow")
    assert refining.now.name == "hollow" and room.bench.proposals.now.title == "Hollow a"
    room.bench.proposals.drop()
    assert refining.now is None and refining.note == ""


def test_what_cannot_be_done_is_said_in_the_panel_and_nothing_is_proposed() -> None:
    room, refining = at_work(cut=None)
    refining.choose("smooth")
    refining.scope.options = replace(refining.scope.options, where=SLICE)
    refining.ask()
    assert "Straighten" in refining.warning and not refining.ready and room.bench.proposals.now is None
    room.workspace.set("Lock", replace(room.labels.get(Segment, "a"), locked=True))
    refining.scope.options = replace(refining.scope.options, where="whole")
    refining.ask()
    assert "locked" in refining.warning


def test_all_visible_means_neither_hidden_nor_locked_nor_possible() -> None:
    room, refining = at_work(hidden=("b",))
    refining.choose("margin")
    refining.scope.options = replace(refining.scope.options, which=VISIBLE)
    refining.ask()
    assert [part.segment for part in room.bench.proposals.now.parts] == ["a"]


def test_a_second_segment_is_found_by_itself_and_the_labels_renew_the_preview() -> None:
    room, refining = at_work()
    refining.choose("merge")
    assert refining.now.options.other == "b" and room.bench.proposals.now.removes == ("b",)
    first = room.bench.proposals.now
    extra = np.flatnonzero(ball(GRID, np.add(GRID.centre_mm, (-6.0, 0, 0)), 2.0) & ~room.mask("a"))
    room.workspace.do("Paint", voxel_change("1", room.labels.group("1"), extra, 2, AUTHOR_HAND))
    refining.labels_changed()
    refining.renew()
    assert room.bench.proposals.now is not first
    assert refining.take() and room.mask("a").reshape(-1)[extra].all()


def test_masks_of_a_prior_come_by_the_registration_with_their_makers_and_only_ones_own() -> None:
    fixed, moving = volume("1.1"), volume("2.2", shift_mm=4.0)
    prior = relative(2, "CT", study="s0", taken="2023-05-20T10:00:00")
    opened = beside(ct_case(), fixed, [(prior, moving)])
    mask = ball(moving.grid, moving.grid.centre_mm, 9.0)
    own = Labels(moving.grid.shape)
    mine = Room(moving.grid, ("a", mask))
    asked: list[str] = []

    def own_labels(case_id: str, shape: tuple[int, int, int]) -> Labels:
        asked.append(case_id)
        return mine.labels if case_id == prior.id and shape == moving.grid.shape else own

    opened.companions.own_labels = own_labels
    bench = Bench(opened.workspace, fixed, opened.ontology, opened.new_id)
    refused: list[GraticuleError] = []
    priors = PriorMasks(opened, bench, refused.append)
    assert [case_id for case_id, _ in priors.sources()] == [prior.id]
    priors.bring(prior.id)
    assert "frames of reference" in refused[0].message and "Register" in refused[0].hint
    shift = Rigid().moved_by((2.0, 0, -4.0))
    opened.workspace.do("Register", ElementChange.make(Registration(
        id="r", fixed=opened.case.id, moving=prior.id, matrix=shift.texts(), method="rigid")))
    before = opened.workspace.labels.copy()
    priors.bring(prior.id)
    assert opened.workspace.labels == before and bench.proposals.now.makes and asked == [prior.id]
    bench.proposals.accept()
    segment, = opened.workspace.labels.of(Segment)
    group = opened.workspace.labels.group(segment.group)
    found = group.values == segment.value
    assert segment.name == "a" and np.array_equal(found[:, :, 1:], mask[:, :, :-1]), "one voxel of 2 mm to the left"
    assert set(group.authors[found].tolist()) == {AUTHOR_HAND}
    mine.workspace.do("Clear", voxel_change("1", mine.labels.group("1"), np.flatnonzero(mask), 0, 0))
    priors.bring(prior.id)
    assert "not segmented anything" in refused[-1].message
