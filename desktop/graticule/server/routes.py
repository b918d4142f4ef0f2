"""The server's doors. Each reads a message, asks the central store, and formats the answer."""

from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graticule.records.entry import LONGEST_LINE
from graticule.server.accept import KnownDevice
from graticule.server.auth import check_signature
from graticule.server.blob_shelf import proven_frame
from graticule.server.central_store import CentralStore
from graticule.server.console import console_page
from graticule.server.refusal import Refusal
from graticule.server.requests import answer, body_digest, bug, from_loopback, log, read_body, refusing, target_of
from graticule.server.uploads import Upload, Uploads
from graticule.sync.messages import Behind, Cursor, DeskStatus, Enrolment, Fork, PushRequest, SignedRequest, fault_document
from graticule.sync.messages.fields import blob_ids, hash_text, is_blob_id, number, read_object, text

SMALL = 1 << 20
MOST_ASKED = 10_000


def make_app(store: CentralStore, data_dir: Path) -> Starlette:
    """The ASGI application over a central store. data_dir holds unfinished uploads."""
    doors = Doors(store, Uploads(data_dir / "uploads", store.clock_ms))
    table: list[tuple[str, str, Any]] = [
        ("GET", "/v1/hello", doors.hello),
        ("POST", "/v1/devices", doors.enrol),
        ("POST", "/v1/blobs/missing", doors.missing),
        ("PUT", "/v1/blobs/{id}", doors.put_blob),
        ("POST", "/v1/uploads", doors.begin_upload),
        ("HEAD", "/v1/uploads/{name}", doors.upload_state),
        ("PATCH", "/v1/uploads/{name}", doors.continue_upload),
        ("POST", "/v1/sync/push", doors.push),
        ("GET", "/v1/sync/pull", doors.pull),
        ("GET", "/v1/fleet", doors.fleet),
        ("GET", "/v1/log/checkpoint", doors.checkpoint),
        ("GET", "/", doors.console),
    ]
    routes = [Route(path, refusing(door), methods=[method]) for method, path, door in table]
    return Starlette(routes=routes, exception_handlers={404: _absent, 405: _absent, 500: bug})


