"""Pictures as canvases: where pixels lie, in which unit, and what a stroke covers."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes.images import grey_picture, opened_with, ramp_volume
from graticule.domain.errors import GraticuleError
from graticule.domain.picture import Calibrated, Picture
from graticule.domain.recording import Recording
from graticule.editing.canvas import FRAMES_APART, canvas_of
from graticule.editing.tools.brush import BrushTool
from graticule.editing.tools.length import LengthTool
from graticule.editing.tools.strokes import SPHERE
from graticule.editing.tools.tool import Bench
from graticule.imaging.luminance import luminance
from graticule.presenters.hand import Hand
from graticule.presenters.image_view import Keys
from graticule.presenters.picture import PicturePresenter
from graticule.presenters.segments import SegmentsPresenter
from graticule.presenters.tool_sizes import lengths_of, stretched
from graticule.presenters.turning import Turn


def loop(frames: int = 4, **more: object) -> Picture:
    pixels = np.arange(frames * 60 * 80, dtype=np.uint16).reshape(frames, 60, 80)
    return Picture(pixels[0], "US", "MONOCHROME2", frames=pixels, arrived=np.ones(frames, bool), **more)


def test_a_volume_is_its_own_canvas() -> None:
    volume = ramp_volume()
    canvas = canvas_of(volume)
    assert canvas.voxels is volume.voxels and canvas.grid is volume.grid and canvas.length == "mm"
    assert canvas.point_of((1.0, 2.0, 3.0)) == (1.0, 2.0, 3.0) == canvas.place_of((1.0, 2.0, 3.0))


@given(st.integers(0, 79), st.integers(0, 59), st.integers(0, 3))
def test_a_pixels_centre_lies_half_a_pixel_from_its_corner(column: int, row: int, frame: int) -> None:
    canvas = canvas_of(loop(pixel_mm=(0.5, 0.2)))
    at = canvas.point_of((column + 0.5, row + 0.5, float(frame)))
    assert at == pytest.approx(((column + 0.5) * 0.2, (row + 0.5) * 0.5, frame * FRAMES_APART))
    assert canvas.grid.to_index(at) == pytest.approx((column, row, frame), abs=1e-6)
    assert canvas.grid.voxel_at(at) == (column, row, frame)


@given(st.floats(-5, 90), st.floats(-5, 70), st.integers(0, 3))
def test_places_and_points_are_each_others_inverse(column: float, row: float, frame: int) -> None:
    canvas = canvas_of(loop(pixel_aspect=1.25))
    back = canvas.place_of(canvas.point_of((column, row, float(frame))))
    assert back == pytest.approx((column, row) if frame == 0 else (column, row, frame))


def part(left: int, right: int, mm: tuple[float, float] | None) -> Calibrated:
    return Calibrated(left, 0, right, 60, mm)


def test_millimetres_only_where_one_scale_holds() -> None:
    assert canvas_of(grey_picture()).length == "px"
    assert canvas_of(grey_picture(pixel_mm=(0.1, 0.1))).length == "mm"
    assert canvas_of(grey_picture(calibrated=(part(0, 80, (0.2, 0.2)),))).pixel == (0.2, 0.2)
    for mixed in ((part(0, 40, (0.2, 0.2)), part(40, 80, (0.3, 0.3))), (part(0, 40, (0.2, 0.2)), part(40, 80, None)),
                  (part(0, 80, (0.2, 0.3)),)):
        assert canvas_of(grey_picture(calibrated=mixed)).length == "px"
    assert canvas_of(grey_picture(pixel_aspect=2.0)).pixel == (2.0, 1.0)


def test_a_recording_has_no_canvas() -> None:
    with pytest.raises(GraticuleError, match="Only images"):
        canvas_of(Recording.__new__(Recording))


def test_colours_become_their_luma() -> None:
    colours = np.random.default_rng(1).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    canvas = canvas_of(Picture(colours, "XC", "RGB"))
    assert canvas.voxels.shape == (1, 20, 30)
    assert np.abs(canvas.voxels[0] - colours @ np.array([0.2126, 0.7152, 0.0722])).max() < 1.2
    assert luminance(np.full((2, 2, 3), 255, np.uint8)).tolist() == [[255, 255], [255, 255]]


def test_a_frame_that_arrives_later_is_seen() -> None:
    frames = np.zeros((2, 8, 8, 3), np.uint8)
    picture = Picture(frames[0], "US", "RGB", frames=frames, arrived=np.array([True, False]))
    assert canvas_of(picture).voxels[1].max() == 0
    frames[1], picture.arrived[1] = 200, True
    assert canvas_of(picture).voxels[1].min() == 200


class Painting:
    """A picture with one segment, a brush, and a hand over its view."""

    def __init__(self, picture: Picture, radius: float, **options: object) -> None:
        opened = opened_with(picture)
        self.labels = opened.workspace.labels
        self.view = PicturePresenter(opened, picture)
        self.view.resize(800, 600)
        bench = Bench(opened.workspace, picture, opened.ontology, opened.new_id)
        segments = SegmentsPresenter(opened, picture, bench, ("#112233",))
        segments.add_template(segments.templates()[0])
        self.segments, self.tool = segments, BrushTool()
        self.tool.options = type(self.tool.options)(radius_mm=radius, **options)
        self.hand = Hand([self.tool, LengthTool()], bench, _raise)

    def stroke(self, *places: tuple[float, float]) -> np.ndarray:
        """From place to place (column, row) on the frame shown; the mask afterwards."""
        first, *rest = [self.view.pointer(*self.view.on_screen(place), Keys()) for place in places]
        self.hand.press(self.view, first)
        for pointer in rest:
            self.hand.drag(self.view, pointer)
        self.hand.release(self.view, first if not rest else rest[-1])
        return self.labels.group("1").values != 0


def _raise(error: GraticuleError) -> None:
    raise error


def disk(column: float, row: float, radius: float) -> np.ndarray:
    """As `skimage.draw.disk((row - 0.5, column - 0.5), radius + 1e-6)`: pixel n has its centre at n + 0.5."""
    rows, columns = np.mgrid[0:60, 0:80] + 0.5
    return (columns - column) ** 2 + (rows - row) ** 2 < (radius + 1e-6) ** 2


@given(st.integers(32, 1248), st.integers(32, 928), st.integers(16, 192))
def test_a_dab_is_a_disk(column: int, row: int, radius: int) -> None:
    """In sixteenths of a pixel, so that a pixel lies on the rim exactly or not at all."""
    painted = Painting(grey_picture(), radius / 16).stroke((column / 16, row / 16))
    assert np.array_equal(painted[0], disk(column / 16, row / 16, radius / 16))


def test_a_dab_on_pixels_that_are_not_square_is_round_in_millimetres() -> None:
    painted = Painting(grey_picture(pixel_mm=(0.5, 0.25)), 3.0).stroke((40.2, 30.3))
    row, column = np.mgrid[0:60, 0:80] + 0.5
    round_one = ((column - 40.2) * 0.25) ** 2 + ((row - 30.3) * 0.5) ** 2 <= 9.0
    assert np.array_equal(painted[0], round_one) and abs(painted.sum() * 0.125 / (np.pi * 9) - 1) < 0.03


@pytest.mark.parametrize("turn", [Turn(), Turn(((-1, 0), (0, 1))), Turn(((0, -1), (1, 0))), Turn(((0, 1), (1, 0)))])
def test_a_turned_picture_is_painted_where_it_is_seen(turn: Turn) -> None:
    painting = Painting(grey_picture(), 4.0)
    painting.view.set_turn(turn)
    assert np.array_equal(painting.stroke((20.3, 45.1))[0], disk(20.3, 45.1, 4.0))


@pytest.mark.parametrize("shape", ["disc", SPHERE])
def test_a_stroke_stays_on_its_frame(shape: str) -> None:
    painting = Painting(loop(), 30.0, shape=shape)
    painting.view.show_frame(2)
    painted = painting.stroke((40.0, 30.0), (44.0, 30.0))
    assert painted.any(axis=(1, 2)).tolist() == [False, False, True, False]


def test_the_circle_under_the_hand_is_drawn_in_pixels_of_the_picture() -> None:
    painting = Painting(grey_picture(pixel_mm=(0.5, 0.5)), 3.0)
    painting.hand.hover(painting.view, painting.view.pointer(*painting.view.on_screen((12.0, 7.0)), Keys()))
    outline, = painting.hand.preview()
    assert outline.points[0] == pytest.approx((12.0, 7.0)) and outline.radius == pytest.approx(6.0)


def test_measuring_tools_still_get_pixels() -> None:
    painting = Painting(grey_picture(pixel_mm=(0.5, 0.5)), 3.0)
    painting.hand.choose("length")
    view = painting.view
    for place in ((10.0, 10.0), (30.0, 10.0)):
        pointer = view.pointer(*view.on_screen(place), Keys())
        painting.hand.press(view, pointer)
        painting.hand.release(view, pointer)
    region, = view.own_regions()
    assert region.points == ((10000, 10000), (30000, 10000)) and (region.value, region.unit) == ("10.0", "mm")


def test_areas_are_in_square_millimetres_where_the_file_says_so() -> None:
    for picture, words in ((grey_picture(), "13 px"), (grey_picture(pixel_mm=(0.5, 0.5)), "3.25 mm²"),
                           (grey_picture(calibrated=(part(0, 80, (0.5, 0.5)),)), "3.25 mm²"),
                           (grey_picture(calibrated=(part(50, 80, (0.5, 0.5)),)), "13 px")):
        painting = Painting(picture, 2.1 * (1 if canvas_of(picture).length == "px" else 0.5))
        painting.stroke((30.5, 30.5))
        assert painting.segments.rows()[0].amount == words


def test_a_loop_tells_its_largest_area_and_on_how_many_frames() -> None:
    painting = Painting(loop(), 2.1)
    painting.stroke((30.5, 30.5))
    painting.view.show_frame(3)
    painting.stroke((30.5, 30.5), (31.5, 30.5))
    assert painting.segments.rows()[0].amount == "18 px · 2 frames"


def test_a_large_photograph_has_large_tools() -> None:
    photograph = Picture(np.zeros((3000, 3600, 3), np.uint8), "XC", "RGB")
    lengths = lengths_of(photograph)
    assert (lengths.unit, lengths.stretch) == ("px", 6.0)
    assert stretched(BrushTool().options, lengths).radius_mm == 36.0
    assert lengths_of(ramp_volume()).stretch == 1.0 and lengths_of(grey_picture(pixel_mm=(1, 1))).unit == "mm"
