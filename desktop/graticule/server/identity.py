"""Who this server is: its id, its timeline, its signing key and the code that lets new workstations in."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from graticule.domain.errors import GraticuleError
from graticule.records.ids import is_hex, new_id
from graticule.records.keys import SigningKey
from graticule.server.database import Database
from graticule.server.tables import settings
from graticule.sync.messages import server_id

KEY_FILE = "server.key"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that a telephone confuses


@dataclass(frozen=True, slots=True)
class ServerIdentity:
    """server: names the key. timeline: changes when the database is restored from a backup.

    invitation: what the first contact from another machine must bring.
    """

    server: str
    timeline: str
    invitation: str
    key: SigningKey


def load_identity(database: Database, data_dir: Path) -> ServerIdentity:
    """The identity kept in the database and the key kept beside it (a stolen database cannot sign); made on the first start."""
    key_file = data_dir / KEY_FILE
    with database.write() as connection:
        found = {row.name: row.value for row in connection.execute(select(settings))}
        if "server" not in found:
            key = _read_key(key_file) if key_file.exists() else _make_key(key_file)
            fresh = {
                "server": server_id(key.public),
                "timeline": new_id(),
                "invitation": invitation_code(),
                "public_key": key.public.hex(),
            }
            connection.execute(database.insert_new(settings), [{"name": name, "value": value} for name, value in fresh.items()])
            found |= fresh
    key = _read_key(key_file)
    if key.public.hex() != found["public_key"]:
        raise GraticuleError(
            "The server's key file belongs to another database.", "Start with the data folder this database was made with."
        )
    return ServerIdentity(found["server"], found["timeline"], found["invitation"], key)


def invitation_code() -> str:
    """Like K7QP-2MXA-9TRD: 60 bits, easy to read out."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def _make_key(path: Path) -> SigningKey:
    key = SigningKey.generate()
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(key.to_bytes().hex() + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    return key


def _read_key(path: Path) -> SigningKey:
    try:
        stored = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as fault:
        raise GraticuleError(
            "The server's key file cannot be read.", "Start with the data folder this database was made with."
        ) from fault
    if not is_hex(stored, 32):
        raise GraticuleError("The server's key file is damaged.", "Bring it back from a backup.")
    return SigningKey.from_bytes(bytes.fromhex(stored))
