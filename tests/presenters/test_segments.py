import numpy as np
import pytest

from fakes.images import SHAPE, opened_with, ramp_volume
from graticule.domain.edits import voxel_change
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.editing.tools.tool import Bench
from graticule.presenters.segments import SegmentsPresenter, SegmentsShown, millilitres

COLOURS = ("#e69f00", "#56b4e9", "#009e73")


def made() -> SegmentsPresenter:
    volume = ramp_volume()
    opened = opened_with(volume)
    bench = Bench(opened.workspace, volume, opened.ontology, opened.new_id)
    return SegmentsPresenter(opened, volume, bench, COLOURS)


def paint(segments: SegmentsPresenter, segment_id: str, voxels: int) -> None:
    workspace = segments._opened.workspace
    segment = workspace.labels.get(Segment, segment_id)
    group = workspace.labels.group(segment.group)
    index = np.flatnonzero(group.values.reshape(-1) == 0)[:voxels]
    workspace.do("Paint", voxel_change(segment.group, group, index, segment.value, 1))


def test_a_template_becomes_a_coded_segment_and_is_not_offered_twice() -> None:
    segments = made()
    assert [t.name for t in segments.templates()] == ["Tumour", "Liver"]
    made_id = segments.add_template(segments.templates()[0])
    segment = segments._opened.workspace.labels.get(Segment, made_id)
    assert (segment.type.code, segment.category.code) == ("neoplasm_primary", "morphologically_altered")
    assert segment.colour == "#e69f00"
    assert segments.active == made_id and [t.name for t in segments.templates()] == ["Liver"]
    assert segments._opened.workspace.undo_title == "Add Tumour"


def test_a_structure_found_by_letters_takes_the_next_free_colour_and_a_second_one_a_number() -> None:
    segments = made()
    kidney, = segments.search("kid")
    segments.add_template(segments.templates()[0])
    segments.add_concept(kidney)
    segments.add_concept(kidney)
    rows = segments.rows()
    assert [row.name for row in rows] == ["Tumour", "Kidney 1", "Kidney 2"]
    assert [row.colour for row in rows[:2]] == list(COLOURS[:2]) and rows[2].colour not in COLOURS
    assert rows[0].meaning == "Primary neoplasm" and rows[1].meaning == ""
    assert segments.search("sinus") == []


def test_amounts_are_millilitres_of_the_voxels_there_are() -> None:
    segments = made()
    tumour = segments.add_template(segments.templates()[0])
    paint(segments, tumour, 1250)
    assert segments.rows()[0].amount == "10.0 mL"
    assert [millilitres(v) for v in (0, 0.336, 17.44, 1204.4)] == ["0.00 mL", "0.34 mL", "17.4 mL", "1,204 mL"]


def test_deleting_takes_voxels_and_segment_in_one_act_and_undo_brings_both_back() -> None:
    segments = made()
    tumour = segments.add_template(segments.templates()[0])
    liver = segments.add_template(segments.templates()[0])
    paint(segments, tumour, 40)
    paint(segments, liver, 60)
    segments.delete(tumour)
    workspace = segments._opened.workspace
    assert [row.name for row in segments.rows()] == ["Liver"] and int(workspace.labels.group("1").values.astype(bool).sum()) == 60
    assert workspace.undo() == "Delete Tumour"
    assert int((workspace.labels.group("1").values == 1).sum()) == 40


def test_a_locked_segment_is_not_deleted() -> None:
    segments = made()
    tumour = segments.add_template(segments.templates()[0])
    segments.toggle_locked(tumour)
    with pytest.raises(GraticuleError, match="Tumour is locked"):
        segments.delete(tumour)
    assert segments._opened.workspace.undo_title == "Lock Tumour"


def test_selection_goes_round_and_survives_undo() -> None:
    segments = made()
    told: list[SegmentsShown] = []
    segments._opened.bus.subscribe(SegmentsShown, told.append)
    one, two = segments.add_template(segments.templates()[0]), segments.add_template(segments.templates()[0])
    segments.step(1)
    assert segments.active == one
    segments.step(-1)
    assert segments.active == two
    segments._opened.workspace.undo()
    segments.labels_changed()
    assert segments.active == one and told
    segments.toggle_visible(one)
    assert not segments.rows()[0].visible
    assert segments.content.grid.shape == SHAPE
