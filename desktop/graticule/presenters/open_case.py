"""The case on the desk: everything a page needs to show it and to change its labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

if TYPE_CHECKING:  # NumPy, and all that stands on it, is imported after the first paint
    from graticule.domain.case import Case
    from graticule.domain.codes import Ontology
    from graticule.domain.labels import Labels
    from graticule.domain.picture import Picture
    from graticule.domain.progress import Progress
    from graticule.domain.recording import Recording
    from graticule.domain.viewing import Look
    from graticule.domain.volume import Volume
    from graticule.editing.clipboard import Clipboard
    from graticule.editing.events import Bus
    from graticule.editing.workspace import Workspace
    from graticule.jobs import Runner
    from graticule.presenters.assistants import CaseAssistant
    from graticule.presenters.companions import Companions
    from graticule.presenters.comparing import Reference
    from graticule.presenters.phase_passage import Passage
    from graticule.presenters.phases import Phases
    from graticule.study.protocol import Protocol as StudyProtocol


Content: TypeAlias = "Volume | Picture | Recording"


class Opening(Protocol):
    """A case being read: `content` has its geometry at once, `fill` brings the samples."""

    @property
    def content(self) -> Content: ...

    def fill(self, progress: Progress, on_slice: Callable[[int], None], first: int | None = None) -> None:
        """Decode what has not arrived, from slice `first` (or the middle) outwards; call `on_slice(k)` after each."""
        ...


@dataclass(eq=False)
class OpenCase:
    """Made by the desk, given to a page, gone when the case is left.

    opening: None when every sample is already in `content`; otherwise the page runs `opening.fill` in `runner`.
    runner: what it started is cancelled when the case is left, so no result comes home to a page that is gone.
    ontology: the concepts of every table in use. new_id: makes an id for a new element.
    view_state: what the page's `view_state()` gave when the case was last left; {} the first time.
    version: 1, or more once a signed read is being corrected.
    beside: labels that came in files with the images (a sender's drawings and measurements); shown, never changed.
    references: masks of this case from elsewhere, to compare with; read only when somebody asks.
    companions: other images of the same patient that may be shown beside the case; None where nobody looked for any.
    clipboard: the desk's, so that what is copied in one case can be pasted in the next; None where nothing can be copied.
    assistant: a program on another computer that may propose masks; None where none can. reader: whose acts these are.
    looks: what of the case stood on the screen before it was opened this time.
    phases: the other moments of the same series; None where there are none. passage: what came along from one of them.
    """

    case: Case
    content: Content
    opening: Opening | None
    workspace: Workspace
    bus: Bus
    protocol: StudyProtocol
    ontology: Ontology
    runner: Runner
    new_id: Callable[[], str]
    view_state: dict[str, Any] = field(default_factory=dict)
    version: int = 1
    companions: Companions | None = None
    beside: tuple[Labels, ...] = ()
    references: tuple[Reference, ...] = ()
    clipboard: Clipboard | None = None
    assistant: CaseAssistant | None = None
    reader: str = ""
    phases: Phases | None = None
    passage: Passage | None = None
    looks: tuple[Look, ...] = ()
