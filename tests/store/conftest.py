"""A fresh store for a test; with a signing password only where the test asks for `signing_store`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from graticule.store.store import Store, open_store
from store.making import PASSWORD, new_store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    made = new_store(folder)
    yield made
    made.close()


@pytest.fixture(scope="session")
def signing_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed store whose reader has a password, to be copied: making one takes half a second."""
    path = tmp_path_factory.mktemp("template") / "store"
    new_store(path, password=PASSWORD).close()
    return path


@pytest.fixture
def signing_store(folder: Path, signing_template: Path) -> Iterator[Store]:
    shutil.copytree(signing_template, folder)
    opened = open_store(folder)
    yield opened
    opened.close()
