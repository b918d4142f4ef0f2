"""Writes the bundled synthetic strips: python -m graticule.formats.ecg.synthetic_samples FOLDER"""

import json
import sys
from pathlib import Path

from graticule.ecg.synthetic import PATTERNS, Strip, make
from graticule.formats.ecg.wfdb_writer import write_record

_LICENCE = "Computed by Graticule (graticule.ecg.synthetic); no patient is behind it. Apache-2.0, like Graticule itself.\n"


def write_samples(folder: Path) -> list[Path]:
    """One folder per strip: WFDB record and, in a small JSON, what is true of it. The files made."""
    made: list[Path] = []
    for pattern in PATTERNS:
        strip, name = make(pattern), f"ecg_synthetic_{pattern.name}"
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        truth, licence = place / f"{name}.truth.json", place / "LICENCE.txt"
        made += [*write_record(strip.recording, place, name, [f"{pattern.title}, made by Graticule"]), truth, licence]
        licence.write_text(_LICENCE, encoding="utf-8", newline="\n")
        truth.write_text(json.dumps(_truth(strip), indent=1) + "\n", encoding="utf-8", newline="\n")
    return made


def _truth(strip: Strip) -> dict[str, object]:
    return {"synthetic": True, "code": strip.pattern.code, "rate": str(strip.recording.rate), "pp_ms": strip.pattern.pp_ms,
            "qrs_ms": strip.pattern.qrs_ms, "pr_ms": list(strip.pr_ms), "p_onsets": list(strip.p_onsets),
            "qrs_onsets": list(strip.qrs_onsets)}


if __name__ == "__main__":
    write_samples(Path(sys.argv[1]))
