"""Figures, authors and comparisons of segments, against SimpleITK and against plain sums over the voxels."""

import csv
import io
from dataclasses import dataclass, replace

import numpy as np
import pytest
import SimpleITK

from fakes.images import ISOTROPIC, SHAPE, THICK, opened_with, ramp_volume
from graticule.domain.codes import Code
from graticule.domain.edits import voxel_change
from graticule.domain.elements import Segment
from graticule.domain.geometry import Grid
from graticule.domain.labels import Labels
from graticule.domain.progress import Silent
from graticule.domain.volume import Volume
from graticule.editing.events import LabelsChanged
from graticule.editing.tools.tool import Bench
from graticule.imaging.patch import Patch
from graticule.imaging.ties import Tie, TieKind
from graticule.imaging.values_under import values_under
from graticule.presenters.authorship import shares_of, together
from graticule.presenters.comparing import IMPORTED, OWN, WHOLE_GROUP, Comparing, ComparisonChanged
from graticule.presenters.difference_words import agreement_rows, worst_text
from graticule.presenters.differences import compared
from graticule.presenters.number_words import COLUMNS, axes_mark, figure_rows
from graticule.presenters.segment_figures import Beside
from graticule.presenters.segment_numbers import NumbersChanged, NumbersDesk
from graticule.presenters.segment_sides import side_conflict, side_in_name, side_of_mask
from graticule.presenters.segment_table import SegmentTable
from graticule.presenters.segments import SegmentsPresenter
from graticule.quality.masks import BOTH, ONLY_ONE, ONLY_TWO, compare_masks

COLOURS = ("#e69f00", "#56b4e9", "#009e73")
LEVELS = np.concatenate([np.arange(12.0), np.arange(13.0, 25.0)])
OBLIQUE = np.array([[0.9, 0.2, 0.3, -40], [-0.25, 0.85, 0.6, -30], [-0.1, -0.4, 2.8, -20], [0, 0, 0, 1.0]])
WHOLE = (slice(0, SHAPE[0]), slice(0, SHAPE[1]), slice(0, SHAPE[2]))
GRIDS = {"isotropic": Grid(SHAPE, ISOTROPIC), "sheared": Grid(SHAPE, THICK), "oblique": Grid(SHAPE, OBLIQUE),
         "uneven": Grid(SHAPE, ISOTROPIC, levels=LEVELS)}


@dataclass
class Room:
    segments: SegmentsPresenter
    desk: NumbersDesk
    bench: Bench
    opened: object

    def add(self, mask: np.ndarray, name: str = "", author: int = 1) -> str:
        made = self.segments.add_concept(self.segments.search("liver")[0])
        if name:
            self.segments.rename(made, name)
        self.paint(made, mask, author)
        return made

    def paint(self, segment_id: str, mask: np.ndarray, author: int = 1) -> None:
        segment = self.segments.segment(segment_id)
        group = self.opened.workspace.labels.group(segment.group)
        change = voxel_change(segment.group, group, np.flatnonzero(mask), segment.value, author)
        if change is not None:
            self.opened.workspace.do("Paint", change)


def room(grid: Grid = GRIDS["isotropic"]) -> Room:
    volume = replace(ramp_volume(), grid=grid)
    opened = opened_with(volume)
    bench = Bench(opened.workspace, volume, opened.ontology, opened.new_id)
    segments = SegmentsPresenter(opened, volume, bench, COLOURS)
    desk = NumbersDesk(opened, segments, bench)
    opened.bus.subscribe(LabelsChanged, lambda event: desk.labels_changed(event.touched))
    return Room(segments, desk, bench, opened)


def blob(grid: Grid, centre: tuple[float, float, float], radii_mm: float = 12.0) -> np.ndarray:
    k, j, i = np.indices(grid.shape)
    away = grid.to_patient(np.stack([i, j, k], axis=-1)) - grid.to_patient(centre[::-1])
    return (away ** 2).sum(axis=-1) < radii_mm ** 2


