"""DIMSE (PS3.4 annexes B and C): echo, find, get, move and store, each over an association of its own."""

import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydicom.dataset import Dataset
from pynetdicom import AE, build_context, build_role, evt
from pynetdicom.association import Association
from pynetdicom.events import Event
from pynetdicom.sop_class import (
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    StudyRootQueryRetrieveInformationModelMove,
    Verification,
)

from graticule.domain.archive import MOVE, Failed, Found, FoundObject, FoundSeries, Node, Search, Sent, Shelf, Wanted
from graticule.domain.errors import Cancelled, GraticuleError
from graticule.domain.progress import Progress
from graticule.pacs import identifiers
from graticule.pacs.association import associated, cut
from graticule.pacs.contexts import fetching_contexts, in_lots, listening_contexts
from graticule.pacs.counted import Counted
from graticule.pacs.retrieve_words import move_fault, status_of
from graticule.pacs.storing import store_files

AT_MOST = 500
AT_ONCE = 100  # objects of one C-GET or C-MOVE request: longer lists do not fit some archives' limits
_PENDING = (0xFF00, 0xFF01)
_SUCCESS, _OUT_OF_RESOURCES, _NOT_OURS = 0x0000, 0xA700, 0xA900


class DimseArchive:
    """An `Archive` over DIMSE."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def __enter__(self) -> "DimseArchive":
        return self

    def __exit__(self, *anything: object) -> None:
        return None

    def echo(self, progress: Progress) -> None:
        with associated(self._node, [build_context(Verification)], Counted(progress, 0, "Testing the archive")) as association:
            if status_of(association.send_c_echo()) != _SUCCESS:
                raise cut()

    def studies(self, search: Search, progress: Progress, at_most: int = AT_MOST) -> Found:
        rows = self._find(identifiers.study_question(search), progress, at_most + 1)
        found = [study for study in map(identifiers.study_answer, rows) if study.uid]
        return Found(tuple(found[:at_most]), len(found) > at_most)

    def series(self, study: str, progress: Progress) -> list[FoundSeries]:
        rows = self._find(identifiers.series_question(study), progress, 10_000)
        return [series for series in (identifiers.series_answer(study, row) for row in rows) if series.uid]

    def objects(self, wanted: Wanted, progress: Progress) -> list[FoundObject] | None:
        """None also when the archive knows no level below the series."""
        try:
            rows = self._find(identifiers.object_question(wanted), progress, 200_000)
        except _Unanswered:
            return None
        return [found for found in map(identifiers.object_answer, rows) if found.uid] or None

    def bring(self, wanted: Wanted, objects: Sequence[FoundObject], whole: bool, shelf: Shelf,
              progress: Progress) -> list[Failed]:
        receiver = _Receiver(shelf, Counted(progress, len(objects), "Retrieving images"))
        if self._node.fetch_by == MOVE:
            with _listening(self._node, receiver):
                for uids in _requests(objects, whole):
                    self._move(wanted, uids, receiver)
        else:
            self._get_all(wanted, objects, whole, receiver)
        return receiver.failed

    def send(self, paths: Sequence[Path], progress: Progress) -> Sent:
        return store_files(self._node, paths, progress)

    def _get_all(self, wanted: Wanted, objects: Sequence[FoundObject], whole: bool, receiver: "_Receiver") -> None:
        """Over as many associations as the objects' classes and encodings need contexts."""
        for number, contexts in enumerate(fetching_contexts([one.sop_class for one in objects])):
            missing = [one for one in objects if one.uid not in receiver.came]
            if number and objects and not missing:
                return
            model = build_context(StudyRootQueryRetrieveInformationModelGet)
            roles = [build_role(name, scp_role=True) for name in dict.fromkeys(str(one.abstract_syntax) for one in contexts)]
            handlers = [(evt.EVT_C_STORE, receiver.take)]
            with associated(self._node, [model, *contexts], receiver.counted, roles=roles, handlers=handlers) as association:
                for uids in _requests(missing, whole and not number):
                    if not _get(association, wanted, uids, receiver):
                        break

    def _move(self, wanted: Wanted, uids: Sequence[str], receiver: "_Receiver") -> None:
        model = build_context(StudyRootQueryRetrieveInformationModelMove)
        with associated(self._node, [model], receiver.counted) as association:
            question = identifiers.retrieve_question(wanted, uids)
            last = None
            for status, told in association.send_c_move(question, self._node.own_ae, StudyRootQueryRetrieveInformationModelMove):
                last = _follow(status, told, receiver)
            if last is None:
                raise cut()
            fault = move_fault(last, self._node)
            if fault is not None:
                raise fault

    def _find(self, question: Dataset, progress: Progress, at_most: int) -> list[Dataset]:
        rows: list[Dataset] = []
        counted = Counted(progress, 0, "Searching the archive")
        model = StudyRootQueryRetrieveInformationModelFind
        with associated(self._node, [build_context(model)], counted) as association:
            last = None
            for status, row in association.send_c_find(question, model):
                last = status_of(status)
                if last in _PENDING and row is not None and len(rows) < at_most:
                    rows.append(row)
                    counted.one()
                elif last in _PENDING:
                    association.abort()  # enough; the rest would only be thrown away
                    return rows
            if last is None:
                raise cut()
            if last != _SUCCESS:
                raise _Unanswered("The archive did not answer the search.",
                                  "Some archives do not search by every field: try others.")
        return rows


