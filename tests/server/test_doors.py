"""The server's doors: who may come in, what is too large, how an upload goes on, and how no is said."""

import hashlib
import json
import os
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import zstandard

from fakes.asgi import AsgiTransport
from fakes.paper_desk import PaperDesk, push
from fakes.sync_world import Clock
from graticule.records.frames import encode_frame
from graticule.records.ids import blob_id
from graticule.server.central_store import CentralStore
from graticule.server.routes import make_app
from graticule.server.uploads import Uploads
from graticule.sync.http_client import HttpServer
from graticule.sync.label_server import ServerUnreachable
from graticule.sync.messages import DeskStatus, Handover, Limits, SignedRequest, request_statement

BIG = bytes(range(256)) * 300  # not compressible to less than a part
LIMITS = Limits(push_bytes=4096, inline_bytes=512, blob_bytes=1000, part_bytes=700, upload_bytes=200_000)


class Visitor:
    """An HTTP client that signs as a paper desk, or not at all."""

    def __init__(self, app: object, clock: Clock, host: str = "127.0.0.1") -> None:
        self.clock = clock
        self.http = httpx.Client(base_url="http://labels.test", transport=AsgiTransport(app, (host, 4711)))

    def ask(self, method: str, target: str, body: bytes = b"", desk: PaperDesk | None = None, **headers: str) -> httpx.Response:
        if desk is not None:
            statement = request_statement(desk.id, self.clock(), method, target, hashlib.sha256(body).hexdigest())
            headers["authorization"] = SignedRequest(desk.id, self.clock(), desk.key.sign(statement)).as_header()
        return self.http.request(method, target, content=body, headers=headers)


@pytest.fixture
def central(tmp_path: Path) -> Iterator[CentralStore]:
    store = CentralStore(f"sqlite:///{(tmp_path / 'central.db').as_posix()}", tmp_path, Clock(), LIMITS)
    yield store
    store.close()


@pytest.fixture
def app(central: CentralStore, tmp_path: Path) -> object:
    return make_app(central, tmp_path)


@pytest.fixture
def visitor(app: object, central: CentralStore) -> Visitor:
    return Visitor(app, central.clock_ms)


@pytest.fixture
def member(central: CentralStore) -> PaperDesk:
    return PaperDesk("Reader One").enrolled(central)


def enrol(visitor: Visitor, desk: PaperDesk, server: str, **more: object) -> httpx.Response:
    return visitor.ask("POST", "/v1/devices", json.dumps(desk.enrolment(server, **more).as_json()).encode())


def test_hello_is_open_and_tells_a_stranger_nothing_of_anybody(visitor: Visitor, member: PaperDesk) -> None:
    told = visitor.ask("GET", "/v1/hello").json()
    assert told["head"] is None and told["projects"] == [] and told["wanted"] == []
    assert told["protocol"] == {"min": 1, "max": 1} and told["backed_up"] == 0
    assert visitor.ask("GET", "/v1/hello", desk=member).json()["head"] == {"hash": "0" * 64, "seq": 0}


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("POST", "/v1/blobs/missing"),
        ("PUT", "/v1/blobs/b1:00"),
        ("POST", "/v1/uploads"),
        ("POST", "/v1/sync/push"),
        ("GET", "/v1/sync/pull?project=demo"),
        ("GET", "/v1/fleet"),
        ("GET", "/v1/log/checkpoint?project=demo"),
        ("PATCH", "/v1/uploads/" + "a" * 64 + "-1"),
    ],
)
def test_nothing_else_is_open_to_strangers(visitor: Visitor, method: str, target: str) -> None:
    assert visitor.ask(method, target).status_code == 400
    refused = visitor.ask(method, target, desk=PaperDesk("Stranger"))
    assert refused.status_code == 401 and refused.json()["code"] == "unknown" and refused.json()["error"]


def test_a_signature_fits_one_request_only(visitor: Visitor, member: PaperDesk, central: CentralStore) -> None:
    statement = request_statement(member.id, visitor.clock(), "GET", "/v1/fleet", hashlib.sha256(b"").hexdigest())
    signed = {"authorization": SignedRequest(member.id, visitor.clock(), member.key.sign(statement)).as_header()}
    assert visitor.http.get("/v1/fleet", headers=signed).status_code == 200
    assert visitor.http.get("/v1/fleet?all=1", headers=signed).json()["code"] == "signature"
    assert visitor.http.get("/v1/sync/pull?project=demo", headers=signed).json()["code"] == "signature"
    visitor.clock.now_ms += 6 * 60 * 1000
    late = visitor.http.get("/v1/fleet", headers=signed).json()
    assert late["code"] == "clock" and late["time_ms"] == visitor.clock()


