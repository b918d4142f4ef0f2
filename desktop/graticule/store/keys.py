"""keys.json: the database's random key, wrapped once for each way in. The key itself never changes; ways in come and go."""

import json
import os
import secrets
from pathlib import Path
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.records.ids import is_hex, new_id
from graticule.records.keys import decrypt, encrypt, unwrap, wrap
from graticule.store.errors import in_words
from graticule.store.place import sync_folder
from graticule.store.unlock import KEY_FILE, KEYRING, PASSPHRASE, Unlock

FILE = "keys.json"
KEY_BYTES = 32

NO_STORE = ("There is no Graticule store in this folder.", "Make one with “graticule init”, or choose another folder.")
_NEWER = ("This store was written by a newer Graticule.", "Open it with that version; nothing was changed.")
_DAMAGED = ("The store's key file is damaged.", "Restore keys.json from a copy of the store: nothing can be read without it.")


def new_keys(folder: Path, unlock: Unlock) -> bytes:
    """Make a store's key with one way in, and return it."""
    key, store = secrets.token_bytes(KEY_BYTES), new_id()
    _write(folder, {"v": 1, "store": store, "slots": [_slot(key, store, unlock)]})
    return key


def open_keys(folder: Path, unlock: Unlock | None) -> bytes:
    """The store's key. None: by whatever needs nobody to type (the keyring, then a key file)."""
    document = _read(folder)
    kinds = [slot["kind"] for slot in document["slots"]]
    if unlock is None:
        unlock = Unlock.keyring() if KEYRING in kinds else Unlock.key_file()
        if unlock.kind not in kinds:
            raise GraticuleError("This store is protected by a passphrase.", "Give its passphrase.")
    if unlock.kind not in kinds:
        raise GraticuleError(f"This store has no {_WORDS[unlock.kind]}.", f"It opens by its {_WORDS[kinds[0]]}.")
    slots = [slot for slot in document["slots"] if slot["kind"] == unlock.kind]
    key = _key_of(slots[0], document["store"], unlock)
    if len(key) != KEY_BYTES:
        raise GraticuleError(*_DAMAGED)
    return key


def add_way_in(folder: Path, known: Unlock | None, added: Unlock) -> None:
    """One more way to the same key; it replaces an earlier one of its kind (a changed passphrase)."""
    document = _read(folder)
    key = open_keys(folder, known)
    others = [slot for slot in document["slots"] if slot["kind"] != added.kind]
    _write(folder, {**document, "slots": [*others, _slot(key, document["store"], added)]})


def ways_in(folder: Path) -> list[str]:
    """Kinds of unlocking this store knows, so that a window asks for a passphrase only when one is needed."""
    return [slot["kind"] for slot in _read(folder)["slots"]]


_WORDS = {PASSPHRASE: "passphrase", KEYRING: "key in the system's password vault", KEY_FILE: "key file"}


def _slot(key: bytes, store: str, unlock: Unlock) -> dict[str, Any]:
    if unlock.kind == PASSPHRASE:
        return {"kind": PASSPHRASE, "slot": wrap(key, unlock.secret)}
    if unlock.kind == KEY_FILE:
        return {"kind": KEY_FILE, "key": key.hex()}
    # The vault holds a wrapping key only: some vaults take little more than a thousand characters.
    wrapping = secrets.token_bytes(KEY_BYTES)
    unlock.vault.put(store, wrapping.hex())
    return {"kind": KEYRING, "wrapped": encrypt(wrapping, key, store.encode()).hex()}


def _key_of(slot: dict[str, Any], store: str, unlock: Unlock) -> bytes:
    if slot["kind"] == PASSPHRASE:
        return unwrap(slot["slot"], unlock.secret)
    if slot["kind"] == KEY_FILE:
        return _bytes(slot["key"])
    wrapping = unlock.vault.get(store)
    if wrapping is None or not is_hex(wrapping, KEY_BYTES):
        raise GraticuleError("The system's password vault no longer holds this store's key.",
                             "It may have been emptied by a password reset. Open the store with its passphrase.")
    return decrypt(bytes.fromhex(wrapping), _bytes(slot["wrapped"]), store.encode())


def _bytes(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except (ValueError, TypeError) as fault:
        raise GraticuleError(*_DAMAGED) from fault


def _read(folder: Path) -> dict[str, Any]:
    path = folder / FILE
    if not path.exists():
        raise GraticuleError(*NO_STORE)
    try:
        with in_words():
            document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if document["v"] != 1:
            raise GraticuleError(*_NEWER)
        for slot in document["slots"]:
            slot["kind"] in _WORDS and slot[_CONTENT[slot["kind"]]]
        document["store"], document["slots"][0]
    except (ValueError, KeyError, TypeError, IndexError) as fault:
        raise GraticuleError(*_DAMAGED) from fault
    return {**document, "slots": [slot for slot in document["slots"] if slot["kind"] in _WORDS]}


_CONTENT = {PASSPHRASE: "slot", KEYRING: "wrapped", KEY_FILE: "key"}


def _write(folder: Path, document: dict[str, Any]) -> None:
    path, new = folder / FILE, folder / (FILE + ".new")
    with in_words():
        file = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "w", encoding="utf-8") as stream:
            json.dump(document, stream, indent=1)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(new, path)
        sync_folder(folder)
