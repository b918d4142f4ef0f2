from fakes.images import opened_with, ramp_volume
from graticule.domain.case import Kind
from graticule.domain.errors import GraticuleError
from graticule.editing.tools.palette import tools_for
from graticule.editing.tools.tool import Bench
from graticule.presenters.hand import Hand
from graticule.presenters.image_view import Keys
from graticule.presenters.volume import VolumePresenter


def hand() -> tuple[Hand, VolumePresenter, list[GraticuleError]]:
    volume = ramp_volume()
    opened = opened_with(volume)
    told: list[GraticuleError] = []
    bench = Bench(opened.workspace, volume, opened.ontology, opened.new_id)
    return Hand(tools_for(Kind.VOLUME, found=()), bench, told.append), VolumePresenter(opened, volume), told


def test_tools_are_chosen_borrowed_and_swapped_back() -> None:
    one, _, _ = hand()
    assert one.choose("brush") and not one.choose("brush") and not one.choose("nothing")
    one.borrow("pan")
    assert (one.tool.name, one.chosen.name) == ("pan", "brush")
    one.give_back()
    one.back()
    assert one.tool.name == "crosshair"
    one.back()
    assert one.tool.name == "brush"


def test_a_refused_gesture_is_told_and_leaves_nothing_behind() -> None:
    one, shown, told = hand()
    one.choose("brush")
    view = shown.views["axial"]
    one.press(view, view.pointer(100, 100, Keys()))
    assert not one.pressed and "No segment" in told[0].message


def test_the_size_goes_by_the_tool_in_hand() -> None:
    one, _, _ = hand()
    assert not one.resize(1)
    one.choose("brush")
    assert one.resize(1) and one.tool.options.radius_mm == 7.0


def test_the_crosshair_moves_every_view() -> None:
    one, shown, _ = hand()
    view = shown.views["axial"]
    before = shown.views["coronal"].index
    one.press(view, view.pointer(100, 100, Keys()))
    one.drag(view, view.pointer(100, 300, Keys()))
    assert shown.views["coronal"].index > before
