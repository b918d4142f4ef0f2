"""The phases of a 4D series know each other, and the reader goes from one to the next without losing his place."""

from pathlib import Path

import numpy as np

from fakes.dicom_series import Series, asymmetric
from fakes.images import ontology
from fakes.journal import FakeJournal
from graticule.domain.case import Case, Kind, Source
from graticule.domain.codes import Code
from graticule.domain.elements import Group, Segment
from graticule.domain.geometry import Grid
from graticule.domain.labels import AUTHOR_HAND, Labels
from graticule.domain.volume import Volume
from graticule.editing.events import Bus
from graticule.editing.tools.tool import Bench
from graticule.editing.workspace import Workspace
from graticule.formats.door import scan
from graticule.formats.family import CASE
from graticule.presenters.phase_passage import alike, passage_from, propose, settle
from graticule.presenters.phases import phases_of, when
from real_data import DATA, needs_data

LIVER = Code("SCT", "10200004", "")
SHAPE = (6, 20, 24)


class Gated(Series):
    """Ten phases of a heart: the same places, one trigger time each."""

    def write(self, folder: Path) -> list[Path]:
        paths = []
        for phase in range(10):
            for k in range(len(self.voxels)):
                data = self.slice(k)
                data.TriggerTime, data.InstanceNumber = str(phase * 84.0), phase * len(self.voxels) + k + 1
                paths.append(folder / f"p{phase}_{k}.dcm")
                data.save_as(paths[-1], enforce_file_format=True)
        return paths


def cases_in(*paths: Path) -> list[Case]:
    return list({outcome.case.id: outcome.case for outcome in scan(paths) if outcome.outcome == CASE and outcome.case}.values())


def test_ten_phases_of_one_series_are_in_order(tmp_path: Path) -> None:
    Gated(asymmetric((4, 9, 11))).write(tmp_path)
    cases = cases_in(tmp_path)
    assert len(cases) == 10
    middle = next(case for case in cases if case.facts["interpretation"] == "phase 6 of 10")
    phases = phases_of(middle, reversed(cases))
    assert phases is not None and phases.at == 5 and [when(case) for case in phases.cases] == [f"{84 * n} ms" for n in range(10)]
    assert phases.words == ("Phase", "420 ms") and (phases.moment.number, phases.moment.of) == (6, 10)
    assert phases.next(1) is phases.cases[6] and phases.next(5) is None and phases.next(-6) is None


@needs_data
def test_two_time_points_of_an_fmri() -> None:
    cases = cases_in(DATA / "imaging/mr/fmri_2vol_ge")
    phases = [phases_of(case, cases) for case in cases]
    assert [(found.moment.number, found.moment.of, found.words[0]) for found in phases] == [(1, 2, "Time point"),
                                                                                            (2, 2, "Time point")]


def one(series: str, interpretation: str) -> Case:
    return Case(f"c1:{series}{interpretation}", Kind.VOLUME, "MR", "", "fake", (Source("f", "1"),),
                facts={"series": series, "interpretation": interpretation})


def test_only_the_same_series_and_contrast_are_phases() -> None:
    first = one("a", "echo 1 of 2, time 1 of 3")
    others = [one("a", "echo 1 of 2, time 2 of 3"), one("a", "echo 2 of 2, time 2 of 3"), one("b", "echo 1 of 2, time 3 of 3"),
              one("a", "echo 2 of 2")]
    phases = phases_of(first, others)
    assert phases is not None and phases.cases == (first, others[0])
    assert phases_of(one("a", ""), others) is None and phases_of(others[3], [first]) is None


def bench(labels: Labels, affine: np.ndarray | None = None) -> Bench:
    volume = Volume(np.zeros(labels.grid_shape, np.int16), Grid(labels.grid_shape, np.diag([2.0, 2, 3, 1]) if affine is None
                                                                else affine), "CT")
    numbers = iter(f"new-{n}" for n in range(99))
    return Bench(Workspace("c1:b", labels, FakeJournal(), Bus()), volume, ontology(), numbers.__next__)


