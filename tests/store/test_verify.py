"""Each kind of tampering is found and named, by somebody who has the key and takes the guards off (promise 7)."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from graticule.records.canonical import canonical, parse
from graticule.records.ids import revision_id
from graticule.store.database import Database
from graticule.store.flight_recorder import recorder_files
from graticule.store.keys import open_keys
from graticule.store.schema import APPEND_ONLY
from graticule.store.store import Store
from graticule.store.verify import verify_store
from store.making import PASSWORD, save, worked

Tamper = Callable[[Database], object]


@pytest.fixture
def signed(signing_store: Store) -> Path:
    """A closed store with a signed case, a corrected one and an import of a protocol."""
    for name in ("one", "two"):
        case_id = worked(signing_store, name)
        save(signing_store, case_id)
        signing_store.labels.sign([case_id], PASSWORD, "my read")
    signing_store.close()
    return signing_store.path


def tampered(folder: Path, tamper: Tamper) -> list[str]:
    """Problems as sentences, after `tamper` had its way with the tables."""
    database = Database(folder / "labels.db", open_keys(folder, None))
    database.all("PRAGMA foreign_keys = OFF")
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            database.write(f"DROP TRIGGER {table}_keeps_{verb}")
    tamper(database)
    database.close()
    return [f"{problem.what}: {problem.where}: {problem.why}" for problem in verify_store(folder)]


def flip(table: str, column: str, where: str = "1") -> Tamper:
    """One bit in the middle of a stored value."""
    def run(database: Database) -> None:
        row = database.one(f"SELECT rowid, {column} FROM {table} WHERE {where} LIMIT 1")
        assert row is not None
        data = bytearray(row[1])
        data[len(data) // 2] ^= 1
        database.write(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (bytes(data), row[0]))
    return run


def statement(sql: str) -> Tamper:
    return lambda database: database.write(sql)


def test_an_honest_store_has_no_problem(signed: Path) -> None:
    verification = verify_store(signed)
    assert list(verification) == []
    assert verification.checked > 20


@pytest.mark.parametrize(("tamper", "words"), [
    (flip("journal", "edit"), ["Edit journal", "case “one”", "Reader One", "act 1", "changed after it was written"]),
    (statement("UPDATE journal SET title = 'Nothing' WHERE number = 2"), ["Edit journal", "case “one”", "act 2"]),
    (statement("UPDATE journal SET wall = '2020-01-01' WHERE number = 3"), ["Edit journal", "case “two”", "act 1"]),
    (statement("DELETE FROM journal WHERE number = 1"), ["Edit journal", "case “one”", "Acts 1 to 1 are missing"]),
    (statement("DELETE FROM journal WHERE number = 4"), ["Edit journal", "case “two”", "should end with act 2"]),
    (flip("blobs", "frame"), ["Data", "case “one”", "version 1", "Reader One"]),
    (statement("DELETE FROM blobs WHERE number = 1"), ["Saved version", "case “one”", "pieces"]),
    (flip("revisions", "header", "op = 'attest'"), ["Signed version", "case “one”", "version 1, signed"]),
    (statement("UPDATE revisions SET case_id = (SELECT id FROM cases ORDER BY number DESC LIMIT 1) WHERE number = 1"),
     ["Saved version", "case “two”", "another case"]),
    (statement("DELETE FROM revisions WHERE number = 1"), ["Signed version", "case “one”", "made from is missing"]),
    (flip("entries", "line", "seq = 2"), ["Device log", "entry 2", "case “one”"]),
    (statement("DELETE FROM entries WHERE seq = 1"), ["Device log", "Entries 1 to 1 are missing"]),
    (statement("DELETE FROM entries WHERE seq = 4"), ["Device log", "case “two”", "never be sent"]),
    (statement("DELETE FROM entries WHERE seq = 4"), ["Second copy", "entry 4", "set back"]),
    (statement("UPDATE protocols SET document = CAST('{}' AS BLOB)"), ["Protocol", "changed after it was stored"]),
    (statement("UPDATE reads SET attest = NULL"), ["Worklist", "case “one”", "not what was signed"]),
    (statement("UPDATE reader SET public_key = zeroblob(32)"), ["Signed version", "case “one”", "not this reader's"]),
    (statement("UPDATE sync_state SET acknowledged = 2, acknowledged_hash = 'x'"), ["Device log", "entry 2", "The server has"]),
])
def test_tampering_is_named(signed: Path, tamper: Tamper, words: list[str]) -> None:
    problems = tampered(signed, tamper)
    assert any(all(word in problem for word in words) for problem in problems), problems


def test_a_signed_answer_that_is_changed_and_named_anew_is_still_found(signed: Path) -> None:
    """A thorough forger gives the changed version its right name everywhere; the signature does not hold."""
    def forge(database: Database) -> None:
        row = database.one("SELECT id, header FROM revisions WHERE op = 'attest'")
        assert row is not None
        header = parse(row[1])
        header["signature"]["meaning"] = "I did not read it."
        database.write("UPDATE revisions SET id = ?, header = ? WHERE id = ?", (revision_id(header), canonical(header), row[0]))

    assert any("Its signature does not hold" in problem and "case “one”" in problem for problem in tampered(signed, forge))


def test_one_bit_of_the_second_copy(signed: Path) -> None:
    (path,) = recorder_files(signed / "recorder")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    problems = list(verify_store(signed))
    assert [problem.what for problem in problems] == ["Second copy"]


def test_bits_of_the_file_itself(signed: Path) -> None:
    """SQLCipher authenticates each page: no flipped bit reaches a label, and the page is named."""
    path = signed / "labels.db"
    data = bytearray(path.read_bytes())
    for offset in (4096 * 6 + 100, len(data) - 2000):
        data[offset] ^= 4
    path.write_bytes(data)
    problems = list(verify_store(signed))
    assert any(problem.what == "Store" and "damaged or changed" in problem.why for problem in problems)
    whole = path.read_bytes()
    path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    (problem,) = verify_store(signed)
    assert problem.what == "Store" and "cannot be read" in problem.why


def test_the_file_is_ciphertext(signed: Path) -> None:
    for path in [signed / "labels.db", *recorder_files(signed / "recorder")]:
        data = path.read_bytes()
        assert b"SQLite format" not in data and b"Reader One" not in data and b"my read" not in data
    with pytest.raises(sqlite3.DatabaseError):
        sqlite3.connect(signed / "labels.db").execute("SELECT * FROM journal")
    assert "slots" in json.loads((signed / "keys.json").read_text())
