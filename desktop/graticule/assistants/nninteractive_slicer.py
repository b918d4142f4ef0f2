"""The server of SlicerNNInteractive up to its version 0.3: one image for all who use it, .npy files in, one bit a voxel out."""

import json

import numpy as np

from graticule.assistants.arrays import npy, npy_gz, sendable, unpacked
from graticule.assistants.faults import NOT_A_SERVER, NOTHING_CHANGED, garbled
from graticule.assistants.wire import Answer, Parts, Wire, multipart
from graticule.domain.assistant import BOX, LASSO, POINT, PROMPTS, SCRIBBLE, Prompt
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.progress import Progress

_NPY, _NPY_GZ = "volume.npy", "volume.npy.gz"
_PATHS = {POINT: "/add_point_interaction", BOX: "/add_bbox_interaction", SCRIBBLE: "/add_scribble_interaction",
          LASSO: "/add_lasso_interaction"}


class SlicerServer:
    """Its answers say nothing of which image they belong to: nobody else may use the server meanwhile."""

    shared = True

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._shape = (0, 0, 0)

    def prompts(self, progress: Progress) -> tuple[str, ...]:
        """It has no door for asking; its description (OpenAPI) names what it takes."""
        paths = self._wire.document("/openapi.json", progress, "Looking at the assistant").get("paths")
        if not isinstance(paths, dict) or "/upload_image" not in paths:
            raise GraticuleError(*NOT_A_SERVER)
        return tuple(kind for kind in PROMPTS if _PATHS[kind] in paths)

    def bring_image(self, voxels: Array, progress: Progress) -> None:
        k, j, i = (int(n) for n in voxels.shape)
        self._shape = k, j, i
        _refuse_trouble(self._upload("/upload_image", _NPY, npy(sendable(voxels)), progress))

    def start_from(self, mask: Array | None, progress: Progress) -> None:
        """A mask without a voxel resets the prompts."""
        whole = tuple(slice(0, n) for n in self._shape)
        held = np.zeros(self._shape, dtype=np.uint8) if mask is None else mask
        content = npy_gz((whole[0], whole[1], whole[2]), held, self._shape)
        _refuse_trouble(self._upload("/upload_segment", _NPY_GZ, [content], progress))

    def show(self, prompt: Prompt, progress: Progress) -> Array:
        answer = self._draw(prompt, progress) if prompt.kind in (SCRIBBLE, LASSO) else self._point_out(prompt, progress)
        if answer.headers.get("content-type", "").startswith("application/json"):
            _refuse_trouble(answer)
            raise garbled()
        return unpacked(answer.content, self._shape)

    def lost(self) -> bool:
        return False

    def close(self) -> None:
        return None

    def _point_out(self, prompt: Prompt, progress: Progress) -> Answer:
        asked: dict[str, object] = {"positive_click": prompt.positive}
        if prompt.kind == POINT:
            asked["voxel_coord"] = list(prompt.voxel)
        else:
            asked["outer_point_one"] = [side.start for side in prompt.box]
            asked["outer_point_two"] = [side.stop for side in prompt.box]
        return self._say(_PATHS[prompt.kind], [json.dumps(asked).encode()], {"Content-Type": "application/json"}, progress)

    def _draw(self, prompt: Prompt, progress: Progress) -> Answer:
        headers, body = multipart({"positive_click": str(prompt.positive)},
                                  [("file", _NPY_GZ, [npy_gz(prompt.box, prompt.mask, self._shape)])])
        return self._say(_PATHS[prompt.kind], body, headers, progress)

    def _say(self, path: str, body: Parts, headers: dict[str, str], progress: Progress) -> Answer:
        limit = int(np.prod(self._shape)) // 8 + 4096
        return self._wire.ask("POST", path, progress, body=body, headers=headers, limit=limit,
                              text="The assistant is thinking").checked()

    def _upload(self, path: str, name: str, content: Parts, progress: Progress) -> Answer:
        headers, body = multipart({}, [("file", name, content)])
        return self._wire.ask("POST", path, progress, body=body, headers=headers).checked()


def _refuse_trouble(answer: Answer) -> None:
    """This server says with status 200 that it failed. Its own words may name files of its disk: they stay there."""
    if answer.json().get("status") != "ok":
        raise GraticuleError("The assistant could not use what it was sent.", NOTHING_CHANGED)
