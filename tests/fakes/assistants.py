"""Small servers that speak as MONAI Label, nnInteractive and the older SlicerNNInteractive server do, over real HTTP.

Each outlines what is bright like the prompt and joined to it. `fault` makes the next answers wrong in one way (FAULTS).
"""

import gzip
import io
import json
import re
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import imagecodecs
import nibabel
import nrrd
import numpy as np
from scipy import ndimage

SLOW_S = 30.0


def joined_to(voxels: np.ndarray, place: tuple[int, ...], reach: float) -> np.ndarray:
    """bool: voxels whose values lie within `reach` of that at `place` and that are joined to it."""
    close = np.abs(voxels.astype(np.float64) - float(voxels[place])) <= reach
    found, _ = ndimage.label(close)
    return np.asarray(found == found[place])


@dataclass
class World:
    """What a server holds and what it was asked. wait: set when a slow answer should stop waiting."""

    reach: float = 100.0
    fault: str = ""
    image: np.ndarray | None = None
    affine: np.ndarray | None = None
    mask: np.ndarray | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)
    key: str = ""
    sessions: bool = True
    uploads: int = 0
    lease: str = ""
    claims: int = 0
    answer_as: str = ".nii.gz"
    flip: bool = False
    names: dict[str, int] = field(default_factory=lambda: {"tumour": 1, "background": 0})
    end: threading.Event = field(default_factory=threading.Event)

    def paths(self) -> list[str]:
        return [path for _, path in self.asked]


class Speaker(BaseHTTPRequestHandler):
    """The part that every server has."""

    protocol_version = "HTTP/1.1"
    world: World

    def log_message(self, format: str, *args: Any) -> None:
        return None

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PUT = do_DELETE = do_GET

    def _serve(self) -> None:
        body = self._body()
        path = self.path.partition("?")[0]
        self.world.asked.append((self.command, path))
        if self.world.key and self.headers.get("Authorization") != f"Bearer {self.world.key}":
            self.reply(401, b"{}", "application/json")
            return
        if self.world.fault == "redirect":
            self.send_response(307)
            self.send_header("Location", "http://elsewhere.example/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        try:
            self.answer(path, body)
        except BrokenPipeError:
            return

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, path: str, body: bytes) -> None:
        raise AssertionError(path)

    def json(self, document: Any, status: int = 200) -> None:
        self.reply(status, json.dumps(document).encode(), "application/json")

    def reply(self, status: int, content: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def failed(self) -> bool:
        """Answer with the fault that any server may have; True when that was all."""
        if self.world.fault == "500":
            self.reply(500, b"Traceback: /home/user/secret", "text/plain")
        elif self.world.fault == "slow":
            self.world.end.wait(SLOW_S)
            self.json({})
        elif self.world.fault == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "100000")
            self.end_headers()
            self.wfile.write(b"half")
            self.close_connection = True
        elif self.world.fault == "words":
            self.reply(200, b"<html>hello</html>", "text/html")
        else:
            return False
        return True


def form(body: bytes, kind: str) -> dict[str, bytes]:
    """Fields and files of a multipart body, by field name."""
    boundary = re.search("boundary=([^;]+)", kind)
    assert boundary is not None
    found = {}
    for piece in body.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, content = piece.partition(b"\r\n\r\n")
        name = re.search(rb'name="([^"]+)"', head)
        assert name is not None
        found[name[1].decode()] = content[:-2]
    return found


