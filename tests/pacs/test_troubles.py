"""Everything that goes wrong with a real archive is a sentence, and a retrieve that was cut goes on where it was."""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydicom import dcmread

from fakes.orthanc import Orthanc, free_port, needs_orthanc
from fakes.tls import tls_listener
from graticule.domain.archive import BASIC, BEARER, DICOMWEB, GET, MOVE, Login, Node, Search, Wanted
from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.progress import Silent
from graticule.pacs.connect import connected
from graticule.pacs.fetching import fetch
from graticule.pacs.shelf import Incoming
from pacs.conftest import CHEST, CT
from pacs.test_round_trip import header, nothing_here, wanted
from real_data import needs_data


def echo(node: Node, login: Login | None = None) -> str:
    with pytest.raises(GraticuleError) as told, connected(node, login or Login()) as archive:
        archive.echo(Silent())
    return told.value.message


def test_an_archive_that_answers_is_told_so(orthanc: Orthanc) -> None:
    for node in (orthanc.web(), orthanc.dimse()):
        with connected(node, Login()) as archive:
            archive.echo(Silent())


LONG = 60


def long_series(folder: Path) -> list[Path]:
    """The liver CT's series with more slices than a socket's buffers hold (32 MB), so that a killed server cuts it short."""
    folder.mkdir()
    slices = sorted(CT.glob("*.dcm"))
    made = []
    for number in range(LONG):
        data = dcmread(slices[number % len(slices)])
        data.SOPInstanceUID = data.file_meta.MediaStorageSOPInstanceUID = f"2.25.{4_000 + number}"
        made.append(folder / f"{number}.dcm")
        data.save_as(made[-1])
    return made


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"called_ae": "NOBODY"}, "The archive is not called NOBODY."),
    ({"own_ae": "STRANGER"}, "The archive does not know this computer as STRANGER."),
    ({"port": 1}, "Nothing answers at the archive's address."),
    ({"host": "no-such-host.invalid"}, "The network does not know the archive's name."),
    ({"tls": True}, "The archive does not speak TLS at this port."),
])
def test_dimse_refusals(orthanc: Orthanc, changes: dict[str, Any], sentence: str) -> None:
    said = echo(orthanc.dimse(**changes))
    # Orthanc 1.10 lets an unknown caller in and refuses its first request.
    assert said == sentence or ("own_ae" in changes and "archive" in said)


def test_web_refusals(orthanc: Orthanc, tmp_path: Path) -> None:
    assert echo(orthanc.web(url=f"http://127.0.0.1:{free_port()}/dicom-web")) == "Nothing answers at the archive's address."
    assert echo(orthanc.web(url="http://no-such-host.invalid/dicom-web")) == "The network does not know the archive's name."
    assert "does not have this" in echo(orthanc.web(url=f"http://127.0.0.1:{orthanc.http}/elsewhere"))
    assert echo(orthanc.web(url=f"http://127.0.0.1:{orthanc.http}/system?x=")) != ""
    with tls_listener(tmp_path) as (url, heard):
        assert "certificate is not trusted" in echo(Node("tls", DICOMWEB, url=url))
        assert heard == []


def test_a_root_certificate_of_the_hospital_is_trusted(tmp_path: Path) -> None:
    with tls_listener(tmp_path) as (url, heard):
        assert "certificate" not in echo(Node("tls", DICOMWEB, url=url, ca_file=str(tmp_path / "nobody.pem")))
        assert heard
    assert "root certificate cannot be read" in echo(Node("tls", DICOMWEB, url=url, ca_file=str(tmp_path / "gone.pem")))


@needs_orthanc
def test_passwords(tmp_path: Path) -> None:
    guarded = Orthanc(tmp_path / "o", users={"reader": "right"}).start()
    try:
        node = guarded.web(login=BASIC, user="reader")
        with connected(node, Login(BASIC, "reader", "right")) as archive:
            archive.echo(Silent())
        for login in (Login(), Login(BASIC, "reader", "wrong"), Login(BEARER, "", "token")):
            assert "user name or password" in echo(node, login)
    finally:
        guarded.stop()