@pytest.mark.parametrize("kind", GRIDS)
def test_amounts_follow_every_change_on_any_grid(kind: str) -> None:
    grid = GRIDS[kind]
    here = room(grid)
    one = here.add(blob(grid, (8, 20, 20)))
    for step in range(6):
        mask = blob(grid, (8 + step * 2, 20 + step, 20), 6.0)
        before = {row.id: row.amount for row in here.segments.rows()}
        seen: list[str] = []
        leave = here.opened.bus.subscribe(LabelsChanged, lambda event, seen=seen: seen.extend(
            row.id for row in here.segments.changed_amounts(event.touched)))
        here.paint(one, mask)
        leave()
        values = here.opened.workspace.labels.group("1").values
        wanted = float((np.count_nonzero(values == 1, axis=(1, 2)) * grid.slice_ml).sum())
        assert here.segments.amounts.ml(here.segments.segment(one)) == pytest.approx(wanted)
        assert one in seen or here.segments.row(one).amount == before[one]


@pytest.mark.parametrize("kind", GRIDS)
def test_figures_are_those_of_an_independent_sum(kind: str) -> None:
    grid = GRIDS[kind]
    here = room(grid)
    mask = blob(grid, (12, 20, 24))
    one = here.add(mask)
    here.desk.ask(one)
    numbers = here.desk.of(one).numbers
    volume = here.segments.content
    values = volume.voxels[mask].astype(float)
    assert numbers.voxels == mask.sum() and numbers.ml == pytest.approx((mask.sum(axis=(1, 2)) * grid.slice_ml).sum())
    assert numbers.values.mean == pytest.approx(values.mean()) and numbers.values.sd == pytest.approx(values.std(ddof=1))
    assert numbers.values.percentiles == pytest.approx(tuple(np.percentile(values, (5, 50, 95))))
    places = grid.to_patient(np.argwhere(mask)[:, ::-1])
    apart = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=-1)).max() if len(places) < 3000 else None
    assert apart is None or numbers.longest.mm == pytest.approx(apart)
    mark = axes_mark(numbers, "x")
    ends = np.array(mark.points) / 1000
    assert np.allclose(grid.to_index(ends)[:, 2], numbers.recist.slice, atol=0.02), "both diameters lie in their slice"


def test_figures_of_an_upright_grid_equal_simpleitk_label_shape_statistics() -> None:
    grid = Grid(SHAPE, np.diag([0.7, 1.1, 3.0, 1.0]))
    here = room(grid)
    mask = blob(grid, (12, 20, 24), 9.0) | blob(grid, (10, 24, 28), 6.0)
    one = here.add(mask)
    here.desk.ask(one)
    numbers = here.desk.of(one).numbers
    image = SimpleITK.GetImageFromArray(mask.astype(np.uint8))
    image.SetSpacing((0.7, 1.1, 3.0))
    shapes = SimpleITK.LabelShapeStatisticsImageFilter()
    shapes.ComputeFeretDiameterOn()
    shapes.Execute(image)
    assert numbers.voxels == shapes.GetNumberOfPixels(1) and numbers.ml * 1000 == pytest.approx(shapes.GetPhysicalSize(1))
    assert numbers.longest.mm == pytest.approx(shapes.GetFeretDiameter(1))


def test_separate_parts_are_listed_largest_first_each_with_its_own_numbers() -> None:
    grid = GRIDS["uneven"]
    here = room(grid)
    small, large = blob(grid, (5, 10, 10), 5.0), blob(grid, (16, 28, 34), 9.0)
    one = here.add(small | large)
    here.desk.ask(one)
    figures = here.desk.of(one)
    assert figures.count == 2 and [part.numbers.voxels for part in figures.parts] == [large.sum(), small.sum()]
    assert sum(part.numbers.ml for part in figures.parts) == pytest.approx(figures.numbers.ml)
    k, j, i = (int(v) for v in np.floor(grid.to_index(figures.parts[1].middle_mm) + 0.5)[::-1])
    assert small[k, j, i]


