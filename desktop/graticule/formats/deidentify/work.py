"""One import's work: where copies go, under which names, and what was found."""

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graticule.domain.errors import GraticuleError
from graticule.formats.deidentify.findings import Findings
from graticule.formats.deidentify.key import RULES, Patient, ProjectKey
from graticule.formats.deidentify.profile import Profile
from graticule.formats.hints import in_label_folder, modality_hint, named_as_labels
from graticule.formats.titles import safe_words

_CHUNK = 1 << 20
_MODALITIES = {"CT": "ct", "MR": "mr", "PT": "pet", "DX": "xray", "CR": "cr", "DMS": "dermoscopy"}


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes of an original that go over as they are. length: None means to the end of the file."""

    path: Path
    start: int = 0
    length: int | None = None


Part = bytes | Span


@dataclass(frozen=True, slots=True)
class Copy:
    """original: the file that was read. copy: where its copy lies."""

    original: Path
    copy: Path


@dataclass(eq=False)
class Work:
    """folder: for the copies; None tries everything and writes nothing."""

    key: ProjectKey
    profile: Profile
    folder: Path | None
    findings: Findings = field(default_factory=Findings)

    def name(self, original: Path, suffix: str) -> str:
        """A name that says nothing, the same for the same bytes; in front what a closed list of words knows of the old name."""
        return f"{hint_of(original)}{self.stem(original)}{suffix}"

    def stem(self, original: Path) -> str:
        return self.key.word("file", RULES, self.profile.name, digest_of(original), length=20).lower()

    def patient(self, number: str, original: Path) -> Patient:
        """The patient of a number, or of this file alone when it names none."""
        return self.key.patient("", number) if number.strip(" \0") else self.key.unnamed(digest_of(original).hex())

    def put(self, original: Path, name: str, *parts: Part, beside: Copy | None = None, series: str = "") -> Copy:
        """Write a copy; it appears under its name only when it is complete, and an equal one is left as it is.

        beside: the copy of the file whose folder this one must share, such as a header's. series: what lies in one folder.
        """
        self.findings.files += 1
        if self.folder is None:
            return Copy(original, original)
        shelf = self.key.word("folder", series, length=16) if series else self.key.word("folder", name, length=2)
        # One long word, lest it be taken for a hint of what lies there ("t1", "ap").
        target = (beside.copy.parent if beside else self.folder / f"x0{shelf.lower()}") / name
        if not target.exists():
            _write(target, parts)
        return Copy(original, target)


def hint_of(path: Path) -> str:
    """"mr-t1-" from known words of the name and the folder, as a format that says nothing is understood by them."""
    known = safe_words("", [path.name, path.parent.name]).lower()
    words = [_MODALITIES.get(modality_hint(path, tuple(_MODALITIES)), ""), *re.split(r"[^\w]+", known)]
    words += ["mask"] if named_as_labels(path) or in_label_folder(path) else []
    return "".join(f"{word}-" for word in dict.fromkeys(words) if word)


def digest_of(path: Path) -> bytes:
    """SHA-256 of a file; GraticuleError when it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise GraticuleError("The file cannot be read.", "Check that it still exists and that you may open it.") from error


def chunks_of(span: Span) -> Iterator[bytes]:
    with span.path.open("rb") as file:
        file.seek(span.start)
        left = span.length
        while (left is None or left > 0) and (chunk := file.read(_CHUNK if left is None else min(_CHUNK, left))):
            left = None if left is None else left - len(chunk)
            yield chunk


def _write(target: Path, parts: tuple[Part, ...]) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(target.name + ".part")
    try:
        with unfinished.open("wb") as out:
            for part in parts:
                if isinstance(part, bytes):
                    out.write(part)
                else:
                    out.writelines(chunks_of(part))
        os.replace(unfinished, target)
    except OSError as error:
        raise GraticuleError("The copy without identity cannot be written.", "Make room on the disk of the store.") from error
    finally:
        unfinished.unlink(missing_ok=True)
