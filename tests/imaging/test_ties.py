"""How a point of one series is found in another, against plain matrix arithmetic and SimpleITK."""

import numpy as np
import SimpleITK as sitk
from hypothesis import given
from hypothesis import strategies as some

from fakes.images import ISOTROPIC, ramp_volume
from graticule.domain.volume import Volume
from graticule.imaging.plane import ViewPlane
from graticule.imaging.rigid import Rigid, rotation
from graticule.imaging.ties import Tie, TieKind, by_offset, cut, reaches, registered, same_frame

numbers = some.floats(-200, 200)
points = some.tuples(numbers, numbers, numbers).map(np.array)
axes = some.tuples(*[some.floats(-1, 1)] * 3).map(np.array).filter(lambda v: np.linalg.norm(v) > 0.1)


def rigid(axis: np.ndarray, degrees: float, shift: np.ndarray) -> Rigid:
    matrix = np.eye(4)
    matrix[:3, :3], matrix[:3, 3] = rotation(axis, degrees), shift
    return Rigid(matrix, "rigid")


def framed(name: str) -> Volume:
    volume = ramp_volume()
    volume.frame_of_reference = name
    return volume


def test_only_a_named_common_frame_of_reference_ties() -> None:
    assert same_frame(framed("1.2.3"), framed("1.2.3")).kind is TieKind.FRAME
    assert same_frame(framed("1.2.3"), framed("1.2.4")) is None
    assert same_frame(framed(""), framed("")) is None


@given(axes, some.floats(-180, 180), points, points)
def test_a_registration_carries_points_as_simpleitk_does(axis: np.ndarray, degrees: float, shift: np.ndarray,
                                                         point: np.ndarray) -> None:
    moving_to_fixed = rigid(axis, degrees, shift)
    referee = sitk.AffineTransform(moving_to_fixed.matrix[:3, :3].ravel().tolist(), shift.tolist())
    tie = registered(moving_to_fixed, from_moving=True)
    assert np.allclose(tie.there(point), referee.TransformPoint(point.tolist()), atol=1e-6)
    assert np.allclose(tie.reversed().there(tie.there(point)), point, atol=1e-6)
    assert np.allclose(registered(moving_to_fixed, from_moving=False).there(tie.there(point)), point, atol=1e-6)


@given(axes, some.floats(-180, 180), points, points)
def test_a_placed_grid_holds_the_same_values_at_the_tied_point(axis: np.ndarray, degrees: float, shift: np.ndarray,
                                                               point: np.ndarray) -> None:
    volume, tie = framed("f"), registered(rigid(axis, degrees, shift), from_moving=True)
    assert np.allclose(tie.placed_grid(volume.grid).to_index(point), volume.grid.to_index(tie.there(point)), atol=1e-6)


@given(axes, some.floats(-50, 50), points, points)
def test_an_offset_moves_the_cursor_along_its_direction_only(along: np.ndarray, offset: float, at: np.ndarray,
                                                             cursor: np.ndarray) -> None:
    along = along / np.linalg.norm(along)
    tie = by_offset(along, offset)
    moved = tie.moved(at, cursor)
    assert not tie.placed
    assert np.allclose(np.cross(moved - cursor, along), 0, atol=1e-6)
    assert np.isclose(moved @ along, at @ along + offset, atol=1e-6)
    assert np.isclose(tie.reversed().moved(moved, at) @ along, at @ along, atol=1e-6)


def test_a_series_reaches_half_a_slice_beyond_its_ends() -> None:
    volume = ramp_volume(ISOTROPIC)
    assert reaches(volume, np.array([0, 0, -24.0])) and reaches(volume, np.array([900, 0, 23.9]))
    assert not reaches(volume, np.array([0, 0, -24.1])) and not reaches(volume, np.array([0, 0, 24.1]))


def test_a_slice_cuts_a_plane_in_a_line_only_as_far_as_it_reaches() -> None:
    screen = ViewPlane(np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([-100.0, -100, 7]), 0.5, 400, 400)
    upright = np.array([[-20.0, 5, -50], [30, 5, -50], [30, 5, 50], [-20, 5, 50]])
    line = cut(screen, upright)
    assert sorted(map(tuple, line)) == [(160.0, 210.0), (260.0, 210.0)]
    assert cut(screen, upright + np.array([0, 0, 60])) is None
    assert cut(screen, np.array([[0.0, 0, 7], [1, 0, 7], [1, 1, 7], [0, 1, 7]])) is None


@given(axes, some.floats(-180, 180), points)
def test_the_cut_lies_in_both_planes(axis: np.ndarray, degrees: float, shift: np.ndarray) -> None:
    screen = ViewPlane(np.array([1.0, 0, 0]), np.array([0, 1.0, 0]), np.array([-100.0, -100, 7]), 0.5, 400, 400)
    corners = Tie(TieKind.FRAME, rigid(axis, degrees, shift / 20).matrix).there(
        np.array([[-90.0, -90, 0], [90, -90, 0], [90, 90, 0], [-90, 90, 0]]))
    line = cut(screen, corners)
    if line is not None:
        at = screen.to_patient(line[:, 0], line[:, 1])
        normal = np.cross(corners[1] - corners[0], corners[2] - corners[1])
        assert np.allclose((at - corners[0]) @ (normal / np.linalg.norm(normal)), 0, atol=1e-4)
