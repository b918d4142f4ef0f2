"""Single values a store remembers of itself."""

from graticule.store.database import Database

SERVER_URL, PROTOCOL, RECORDED = "server url", "protocol", "recorded"


class Facts:
    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, name: str, default: str = "") -> str:
        row = self._database.one("SELECT value FROM facts WHERE name = ?", (name,))
        return str(row[0]) if row else default

    def set(self, name: str, value: str) -> None:
        self._database.write("INSERT INTO facts (name, value) VALUES (?, ?) "
                             "ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))
