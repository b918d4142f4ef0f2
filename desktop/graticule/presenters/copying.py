"""Copy and paste of segments: to another slice, another case, another phase."""

from collections.abc import Callable

import numpy as np

from graticule.domain.case import Case
from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import Box
from graticule.domain.progress import Progress
from graticule.domain.volume import Volume
from graticule.editing.bringing import Brought, landings, planned
from graticule.editing.clipboard import Clip, Clipboard
from graticule.editing.handwork import inside_only, where_allowed
from graticule.editing.operations.material import Cut, Material
from graticule.editing.proposal import Proposal
from graticule.editing.tools.in_hand import segment_in_hand, segment_name
from graticule.editing.tools.tool import Bench
from graticule.imaging.authorship import DERIVED
from graticule.imaging.logic import mask_of, segment_gains
from graticule.imaging.patch import Patch, overlap, relative
from graticule.presenters.ways_between import way_to_case


class Copying:
    """cut: the layer that is shown, None when the plane lies across the slices. scroll: so many slices onward."""

    def __init__(self, case: Case, bench: Bench, clipboard: Clipboard, cut: Callable[[], Cut | None],
                 scroll: Callable[[int], None]) -> None:
        self._case, self._bench, self._board = case, bench, clipboard
        self._cut, self._scroll = cut, scroll

    def copy(self) -> str:
        """Take the selected segment, as it is in the slice shown and as a whole; words for the status line."""
        labels = self._bench.workspace.labels
        segment = labels.get(Segment, self._bench.active_segment or "")
        if segment is None:
            raise GraticuleError("No segment is selected.", "Choose one in the Segments list, then copy.")
        group = labels.groups.get(segment.group)
        patch = mask_of(group, segment.value) if group is not None else Patch.nothing()
        if group is None or not patch.voxels:
            raise GraticuleError("The segment is empty.", "Paint it first, then copy.")
        canvas, words, cut = self._bench.canvas, segment_name(self._bench, segment), self._cut()
        clip = Clip(self._case.id, str(self._case.facts.get("patient", "")), self._frame, segment, words, canvas.grid, patch,
                    group.authors[patch.box].copy(), cut, canvas.pixel is not None)
        self._board.now = clip
        return f"Copied {words}: this slice, and the whole for other images" if layer_in(clip) is not None else \
            f"Copied {words}, which does not lie in this slice: the whole, for other images"

    def paste(self, *, onward: bool = False) -> str:
        """Put it where the view is; onward: in the next slice, which is then shown. Words for the status line, "" for a
        preview."""
        clip = self._board.now
        if clip is None:
            raise GraticuleError("Nothing was copied.", "Choose a segment and press Ctrl+C first.")
        if clip.case_id == self._case.id:
            return self._into_slice(clip, onward)
        if onward:
            raise GraticuleError("This was copied in another image, where slices are others.", "Ctrl+V pastes the whole segment.")
        self._whole(clip)
        return ""

    def _into_slice(self, clip: Clip, onward: bool) -> str:
        segment, found = segment_in_hand(self._bench), layer_in(clip)
        if found is None or clip.cut is None:
            raise GraticuleError("The segment did not lie in the slice that was shown when it was copied.",
                                 "Go to a slice where it does, and copy again.")
        here = self._cut()
        if here is None or here.axis != clip.cut.axis:
            raise GraticuleError("This was copied from a slice in another direction.", "Paste it in the same plane.")
        if onward:
            self._scroll(1)
            after = self._cut()
            if after is None or after.at == here.at:
                raise GraticuleError("This is the last slice.")
            here = after
        patch, authors = found
        self._paint(segment, Patch(_moved(patch.box, here), patch.mask), authors, clip.words)
        return f"Pasted {clip.words} into slice {here.at + 1}"

    def _paint(self, segment: Segment, patch: Patch, authors: Array, words: str) -> None:
        """One act at once: nothing is computed that would have to be looked at first."""
        bench, labels = self._bench, self._bench.workspace.labels
        group, rules = labels.group(segment.group), bench.paint
        wanted = np.isin(patch.flat(group.shape), where_allowed(patch.flat(group.shape), labels, segment, rules, bench.canvas))
        mask = np.zeros_like(patch.mask)
        mask[patch.mask] = wanted
        change = inside_only(labels, segment_gains(segment.group, group, segment.value, Patch(patch.box, mask), DERIVED,
                                                   rules.values(labels, segment.group), authors), rules)
        if change is None:
            raise GraticuleError("Nothing would change.", "It is part of the segment here already, or is protected.")
        bench.workspace.do(f"Paste {words}", change)

    def _whole(self, clip: Clip) -> None:
        """Into another image: through patient space, as a preview that says what it became."""
        bench = self._bench
        if clip.image or bench.canvas.pixel is not None:
            raise GraticuleError("A picture has no place in the patient: nothing can be pasted from or into it.")
        own = str(self._case.facts.get("patient", ""))
        if clip.patient and own and clip.patient != own:
            raise GraticuleError("This was copied from another patient.", "Segments are pasted within one patient only.")
        labels, grid = bench.workspace.labels, clip.grid
        tie = way_to_case(labels, self._case.id, self._frame, clip.case_id, clip.frame_of_reference)
        brought = Brought(clip.segment, clip.words, clip.patch, clip.authors)
        places = landings(labels, [brought], bench.active_segment, bench.new_id)
        material = Material.around(bench, tuple(place.segment for place in places if not place.new))

        def work(progress: Progress) -> Proposal:
            return planned(material, places, grid, tie.matrix, f"Paste {clip.words}", progress)

        bench.thinking.ask(work, bench.proposals.show, "Pasting a segment")

    @property
    def _frame(self) -> str:
        content = self._bench.content
        return content.frame_of_reference if isinstance(content, Volume) else ""


def layer_in(clip: Clip) -> tuple[Patch, Array] | None:
    """The clip's voxels in the layer that was shown, with their makers; None when there are none."""
    if clip.cut is None:
        return None
    common = overlap(clip.patch.box, clip.cut.box(clip.grid))
    if common is None:
        return None
    inner = relative(common, clip.patch.box)
    mask = clip.patch.mask[inner]
    return (Patch(common, mask), clip.authors[inner]) if mask.any() else None


def _moved(box: Box, cut: Cut) -> Box:
    sides = list(box)
    sides[cut.axis] = slice(cut.at, cut.at + 1)
    return sides[0], sides[1], sides[2]
