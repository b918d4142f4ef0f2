"""Damages files by number, hands them to a child, and keeps what the child could not stomach."""

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fuzz.mutations import mutated
from fuzz.samples import Group, by_kind, groups

warnings.filterwarnings("ignore", module=r"pydicom(\..*)?")  # of values that are wrong on purpose
TESTS = Path(__file__).parents[1]
LONGEST_S = 60.0  # a machine that is busy with other things needs its time, too
SLOW_S = 20.0
# The samples are a few megabytes; what takes far more was believed where it lied.
MOST_MB = 1200


@dataclass
class Finding:
    number: int
    kind: str
    report: str
    kept: Path


@dataclass
class Result:
    counts: Counter = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    slowest: float = 0.0
    largest_mb: int = 0


class Child:
    """A process that opens folders one after another; replaced when it dies."""

    def __init__(self) -> None:
        paths = os.pathsep.join([str(TESTS), *(path for path in sys.path if path)])
        self._process = subprocess.Popen([sys.executable, "-m", "fuzz.child"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                         stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": paths})
        self._errors: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self._process.stderr:
            self._errors = [*self._errors[-60:], line]

    def ask(self, folder: Path) -> dict:
        answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=lambda: answers.put(self._process.stdout.readline()), daemon=True).start()
        try:
            self._process.stdin.write(f"{folder}\n")
            self._process.stdin.flush()
            line = answers.get(timeout=LONGEST_S)
        except queue.Empty:
            self.close()
            return {"hang": f"no answer within {LONGEST_S:.0f} s\n" + "".join(self._errors)}
        except BrokenPipeError:
            line = ""
        if not line:
            return {"crash": f"the process ended with {self._process.wait()}\n" + "".join(self._errors)}
        return json.loads(line)

    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def damaged(kinds: list[list[Group]], seed: int, number: int) -> Group:
    """Group of files number `number`: the same for the same seed."""
    chance = Random(f"{seed}/{number}")
    group = dict(chance.choice(chance.choice(kinds)))
    for name in chance.sample(sorted(group), chance.randint(1, min(3, len(group)))):
        group[name] = mutated(name.lower(), group[name], chance)
    return group


def run(seed: int, count: int, keep: Path, first: int = 0) -> Iterator[Result]:
    """The result so far, after each file."""
    kinds, result, child = by_kind(groups()), Result(), Child()
    work = Path(tempfile.mkdtemp(prefix="graticule-fuzz-"))
    try:
        for number in range(first, first + count):
            folder = work / f"{number:06d}"
            write(damaged(kinds, seed, number), folder)
            child = child if child.alive() else Child()
            judge(child.ask(folder), number, folder, keep / f"{seed}-{number:06d}", result)
            shutil.rmtree(folder, ignore_errors=True)
            yield result
    finally:
        child.close()
        shutil.rmtree(work, ignore_errors=True)


def write(group: Group, folder: Path) -> None:
    for name, data in group.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def judge(answer: dict, number: int, folder: Path, keep: Path, result: Result) -> None:
    result.counts.update({key: answer[key] for key in ("case", "labels", "refused", "skipped", "shown", "said") if key in answer})
    result.slowest = max(result.slowest, answer.get("seconds", 0))
    result.largest_mb = max(result.largest_mb, answer.get("grown_mb", 0))
    kinds = {kind: answer[kind] for kind in ("bug", "crash", "hang") if kind in answer}
    if answer.get("seconds", 0) > SLOW_S:
        kinds["slow"] = f"{answer['seconds']} s"
    if answer.get("grown_mb", 0) > MOST_MB:
        kinds["memory"] = f"grew by {answer['grown_mb']} MB"
    for kind, report in kinds.items():
        shutil.rmtree(keep, ignore_errors=True)
        shutil.copytree(folder, keep / "files")
        (keep / "report.txt").write_text(f"{kind}\n{report}\n", encoding="utf-8")
        result.findings.append(Finding(number, kind, report, keep))