class MonaiSpeaker(Speaker):
    """MONAI Label 0.8."""

    def answer(self, path: str, body: bytes) -> None:
        world = self.world
        if path == "/info/":
            if not self.failed():
                self.json({"name": "Radiology", "labels": list(world.names), "models": {
                    "deepedit": {"type": "deepedit", "labels": world.names, "dimension": 3},
                    "deepgrow_3d": {"type": "deepgrow", "labels": [], "dimension": 3},
                    "deepgrow_2d": {"type": "deepgrow", "labels": [], "dimension": 2},
                    "segmentation": {"type": "segmentation", "labels": world.names, "dimension": 3},
                    "histogram": {"type": "scribbles", "labels": [], "dimension": 3}}})
        elif path == "/session/" and self.command == "PUT":
            if not world.sessions:
                self.json({"detail": "Session Feature is Not Enabled"}, 406)
                return
            self._take(form(body, self.headers["Content-Type"])["files"])
            self.json({"session_id": "abc", "session_info": {}})
        elif path.startswith("/session/"):
            self.json({}, 200 if world.image is not None else 404)
        elif path == "/datastore/":
            self._take(form(body, self.headers["Content-Type"])["file"])
            self.json({"image": "stored-1"})
        elif path.startswith("/infer/"):
            self._infer(form(body, self.headers["Content-Type"]))
        else:
            self.json({}, 404)

    def _take(self, content: bytes) -> None:
        image = nibabel.Nifti1Image.from_bytes(content)
        self.world.image, self.world.affine = np.asarray(image.dataobj), image.affine
        self.world.uploads += 1

    def _infer(self, fields: dict[str, bytes]) -> None:
        world, asked = self.world, json.loads(fields["params"])
        world.told.append(asked)
        if self.failed():
            return
        assert world.image is not None
        mask = np.zeros(world.image.shape, dtype=np.uint8)
        for point in asked["foreground"]:
            mask |= joined_to(world.image, tuple(point), world.reach).astype(np.uint8)
        if not asked["foreground"]:
            mask = (world.image > world.image.mean() + world.reach).astype(np.uint8)
        for point in asked["background"]:
            mask[joined_to(world.image, tuple(point), world.reach)] = 0
        name, content = self._file(mask)
        limit = "limit"
        parts = [f'--{limit}\r\nContent-Disposition: form-data; name="params"\r\nContent-Type: application/json\r\n\r\n'
                 f'{json.dumps({"label_names": world.names})}\r\n'.encode(),
                 f'--{limit}\r\nContent-Disposition: form-data; name="image"; filename="{name}"\r\n\r\n'.encode(), content,
                 f"\r\n--{limit}--\r\n".encode()]
        whole = b"".join(parts)
        if world.fault == "short form":
            whole = whole[:-30]
        if world.fault == "no file":
            self.json({"params": {}})
            return
        self.reply(200, whole, f"multipart/form-data; boundary={limit}")

    def _file(self, mask: np.ndarray) -> tuple[str, bytes]:
        world, values, affine = self.world, mask, self.world.affine
        assert affine is not None
        if world.fault == "wrong shape":
            values = values[:-1]
        elif world.fault == "NaN":
            values = np.where(values, np.nan, 0).astype(np.float32)
        elif world.fault == "fraction":
            values = values * np.float32(0.5)
        elif world.fault == "elsewhere":
            affine = affine + np.array([[0, 0, 0, 3.0], [0] * 4, [0] * 4, [0] * 4])
        elif world.fault == "256":
            values = values.astype(np.int16) * 300
        elif world.fault == "two masks":
            values = np.stack([values, values], axis=-1)
        if world.flip:
            values, affine = values[::-1, :, ::-1].transpose(1, 0, 2), affine @ _turn(mask.shape)
        if world.answer_as == ".nrrd":
            return "result.nrrd", _nrrd(values, affine, world.fault)
        content = nibabel.Nifti1Image(values, affine).to_bytes()
        if world.fault == "huge claim":
            content = content[:40] + struct.pack("<8h", 3, 30000, 30000, 30000, 1, 1, 1, 1) + content[56:]
        packed = gzip.compress(b"\0" * 200_000_000 if world.fault == "bomb" else content, 1)
        return "result.nii.gz", packed[:-20] if world.fault == "truncated gzip" else packed


def _turn(shape: tuple[int, ...]) -> np.ndarray:
    """From an index of `mask[::-1, :, ::-1].transpose(1, 0, 2)` to one of `mask`."""
    return np.array([[0, -1, 0, shape[0] - 1], [1, 0, 0, 0], [0, 0, -1, shape[2] - 1], [0, 0, 0, 1.0]])


def _nrrd(values: np.ndarray, affine: np.ndarray, fault: str) -> bytes:
    lps = np.diag([-1, -1, 1, 1]) @ affine
    stream = io.BytesIO()
    nrrd.write(stream, values, {"space": "left-posterior-superior", "space directions": lps[:3, :3].T,
                                "space origin": lps[:3, 3], "encoding": "gzip"})
    content = stream.getvalue()
    if fault == "other file":
        content = content.replace(b"encoding: gzip\n", b"encoding: gzip\ndata file: /etc/passwd\n")
    return content[:-20] if fault == "truncated gzip" else content


