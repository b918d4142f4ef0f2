"""The key of a project: with it the same patient gets the same pseudonym again, without it nobody finds the way back."""

import hmac
import uuid
from dataclasses import dataclass
from functools import lru_cache

MOST_DAYS = 3650
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no letter that looks like a digit
# Raise it when the rules change: a copy made by older rules is then made anew.
RULES = "3"


@dataclass(frozen=True, slots=True)
class Patient:
    """pseudonym: stands for name and number. days: how far back every date of this patient moves."""

    pseudonym: str
    days: int


class ProjectKey:
    """HMAC-SHA-256 under the project's secret. secret: at least 16 bytes, kept in the encrypted store only."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < 16:
            raise ValueError("a project key has at least 16 bytes")
        self._secret = secret
        self.uid = lru_cache(maxsize=100_000)(self._uid)
        self.patient = lru_cache(maxsize=10_000)(self._patient)

    def digest(self, purpose: str, *parts: str | bytes) -> bytes:
        """32 bytes for a purpose; parts cannot run into each other, each goes with its length."""
        made = hmac.new(self._secret, purpose.encode() + b"\0", "sha256")
        for part in parts:
            data = part.encode() if isinstance(part, str) else part
            made.update(len(data).to_bytes(8, "big") + data)
        return made.digest()

    def word(self, purpose: str, *parts: str | bytes, length: int = 12) -> str:
        """Letters and digits, 5 bits each."""
        number = int.from_bytes(self.digest(purpose, *parts), "big")
        return "".join(_LETTERS[number >> 5 * place & 31] for place in range(length))

    def _uid(self, original: str) -> str:
        """"2.25." and a UUID (PS3.5 B.2), always the same for the same UID."""
        return f"2.25.{uuid.UUID(bytes=self.digest('uid', original)[:16], version=4).int}"

    def _patient(self, issuer: str, number: str) -> Patient:
        """The patient of an issuer's number."""
        who = (issuer.strip(" \0"), number.strip(" \0"))
        return Patient("P-" + self.word("patient", *who), 1 + int.from_bytes(self.digest("days", *who)[:8], "big") % MOST_DAYS)

    def unnamed(self, what: str) -> Patient:
        """A patient of whom nothing is known but `what`, such as a study or the hash of a file."""
        return self._patient("\x1funnamed", what)