def liver(**more: object) -> Segment:
    return Segment(**{"id": "a", "group": "1", "value": 4, "colour": "#56b4e9", "category": LIVER, "type": LIVER,
                      "name": "Liver"} | more)


def painted() -> Labels:
    labels = Labels(SHAPE)
    labels.put("segment", "a", liver())
    labels.put("group", "2", Group(id="2", name="Vessels"))
    labels.put("segment", "b", liver(id="b", group="2", value=1, name="Portal vein", status="done", locked=True))
    group = labels.group("1")
    box = slice(2, 4), slice(3, 9), slice(5, 6)
    group.values[box], group.authors[box] = 4, AUTHOR_HAND
    group.counts[4], group.counts[0] = 12, group.counts[0] - 12
    group.grow_box(box)
    return labels


def passage(labels: Labels, *, carry: bool):
    state = {"segment": "a", "cursor": [1.0, 2.0, 3.0], "wall": {"left": "behind"}, "window": None}
    return passage_from(labels, Grid(SHAPE, np.diag([2.0, 2, 3, 1])), state, lambda s: s.name, carry=carry)


def test_the_segments_are_there_in_the_other_phase_and_empty() -> None:
    taken, there = passage(painted(), carry=False), bench(Labels(SHAPE))
    segment = settle(taken, there.workspace, there.new_id)
    labels = there.workspace.labels
    assert [(s.name, s.group, s.value, s.status, s.locked) for s in labels.of(Segment)] == [
        ("Liver", "1", 4, "draft", False), ("Portal vein", "2", 1, "draft", False)]
    assert labels.get(Segment, segment).name == "Liver" and labels.get(Group, "2").name == "Vessels"
    assert labels.empty is False and not any(group.counts[1:].any() for group in labels.groups.values())
    assert set(taken.looks) == {"cursor", "window"}
    assert settle(taken, there.workspace, there.new_id) == segment and len(labels.of(Segment)) == 2
    there.workspace.undo()
    assert labels.of(Segment) == []


def test_a_value_that_is_taken_there_gives_way() -> None:
    other = Labels(SHAPE)
    other.put("segment", "x", liver(id="x", name="Spleen"))
    there = bench(other)
    segment = settle(passage(painted(), carry=False), there.workspace, there.new_id)
    assert there.workspace.labels.get(Segment, segment).value == 1


def test_a_signed_phase_is_left_alone() -> None:
    there = bench(Labels(SHAPE))
    there.workspace.lock()
    assert settle(passage(painted(), carry=True), there.workspace, there.new_id) is None
    assert not there.workspace.labels.of(Segment)
    assert not propose(passage(painted(), carry=True), there)


def test_the_mask_comes_along_as_a_proposal_and_lands_on_the_same_voxels() -> None:
    here, there = painted(), bench(Labels(SHAPE))
    taken = passage(here, carry=True)
    there.active_segment = settle(taken, there.workspace, there.new_id)
    assert propose(taken, there) and not there.workspace.labels.group("1").values.any()
    there.proposals.accept()
    found = there.workspace.labels.group("1")
    assert np.array_equal(found.values, here.group("1").values) and np.array_equal(found.authors, here.group("1").authors)


def test_on_a_coarser_grid_the_mask_keeps_its_place() -> None:
    shape = (6, 10, 12)
    affine = np.diag([4.0, 4, 3, 1])
    affine[:2, 3] = 1.0
    there, here = bench(Labels(shape), affine), painted()
    taken = passage(here, carry=True)
    settle(taken, there.workspace, there.new_id)
    propose(taken, there)
    there.proposals.accept()
    coarse = there.workspace.labels.group("1").values != 0
    # Each coarse voxel's centre lies on the corner of four fine ones; ties go to the higher index (Grid.voxel_at).
    fine = here.group("1").values != 0
    assert np.array_equal(coarse, fine[:, 1::2, 1::2])


def test_nothing_comes_along_unless_asked() -> None:
    assert passage(painted(), carry=False).mask is None and alike(liver(), liver(id="q", value=9, colour="#000000"))