def test_from_this_machine_a_device_comes_in_freely_from_elsewhere_with_the_code(app: object, central: CentralStore) -> None:
    here, elsewhere = Visitor(app, central.clock_ms), Visitor(app, central.clock_ms, "10.1.2.3")
    server = central.identity.server
    assert enrol(here, PaperDesk("One"), server).status_code == 201
    refused = enrol(elsewhere, PaperDesk("Two"), server)
    assert refused.status_code == 403 and refused.json()["code"] == "invitation"
    desk = PaperDesk("Three")
    assert enrol(elsewhere, desk, server, invitation=central.invitation.lower().replace("-", " ")).status_code == 201
    assert enrol(elsewhere, desk, server, invitation=central.invitation).status_code == 200


def test_behind_a_proxy_on_this_machine_nobody_counts_as_local(visitor: Visitor, central: CentralStore) -> None:
    body = json.dumps(PaperDesk("One").enrolment(central.identity.server).as_json()).encode()
    assert visitor.ask("POST", "/v1/devices", body, **{"x-forwarded-for": "10.1.2.3"}).json()["code"] == "invitation"


def test_a_successor_comes_in_on_the_old_devices_word(app: object, central: CentralStore, member: PaperDesk) -> None:
    elsewhere, server = Visitor(app, central.clock_ms, "10.1.2.3"), central.identity.server

    def word(signer: PaperDesk, time_ms: int) -> Handover:
        return Handover.give(server, member.id, member.reader.id, time_ms, signer.key.sign)

    successor = PaperDesk("Reader One", like=member)
    stranger = PaperDesk("Somebody else")
    now = central.clock_ms()
    assert enrol(elsewhere, successor, server, handover=word(successor, now)).status_code == 403
    assert enrol(elsewhere, successor, server, handover=word(member, now - 3_600_000)).status_code == 403
    assert enrol(elsewhere, stranger, server, handover=word(member, now)).status_code == 403
    assert enrol(elsewhere, successor, server, handover=word(member, now)).status_code == 201


def test_nobody_enrols_a_key_they_do_not_hold_or_a_name_that_is_taken(
    visitor: Visitor, central: CentralStore, member: PaperDesk
) -> None:
    server = central.identity.server
    thief = PaperDesk("Reader One", like=member)
    borrowed = thief.enrolment(server).as_json() | {"public_key": member.key.public.hex()}
    assert visitor.ask("POST", "/v1/devices", json.dumps(borrowed).encode()).json()["code"] == "unproved"
    assert enrol(visitor, thief, "s1:another server").json()["code"] == "unproved"
    thief.id = member.id
    assert enrol(visitor, thief, server).json()["code"] == "taken"
    namesake = PaperDesk("Reader One")
    namesake.reader = type(namesake.reader)(member.reader.id, "Reader One", namesake.reader_key.public)
    assert enrol(visitor, namesake, server).json()["code"] == "taken"


def test_what_is_too_large_is_refused_before_it_is_read_whole(visitor: Visitor, member: PaperDesk) -> None:
    def endless() -> Iterator[bytes]:
        yield from (bytes(1000) for _ in range(3))

    assert visitor.ask("PUT", f"/v1/blobs/{blob_id(BIG)}", encode_frame(BIG, "stored"), member).json()["code"] == "large"
    assert visitor.http.put("/v1/blobs/x", content=endless()).status_code in (400, 413)


