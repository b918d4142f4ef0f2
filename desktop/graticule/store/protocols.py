"""Protocol documents by content, and which of them is read under now."""

from collections.abc import Mapping
from typing import Any

from graticule.domain.errors import GraticuleError
from graticule.records.canonical import canonical, parse
from graticule.records.ids import protocol_id
from graticule.store.database import Database
from graticule.store.facts import PROTOCOL, Facts


class Protocols:
    def __init__(self, database: Database, facts: Facts) -> None:
        self._database = database
        self._facts = facts

    def put(self, document: Mapping[str, Any]) -> str:
        """Keep the document and read under it from now on; its id "p1:…". Earlier ones stay: revisions name them."""
        name = protocol_id(document)
        with self._database.transaction():
            self._database.run("INSERT INTO protocols (id, document) VALUES (?, ?) ON CONFLICT DO NOTHING",
                               (name, canonical(document)))
            self._facts.set(PROTOCOL, name)
        return name

    def get(self, name: str) -> dict[str, Any]:
        row = self._database.one("SELECT document FROM protocols WHERE id = ?", (name,))
        if row is None:
            raise GraticuleError("This protocol is not in the store.", "Fetch it from the central server, or import its file.")
        document: dict[str, Any] = parse(row[0])
        return document

    def current(self) -> tuple[str, dict[str, Any]]:
        """(id, document) of the protocol that is read under; GraticuleError when there is none yet."""
        name = self._facts.get(PROTOCOL)
        if not name:
            raise GraticuleError("This store has no protocol yet: nobody has said what is to be read.", "Import a protocol file.")
        return name, self.get(name)

    def deidentify(self) -> str:
        """How the protocol that is read under asks to de-identify what comes in; "" when it does not, or there is none."""
        return str(self.current()[1].get("deidentify", "")) if self._facts.get(PROTOCOL) else ""
