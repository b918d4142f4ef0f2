"""`graticule self-test`: what support asks for first. One line per check; exit status 1 when one fails."""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from graticule.commands.output import Output
from graticule.domain.errors import GraticuleError


def configure(parser: argparse.ArgumentParser) -> None:
    return None


def run(args: argparse.Namespace, output: Output) -> int:
    checks: dict[str, Callable[[], str]] = {
        "graphics": _graphics, "window": _window, "store": _store, "codecs": _codecs, "resources": _resources}
    failed = 0
    for name, check in checks.items():
        try:
            ok, detail = True, check()
        except (GraticuleError, ImportError, OSError) as fault:
            ok, detail = False, str(fault)
        failed += not ok
        output.row({"check": name, "ok": ok, "detail": detail}, f"{'ok  ' if ok else 'FAIL'}  {name:10} {detail}")
    return 1 if failed else 0


def _graphics() -> str:
    from graticule.render.backend import probe_gl

    answer = probe_gl()
    if not answer.ok:
        raise GraticuleError("3D is not available on this machine.", f"2D works without it. {answer.detail}")
    return f"{answer.renderer} ({answer.window})"


def _window() -> str:
    import os

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6 import __version__
    from PySide6.QtWidgets import QApplication

    app = QApplication([])
    return f"Qt {__version__}, platform {app.platformName()}"


def _store() -> str:
    from graticule.store.store import create_store, open_store
    from graticule.store.unlock import Unlock
    from graticule.store.verify import verify_store

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store"
        create_store(path, "Self-test", Unlock.key_file(), password="self-test").close()
        open_store(path).close()
        report = verify_store(path)
        problems = list(report)
        if problems:
            raise GraticuleError(f"A new store does not verify: {problems[0].why}")
    from graticule.store.database import versions

    return versions()


def _codecs() -> str:
    from graticule.formats.dicom.codecs import available

    names = available()
    return ", ".join(names)


def _resources() -> str:
    from graticule.resources import load_ontology, read_json
    from graticule.study.protocol import parse_protocol

    parse_protocol(read_json("protocols", "demo.json"))
    return f"{len(load_ontology())} concepts"
