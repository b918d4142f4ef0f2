"""Scissors on the 3D view: what goes is what the camera sees in the outline, in one act, and never what is locked."""

from dataclasses import replace

import numpy as np
import pytest
from vtkmodules.vtkRenderingCore import vtkRenderer, vtkRenderWindow

from fakes.images import opened_with, ramp_volume
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import AUTHOR_HAND
from graticule.editing.carving import Carving, carve, carving_words
from graticule.editing.cutting import ERASE, FILL
from graticule.editing.tools.scissors import ALL, DEPTH, OWN, THROUGH, ScissorsOptions
from graticule.editing.tools.tool import Bench
from graticule.imaging.scissors import INSIDE, OUTSIDE
from graticule.render.camera import PatientCamera

SIZE = (640, 480)
OPTIONS = ScissorsOptions(act=ERASE, side=INSIDE, reach=THROUGH, whose=OWN)


def bench() -> Bench:
    """Two balls one behind the other as seen from the front, of one group, and a box of another over both."""
    opened = opened_with(ramp_volume())
    labels = opened.workspace.labels
    k, j, i = np.indices(labels.grid_shape)
    parts = {"near": ("1", 1, (i - 24) ** 2 + (j - 10) ** 2 + (k - 12) ** 2 < 49),
             "far": ("1", 2, (i - 24) ** 2 + (j - 28) ** 2 + (k - 12) ** 2 < 49), "box": ("2", 1, (i > 20) & (i < 28) & (k > 8))}
    for name, (group, value, mask) in parts.items():
        code = opened.ontology.search("liver")[0].code
        labels.put("segment", name, Segment(id=name, group=group, value=value, colour="#112233", category=code, type=code,
                                            name=name))
        there = labels.group(group)
        there.values[mask], there.authors[mask] = value, AUTHOR_HAND
        there.counts[value] = int(mask.sum())
        there.counts[0] -= int(mask.sum())
        there.grow_box(tuple(slice(0, n) for n in there.shape))
    made = Bench(opened.workspace, opened.content, opened.ontology, opened.new_id)
    made.active_segment = "near"
    return made


def camera(bench: Bench) -> PatientCamera:
    renderer, window = vtkRenderer(), vtkRenderWindow()
    window.SetOffScreenRendering(1)
    window.SetSize(*SIZE)
    window.AddRenderer(renderer)
    made = PatientCamera(renderer, bench.canvas.grid)
    made.frame(*SIZE)
    made.rotate(33.0, -21.0)
    made.kept = window, renderer  # they must outlive the camera
    return made


def counts(bench: Bench) -> dict[str, int]:
    return {s.id: bench.workspace.labels.voxels_of(s) for s in bench.workspace.labels.of(Segment)}


def around(bench: Bench, eye: PatientCamera, half: float) -> np.ndarray:
    """A square about where the middle of the near ball appears."""
    x, y = eye.to_screen(bench.canvas.grid.to_patient((24, 10, 12)), *SIZE)
    return np.array([(x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)])


def cutting(bench: Bench, half: float = 14.0, **options: object) -> tuple[np.ndarray, np.ndarray]:
    """Carve; what went of each group, and which voxels' centres the camera sees in the outline."""
    eye, labels = camera(bench), bench.workspace.labels
    before = {name: group.values.copy() for name, group in labels.groups.items()}
    outline = around(bench, eye, half)
    carve(bench, Carving(outline, eye.matrix(*SIZE), replace(OPTIONS, **options)))
    k, j, i = np.indices(labels.grid_shape)
    places = bench.canvas.grid.to_patient(np.stack([i, j, k], axis=-1))
    x, y = (np.reshape(v, labels.grid_shape) for v in zip(*(eye.to_screen(p, *SIZE) for p in places.reshape(-1, 3)), strict=True))
    within = (x > outline[0, 0]) & (x < outline[1, 0]) & (y > outline[0, 1]) & (y < outline[2, 1])
    return np.stack([before[name] != labels.group(name).values for name in ("1", "2")]), within


