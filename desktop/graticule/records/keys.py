"""Keys: Ed25519 for signatures, a password (Argon2id) round a secret, AES-256-GCM for bytes at rest."""

import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from graticule.domain.errors import GraticuleError
from graticule.records.canonical import canonical
from graticule.records.ids import is_hex

_NONCE = 12
_TAG = 16


class SigningKey:
    """A secret Ed25519 key: a reader's (signs reads) or a device's (signs the device log)."""

    def __init__(self, secret: Ed25519PrivateKey) -> None:
        self._secret = secret

    @classmethod
    def generate(cls) -> "SigningKey":
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_bytes(cls, data: bytes) -> "SigningKey":
        """The key of its 32 secret bytes (RFC 8032 §5.1.5)."""
        if len(data) != 32:
            raise GraticuleError("A signing key is damaged.", "Restore keys.json from a backup.")
        return cls(Ed25519PrivateKey.from_private_bytes(data))

    def to_bytes(self) -> bytes:
        return self._secret.private_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """64 bytes; the same message always gives the same signature."""
        return self._secret.sign(message)

    @property
    def public(self) -> bytes:
        """The 32 bytes that others check signatures with."""
        return self._secret.public_key().public_bytes_raw()

    def __repr__(self) -> str:
        return f"SigningKey(public={self.public.hex()})"


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the key of `public` signed exactly this message. False for malformed keys and signatures too."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


@dataclass(frozen=True, slots=True)
class Cost:
    """How hard a guess at a password is. The default is the second choice of RFC 9106 §4 (64 MiB, some tenths of a second)."""

    memory_kib: int = 64 * 1024
    passes: int = 3
    lanes: int = 4


STRONG = Cost()
_DEAREST = Cost(memory_kib=1024 * 1024, passes=16, lanes=16)


def wrap(secret: bytes, passphrase: str, cost: Cost = STRONG) -> dict[str, Any]:
    """A key slot (JSON) that gives `secret` back to whoever knows the passphrase."""
    if not passphrase:
        raise GraticuleError("A password is needed.", "Type at least one character.")
    slot: dict[str, Any] = {"v": 1, "kdf": "argon2id", "memory_kib": cost.memory_kib, "passes": cost.passes, "lanes": cost.lanes,
                            "salt": secrets.token_hex(16), "cipher": "aes-256-gcm"}
    wrapped = encrypt(_derive(slot, passphrase), secret, canonical(slot))
    return {**slot, "wrapped": wrapped.hex()}


def unwrap(slot: Mapping[str, Any], passphrase: str) -> bytes:
    """The secret of a slot; GraticuleError when the passphrase is wrong or the slot is damaged."""
    head = {name: value for name, value in slot.items() if name != "wrapped"}
    _check_slot(head, slot.get("wrapped"))
    try:
        return decrypt(_derive(head, passphrase), bytes.fromhex(slot["wrapped"]), canonical(head))
    except GraticuleError as fault:
        raise GraticuleError("The password is not right.", "Check Caps Lock and the keyboard's language.") from fault


def encrypt(key: bytes, plain: bytes, context: bytes = b"") -> bytes:
    """nonce (12) ‖ AES-256-GCM of `plain` (its length + 16). `context` is bound in, not stored. key: 32 bytes."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, context)


def decrypt(key: bytes, data: bytes, context: bytes = b"") -> bytes:
    """What `encrypt` was given; GraticuleError when key, bytes or context differ by one bit."""
    if len(data) < _NONCE + _TAG:
        raise GraticuleError("Encrypted data is cut short.", "Restore it from a backup.")
    try:
        return AESGCM(key).decrypt(data[:_NONCE], data[_NONCE:], context)
    except InvalidTag as fault:
        raise GraticuleError("Encrypted data does not fit its key.", "It was damaged, or belongs to another store.") from fault


def _derive(slot: Mapping[str, Any], passphrase: str) -> bytes:
    # NFC, as RFC 8265 asks: the same ä typed on macOS and on Windows must open the same lock.
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return Argon2id(salt=bytes.fromhex(slot["salt"]), length=32, iterations=slot["passes"], lanes=slot["lanes"],
                    memory_cost=slot["memory_kib"]).derive(typed)


def _check_slot(head: Mapping[str, Any], wrapped: object) -> None:
    known = (head.get("v"), head.get("kdf"), head.get("cipher")) == (1, "argon2id", "aes-256-gcm")
    limits = {"memory_kib": _DEAREST.memory_kib, "passes": _DEAREST.passes, "lanes": _DEAREST.lanes}
    numbers = all(type(head.get(name)) is int and 1 <= head[name] <= most for name, most in limits.items())
    whole = isinstance(wrapped, str) and is_hex(wrapped, len(wrapped) // 2) and is_hex(head.get("salt"), 16)
    if not (known and numbers and whole and head["memory_kib"] >= 8 * head["lanes"]):
        raise GraticuleError("A key slot is damaged.", "Restore keys.json from a backup.")
