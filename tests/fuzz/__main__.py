"""`make fuzz`: GRATICULE_SEED (chosen when absent, always told), GRATICULE_COUNT (500); or --replay FOLDER."""

import os
import sys
import time
from pathlib import Path
from random import SystemRandom

from fuzz.campaign import run
from fuzz.child import tried

KEEP = Path(__file__).parents[2] / "build" / "fuzz"


def main(words: list[str]) -> int:
    if words[:1] == ["--replay"]:
        answer = tried(Path(words[1]) / "files" if (Path(words[1]) / "files").is_dir() else Path(words[1]))
        print(answer.pop("bug", "no bug"), answer)
        return 0
    seed = int(os.environ.get("GRATICULE_SEED") or SystemRandom().randrange(1 << 31))
    count, first = int(os.environ.get("GRATICULE_COUNT") or 500), int(os.environ.get("GRATICULE_FIRST") or 0)
    print(f"GRATICULE_SEED={seed} GRATICULE_COUNT={count}", flush=True)
    start, told, result = time.monotonic(), 0, None
    for done, result in enumerate(run(seed, count, KEEP, first), 1):
        for finding in result.findings[told:]:
            print(f"{finding.kind}: {finding.kept}\n{finding.report.strip().splitlines()[-1][:300]}", flush=True)
        told = len(result.findings)
        if done % 100 == 0:
            print(f"{done} files, {told} findings, {time.monotonic() - start:.0f} s, slowest {result.slowest} s, "
                  f"largest growth {result.largest_mb} MB, {dict(result.counts)}", flush=True)
    if result is not None:
        print(f"{count} files: {len(result.findings)} findings, {dict(result.counts)}")
    return 1 if result is None or result.findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
