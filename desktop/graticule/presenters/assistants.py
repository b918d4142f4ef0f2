"""The assistant of an open case: which one was set up, whether it may be asked here, and what its server says."""

import hashlib
import secrets
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graticule.domain.assistant import (
    AssistantClient,
    AssistantModel,
    AssistantNode,
    AssistantQuestion,
    AssistantState,
    Suggestion,
)
from graticule.domain.elements import Assistance
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.editing.events import Bus
from graticule.jobs import Runner
from graticule.jobs.runner import NETWORK
from graticule.study.protocol import AFTER_READ, NEVER

SENT = ("Sent are the values of the image, its voxel grid, and what you show (points, boxes, scribbles), over to this address. "
        "No name, date, number or label text leaves this computer.")
OPEN_LINE = "The connection is not encrypted: use it only inside a network you trust."
SHARED = "This server holds one image for all who use it: nobody else may use it meanwhile."


@dataclass(frozen=True, slots=True)
class AssistantSort:
    """One that can be chosen. example: an address of its kind."""

    name: str
    title: str
    example: str


class Assistants(Protocol):
    """What is installed and what the reader set up, for all cases (`desk_assistants`)."""

    def sorts(self) -> Sequence[AssistantSort]: ...

    def node(self) -> AssistantNode | None:
        """The one that was set up; None when assistants are off, as they are at first."""
        ...

    def keep(self, node: AssistantNode | None, key: str | None) -> None:
        """Use this one from now on. key: its access key, None to leave what is kept."""
        ...

    def connected(self, node: AssistantNode) -> AssistantClient: ...

    def note(self, data: Mapping[str, Any]) -> None:
        """Write down in the log of this computer that an assistant was asked: ids and counts, no names."""
        ...


@dataclass(frozen=True, slots=True)
class AssistantChanged:
    """What is known of the assistant is another now."""

    case_id: str


class CaseAssistant:
    """signed_before: whether the reader has signed an independent read of this case already (a correction is under way)."""

    def __init__(self, case_id: str, rule: str, signed_before: Callable[[], bool], source: Assistants, runner: Runner,
                 bus: Bus) -> None:
        self._case_id, self._rule, self._signed_before = case_id, rule, signed_before
        self._source, self._runner, self._bus = source, runner, bus
        self.image = secrets.token_hex(8)
        self.node: AssistantNode | None = None
        self.state: AssistantState | None = None
        self.trouble: GraticuleError | None = None
        self.looking = False
        self.asked = 0
        self._model = ""
        self._client: AssistantClient | None = None
        self._talking = threading.Lock()

    # --- what is shown ----------------------------------------------------------------------------------------------

    @property
    def sorts(self) -> Sequence[AssistantSort]:
        return self._source.sorts()

    @property
    def title(self) -> str:
        node = self.node
        return next((sort.title for sort in self.sorts if node is not None and sort.name == node.kind), "Assistant")

    @property
    def models(self) -> tuple[AssistantModel, ...]:
        return self.state.models if self.state else ()

    @property
    def model(self) -> AssistantModel | None:
        return next((model for model in self.models if model.name == self._model), self.models[0] if self.models else None)

    @property
    def warnings(self) -> list[str]:
        """What the reader should know of the chosen server."""
        open_line = self.node is not None and self.node.address.startswith("http:") and not _on_this_computer(self.node.address)
        return [*([OPEN_LINE] if open_line else []), *([SHARED] if self.state and self.state.shared else [])]

    def forbidden(self) -> GraticuleError | None:
        """Why the study does not let an assistant into this read; None when it does."""
        if self._rule == NEVER:
            return GraticuleError("This study does not allow assistants.", "Outline by hand or with the tools of this computer.")
        if self._rule == AFTER_READ and not self._signed_before():
            return GraticuleError("This study allows assistants only after your independent read is signed.",
                                  "Outline and sign first; then correct it as a new version, with the assistant.")
        return None

    # --- what is done -----------------------------------------------------------------------------------------------

    def choose_model(self, name: str) -> None:
        if name != self._model:
            self._model = name
            self._tell()

    def set_up(self, node: AssistantNode | None, key: str | None = None) -> None:
        """Use another assistant, or none; then see whether it answers."""
        self._source.keep(node, key)
        self._hang_up()
        self.state, self.trouble, self._model = None, None, ""
        self.look()

    def look(self) -> None:
        """Ask the server what it can do. Nothing goes out while no assistant is set up, or where the study forbids it."""
        node = self._source.node()
        if node != self.node:
            self._hang_up()
            self.node, self.state = node, None
        self.trouble = None
        if node is None or self.forbidden() is not None:
            self._tell()
            return
        self.looking = True
        self._tell()
        self._runner.start(lambda progress: self._spoken(lambda client: client.look(progress)), done=self._looked,
                           failed=self._cannot_look, lane=NETWORK)

    def refuse(self) -> None:
        """GraticuleError when it may not, or cannot, be asked now."""
        reason = self.forbidden()
        if reason is not None:
            raise reason
        if self._source.node() is None:
            raise GraticuleError("No assistant is set up.", "Choose one under “Assistant” in the right column.")
        if self.trouble is not None:
            raise self.trouble

    def asker(self, question: AssistantQuestion) -> Callable[[Progress], Suggestion]:
        """Notes the question before it goes out: an assistant that was only asked has been seen as well."""
        self.refuse()
        self.asked += 1
        self._source.note({"case": self._case_id, "model": question.model.name, "prompts": len(question.prompts),
                           **self._named()})
        return lambda progress: self._spoken(lambda client: client.suggest(question, progress))

    def evidence(self, element_id: str, segment: str, prompts: int, voxels: int) -> Assistance:
        model = self.model
        named = self._named()
        return Assistance(id=element_id, assistant=named["assistant"], server=named["server"], prompts=prompts, segment=segment,
                          model=model.name if model else "", voxels=voxels)

    def close(self, runner: Runner) -> None:
        """The case is left. runner: one that outlives it, to tell the server."""
        self._hang_up(runner)

    # --- inside -----------------------------------------------------------------------------------------------------

    def _named(self) -> dict[str, str]:
        """The sort, and the address as a fingerprint: enough to tell two servers apart, too little to find one."""
        node = self.node or AssistantNode("", "")
        return {"assistant": node.kind, "server": hashlib.sha256(node.address.encode()).hexdigest()}

    def _spoken(self, act: Callable[[AssistantClient], Any]) -> Any:
        with self._talking:
            node = self.node
            if node is None:
                raise GraticuleError("No assistant is set up.", "Choose one under “Assistant” in the right column.")
            if self._client is None:
                self._client = self._source.connected(node)
            return act(self._client)

    def _hang_up(self, runner: Runner | None = None) -> None:
        client, self._client = self._client, None
        if client is not None:
            (runner or self._runner).start(lambda progress: client.close(), done=lambda nothing: None,
                                           failed=lambda fault: None, lane=NETWORK)

    def _looked(self, state: AssistantState) -> None:
        self.state, self.looking = state, False
        if not state.models:
            self.trouble = GraticuleError("The assistant offers no model that outlines volumes.", "Ask whoever looks after it.")
        self._tell()

    def _cannot_look(self, fault: GraticuleError) -> None:
        self.state, self.looking, self.trouble = None, False, fault
        self._tell()

    def _tell(self) -> None:
        self._bus.publish(AssistantChanged(self._case_id))


def _on_this_computer(address: str) -> bool:
    return any(f"//{name}" in address for name in ("localhost", "127.0.0.1", "[::1]"))


