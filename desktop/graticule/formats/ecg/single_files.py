"""The ECG formats that are one file each. Adding one is a module with a reader, and a row here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graticule.domain.elements import Element
from graticule.domain.recording import Recording
from graticule.formats.ecg.aecg import claims_aecg, read_aecg
from graticule.formats.ecg.aecg_labels import aecg_elements
from graticule.formats.ecg.csv_table import claims_table, read_table, sidecar_of
from graticule.formats.ecg.edf import claims_edf
from graticule.formats.ecg.edf_labels import edf_elements
from graticule.formats.ecg.edf_record import read_edf
from graticule.formats.ecg.ishne import claims_ishne, read_ishne
from graticule.formats.ecg.muse import claims_muse, read_muse
from graticule.formats.ecg.scp import claims_scp
from graticule.formats.ecg.scp_record import read_scp
from graticule.formats.ecg.sierra import claims_sierra, read_sierra
from graticule.formats.ecg.stated import Stated


@dataclass(frozen=True, slots=True)
class SingleFile:
    """reading: as cases name it. claims: by name and the first 4,096 bytes. elements: the labels that lie in the same file.

    beside: a file that must be read along, when it is there.
    """

    reading: str
    title: str
    claims: Callable[[Path, bytes], bool]
    read: Callable[[Path, Stated], Recording]
    elements: Callable[[Path, Recording, Callable[[], str]], list[Element]] | None = None
    beside: Callable[[Path], Path | None] | None = None


def _by_content(claims: Callable[[bytes], bool]) -> Callable[[Path, bytes], bool]:
    return lambda path, head: claims(head)


FILES = (
    SingleFile("edf", "EDF", _by_content(claims_edf), read_edf, edf_elements),
    SingleFile("ishne", "ISHNE Holter", _by_content(claims_ishne), read_ishne),
    SingleFile("scp-ecg", "SCP-ECG", _by_content(claims_scp), read_scp),
    SingleFile("hl7-aecg", "HL7 aECG", _by_content(claims_aecg), read_aecg, aecg_elements),
    SingleFile("muse-xml", "GE MUSE", _by_content(claims_muse), read_muse),
    SingleFile("sierra-xml", "Philips", _by_content(claims_sierra), read_sierra),
    SingleFile("ecg-table", "table", claims_table, read_table, beside=sidecar_of),
)
BY_READING = {file.reading: file for file in FILES}


def single_file(path: Path, head: bytes) -> SingleFile | None:
    """The format of a file; None when it is none of these."""
    return next((file for file in FILES if file.claims(path, head)), None)
