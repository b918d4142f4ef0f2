"""A registration is a label: stored with what it was found by, nudged, undone, and everything that goes by it follows."""

import numpy as np
import pytest

from fakes.images import ISOTROPIC, opened_with, ramp_volume
from graticule.domain.elements import MACHINE, MACHINE_CORRECTED, Registration, element_from_json, element_to_json
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.volume import Volume
from graticule.editing.events import LabelsChanged
from graticule.imaging.rigid import Rigid
from graticule.imaging.ties import TieKind
from graticule.presenters.linked import Linked
from graticule.presenters.registering import Registering, rigid_of
from graticule.presenters.volume import VolumePresenter

OTHER = "c1:other"
SHIFT = np.array([4.0, -3.0, 2.0])


def smooth_volume(shift: np.ndarray | None = None, modality: str = "CT") -> Volume:
    """Three bright balls; shifted: the same patient, lying `shift` mm elsewhere in the scanner."""
    base = ramp_volume()
    k, j, i = np.meshgrid(*(np.arange(n) for n in base.grid.shape), indexing="ij")
    values = sum(np.exp(-((i - a) ** 2 + (j - b) ** 2 + (k - c) ** 2) / r) for a, b, c, r in
                 ((12, 10, 7, 30), (33, 26, 15, 50), (22, 30, 5, 18), (38, 8, 19, 20)))
    affine = ISOTROPIC.copy()
    if shift is not None:
        affine[:3, 3] -= shift
    return Volume((values * 400 - 200).astype(np.int16), Grid(base.grid.shape, affine), modality, "HU")


class Desk:
    def __init__(self) -> None:
        fixed, moving = smooth_volume(), smooth_volume(SHIFT)
        self.opened = opened_with(fixed)
        own = VolumePresenter(self.opened, fixed)
        self.linked = Linked(self.opened.case.id, own)
        beside = opened_with(moving)
        self.beside = VolumePresenter(beside, moving)
        self.linked.add(OTHER, self.beside)
        self.own, self.moving = own, moving
        self.registering = Registering(self.opened, fixed, self.linked)
        self.opened.bus.subscribe(LabelsChanged, lambda event: self.registering.follow())
        self.refused: list[GraticuleError] = []

    def search(self) -> None:
        self.registering.search(OTHER, self.moving, "rigid", lambda: None, self.refused.append)

    @property
    def stored(self) -> Registration:
        one, = self.opened.workspace.labels.of(Registration)
        return one


@pytest.fixture(scope="module")
def found() -> Desk:
    desk = Desk()
    desk.search()
    return desk


def test_what_is_found_is_stored_as_fixed_numbers_and_the_other_series_follows(found) -> None:
    assert found.refused == []
    stored = found.stored
    assert (stored.fixed, stored.moving, stored.method, stored.provenance) == (found.opened.case.id, OTHER, "rigid", MACHINE)
    assert len(stored.matrix) == 12 and stored.found == stored.matrix and float(stored.after) < float(stored.before)
    at = found.opened.content.grid.centre_mm
    assert np.linalg.norm(rigid_of(stored).to_moving(at) - (at - SHIFT)) < 0.5
    assert element_from_json("registration", element_to_json(stored)) == stored
    tie = found.linked.tie(found.opened.case.id, OTHER)
    assert tie is not None and tie.kind is TieKind.REGISTERED and found.linked.words(OTHER).startswith("Registered, rigid, MI −")
    place = found.opened.content.grid.to_patient((20, 20, 10))
    found.own.move_cursor(place)
    assert np.linalg.norm(found.beside.cursor - (place - SHIFT)) < 0.6


def test_a_nudge_is_one_act_that_says_how_far_and_can_be_undone() -> None:
    desk = Desk()
    desk.opened.workspace.set("Register, rigid", Registration(
        id="r", fixed=desk.opened.case.id, moving=OTHER, matrix=Rigid().texts(), method="rigid",
        metric="Mattes mutual information",
        before="-0.400000", after="-1.100000", found=Rigid().texts(), provenance=MACHINE))
    for _ in range(4):
        desk.registering.shift(OTHER, np.array([0.5, 0, 0]))
    assert desk.opened.workspace.staging
    desk.registering.settle()
    assert desk.opened.workspace.undo_title == "Nudge registration"
    assert (desk.stored.nudged_mm, desk.stored.provenance) == ("2.000", MACHINE_CORRECTED)
    assert desk.registering.words(OTHER) == "Registered, rigid, MI −0.40 → −1.10; nudged 2.0 mm"
    assert np.allclose(rigid_of(desk.stored).matrix[:3, 3], (2, 0, 0))
    desk.opened.workspace.undo()
    assert np.allclose(rigid_of(desk.stored).matrix, np.eye(4)) and "nudged" not in desk.linked.words(OTHER)
    desk.opened.workspace.undo()
    assert desk.opened.workspace.labels.of(Registration) == [] and desk.linked.tie(desk.opened.case.id, OTHER) is None


def test_a_hand_on_a_view_moves_in_its_plane_and_turns_about_the_crosshair() -> None:
    desk = Desk()
    view = desk.own.views["coronal"]
    view.resize(400, 400)
    pixel = 1 / view.pixels_per_unit()
    desk.registering.drag(OTHER, view, (100, 100), (110, 120), turn=False)
    assert np.allclose(rigid_of(desk.stored).matrix[:3, 3], 10 * pixel * view.axes.right + 20 * pixel * view.axes.down)
    x, y = view.crosshair()
    before = rigid_of(desk.stored)
    desk.registering.drag(OTHER, view, (x + 50, y), (x, y + 50), turn=True)
    after = rigid_of(desk.stored)
    centre = view.plane.to_patient(x, y)
    assert np.allclose(after.to_fixed(before.to_moving(centre)), centre, atol=1e-5)
    # A quarter turn, clockwise as it is seen: what lay to the right of the crosshair lies below it.
    assert np.allclose(after.to_fixed(before.to_moving(centre + 10 * view.axes.right)), centre + 10 * view.axes.down, atol=1e-5)
    assert desk.stored.method == "by hand" and desk.registering.words(OTHER) == "Registered, by hand"


def test_it_can_be_taken_back_and_is_refused_on_a_signed_read() -> None:
    desk = Desk()
    desk.registering.shift(OTHER, np.array([1.0, 0, 0]))
    desk.registering.remove(OTHER)
    assert desk.opened.workspace.labels.of(Registration) == []
    desk.opened.workspace.lock()
    with pytest.raises(GraticuleError, match="signed"):
        desk.registering.shift(OTHER, np.array([1.0, 0, 0]))


def test_an_image_that_is_still_being_read_is_not_registered() -> None:
    desk = Desk()
    desk.moving.arrived[3] = False
    desk.search()
    assert "Not all slices" in desk.refused[0].message
