"""Fits assistants, the settings, the system's vault and the store's log together, for the window."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from graticule.domain.assistant import AssistantClient, AssistantNode
from graticule.domain.errors import GraticuleError
from graticule.presenters.assistants import AssistantSort
from graticule.settings import Settings

if TYPE_CHECKING:
    from graticule.pacs.nodes import Vault
    from graticule.store.store import Store

_ACCOUNT = "assistant "
EVENT = "assistant"


class DeskAssistants:
    """`presenters.assistants.Assistants`. settings, changed: the reader's settings, and how they are kept.

    vault: where access keys lie; None: the operating system's.
    """

    def __init__(self, store: "Store", settings: Callable[[], Settings], changed: Callable[[Settings], None],
                 vault: "Vault | None" = None) -> None:
        self._store, self._settings, self._changed, self._vault = store, settings, changed, vault
        self._keys: dict[str, str] = {}

    def sorts(self) -> Sequence[AssistantSort]:
        from graticule.assistants.known import kinds

        return [AssistantSort(kind.name, kind.title, kind.example) for kind in kinds()]

    def node(self) -> AssistantNode | None:
        now = self._settings()
        if not now.assistant or not now.assistant_address.strip():
            return None
        return AssistantNode(now.assistant, now.assistant_address.strip(), now.assistant_ca_file.strip())

    def keep(self, node: AssistantNode | None, key: str | None) -> None:
        now = self._settings()
        if node is None:
            self._changed(replace(now, assistant=""))
            return
        from graticule.assistants.wire import checked_address

        address = checked_address(node.address)
        if key is not None:
            self._keys[address] = key
            self._put(address, key)
        self._changed(replace(now, assistant=node.kind, assistant_address=address, assistant_ca_file=node.ca_file))

    def connected(self, node: AssistantNode) -> AssistantClient:
        from graticule.assistants.known import connected

        return connected(node, self._key(node.address.rstrip("/")))

    def note(self, data: Mapping[str, Any]) -> None:
        self._store.log.append_event(EVENT, data)

    def _key(self, address: str) -> str:
        """By address: another server never gets it."""
        if address not in self._keys:
            try:
                self._keys[address] = self._place().get(_ACCOUNT + address) or ""
            except GraticuleError:
                self._keys[address] = ""  # a computer without a vault: the key lasts until the program ends
        return self._keys[address]

    def _put(self, address: str, key: str) -> None:
        try:
            self._place().put(_ACCOUNT + address, key)
        except GraticuleError:
            return  # kept for this run alone

    def _place(self) -> "Vault":
        if self._vault is None:
            from graticule.store.unlock import SystemVault

            self._vault = SystemVault()
        return self._vault
