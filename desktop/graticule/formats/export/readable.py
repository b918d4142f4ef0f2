"""All labels of a case as one JSON file that a person can read and a program can read back whole."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from graticule.domain.case import Case
from graticule.domain.codes import Code, Ontology
from graticule.domain.elements import Segment, element_from_json, element_to_json, kind_of
from graticule.domain.errors import GraticuleError
from graticule.domain.geometry import Array
from graticule.domain.labels import LabelMap, Labels
from graticule.domain.recording import Recording
from graticule.domain.volume import Volume
from graticule.formats.ecg.beat_columns import fill_from_json, table_json
from graticule.formats.export.exported import Check, Exported, differs, stem_of
from graticule.formats.export.second_tables import json_by_pandas
from graticule.formats.family import Content

FORMAT = "json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class ReadableExporter:
    format: str = FORMAT

    def export(self, case: Case, content: Content, labels: Labels, ontology: Ontology, out: Path) -> Sequence[Exported]:
        path = out / f"{stem_of(case)}_graticule.json"
        document = document_of(case, content, labels, ontology)
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        if labels_of(json.loads(path.read_text(encoding="utf-8"))) != labels:
            raise differs(path, "json", "holds other labels")
        count = len(list(labels.all())) + sum(map(len, labels.beats.values()))
        own = Check("json", f"equal: {count} elements")
        return [Exported(path, FORMAT, (own, json_by_pandas(path, document)))]


def document_of(case: Case, content: Content, labels: Labels, ontology: Ontology) -> dict[str, Any]:
    """The JSON object: elements by kind in order of making, their codes in words, and label maps as runs. No floats."""
    elements: dict[str, list[Any]] = {}
    for element in labels.all():
        elements.setdefault(kind_of(element), []).append(element_to_json(element))
    document: dict[str, Any] = {"format": "graticule-labels", "version": VERSION, "case": case.id, "kind": case.kind.value,
                                "elements": elements,
                                "words": _words(elements, ontology)}
    if any(map(len, labels.beats.values())):
        document["beat_tables"] = {lead: table_json(table) for lead, table in labels.beats.items() if len(table)}
    if isinstance(content, Recording):
        document["rate_hz"], document["ticks"] = str(content.rate), content.ticks
    if isinstance(content, Volume):
        document["grid"] = {"shape": list(content.grid.shape),
                            "affine_lps_mm": [[f"{v:.6f}" for v in row] for row in content.grid.affine]}
        if content.grid.levels is not None:  # slice k lies at levels[k] steps of the affine's third column
            document["grid"]["levels"] = [f"{level:.6f}" for level in content.grid.levels]
        document["groups"] = {name: _group(group) for name, group in labels.groups.items() if int(group.counts[1:].sum())}
        document["volumes_ml"] = {s.id: f"{labels.ml_of(s, content.grid):.3f}" for s in labels.of(Segment)}
    return document


def labels_of(document: dict[str, Any]) -> Labels:
    """The labels of `document_of`; GraticuleError when it is of another format or version."""
    if document.get("format") != "graticule-labels" or document.get("version") != VERSION:
        raise GraticuleError("This JSON file holds no labels of this version of Graticule.")
    shape = document.get("grid", {}).get("shape")
    labels = Labels((shape[0], shape[1], shape[2]) if shape else None)
    for kind, rows in document["elements"].items():
        for row in rows:
            labels.put(kind, row["id"], element_from_json(kind, row))
    for lead, table in document.get("beat_tables", {}).items():
        fill_from_json(labels.beat_table(lead), table)
    for name, group in document.get("groups", {}).items():
        _fill(labels.group(name), group)
    return labels


def _words(elements: dict[str, list[Any]], ontology: Ontology) -> dict[str, str]:
    """"scheme code" → label, for every code the elements use."""
    found = {tuple(value) for rows in elements.values() for row in rows for value in row.values() if _is_code(value)}
    return {f"{scheme} {code}": ontology.label(Code(scheme, code, version)) for scheme, code, version in sorted(found)}


def _is_code(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 3 and all(isinstance(part, str) for part in value)


def _group(group: LabelMap) -> dict[str, Any]:
    """Non-empty slices as [k, [value, run, value, run, …]] over the slice row by row; authorship in the same form."""
    return {"values": list(_runs(group.values)), "authors": list(_runs(group.authors))}


def _runs(volume: Array) -> Iterable[list[Any]]:
    for k in np.flatnonzero(volume.any(axis=(1, 2))):
        flat = volume[k].reshape(-1)
        starts = np.concatenate([[0], np.flatnonzero(np.diff(flat)) + 1])
        lengths = np.diff(np.append(starts, flat.size))
        yield [int(k), np.stack([flat[starts].astype(np.int64), lengths], axis=1).reshape(-1).tolist()]


def _fill(group: LabelMap, stored: dict[str, Any]) -> None:
    for plane, target in (("values", group.values), ("authors", group.authors)):
        for k, runs in stored[plane]:
            target[k] = np.repeat(np.array(runs[0::2], np.uint8), runs[1::2]).reshape(target.shape[1:])
    group.counts += np.bincount(group.values.reshape(-1), minlength=256)
    group.counts[0] -= group.values.size
    group.grow_box((slice(0, group.shape[0]), slice(0, group.shape[1]), slice(0, group.shape[2])))


EXPORTER = ReadableExporter()
