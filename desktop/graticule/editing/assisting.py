"""What the assistant tool needs of the desk: the assistant that was set up, if it may be asked at all."""

from collections.abc import Callable
from typing import Protocol

from graticule.domain.assistant import AssistantModel, AssistantQuestion, Suggestion
from graticule.domain.elements import Assistance
from graticule.domain.progress import Progress


class Assisting(Protocol):
    """`editing` declares it, `presenters.assistants` is it."""

    @property
    def title(self) -> str:
        """How the assistant is called on the screen."""
        ...

    @property
    def image(self) -> str:
        """A word that is another for another image, and tells nothing of it."""
        ...

    @property
    def model(self) -> AssistantModel | None:
        """The chosen one; None while the server has not answered."""
        ...

    def refuse(self) -> None:
        """GraticuleError when it may not, or cannot, be asked now."""
        ...

    def asker(self, question: AssistantQuestion) -> Callable[[Progress], Suggestion]:
        """Notes that the assistant is asked; the work of asking, for a job."""
        ...

    def evidence(self, element_id: str, segment: str, prompts: int, voxels: int) -> Assistance:
        """What the labels keep of a proposal that is taken."""
        ...
