"""Which databases the server takes, and how it says no to others."""

from pathlib import Path

import pytest

from graticule.domain.errors import GraticuleError
from graticule.server.database import Database


@pytest.mark.parametrize("url", ["mysql://somewhere/db", "not a url", "oracle+cx://x"])
def test_an_address_of_no_known_database_is_refused_in_words(url: str) -> None:
    with pytest.raises(GraticuleError):
        Database(url)


def test_a_postgresql_that_does_not_answer_is_a_sentence() -> None:
    with pytest.raises(GraticuleError, match="does not answer"):
        Database("postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1")


def test_a_file_in_no_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(GraticuleError, match="cannot be opened"):
        Database(f"sqlite:///{tmp_path / 'nowhere' / 'central.db'}")


@pytest.mark.parametrize("scheme", ["postgresql://", "postgres://", "postgresql+psycopg://"])
def test_every_spelling_of_a_postgresql_address_uses_the_same_driver(postgres: str, scheme: str) -> None:
    database = Database(postgres.replace("postgresql://", scheme))
    assert database.engine.dialect.driver == "psycopg" and not database.is_sqlite
    database.close()


def test_sqlite_is_the_encrypted_stores_library_and_waits_for_the_disk(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'central.db'}")
    with database.read() as connection:
        settings = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
        assert settings == ["wal", 2]
        assert connection.exec_driver_sql("PRAGMA cipher_version").scalar()
    database.close()
