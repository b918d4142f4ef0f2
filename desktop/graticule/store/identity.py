"""Who reads in this store and which machine writes its log, with their keys. All of it lies inside the encryption."""

import json
from dataclasses import dataclass

from graticule.domain.errors import GraticuleError
from graticule.records.ids import new_id
from graticule.records.keys import SigningKey, unwrap, wrap
from graticule.store.database import Database


@dataclass(frozen=True, slots=True)
class Reader:
    """public_key: 32 bytes; others check this reader's signatures with it."""

    id: str
    name: str
    public_key: bytes
    specialty: str = ""


@dataclass(frozen=True, slots=True)
class Device:
    """The writer of the log. `parent` is the device whose work it took over, "" for the first."""

    id: str
    parent: str
    key: SigningKey

    @property
    def public_key(self) -> bytes:
        return self.key.public


def new_reader(database: Database, name: str, specialty: str, password: str | None) -> None:
    """The store's one reader. Without a password the signing key waits for one inside the store."""
    if not name.strip():
        raise GraticuleError("A reader needs a name.", "It stands under every signed read.")
    key = SigningKey.generate()
    slot = json.dumps(wrap(key.to_bytes(), password)) if password else None
    database.write("INSERT INTO reader (id, name, specialty, public_key, secret, slot) VALUES (?, ?, ?, ?, ?, ?)",
                   (new_id(), name.strip(), specialty, key.public, None if slot else key.to_bytes(), slot))


def reader_of(database: Database) -> Reader:
    row = database.one("SELECT id, name, public_key, specialty FROM reader")
    if row is None:
        raise GraticuleError("This store was never finished: it has no reader.", "Remove the folder and make the store again.")
    return Reader(*row)


def signing_key(database: Database, password: str) -> SigningKey:
    """The reader's key; GraticuleError when the password is not right or none was chosen yet."""
    row = database.one("SELECT slot FROM reader")
    if row is None or row[0] is None:
        raise GraticuleError("This reader has no password for signing yet.", "Choose one in the settings, then sign.")
    return SigningKey.from_bytes(unwrap(json.loads(row[0]), password))


def has_password(database: Database) -> bool:
    return database.one("SELECT 1 FROM reader WHERE slot IS NOT NULL") is not None


def set_password(database: Database, new: str, old: str | None) -> None:
    """Choose the signing password, or change it with the old one."""
    row = database.one("SELECT slot, secret FROM reader")
    assert row is not None
    slot, secret = row
    if slot is not None:
        secret = unwrap(json.loads(slot), old or "")
    database.write("UPDATE reader SET slot = ?, secret = NULL", (json.dumps(wrap(secret, new)),))


def new_device(database: Database, parent: str = "") -> Device:
    """A device with a fresh key, which is the current one from now on."""
    device = Device(new_id(), parent, SigningKey.generate())
    with database.transaction():
        database.run("INSERT INTO devices (id, parent, secret, public_key) VALUES (?, ?, ?, ?)",
                     (device.id, parent, device.key.to_bytes(), device.public_key))
        database.run("INSERT INTO sync_state (device) VALUES (?)", (device.id,))
    return device


def device_of(database: Database) -> Device:
    row = database.one("SELECT id, parent, secret FROM devices ORDER BY number DESC LIMIT 1")
    if row is None:
        raise GraticuleError("This store was never finished: it has no log.", "Remove the folder and make the store again.")
    return Device(row[0], row[1], SigningKey.from_bytes(row[2]))
