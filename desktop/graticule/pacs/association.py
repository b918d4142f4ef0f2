"""One DIMSE association (PS3.7, PS3.8): opened, watched so that cancel ends it, and its refusals in words."""

import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pynetdicom import AE, _config
from pynetdicom.association import Association
from pynetdicom.presentation import PresentationContext

from graticule.domain.archive import Node
from graticule.domain.errors import Cancelled, GraticuleError
from graticule.pacs.counted import Counted
from graticule.pacs.faults import CUT, REFUSED, SILENT, UNKNOWN_HOST, UNTRUSTED
from graticule.pacs.quiet import hush
from graticule.pacs.trust import trusted

hush("pynetdicom")
_config.LOG_REQUEST_IDENTIFIERS = False
_config.LOG_RESPONSE_IDENTIFIERS = False
_config.LOG_HANDLER_LEVEL = "none"
# An enhanced series can be larger than the memory: what arrives goes to a file as it comes.
_config.STORE_RECV_CHUNKED_DATASET = True
_config.STORE_SEND_CHUNKED_DATASET = True

CONNECT_S, ANSWER_S = 10.0, 60.0
_LOOK_S = 0.2
_NO_ARCHIVE = ("What answers at this address is no archive, or it ended the conversation.",
               "Check the port and the AE titles, and whether the archive wants TLS.")
_USER, _ACSE = 1, 2  # who rejected: PS3.8 table 9-21
_CALLING_UNKNOWN, _CALLED_UNKNOWN = 3, 7


@contextmanager
def associated(node: Node, contexts: Sequence[PresentationContext], progress: Counted, *, roles: Sequence[Any] = (),
               handlers: Sequence[Any] = (), answer_s: float = ANSWER_S) -> Iterator[Association]:
    """An open association; released at the end, aborted when the user cancels (Cancelled is then raised)."""
    ae = AE(ae_title=node.own_ae)
    ae.connection_timeout, ae.acse_timeout, ae.dimse_timeout, ae.network_timeout = CONNECT_S, CONNECT_S, answer_s, answer_s
    tls = (trusted(node.ca_file), node.host) if node.tls else None
    try:
        association = ae.associate(node.host, node.port, contexts=list(contexts), ae_title=node.called_ae, ext_neg=list(roles),
                                   evt_handlers=list(handlers), tls_args=tls)
    except OSError as fault:
        raise no_connection(node) from fault
    if not association.is_established:
        raise why_not(association, node)
    watch = _Watch(association, progress)
    try:
        yield association
    except Cancelled:
        association.abort()
        raise
    except GraticuleError:
        watch.raise_if_cancelled()
        raise
    finally:
        watch.stop()
        if association.is_established:
            association.release()
    watch.raise_if_cancelled()


def why_not(association: Association, node: Node) -> GraticuleError:
    """Why an association did not come about."""
    if association.is_rejected:
        answer = association.acceptor.primitive
        return rejection(node, getattr(answer, "result_source", None), getattr(answer, "diagnostic", None))
    if association.is_aborted and association.acceptor.primitive is not None and not association.accepted_contexts:
        return GraticuleError("The archive speaks of nothing that Graticule asks for.",
                              "Ask its administrator to allow this computer to query and retrieve.")
    return no_connection(node)


def rejection(node: Node, source: int | None, diagnostic: int | None) -> GraticuleError:
    if source == _USER and diagnostic == _CALLED_UNKNOWN:
        return GraticuleError(f"The archive is not called {node.called_ae}.", "Ask its administrator for its AE title.")
    if source == _USER and diagnostic == _CALLING_UNKNOWN:
        return GraticuleError(f"The archive does not know this computer as {node.own_ae}.",
                              "Ask its administrator to enter this computer's AE title, address and port.")
    if source not in (None, _USER, _ACSE):
        return GraticuleError("The archive has too many connections at the moment.", "Try again in a minute.")
    return GraticuleError("The archive refused the connection.",
                          "Ask its administrator whether this computer's AE title is allowed there.")


def no_connection(node: Node) -> GraticuleError:
    """The association has failed without an answer; one plain connection finds out why."""
    try:
        with socket.create_connection((node.host, node.port), timeout=CONNECT_S) as plain:
            if node.tls:
                return _no_tls(plain, node)
    except socket.gaierror:
        return GraticuleError(*UNKNOWN_HOST)
    except TimeoutError:
        return GraticuleError(*SILENT)
    except OSError:
        return GraticuleError(*REFUSED)
    return GraticuleError(*_NO_ARCHIVE)


def _no_tls(plain: socket.socket, node: Node) -> GraticuleError:
    try:
        with trusted(node.ca_file).wrap_socket(plain, server_hostname=node.host):
            return GraticuleError(*_NO_ARCHIVE)
    except ssl.SSLCertVerificationError:
        return GraticuleError(*UNTRUSTED)
    except OSError:  # also the errors of TLS itself
        return GraticuleError("The archive does not speak TLS at this port.", "Check the port, or leave TLS out.")


def cut() -> GraticuleError:
    return GraticuleError(*CUT)


class _Watch:
    """Looks several times a second whether the user has cancelled, and then aborts: no answer has to be waited for."""

    def __init__(self, association: Association, progress: Counted) -> None:
        self._association, self._progress = association, progress
        self._over = threading.Event()
        self._cancelled = False
        self._thread = threading.Thread(target=self._look, name="graticule-archive-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(5.0)

    def raise_if_cancelled(self) -> None:
        if self._cancelled:
            raise Cancelled

    def _look(self) -> None:
        while not self._over.wait(_LOOK_S):
            try:
                self._progress.again()
            except Cancelled:
                self._cancelled = True
                self._association.abort()
                return
