"""What stands in the fields of a form and is no answer yet, kept at every keystroke."""

from collections.abc import Mapping

from graticule.presenters.ports import ViewMemory

_UNFINISHED = "unfinished "


class Unfinished:
    """One small row of the store a case: it outlives a crash, and is emptied when its words have become answers."""

    def __init__(self, memory: ViewMemory, case_id: str) -> None:
        self._memory, self._key = memory, _UNFINISHED + case_id
        self._kept: dict[str, str] = self._read()

    @property
    def texts(self) -> dict[str, str]:
        """By question, as they stood after the last keystroke."""
        return dict(self._kept)

    def keep(self, texts: Mapping[str, str]) -> None:
        """Durable when this returns. Cheap when nothing changed."""
        if texts != self._kept:
            self._kept = dict(texts)
            self._memory.save(self._key, dict(texts))

    def _read(self) -> dict[str, str]:
        return {str(name): str(text) for name, text in self._memory.load(self._key).items()}
