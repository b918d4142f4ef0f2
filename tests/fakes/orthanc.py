"""A real Orthanc, the Debian package, on free ports with an empty store of its own."""

import json
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from graticule.domain.archive import DICOMWEB, DIMSE, Node

PROGRAM = next((found for found in ("/usr/sbin/Orthanc", shutil.which("Orthanc") or "") if found and Path(found).exists()), "")
DICOMWEB_PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
START_S = 40.0

needs_orthanc = pytest.mark.skipif(not PROGRAM or not DICOMWEB_PLUGIN.exists(),
                                   reason="Orthanc with DICOMweb is not here (apt-get install orthanc orthanc-dicomweb)")


@dataclass
class Orthanc:
    """`own_ports`: where it believes each AE title of ours to listen. users: name → password, {} lets everybody in."""

    folder: Path
    users: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)
    http: int = 0
    dicom: int = 0
    move: int = 0
    _process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> "Orthanc":
        self.folder.mkdir(parents=True, exist_ok=True)
        self.http, self.dicom, self.move = self.http or free_port(), self.dicom or free_port(), self.move or free_port()
        config = self.folder / "orthanc.json"
        config.write_text(json.dumps(self._configuration()), encoding="utf-8")
        with (self.folder / "orthanc.log").open("ab") as log:
            self._process = subprocess.Popen([PROGRAM, str(config)], stdout=log, stderr=log, cwd=self.folder)
        self._wait()
        return self

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
            self._process = None

    def kill(self) -> None:
        """As a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(20)
            self._process = None

    def web(self, **changes: Any) -> Node:
        return Node(**{"name": "web", "kind": DICOMWEB, "url": f"http://127.0.0.1:{self.http}/dicom-web", **changes})

    def dimse(self, **changes: Any) -> Node:
        return Node(**{"name": "dimse", "kind": DIMSE, "host": "127.0.0.1", "port": self.dicom, "called_ae": "ORTHANC",
                       "own_ae": "GRATICULE", "own_port": self.move, **changes})

    def counts(self) -> int:
        """How many objects it holds."""
        return int(json.loads(self._ask("/statistics"))["CountInstances"])

    def _ask(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.http}{path}", timeout=5) as answer:
            return bytes(answer.read())

    def _wait(self) -> None:
        until = time.monotonic() + START_S
        while time.monotonic() < until:
            try:
                self._ask("/system")
                return
            except urllib.error.HTTPError:  # it wants a password: it is there
                return
            except OSError:
                time.sleep(0.1)
        raise AssertionError((self.folder / "orthanc.log").read_text(encoding="utf-8", errors="replace")[-2000:])

    def _configuration(self) -> dict[str, Any]:
        return {"Name": "test", "StorageDirectory": str(self.folder / "db"), "IndexDirectory": str(self.folder / "db"),
                "HttpPort": self.http, "DicomPort": self.dicom, "DicomAet": "ORTHANC", "DicomCheckCalledAet": True,
                "RemoteAccessAllowed": True, "AuthenticationEnabled": bool(self.users), "RegisteredUsers": self.users,
                "DicomAlwaysAllowEcho": False, "DicomAlwaysAllowStore": False, "DicomAlwaysAllowFind": False,
                "DicomAlwaysAllowGet": False, "DicomModalities": {"desk": {
                    "AET": "GRATICULE", "Host": "127.0.0.1", "Port": self.move, "AllowEcho": True, "AllowFind": True,
                    "AllowGet": True, "AllowMove": True, "AllowStore": True}},
                "Plugins": [str(DICOMWEB_PLUGIN)], "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
                "DefaultEncoding": "Utf8", "SynchronousCMove": True, "SaveJobs": False, "StableAge": 1,
                "UnknownSopClassAccepted": True, "HttpServerEnabled": True, **self.more}


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
