"""How a person or a machine opens a store, and the operating system's vault for secrets."""

from dataclasses import dataclass, field
from typing import Protocol

from graticule.domain.errors import GraticuleError

PASSPHRASE, KEYRING, KEY_FILE = "passphrase", "keyring", "key-file"

SERVICE = "Graticule"


class Vault(Protocol):
    """Where the operating system keeps a short secret for this user."""

    def get(self, account: str) -> str | None: ...

    def put(self, account: str, secret: str) -> None: ...


class SystemVault:
    """Windows Credential Manager, macOS Keychain or the desktop's Secret Service."""

    def get(self, account: str) -> str | None:
        import keyring
        from keyring.errors import KeyringError

        try:
            return keyring.get_password(SERVICE, account)
        except KeyringError as fault:
            raise GraticuleError("The system's password vault does not answer.",
                                 "Unlock it, or open the store with its passphrase.") from fault

    def put(self, account: str, secret: str) -> None:
        import keyring
        from keyring.errors import KeyringError

        try:
            keyring.set_password(SERVICE, account, secret)
        except KeyringError as fault:
            raise GraticuleError("The system's password vault does not take the key.", "Choose a passphrase instead.") from fault


def system_has_vault() -> bool:
    """Whether secrets can be kept by the system here (not on a bare server, nor in a container)."""
    try:
        import keyring
    except ImportError:
        return False
    # Backends that keep nothing, or keep it in the clear, have a priority below 1 (keyring, "Backend priority").
    return bool(keyring.get_keyring().priority >= 1)


@dataclass(frozen=True, slots=True)
class Unlock:
    """One way to the store's key. `kind` is one of PASSPHRASE, KEYRING, KEY_FILE."""

    kind: str
    secret: str = field(default="", repr=False)
    vault: Vault = field(default_factory=SystemVault, repr=False)

    @classmethod
    def passphrase(cls, passphrase: str) -> "Unlock":
        return cls(PASSPHRASE, passphrase)

    @classmethod
    def keyring(cls, vault: Vault | None = None) -> "Unlock":
        """The key is wrapped by a secret that the operating system keeps for this user."""
        return cls(KEYRING, vault=vault or SystemVault())

    @classmethod
    def key_file(cls) -> "Unlock":
        """The key lies beside the store: for demonstrations and machines whose disk is encrypted. The store warns of it."""
        return cls(KEY_FILE)

    @classmethod
    def without_passphrase(cls) -> "Unlock":
        """The keyring where there is one, else a key file."""
        return cls.keyring() if system_has_vault() else cls.key_file()

    @property
    def is_key_file(self) -> bool:
        return self.kind == KEY_FILE
