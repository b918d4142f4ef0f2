"""A stroke made over a registered series lands on the same place of the patient in the case's labels; numpy is the referee."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from fakes.images import ISOTROPIC, SHAPE, opened_with, ramp_volume
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.volume import Volume
from graticule.editing.tools.brush import BrushTool
from graticule.editing.tools.pan import PanTool
from graticule.editing.tools.strokes import SPHERE
from graticule.editing.tools.tool import Bench
from graticule.imaging.rigid import Rigid
from graticule.presenters.across import PaintAcross, Way, give_painting
from graticule.presenters.hand import Hand
from graticule.presenters.image_view import Keys
from graticule.presenters.instead import Instead, in_turn
from graticule.presenters.linked import Linked
from graticule.presenters.segments import SegmentsPresenter
from graticule.presenters.volume import VolumePresenter

OWN, BESIDE = "c1:image", "c1:beside"


class Pair:
    """A case with a segment and a companion of other voxels, with a hand each."""

    def __init__(self, own: str, other: str, registration: Rigid | None = None, tilt: Array | None = None) -> None:
        first = ramp_volume(ISOTROPIC.copy())
        affine = np.diag([1.5, 1.5, 3.0, 1.0])
        affine[:3, 3] = -36, -30, -36
        second = Volume(np.zeros(SHAPE, np.int16), Grid(SHAPE, (tilt if tilt is not None else np.eye(4)) @ affine), "MR")
        first.frame_of_reference, second.frame_of_reference = own, other
        self.opened, beside = opened_with(first), opened_with(second)
        self.own, self.beside = VolumePresenter(self.opened, first), VolumePresenter(beside, second)
        self.beside.case_id = BESIDE
        self.linked = Linked(OWN, self.own, {(BESIDE, OWN): registration} if registration else {})
        self.linked.add(BESIDE, self.beside)
        self.linked.switches.scroll = False
        self.told: list[GraticuleError] = []
        bench = Bench(self.opened.workspace, first, self.opened.ontology, self.opened.new_id)
        template, *_ = self.opened.protocol.segments_for(self.opened.case)
        SegmentsPresenter(self.opened, first, bench, ("#e69f00",)).add_template(template)
        self.hand = Hand([BrushTool()], bench, self.told.append)
        self.other = Hand([PanTool()], Bench(beside.workspace, second, beside.ontology, str), self.told.append)
        give_painting(self.hand, self.other, Way(lambda: self.linked.tie(BESIDE, OWN), own))
        self.other.choose("brush")

    def options(self, **more: object) -> None:
        self.hand.tool.options = replace(self.hand.tool.options, **more)

    def paint(self, *way: Array, plane: str = "axial") -> None:
        """Through places of the companion (LPS mm of its own space)."""
        self.beside.move_cursor(way[0])
        view = self.beside.views[plane]
        view.resize(400, 400)
        points = [view.pointer(*view.on_screen(tuple(at)), Keys()) for at in way]
        self.other.hover(view, points[0])
        self.other.press(view, points[0])
        for point in points[1:]:
            self.other.drag(view, point)
        self.other.release(view, points[-1])

    def painted(self) -> Array:
        return self.opened.workspace.labels.group("1").values > 0

    def centres(self) -> Array:
        """(k, j, i, 3) LPS of the case's voxels, by numpy alone."""
        k, j, i = np.indices(SHAPE)
        return np.stack([i, j, k], axis=-1) @ ISOTROPIC[:3, :3].T + ISOTROPIC[:3, 3]


def rigid(angles: tuple[float, float, float], shift: tuple[float, float, float]) -> Array:
    matrix = np.eye(4)
    matrix[:3, :3] = Rotation.from_euler("xyz", angles, degrees=True).as_matrix()
    matrix[:3, 3] = shift
    return matrix


ANGLES = st.tuples(*[st.floats(-40, 40)] * 3)
SHIFTS = st.tuples(*[st.floats(-8, 8)] * 3)
PLACES = st.tuples(st.floats(-12, 12), st.floats(-10, 10), st.floats(-8, 8))


@settings(max_examples=40, deadline=None)
@given(ANGLES, SHIFTS, PLACES, PLACES, st.floats(3, 9))
def test_a_sphere_painted_beside_is_the_sphere_round_the_same_place_of_the_patient(angles, shift, start, end, radius) -> None:
    matrix = rigid(angles, shift)
    pair = Pair("f", "g", Rigid(matrix))
    pair.options(radius_mm=radius, shape=SPHERE)
    view = pair.beside.views["axial"]
    pair.beside.move_cursor(np.array(start))
    depth = view.slices.position_mm(view.index)
    ends = [np.array([*place[:2], depth * float(view.axes.onward[2])]) for place in (start, end)]  # on the slice that is shown
    pair.paint(*ends)
    one, two = (matrix[:3, :3] @ at + matrix[:3, 3] for at in ends)
    way, centres = two - one, pair.centres()
    share = np.clip((centres - one) @ way / max(float(way @ way), 1e-12), 0, 1)
    away = np.linalg.norm(centres - one - share[..., None] * way, axis=-1)
    painted = pair.painted()
    assert painted[away < radius - 0.02].all()
    # Voxels under the way itself always belong; all else lies within the radius.
    assert (away[painted] < max(radius + 0.02, 1.8)).all()


