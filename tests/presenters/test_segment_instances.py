"""Instances, status, groups and what is seen: every act one edit, and undo brings back all of it."""

import numpy as np
import pytest

from fakes.images import ontology, opened_with, ramp_volume
from graticule.domain.codes import Code
from graticule.domain.edits import voxel_change
from graticule.domain.elements import Group, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.segment_status import DONE, FLAGGED, IN_PROGRESS, NOT_STARTED
from graticule.editing.segment_groups import LEAVE, TAKE, GroupClash
from graticule.editing.tools.tool import Bench
from graticule.presenters.segment_rows import GroupRow, SegmentRow, Sieve
from graticule.presenters.segments import SegmentsPresenter
from graticule.resources import load_ontology
from graticule.ui.theme import SEGMENT_COLOURS


def made() -> SegmentsPresenter:
    volume = ramp_volume()
    opened = opened_with(volume)
    bench = Bench(opened.workspace, volume, opened.ontology, opened.new_id)
    return SegmentsPresenter(opened, volume, bench, SEGMENT_COLOURS)


def workspace_of(segments: SegmentsPresenter):
    return segments._opened.workspace


def paint(segments: SegmentsPresenter, segment_id: str, index: np.ndarray, author: int = 1) -> None:
    segment = segments.segment(segment_id)
    group = workspace_of(segments).labels.group(segment.group)
    workspace_of(segments).do("Paint", voxel_change(segment.group, group, index.astype(np.int64), segment.value, author))


def voxels(segments: SegmentsPresenter, segment_id: str) -> set[int]:
    segment = segments.segment(segment_id)
    return set(np.flatnonzero(workspace_of(segments).labels.group(segment.group).values == segment.value).tolist())


def liver(segments: SegmentsPresenter) -> str:
    return segments.add_concept(segments.search("liver")[0])


def test_another_of_these_has_the_same_codes_the_next_number_and_a_shade_of_the_same_hue() -> None:
    segments = made()
    one = liver(segments)
    first = segments.segment(one)
    two = segments.segment(segments.add_another(one))
    assert workspace_of(segments).undo_title == "Add Liver 2"
    three = segments.segment(segments.add_another(one))
    assert [s.name for s in (segments.segment(one), two, three)] == ["Liver 1", "Liver 2", "Liver 3"]
    assert [s.number for s in (first, two, three)] == [1, 2, 3]
    assert (two.category, two.type, two.group) == (first.category, first.type, first.group)
    assert len({first.colour, two.colour, three.colour}) == 3


def test_numbers_are_never_given_again_while_a_higher_one_is_there() -> None:
    segments = made()
    one = liver(segments)
    two = segments.add_another(one)
    segments.add_another(one)
    segments.delete(two)
    assert segments.segment(segments.add_another(one)).name == "Liver 4"
    assert [row.name for row in segments.rows()] == ["Liver 1", "Liver 3", "Liver 4"]


def test_undo_of_a_second_one_gives_the_first_its_bare_name_back() -> None:
    segments = made()
    one = liver(segments)
    segments.add_another(one)
    workspace_of(segments).undo()
    assert [row.name for row in segments.rows()] == ["Liver"]


def test_what_a_reader_called_a_segment_is_never_renamed_by_itself() -> None:
    segments = made()
    one = liver(segments)
    segments.rename(one, "My liver")
    segments.add_another(one)
    assert [row.name for row in segments.rows()] == ["My liver 1", "My liver 2"]
    segments.toggle_locked(one)
    segments.add_another(one)
    assert [row.name for row in segments.rows()][-1] == "My liver 3"


def test_letters_that_fit_a_synonym_name_the_segment() -> None:
    volume = ramp_volume()
    opened = opened_with(volume)
    opened.ontology = load_ontology("anatomy")
    segments = SegmentsPresenter(opened, volume, Bench(opened.workspace, volume, opened.ontology, opened.new_id), SEGMENT_COLOURS)
    found = segments.search("mets")[0]
    assert segments.segment(segments.add_concept(found, "mets")).name == "Mets"
    assert segments.segment(segments.add_concept(found, "metas")).name == "Metastasis 2"


def test_status_follows_the_voxels_until_somebody_says_it() -> None:
    segments = made()
    one = liver(segments)
    assert segments.row(one).status == NOT_STARTED
    paint(segments, one, np.arange(4))
    assert segments.row(one).status == IN_PROGRESS
    segments.set_status(one, DONE)
    assert segments.segment(one).status == "done" and workspace_of(segments).undo_title == "Mark Liver as done"
    assert not segments.segment(one).locked
    segments.lock_done = True
    segments.set_status(one, FLAGGED)
    segments.set_status(one, DONE)
    assert segments.segment(one).locked
    segments.set_status(one, IN_PROGRESS)
    assert not segments.segment(one).locked
    for _ in range(4):
        workspace_of(segments).undo()
    assert segments.segment(one).status == "draft" and segments.row(one).status == IN_PROGRESS