def test_the_matrix_is_the_one_that_vtk_draws_with() -> None:
    eye = camera(bench())
    renderer = eye.kept[1]
    rng = np.random.default_rng(5)
    eye.pan(13.0, -40.0, SIZE[1])
    eye.zoom(1.7)
    eye.frame(*SIZE)
    matrix = eye.matrix(*SIZE)
    for point in rng.uniform(-80, 80, (300, 3)):
        renderer.SetWorldPoint(*point, 1.0)
        renderer.WorldToDisplay()
        x, y, _ = renderer.GetDisplayPoint()
        mine = matrix @ np.append(point, 1.0)
        # VTK counts rows from the bottom.
        assert mine[:2] == pytest.approx((x, SIZE[1] - y), abs=1e-6)
        assert mine[:2] == pytest.approx(eye.to_screen(point, *SIZE), abs=1e-9)
    near, far = (matrix @ np.append(eye._renderer.GetActiveCamera().GetFocalPoint() + d * eye.axes()[2], 1) for d in (5.0, -5.0))
    assert far[2] - near[2] == pytest.approx(10.0)


def test_inside_and_through_takes_the_segments_voxels_that_are_seen_there() -> None:
    made = bench()
    own = made.workspace.labels.group("1").values == 1
    gone, within = cutting(made)
    assert np.array_equal(gone[0], own & within) and gone[0].any() and not gone[1].any()
    assert made.workspace.undo() == "Cut near inside the outline in 3D"
    assert np.array_equal(made.workspace.labels.group("1").values == 1, own)


def test_outside_keeps_only_what_is_seen_there() -> None:
    made = bench()
    own = made.workspace.labels.group("1").values == 1
    gone, within = cutting(made, side=OUTSIDE)
    assert np.array_equal(gone[0], own & ~within)


def test_all_that_are_shown_lose_and_what_is_locked_or_hidden_stays() -> None:
    made = bench()
    labels, eye = made.workspace.labels, camera(made)
    labels.put("segment", "far", replace(labels.get(Segment, "far"), locked=True))
    before = counts(made)
    outline = np.array([(0.0, 0.0), (SIZE[0], 0.0), SIZE, (0.0, SIZE[1])])
    carve(made, Carving(outline, eye.matrix(*SIZE), replace(OPTIONS, whose=ALL), frozenset(["box"])))
    assert counts(made) == {"near": 0, "far": before["far"], "box": before["box"]}


def test_a_depth_spares_what_lies_behind() -> None:
    made = bench()
    # From the front the near ball hides the far one.
    eye = camera(made)
    eye.face("anterior")
    eye.frame(*SIZE)
    before = counts(made)
    outline = around(made, eye, 200.0)
    carving = Carving(outline, eye.matrix(*SIZE), replace(OPTIONS, reach=DEPTH, depth_mm=8.0, whose=ALL), frozenset(["box"]))
    carve(made, carving)
    left = made.workspace.labels.group("1").values
    assert counts(made)["near"] < before["near"] and counts(made)["far"] == before["far"]
    # The middle of the near ball is 14 mm below its surface, its front 0.
    assert left[12, 4, 24] == 0 and left[12, 10, 24] == 1


def test_a_shape_is_filled_through_the_volume() -> None:
    made = bench()
    within = cutting(made, act=FILL, half=9.0)[1]
    free = made.workspace.labels.group("1").values != 2
    assert np.array_equal((made.workspace.labels.group("1").values == 1) & within, within & free)


def test_refusals_are_said() -> None:
    made = bench()
    eye = camera(made)
    far_away = np.array([(0.0, 0.0), (5.0, 0.0), (5.0, 5.0)])
    with pytest.raises(GraticuleError, match="nothing to cut"):
        carve(made, Carving(far_away, eye.matrix(*SIZE), OPTIONS))
    made.active_segment = None
    with pytest.raises(GraticuleError, match="No segment is selected"):
        carve(made, Carving(around(made, eye, 20.0), eye.matrix(*SIZE), OPTIONS))
    assert carving_words(made, OPTIONS) == "No segment is selected."
    made.active_segment = "far"
    assert carving_words(made, replace(OPTIONS, reach=DEPTH)) == "Erase inside, far, 10 mm deep"
