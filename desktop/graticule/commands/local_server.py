"""A central server beside the desk, for the demonstration: a child process that ends when the desk does, however that ends."""

import json
import subprocess
import sys
from pathlib import Path

from graticule.domain.errors import GraticuleError


class LocalServer:
    """Started by `start`; the child watches its standard input and stops when this process is gone."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._child: subprocess.Popen[str] | None = None

    def start(self) -> str:
        """The server's address once it answers; GraticuleError when it could not start."""
        program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "graticule"]
        command = [*program, "serve", "--json", "--port", "0", "--data", str(self._data), "--until-input-closes"]
        self._child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise GraticuleError("The local server did not start.", "The desk works without it; what you label waits here.")
        return str(json.loads(line)["url"])

    def stop(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        if child.stdin is not None:
            child.stdin.close()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()
