"""What the tools that compute share: the voxel under the hand, what the segment may gain, and how much that is, in words."""

from dataclasses import dataclass

import numpy as np

from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Box
from graticule.editing.canvas import Canvas
from graticule.editing.tools.in_hand import refuse_in_a_slab
from graticule.editing.tools.tool import Bench, Pointer, ToolChanged
from graticule.imaging.patch import Patch, grid_of, overlap, relative
from graticule.imaging.threshold import inside_range

Voxel = tuple[int, int, int]


def tell(bench: Bench, *, options: bool = False) -> None:
    """The views draw the tool's outlines again; the form its options."""
    bench.workspace.bus.publish(ToolChanged(bench.workspace.case_id, options))


def voxel_under(canvas: Canvas, pointer: Pointer) -> Voxel | None:
    """(k, j, i) under the hand, None beside the image."""
    if len(pointer.at) != 3:
        return None
    found = canvas.grid.voxel_at(pointer.at)
    return None if found is None else found[::-1]


def voxel_pressed(canvas: Canvas, pointer: Pointer) -> Voxel:
    """The same for a click, which must hit the image and what is really there."""
    refuse_in_a_slab(pointer)
    if canvas.grid.in_gap(pointer.at):
        raise GraticuleError("There is nothing between these two slices.", "Click on a slice.")
    found = voxel_under(canvas, pointer)
    if found is None:
        raise GraticuleError("The point lies outside the image.")
    return found


def value_near(voxels: Array, at: Voxel) -> float:
    """The median of the 3×3 pixels round a voxel: one noisy pixel does not decide."""
    k, j, i = at
    return float(np.median(voxels[k, max(0, j - 1):j + 2, max(0, i - 1):i + 2]))


@dataclass(frozen=True, eq=False)
class Room:
    """A part of the image in which a tool works: its values and grid, and what may be entered of it (None: everything)."""

    box: Box
    voxels: Array
    grid: Grid
    allowed: Array | None

    def within(self, at: Voxel) -> Voxel:
        """A voxel of the image, counted from the room's corner."""
        k, j, i = (n - part.start for n, part in zip(at, self.box, strict=True))
        return k, j, i

    def placed(self, patch: Patch) -> Patch:
        """A patch of the room as one of the image."""
        k, j, i = (slice(o.start + n.start, o.start + n.stop) for o, n in zip(self.box, patch.box, strict=True))
        return Patch((k, j, i), patch.mask) if patch.mask.size else Patch.nothing()


def room_in(bench: Bench, segment: Segment | None, box: Box) -> Room:
    """Copies what it needs of the labels, so that the work may go on beside the hand."""
    canvas = bench.canvas
    return Room(box, canvas.voxels[box], grid_of(canvas.grid, box), open_to(bench, segment, box))


def open_to(bench: Bench, segment: Segment | None, box: Box) -> Array | None:
    """(k, j, i) bool of the box: the voxels that `segment` holds or may take by locks, rules and painting range; None for all."""
    if segment is None:
        return None
    allowed, canvas = _by_labels(bench, segment, box), bench.canvas
    rules, labels = bench.paint, bench.workspace.labels
    parts = [] if allowed is None else [allowed]
    if rules.range is not None and not rules.follow:
        parts.append(inside_range(canvas.voxels, rules.range, box).mask)
    within = rules.elsewhere(labels, segment.group)
    if within is not None:
        parts.append(labels.group(within.group).values[box] == within.value)
    return np.logical_and.reduce(parts) if parts else None


def _by_labels(bench: Bench, segment: Segment, box: Box) -> Array | None:
    labels = bench.workspace.labels
    group = labels.group(segment.group)
    table = bench.paint.values(labels, segment.group).may_take(segment.value)
    common = overlap(group.box, box) if group.box is not None else None
    if common is None:
        return None if table[0] else np.zeros([part.stop - part.start for part in box], dtype=bool)
    inner = table[group.values[common]]
    if table[0] and bool(inner.all()):
        return None
    allowed = np.full([part.stop - part.start for part in box], bool(table[0]))
    allowed[relative(common, box)] = inner
    return allowed


def amount_of(canvas: Canvas, patch: Patch, *, values: bool = True) -> str:
    """ "12.4 mL · 15,012 voxels · mean 84 HU": how much a patch is, for the words beside a preview."""
    counts = [int(np.count_nonzero(plane)) for plane in patch.mask]
    total = sum(counts)
    said = [f"{total:,} {'pixels' if canvas.pixel is not None else 'voxels'}"]
    if canvas.pixel is None:
        said.insert(0, _volume(float(canvas.grid.slice_ml[patch.box[0]] @ np.array(counts, dtype=np.float64)) if total else 0.0))
    elif canvas.length == "mm":
        said.insert(0, f"{total * canvas.pixel[0] * canvas.pixel[1]:,.1f} mm²")
    if values and total:
        said.append(f"mean {in_unit(float(canvas.voxels[patch.box][patch.mask].mean()), canvas)}")
    return " · ".join(said)


def in_unit(value: float, canvas: Canvas) -> str:
    """ "63.3 HU": three figures, whole numbers from a hundred on."""
    return f"{value:,.0f} {canvas.unit or ''}".strip() if abs(value) >= 100 else f"{value:.3g} {canvas.unit or ''}".strip()


def _volume(ml: float) -> str:
    if ml < 9.995:
        return f"{ml:.2f} mL"
    return f"{ml:.1f} mL" if ml < 1000 else f"{ml:,.0f} mL"
