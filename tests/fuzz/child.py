"""The process that opens damaged files: a folder's path in, one line of JSON out. It may die; nothing else may."""

import json
import os
import shutil
import sys
import time
import traceback
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Silent
from graticule.formats.describe import describe, values
from graticule.formats.door import open_case, read_labels, scan
from graticule.formats.family import CASE, LABELS


def main() -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a library prints is no answer
    for line in sys.stdin:
        start = time.monotonic()
        _forget_peak()
        before = _memory("VmRSS")
        answer = tried(Path(line.rstrip("\n")))
        answer |= {"seconds": round(time.monotonic() - start, 2), "grown_mb": (_memory("VmHWM") - before) >> 20}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def tried(folder: Path) -> dict:
    """Scan, open, fill, describe and label whatever the folder holds; "bug" and a traceback when it ends without a sentence."""
    counts = {"case": 0, "labels": 0, "refused": 0, "skipped": 0, "shown": 0, "said": 0}
    opened: set[str] = set()
    unpacked = folder.with_name(folder.name + "-unpacked")
    try:
        for outcome in scan([folder], Silent(), unpack_to=unpacked):
            counts[outcome.outcome] += 1
            assert outcome.reason or outcome.outcome == CASE or outcome.case is not None, "an answer without a reason"
            if outcome.case is not None and (outcome.outcome == LABELS or outcome.case.id not in opened):
                opened.add(outcome.case.id)
                _open(outcome, counts)
    except Exception:  # noqa: BLE001 - this is what is looked for
        return counts | {"bug": traceback.format_exc()}
    finally:
        shutil.rmtree(unpacked, ignore_errors=True)
    return counts


def _open(outcome, counts: dict) -> None:
    json.dumps(dict(outcome.case.facts))  # facts are kept as JSON
    try:
        opening = open_case(outcome.case)
        if outcome.outcome == LABELS:
            read_labels(outcome, outcome.case, opening.content, iter(map(str, range(100_000))).__next__)
        opening.fill(Silent(), lambda _slice: None)
        describe(outcome.case, opening.content)
        assert values(opening.content).ndim >= 1
    except GraticuleError as error:
        assert error.message, "an error without words"
        counts["said"] += 1
    else:
        counts["shown"] += 1


def _memory(name: str) -> int:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith(name + ":")), 0)


def _forget_peak() -> None:
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


if __name__ == "__main__":
    main()
