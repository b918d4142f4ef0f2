"""Where Graticule writes what it did: ids and counts only, never a name, a file name, a pixel or free text."""

import faulthandler
import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG, FAULTS = "graticule.log", "faults.log"
LARGEST_BYTES, KEPT = 1_000_000, 3


def start_log(folder: Path) -> bool:
    """Write the log of our own loggers, and of crashes in C code, into `folder`; False when the disk does not take it.

    Only "graticule" loggers: what libraries log may hold file names.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / LOG, maxBytes=LARGEST_BYTES, backupCount=KEPT, encoding="utf-8")
        faults = (folder / FAULTS).open("a", encoding="utf-8")
    except OSError:
        faulthandler.enable()
        return False
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    ours = logging.getLogger("graticule")
    ours.setLevel(min(ours.level or logging.INFO, logging.INFO))
    ours.addHandler(handler)
    faulthandler.enable(faults)  # the interpreter keeps the file open until it ends
    return True
