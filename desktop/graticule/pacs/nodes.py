"""The archives somebody has entered, kept in the store, and what opens them, kept by the operating system."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from graticule.domain.archive import NO_LOGIN, Login, Node
from graticule.domain.errors import GraticuleError

# Under this name the store remembers them, beside where each case was left.
PACS = "pacs"
_ACCOUNT = "archive "

NO_SECRET = ("The password of this archive is not kept on this computer.", "Enter it in the archive's settings.")


class Memory(Protocol):
    """Small JSON kept by name (`store.viewing.ViewState`)."""

    def save(self, name: str, state: Mapping[str, Any], /) -> None: ...

    def load(self, name: str, /) -> dict[str, Any]: ...


class Vault(Protocol):
    """Where the operating system keeps a short secret for this user (`store.unlock.SystemVault`)."""

    def get(self, account: str) -> str | None: ...

    def put(self, account: str, secret: str) -> None: ...


class Nodes:
    """The list, in the order in which it was made."""

    def __init__(self, memory: Memory, vault: Vault) -> None:
        self._memory, self._vault = memory, vault

    def all(self) -> list[Node]:
        rows = self._memory.load(PACS).get("nodes", [])
        return [Node.from_json(row) for row in rows]

    def named(self, name: str) -> Node:
        found = next((node for node in self.all() if node.name == name), None)
        if found is None:
            raise GraticuleError(f"No archive is called “{name}” here.", "“graticule pacs nodes” lists them.")
        return found

    def keep(self, nodes: Sequence[Node]) -> None:
        """Replace the list. GraticuleError when one cannot be right, or two have one name."""
        checked = [node.checked() for node in nodes]
        if len({node.name for node in checked}) < len(checked):
            raise GraticuleError("Two archives have the same name.", "Give each its own.")
        self._memory.save(PACS, {"v": 1, "nodes": [node.as_json() for node in checked]})

    def put_secret(self, node: Node, secret: str) -> None:
        """Password or token, into the vault of the operating system and nowhere else."""
        self._vault.put(_account(node), secret)

    def login(self, node: Node) -> Login:
        """GraticuleError when the archive wants a secret and none is kept."""
        if node.login == NO_LOGIN:
            return Login()
        secret = self._vault.get(_account(node))
        if not secret:
            raise GraticuleError(*NO_SECRET)
        return Login(node.login, node.user, secret)


def _account(node: Node) -> str:
    """By address and user: a renamed archive keeps its password, another address never gets it."""
    return f"{_ACCOUNT}{node.user}@{node.url}"
