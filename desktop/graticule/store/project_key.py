"""The secret of each project, from which de-identification makes pseudonyms. It lies in the encrypted database only."""

import secrets
from collections.abc import Mapping
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.records.keys import unwrap, wrap
from graticule.store.database import Database
from graticule.store.facts import Facts

_NAME = "project key "
_BYTES = 32


class ProjectKeys:
    def __init__(self, database: Database, facts: Facts) -> None:
        self._database, self._facts = database, facts

    def of(self, project: str) -> bytes:
        """The project's secret, 32 bytes; made when it is asked for the first time."""
        with self._database.transaction():
            kept = self._facts.get(_NAME + project)
            if not kept:
                kept = secrets.token_bytes(_BYTES).hex()
                self._facts.set(_NAME + project, kept)
        return bytes.fromhex(kept)

    def wrapped(self, project: str, passphrase: str) -> dict[str, Any]:
        """The secret under a passphrase, to be carried to the other stores of the project."""
        return wrap(self.of(project), passphrase)

    def take(self, project: str, wrapped: Mapping[str, Any], passphrase: str) -> None:
        """Use another store's secret. GraticuleError when this store has one already that is not the same."""
        key = unwrap(wrapped, passphrase)
        kept = self._facts.get(_NAME + project)
        if kept and kept != key.hex():
            raise GraticuleError("This store has a key of its own for this project already.",
                                 "Use a new store: what came in under one key does not fit the other.")
        self._facts.set(_NAME + project, key.hex())