def test_what_was_measured_is_forgotten_when_its_voxels_change_and_only_then() -> None:
    here = room()
    grid = GRIDS["isotropic"]
    one, two = here.add(blob(grid, (8, 12, 12))), here.add(blob(grid, (16, 30, 36)))
    told: list[str] = []
    here.opened.bus.subscribe(NumbersChanged, lambda event: told.append(event.segment))
    here.desk.ask(one)
    here.desk.ask(one)
    assert told == [one]
    here.segments.rename(one, "Other")
    assert here.desk.of(one) is not None
    here.paint(two, blob(grid, (16, 30, 36), 14.0))
    here.desk.ask(one)
    here.paint(one, blob(grid, (9, 12, 12), 14.0))
    assert here.desk.of(one) is None
    here.desk.ask(one)
    values = here.opened.workspace.labels.group("1").values
    assert here.desk.of(one).numbers.voxels == int((values == here.segments.segment(one).value).sum())
    here.opened.workspace.undo()
    here.desk.ask(one)
    assert here.desk.of(one).numbers.voxels == int((values == here.segments.segment(one).value).sum())


def test_a_table_of_all_segments_reads_back_as_csv() -> None:
    here = room()
    grid = GRIDS["isotropic"]
    here.add(blob(grid, (8, 12, 12)), "Left, upper"), here.add(np.zeros(SHAPE, bool)), here.add(blob(grid, (16, 30, 36)))
    done: list[bool] = []
    here.desk.ask_all(lambda: done.append(True))
    table = SegmentTable(here.desk, here.segments)
    rows = list(csv.DictReader(io.StringIO(table.csv())))
    assert done and tuple(rows[0]) == COLUMNS and rows[0]["segment"] == "Left, upper"
    assert rows[1]["voxels"] == "0" and float(rows[0]["volume_ml"]) == pytest.approx(int(rows[0]["voxels"]) * 0.008)
    assert rows[0]["by_hand_percent"] == "100.0" and rows[0]["unit"] == "HU"
    assert "Left, upper: Volume" in table.text(here.segments.rows()[0].id)


def test_values_without_a_unit_are_called_arbitrary() -> None:
    here = room()
    here.segments.content.unit = None
    one = here.add(blob(GRIDS["isotropic"], (8, 12, 12)))
    here.desk.ask(one)
    assert "Mean ± SD, arbitrary" in dict(figure_rows(here.desk.of(one), flat=False, length="mm"))


@pytest.mark.parametrize("kind", GRIDS)
def test_shares_of_authors_add_up_to_the_segment(kind: str) -> None:
    grid = GRIDS[kind]
    here = room(grid)
    one = here.add(blob(grid, (12, 20, 24), 10.0), author=1)
    here.paint(one, blob(grid, (15, 24, 28), 8.0), author=3)
    here.desk.ask(one)
    shares = here.desk.of(one).authors
    group = here.opened.workspace.labels.group("1")
    for share in shares:
        hit = (group.values == 1) & (group.authors == share.author)
        assert share.voxels == hit.sum() and share.ml == pytest.approx((hit.sum(axis=(1, 2)) * grid.slice_ml).sum())
    assert sum(share.percent for share in shares) == pytest.approx(100.0)
    assert sum(share.ml for share in shares) == pytest.approx(here.desk.of(one).numbers.ml)


def test_shares_of_several_segments_are_weighed_by_volume() -> None:
    mask = np.ones((2, 2, 2), bool)
    one, two = (shares_of(mask, np.full((2, 2, 2), author, np.uint8), np.array([1.0, weight]))
                for author, weight in ((1, 1.0), (3, 2.0)))
    both = together((one, two))
    assert [(share.author, share.voxels, round(share.percent, 6)) for share in both] == [(1, 8, 40.0), (3, 8, 60.0)]