def test_a_large_blob_arrives_in_parts_and_goes_on_where_it_broke_off(
    app: object, central: CentralStore, member: PaperDesk
) -> None:
    frame = encode_frame(BIG, "stored")
    sent: list[int] = []

    class BreaksOff(AsgiTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            if request.method == "PATCH":
                sent.append(int(request.headers["upload-offset"]))
                if len(sent) in (3, 9):
                    super().handle_request(request)
                    raise httpx.ReadError("cut", request=request)
            return super().handle_request(request)

    class Signer:
        device_id = member.id
        sign = staticmethod(member.key.sign)

    client = HttpServer("http://labels.test", Signer(), transport=BreaksOff(app), clock_ms=central.clock_ms)
    client.hello(DeskStatus())
    for _ in range(2):
        with pytest.raises(ServerUnreachable):
            client.put_blob(blob_id(BIG), frame)
    client.put_blob(blob_id(BIG), frame)
    assert central.blob(blob_id(BIG)) == BIG
    assert len(sent) == len(set(sent)) == -(-len(frame) // LIMITS.part_bytes)


def test_an_upload_that_is_something_else_in_the_end_is_no_blob(
    visitor: Visitor, central: CentralStore, member: PaperDesk
) -> None:
    frame = encode_frame(b"something else" * 60, "stored")
    asked = {"v": 1, "blob": blob_id(b"announced"), "length": len(frame), "sha256": hashlib.sha256(frame).hexdigest()}
    begun = visitor.ask("POST", "/v1/uploads", json.dumps(asked).encode(), member)
    where = begun.headers["location"]
    assert begun.status_code == 201 and begun.headers["upload-complete"] == "?0"
    extra = {"graticule-blob": blob_id(b"announced")}
    first = visitor.ask("PATCH", where, frame[:500], member, **{"upload-offset": "0"}, **extra)
    assert first.status_code == 204 and first.headers["upload-offset"] == "500"
    wrong = visitor.ask("PATCH", where, frame[500:], member, **{"upload-offset": "0"}, **extra)
    assert wrong.status_code == 409 and wrong.json()["offset"] == 500
    state = visitor.ask("HEAD", where, desk=member)
    assert state.headers["upload-offset"] == "500" and state.headers["upload-length"] == str(len(frame))
    assert visitor.ask("PATCH", where, frame[500:], member, **{"upload-offset": "500"}, **extra).status_code == 422
    assert central.blob(blob_id(b"announced")) is None
    assert visitor.ask("HEAD", where, desk=member).status_code == 404
    assert visitor.ask("HEAD", "/v1/uploads/..%2f..%2fserver.key", desk=member).status_code == 404


def test_unfinished_uploads_go_after_seven_days(central: CentralStore, tmp_path: Path) -> None:
    uploads = Uploads(tmp_path / "uploads", central.clock_ms)
    old = uploads.begin("device", blob_id(b"x"), 10, "0" * 64)
    part = tmp_path / "uploads" / f"{old.name}.part"
    day_s = 24 * 3600
    os.utime(part, (central.clock_ms() / 1000 - 6 * day_s,) * 2)
    uploads.begin("device", blob_id(b"y"), 10, "0" * 64)
    assert part.exists()
    os.utime(part, (central.clock_ms() / 1000 - 8 * day_s,) * 2)
    uploads.begin("device", blob_id(b"y"), 10, "0" * 64)
    assert not part.exists()


def test_nonsense_is_answered_with_a_sentence(visitor: Visitor, member: PaperDesk) -> None:
    bomb = zstandard.compress(bytes(200 << 20))
    for body in (b"", b"\0", zstandard.compress(b"{}"), zstandard.compress(b'{"v":1}\n{}'), bomb):
        answer = visitor.ask("POST", "/v1/sync/push", body, member)
        assert answer.status_code == 400 and answer.json()["error"]
    for query in ("index=x&root=", "index=-1", "index=1&root=zz", "index=1&root=" + "0" * 64):
        assert visitor.ask("GET", f"/v1/sync/pull?project=demo&{query}", desk=member).status_code in (400, 410)
    assert visitor.ask("GET", "/nowhere").json()["error"]
    assert visitor.ask("DELETE", "/v1/fleet").status_code == 405
    not_mine = PaperDesk("Other").request().encode()
    assert visitor.ask("POST", "/v1/sync/push", not_mine, member).json()["code"] == "device"


def test_the_console_counts_and_shows_no_label(visitor: Visitor, central: CentralStore, member: PaperDesk, app: object) -> None:
    put = member.header("case", b"{}")
    member.write(put)
    member.write(member.attest(put))
    push(central, member)
    PaperDesk("<script>alert(1)</script>").enrolled(central)
    page = visitor.ask("GET", "/")
    assert page.status_code == 200 and "Reader One" in page.text and "<script>" not in page.text
    for hidden in (put.id, put.payload, put.case, member.reader.id):
        assert hidden not in page.text
    elsewhere = Visitor(app, central.clock_ms, "10.1.2.3")
    assert elsewhere.ask("GET", "/").status_code == 401
    assert elsewhere.http.get("/", auth=("", central.invitation)).status_code == 200
    assert elsewhere.http.get("/", auth=("", "wrong")).status_code == 401
