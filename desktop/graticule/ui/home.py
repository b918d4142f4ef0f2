"""Brings results of jobs home to the main thread: a function posted from any thread is called by the event loop."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal


class Home(QObject):
    """Lives on the main thread. `post` may be called from any thread."""

    _posted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._posted.connect(self._call, Qt.ConnectionType.QueuedConnection)

    def post(self, act: Callable[[], None]) -> None:
        self._posted.emit(act)

    def _call(self, act: Callable[[], None]) -> None:
        act()
