"""The sorts of assistants: those that come along, and what a third party adds by the entry point "graticule.assistants"."""

import logging
from collections.abc import Callable, Iterable
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from graticule.assistants.monai_label import MonaiLabel
from graticule.assistants.nninteractive import NnInteractive
from graticule.domain.assistant import AssistantClient, AssistantKind, AssistantNode
from graticule.domain.errors import GraticuleError

log = logging.getLogger("graticule.assistants")

ENTRY_POINTS = "graticule.assistants"
BUILT_IN: tuple[AssistantKind, ...] = (cast(AssistantKind, NnInteractive), cast(AssistantKind, MonaiLabel))


def kinds(failed: Callable[[GraticuleError], None] = lambda error: None,
          found: Iterable[EntryPoint] | None = None) -> list[AssistantKind]:
    """Every sort, the built-in ones first; one that cannot be loaded is left out and told to `failed`."""
    known = {kind.name: kind for kind in BUILT_IN}
    for entry in entry_points(group=ENTRY_POINTS) if found is None else found:
        kind = _load(entry, failed)
        if kind is not None:
            known.setdefault(kind.name, kind)
    return list(known.values())


def connected(node: AssistantNode, key: str) -> AssistantClient:
    """A conversation with the server at a node; GraticuleError when its sort is not known here."""
    kind = next((kind for kind in kinds() if kind.name == node.kind), None)
    if kind is None:
        raise GraticuleError("The chosen sort of assistant is not installed here.", "Choose another one in the settings.")
    return kind(node, key)


def _load(entry: EntryPoint, failed: Callable[[GraticuleError], None]) -> AssistantKind | None:
    try:
        kind = entry.load()
        missing = [part for part in ("name", "title", "example", "look", "suggest", "close") if not hasattr(kind, part)]
        if missing:
            raise TypeError(f"no assistant: no {', '.join(missing)}")
        return cast(AssistantKind, kind)
    except Exception as fault:  # noqa: BLE001 - whatever a stranger's module raises, the desk must open
        log.warning("an assistant plug-in failed: %s", type(fault).__name__)
        failed(GraticuleError(f"The added assistant “{entry.name}” could not be loaded.", "It is left out."))
        return None
