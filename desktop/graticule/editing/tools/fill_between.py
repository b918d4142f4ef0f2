"""Fill between slices: draw every few slices and see at once what lies between, on each slice as it is shown."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from graticule.domain.case import Kind
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.editing.proposal import Proposal, Proposed, changes_of
from graticule.editing.suggesting import AUTO, AXIAL, CORONAL, SAGITTAL, Place, Suggesting, filled, place_of
from graticule.editing.tools.in_hand import segment_in_hand, segment_name
from graticule.editing.tools.tool import Bench, Outline, Pointer, ToolAct
from graticule.imaging.authorship import INTERPOLATED
from graticule.imaging.drawn_planes import outlines_of
from graticule.imaging.logic import mask_of
from graticule.imaging.patch import Patch
from graticule.imaging.sparse_surface import surface_through

ONE, EVERY = "one", "every"
TAKE, ALL, SURFACE = "take", "all", "surface"


@dataclass(frozen=True, slots=True)
class FillOptions:
    """always: the suggestion is seen with every tool in the hand, while the reader draws slice after slice."""

    always: bool = field(default=False, metadata={"label": "Suggest with every tool in the hand"})
    which: str = field(default=ONE, metadata={"label": "For", "choices": {ONE: "This segment", EVERY: "All segments"}})
    drawn_on: str = field(default=AUTO, metadata={"label": "Drawn on", "choices": {
        AUTO: "Auto", AXIAL: "Axial", CORONAL: "Coronal", SAGITTAL: "Sagittal"}})


class FillBetweenTool:
    name: ClassVar[str] = "fill-between"
    title: ClassVar[str] = "Fill between slices"
    key: ClassVar[str] = "Shift+J"
    group: ClassVar[str] = "mark"
    family: ClassVar[str] = "grow"
    kinds: ClassVar[tuple[Kind, ...]] = (Kind.VOLUME,)
    hint: ClassVar[str] = "Scroll to see what lies between drawn slices; a click or Enter takes the slice, Shift+Z fills all"
    acts: ClassVar[tuple[ToolAct, ...]] = (ToolAct(TAKE, "Take this slice"), ToolAct(ALL, "Fill all"),
                                           ToolAct(SURFACE, "Surface through what is drawn"))

    def __init__(self) -> None:
        self.options: Any = FillOptions()
        self._suggesting = Suggesting()
        self._place: Place | None = None
        self._at: Pointer | None = None

    # --- the hand ---------------------------------------------------------------------------------------------------

    def press(self, bench: Bench, pointer: Pointer) -> None:
        self.hover(bench, pointer)
        self.finish(bench)

    def drag(self, bench: Bench, pointer: Pointer) -> None:
        self.hover(bench, pointer)

    def release(self, bench: Bench, pointer: Pointer) -> None:
        self.hover(bench, pointer)

    def hover(self, bench: Bench, pointer: Pointer | None) -> None:
        self._at = pointer
        if pointer is not None and pointer.plane is not None:
            self._place = place_of(bench.canvas.grid, np.array(pointer.at), pointer.plane.normal)

    def cancel(self, bench: Bench) -> None:
        bench.workspace.cancel()

    def preview(self) -> tuple[Outline, ...]:
        return ()

    def finish(self, bench: Bench) -> None:
        """Enter: the suggestion of the slice under the hand becomes the segment's."""
        self.take(bench, self._place)

    def changed(self, bench: Bench) -> None:
        self._suggesting.forget()

    def act(self, bench: Bench, name: str) -> None:
        if name == TAKE:
            self.finish(bench)
        elif name == ALL:
            self.fill_all(bench, seen=True)
        elif name == SURFACE:
            self._surface(bench)

    # --- suggestions ------------------------------------------------------------------------------------------------

    def labels_are_others(self) -> None:
        """An act or undo changed voxels, with whatever tool."""
        self._suggesting.stale()

    def suggested(self, bench: Bench, place: Place | None) -> tuple[Proposed, ...]:
        """What lies between on a slice: of each segment chosen, the voxels it would gain."""
        if place is None:
            return ()
        labels = bench.workspace.labels
        return self._suggesting.at(labels, self._segments(bench), bench.canvas.grid, self.options.drawn_on, place)

    def take(self, bench: Bench, place: Place | None) -> None:
        segment_in_hand(bench)
        parts = self.suggested(bench, place)
        if not parts:
            raise GraticuleError("Nothing is suggested on this slice.",
                                 "Draw the segment on a slice before it and on one behind it, then scroll between them.")
        proposal = Proposal(f"Fill a slice of {_called(bench, parts)}", parts, INTERPOLATED)
        changes = changes_of(bench.workspace.labels, proposal, bench.paint)
        if not changes:
            raise GraticuleError("Nothing would change.", "What is suggested here is protected.")
        bench.workspace.do(proposal.title, *changes)

    def fill_all(self, bench: Bench, *, seen: bool) -> None:
        """Every gap of every segment chosen. seen: the reader has seen the suggestions, so it is done; else it is proposed."""
        segment_in_hand(bench)
        groups = self._drawn(bench)
        if not groups:
            raise GraticuleError("Nothing is drawn yet.", "Draw the segment on at least two slices with a gap between.")
        grid, drawn_on = bench.canvas.grid, self.options.drawn_on

        def work(progress: Progress) -> tuple[Proposed, ...]:
            found = (part for masks in groups for part in filled(masks, grid, drawn_on, progress).items())
            parts = tuple(Proposed(name, patch) for name, patch in found if patch.voxels)
            if not parts:
                raise GraticuleError("There is no empty slice between drawn ones.",
                                     "Draw the segment on at least two slices with a gap between.")
            return parts

        bench.thinking.ask(work, lambda parts: self._filled(bench, parts, seen=seen), "Filling between slices")

    def _filled(self, bench: Bench, parts: tuple[Proposed, ...], *, seen: bool) -> None:
        bench.proposals.show(Proposal(f"Fill between slices of {_called(bench, parts)}", parts, INTERPOLATED))
        if seen:
            # What is refused stays proposed, and Enter says why.
            with suppress(GraticuleError):
                bench.proposals.accept()

    def _surface(self, bench: Bench) -> None:
        """One closed surface through the areas drawn on planes in any direction, proposed."""
        segment, grid = segment_in_hand(bench), bench.canvas.grid
        patch = mask_of(bench.workspace.labels.group(segment.group), segment.value)

        def work(progress: Progress) -> Proposal:
            found = surface_through(outlines_of(patch.mask, patch.box, grid, progress), grid, progress=progress)
            return Proposal(f"Surface of {segment_name(bench, segment)}", (Proposed(segment.id, found),), INTERPOLATED)

        bench.thinking.ask(work, bench.proposals.show, "Laying a surface through what is drawn")

    # --- inside -----------------------------------------------------------------------------------------------------

    def _segments(self, bench: Bench) -> list[Segment]:
        wanted = [bench.active_segment] if self.options.which == ONE else [s.id for s in bench.workspace.labels.of(Segment)]
        return [s for s in bench.workspace.labels.of(Segment) if s.id in wanted and not s.locked]

    def _drawn(self, bench: Bench) -> list[dict[str, Patch]]:
        """The masks of the segments chosen, group by group; copies."""
        groups: dict[str, dict[str, Patch]] = {}
        for segment in self._segments(bench):
            patch = mask_of(bench.workspace.labels.group(segment.group), segment.value)
            if patch.voxels:
                groups.setdefault(segment.group, {})[segment.id] = patch
        return list(groups.values())


def _called(bench: Bench, parts: Iterable[Proposed]) -> str:
    found = [segment for part in parts if (segment := bench.workspace.labels.get(Segment, part.segment)) is not None]
    return segment_name(bench, found[0]) if len(found) == 1 else f"{len(found)} segments"
