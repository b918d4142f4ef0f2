"""A MONAI Label server: `GET /info/`, the image as a session (or into its datastore), `POST /infer/{model}`, a label file back.

Endpoints as in MONAI Label 0.8 (endpoints/info.py, session.py, datastore.py, infer.py). Points go as [i, j, k] of the image sent.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, ClassVar
from urllib.parse import quote, urlencode

import numpy as np

from graticule.assistants.faults import NOT_A_SERVER, garbled
from graticule.assistants.forms import parts_of
from graticule.assistants.mask_files import HEADERS, labels_of, nifti
from graticule.assistants.wire import THINK_S, Wire, multipart
from graticule.domain.assistant import (
    BOX,
    POINT,
    AssistantModel,
    AssistantNode,
    AssistantQuestion,
    AssistantState,
    Prompt,
    Suggestion,
)
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Grid
from graticule.domain.progress import Progress, Silent

# What the server calls its sorts of models (interfaces/tasks/infer_v2.py: InferType), and what each can be shown.
_PROMPTS = {"deepgrow": (POINT, BOX), "deepedit": (POINT,), "annotation": (POINT, BOX), "segmentation": ()}
_ALONE = ("deepedit", "segmentation")
_NO_SESSIONS = (404, 405, 406)
_MOST_NAMES = 255


class MonaiLabel:
    """think_s: how long a prediction may take."""

    name: ClassVar[str] = "monai-label"
    title: ClassVar[str] = "MONAI Label"
    example: ClassVar[str] = "http://gpu.hospital.example:8000"

    def __init__(self, node: AssistantNode, key: str = "", think_s: float = THINK_S) -> None:
        self._wire = Wire(node, {"Authorization": f"Bearer {key}"} if key else {}, think_s)
        self._held, self._session, self._stored = "", "", ""

    def look(self, progress: Progress) -> AssistantState:
        told = self._wire.document("/info/", progress, "Looking at the assistant")
        models = told.get("models")
        if not isinstance(models, dict):
            raise GraticuleError(*NOT_A_SERVER)
        usable = [_model(str(name), about) for name, about in models.items() if isinstance(about, dict)]
        return AssistantState(str(told.get("name") or self.title), tuple(model for model in usable if model is not None))

    def suggest(self, question: AssistantQuestion, progress: Progress) -> Suggestion:
        self._bring_image(question, progress)
        headers, body = multipart({"params": json.dumps(_parameters(question))}, ())
        place = {"image": self._stored} | ({"session_id": self._session} if self._session else {})
        answer = self._wire.ask("POST", f"/infer/{quote(question.model.name, safe='')}?{urlencode(place)}", progress, body=body,
                                headers=headers, limit=_limit(question.grid), text="The assistant is thinking").checked()
        return _suggestion(answer.content, answer.headers.get("content-type", ""), question)

    def close(self) -> None:
        session, self._held, self._session = self._session, "", ""
        if session:
            with suppress(GraticuleError):  # the server forgets it by itself after an hour
                self._wire.ask("DELETE", f"/session/{quote(session, safe='')}", Silent())
        self._wire.drop()

    def _bring_image(self, question: AssistantQuestion, progress: Progress) -> None:
        """Send the image unless the server still has it; a name that tells nothing is made up for it."""
        if self._held == question.image and self._still_there(progress):
            return
        self._held, self._session, self._stored = "", "", f"graticule-{secrets.token_hex(8)}"
        content = nifti(question.voxels, question.grid)
        headers, body = multipart({}, [("files", f"{self._stored}.nii", content)])
        answer = self._wire.ask("PUT", "/session/", progress, body=body, headers=headers)
        if answer.status in _NO_SESSIONS:
            self._store_image(content, progress)
        else:
            self._session = _word(answer.checked().json(), "session_id")
        self._held = question.image

    def _store_image(self, content: Sequence[bytes | memoryview], progress: Progress) -> None:
        headers, body = multipart({}, [("file", f"{self._stored}.nii", content)])
        answer = self._wire.ask("PUT", f"/datastore/?{urlencode({'image': self._stored})}", progress, body=body, headers=headers)
        self._stored = _word(answer.checked().json(), "image")

    def _still_there(self, progress: Progress) -> bool:
        if not self._session:
            return True
        return self._wire.ask("GET", f"/session/{quote(self._session, safe='')}", progress).status == 200


def _model(name: str, about: Mapping[str, Any]) -> AssistantModel | None:
    kind = str(about.get("type", "segmentation"))
    if kind not in _PROMPTS or about.get("dimension", 3) == 2:
        return None  # scribbles and detection models answer with something else than a mask of the volume
    return AssistantModel(name, _PROMPTS[kind], kind not in _ALONE, tuple(_names(about.get("labels")).values()))


def _names(labels: Any) -> dict[int, str]:
    """Names by value, from {"spleen": 1} or ["spleen", …] (counted from 1); "background" is no label."""
    if isinstance(labels, dict):
        pairs = [(value, str(name)) for name, value in labels.items() if type(value) is int]
    elif isinstance(labels, list):
        pairs = list(enumerate((str(name) for name in labels if name != "background"), start=1))
    else:
        pairs = []
    return {value: name for value, name in pairs[:_MOST_NAMES] if 0 < value <= 255 and name != "background"}


def _parameters(question: AssistantQuestion) -> dict[str, Any]:
    points = {positive: [_ijk(p) for p in question.prompts if p.kind == POINT and p.positive is positive]
              for positive in (True, False)}
    asked: dict[str, Any] = {"foreground": points[True], "background": points[False], "result_extension": ".nii.gz",
                             "result_dtype": "uint8", "result_compress": True}
    if question.label:
        asked |= {"label": question.label, question.label: points[True]}
    boxes = [p for p in question.prompts if p.kind == BOX]
    if boxes:
        k, j, i = boxes[-1].box
        asked["roi"] = [i.start, i.stop - 1, j.start, j.stop - 1, k.start, k.stop - 1]
    return asked


def _ijk(prompt: Prompt) -> list[int]:
    return [int(n) for n in prompt.voxel[::-1]]


def _limit(grid: Grid) -> int:
    return int(np.prod(grid.shape)) * 8 + HEADERS


def _suggestion(content: bytes, content_type: str, question: AssistantQuestion) -> Suggestion:
    parts = parts_of(content, content_type) if content_type.startswith("multipart/") else []
    files = [part for part in parts if part.file]
    if not files:
        raise GraticuleError("The assistant answered without a mask.", "Nothing was changed. Ask it another way.")
    told = next((part.content for part in parts if part.name == "params"), b"{}")
    try:
        parameters = json.loads(told)
    except (ValueError, RecursionError) as fault:
        raise garbled() from fault
    values = labels_of(files[0].content, files[0].file.lower(), question.grid)
    named = _names(parameters.get("label_names")) if isinstance(parameters, dict) else {}
    k, j, i = (slice(0, n) for n in question.grid.shape)
    return Suggestion((k, j, i), values, named or dict(enumerate(question.model.labels, start=1)))


def _word(told: Mapping[str, Any], key: str) -> str:
    found = told.get(key)
    if not isinstance(found, str) or not 0 < len(found) <= 200:
        raise garbled()
    return found
