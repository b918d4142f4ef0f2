"""Every way in which a network fails becomes a sentence, and none of them loses or fakes anything."""

import hashlib
import ssl
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from fakes.sync_world import Central, Desk
from fakes.tls import tls_listener
from graticule.domain.errors import GraticuleError
from graticule.sync.answers import unreachable
from graticule.sync.http_client import HttpServer
from graticule.sync.label_server import ServerUnreachable
from graticule.sync.messages import DeskStatus, Head, PushRequest
from graticule.sync.receipts import check_receipt


class Answers(httpx.BaseTransport):
    """The real server, but for one path that gets another answer."""

    def __init__(self, inner: httpx.BaseTransport, path: str, answer: httpx.Response) -> None:
        self.inner, self.path, self.answer = inner, path, answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self.answer if request.url.path == self.path else self.inner.handle_request(request)


@pytest.fixture
def desk(tmp_path: Path):
    central = Central(tmp_path / "server")
    workstation = Desk(tmp_path / "desk", central)
    workstation.read("one", "normal")
    yield workstation
    workstation.close()
    central.close()


def cause(kind: type[httpx.HTTPError], inner: Exception) -> httpx.HTTPError:
    try:
        raise kind("outer") from inner
    except httpx.HTTPError as fault:
        return fault


def test_each_failure_has_its_own_sentence() -> None:
    assert "certificate" in unreachable(cause(httpx.ConnectError, ssl.SSLCertVerificationError("self-signed"))).message
    assert "cannot be reached" in unreachable(httpx.ConnectError("refused")).message
    assert "cannot be reached" in unreachable(httpx.ConnectTimeout("slow")).message
    assert "in time" in unreachable(httpx.ReadTimeout("slow")).message
    assert "proxy" in unreachable(httpx.ProxyError("407")).message
    assert "cut" in unreachable(httpx.RemoteProtocolError("half")).message


@pytest.mark.parametrize("path", ["/v1/hello", "/v1/devices", "/v1/blobs/missing", "/v1/sync/push"])
@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<html>Guest Wi-Fi: please log in</html>"),
        httpx.Response(302, headers={"location": "http://portal.hotel/login"}),
        httpx.Response(200, json={"ok": True}),
        httpx.Response(200, json=[]),
        httpx.Response(502, text="Bad gateway"),
    ],
)
def test_whoever_else_answers_is_not_taken_for_the_server(desk: Desk, path: str, answer: httpx.Response) -> None:
    desk.connect(Answers(desk.central.wire, path, answer))
    with pytest.raises(GraticuleError) as told:
        desk.sync()
    assert told.value.message and desk.store.sync_state.load().acknowledged == 0
    desk.connect()
    assert desk.sync().on_server == 1


def test_a_receipt_must_be_the_known_servers_for_this_push_and_name_every_entry(desk: Desk) -> None:
    desk.sync()
    desk.read("two", "normal")
    hello = desk.server.hello(DeskStatus())
    base, lines = Head(1, desk.store.log.hash_at(1) or ""), desk.store.log.entries_after(1, 9)
    body = PushRequest(desk.store.log.device_id, base, tuple(lines)).encode()
    digest, sent, device = hashlib.sha256(body).hexdigest(), [Head(*desk.store.log.head())], desk.store.log.device_id
    receipt = desk.server.push(body)
    check_receipt(receipt, hello, device, digest, base, sent)
    key = desk.central.store.identity.key
    for false in (
        replace(receipt, ack=Head(9, "ab" * 32)),
        replace(receipt, results=()),
        replace(receipt, request="00" * 32),
        replace(receipt, device="another"),
        replace(receipt, timeline="another"),
        replace(receipt, signature=bytes(64)),
    ):
        with pytest.raises(ServerUnreachable):
            check_receipt(false, hello, device, digest, base, sent)
    for resigned in (
        replace(receipt, results=()),
        replace(receipt, request="00" * 32),
        replace(receipt, ack=Head(0, "0" * 64)),
        replace(receipt, results=(replace(receipt.results[0], hash="ab" * 32),)),
    ):
        resigned = replace(resigned, signature=key.sign(resigned.statement()))
        with pytest.raises(ServerUnreachable):
            check_receipt(resigned, hello, device, digest, base, sent)


@pytest.mark.parametrize("url", ["", "labels.hospital", "ftp://labels.hospital", "https://"])
def test_an_address_that_is_none_is_refused(url: str, desk: Desk) -> None:
    with pytest.raises(GraticuleError, match="address"):
        HttpServer(url, desk.store.log)


def test_a_certificate_of_nobody_known_sends_nothing(desk: Desk, tmp_path: Path) -> None:
    """A real TLS server with a certificate that no store of this computer trusts."""
    with tls_listener(tmp_path) as (url, heard):
        desk.store.set_server(url)
        with pytest.raises(ServerUnreachable, match="certificate"):
            HttpServer.for_store(desk.store).hello(DeskStatus())
    assert heard == []


def test_a_server_under_a_path_of_a_larger_site_is_understood(desk: Desk) -> None:
    class Site(httpx.BaseTransport):
        """A reverse proxy that serves us under /graticule."""

        def handle_request(self, request: httpx.Request) -> httpx.Response:
            assert request.url.path.startswith("/graticule/v1/")
            inner = httpx.Request(
                request.method, str(request.url).replace("/graticule/v1", "/v1"), headers=request.headers, content=request.read()
            )
            return desk.central.wire.handle_request(inner)

    desk.store.set_server("https://site.hospital/graticule/")
    desk.connect(Site())
    assert desk.sync().on_server == 1