@settings(max_examples=25, deadline=None)
@given(ANGLES, SHIFTS, PLACES, st.floats(4, 9), st.sampled_from(["axial", "coronal", "sagittal"]))
def test_a_disc_painted_beside_lies_in_the_plane_that_was_seen(angles, shift, place, radius, plane) -> None:
    matrix = rigid(angles, shift)
    pair = Pair("f", "g", Rigid(matrix))
    pair.options(radius_mm=radius)
    pair.beside.move_cursor(np.array(place))
    view = pair.beside.views[plane]
    normal = np.cross(view.axes.right, view.axes.down)
    pair.paint(np.array(place), plane=plane)
    depth = view.plane.corner_mm @ normal
    seen = np.array(place) + normal * (depth - np.array(place) @ normal)
    middle, across = matrix[:3, :3] @ seen + matrix[:3, 3], matrix[:3, :3] @ normal
    off = (pair.centres() - middle) @ across
    aside = np.linalg.norm(pair.centres() - middle - off[..., None] * across, axis=-1)
    painted, cell = pair.painted(), float(np.abs(across).sum())  # voxels of 2 mm: half a cell is this
    assert (np.abs(off[painted]) < cell + 0.02).all() and (aside[painted] < max(radius + 0.02, 1.8)).all()
    assert painted[(np.abs(off) < cell - 0.02) & (aside < radius - 0.02)].all()


def test_a_stroke_beside_is_one_act_of_the_case_and_nothing_of_the_companion() -> None:
    pair = Pair("f", "f")
    pair.paint(np.array([0.0, 0, 0]), np.array([6.0, 4, 0]))
    assert pair.painted().any() and pair.opened.workspace.undo_title == "Paint Tumour"
    assert not pair.other.bench.workspace.labels.groups
    pair.opened.workspace.undo()
    assert not pair.painted().any()


def test_esc_takes_a_stroke_beside_back_and_the_size_is_the_cases_own() -> None:
    pair = Pair("f", "f")
    view = pair.beside.views["axial"]
    view.resize(400, 400)
    point = view.pointer(200, 200, Keys())
    pair.other.press(view, point)
    assert pair.painted().any()
    pair.other.cancel()
    assert not pair.painted().any()
    before = pair.hand.tool.options.radius_mm
    assert pair.other.resize(1) and pair.hand.tool.options.radius_mm > before


def test_the_circle_follows_the_hand_in_the_companions_own_space() -> None:
    pair = Pair("f", "g", Rigid(rigid((0, 0, 30), (5, 0, 0))))
    view = pair.beside.views["axial"]
    view.resize(400, 400)
    point = view.pointer(120, 180, Keys())
    pair.other.hover(view, point)
    circle, *_ = pair.other.preview()
    assert np.allclose(circle.points[0], point.at, atol=1e-6) and circle.radius == pair.hand.tool.options.radius_mm


def test_series_that_are_only_linked_by_eye_are_refused_and_unrelated_ones_keep_a_looking_hand() -> None:
    pair = Pair("f", "g")
    tool = pair.other.find("brush")
    assert isinstance(tool, PaintAcross) and not tool.reaches
    pair.linked.link_here(pair.own.views["axial"], BESIDE, pair.beside.views["axial"])
    assert tool.reaches
    pair.paint(np.array([0.0, 0, 0]))
    assert "only linked by eye" in str(pair.told[-1]) and not pair.painted().any() and not pair.other.preview()


# --- series by turns ---------------------------------------------------------------------------------------------------------


def test_series_take_turns_and_the_own_one_comes_back() -> None:
    pair = Pair("f", "f")
    third = opened_with(ramp_volume())
    third.content.frame_of_reference = "f"
    pair.linked.add("c1:third", VolumePresenter(third, third.content))
    here = [OWN, BESIDE, "c1:third"]
    assert in_turn(pair.linked, OWN, here, "") == [BESIDE, "c1:third"]
    assert in_turn(pair.linked, OWN, here, BESIDE)[0] == "c1:third"
    assert in_turn(pair.linked, OWN, here, "c1:third")[0] == ""
    assert in_turn(pair.linked, BESIDE, here, "")[0] == OWN


def test_a_series_without_a_true_tie_never_takes_a_turn() -> None:
    pair = Pair("f", "g")
    assert in_turn(pair.linked, OWN, [OWN, BESIDE], "") == []
    pair.linked.link_here(pair.own.views["axial"], BESIDE, pair.beside.views["axial"])
    assert in_turn(pair.linked, OWN, [OWN, BESIDE], "") == []


def test_what_stands_in_its_place_is_named_with_its_own_window_and_value() -> None:
    matrix = rigid((0, 0, 20), (3, -2, 1))
    pair = Pair("f", "g", Rigid(matrix))
    pair.beside.volume.voxels[:] = np.arange(SHAPE[0])[:, None, None]
    view, tie = pair.own.views["axial"], pair.linked.tie(OWN, BESIDE)
    before = view.corners()
    view.instead = Instead(BESIDE, "MR T2", pair.beside, tie)
    assert view.instead.words == "MR T2 (registered)" and "MR T2" in view.fidelity()
    assert view.corners().bottom_right != before.bottom_right
    at = np.array([2.0, 4.0, -1.0])
    there = np.linalg.inv(matrix) @ [*at, 1]
    k = int(np.floor((np.linalg.inv(pair.beside.volume.grid.affine) @ there)[2] + 0.5))
    assert view.instead.read_out(at) == f"MR {k}"
    own = pair.own.window
    view.change_window(30, 0)
    assert pair.own.window == own and pair.beside.window == view.instead.window
    assert np.allclose(view.instead.grid.to_patient(np.zeros(3)),
                       (matrix @ pair.beside.volume.grid.affine)[:3, 3])


def test_the_looks_record_says_which_window_was_seen() -> None:
    pair = Pair("f", "f")
    view = pair.own.views["axial"]
    view.instead = Instead(BESIDE, "MR T2", pair.beside, pair.linked.tie(OWN, BESIDE))
    assert view.look().window == (f"{pair.beside.window.width:.4g}", f"{pair.beside.window.level:.4g}")
