"""nnInteractive on a server: the image goes there once, then prompt after prompt, each answered with the mask so far.

Two servers are about, both on port 1527 by default: nnInteractive's own (since version 2, `nninteractive_own`) and the one that
came with SlicerNNInteractive before (`nninteractive_slicer`). Which of them answers is found by asking.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, ClassVar, Protocol

import numpy as np

from graticule.assistants.nninteractive_own import OwnServer
from graticule.assistants.nninteractive_slicer import SlicerServer
from graticule.assistants.wire import THINK_S, Wire
from graticule.domain.assistant import AssistantModel, AssistantNode, AssistantQuestion, AssistantState, Prompt, Suggestion
from graticule.domain.geometry import Array
from graticule.domain.progress import Progress


class Server(Protocol):
    """One of the two servers. Masks are bool (k, j, i) of the whole grid."""

    shared: bool

    def prompts(self, progress: Progress) -> tuple[str, ...]:
        """What it can be shown."""
        ...

    def bring_image(self, voxels: Array, progress: Progress) -> None: ...

    def start_from(self, mask: Array | None, progress: Progress) -> None:
        """Forget every prompt; begin with this mask, or with nothing."""
        ...

    def show(self, prompt: Prompt, progress: Progress) -> Array:
        """One more prompt; the mask that all of them lead to."""
        ...

    def lost(self) -> bool:
        """Whether the server forgot us, so that all has to be brought again; asking resets it."""
        ...

    def close(self) -> None: ...


class NnInteractive:
    """think_s: how long a prediction may take."""

    name: ClassVar[str] = "nninteractive"
    title: ClassVar[str] = "nnInteractive"
    example: ClassVar[str] = "http://gpu.hospital.example:1527"

    def __init__(self, node: AssistantNode, key: str = "", think_s: float = THINK_S) -> None:
        self._wire = Wire(node, {"Authorization": f"Bearer {key}"} if key else {}, think_s)
        self._server: Server | None = None
        self._image = ""
        self._shown: tuple[Prompt, ...] = ()
        self._start: Array | None = None

    def look(self, progress: Progress) -> AssistantState:
        server = self._found(progress)
        return AssistantState(self.title, (AssistantModel("nnInteractive", server.prompts(progress)),), server.shared)

    def suggest(self, question: AssistantQuestion, progress: Progress) -> Suggestion:
        server = self._found(progress)
        try:
            mask = self._ask(server, question, progress)
            if mask is None:  # the server had dropped us meanwhile: bring everything again, once
                mask = self._ask(server, question, progress)
        except BaseException:
            self._forget()  # what the server knows of us now is anybody's guess
            raise
        return _suggestion(mask if mask is not None else np.zeros(question.grid.shape, dtype=bool))

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self._server = None
        self._forget()
        self._wire.drop()

    def _found(self, progress: Progress) -> Server:
        if self._server is None:
            answer = self._wire.ask("GET", "/healthz", progress, text="Looking at the assistant")
            self._server = OwnServer(self._wire) if answer.status == 200 else SlicerServer(self._wire)
        return self._server

    def _ask(self, server: Server, question: AssistantQuestion, progress: Progress) -> Array | None:
        """None when the server dropped us on the way."""
        mask: Array | None = None
        for step in self._steps(server, question):
            mask = step(progress)
            if server.lost():
                self._forget()
                return None
        return mask

    def _steps(self, server: Server, question: AssistantQuestion) -> Iterator[Callable[[Progress], Array | None]]:
        """What has still to be said: image, start and prompts as far as the server does not have them."""
        if self._image != question.image:
            self._forget()
            yield partial(_quietly, server.bring_image, question.voxels)
            self._image = question.image
        known = len(self._shown)
        if not known or not _begins_with(question.prompts, self._shown) or self._start is not question.start:
            known, self._shown, self._start = 0, (), question.start
            yield partial(_quietly, server.start_from, question.start)
        for prompt in question.prompts[known:]:
            yield partial(server.show, prompt)
            self._shown = (*self._shown, prompt)

    def _forget(self) -> None:
        self._image, self._shown, self._start = "", (), None


def _quietly(step: Callable[[Any, Progress], None], what: Any, progress: Progress) -> None:
    """A step that leads to no mask."""
    step(what, progress)


def _begins_with(prompts: Sequence[Prompt], shown: Sequence[Prompt]) -> bool:
    """At least one prompt is new: without one the server would have nothing to answer."""
    return len(prompts) > len(shown) and all(one is other for one, other in zip(prompts, shown, strict=False))


def _suggestion(mask: Array) -> Suggestion:
    k, j, i = (_extent(np.asarray(mask.any(axis=axes))) for axes in ((1, 2), (0, 2), (0, 1)))
    return Suggestion((k, j, i), mask[k, j, i].astype(np.uint8))


def _extent(line: Array) -> slice:
    found = np.flatnonzero(line)
    return slice(int(found[0]), int(found[-1]) + 1) if found.size else slice(0, 0)


