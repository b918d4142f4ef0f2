"""Copy and paste: between slices exactly; between cases through patient space, against SimpleITK; never to another patient."""

from dataclasses import replace

import numpy as np
import pytest
import SimpleITK as sitk

from fakes.segment_room import Room
from graticule.domain.case import Case, Kind
from graticule.domain.elements import Registration, Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.labels import AUTHOR_GROWN, AUTHOR_MACHINE
from graticule.domain.volume import Volume
from graticule.editing.clipboard import Clipboard
from graticule.editing.operations.material import Cut
from graticule.imaging.carrying import carried
from graticule.imaging.logic import mask_of
from graticule.imaging.rigid import Rigid
from graticule.presenters.copying import Copying
from segmentation_grids import GRIDS, ball

FRAME = "1.2.3"
FINE = Grid((16, 30, 28), np.diag([0.6, 0.5, 1.1, 1.0]))


class Sheet:
    """A case with copy and paste; `cut` is the layer that its view shows."""

    def __init__(self, grid: Grid, *masks, case_id: str = "c1:x", frame: str = FRAME, patient: str = "p-1",
                 board: Clipboard | None = None) -> None:
        self.room = Room(grid, *(masks or (("a", np.zeros(grid.shape, bool)),)))
        self.room.bench.content = Volume(np.zeros(grid.shape, np.int16), grid, "CT", frame_of_reference=frame)
        self.board = board if board is not None else Clipboard()
        self.cut: Cut | None = Cut(0, 5)
        case = Case(case_id, Kind.VOLUME, "CT", "CT", "fake", (), facts={"patient": patient} if patient else {})
        self.copying = Copying(case, self.room.bench, self.board, lambda: self.cut, self._scroll)

    def _scroll(self, steps: int) -> None:
        self.cut = Cut(self.cut.axis, min(self.cut.at + steps, self.room.grid.shape[self.cut.axis] - 1))


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_a_slice_is_pasted_into_the_next_as_it_was_with_its_makers(axis) -> None:
    grid = GRIDS["uneven"]
    sheet = Sheet(grid)
    room, mask = sheet.room, ball(grid, grid.centre_mm, 5.0)
    np.moveaxis(mask, axis, 0)[(5, 9, 10)[axis] + 1:] = False
    room.add("m", mask, author=AUTHOR_MACHINE)
    room.bench.active_segment = "m"
    sheet.cut = Cut(axis, (5, 9, 10)[axis])
    sheet.copying.copy()
    before, here = room.labels.copy(), np.moveaxis(mask, axis, 0)
    source = here[sheet.cut.at].copy()
    for _ in range(3):
        at = sheet.cut.at + 1
        words = sheet.copying.paste(onward=True)
        now = np.moveaxis(room.mask("m"), axis, 0)
        assert np.array_equal(now[at], here[at] | source) and str(at + 1) in words
    assert set(room.authors("m").tolist()) == {AUTHOR_MACHINE}
    for _ in range(3):
        room.workspace.undo()
    assert room.labels == before


def test_a_slice_can_be_pasted_into_another_segment_and_protected_ones_stay() -> None:
    grid = GRIDS["even"]
    mask = ball(grid, grid.centre_mm, 5.0)
    sheet = Sheet(grid, ("a", mask), ("b", np.zeros_like(mask)))
    sheet.copying.copy()
    sheet.room.bench.active_segment = "b"
    sheet.cut = Cut(0, 9)
    sheet.copying.paste()
    assert np.array_equal(sheet.room.mask("b")[9], mask[5] & ~mask[9]) and np.array_equal(sheet.room.mask("a"), mask)
    with pytest.raises(GraticuleError, match="Nothing would change"):
        sheet.copying.paste()
    sheet.cut = Cut(2, 3)
    with pytest.raises(GraticuleError, match="another direction"):
        sheet.copying.paste()
    with pytest.raises(GraticuleError, match="Nothing was copied"):
        Sheet(grid, ("a", mask)).copying.paste()


def image_of(array: np.ndarray, grid: Grid) -> sitk.Image:
    image = sitk.GetImageFromArray(array.astype(np.uint8))
    image.SetSpacing(grid.spacing_mm[::-1])
    image.SetOrigin(grid.origin_mm.tolist())
    image.SetDirection(grid.direction.reshape(-1).tolist())
    return image


