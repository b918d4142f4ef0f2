"""What went wrong with an archive, in sentences."""

import ssl

import httpx

from graticule.domain.errors import GraticuleError

RETRY_STATUS = (408, 429, 502, 503, 504)

UNTRUSTED = ("The archive's certificate is not trusted by this computer, so nothing was asked or sent.",
             "Ask your IT department for the root certificate and choose it in the archive's settings.")
REFUSED = ("Nothing answers at the archive's address.", "Check the address and the port, and that the archive is running.")
UNKNOWN_HOST = ("The network does not know the archive's name.", "Check the address, and that you are in the hospital's network.")
SILENT = ("The archive did not answer in time.", "Try again; if it stays, ask whoever looks after the archive.")
CUT = ("The connection to the archive was cut.", "")

_STATUS = {
    400: ("The archive did not understand the request.", "Check what was entered; some archives do not search by every field."),
    401: ("The archive does not accept the user name or password.", "Enter them anew in the archive's settings."),
    403: ("The archive does not allow this to this user.", "Ask whoever looks after the archive for the right."),
    404: ("The archive does not have this, or its address is not right.", "The address ends before “/studies”."),
    406: ("The archive cannot give this object in the form it is stored in.", "Ask whoever looks after the archive."),
    409: ("The archive refused the object.", "It may be there already in another version; ask whoever looks after the archive."),
    413: ("The archive found too much, or was sent too much, for one request.", "Narrow the search."),
    415: ("The archive does not take this kind of object.", "Ask whoever looks after the archive."),
}

# Failure reasons of (0008,1197), PS3.18 §I.2.2, and of DIMSE C-STORE, PS3.4 §B.2.3.
_OUT_OF_ROOM, _NO_MATCH = 0xA7, 0xA9


def unreachable(fault: BaseException) -> GraticuleError:
    """The sentence for a request that brought no answer."""
    if isinstance(fault, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return GraticuleError("The address of the archive cannot be used.", "It looks like https://pacs.hospital.example/dicom-web.")
    if caused_by(fault, ssl.SSLError) or caused_by(fault, ssl.CertificateError):
        return GraticuleError(*UNTRUSTED)
    if isinstance(fault, httpx.TimeoutException):
        return GraticuleError(*SILENT)
    if isinstance(fault, httpx.ConnectError):
        unknown = "name" in str(fault).lower() or "getaddrinfo" in str(fault).lower()
        return GraticuleError(*(UNKNOWN_HOST if unknown else REFUSED))
    if isinstance(fault, httpx.ProxyError):
        return GraticuleError("The network's proxy did not let the request through.", "Ask your IT department.")
    return GraticuleError(*CUT)


def refusal(answer: httpx.Response) -> GraticuleError:
    """The sentence for a status that is no success."""
    if answer.is_redirect:
        return GraticuleError("The archive sends elsewhere instead of answering.",
                              "It may want https:// in its address, or show a log-in page.")
    if answer.status_code in _STATUS:
        return GraticuleError(*_STATUS[answer.status_code])
    if answer.status_code >= 500:
        return GraticuleError(f"The archive has a fault of its own ({answer.status_code}).",
                              "Try again later; if it stays, tell whoever looks after the archive.")
    return GraticuleError(f"The archive gave an answer that Graticule does not know ({answer.status_code}).",
                          "Check the archive's address.")


def reason_sentence(reason: int) -> str:
    """Why one object was not stored, from a status or failure reason."""
    if reason >> 8 == _OUT_OF_ROOM:
        return "The archive has no room left for this object."
    if reason >> 8 == _NO_MATCH:
        return "The archive says that the object is not what it claims to be."
    if reason >> 12 == 0xC:
        return "The archive cannot understand this object."
    return {0x0110: "The archive failed while it stored this object.", 0x0111: "The archive has this object already.",
            0x0117: "The archive says that the object's number is not valid.",
            0x0122: "The archive does not take this kind of object.",
            0x0124: "The archive does not let this computer store anything.",
            0x0212: "The archive did not know what to do with this object."}.get(
                reason, f"The archive did not store this object (reason {reason:04X}).")


def caused_by(fault: BaseException | None, kind: type[BaseException]) -> bool:
    while fault is not None:
        if isinstance(fault, kind):
            return True
        fault = fault.__cause__ or fault.__context__
    return False
