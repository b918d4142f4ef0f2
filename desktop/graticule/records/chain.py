"""Hash chains: each link names the one before, so that nothing can be taken out, changed or put between."""

from graticule.domain.errors import GraticuleError
from graticule.records.ids import is_hex, sha256_hex

CHAIN_DOMAIN = b"graticule/chain/1\n"
START = "0" * 64


def chain_hash(prev_hash: str, body: bytes) -> str:
    """Hex SHA-256 of the domain string, the previous link's hex hash, a newline and the body. The first link follows START."""
    if not is_hex(prev_hash, 32):
        raise GraticuleError("A chain of records is damaged: a link does not name the one before.", "Run “graticule verify”.")
    return sha256_hex(CHAIN_DOMAIN + prev_hash.encode() + b"\n" + body)