def test_groups_overlap_across_and_never_inside() -> None:
    segments = made()
    body = liver(segments)
    paint(segments, body, np.arange(0, 100))
    lesion = segments.add_template(segments.templates()[0])
    paint(segments, lesion, np.arange(200, 220))
    segments.move_to_group(lesion, "")
    assert segments.segment(lesion).group == "2" and voxels(segments, lesion) == set(range(200, 220))
    assert workspace_of(segments).undo_title == "Move Tumour to group 2"
    paint(segments, lesion, np.arange(50, 60))
    assert voxels(segments, body) == set(range(100)) and {50, 59} <= voxels(segments, lesion)
    with pytest.raises(GroupClash, match="10 voxels belong to Liver"):
        segments.move_to_group(lesion, "1")
    assert segments.segment(lesion).group == "2", "a refusal changes nothing"


def test_a_clash_is_resolved_by_leaving_or_by_taking_and_undo_restores_authors_too() -> None:
    for held in (LEAVE, TAKE):
        segments = made()
        body = liver(segments)
        paint(segments, body, np.arange(0, 100))
        lesion = segments.add_template(segments.templates()[0])
        segments.move_to_group(lesion, "")
        paint(segments, lesion, np.arange(90, 120), author=3)
        before = workspace_of(segments).labels.copy()
        segments.move_to_group(lesion, "1", held)
        assert voxels(segments, lesion) == (set(range(100, 120)) if held == LEAVE else set(range(90, 120)))
        assert voxels(segments, body) == (set(range(100)) if held == LEAVE else set(range(90)))
        authors = workspace_of(segments).labels.group("1").authors.reshape(-1)
        assert set(authors[sorted(voxels(segments, lesion))].tolist()) == {3}
        assert not workspace_of(segments).labels.group("2").values.any()
        workspace_of(segments).undo()
        assert workspace_of(segments).labels == before


def test_voxels_of_a_locked_segment_are_never_taken() -> None:
    segments = made()
    body = liver(segments)
    paint(segments, body, np.arange(0, 10))
    lesion = segments.add_template(segments.templates()[0])
    segments.move_to_group(lesion, "")
    paint(segments, lesion, np.arange(5, 15))
    segments.toggle_locked(body)
    with pytest.raises(GroupClash, match="Unlock the others"):
        segments.move_to_group(lesion, "1", TAKE)
    segments.move_to_group(lesion, "1", LEAVE)
    assert voxels(segments, lesion) == set(range(10, 15))


def test_groups_are_named_and_empty_ones_removed() -> None:
    segments = made()
    one = liver(segments)
    group = segments.groups.add("Lesions")
    assert [line.name for line in segments.lines() if isinstance(line, GroupRow)] == ["", "Lesions"]
    segments.groups.rename("1", "Organs")
    assert segments.groups.name("1") == "Organs" and workspace_of(segments).undo_title == "Name group Organs"
    segments.move_to_group(one, group)
    with pytest.raises(GraticuleError, match="Segments lie in this group"):
        segments.groups.remove(group)
    segments.move_to_group(one, "1")
    segments.groups.remove(group)
    assert segments.groups.ids() == ["1"] and workspace_of(segments).labels.get(Group, group) is None
    workspace_of(segments).undo()
    assert segments.groups.name(group) == "Lesions"


def test_three_hundred_segments_take_a_second_group_and_differ_in_colour() -> None:
    segments = made()
    one = segments.add_template(segments.templates()[1])
    for _ in range(299):
        segments.add_another(one)
    kept = workspace_of(segments).labels.of(Segment)
    assert {s.group for s in kept} == {"1", "2"} and sum(s.group == "1" for s in kept) == 255
    assert len({(s.group, s.value) for s in kept}) == 300 and len({s.colour for s in kept}) == 300
    assert sorted(s.number for s in kept) == list(range(1, 301))
    assert len([line for line in segments.lines() if isinstance(line, SegmentRow)]) == 300


def test_only_this_one_and_back_to_what_was_seen() -> None:
    segments = made()
    one, two = liver(segments), segments.add_template(segments.templates()[0])
    three = segments.add_concept(segments.search("kid")[0])
    segments.toggle_visible(two)
    segments.solo(three)
    assert segments.hidden == {one, two}
    segments.solo(one)
    assert segments.hidden == {two, three}
    segments.solo(one)
    assert segments.hidden <= {two, one}


def test_a_long_list_is_sifted_by_letters_and_by_status() -> None:
    segments = made()
    one, two = liver(segments), segments.add_template(segments.templates()[0])
    segments.set_status(two, FLAGGED)
    segments.sift(Sieve("tum"))
    assert [line.id for line in segments.lines()] == [two]
    segments.sift(Sieve("", frozenset({NOT_STARTED})))
    assert [line.id for line in segments.lines()] == [one]
    segments.step(1)
    assert segments.active == one, "keys go through what is seen"
    segments.sift(Sieve("neoplasm"))
    assert [line.id for line in segments.lines()] == [two], "the coded words are found too"


def test_other_codes_are_one_act_and_a_number_two_relatives_share_is_given_anew() -> None:
    segments = made()
    one, other = liver(segments), segments.add_concept(segments.search("kid")[0])
    kidney = segments.segment(other)
    left = Code("graticule", "left", "1")
    segments.set_meaning(one, kidney.category, kidney.type, None, None, left)
    assert segments.segment(one).laterality == left and segments.segment(one).number == 2
    assert workspace_of(segments).undo_title == "Meaning of Liver"
    workspace_of(segments).undo()
    assert segments.segment(one).laterality is None and segments.segment(one).number == 1
    assert ontology().label(segments.segment(one).type) == "Liver"
