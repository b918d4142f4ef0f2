"""DICOMweb (PS3.18): QIDO-RS finds, WADO-RS brings every file as it is stored, STOW-RS sends."""

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import httpx

from graticule.domain.archive import (
    BASIC,
    BEARER,
    Failed,
    Found,
    FoundObject,
    FoundSeries,
    FoundStudy,
    Login,
    Node,
    Search,
    Sent,
    Shelf,
    Wanted,
)
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.pacs import dicom_json
from graticule.pacs.faults import RETRY_STATUS, reason_sentence, refusal, unreachable
from graticule.pacs.multipart import boundary_of, framed, parts_to_files
from graticule.pacs.names import name_key
from graticule.pacs.quiet import hush
from graticule.pacs.trust import trusted
from graticule.pacs.waiting import patiently

hush("httpx", "httpcore")

TIMEOUT = httpx.Timeout(60.0, connect=10.0)
JSON = {"Accept": "application/dicom+json"}
# As stored, without re-coding (PS3.18 §8.7.3.5.2): every byte of the pixels is the archive's own.
AS_STORED = {"Accept": 'multipart/related; type="application/dicom"; transfer-syntax=*'}
PAGE, AT_MOST = 100, 500
TRIES = 3
_FIELDS = ("00100010", "00100020", "00100030", "00100040", "00080061", "00081030", "00201206", "00201208")
_SERIES_FIELDS = ("0008103E", "00180015", "00201209")
_PLAIN = "*?^,/:"  # may stand in a query as they are (RFC 3986 §3.4; ^ by custom)
_ENCODED = r"[^A-Za-z0-9_.~*?^,/:-]"
Query = list[tuple[str, str]]


