"""Running the server: `serve` until it is told to stop, `RunningServer` inside another program."""

import contextlib
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from graticule.domain.errors import GraticuleError
from graticule.server.central_store import CentralStore
from graticule.server.routes import make_app

log = logging.getLogger("graticule.server")


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def serve(database_url: str, host: str, port: int, data_dir: Path, on_ready: Callable[[str], None]) -> None:
    """Answer until SIGINT or SIGTERM. on_ready gets the URL as soon as requests are answered.

    database_url "": SQLite in `data_dir`. port 0: any free one. GraticuleError when the port or the database cannot be had.
    """
    with _listening(host, port) as listener:
        store = open_server(database_url, data_dir)
        try:
            _Server(store, data_dir, lambda: on_ready(url_of(listener))).run(sockets=[listener])
        finally:
            store.close()


def open_server(database_url: str, data_dir: Path) -> CentralStore:
    data_dir.mkdir(parents=True, exist_ok=True)
    return CentralStore(database_url or f"sqlite:///{(data_dir / 'central.db').as_posix()}", data_dir, now_ms)


class RunningServer:
    """A server in a thread of this process, for the demo project and for tests; use as a context or call `stop`."""

    def __init__(self, database_url: str, data_dir: Path, host: str = "127.0.0.1", port: int = 0) -> None:
        self._listener = _listening(host, port)
        self.store = open_server(database_url, data_dir)
        self.url = url_of(self._listener)
        ready = threading.Event()
        self._server = _Server(self.store, data_dir, ready.set)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._listener]}, name="central-server", daemon=True
        )
        self._thread.start()
        if not ready.wait(30):
            raise GraticuleError("The server did not start.", "Look at its log.")

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listener.close()
        self.store.close()

    def __enter__(self) -> "RunningServer":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()


class _Server(uvicorn.Server):
    def __init__(self, store: CentralStore, data_dir: Path, on_ready: Callable[[], None]) -> None:
        # The access log would name targets and addresses; our own log has ids and counts.
        config = uvicorn.Config(
            make_app(store, data_dir),
            log_config=None,
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=5,
            server_header=False,
            proxy_headers=False,
        )
        super().__init__(config)
        self._on_ready = on_ready

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn does, without raising the signal again at the end: a clean stop is not a death by signal."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in HANDLED_SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if not self.should_exit:
            self._on_ready()


def url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows: SO_REUSEADDR there would share the port with a stranger
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as fault:
        raise GraticuleError(
            f"The server cannot listen on {host} port {port}.", "Another program may use it: choose another --port."
        ) from fault
    return listener
