"""The finding that a mark was drawn for: its name stands beside the mark, and in the list of marks."""

from collections.abc import Callable
from dataclasses import replace

from graticule.domain.elements import Answer, Region
from graticule.presenters.open_case import OpenCase


class FindingNames:
    """said: puts the protocol's words into the reader's language."""

    def __init__(self, opened: OpenCase, said: Callable[[str], str] = str) -> None:
        self._opened, self.said = opened, said
        self._texts: dict[str, str] | None = None

    def of(self, region: Region) -> str:
        """ "Nodule"; "" for a mark that no answer refers to; more of them when more do."""
        found = [self._text(answer.id) for answer in self._opened.workspace.labels.of(Answer) if region.id in answer.evidence]
        return ", ".join(text for text in found if text)

    def named(self, region: Region) -> Region:
        """The mark as it is shown: the finding's name before the reader's own word."""
        finding = self.of(region)
        return replace(region, name=": ".join(part for part in (finding, region.name) if part)) if finding else region

    def _text(self, question_id: str) -> str:
        if self._texts is None:
            self._texts = {question.id: question.text for question in self._opened.protocol.questions_for(self._opened.case)}
        return self.said(self._texts.get(question_id, ""))
