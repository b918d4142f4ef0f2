"""The segment in hand, why it cannot be changed, and what a press would do: said beside the hand, so that no one paints by
mistake."""

from graticule.domain.elements import Segment
from graticule.domain.errors import GraticuleError
from graticule.editing.paint_rules import ALL, CHOSEN
from graticule.editing.tools.tool import Bench, Pointer


def refuse_in_a_slab(pointer: Pointer) -> None:
    """What a slab shows may lie anywhere in its thickness: a voxel painted on the plane would be another one."""
    if pointer.plane is not None and pointer.plane.slab_mm > 0:
        raise GraticuleError(f"Nothing can be painted while a slab of {pointer.plane.slab_mm:g} mm is shown.",
                             "What you see may lie anywhere in it. Switch the slab off (right click) and paint on the slice.")


def segment_in_hand(bench: Bench) -> Segment:
    """The selected segment, ready to be changed; GraticuleError says why there is none."""
    if bench.workspace.locked:
        raise GraticuleError("This read is signed and locked.", "Choose “Correct as a new version” to change it.")
    segment = bench.workspace.labels.get(Segment, bench.active_segment) if bench.active_segment else None
    if segment is None:
        raise GraticuleError("No segment is selected.", "Add or choose one in the Segments list, then paint.")
    if segment.locked:
        raise GraticuleError(f"{segment_name(bench, segment)} is locked.", "Unlock it in the Segments list to change it.")
    return segment


def segment_name(bench: Bench, segment: Segment) -> str:
    return segment.name or bench.ontology.label(segment.type)


def would_do(bench: Bench, verb: str, *, erase: bool = False) -> str:
    """ "Paint Tumour · only 120–240 HU", or why nothing would happen."""
    try:
        segment = segment_in_hand(bench)
    except GraticuleError as reason:
        return reason.message
    return " · ".join([f"{verb} {segment_name(bench, segment)}", *bounds(bench, erase=erase)])


def bounds(bench: Bench, *, erase: bool = False) -> list[str]:
    """What narrows or widens the act: only what differs from the usual."""
    rules, labels, words = bench.paint, bench.workspace.labels, []
    within = labels.get(Segment, rules.inside) if rules.inside else None
    if within is not None and not (erase and within.group == _group(bench)):
        words.append(f"inside {segment_name(bench, within)}")
    if rules.follow:
        words.append("only values like here")
    elif rules.range is not None:
        unit = f" {bench.canvas.unit}" if bench.canvas.unit else ""
        words.append(f"only {rules.range.low:.4g}–{rules.range.high:.4g}{unit}")
    if not erase and rules.over == ALL:
        words.append("over all others")
    if not erase and rules.over == CHOSEN and rules.chosen:
        names = [segment_name(bench, one) for one in labels.of(Segment) if one.id in rules.chosen]
        words.append(f"over {names[0]}" if len(names) == 1 else f"over {len(names)} others")
    return words


def _group(bench: Bench) -> str:
    segment = bench.workspace.labels.get(Segment, bench.active_segment) if bench.active_segment else None
    return segment.group if segment else ""
