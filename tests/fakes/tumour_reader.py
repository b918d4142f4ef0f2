"""A reader who outlines a tumour with real mouse and key events: what such a person sees, how the hand trembles, what is done.

What the reader knows is the truth as an eye sees it on the slice in the view: its edge as a smooth line, nothing of it that is
smaller than `SEEN_MM2`, and no voxel. The hand misses the edge by `MISS_MM` in the patient and `MISS_PX` on the screen (standard
deviations, together), wavering along the way; a mouse knows whole pixels. What is corrected is a piece seen to be wrong by more
than `WIDE_MM` across, drawn round by the same trembling hand. Where the tumour begins and ends is known: the series was looked
through before.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPushButton
from scipy.ndimage import distance_transform_edt, gaussian_filter1d, label

from fakes.mouse_hand import MouseHand
from fakes.reading_room import reading_room
from fakes.tumours import Tumour
from graticule.domain.elements import Segment
from graticule.domain.geometry import Array
from graticule.imaging.tracing import outlines_of
from graticule.jobs import Runner
from graticule.resources import read_json
from graticule.ui.slice_view import SliceView
from graticule.ui.volume_page import VolumePage

if TYPE_CHECKING:
    from fakes.reading_room import ReadingRoom

MISS_MM, MISS_PX = 0.5, 1.0
SEEN_MM2, WIDE_MM = 8.0, 3.0
_WAVER_MM = 3.0
_FILLS = 0.62  # of the shorter side of the view, once magnified
_FINE_PX = 2
SHIFT, CTRL, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
Key = Qt.Key


@dataclass
class TumourReader:
    """hand: its clock runs from the first press on. slices: those of the view on which the tumour is seen."""

    room: "ReadingRoom"
    tumour: Tumour
    page: VolumePage
    view: SliceView
    hand: MouseHand
    random: np.random.Generator = field(default_factory=lambda: np.random.default_rng(4))
    slices: list[int] = field(default_factory=list)

    # --- what is seen -----------------------------------------------------------------------------------------------

    def look(self, index: int | None = None) -> Array:
        """(rows, columns) of the truth on a slice, a sample every `_FINE_PX` pixels of the view."""
        view = self.view.view
        y, x = np.mgrid[0:view.height:_FINE_PX, 0:view.width:_FINE_PX]
        places = view.plane.to_patient(x, y)
        if index is not None:
            here = view.slices.position_mm(view.index)
            places = places + view.axes.onward * (view.slices.position_mm(index) - here)
        return self.tumour.holds(places.reshape(-1, 3)).reshape(x.shape)

    def edges(self, index: int | None = None) -> list[Array]:
        """(n, 2) closed lines in pixels of the view: where the eye sees the tumour end."""
        return self.lines_of(self.look(index) >= 0.5)

    def lines_of(self, seen: Array) -> list[Array]:
        """Round what is set of a (rows, columns) picture like that of `look`."""
        least = SEEN_MM2 * self.view.view.pixels_per_unit() ** 2
        found = [gaussian_filter1d(_even(line, 1.0), 1.5, axis=0, mode="wrap") * _FINE_PX for line in outlines_of(seen)]
        return [line for line in found if _area(line) >= least]

    def segment(self) -> Segment:
        found = self.room.desk.opened.workspace.labels.of(Segment)
        return next(iter(found))

    def painted(self) -> Array:
        segment = self.segment()
        return np.asarray(self.room.desk.opened.workspace.labels.group(segment.group).values == segment.value)

    def truth(self) -> Array:
        """On the grid of the desk, for the result only: the hand never sees it."""
        grid = self.page.presenter.volume.grid
        k, j, i = np.indices(grid.shape)
        points = grid.to_patient(np.stack([i, j, k], axis=-1).reshape(-1, 3).astype(float))
        return self.tumour.holds(points).reshape(grid.shape) >= 0.5

    def dice(self) -> float:
        ours, theirs = self.painted(), self.truth()
        return float(2 * (ours & theirs).sum() / max(int(ours.sum() + theirs.sum()), 1))

    def ml(self) -> float:
        return float(self.painted().sum()) * self.page.presenter.volume.grid.voxel_ml

    def shown(self) -> Array:
        """(rows, columns) bool: what of the segment the eye sees on this slice, with what is proposed for it."""
        view, grid = self.view.view, self.page.presenter.volume.grid
        y, x = np.mgrid[0:view.height:_FINE_PX, 0:view.width:_FINE_PX]
        index = np.floor(grid.to_index(view.plane.to_patient(x, y)) + 0.5).astype(int)[..., ::-1]
        inside = np.all((index >= 0) & (index < np.array(grid.shape)), axis=-1)
        held, found = self.painted(), np.zeros(x.shape, dtype=bool)
        now = self.page.bench.proposals.now
        for part in now.parts if now is not None else ():
            held[part.patch.box] |= part.patch.mask
        found[inside] = held[tuple(index[inside].T)]
        return found

    # --- how it is done ---------------------------------------------------------------------------------------------

    def trembling(self, line: Array) -> Array:
        """The line as the hand draws it."""
        scale = self.view.view.pixels_per_unit()
        line = _even(line, 2.0)
        waver = gaussian_filter1d(self.random.normal(0, 1, line.shape), _WAVER_MM * scale / 2.0, axis=0, mode="wrap")
        return line + waver / waver.std() * np.hypot(MISS_MM * scale, MISS_PX)

    def go_to(self, index: int) -> None:
        steps = index - self.view.view.index
        if steps:
            self.hand.wheel(-steps, self.middle())

    def middle(self) -> tuple[float, float]:
        return self.view.width() / 2, self.view.height() / 2

    def tool(self, key: Qt.Key, held: Qt.KeyboardModifier = SHIFT) -> None:
        self.hand.key(key, held)

    def begin(self) -> None:
        """Ask for the segment that the study wants, bring the tumour to the middle and magnify it."""
        buttons = self.page.segments_panel.findChildren(QPushButton)
        button = next(one for one in buttons if one.isVisible() and one.text().startswith("Add "))
        self.hand.press_widget(button)
        self.slices = [n for n in range(self.view.view.count) if self.edges(n)]
        seen = np.concatenate([line for n in self.slices for line in self.edges(n)])
        middle, extent = (seen.min(axis=0) + seen.max(axis=0)) / 2, np.ptp(seen, axis=0).max()
        want = _FILLS * min(self.view.width(), self.view.height()) / extent
        if np.abs(middle - self.middle()).max() > 0.15 * self.view.height():
            self.hand.drag([middle, self.middle()], button=Qt.MouseButton.MiddleButton)
            middle = np.array(self.middle())
        self.hand.wheel(max(0, round(np.log(want) / np.log(1.15))), tuple(middle), CTRL)

    # --- ways -------------------------------------------------------------------------------------------------------

    def freehand(self, every: int = 1) -> None:
        """Outlines in one stroke on every so many slices, and what lies between filled by Shift+Z."""
        self.begin()
        self.tool(Key.Key_D)
        for index in self.keyed(every):
            self.go_to(index)
            self.draw_round(self.edges())
        if every > 1:
            self.fill_between()

    def fill_between(self) -> None:
        """Shift+Z proposes all that lies between, Enter takes it."""
        self.hand.key(Key.Key_Z, SHIFT)
        self.hand.key(Key.Key_Return)

    def draw_round(self, lines: list[Array], held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        for line in lines:
            self.hand.drag(self.trembling(line), CTRL if _signed_area(line) * _outer_sign(lines) < 0 else held)

    def contours(self, every: int = 1, apart_mm: float = 6.0) -> None:
        """Anchors of a smooth contour, about so far apart; Enter closes it and Enter takes it."""
        self.begin()
        self.tool(Key.Key_S)
        for index in self.keyed(every):
            self.go_to(index)
            for line in self.edges():
                scale = self.view.view.pixels_per_unit()
                for at in self.anchors(line, apart_mm * scale):
                    self.hand.click(at)
                self.hand.key(Key.Key_Return)
                self.hand.key(Key.Key_Return)
        if every > 1:
            self.fill_between()

    def anchors(self, line: Array, apart_px: float) -> Array:
        line = _even(line, 2.0)
        count = max(5, round(len(line) * 2.0 / apart_px))
        return self.trembling(line)[np.linspace(0, len(line) * 2 // 2, count, endpoint=False).astype(int) % len(line)]

    def one_click(self, corrections: int = 0) -> None:
        """A click in the middle of the widest slice, the wheel until it looks right there, Enter; then what is seen wrong."""
        self.begin()
        widest = max(self.slices, key=lambda n: float(self.look(n).sum()))
        self.go_to(widest)
        self.tool(Key.Key_K)
        seen = self.look() >= 0.5
        depth = distance_transform_edt(seen)
        row, column = np.unravel_index(int(depth.argmax()), depth.shape)
        at = (column * _FINE_PX, row * _FINE_PX)
        self.hand.click(at)
        self.walk(at)
        self.hand.key(Key.Key_Return)
        self.correct(corrections)

    def walk(self, at: tuple[float, float]) -> None:
        """Larger or smaller while it looks better on this slice."""
        best = self.wrong_here()
        for way in (1, -1):
            tries = 0
            while tries < 12:
                self.hand.wheel(way, at)
                tries += 1
                now = self.wrong_here()
                if now >= best:
                    self.hand.wheel(-way, at)
                    break
                best = now
            if tries > 1:
                return

    def wrong_here(self) -> float:
        return float(((self.look() >= 0.5) ^ self.shown()).sum())

    def seeds(self, every: int = 1, corrections: int = 0) -> None:
        """A ring of seeds inside and one outside, then Enter; then what is seen wrong."""
        self.begin()
        self.tool(Key.Key_E)
        scale = self.view.view.pixels_per_unit()
        for index in self.keyed(every):
            self.go_to(index)
            seen = self.look() >= 0.5
            inner, outer = distance_transform_edt(seen) * _FINE_PX / scale, distance_transform_edt(~seen) * _FINE_PX / scale
            for line in self.lines_of(inner >= max(2.5, 0.35 * inner.max())) or self.lines_of(inner >= 1):
                self.hand.drag(self.trembling(line))
            for line in self.lines_of(outer <= 4.0):
                self.hand.drag(self.trembling(line), ALT)
        for index in (self.slices[0] - 1, self.slices[-1] + 1):
            if 0 <= index < self.view.view.count:
                near = self.look(min(max(index, self.slices[0]), self.slices[-1])) >= 0.5
                inner = distance_transform_edt(near) * _FINE_PX / scale
                self.go_to(index)
                for line in self.lines_of(inner >= 2) or self.lines_of(near):
                    self.hand.drag(self.trembling(line), ALT)
        self.hand.key(Key.Key_Return)
        self.correct(corrections)

    def correct(self, most: int) -> None:
        """Slice by slice, the widest pieces that are seen to be missing or too much, drawn round; at most so many."""
        if most <= 0:
            return
        self.tool(Key.Key_D)
        for index in self.nearest_first(self.slices_with_more()):
            self.go_to(index)
            for piece, much in self.wrong_pieces():
                if most <= 0:
                    return
                most -= 1
                for line in piece:
                    self.hand.drag(self.trembling(line), CTRL if much else Qt.KeyboardModifier.NoModifier)

    def slices_with_more(self) -> list[int]:
        return list(range(max(0, self.slices[0] - 3), min(self.view.view.count, self.slices[-1] + 4)))

    def nearest_first(self, slices: list[int]) -> list[int]:
        here = self.view.view.index
        return slices if abs(here - slices[0]) <= abs(here - slices[-1]) else slices[::-1]

    def wrong_pieces(self) -> list[tuple[list[Array], bool]]:
        """Lines round what is missing (towards the truth) and round what is too much, the widest first."""
        scale = self.view.view.pixels_per_unit()
        seen, shown = self.look() >= 0.5, self.shown()
        found: list[tuple[float, list[Array], bool]] = []
        for wrong, free, much in ((seen & ~shown, seen, False), (shown & ~seen, ~seen, True)):
            deep = distance_transform_edt(wrong) * _FINE_PX / scale
            parts, count = label(wrong)
            for number in range(1, count + 1):
                piece = parts == number
                if deep[piece].max(initial=0) * 2 < WIDE_MM:
                    continue
                # The hand goes along the edge it sees, and on the other side through what is right already.
                reach = (distance_transform_edt(~piece) * _FINE_PX / scale < 2.0) & free
                found.append((float(piece.sum()), self.lines_of(reach)[:1], much))
        return [(lines, much) for _, lines, much in sorted(found, key=lambda one: -one[0])]

    def painted_with(self, every: int = 1, *, edges: bool = False) -> None:
        """The brush along the inside of the edge, then back and forth; edges: it stops at edges of the image."""
        self.begin()
        self.tool(Key.Key_B, SHIFT if edges else Qt.KeyboardModifier.NoModifier)
        radius = float(self.page.hand.tool.options.radius_mm)
        scale = self.view.view.pixels_per_unit()
        while radius > 3.0:
            self.hand.key(Key.Key_BracketLeft)
            radius = float(self.page.hand.tool.options.radius_mm)
        for index in self.keyed(every):
            self.go_to(index)
            inner = distance_transform_edt(self.look() >= 0.5) * _FINE_PX / scale
            track = inner >= (radius * (0.8 if edges else 1.0))
            for line in self.lines_of(track) or self.lines_of(inner >= 1):
                self.hand.drag(self.trembling(line))
            for way in _back_and_forth(inner >= 2 * radius, 1.6 * radius * scale):
                self.hand.drag(way)
        if every > 1:
            self.fill_between()

    def keyed(self, every: int) -> list[int]:
        """Every so many slices, the last, and those beside which a part begins or ends; from the end that is nearer."""
        order = self.nearest_first(self.slices)
        parts = [len(self.edges(index)) for index in order]
        turns = [n for n in range(1, len(order)) if parts[n] != parts[n - 1] and every > 1]
        ends = {order[m] for n in turns for m in (n - 1, n)}
        return sorted({*order[::every], order[-1], *ends}, key=order.index)


WAYS: dict[str, Callable[[TumourReader], None]] = {
    "freehand, every slice": lambda reader: reader.freehand(),
    "freehand, every 2nd + fill": lambda reader: reader.freehand(2),
    "freehand, every 3rd + fill": lambda reader: reader.freehand(3),
    "contour, every slice": lambda reader: reader.contours(),
    "contour, every 2nd + fill": lambda reader: reader.contours(2),
    "contour, every 3rd + fill": lambda reader: reader.contours(3),
    "one click": lambda reader: reader.one_click(),
    "one click + corrections": lambda reader: reader.one_click(24),
    "seeds": lambda reader: reader.seeds(),
    "seeds, every 3rd": lambda reader: reader.seeds(3),
    "seeds, every 3rd + corrections": lambda reader: reader.seeds(3, 24),
    "brush, every slice": lambda reader: reader.painted_with(),
    "edge-aware brush, every slice": lambda reader: reader.painted_with(edges=True),
    "edge-aware brush, every 3rd + fill": lambda reader: reader.painted_with(3, edges=True),
}


def protocol() -> dict[str, Any]:
    """The demonstration's, asking for one tumour in every image and nothing else."""
    return {**read_json("protocols", "demo.json"), "questions": [], "segments": [
        {"name": "Tumour", "colour": "#e69f00", "category": "morphologically_altered", "type": "neoplasm_primary"}]}


