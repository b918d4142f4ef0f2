"""Who sent a request: the device's signature over method, target, body and time, and nothing else.

A replayed request inside the window changes nothing (every request is idempotent); outside it is refused.
"""

from graticule.records.keys import verify
from graticule.server.accept import KnownDevice
from graticule.server.refusal import Refusal
from graticule.sync.messages import SignedRequest, request_statement

REPLAY_WINDOW_MS = 5 * 60 * 1000


def check_signature(
    signed: SignedRequest, device: KnownDevice | None, now_ms: int, method: str, target: str, body_sha256: str
) -> KnownDevice:
    """The device that signed this request; Refusal 401 otherwise.

    The refusal carries the server's time: a workstation with a wrong clock signs again by that.
    """
    if device is None:
        raise Refusal(401, "unknown", "The server does not know this workstation.", "It introduces itself at the next contact.")
    if abs(now_ms - signed.time_ms) > REPLAY_WINDOW_MS:
        raise Refusal(
            401, "clock", "The clocks of this workstation and of the server differ.", "Set the clock right.", time_ms=now_ms
        )
    statement = request_statement(signed.device, signed.time_ms, method, target, body_sha256)
    if not verify(device.public_key, signed.signature, statement):
        raise Refusal(
            401, "signature", "The request was not signed by this workstation.", "Something on the way may have changed it."
        )
    return device
