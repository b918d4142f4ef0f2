"""What an operation is, and the words several of them share."""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from graticule.domain.progress import Progress
from graticule.editing.operations.material import Material
from graticule.editing.proposal import Proposal, Proposed
from graticule.imaging.patch import Patch

ISLANDS, SHAPE, COMBINE, PARTS = "Islands", "Shape", "Combine", "Parts"


class Operation(Protocol):
    """One file each. `options` is a frozen dataclass whose field metadata draws the form, as a tool's.

    many: it may be done to all visible segments. sliced: it may be done to one slice. pair: it needs a second segment, named by
    the option `other`. plan: computes beside the hand; GraticuleError when it cannot be done; the proposal has no parts when
    nothing would change, and its note then says why.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    group: ClassVar[str]
    hint: ClassVar[str]
    many: ClassVar[bool]
    sliced: ClassVar[bool]
    options: Any

    @property
    def pair(self) -> bool: ...

    def plan(self, material: Material, progress: Progress) -> Proposal: ...


@dataclass(frozen=True, slots=True)
class NoOptions:
    """Nothing to choose."""


def each(material: Material, progress: Progress, work: "Work", title: str, act: int) -> Proposal:
    """The same work done to every chosen segment: one proposal, with how much there is before and after."""
    parts: list[Proposed] = []
    before, after, held = [], [], 0
    for number, segment in enumerate(material.chosen):
        progress.step(number, len(material.chosen))
        patch = material.patch(segment)
        wanted = work(patch)
        allowed = material.allowed(segment, wanted)
        held += wanted.voxels - allowed.voxels
        if not same(patch, allowed):
            parts += material.becomes(segment, allowed)
        before.append(patch)
        after.append(allowed)
    note = f"{material.amount(*before)} → {material.amount(*after)}" if parts else "Nothing would change."
    return Proposal(named(title, material), tuple(parts), act, note, stopped(held))


class Work(Protocol):
    def __call__(self, patch: Patch, /) -> Patch: ...


def named(title: str, material: Material) -> str:
    """What undo says: "Smooth Tumour", "Smooth 3 segments"."""
    chosen = material.chosen
    return f"{title} {material.names[chosen[0].id]}" if len(chosen) == 1 else f"{title} {len(chosen)} segments"


def stopped(held: int) -> str:
    """Why less than wanted is proposed."""
    return f"Stops at {held:,} voxels that are protected: of other segments, or outside where may be painted." if held else ""


def same(one: Patch, two: Patch) -> bool:
    """Whether two patches hold the same voxels."""
    one, two = one.trimmed(), two.trimmed()
    return one.box == two.box and bool((one.mask == two.mask).all())