@pytest.mark.parametrize("name", ["even", "oblique"])
def test_another_grid_gets_what_simpleitk_resamples(name) -> None:
    source, mask = GRIDS[name], ball(GRIDS[name], GRIDS[name].centre_mm, 5.0)
    affine = FINE.affine.copy()
    affine[:3, 3] = source.centre_mm - [8, 7, 8]
    target = Grid(FINE.shape, affine)
    turn = Rigid().turned((0.2, 0.3, 1.0), 12.0, source.centre_mm).moved_by((1.3, -0.7, 0.4))
    for way in (None, turn):
        resample = sitk.ResampleImageFilter()
        resample.SetReferenceImage(image_of(np.zeros(target.shape), target))
        resample.SetInterpolator(sitk.sitkNearestNeighbor)
        if way is not None:
            transform = sitk.AffineTransform(3)
            transform.SetMatrix(way.inverse[:3, :3].reshape(-1).tolist())
            transform.SetTranslation(way.inverse[:3, 3].tolist())
            resample.SetTransform(transform)
        wanted = sitk.GetArrayFromImage(resample.Execute(image_of(mask, source))) > 0
        box = mask_of(Room(source, ("a", mask)).labels.group("1"), 1)
        patch, authors = carried(box, np.where(box.mask, AUTHOR_GROWN, 0).astype(np.uint8), source, target,
                                 None if way is None else way.matrix)
        found = patch.on((slice(0, 16), slice(0, 30), slice(0, 28)))
        # Centres that fall on the border of two voxels may go either way.
        assert np.count_nonzero(found ^ wanted) <= 2 and set(np.unique(authors[patch.mask]).tolist()) == {AUTHOR_GROWN}


def test_an_uneven_stack_is_looked_up_at_its_true_places() -> None:
    source = GRIDS["tilted and uneven"]
    mask = ball(source, source.centre_mm, 6.0)
    affine = FINE.affine.copy()
    affine[:3, 3] = source.centre_mm - [8, 7, 8]
    target = Grid(FINE.shape, affine)
    patch, _ = carried(mask_of(Room(source, ("a", mask)).labels.group("1"), 1), np.zeros(mask.shape, np.uint8)[
        tuple(mask_of(Room(source, ("a", mask)).labels.group("1"), 1).box)], source, target)
    found = patch.on((slice(0, 16), slice(0, 30), slice(0, 28)))
    for place in np.ndindex(*target.shape):
        voxel = source.voxel_at(target.to_patient(np.array(place[::-1], float)))
        assert found[place] == (voxel is not None and bool(mask[voxel[::-1]]))


def test_another_case_gets_the_whole_as_a_preview_that_says_what_it_became() -> None:
    grid, board = GRIDS["even"], Clipboard()
    mask = ball(grid, grid.centre_mm, 5.0)
    Sheet(grid, ("a", mask), case_id="c1:prior", board=board).copying.copy()
    affine = FINE.affine.copy()
    affine[:3, 3] = grid.centre_mm - [8, 7, 8]
    other = Sheet(Grid(FINE.shape, affine), board=board)
    before = other.room.labels.copy()
    assert other.copying.paste() == "" and other.room.labels == before
    proposal = other.room.bench.proposals.now
    assert "Resampled" in proposal.warning and "0.8 × 0.8 × 3 mm" in proposal.warning and "mL here" in proposal.note
    other.room.bench.proposals.accept()
    assert other.room.mask("a").any(), "the segment with the same name and codes takes it"
    fresh = Sheet(Grid(FINE.shape, affine), ("z", np.zeros(FINE.shape, bool)), board=board)
    fresh.copying.paste()
    fresh.room.bench.proposals.accept()
    assert [s.name for s in fresh.room.labels.of(Segment)] == ["z", "a"] and fresh.room.workspace.undo_title == "Paste a"
    with pytest.raises(GraticuleError, match="another image"):
        fresh.copying.paste(onward=True)


def test_the_same_grid_in_another_phase_gets_the_same_voxels() -> None:
    grid, board = GRIDS["uneven"], Clipboard()
    mask = ball(grid, grid.centre_mm, 5.0)
    Sheet(grid, ("a", mask), case_id="c1:phase", board=board).copying.copy()
    other = Sheet(grid, board=board)
    other.copying.paste()
    assert other.room.bench.proposals.now.warning == ""
    other.room.bench.proposals.accept()
    assert np.array_equal(other.room.mask("a"), mask)


def test_without_a_way_or_from_another_patient_it_is_refused_with_a_hint() -> None:
    grid, board = GRIDS["even"], Clipboard()
    mask = ball(grid, grid.centre_mm, 5.0)
    Sheet(grid, ("a", mask), case_id="c1:prior", board=board).copying.copy()
    elsewhere = Sheet(grid, frame="9.9", board=board)
    with pytest.raises(GraticuleError, match="frames of reference") as refused:
        elsewhere.copying.paste()
    assert "Register" in refused.value.hint
    elsewhere.room.workspace.set("Register", Registration(
        id="r", fixed="c1:x", moving="c1:prior", matrix=Rigid().moved_by((0.8, 0, 0)).texts(), method="rigid"))
    elsewhere.copying.paste()
    elsewhere.room.bench.proposals.accept()
    assert np.array_equal(elsewhere.room.mask("a")[:, :, 1:], mask[:, :, :-1])
    with pytest.raises(GraticuleError, match="another patient"):
        Sheet(grid, patient="p-2", board=board).copying.paste()
    locked = Sheet(grid, board=board)
    locked.room.workspace.set("Lock", replace(locked.room.labels.get(Segment, "a"), locked=True))
    with pytest.raises(GraticuleError, match="locked"):
        locked.copying.paste()
