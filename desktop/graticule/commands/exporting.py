"""Labels of a store's case leave as files: written, read back by others, noted in the store with their proof."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from graticule.commands.label_sources import READER, Found
from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.formats.door import open_case
from graticule.formats.export.exported import Exported
from graticule.formats.export.proof import proof_of
from graticule.formats.export.registry import ANSWER_FORMATS, FORMATS, Company, export
from graticule.formats.export.surface_reader import SurfaceReader
from graticule.formats.family import Content
from graticule.resources import load_ontology
from graticule.store.store import Store
from graticule.study.protocol import Protocol, parse_protocol

if TYPE_CHECKING:
    from graticule.formats.export.ecg_pdf import StripWriter
    from graticule.formats.export.makers import Maker, Makers

# These say what the image's own values measure; all others need its geometry alone, which is there at once.
MEASURING = ("dicom-sr", "csv", "wfdb", "dicom-ecg", "edf", "pdf")
EVERY_FORMAT = (*FORMATS, *ANSWER_FORMATS)


@dataclass(frozen=True)
class Parcel:
    """Labels of a case on their way out. content: the case, with its samples where a format measures them."""

    case: Case
    found: Found
    content: Content


def parcel(case: Case, found: Found, formats: Sequence[str], progress: Progress) -> Parcel:
    """Open the case as far as these formats need it; GraticuleError when a file of it is gone."""
    opening = open_case(case)
    if any(name in MEASURING for name in formats):
        opening.fill(progress, lambda k: progress.step(k, 0, "Reading the images"))
    return Parcel(case, found, opening.content)


def send_out(store: Store, parcel: Parcel, format: str, out: Path) -> list[Exported]:
    """The files of one format in `out`, each read back, with the proof beside them and in the store.

    GraticuleError, and no file, when the labels cannot be held or a second reading differs.
    """
    company = Company(_protocol(store, format), _makers(store, parcel, format), _surfaces(format),
                      _observers(store, parcel, format), _strips(format))
    made = export(parcel.case, parcel.content, parcel.found.labels, load_ontology(), format, out, company)
    _, document = store.protocols.current()
    store.exports.note(parcel.case.id, format, proof_of(made), revision=_revision(store, parcel.found),
                       project=str(document.get("project", "")))
    return made


def _protocol(store: Store, format: str) -> Protocol | None:
    return parse_protocol(store.protocols.current()[1]) if format in ANSWER_FORMATS else None


def _makers(store: Store, parcel: Parcel, format: str) -> "Makers":
    from graticule.commands.segment_makers import makers_of_case

    return makers_of_case(store, parcel.case, parcel.found) if format == "dicom-sr" else {}


def _observers(store: Store, parcel: Parcel, format: str) -> "tuple[Maker, ...]":
    from graticule.commands.ecg_observers import observers_of_case

    return observers_of_case(store, parcel.case, parcel.found) if format == "dicom-ecg" else ()


def _strips(format: str) -> "StripWriter | None":
    """Qt draws them; it is loaded for strips alone."""
    if format != "pdf":
        return None
    from graticule.commands.ecg_strips import write_strips

    return write_strips


def _surfaces(format: str) -> SurfaceReader | None:
    """VTK reads what we wrote; it is loaded for surfaces alone."""
    if format not in ("stl", "obj", "gltf"):
        return None
    from graticule.render.surface_files import read_corners

    return read_corners


def _revision(store: Store, found: Found) -> str:
    """The version that is exactly what is exported, "" for work that is in none yet."""
    if found.revision is None:
        return ""
    try:
        return found.revision if found.source != READER or store.labels.load(found.revision) == found.labels else ""
    except GraticuleError:
        return ""
