"""nnInteractive's own server (version 2): a lease for each reader, packed arrays, and only what changed comes back."""

import json
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from graticule.assistants.arrays import packed, sendable, unpack
from graticule.assistants.faults import garbled
from graticule.assistants.wire import Answer, Parts, Wire
from graticule.domain.assistant import BOX, LASSO, POINT, PROMPTS, SCRIBBLE, Prompt
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.progress import Progress, Silent

LEASE, META = "X-Lease-Token", "X-Meta"
_GONE = 410
_BINARY, _JSON = "application/octet-stream", "application/json"
_PATHS = {POINT: "/add_point_interaction", BOX: "/add_bbox_interaction", SCRIBBLE: "/add_scribble_interaction",
          LASSO: "/add_lasso_interaction"}
_LEAST_BEAT_S = 5.0


class OwnServer:
    """Keeps the mask here, as the server changes it region by region."""

    shared = False

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._mask: Array = np.zeros((0, 0, 0), dtype=bool)
        self._gone = False
        self._beat: _Heartbeat | None = None

    def prompts(self, progress: Progress) -> tuple[str, ...]:
        self._claim(progress)
        told = self._wire.ask("GET", "/capabilities", progress).checked().json().get("supported_interactions")
        if not isinstance(told, dict):
            raise garbled()
        # "bbox2d" and "bbox3d" stand apart in its list; a box drawn on a slice is two-dimensional.
        return tuple(kind for kind in PROMPTS if any(on and str(name).startswith(_WORDS[kind]) for name, on in told.items()))

    def bring_image(self, voxels: Array, progress: Progress) -> None:
        self._claim(progress)
        self._mask = np.zeros(voxels.shape, dtype=bool)
        headers = {META: json.dumps({"image_properties": {}}), "Content-Type": _BINARY}
        self._kept("/set_image", packed(sendable(voxels)[None]), headers, progress)
        if not self._gone:
            wanted = _body({"shape": list(voxels.shape), "dtype": "uint8"})
            self._kept("/set_target_buffer", wanted, {"Content-Type": _JSON}, progress)

    def start_from(self, mask: Array | None, progress: Progress) -> None:
        self._mask[...] = False if mask is None else mask
        if mask is None:
            self._kept("/reset_interactions", (), {}, progress)
        else:
            headers = {META: json.dumps({"run_prediction": False}), "Content-Type": _BINARY}
            self._kept("/add_initial_seg_interaction", packed(mask.astype(np.uint8)), headers, progress)

    def show(self, prompt: Prompt, progress: Progress) -> Array:
        how = {"include_interaction": prompt.positive, "run_prediction": True}
        if prompt.kind in (SCRIBBLE, LASSO):
            box = [[side.start, side.stop] for side in prompt.box]
            headers = {META: json.dumps({**how, "interaction_bbox": box}), "Content-Type": _BINARY}
            answer = self._kept(_PATHS[prompt.kind], packed(prompt.mask.astype(np.uint8)), headers, progress)
        else:
            where = ({"coordinates": list(prompt.voxel)} if prompt.kind == POINT
                     else {"bbox_coords": [[side.start, side.stop] for side in prompt.box]})
            answer = self._kept(_PATHS[prompt.kind], _body({**how, **where}), {"Content-Type": _JSON}, progress)
        if answer is not None:
            self._take(answer)
        return self._mask.copy()

    def lost(self) -> bool:
        gone, self._gone = self._gone, False
        if gone:
            self._wire.headers.pop(LEASE, None)
        return gone

    def close(self) -> None:
        self._stop_beat()
        if LEASE in self._wire.headers:
            with suppress(GraticuleError):  # the server takes the place back by itself once it hears nothing
                self._wire.ask("POST", "/release", Silent())
            self._wire.headers.pop(LEASE, None)

    def _claim(self, progress: Progress) -> None:
        if LEASE in self._wire.headers:
            return
        told = self._wire.ask("POST", "/claim", progress, text="Looking at the assistant").checked().json()
        token, live_s = told.get("lease_token"), told.get("liveness_timeout_seconds", 0)
        if not isinstance(token, str) or not token.isalnum() or not isinstance(live_s, int | float):
            raise garbled()
        self._wire.headers[LEASE] = token
        self._stop_beat()
        if live_s > 0:
            self._beat = _Heartbeat(self._wire, max(_LEAST_BEAT_S, live_s / 2))

    def _stop_beat(self) -> None:
        if self._beat is not None:
            self._beat.stop()
            self._beat = None

    def _kept(self, path: str, body: Parts, headers: Mapping[str, str], progress: Progress) -> Answer | None:
        """The answer; None, and `lost`, when the server has given our place away."""
        limit = self._mask.size + (4 << 20)
        answer = self._wire.ask("POST", path, progress, body=body, headers=headers, limit=limit, text="The assistant is thinking")
        if answer.status == _GONE:
            self._gone = True
            return None
        return answer.checked()

    def _take(self, answer: Answer) -> None:
        """Write the region that changed into the mask; what does not fit it exactly is refused."""
        try:
            told = json.loads(answer.headers.get(META.lower(), "") or "{}")
        except (ValueError, RecursionError) as fault:
            raise garbled() from fault
        if not isinstance(told, dict) or not told.get("ran_prediction"):
            raise garbled()
        if told.get("bbox") is None:
            return
        sides = [_side(pair, size) for pair, size in zip(_listed(told["bbox"]), self._mask.shape, strict=True)]
        values = unpack(answer.content, [side.stop - side.start for side in sides])
        if values.dtype.kind == "f" and not np.isfinite(values).all():
            raise garbled()
        self._mask[tuple(sides)] = values != 0


class _Heartbeat:
    """Says now and then that the reader is still there, so that the server does not give the place away."""

    def __init__(self, wire: Wire, every_s: float) -> None:
        self._wire, self._every_s = wire, every_s
        self._end = threading.Event()
        threading.Thread(target=self._go, daemon=True, name="graticule-assistant-beat").start()

    def stop(self) -> None:
        self._end.set()

    def _go(self) -> None:
        while not self._end.wait(self._every_s):
            try:
                if self._wire.ask("POST", "/heartbeat", Silent()).status == _GONE:
                    return
            except GraticuleError:
                continue  # the next question will tell the reader


_WORDS = {POINT: "point", BOX: "bbox", SCRIBBLE: "scribble", LASSO: "lasso"}


def _body(document: Mapping[str, Any]) -> list[bytes]:
    return [json.dumps(document).encode()]


def _listed(told: Any) -> list[Any]:
    if not isinstance(told, list) or len(told) != 3:
        raise garbled()
    return told


def _side(pair: Any, size: int) -> slice:
    if not (isinstance(pair, list) and len(pair) == 2 and all(type(n) is int for n in pair) and 0 <= pair[0] < pair[1] <= size):
        raise garbled()
    return slice(pair[0], pair[1])
