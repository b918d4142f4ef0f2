"""Starting and stopping the server as people do."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from graticule.domain.errors import GraticuleError
from graticule.server.serve import RunningServer, open_server, serve

SCRIPT = """
import sys
from pathlib import Path
from graticule.server.serve import serve
serve("", "127.0.0.1", 0, Path(sys.argv[1]), lambda url: print(url, flush=True))
print("stopped", flush=True)
"""


def test_inside_another_program_it_answers_at_once_and_stops(tmp_path: Path) -> None:
    with RunningServer("", tmp_path) as server:
        assert httpx.get(server.url + "/v1/hello").json()["server"].startswith("s1:")
    with pytest.raises(httpx.ConnectError):
        httpx.get(server.url + "/v1/hello")
    assert (tmp_path / "central.db").exists() and (tmp_path / "server.key").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM for another process")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_it_stops_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    child = subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    url = child.stdout.readline().strip()
    assert httpx.get(url + "/v1/hello").status_code == 200
    child.send_signal(number)
    assert child.stdout.read().strip() == "stopped" and child.wait(20) == 0


def test_a_port_in_use_is_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(GraticuleError, match="cannot listen"):
            serve("", "127.0.0.1", taken.getsockname()[1], tmp_path, print)
    assert threading.active_count() >= 1


def test_the_administrator_can_look_without_a_running_server(tmp_path: Path) -> None:
    store = open_server("", tmp_path)
    assert store.readers() == [] and store.devices() == [] and len(store.invitation) == 14
    assert json.dumps(store.devices()) == "[]"
    store.close()
