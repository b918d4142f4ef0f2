"""The proof of an export, kept beside its files: which bytes were written, and what each reader found in them."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import graticule
from graticule.formats.export.exported import Exported


def write_proof(made: Sequence[Exported], stem: str, format: str, out: Path) -> Path:
    """A JSON file: name, length, SHA-256 and checks of every file of one export."""
    rows = []
    for file in made:
        data = file.path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        rows.append({"file": file.path.name, "bytes": len(data), "sha256": digest, "format": file.format,
                     "checks": [{"by": check.by, "result": check.result} for check in file.checks]})
    document = {"format": "graticule-export-proof", "version": 1, "made_by": f"Graticule {graticule.__version__}", "files": rows}
    path = out / f"{stem}_{format}_proof.json"
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