class _Unanswered(GraticuleError):
    """The archive answers, but not this question."""


class _Receiver:
    """Takes what arrives, in pynetdicom's threads. `came`: SOP instance UIDs. `failed`: what was not kept, with sentences."""

    def __init__(self, shelf: Shelf, counted: Counted) -> None:
        self._shelf, self.counted = shelf, counted
        self.came: set[str] = set()
        self.failed: list[Failed] = []
        self.trouble: GraticuleError | None = None
        self._lock = threading.Lock()

    def take(self, event: Event) -> int:
        """The status of one C-STORE."""
        uid = str(event.request.AffectedSOPInstanceUID)
        try:
            path = self._shelf.blank()
            shutil.copyfile(event.dataset_path, path)  # pynetdicom removes its own afterwards
            kept = self._shelf.keep(path)
        except OSError:
            self.trouble = GraticuleError("What the archive sent cannot be written to this computer's disk.", "Free some space.")
            return _OUT_OF_RESOURCES
        except GraticuleError as fault:
            with self._lock:
                self.failed.append(Failed(uid, fault.message))
            return _NOT_OURS
        with self._lock:
            self.came.add(kept)
        try:
            self.counted.one()
        except Cancelled:
            return _OUT_OF_RESOURCES  # the watch over the association ends it
        return _SUCCESS


def _get(association: Association, wanted: Wanted, uids: Sequence[str], receiver: _Receiver) -> bool:
    """One C-GET; False when the archive does not take the question (PS3.4 table C.4-2)."""
    last = None
    question = identifiers.retrieve_question(wanted, uids)
    for status, told in association.send_c_get(question, StudyRootQueryRetrieveInformationModelGet):
        last = _follow(status, told, receiver)
    if receiver.trouble is not None:
        raise receiver.trouble
    if last is None:
        raise cut()
    return True


def _follow(status: Dataset, told: Dataset | None, receiver: _Receiver) -> int | None:
    code = status_of(status)
    receiver.counted.again()
    return code


def _requests(objects: Sequence[FoundObject], whole: bool) -> Iterator[list[str]]:
    """The UIDs of each request; [] asks for the whole series."""
    if whole:
        yield []
        return
    yield from in_lots([one.uid for one in objects], AT_ONCE)


@contextmanager
def _listening(node: Node, receiver: _Receiver) -> Iterator[None]:
    """This computer as a place to send to, only while it waits for what it asked for."""
    ae = AE(ae_title=node.own_ae)
    ae.require_called_aet = True
    ae.supported_contexts = listening_contexts()
    try:
        server = ae.start_server(("", node.own_port), block=False, evt_handlers=[(evt.EVT_C_STORE, receiver.take)])
    except OSError as fault:
        raise GraticuleError(f"Port {node.own_port} of this computer is in use, so the archive cannot send to it.",
                             "Choose another port in the archive's settings, and tell its administrator.") from fault
    try:
        yield
    finally:
        server.shutdown()