def test_values_of_a_tied_series_count_each_of_its_samples_once() -> None:
    grid = GRIDS["isotropic"]
    coarse = Grid((6, 10, 12), np.array([[8.0, 0, 0, -44], [0, 8.0, 0, -36], [0, 0, 8.0, -20], [0, 0, 0, 1]]))
    values = np.arange(720, dtype=np.float32).reshape(6, 10, 12)
    other = Volume(values, coarse, "PT", "SUV")
    mask = blob(grid, (12, 20, 24), 20.0)
    shift = np.eye(4)
    shift[:3, 3] = (4.0, -8.0, 8.0)
    for tie in (Tie(TieKind.FRAME), Tie(TieKind.REGISTERED, shift)):
        k, j, i = np.indices(coarse.shape)
        places = tie.reversed().there(coarse.to_patient(np.stack([i, j, k], axis=-1).reshape(-1, 3)))
        inside = [(voxel := grid.voxel_at(place)) is not None and bool(mask[voxel[::-1]]) for place in places]
        found = values_under(mask, WHOLE, grid, other, tie)
        assert found.n == sum(inside) and found.mean == pytest.approx(float(values.reshape(-1)[inside].mean()))
    assert values_under(mask, WHOLE, grid, other, Tie(TieKind.OFFSET, shift)) is None, "an offset does not say where a point lies"
    here = room()
    here.desk.others = lambda: (Beside("PT", other, Tie(TieKind.FRAME)),)
    one = here.add(mask)
    here.desk.ask(one)
    assert any(what.startswith("PT: Mean") and amount.endswith("SUV")
               for what, amount in figure_rows(here.desk.of(one), flat=False, length="mm"))


def test_left_and_right_are_told_by_name_code_and_place() -> None:
    assert [side_in_name(name) for name in ("Left kidney", "kidney_right", "Niere links", "Upright", "left and right", "")] == \
        ["L", "R", "L", "", "", ""]
    grid = GRIDS["isotropic"]
    assert side_of_mask(grid.to_patient((40, 20, 10)), grid) == "L" and side_of_mask(grid.to_patient((4, 20, 10)), grid) == "R"
    assert side_of_mask(grid.centre_mm, grid) == ""
    assert side_of_mask(grid.to_patient((4, 20, 10)), replace(grid, oriented=False)) == ""
    here = room()
    one = here.add(blob(grid, (8, 12, 8)), "Left kidney")
    here.desk.ask(one)
    assert here.segments.row(one).warning == "It is called left, but its voxels lie on the patient’s right."
    here.segments.rename(one, "Kidney")
    assert here.segments.row(one).warning == ""
    segment = replace(here.segments.segment(one), name="Right kidney", laterality=Code("graticule", "left", "1"))
    assert side_conflict(segment, "") == "The name says right, the coded side is left."


def surface_of(one: np.ndarray, two: np.ndarray, spacing: tuple[float, float, float]):
    images = []
    for mask in (one, two):
        image = SimpleITK.GetImageFromArray(mask.astype(np.uint8))
        image.SetSpacing(spacing)
        images.append(image)
    return images


def test_a_comparison_equals_simpleitk_overlap_measures_and_maps_every_voxel() -> None:
    grid = Grid(SHAPE, np.diag([0.8, 1.0, 2.5, 1.0]))
    one, two = blob(grid, (10, 18, 22), 10.0), blob(grid, (11, 20, 24), 9.0)
    found = compared(Patch(WHOLE, one), Patch(WHOLE, two).trimmed(), grid, 1.5,
                     Silent())
    overlap, hausdorff = SimpleITK.LabelOverlapMeasuresImageFilter(), SimpleITK.HausdorffDistanceImageFilter()
    images = surface_of(one, two, (0.8, 1.0, 2.5))
    overlap.Execute(*images)
    hausdorff.Execute(*images)
    assert found.agreement.dice == pytest.approx(overlap.GetDiceCoefficient())
    assert found.agreement.jaccard == pytest.approx(overlap.GetJaccardCoefficient())
    assert abs(found.agreement.hd_mm - hausdorff.GetHausdorffDistance()) < np.linalg.norm((0.8, 1.0, 2.5))
    whole = np.zeros(SHAPE, np.uint8)
    whole[found.corner] = found.values
    assert np.array_equal(whole == BOTH, one & two) and np.array_equal(whole == ONLY_ONE, one & ~two)
    assert np.array_equal(whole == ONLY_TWO, two & ~one)
    assert sum(place.ml for place in found.places) == pytest.approx((one ^ two).sum() * 0.002)
    worst = int(np.argmax((one ^ two).sum(axis=(1, 2))))
    assert (one ^ two)[found.worst.slice].sum() == (one ^ two)[worst].sum()
    assert f"Slice {found.worst.slice + 1}:" in worst_text(found)
    for place in found.places:
        voxel = grid.voxel_at(place.middle_mm)[::-1]
        assert whole[voxel] == place.only and voxel[0] == place.slice