@contextmanager
def tumour_reader(place: Path, tumour: Tumour, runner: Runner | None = None,
                  size: tuple[int, int] = (1280, 800)) -> Iterator[TumourReader]:
    """The real window on a store that holds this image, which lies open."""
    with reading_room(place, [tumour.path], protocol(), runner, size) as room:
        room.window.activateWindow()
        _until(lambda: isinstance(room.window.stage.page, VolumePage))
        page = room.window.stage.page
        _until(lambda: bool(page.presenter.volume.arrived.all()))
        hand = MouseHand(room.window, page.current())
        if page.presenter.layout == "grid":
            hand.key(Key.Key_M)
        _until(lambda: page.presenter.layout != "grid")
        view = page.views[page.presenter.layout]
        hand.view = view
        hand.settled = lambda: not page.bench.thinking.busy
        yield TumourReader(room, tumour, page, view, hand)


def _until(what: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not what():
        QApplication.processEvents()
        if time.monotonic() > end:
            raise TimeoutError("the window did not come so far")
    for _ in range(5):
        QApplication.processEvents()


def _signed_area(line: Array) -> float:
    x, y = line.T
    return float(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


def _area(line: Array) -> float:
    return abs(_signed_area(line))


def _outer_sign(lines: list[Array]) -> float:
    return float(np.sign(_signed_area(max(lines, key=_area))))


def _even(line: Array, step: float) -> Array:
    """A closed line with places so far apart."""
    closed = np.vstack([line, line[:1]])
    along = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    at = np.linspace(0, along[-1], max(8, round(along[-1] / step)), endpoint=False)
    return np.stack([np.interp(at, along, closed[:, n]) for n in (0, 1)], axis=-1)


def _back_and_forth(area: Array, apart_px: float) -> list[Array]:
    """One way over an area in rows."""
    rows = np.flatnonzero(area.any(axis=1))[::max(1, round(apart_px / _FINE_PX))]
    way: list[tuple[float, float]] = []
    for number, row in enumerate(rows):
        columns = np.flatnonzero(area[row])[[0, -1]] * float(_FINE_PX)
        way += [(float(c), float(row * _FINE_PX)) for c in (columns if number % 2 == 0 else columns[::-1])]
    return [np.array(way)] if len(way) > 1 else []
