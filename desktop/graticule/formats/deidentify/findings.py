"""What de-identification did, as counts: never a value."""

from collections import Counter
from dataclasses import dataclass, field

REMOVED, REPLACED, SHIFTED, CLEANED, KEPT = "removed", "replaced", "shifted", "cleaned", "kept"
ACTIONS = (REMOVED, REPLACED, SHIFTED, CLEANED, KEPT)
# Groups of what was found, in the order in which they are shown.
IDENTITY, TIMES, UIDS, PLACES, TEXT, DRAWINGS, VENDOR, PICTURES, BODY = (
    "identity", "times", "uids", "places", "text", "drawings", "vendor", "pictures", "body")
GROUPS = (IDENTITY, TIMES, UIDS, PLACES, TEXT, DRAWINGS, VENDOR, PICTURES, BODY)


@dataclass(slots=True)
class Findings:
    """acts: (group, what, action) → how often. doubts: sentence → number of files. files: how many were copied."""

    acts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    doubts: Counter[str] = field(default_factory=Counter)
    files: int = 0

    def note(self, group: str, what: str, action: str, count: int = 1) -> None:
        self.acts[group, what, action] += count

    def doubt(self, sentence: str) -> None:
        self.doubts[sentence] += 1

    def add(self, other: "Findings") -> None:
        self.acts.update(other.acts)
        self.doubts.update(other.doubts)
        self.files += other.files

    def by_group(self) -> list[tuple[str, dict[str, int]]]:
        """(group, action → count) of the groups that occur."""
        found: dict[str, Counter[str]] = {}
        for (group, _, action), count in self.acts.items():
            found.setdefault(group, Counter())[action] += count
        return [(group, {action: found[group][action] for action in ACTIONS}) for group in GROUPS if group in found]
