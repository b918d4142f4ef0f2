"""What went wrong with an assistant's server, in sentences."""

import ssl

import httpx

from graticule.domain.errors import GraticuleError

NOTHING_CHANGED = "Nothing was changed. Go on by hand, or try again."

UNTRUSTED = ("The assistant's certificate is not trusted by this computer, so no image was sent.",
             "Ask your IT department for the root certificate and choose it in the assistant's settings.")
REFUSED = ("Nothing answers at the assistant's address.", "Check address and port, and that the server is running.")
UNKNOWN_HOST = ("The network does not know the assistant's name.", "Check the address, and that you are in the right network.")
SILENT = ("The assistant did not answer in time.", NOTHING_CHANGED)
CUT = ("The connection to the assistant was cut.", NOTHING_CHANGED)
GARBLED = ("The assistant's answer is damaged or not in the agreed form.", NOTHING_CHANGED)
TOO_LARGE = ("The assistant answered with far more than a mask of this image, so the answer was dropped.", NOTHING_CHANGED)
NOT_A_SERVER = ("There is a server at this address, but it is not an assistant of this kind.", "Check the address and the kind.")
FULL = ("The assistant's server is busy with as many readers as it takes.", "Try again in a while.")

_STATUS = {
    401: ("The assistant does not accept the access key.", "Enter it anew in the assistant's settings."),
    403: ("The assistant does not allow this with the given access key.", "Ask whoever looks after the server."),
    404: ("The assistant does not know what it was asked for.", "Look at its state again; the model may be gone."),
    413: ("The image is too large for the assistant's server.", "Ask whoever looks after the server."),
    429: FULL,
    503: FULL,
}


def unreachable(fault: BaseException) -> GraticuleError:
    """The sentence for a request that brought no answer."""
    if isinstance(fault, httpx.InvalidURL | httpx.UnsupportedProtocol):
        return bad_address()
    if _caused_by(fault, ssl.SSLError):
        return GraticuleError(*UNTRUSTED)
    if isinstance(fault, httpx.DecodingError):
        return GraticuleError(*GARBLED)
    if isinstance(fault, httpx.TimeoutException):
        return GraticuleError(*SILENT)
    if isinstance(fault, httpx.ConnectError):
        unknown = "name" in str(fault).lower() or "getaddrinfo" in str(fault).lower()
        return GraticuleError(*(UNKNOWN_HOST if unknown else REFUSED))
    return GraticuleError(*CUT)


def refusal(status: int) -> GraticuleError:
    """The sentence for a status that is no success."""
    if 300 <= status < 400:
        return GraticuleError("The assistant's server sends us on to another address, which is not followed.",
                              "Enter the final address.")
    if status in _STATUS:
        return GraticuleError(*_STATUS[status])
    if status >= 500:
        return GraticuleError(f"The assistant failed while it worked (status {status}).", NOTHING_CHANGED)
    return GraticuleError(f"The assistant refused the request (status {status}).", NOTHING_CHANGED)


def garbled() -> GraticuleError:
    return GraticuleError(*GARBLED)


def bad_address() -> GraticuleError:
    return GraticuleError("The address of the assistant cannot be used.", "It looks like http://gpu.hospital.example:1527.")


def _caused_by(fault: BaseException | None, sort: type[BaseException]) -> bool:
    while fault is not None:
        if isinstance(fault, sort):
            return True
        fault = fault.__cause__ or fault.__context__
    return False
