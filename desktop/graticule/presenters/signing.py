"""Signing: which reads wait for the reader's signature, what it means, and the act itself."""

from collections.abc import Sequence

from graticule.presenters.ports import LabelShelf
from graticule.presenters.worklist import Worklist, WorklistRow

MEANING = "I read these cases myself, without knowing what other readers found. Each is my independent read."

# Why a signed read is corrected. The slug is stored with the new version; these words are shown.
REASONS = {
    "slip": "Slip of the hand",
    "overlooked": "Overlooked finding",
    "changed-opinion": "Changed opinion on second look",
    "new-information": "New clinical information",
}


class Signing:
    """The reads that can be signed now. `reader`: the name the signature will carry."""

    def __init__(self, labels: LabelShelf, worklist: Worklist, reader: str) -> None:
        self._labels = labels
        self._worklist = worklist
        self.reader = reader

    def waiting(self) -> list[WorklistRow]:
        return self._worklist.finished()

    def sign(self, case_ids: Sequence[str], password: str, meaning: str = MEANING) -> int:
        """Sign each listed read; how many were. GraticuleError, and nothing signed, when the password is not right.

        meaning: the words the reader saw, in the reader's language.
        """
        return len(self._labels.sign(tuple(case_ids), password, meaning))
