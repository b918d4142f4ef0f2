"""The one place that knows where resources/ lies: in a checkout, or in a frozen program."""

import json
import sys
from pathlib import Path
from typing import Any

from graticule.domain.codes import Code, Concept, Ontology
from graticule.domain.errors import GraticuleError


def resource(*parts: str) -> Path:
    """The path of a bundled file or folder; GraticuleError when the installation lacks it."""
    for root in _roots():
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise GraticuleError(f"The installation lacks {'/'.join(parts)}.", "Install Graticule again.")


def _roots() -> list[Path]:
    frozen = getattr(sys, "_MEIPASS", None)
    return [Path(frozen) / "resources"] if frozen else [Path(__file__).parents[2] / "resources"]


def read_json(*parts: str) -> Any:
    return json.loads(resource(*parts).read_text(encoding="utf-8"))


def load_ontology(*names: str) -> Ontology:
    """The tables of resources/ontology (all of them when none is named) as one ontology."""
    wanted = names or tuple(sorted(path.stem for path in resource("ontology").glob("*.json")))
    return Ontology(concept for name in wanted for concept in _concepts(read_json("ontology", f"{name}.json")))


def _concepts(table: dict[str, Any]) -> list[Concept]:
    return [Concept(Code(table["scheme"], row["code"], table["version"]), row["label"], row.get("track", ""), row.get("key", ""),
                    tuple(row.get("synonyms", ())), row.get("colour", ""), row.get("definition", ""),
                    {name: tuple(codes) for name, codes in row.get("crosswalk", {}).items()},
                    {**table.get("sources", {}), **row.get("sources", {})}, row.get("conflict", ""))
            for row in table["concepts"]]
