"""What happened to the labels, told to whoever shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:  # a window may listen before NumPy is imported
    from graticule.domain.edits import Touched

Event = TypeVar("Event")


@dataclass(frozen=True, slots=True)
class LabelsChanged:
    """Elements or voxels changed in memory; `committed` False while an act is still being staged."""

    case_id: str
    touched: Touched
    committed: bool


@dataclass(frozen=True, slots=True)
class HistoryChanged:
    """What undo and redo would do now; None where there is nothing."""

    case_id: str
    undo_title: str | None
    redo_title: str | None


@dataclass(frozen=True, slots=True)
class LockChanged:
    """The case was signed (locked) or reopened as a correction."""

    case_id: str
    locked: bool


class Bus:
    """Handlers by event type, called in the order they subscribed, on the caller's thread."""

    def __init__(self) -> None:
        self._handlers: dict[type, list[Callable[[Any], None]]] = {}

    def subscribe(self, event: type[Event], handler: Callable[[Event], None]) -> Callable[[], None]:
        """Call `handler` for each event of this type; the returned function ends that."""
        handlers = self._handlers.setdefault(event, [])
        handlers.append(handler)

        def leave() -> None:
            if handler in handlers:
                handlers.remove(handler)

        return leave

    def publish(self, event: object) -> None:
        for handler in list(self._handlers.get(type(event), ())):
            handler(event)
