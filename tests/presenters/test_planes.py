"""Oblique and double-oblique planes by their handles, and slabs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes.images import opened_with, ramp_volume
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid, letters_for
from graticule.domain.volume import Volume
from graticule.editing.tools.brush import BrushTool
from graticule.editing.tools.planes import PlanesTool
from graticule.editing.tools.tool import Bench
from graticule.imaging.slab import Slab, Through
from graticule.presenters.image_view import Keys
from graticule.presenters.planes import Grip
from graticule.presenters.volume import Part, ViewsChanged, VolumePresenter

TILTED = np.array([[-1.0, 0, 0, 24], [0, 0.96, 0.9, -20], [0, 0.1, 2.0, -55], [0, 0, 0, 1]])


def shown(volume: Volume | None = None) -> VolumePresenter:
    presenter = VolumePresenter(opened_with(volume or ramp_volume()), volume or ramp_volume())
    presenter.set_layout("grid")
    return presenter


def turned_by_hand(presenter: VolumePresenter, name: str, of: str, degrees: float, *, alone: bool = False) -> None:
    """Drag an end of the line of plane `of` in a view round the crosshair, in steps of at most 10°."""
    view = presenter.views[name]
    handle = next(h for h in presenter.planes.handles(view) if h.grip is Grip.TURN and h.of == of)
    x, y = view.crosshair()
    radius, start = np.hypot(handle.x - x, handle.y - y), np.arctan2(handle.y - y, handle.x - x)
    tool, bench = PlanesTool(), Bench(presenter._opened.workspace, presenter.volume, presenter._opened.ontology, str, view=view)
    keys = Keys(alt=alone)
    tool.press(bench, view.pointer(handle.x, handle.y, keys))
    for share in np.linspace(0, 1, 12)[1:]:
        angle = start + np.radians(degrees) * share
        tool.drag(bench, view.pointer(x + radius * np.cos(angle), y + radius * np.sin(angle), keys))
    tool.release(bench, view.pointer(x + radius * np.cos(angle), y + radius * np.sin(angle), keys))


def test_dragging_an_end_turns_both_other_planes_clockwise_as_it_is_seen() -> None:
    presenter = shown()
    told: list[ViewsChanged] = []
    presenter.bus.subscribe(ViewsChanged, told.append)
    turned_by_hand(presenter, "axial", "coronal", 30.0)
    views = presenter.views
    assert [views[name].title for name in ("axial", "coronal", "sagittal")] == ["Axial", "Coronal, oblique 30°",
                                                                                "Sagittal, oblique 30°"]
    # Clockwise in the axial view, seen from the feet, is from the patient's left towards posterior.
    assert np.allclose(views["coronal"].axes.right, [np.cos(np.pi / 6), 0.5, 0])
    assert views["coronal"].letters() == ("RA", "H", "LP", "F")
    assert abs(float(views["coronal"].axes.onward @ views["sagittal"].axes.onward)) < 1e-9
    assert any(event.part is Part.PLANE and event.views == {"coronal", "sagittal"} for event in told)
    assert views["axial"].cut_by(views["coronal"]) == pytest.approx((np.cos(np.pi / 6), 0.5), abs=1e-6) or \
        views["axial"].cut_by(views["coronal"]) == pytest.approx((-np.cos(np.pi / 6), -0.5), abs=1e-6)


def test_with_alt_only_the_held_plane_turns_and_a_second_turn_is_double_oblique() -> None:
    presenter = shown()
    turned_by_hand(presenter, "axial", "coronal", 20.0, alone=True)
    assert not presenter.views["sagittal"].turned
    turned_by_hand(presenter, "sagittal", "coronal", 15.0, alone=True)
    normal = presenter.views["coronal"].axes.onward
    assert np.all(np.abs(normal) > 0.05) and np.linalg.norm(normal) == pytest.approx(1.0)
    presenter.planes.straighten()
    assert not presenter.planes.turned and presenter.views["coronal"].title == "Coronal"


turns = st.lists(st.tuples(st.sampled_from(["axial", "coronal", "sagittal"]), st.floats(-80, 80)), min_size=1, max_size=5)
points = st.tuples(*[st.floats(0.1, 0.9)] * 3)


@settings(max_examples=25, deadline=None)
@given(turns, points, st.sampled_from([None, TILTED]), st.booleans())
def test_however_planes_are_turned_they_pass_through_the_point_and_the_letters_are_true(way, share, affine, uneven) -> None:
    base = ramp_volume() if affine is None else ramp_volume(affine)
    levels = np.cumsum(np.r_[0, np.where(np.arange(23) == 9, 3.0, 1.1)]) if uneven else None
    volume = Volume(base.voxels, Grid(base.grid.shape, base.grid.affine, True, levels), "CT", "HU")
    presenter = shown(volume)
    presenter.move_cursor(volume.grid.to_patient(np.array(share) * (47, 39, 23)))
    for name, degrees in way:
        presenter.planes.turn(presenter.views[name], degrees)
    views = presenter.views
    for view in views.values():
        axes = view.axes
        frame = np.array([axes.right, axes.down, axes.onward])
        assert np.allclose(frame @ frame.T, np.eye(3), atol=1e-9)
        assert view.letters() == tuple(letters_for(edge) for edge in (-axes.right, -axes.down, axes.right, axes.down))
        if view.turned:
            assert abs(float(view.plane.distance_mm(presenter.cursor))) < 1e-6
        x, y = view.crosshair()
        foot = presenter.cursor - view.plane.distance_mm(presenter.cursor) * view.plane.normal
        assert np.allclose(view.plane.to_patient(x, y), foot)
    assert abs(float(views["axial"].axes.onward @ views["coronal"].axes.onward)) < 1e-9


def test_scrolling_a_turned_plane_moves_it_along_its_own_normal() -> None:
    presenter = shown()
    presenter.planes.turn(presenter.views["axial"], 30.0)
    view = presenter.views["coronal"]
    before = presenter.cursor.copy()
    view.scroll(2)
    assert np.allclose(presenter.cursor - before, view.axes.onward * 2 * view.slices.step_mm)


def test_the_middle_of_a_line_moves_only_its_own_plane() -> None:
    presenter = shown()
    axial = presenter.views["axial"]
    x, y = axial.crosshair()
    before, coronal = presenter.cursor.copy(), presenter.views["coronal"].index
    assert presenter.planes.hold(axial, x + 70, y)
    presenter.planes.drag(x + 90, y + 25)
    presenter.planes.let_go()
    moved = presenter.cursor - before
    assert abs(moved[0]) < 1e-9 and moved[1] == pytest.approx(25 / axial.pixels_per_unit())
    assert presenter.views["coronal"].index != coronal


def test_squares_beside_a_line_give_its_plane_a_thickness_in_true_millimetres() -> None:
    presenter = shown()
    axial, coronal = presenter.views["axial"], presenter.views["coronal"]
    square = next(h for h in presenter.planes.handles(axial) if h.grip is Grip.SLAB and h.of == "coronal")
    assert presenter.planes.hold(axial, square.x, square.y)
    away = 10.0 * axial.pixels_per_unit()
    presenter.planes.drag(square.x, axial.crosshair()[1] + away)
    assert coronal.slab == Slab(Through.MAX, 20.0)
    assert "MIP 20 mm" in coronal.corners().bottom_right and "MIP 20 mm" in coronal.fidelity()
    edges = presenter.planes.slab_edges(axial)
    assert sorted(edge.y - axial.crosshair()[1] for edge in edges) == pytest.approx([-away, away])
    presenter.planes.drag(square.x, axial.crosshair()[1] + 1)
    assert coronal.slab is None


def test_nothing_is_painted_while_a_slab_is_shown() -> None:
    presenter = shown()
    view = presenter.views["axial"]
    view.set_slab(Slab(Through.MAX, 20.0))
    bench = Bench(presenter._opened.workspace, presenter.volume, presenter._opened.ontology, str, view=view)
    with pytest.raises(GraticuleError, match="slab of 20 mm"):
        BrushTool().press(bench, view.pointer(100, 100, Keys()))


def test_the_wheel_thickens_and_thins_a_slab() -> None:
    view = shown().views["sagittal"]
    view.change_slab(-1)
    assert view.slab is None
    view.change_slab(1)
    assert view.slab == Slab(Through.MAX, 5.0)
    for _ in range(3):
        view.change_slab(1)
    assert view.slab is not None and view.slab.thickness_mm == 10.0
    for _ in range(12):
        view.change_slab(-1)
    assert view.slab is None


def test_turned_planes_and_slabs_come_back() -> None:
    presenter, again = shown(), shown()
    presenter.planes.turn(presenter.views["axial"], 33.0)
    presenter.views["coronal"].set_slab(Slab(Through.MIN, 12.0))
    again.restore(presenter.state())
    for name, view in presenter.views.items():
        assert np.allclose(view.axes.onward, again.views[name].axes.onward) and view.slab == again.views[name].slab
    assert again.views["coronal"].title == "Coronal, oblique 33°, MinIP 12 mm"


def test_a_turned_plane_is_not_counted_as_a_slice_that_was_seen() -> None:
    presenter = shown()
    presenter.planes.turn(presenter.views["sagittal"], 10.0)
    assert presenter.views["axial"].look().where == -1 and presenter.views["sagittal"].look().where >= 0
    assert presenter.views["axial"].acquired_k() is None


def test_a_gap_is_marked_where_the_plane_crosses_it_and_read_as_no_data() -> None:
    levels = np.cumsum(np.r_[0, np.where(np.arange(23) == 11, 6.0, 1.0)])
    base = ramp_volume()
    presenter = shown(Volume(base.voxels, Grid(base.grid.shape, base.grid.affine, True, levels), "CT", "HU"))
    coronal, axial = presenter.views["coronal"], presenter.views["axial"]
    mark, = coronal.gap_marks()
    assert mark.words == "Gap of 12.0 mm: no data" and axial.gap_marks() == ()
    low, high = coronal.plane.to_patient(*mark.outline.min(axis=0)), coronal.plane.to_patient(*mark.outline.max(axis=0))
    # 6 steps of 2 mm between the slices, less half a step on either side.
    assert abs(low[2] - high[2]) == pytest.approx(10.0)
    x, y = mark.outline.mean(axis=0)
    assert "no data" in coronal.read_out(coronal.pointer(float(x), float(y), Keys()))
    assert presenter.volume.value_at(coronal.plane.to_patient(float(x), float(y))) is None
    assert any("Gap of 12.0 mm" in words for words in coronal.corners().warnings)
