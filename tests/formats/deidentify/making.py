"""What the tests of de-identification share: keys, profiles, and a way to run one file through."""

import io
from pathlib import Path

import pydicom

from graticule.domain.progress import Silent
from graticule.formats.deidentify.copies import Copying
from graticule.formats.deidentify.dicom_file import clean_dicom
from graticule.formats.deidentify.findings import Findings
from graticule.formats.deidentify.key import ProjectKey
from graticule.formats.deidentify.profile import profile_named
from graticule.formats.deidentify.work import Work

KEY, OTHER = ProjectKey(b"k" * 32), ProjectKey(b"o" * 32)


def cleaned(path: Path, profile: str = "reading", key: ProjectKey = KEY) -> pydicom.FileDataset:
    made = clean_dicom(path, key, profile_named(profile), Findings())
    return pydicom.dcmread(io.BytesIO(made.data))


def copies(paths, folder: Path, profile: str = "reading", key: ProjectKey = KEY) -> tuple[dict[Path, Path], Work, list]:
    """(original → copy, the work with its findings, what was left out)."""
    work = Work(key, profile_named(profile), folder)
    found, left = {}, []
    for made in Copying(work, folder / "unpacked", Silent()).run(list(paths)):
        found.update({one.original: one.copy for one in made.copies})
        left += made.left
    return found, work, left