@pytest.mark.parametrize("way", ["web", GET, MOVE])
def test_cancel_midway_stops_soon_and_keeps_whole_files(filled: Orthanc, way: str, tmp_path: Path) -> None:
    node = filled.web() if way == "web" else filled.dimse(fetch_by=way)
    with pytest.raises(Cancelled), connected(node, Login()) as archive:
        fetch(archive, [wanted(CT)], Incoming(tmp_path), nothing_here, StopAfter(5))
    came = list(tmp_path.rglob("*.dcm"))
    assert 0 < len(came) < 19
    assert {header(path).SeriesInstanceUID for path in came} == {wanted(CT).series}
    with connected(node, Login()) as archive:
        fetched = fetch(archive, [wanted(CT)], Incoming(tmp_path), nothing_here, Silent())
    assert (len(fetched.files), fetched.already, fetched.failed) == (19, len(came), ())
    assert not list(tmp_path.rglob("*.part"))


@needs_data
@needs_orthanc
@pytest.mark.parametrize("way", ["web", GET, MOVE])
def test_an_archive_that_dies_midway_is_told_and_the_retrieve_goes_on(way: str, tmp_path: Path) -> None:
    mortal = Orthanc(tmp_path / "o").start()
    node = mortal.web() if way == "web" else mortal.dimse(fetch_by=way)
    try:
        with connected(mortal.dimse(), Login()) as archive:
            archive.send(long_series(tmp_path / "long"), Silent())
        with connected(node, Login()) as archive:
            cut = fetch(archive, [wanted(CT)], Incoming(tmp_path / "in"), nothing_here, AtStep(5, mortal.kill))
        assert "archive" in cut.trouble and "not fetched twice" in cut.hint
        assert 0 < len(cut.files) < LONG
        mortal.start()
        with connected(node, Login()) as archive:
            rest = fetch(archive, [wanted(CT)], Incoming(tmp_path / "in"), nothing_here, Silent())
        assert (len(rest.files), rest.already, rest.trouble, rest.failed) == (LONG, len(cut.files), "", ())
    finally:
        mortal.kill()


def test_an_unknown_destination_of_c_move(filled: Orthanc, tmp_path: Path) -> None:
    node = filled.dimse(fetch_by=MOVE, own_ae="GRATICULE", own_port=free_port())
    with connected(node, Login()) as archive:  # it sends to another port than we listen at
        fetched = fetch(archive, [wanted(CHEST)], Incoming(tmp_path), nothing_here, Silent())
    assert fetched.files == () and (fetched.trouble or [one.sentence for one in fetched.failed] != [])


def test_a_port_in_use_is_told(filled: Orthanc, tmp_path: Path) -> None:
    node = filled.dimse(fetch_by=MOVE, own_port=filled.http)
    with connected(node, Login()) as archive:
        fetched = fetch(archive, [wanted(CHEST)], Incoming(tmp_path), nothing_here, Silent())
    assert "in use" in fetched.trouble


def test_a_series_that_is_not_there(filled: Orthanc, tmp_path: Path) -> None:
    for node in (filled.web(), filled.dimse()):
        with connected(node, Login()) as archive:
            fetched = fetch(archive, [Wanted("1.2.3", "1.2.3.4")], Incoming(tmp_path), nothing_here, Silent())
        assert fetched.files == ()


def test_a_file_that_is_no_dicom_is_told_of_that_file(filled: Orthanc, tmp_path: Path) -> None:
    broken = tmp_path / "x.dcm"
    broken.write_bytes(b"no dicom" * 100)
    for node in (filled.web(), filled.dimse()):
        with connected(node, Login()) as archive:
            sent = archive.send([broken, CHEST], Silent())
        assert sent.stored == (CHEST,) and [one.what for one in sent.failed] == [str(broken)]


def test_search_can_be_cancelled(filled: Orthanc) -> None:
    with pytest.raises(Cancelled), connected(filled.dimse(), Login()) as archive:
        archive.studies(Search(), StopAfter(0))


BEFORE = ("Asking what the series hold", "Searching the archive")


class StopAfter:
    """Cancels once `count` of the objects came."""

    def __init__(self, count: int) -> None:
        self._count = count

    def step(self, done: int, total: int, text: str = "") -> None:
        if done >= self._count and (text not in BEFORE or not self._count):
            raise Cancelled


class AtStep:
    """Does something once, when `count` of the objects came."""

    def __init__(self, count: int, act: Callable[[], None]) -> None:
        self._count, self._act, self._lock = count, act, threading.Lock()
        self._done = False

    def step(self, done: int, total: int, text: str = "") -> None:
        with self._lock:
            if done >= self._count and text not in BEFORE and not self._done:
                self._done = True
                self._act()
                time.sleep(0.3)
