"""Every request after enrolment is signed by the device's key, so a stolen password or a copied cookie sends nothing.

    Authorization: Graticule device=<id>,time=<ms since 1970>,signature=<hex Ed25519>

over "graticule/request/1\\n" and the lines time, device, METHOD, target (path and query as sent), hex SHA-256 of the body.
"""

import re
from dataclasses import dataclass

from graticule.sync.messages.faults import MessageFault

DOMAIN = b"graticule/request/1\n"
_HEADER = re.compile(r"Graticule device=([0-9A-Za-z._:-]{1,100}),time=([0-9]{1,15}),signature=([0-9a-f]{128})")


@dataclass(frozen=True, slots=True)
class SignedRequest:
    device: str
    time_ms: int
    signature: bytes

    def as_header(self) -> str:
        return f"Graticule device={self.device},time={self.time_ms},signature={self.signature.hex()}"

    @classmethod
    def from_header(cls, header: str) -> "SignedRequest":
        found = _HEADER.fullmatch(header)
        if found is None:
            raise MessageFault("The request does not carry a workstation's signature.")
        return cls(found[1], int(found[2]), bytes.fromhex(found[3]))


def request_statement(device: str, time_ms: int, method: str, target: str, body_sha256: str) -> bytes:
    """The bytes that are signed. target: path and query exactly as they stand in the request line."""
    return DOMAIN + "\n".join((str(time_ms), device, method.upper(), target, body_sha256)).encode()
