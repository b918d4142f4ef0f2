"""The JSON file beside an exported .atr: everything that the annotation format cannot hold. With it the way back is exact.

It names the .atr by its SHA-256; when that file was changed by another program, the sidecar no longer counts.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from graticule.domain.beats import BeatTable
from graticule.domain.elements import Element, element_from_json, element_to_json, kind_of
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.recording import Recording
from graticule.formats.ecg.beat_columns import fill_from_json, table_json

SUFFIX = ".graticule.json"
FORMAT, VERSION = "graticule-ecg-labels", 1


def sidecar_path(annotations: Path) -> Path:
    return annotations.with_name(annotations.stem + SUFFIX)


def write_sidecar(annotations: Path, recording: Recording, elements: Iterable[Element], says: Iterable[str],
                  tables: Mapping[str, BeatTable] | None = None) -> Path:
    """Write the file for the .atr that already lies at `annotations`. says: sentences on what the .atr alone lost."""
    document = {"format": FORMAT, "version": VERSION, "atr_sha256": hashlib.sha256(annotations.read_bytes()).hexdigest(),
                "rate": str(recording.rate), "ticks": recording.ticks, "synthetic": recording.synthetic,
                "leads": [{"name": lead.name, "gain": repr(lead.gain), "baseline": repr(lead.baseline), "unit": lead.unit,
                           "derived": lead.derived} for lead in recording.leads],
                "filters": recording.filters, "says": list(says),
                "elements": [{"kind": kind_of(e), "element": element_to_json(e)} for e in elements]}
    if tables:
        document["beats"] = {lead: table_json(table) for lead, table in tables.items() if len(table)}
    path = sidecar_path(annotations)
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path


def exact_labels(annotations: Path, recording: Recording) -> Labels | None:
    """As `read_sidecar`, with the tables of beats."""
    elements = read_sidecar(annotations, recording)
    if elements is None:
        return None
    labels = Labels()
    for element in elements:
        labels.put(kind_of(element), element.id, element)
    tables = json.loads(sidecar_path(annotations).read_text(encoding="utf-8")).get("beats", {})
    for lead, table in tables.items():
        fill_from_json(labels.beat_table(str(lead)), table)
    return labels


def read_sidecar(annotations: Path, recording: Recording) -> list[Element] | None:
    """The exact labels, or None when there is no sidecar that belongs to this very .atr and this record's clock."""
    path = sidecar_path(annotations)
    if not path.is_file():
        return None
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if not _belongs(document, annotations, recording):
            return None
        return [element_from_json(row["kind"], row["element"]) for row in document["elements"]]
    except (ValueError, KeyError, TypeError) as fault:
        raise GraticuleError(f"{path.name} is damaged.", "Remove it to read the .atr file alone.") from fault


def _belongs(document: Any, annotations: Path, recording: Recording) -> bool:
    return (isinstance(document, dict) and document.get("format") == FORMAT and document.get("version") == VERSION
            and document.get("atr_sha256") == hashlib.sha256(annotations.read_bytes()).hexdigest()
            and document.get("rate") == str(recording.rate) and document.get("ticks") == recording.ticks)