class SlicerSpeaker(Speaker):
    """The server of SlicerNNInteractive 0.3."""

    def answer(self, path: str, body: bytes) -> None:
        world = self.world
        if path == "/healthz":
            self.json({"detail": "Not Found"}, 404)
        elif path == "/openapi.json":
            self.json({"paths": {f"/{name}": {} for name in ("upload_image", "upload_segment", *_INTERACTIONS)}})
        elif path == "/upload_image":
            if not self.failed():
                world.image = np.load(io.BytesIO(form(body, self.headers["Content-Type"])["file"]))
                world.mask, world.uploads = np.zeros(world.image.shape, dtype=bool), world.uploads + 1
                self.json({"status": "ok"})
        elif world.image is None or world.fault == "forgot":
            self.json({"status": "error", "message": "No image uploaded"})
        elif path == "/upload_segment":
            world.mask = np.load(io.BytesIO(gzip.decompress(form(body, self.headers["Content-Type"])["file"]))) != 0
            self.json({"status": "ok"})
        elif not self.failed():
            self._interact(path, body)

    def _interact(self, path: str, body: bytes) -> None:
        world = self.world
        if path == "/add_point_interaction":
            told = json.loads(body)
            places, positive = [tuple(told["voxel_coord"])], told["positive_click"]
        elif path == "/add_bbox_interaction":
            told = json.loads(body)
            ends = np.sort([told["outer_point_one"], told["outer_point_two"]], axis=0)
            places, positive = [tuple((ends[0] + ends[1]) // 2)], told["positive_click"]
        else:
            fields = form(body, self.headers["Content-Type"])
            drawn = np.load(io.BytesIO(gzip.decompress(fields["file"])))
            assert world.image is not None and drawn.shape == world.image.shape
            places, positive = [tuple(p) for p in np.argwhere(drawn)], fields["positive_click"] == b"True"
        world.told.append((path, len(places), positive))
        change(world, places, positive)
        bits = np.packbits(world.mask)
        if world.fault == "wrong shape":
            bits = bits[:-1]
        content = gzip.compress(b"\0" * 200_000_000 if world.fault == "bomb" else bits.tobytes(), 1)
        if world.fault == "truncated gzip":
            content = content[:-12]
        elif world.fault == "no gzip":
            content = b"not gzip at all"
        self.reply(200, content, "application/octet-stream", Content_Encoding="gzip")


_INTERACTIONS = ("add_point_interaction", "add_bbox_interaction", "add_lasso_interaction", "add_scribble_interaction")


def change(world: World, places: list[tuple[int, ...]], positive: bool) -> None:
    assert world.image is not None and world.mask is not None
    for place in places[:: max(1, len(places) // 5)]:
        world.mask[joined_to(world.image, place, world.reach)] = positive


def unpack(content: bytes) -> np.ndarray:
    """nnInteractive's container, written down here a second time (serialization.py of its version 2)."""
    magic, version, _codec, ndim, letters = struct.unpack_from("<4sBBBB", content)
    assert (magic, version) == (b"NNIA", 1)
    dtype, at = content[8:8 + letters].decode(), 8 + letters
    shape = struct.unpack_from(f"<{ndim}q", content, at)
    (chunks,) = struct.unpack_from("<I", content, at + 8 * ndim)
    at, raw = at + 8 * ndim + 4, b""
    for _ in range(chunks):
        plain, stored = struct.unpack_from("<QQ", content, at)
        chunk = content[at + 16:at + 16 + stored]
        raw += bytes(plain) if len(chunk) == 32 and chunk[31] >> 4 == 1 else bytes(imagecodecs.blosc2_decode(chunk))
        at += 16 + stored
    assert len(raw) == np.prod(shape) * np.dtype(dtype).itemsize
    return np.frombuffer(raw, dtype).reshape(shape)


def pack(array: np.ndarray, fault: str = "") -> bytes:
    name, raw = array.dtype.name.encode(), np.ascontiguousarray(array).tobytes()
    chunk = bytes(imagecodecs.blosc2_encode(raw, level=1, compressor="lz4", shuffle="noshuffle", typesize=1))
    claimed = 1 << 40 if fault == "huge claim" else len(raw)
    shape = (30000, 30000, 30000) if fault == "huge claim" else array.shape
    if fault == "truncated gzip":
        chunk = chunk[:-1]
    if fault == "no gzip":
        chunk = bytes(len(chunk))
    return b"".join([struct.pack("<4sBBBB", b"NNIA", 1, 2, array.ndim, len(name)), name, struct.pack("<3q", *shape),
                     struct.pack("<I", 1), struct.pack("<QQ", claimed, len(chunk)), chunk])


class OwnSpeaker(Speaker):
    """nninteractive-server 2."""

    def answer(self, path: str, body: bytes) -> None:
        world = self.world
        if path == "/healthz":
            self.json({"ok": True})
        elif path == "/claim":
            world.claims += 1
            world.lease = f"lease{world.claims}"
            if world.fault == "full":
                self.json({"detail": "server is at capacity"}, 503)
            else:
                self.json({"lease_token": world.lease, "idle_timeout_seconds": 600.0, "liveness_timeout_seconds": 60.0})
        elif path == "/capabilities":
            able = {"points": True, "bbox2d": True, "bbox3d": False, "scribble": True, "lasso": True}
            self.json({"supported_interactions": able})
        elif self.headers.get("X-Lease-Token") != world.lease:
            self.json({"detail": "lease expired or unknown"}, 410)
        elif path == "/set_image":
            if not self.failed():
                world.image = unpack(body)[0]
                world.uploads += 1
                self.json({"original_image_shape": [1, *world.image.shape]})
        elif path == "/set_target_buffer":
            world.mask = np.zeros(json.loads(body)["shape"], dtype=bool)
            self.json({})
        elif path == "/reset_interactions":
            world.mask = np.zeros_like(world.mask)
            self.json({})
        elif path == "/add_initial_seg_interaction":
            world.mask = unpack(body) != 0
            self._send(None)
        elif path in ("/release", "/heartbeat"):
            self.json({})
        elif not self.failed():
            self._interact(path, body)

    def _interact(self, path: str, body: bytes) -> None:
        world = self.world
        assert world.mask is not None
        before = world.mask.copy()
        if path in ("/add_scribble_interaction", "/add_lasso_interaction"):
            told = json.loads(self.headers["X-Meta"])
            drawn, corner = unpack(body), [side[0] for side in told["interaction_bbox"]]
            places = [tuple(np.add(place, corner)) for place in np.argwhere(drawn)]
        else:
            told = json.loads(body)
            middle = told["coordinates"] if "coordinates" in told else np.mean(told["bbox_coords"], axis=1).astype(int)
            places = [tuple(middle)]
        world.told.append((path, len(places), told["include_interaction"]))
        change(world, places, told["include_interaction"])
        touched = np.argwhere(before != world.mask)
        self._send([[int(low), int(high) + 1] for low, high in zip(touched.min(axis=0), touched.max(axis=0), strict=True)]
                   if touched.size else None)

    def _send(self, box: list[list[int]] | None) -> None:
        world, meta = self.world, {"ran_prediction": True, "bbox": box}
        if box is None:
            self.reply(200, b"", "application/octet-stream", X_Meta=json.dumps(meta))
            return
        part = world.mask[tuple(slice(*side) for side in box)].astype(np.uint8)
        if world.fault == "wrong shape":
            part = part[:, :-1]
        if world.fault == "outside":
            meta["bbox"] = [[0, 10_000], *box[1:]]
        if world.fault == "NaN":
            part = np.full(part.shape, np.nan, dtype=np.float32)
        self.reply(200, pack(part, world.fault), "application/octet-stream", X_Meta=json.dumps(meta))


@contextmanager
def served(speaker: type[Speaker], world: World | None = None, port: int = 0) -> Iterator[tuple[str, World]]:
    """A server on this computer: its address, and what it holds."""
    world = world or World()
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Bound", (speaker,), {"world": world}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", world
    finally:
        world.end.set()
        server.shutdown()
        server.server_close()


def until(true: Callable[[], bool], patience_s: float = 5.0) -> None:
    end = time.monotonic() + patience_s
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    assert true()


SPEAKERS = {"monai-label": MonaiSpeaker, "nninteractive": OwnSpeaker, "nninteractive-slicer": SlicerSpeaker}
