"""What nobody expected: a report without patient data, and a calm word to the reader."""

import logging
import platform
import sys
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from graticule import __version__
from graticule.domain.errors import Cancelled, GraticuleError

log = logging.getLogger("graticule.desk")

Tell = Callable[[str, GraticuleError | None], None]


def report(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> str:
    """Where in our code it happened and what kind of fault it was.

    Neither the fault's message nor any value is in it: both may hold a patient's name, a file name or a finding.
    """
    lines = [f"Graticule {__version__} · Python {platform.python_version()} · {platform.system()} {platform.release()}",
             datetime.now(UTC).isoformat(timespec="seconds"), ""]
    while trace is not None or fault is not None:
        lines += [f"{_module(Path(frame.filename))}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(trace)]
        lines.append(kind.__name__)
        cause = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
        if cause is None:
            break
        lines += ["", "caused by"]
        kind, fault, trace = type(cause), cause, cause.__traceback__
    return "\n".join(lines) + "\n"


def write_report(folder: Path, text: str) -> Path | None:
    """The report as a file of its own, or None when the disk does not take it."""
    path = folder / f"report-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError:
        return None
    return path


def install_excepthook(folder: Path, tell: Tell) -> None:
    """Every exception that reaches the event loop ends here.

    tell(report, None) for a bug, tell("", error) for an expected failure that nobody caught nearer. Cancelled is silent.
    """
    def hook(kind: type[BaseException], fault: BaseException, trace: TracebackType | None) -> None:
        if isinstance(fault, Cancelled):
            return
        if isinstance(fault, KeyboardInterrupt):
            sys.__excepthook__(kind, fault, trace)
            return
        if isinstance(fault, GraticuleError):
            tell("", fault)
            return
        text = report(kind, fault, trace)
        log.error("a bug: %s", kind.__name__)
        write_report(folder, text)
        sys.stderr.write(text)
        tell(text, None)

    sys.excepthook = hook


def _module(path: Path) -> str:
    """The file as it is called inside its package: a path may tell a user's name."""
    parts = path.parts
    for root in ("graticule", "site-packages", "lib", "Lib"):
        if root in parts:
            at = len(parts) - 1 - parts[::-1].index(root)
            return "/".join(parts[at if root == "graticule" else at + 1:])
    return path.name
