"""The proof of an export, kept beside its files and in the store: which bytes were written, what each reader found in them."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import graticule
from graticule.formats.export.exported import Exported

PROOF = "_proof.json"


def proof_of(made: Sequence[Exported]) -> dict[str, Any]:
    """Name, length, SHA-256 and checks of every file of one export, as JSON. A check that `proves` is a second library's."""
    return {"format": "graticule-export-proof", "version": 1, "made_by": f"Graticule {graticule.__version__}",
            "files": [_row(file) for file in made]}


def write_proof(made: Sequence[Exported], stem: str, format: str, out: Path) -> Path:
    """`proof_of` as a file beside those it speaks of."""
    path = out / f"{stem}_{format}{PROOF}"
    path.write_text(json.dumps(proof_of(made), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def _row(file: Exported) -> dict[str, Any]:
    data = file.path.read_bytes()
    return {"file": file.path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), "format": file.format,
            "proven": file.proven,
            "checks": [{"by": check.by, "result": check.result, "proves": check.proves} for check in file.checks]}
