"""Assistants: programs on another computer that propose a mask. What one is asked, and what it may answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar, Protocol

from graticule.domain.geometry import Array, Grid
from graticule.domain.labels import Box
from graticule.domain.progress import Progress

POINT, BOX, SCRIBBLE, LASSO = "point", "box", "scribble", "lasso"
PROMPTS = (POINT, BOX, SCRIBBLE, LASSO)


@dataclass(frozen=True, eq=False)
class Prompt:
    """What the hand shows the assistant. box, mask: voxels of the native grid (k, j, i), and which of them; a POINT is one.

    positive: "this belongs", else "this does not".
    """

    kind: str
    positive: bool
    box: Box
    mask: Array

    @property
    def voxel(self) -> tuple[int, int, int]:
        """(k, j, i) of the box's middle."""
        k, j, i = ((part.start + part.stop - 1) // 2 for part in self.box)
        return k, j, i


@dataclass(frozen=True, slots=True)
class AssistantNode:
    """Where an assistant listens. ca_file: a root certificate beside those of this computer, "" for none."""

    kind: str
    address: str
    ca_file: str = ""


@dataclass(frozen=True, slots=True)
class AssistantModel:
    """One thing the assistant can do. prompts: what it can be shown; needs_prompt: it does nothing without.

    labels: names of the structures it knows, () when it outlines whatever is shown.
    """

    name: str
    prompts: tuple[str, ...] = ()
    needs_prompt: bool = True
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssistantState:
    """What a server says of itself. shared: it holds one image for all who use it, so that two must not use it at once."""

    title: str
    models: tuple[AssistantModel, ...]
    shared: bool = False


@dataclass(frozen=True, eq=False)
class AssistantQuestion:
    """voxels: (k, j, i) values on `grid`; image: a word that is another for another image, and tells nothing of it.

    start: bool (k, j, i), what the segment holds already, None to begin with nothing. label: the structure wanted, "" for any;
    it is one of the model's own labels, never a name that somebody typed.
    """

    voxels: Array
    grid: Grid
    image: str
    model: AssistantModel
    prompts: Sequence[Prompt] = ()
    start: Array | None = None
    label: str = ""


@dataclass(frozen=True, eq=False)
class Suggestion:
    """box of the asked grid, values: (k, j, i) uint8 in it; names: what the server calls each value, {} where it has no names."""

    box: Box
    values: Array
    names: Mapping[int, str] = field(default_factory=dict)


class AssistantClient(Protocol):
    """One conversation with one server. Calls come one at a time, from a job; each may raise GraticuleError or Cancelled."""

    def look(self, progress: Progress) -> AssistantState:
        """Whether the server answers, and what it can do."""
        ...

    def suggest(self, question: AssistantQuestion, progress: Progress) -> Suggestion:
        """The checked answer, on the asked grid. Sends the image first when the server does not have it."""
        ...

    def close(self) -> None:
        """Give back what the server keeps for this conversation."""
        ...


class AssistantKind(Protocol):
    """A sort of server; a class whose objects are made of a node and its key ("" for none) is one."""

    name: ClassVar[str]
    title: ClassVar[str]
    example: ClassVar[str]

    def __call__(self, node: AssistantNode, key: str) -> AssistantClient: ...