class Doors:
    def __init__(self, store: CentralStore, uploads: Uploads) -> None:
        self._store, self._uploads = store, uploads
        self._limits = store.limits
        # One entry may be longer than a whole push (it then travels alone); its blobs are sent before it.
        self._most_push = self._limits.push_bytes * 2 + LONGEST_LINE

    async def hello(self, request: Request) -> Response:
        """Open to all; what concerns one device only to that device."""
        device = await self._device(request, b"") if await self._is_enrolled(request) else None
        hello = await run_in_threadpool(self._store.hello, device, DeskStatus.from_query(request.query_params))
        return answer(hello.as_json())

    async def enrol(self, request: Request) -> Response:
        enrolment = Enrolment.from_json(read_object(await read_body(request, SMALL)))
        new = await run_in_threadpool(lambda: self._store.enrol(enrolment, from_loopback=from_loopback(request)))
        log.info("enrolled device %s", enrolment.device)
        return answer({"v": 1, "device": enrolment.device}, 201 if new else 200)

    async def missing(self, request: Request) -> Response:
        body = await read_body(request, SMALL)
        await self._device(request, body)
        ids = blob_ids(read_object(body), "ids")
        if len(ids) > MOST_ASKED:
            raise Refusal(413, "large", "Too many things were asked for at once.")
        return answer({"v": 1, "missing": await run_in_threadpool(self._store.missing, ids)})

    async def put_blob(self, request: Request) -> Response:
        body = await read_body(request, self._limits.blob_bytes)
        device = await self._device(request, body)
        return await self._shelve(device, request.path_params["id"], body)

    async def begin_upload(self, request: Request) -> Response:
        body = await read_body(request, SMALL)
        device = await self._device(request, body)
        asked = read_object(body)
        blob, length, digest = text(asked, "blob"), number(asked, "length", least=1), hash_text(asked, "sha256")
        if not is_blob_id(blob) or length > self._limits.upload_bytes:
            raise Refusal(413, "large", "The data is larger than this server accepts.")
        upload = await run_in_threadpool(self._uploads.begin, device.id, blob, length, digest)
        return _progress(upload, 201)

    async def upload_state(self, request: Request) -> Response:
        await self._device(request, b"")
        return _progress(await run_in_threadpool(self._uploads.state, request.path_params["name"]), 204)

    async def continue_upload(self, request: Request) -> Response:
        part = await read_body(request, self._limits.part_bytes)
        device = await self._device(request, part)
        name, offset = request.path_params["name"], request.headers.get("upload-offset", "")
        blob = request.headers.get("graticule-blob", "")
        if not (offset.isascii() and offset.isdigit() and len(offset) < 16):
            raise Refusal(400, "offset", "The part does not say where it belongs.")
        upload = await run_in_threadpool(self._uploads.append, name, int(offset), part)
        if not upload.complete:
            return _progress(upload, 204)
        return await self._shelve(device, blob, await run_in_threadpool(self._uploads.take, name))

    async def push(self, request: Request) -> Response:
        body = await read_body(request, self._most_push)
        device = await self._device(request, body)
        return await run_in_threadpool(self._push, device, body)

    async def pull(self, request: Request) -> Response:
        device = await self._device(request, b"")
        query = request.query_params
        index = query.get("index", "0")
        known = Cursor.from_json(
            {"project": query.get("project", ""), "index": int(index) if index.isdecimal() else -1, "root": query.get("root", "")}
        )
        page = await run_in_threadpool(self._store.pull, device, known)
        return answer(page.as_json())

    async def fleet(self, request: Request) -> Response:
        await self._device(request, b"")
        return answer({"v": 1, "devices": [row.as_json() for row in await run_in_threadpool(self._store.fleet)]})

    async def checkpoint(self, request: Request) -> Response:
        await self._device(request, b"")
        return answer(await run_in_threadpool(self._store.checkpoint, request.query_params.get("project", "")))

    async def console(self, request: Request) -> Response:
        return await console_page(request, self._store)

    def _push(self, device: KnownDevice, body: bytes) -> Response:
        asked = PushRequest.parse(body, self._most_push)
        if asked.device != device.id:
            raise Refusal(403, "device", "The entries are not this workstation's.")
        if len(asked.lines) > self._limits.push_entries:
            raise Refusal(413, "large", "Too many entries came at once.")
        outcome = self._store.push(device, asked, body_digest(body))
        if isinstance(outcome, Behind):
            return answer(fault_document("behind", "The server holds less than was assumed.", head=outcome.head.as_json()), 409)
        if isinstance(outcome, Fork):
            return answer(
                fault_document("fork", "The server holds another history of this workstation.", common=outcome.common), 409
            )
        log.info("device %s: %d entries, %d blobs, head %d", device.id, len(asked.lines), len(asked.blobs), outcome.ack.seq)
        return answer(outcome.as_json())

    async def _shelve(self, device: KnownDevice, blob: str, frame: bytes) -> Response:
        def shelve() -> bool:
            return self._store.put_blob(device, proven_frame(blob, frame, self._limits.upload_bytes))

        return answer({"v": 1, "blob": blob}, 201 if await run_in_threadpool(shelve) else 200)

    async def _is_enrolled(self, request: Request) -> bool:
        header = request.headers.get("authorization", "")
        return bool(header) and await run_in_threadpool(self._store.device, SignedRequest.from_header(header).device) is not None

    async def _device(self, request: Request, body: bytes) -> KnownDevice:
        signed = SignedRequest.from_header(request.headers.get("authorization", ""))
        known = await run_in_threadpool(self._store.device, signed.device)
        return check_signature(signed, known, self._store.clock_ms(), request.method, target_of(request), body_digest(body))


def _progress(upload: Upload, status: int) -> Response:
    headers = {
        "Location": f"/v1/uploads/{upload.name}",
        "Upload-Offset": str(upload.offset),
        "Upload-Length": str(upload.length),
        "Upload-Complete": "?1" if upload.complete else "?0",
        "Cache-Control": "no-store",
    }
    return Response(status_code=status, headers=headers)


async def _absent(_request: Request, fault: Any) -> Response:
    return answer(fault_document("absent", "This server has no such page.", "Its first page is “/”."), fault.status_code)
