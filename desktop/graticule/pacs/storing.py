"""C-STORE out (PS3.4 annex B): files go as they are, each with its own answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pydicom
from pydicom.errors import InvalidDicomError
from pydicom.uid import UID
from pynetdicom.association import Association

from graticule.domain.archive import Failed, Node, Sent
from graticule.domain.errors import GraticuleError
from graticule.domain.progress import Progress
from graticule.pacs.association import associated, cut
from graticule.pacs.contexts import MOST, sending_contexts
from graticule.pacs.counted import Counted
from graticule.pacs.faults import reason_sentence
from graticule.pacs.retrieve_words import status_of

_WARNINGS = (0x0000, 0xB000, 0xB006, 0xB007)  # stored, perhaps with coerced attributes


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    kind: tuple[str, str]


def store_files(node: Node, paths: Sequence[Path], progress: Progress) -> Sent:
    """Over as many associations as there are kinds of objects to speak of; a broken one ends it with a sentence for the rest."""
    files, failed = _readable(paths)
    counted = Counted(progress, len(paths), "Sending")
    stored: list[Path] = []
    for lot in _lots(files):
        contexts = sending_contexts(file.kind for file in lot)
        try:
            with associated(node, contexts, counted) as association:
                for file in lot:
                    sentence = _store(association, file)
                    failed += [Failed(str(file.path), sentence)] if sentence else []
                    stored += [] if sentence else [file.path]
                    counted.one()
        except GraticuleError as fault:
            if not stored:
                raise
            told = {one.what for one in failed} | {str(path) for path in stored}
            failed += [Failed(str(file.path), str(fault)) for file in files if str(file.path) not in told]
            break
    return Sent(tuple(stored), tuple(failed))


def _readable(paths: Sequence[Path]) -> tuple[list[_File], list[Failed]]:
    files, failed = [], []
    for path in paths:
        try:
            meta = pydicom.filereader.read_file_meta_info(path)
            files.append(_File(path, (str(meta.MediaStorageSOPClassUID), str(meta.TransferSyntaxUID))))
        except (InvalidDicomError, OSError, AttributeError, ValueError, KeyError):
            failed.append(Failed(str(path), "This is not a complete DICOM file, so it cannot be sent."))
    return files, failed


def _lots(files: Sequence[_File]) -> list[list[_File]]:
    """Files in order of their kind, no lot with more than 128 kinds."""
    kinds = sorted({file.kind for file in files})
    groups = [set(kinds[start:start + MOST]) for start in range(0, len(kinds), MOST)]
    return [[file for file in files if file.kind in group] for group in groups]


def _store(association: Association, file: _File) -> str:
    """"" when it was stored, else why not."""
    try:
        status = association.send_c_store(file.path)
    except ValueError:
        return f"The archive does not take this kind of object in this encoding ({UID(file.kind[1]).name})."
    except RuntimeError as fault:  # the association is no more
        raise cut() from fault
    except (AttributeError, InvalidDicomError, OSError):
        return "This is not a complete DICOM file, so it cannot be sent."
    code = status_of(status)
    if code is None:
        raise cut()
    return "" if code in _WARNINGS else reason_sentence(code)
