"""Contour: a smooth outline through a few anchors that can be moved, added and taken away until Enter fills it."""

from typing import ClassVar

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.geometry import Floats
from graticule.editing.handwork import following, where_allowed
from graticule.editing.proposal import GAINS, LOSES, Proposal, Proposals, Proposed
from graticule.editing.tools.in_hand import segment_in_hand, segment_name
from graticule.editing.tools.measuring import apart, as_places, in_plane
from graticule.editing.tools.outlining import LEAST, OutlineTool, line_of, verb_of
from graticule.editing.tools.tool import Bench, Outline, Pointer
from graticule.imaging.authorship import HAND
from graticule.imaging.paint_range import only_in_range
from graticule.imaging.patch import Patch
from graticule.imaging.raster import polygon
from graticule.imaging.splines import ClosedSpline

# The curve is a polygon of steps this part of a voxel long.
_STEP = 0.5


class ContourTool(OutlineTool):
    """Open while anchors are placed; closed, it is a proposal that follows its anchors."""

    name: ClassVar[str] = "contour"
    title: ClassVar[str] = "Contour"
    key: ClassVar[str] = "Shift+S"
    hint: ClassVar[str] = ("Click anchors round the structure; a double click or Enter closes it; drag anchors, click on the "
                           "line for one more; Enter fills, Esc drops; Ctrl takes away; Backspace removes the last anchor")

    def __init__(self) -> None:
        super().__init__()
        self._spline: ClosedSpline | None = None
        self._held: int | None = None
        self._proposals: Proposals | None = None
        self._shown: Proposal | None = None
        self._step = 1.0
        self._asked = False

    @property
    def closed(self) -> bool:
        """Still waiting: whatever became of the proposal, taken or dropped, ends the contour."""
        if self._spline is not None and self._proposals is not None and self._proposals.now is not self._shown:
            self.forget()
        return self._spline is not None

    # --- gestures ---------------------------------------------------------------------------------------------------

    def press(self, bench: Bench, pointer: Pointer) -> None:
        if self.closed and not in_plane(self._placed[0], pointer):
            bench.proposals.accept()  # the next slice: the one before is done
        self.begin(bench, pointer)
        if self._spline is not None:
            self._take_anchor(bench, self._spline, pointer)
        elif self.closes(pointer):
            self._close(bench)
        elif (near := self._anchor_at(pointer)) is not None:
            self._held = near
        else:
            self._placed.append(pointer)
            self._held = len(self._placed) - 1

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        self._live = pointer
        if self._held is None:
            return
        if self._spline is not None:
            self._show(bench, self._spline.moved(self._held, np.array(pointer.at)))
        elif self._held < len(self._placed):
            self._placed[self._held] = pointer

    def release(self, bench: Bench, pointer: Pointer) -> None:
        self._live, self._held = pointer, None

    def finish(self, bench: Bench) -> None:
        """Enter while it is open closes it; once closed, Enter takes the proposal."""
        if not self.closed:
            self._close(bench)

    def take_back(self, bench: Bench) -> None:
        if self.closed and self._spline is not None:
            if len(self._spline.points) > LEAST:
                self._show(bench, self._spline.without_point(len(self._spline.points) - 1))
        else:
            super().take_back(bench)

    def changed(self, bench: Bench) -> None:
        """Give or take was switched in the options, or where painting is allowed."""
        if self.options.subtract != self._asked:
            self._asked = self._erase = bool(self.options.subtract)
        if self.closed and self._spline is not None:
            self._show(bench, self._spline)

    def labels_changed(self, bench: Bench) -> None:
        """An undo beside an open contour: its segment may be gone."""
        if self.closed and self._shown is not None and bench.workspace.labels.get(Segment, self._shown.parts[0].segment) is None:
            bench.proposals.drop()

    def put_away(self, bench: Bench) -> None:
        self.forget()

    def forget(self) -> None:
        super().forget()
        self._spline = self._held = self._shown = None

    def way(self, live: Pointer) -> tuple[Outline, ...]:
        if self.closed and self._spline is not None:
            return (line_of(self._spline.polygon(self._step), closed=True),
                    Outline(as_places(self._spline.points), style="handle"))
        if not self._placed:
            return ()
        points = self.corners()
        if self._held is None:
            points = np.vstack([points, live.at])
        whole = ClosedSpline(points).polygon(self._step)
        return line_of(whole, closed=len(points) >= LEAST), Outline(as_places(self.corners()), style="handle")

    # --- inside -----------------------------------------------------------------------------------------------------

    def begin(self, bench: Bench, pointer: Pointer) -> None:
        super().begin(bench, pointer)
        self._step = min(bench.canvas.grid.spacing_mm[1:]) * _STEP

    def _anchor_at(self, pointer: Pointer) -> int | None:
        away = [apart(place, pointer) for place in self._placed]
        return int(np.argmin(away)) if away and min(away) <= max(pointer.reach) else None

    def _take_anchor(self, bench: Bench, spline: ClosedSpline, pointer: Pointer) -> None:
        """The anchor under the hand, or a new one where the line passes; elsewhere nothing is held."""
        at, within = np.array(pointer.at), float(max(pointer.reach))
        self._held = spline.handle(at, within)
        piece, away = spline.nearest(at)
        if self._held is None and away <= within:
            self._held = piece + 1
            self._show(bench, spline.with_point(at))

    def _close(self, bench: Bench) -> None:
        if len(self._placed) < LEAST:
            self.forget()
            return
        self._show(bench, ClosedSpline(self.corners()))

    def _show(self, bench: Bench, spline: ClosedSpline) -> None:
        plane = self._placed[0].plane
        if plane is None:
            return
        self._spline, self._proposals = spline, bench.proposals
        segment = segment_in_hand(bench)
        patch = self._allowed(bench, segment, polygon(bench.canvas.grid, self._curve(bench), plane.normal))
        part = Proposed(segment.id, patch, LOSES if self._erase else GAINS)
        self._shown = Proposal(f"{verb_of(self._erase)} {segment_name(bench, segment)}", (part,), HAND)
        bench.proposals.show(self._shown)

    def _curve(self, bench: Bench) -> Floats:
        assert self._spline is not None
        return self._spline.polygon(self._step)

    def _allowed(self, bench: Bench, segment: Segment, patch: Patch) -> Patch:
        """Where the intensity range and the segment to stay inside let it be; what protects the others, accepting looks after."""
        canvas, rules = bench.canvas, bench.paint
        index = where_allowed(patch.flat(canvas.grid.shape), bench.workspace.labels, segment, rules, canvas)
        if rules.follow and index.size:
            index = only_in_range(index, canvas.voxels, following(canvas).seen(index, canvas.voxels).range)
        return Patch.of(index, canvas.grid.shape)
