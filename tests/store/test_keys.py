"""Every way into a store leads to the same key, and no other does."""

import json
from pathlib import Path

import pytest

from graticule.domain.errors import GraticuleError
from graticule.store.keys import add_way_in, new_keys, open_keys, ways_in
from graticule.store.store import NewStore, open_store
from graticule.store.unlock import KEY_FILE, KEYRING, PASSPHRASE, Unlock


class MemoryVault:
    """A system's vault that lasts as long as the test."""

    def __init__(self) -> None:
        self.secrets: dict[str, str] = {}

    def get(self, account: str) -> str | None:
        return self.secrets.get(account)

    def put(self, account: str, secret: str) -> None:
        self.secrets[account] = secret


def test_a_passphrase_opens_and_another_does_not(tmp_path: Path) -> None:
    key = new_keys(tmp_path, Unlock.passphrase("Käse"))
    assert open_keys(tmp_path, Unlock.passphrase("Käse")) == key and len(key) == 32
    assert ways_in(tmp_path) == [PASSPHRASE]
    assert key.hex() not in (tmp_path / "keys.json").read_text()
    with pytest.raises(GraticuleError, match="The password is not right"):
        open_keys(tmp_path, Unlock.passphrase("Kase"))
    with pytest.raises(GraticuleError, match="protected by a passphrase"):
        open_keys(tmp_path, None)
    with pytest.raises(GraticuleError, match="no key file"):
        open_keys(tmp_path, Unlock.key_file())


def test_the_vault_holds_a_wrapping_key_only(tmp_path: Path) -> None:
    vault = MemoryVault()
    key = new_keys(tmp_path, Unlock.keyring(vault))
    assert open_keys(tmp_path, Unlock.keyring(vault)) == key
    assert key.hex() not in (tmp_path / "keys.json").read_text() and key.hex() not in vault.secrets.values()
    with pytest.raises(GraticuleError, match="no longer holds this store's key"):
        open_keys(tmp_path, Unlock.keyring(MemoryVault()))


def test_a_lost_vault_is_survived_by_a_second_way_in(tmp_path: Path) -> None:
    vault = MemoryVault()
    key = new_keys(tmp_path, Unlock.keyring(vault))
    add_way_in(tmp_path, Unlock.keyring(vault), Unlock.passphrase("spare"))
    vault.secrets.clear()
    assert open_keys(tmp_path, Unlock.passphrase("spare")) == key
    add_way_in(tmp_path, Unlock.passphrase("spare"), Unlock.keyring(vault))
    assert open_keys(tmp_path, Unlock.keyring(vault)) == key
    add_way_in(tmp_path, Unlock.keyring(vault), Unlock.passphrase("changed"))
    assert sorted(ways_in(tmp_path)) == sorted([KEYRING, PASSPHRASE])
    with pytest.raises(GraticuleError, match="not right"):
        open_keys(tmp_path, Unlock.passphrase("spare"))


def test_a_key_file_opens_by_itself_and_warns(tmp_path: Path) -> None:
    with open_store(tmp_path / "s", Unlock.key_file(), create=NewStore("Ann")) as store:
        assert any("whoever copies the folder can read it" in warning for warning in store.warnings)
    assert ways_in(tmp_path / "s") == [KEY_FILE]
    open_store(tmp_path / "s").close()


def test_a_passphrase_protects_the_whole_store(tmp_path: Path) -> None:
    with open_store(tmp_path / "s", Unlock.passphrase("secret"), create=NewStore("Ann")) as store:
        assert not any("key of this store" in warning for warning in store.warnings)
    with pytest.raises(GraticuleError, match="The password is not right"):
        open_store(tmp_path / "s", Unlock.passphrase("Secret"))
    with open_store(tmp_path / "s", Unlock.passphrase("secret")) as store:
        assert store.reader.name == "Ann"


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"v": 1}', '{"v": 1, "store": "s", "slots": []}',
                                  '{"v": 1, "store": "s", "slots": [{"kind": "key-file"}]}',
                                  '{"v": 1, "store": "s", "slots": [{"kind": "key-file", "key": "xyz"}]}',
                                  '{"v": 1, "store": "s", "slots": [{"kind": "key-file", "key": "00"}]}'])
def test_a_damaged_key_file_is_said_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys.json").write_text(text)
    with pytest.raises(GraticuleError, match="key file is damaged"):
        open_keys(tmp_path, None)


def test_a_key_file_of_a_newer_version(tmp_path: Path) -> None:
    new_keys(tmp_path, Unlock.key_file())
    document = json.loads((tmp_path / "keys.json").read_text())
    (tmp_path / "keys.json").write_text(json.dumps({**document, "v": 2}))
    with pytest.raises(GraticuleError, match="newer Graticule"):
        open_keys(tmp_path, None)