class WebArchive:
    """An `Archive` over DICOMweb. transport: for tests."""

    def __init__(self, node: Node, login: Login, *, transport: httpx.BaseTransport | None = None,
                 timeout: httpx.Timeout = TIMEOUT) -> None:
        self._base = node.url.rstrip("/")
        local = httpx.URL(self._base).host in ("127.0.0.1", "localhost", "::1")
        trust = trusted(node.ca_file) if self._base.startswith("https:") else True
        headers = {"Authorization": f"Bearer {login.secret}"} if login.kind == BEARER else {}
        auth = httpx.BasicAuth(login.user, login.secret) if login.kind == BASIC else None
        self._client = httpx.Client(transport=transport, timeout=timeout, verify=trust, trust_env=not local, headers=headers,
                                    auth=auth, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._client.close()

    def echo(self, progress: Progress) -> None:
        """DICOMweb has no echo: the shortest search there is."""
        self._rows("/studies", [("limit", "1")], progress)

    def studies(self, search: Search, progress: Progress, at_most: int = AT_MOST) -> Found:
        rows, more = self._pages("/studies", _query(search), "0020000D", progress, at_most)
        if not rows and loosened(search) != search:
            rows, more = self._pages("/studies", _query(loosened(search)), "0020000D", progress, at_most)
        found = (dicom_json.study_of(row) for row in rows)
        return Found(tuple(study for study in found if _meant(search, study)), more)

    def series(self, study: str, progress: Progress) -> list[FoundSeries]:
        query = [("includefield", field) for field in _SERIES_FIELDS]
        rows, _ = self._pages(f"/studies/{_part(study)}/series", query, "0020000E", progress, 10_000)
        return [dicom_json.series_of(study, row) for row in rows]

    def objects(self, wanted: Wanted, progress: Progress) -> list[FoundObject] | None:
        rows, _ = self._pages(self._place(wanted) + "/instances", [], "00080018", progress, 200_000, page=1_000)
        return [dicom_json.object_of(row) for row in rows] or None

    def bring(self, wanted: Wanted, objects: Sequence[FoundObject], whole: bool, shelf: Shelf,
              progress: Progress) -> list[Failed]:
        """The series in one request; what did not come in it, or some objects of it, one by one."""
        count = _Count(progress, len(objects))
        failed: list[Failed] = []
        came: set[str] = set()
        if whole:
            failed = self._whole(wanted, shelf, count, came)
        failed = [] if objects else failed  # each missing object gets its own sentence below
        for one in objects:
            if one.uid not in came:
                failed += self._single(wanted, one, shelf, count, came)
        return failed

    def send(self, paths: Sequence[Path], progress: Progress) -> Sent:
        """One request for each file: a failure is told of that file, and a cut costs one file."""
        stored: list[Path] = []
        failed: list[Failed] = []
        for number, path in enumerate(paths):
            progress.step(number, len(paths), "Sending")
            sentence = self._store(path)
            if sentence:
                failed.append(Failed(str(path), sentence))
            else:
                stored.append(path)
        progress.step(len(paths), len(paths), "Sending")
        return Sent(tuple(stored), tuple(failed))

    def _whole(self, wanted: Wanted, shelf: Shelf, count: "_Count", came: set[str]) -> list[Failed]:
        try:
            return self._fetch(self._place(wanted), wanted.series, shelf, count, came)
        except ConnectionCut:
            count.tell()
            return []  # what is still missing is asked for one by one

    def _single(self, wanted: Wanted, one: FoundObject, shelf: Shelf, count: "_Count", came: set[str]) -> list[Failed]:
        for attempt in patiently(TRIES, count.tell):
            try:
                return self._fetch(f"{self._place(wanted)}/instances/{_part(one.uid)}", one.uid, shelf, count, came)
            except ConnectionCut:
                if attempt == TRIES - 1:
                    raise
        return []

    def _fetch(self, target: str, what: str, shelf: Shelf, count: "_Count", came: set[str]) -> list[Failed]:
        failed = []
        try:
            with self._client.stream("GET", self._base + target, headers=AS_STORED) as answer:
                if answer.status_code not in (200, 206):
                    answer.read()
                    return self._refused(answer, what)
                kind = answer.headers.get("content-type", "")
                for path in parts_to_files(_watched(answer, count), boundary_of(kind), shelf):
                    try:
                        came.add(shelf.keep(path))
                        count.one()
                    except GraticuleError as fault:
                        failed.append(Failed(what, fault.message))
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as fault:
            raise ConnectionCut.of(unreachable(fault)) from fault
        return failed

    def _refused(self, answer: httpx.Response, what: str) -> list[Failed]:
        """One object that the archive cannot give is its own failure; a closed door is everybody's."""
        fault = refusal(answer)
        if answer.status_code in RETRY_STATUS:
            raise ConnectionCut.of(fault)
        if answer.status_code in (401, 403) or answer.is_redirect:
            raise fault
        return [Failed(what, fault.message)]

    def _store(self, path: Path) -> str:
        boundary = secrets.token_hex(16)
        try:
            length, body = framed(path, boundary)
        except OSError:
            return "The file cannot be read."
        headers = {**JSON, "Content-Length": str(length),
                   "Content-Type": f'multipart/related; type="application/dicom"; boundary={boundary}'}
        try:
            answer = self._client.post(self._base + "/studies", content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL) as fault:
            raise unreachable(fault) from fault
        except OSError:
            return "The file cannot be read."
        return _stow_sentence(answer)

    def _pages(self, target: str, query: Query, key: str, progress: Progress, at_most: int,
               page: int = PAGE) -> tuple[list[Mapping[str, object]], bool]:
        """Every page; an archive that leaves `offset` or `limit` unread repeats itself, which ends it too."""
        found: dict[str, Mapping[str, object]] = {}
        while len(found) <= at_most:
            rows = self._rows(target, [*query, ("limit", str(page)), ("offset", str(len(found)))], progress)
            fresh = {dicom_json.text(row, key): row for row in rows if dicom_json.text(row, key) not in found}
            found.update((uid, row) for uid, row in fresh.items() if uid)
            if not fresh or len(rows) != page:
                break
            progress.step(len(found), 0, "Searching the archive")
        rows = list(found.values())
        return rows[:at_most], len(rows) > at_most

    def _rows(self, target: str, query: Query, progress: Progress) -> list[Mapping[str, object]]:
        for attempt in patiently(TRIES, lambda: progress.step(0, 0, "Searching the archive")):
            try:
                answer = self._client.get(f"{self._base}{target}?{_written(query)}", headers=JSON)
            except (httpx.RemoteProtocolError, httpx.ReadError) as fault:
                if attempt == TRIES - 1:
                    raise unreachable(fault) from fault
                continue
            except (httpx.HTTPError, httpx.InvalidURL) as fault:
                raise unreachable(fault) from fault
            if answer.status_code in (200, 206):
                return list(dicom_json.rows_of(answer.content))
            if answer.status_code == 204:  # nothing found, in the words of PS3.18 before 2017
                return []
            if answer.status_code not in RETRY_STATUS or attempt == TRIES - 1:
                raise refusal(answer)
        return []

    def _place(self, wanted: Wanted) -> str:
        return f"/studies/{_part(wanted.study)}/series/{_part(wanted.series)}"


class ConnectionCut(GraticuleError):
    """The network failed, not the archive: it is worth trying again."""

    @classmethod
    def of(cls, fault: GraticuleError) -> "ConnectionCut":
        return cls(fault.message, fault.hint)


class _Count:
    def __init__(self, progress: Progress, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def one(self) -> None:
        self._done += 1
        self.tell()

    def tell(self) -> None:
        self._progress.step(self._done, self._total)


def _watched(answer: httpx.Response, count: _Count) -> Iterator[bytes]:
    for chunk in answer.iter_bytes(1 << 18):
        count.tell()  # raises when the user has cancelled
        yield chunk


def _query(search: Search) -> Query:
    asked = [("PatientID", search.patient_id), ("PatientName", name_key(search.patient_name)), ("StudyDate", search.days),
             ("AccessionNumber", search.accession), ("ModalitiesInStudy", search.modality), ("StudyInstanceUID", search.study)]
    return [*((key, value) for key, value in asked if value.strip("-")), *(("includefield", field) for field in _FIELDS)]


def _stow_sentence(answer: httpx.Response) -> str:
    """"" when the file was stored (PS3.18 §10.5.3: 200, or 202 with warnings)."""
    if answer.status_code in (401, 403) or answer.status_code in RETRY_STATUS or answer.is_redirect:
        raise refusal(answer)
    try:
        told = dicom_json.rows_of(b"[" + answer.content + b"]" if answer.content.lstrip()[:1] == b"{" else answer.content)
    except GraticuleError:
        told = []
    reason = dicom_json.reason_of(told[0], "00081198") if told else None
    if reason is not None:
        return reason_sentence(reason)
    return "" if answer.status_code in (200, 202) else refusal(answer).message


def _written(query: Query) -> str:
    """Wildcards and carets stand as they are: some archives look for a percent sign otherwise (Orthanc's DICOMweb 1.7)."""
    return "&".join(f"{key}={quote(value, safe=_PLAIN)}" for key, value in query)


def loosened(search: Search) -> Search:
    """With “?” for every character that has to be percent-encoded, for archives that do not decode it."""
    name, patient, accession = (re.sub(_ENCODED, "?", text) for text in
                                (name_key(search.patient_name), search.patient_id, search.accession))
    return replace(search, patient_name=name, patient_id=patient, accession=accession)


def _meant(search: Search, study: FoundStudy) -> bool:
    """A number that was typed without a wildcard means this number alone."""
    pairs = ((search.patient_id, study.patient_id), (search.accession, study.accession))
    return all(not asked or "*" in asked or "?" in asked or asked.strip() == told for asked, told in pairs)


def _part(uid: str) -> str:
    return quote(uid, safe="")
