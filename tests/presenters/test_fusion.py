"""One series over another: refused without a true way, words and values with units of both."""

import numpy as np
import pytest

from fakes.images import ISOTROPIC, opened_with, ramp_volume
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.volume import Volume, Window
from graticule.imaging.colour_maps import HOT_IRON, PERCEPTUAL
from graticule.imaging.rigid import Rigid
from graticule.imaging.ties import Tie, TieKind, by_offset, registered
from graticule.presenters.fusion import FusedView, Fusion
from graticule.presenters.image_view import Keys
from graticule.presenters.volume import VolumePresenter

SAME = Tie(TieKind.FRAME)


def pet() -> Volume:
    voxels = np.zeros((12, 20, 24), np.float32)
    voxels[6, 10, 12] = 8.5
    affine = np.array([[4.0, 0, 0, -46], [0, 4, 0, -38], [0, 0, 4, -22], [0, 0, 0, 1]])
    return Volume(voxels, Grid(voxels.shape, affine), "PT", "SUV")


@pytest.mark.parametrize("tie", [None, by_offset(np.array([0, 0, 1.0]), 5.0)])
def test_what_is_not_placed_cannot_lie_over_the_image(tie: Tie | None) -> None:
    with pytest.raises(GraticuleError, match="cannot lie over each other"):
        Fusion("c1:pet", "PT chest", pet(), tie)


def test_pet_lies_hot_over_ct_from_zero_up() -> None:
    look = Fusion("c1:pet", "PT chest", pet(), SAME).look
    assert (look.colours, look.fades, look.window.inverted, look.window.width) == (HOT_IRON, True, False, 10)


def test_mr_lies_in_colours_that_are_not_greys() -> None:
    look = Fusion("c1:t1", "MR", ramp_volume(modality="MR", unit=None), SAME).look
    assert (look.colours, look.fades) == (PERCEPTUAL, False)


def test_the_probe_names_both_values_with_their_units() -> None:
    base = ramp_volume(ISOTROPIC)
    shown, fusion = VolumePresenter(opened_with(base), base), Fusion("c1:pet", "PT chest", pet(), SAME)
    view = FusedView(shown, shown.views["axial"].axes, "axial fused", fusion)
    shown.add_view(view)
    shown.move_cursor(np.array([2.0, 2.0, 2.0]))
    words = view.read_out(view.pointer(*view.on_screen((2.0, 2.0, 2.0)), Keys()))
    assert "HU" in words and words.endswith("over it PT 8.5 SUV")
    assert view.title == "Axial, fused" and any("PT chest" in line and "SUV" in line for line in view.corners().top_left)


def test_a_value_is_read_through_the_registration() -> None:
    shifted = Rigid(np.array([[1, 0, 0, 10.0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]))
    fusion = Fusion("c1:pet", "PT chest", pet(), registered(shifted, from_moving=False))
    assert fusion.value_at(np.array([12.0, 2, 2])) == 8.5 and fusion.value_at(np.array([2.0, 2, 2])) == 0.0
    assert fusion.value_at(np.array([900.0, 2, 2])) is None
    assert "registered" in fusion.caption()


def test_the_look_comes_back_with_the_case() -> None:
    fusion, again = (Fusion("c1:pet", "PT chest", pet(), SAME) for _ in range(2))
    fusion.look = type(fusion.look)(0.3, PERCEPTUAL, Window(6, 3), False)
    again.restore(fusion.state())
    assert (again.look.blend, again.look.colours, again.look.fades) == (0.3, PERCEPTUAL, False)
    assert (again.look.window.width, again.look.window.level) == (6, 3)
