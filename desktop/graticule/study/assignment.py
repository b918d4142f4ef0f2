"""Who reads which case, in which round and what role."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Assignment:
    """case × reader × round. `role` is "reader" or "adjudicator"; `order` its place in the worklist."""

    project: str
    protocol: str
    case_id: str
    reader: str
    round: int = 1
    role: str = "reader"
    order: int = 0