def test_cut_to_their_box_two_masks_agree_as_on_the_whole_uneven_grid() -> None:
    grid = GRIDS["uneven"]
    for centre in ((1, 10, 10), (12, 20, 24), (22, 30, 38)):
        one, two = blob(grid, centre, 7.0), blob(grid, (centre[0], centre[1] + 2, centre[2] + 1), 6.0)
        whole = compare_masks(one, two, grid, 2.0)
        cut = compared(Patch(WHOLE, one).trimmed(), Patch(WHOLE, two).trimmed(), grid, 2.0, Silent()).agreement
        assert (cut.dice, cut.voxels) == (whole.dice, whole.voxels)
        for name in ("surface_dice", "hd95_mm", "hd_mm", "assd_mm", "difference_ml"):
            assert getattr(cut, name) == pytest.approx(getattr(whole, name)), name
        assert cut.volume_ml == pytest.approx(whole.volume_ml)


@dataclass
class Kept:
    title: str
    labels: Labels
    reads: int = 0

    def load(self) -> Labels:
        self.reads += 1
        return self.labels


def test_own_segments_groups_and_imported_masks_are_compared_and_grow_stale() -> None:
    here = room()
    grid = GRIDS["isotropic"]
    one, two = here.add(blob(grid, (8, 12, 12), 8.0)), here.add(blob(grid, (16, 30, 36), 8.0))
    reference = Labels(SHAPE)
    code = Code("SCT", "10200004", "")
    reference.put("segment", "r", Segment(id="r", group="1", value=3, colour="#ffffff", category=code, type=code, name="Truth"))
    reference.group("1").values[blob(grid, (8, 12, 12), 8.0)] = 3
    reference.group("1").grow_box(WHOLE)
    reference.group("1").counts[3] = int((reference.group("1").values == 3).sum())
    other_grid = Labels((3, 3, 3))
    other_grid.put("segment", "q", replace(reference.of(Segment)[0], id="q"))
    other_grid.group("1").values[:] = 3
    here.opened.references = (Kept("Imported nrrd", reference), Kept("Elsewhere", other_grid))
    comparing = Comparing(here.opened, here.segments.content, here.segments)
    told: list[ComparisonChanged] = []
    here.opened.bus.subscribe(ComparisonChanged, told.append)
    assert [choice.kind for choice in comparing.choices()] == [OWN, OWN, WHOLE_GROUP]
    ready: list[bool] = []
    comparing.load(lambda: ready.append(True), pytest.fail)
    comparing.load(lambda: ready.append(True), pytest.fail)
    assert ready == [True, True] and here.opened.references[0].reads == 1
    imported = [choice for choice in comparing.choices() if choice.kind == IMPORTED]
    assert [(choice.name, choice.source) for choice in imported] == [("Truth", "Imported nrrd")], "another grid is not offered"
    comparing.compare((OWN, one), imported[0].key, 2.0, pytest.fail)
    assert comparing.now.agreement.dice == 1.0 and comparing.now.places == () and comparing.now.worst is None
    comparing.compare((WHOLE_GROUP, "1"), (OWN, two), 2.0, pytest.fail)
    mine = here.opened.workspace.labels.group("1").values
    assert comparing.now.agreement.voxels == (int((mine > 0).sum()), int((mine == here.segments.segment(two).value).sum()))
    assert not comparing.stale
    comparing.labels_changed(True)
    assert comparing.stale and len(told) == 3
    comparing.close()
    assert comparing.now is None and len(told) == 4


def test_an_empty_mask_has_no_distances_and_the_table_says_so() -> None:
    grid = GRIDS["isotropic"]
    found = compared(Patch.nothing(), Patch(WHOLE, blob(grid, (12, 20, 24))).trimmed(), grid, 2.0, Silent())
    rows = dict(agreement_rows(found))
    assert rows["Dice"] == "0.000" and rows["HD95"] == "–" and rows["ASSD"] == "–"
    nothing = compared(Patch.nothing(), Patch.nothing(), grid, 2.0, Silent())
    assert dict(agreement_rows(nothing))["Dice"] == "–" and nothing.places == () and nothing.worst is None
