"""The index of a disc is a list of files: those that are there are read, the others are named, and none lies outside."""

import shutil

import pydicom
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.fileset import FileSet
from pydicom.uid import ExplicitVRLittleEndian, MediaStorageDirectoryStorage, generate_uid

from fakes.dicom_series import Series, asymmetric
from fakes.door_ways import scanned
from graticule.domain.errors import GraticuleError
from graticule.formats.dicom.directory import read_directory


@pytest.fixture
def disc(tmp_path):
    """A disc as pydicom writes it, with the three slices of one series."""
    files = FileSet()
    series = Series(asymmetric((3, 4, 4)))
    for k in range(3):
        data = series.slice(k, StudyDate="20200101", StudyTime="120000", StudyID="1", SeriesNumber=1)
        files.add(data)
    files.write(tmp_path / "disc")
    return tmp_path / "disc"


def index(folder, names, **attributes):
    """A DICOMDIR that names these files, whatever lies there."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.file_meta.MediaStorageSOPClassUID = MediaStorageDirectoryStorage
    data.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    data.FileSetID = "DISC"
    data.DirectoryRecordSequence = []
    for name in names:
        record = Dataset()
        record.OffsetOfTheNextDirectoryRecord, record.RecordInUseFlag = 400, 0xFFFF
        record.OffsetOfReferencedLowerLevelDirectoryEntity = 400  # itself, for ever
        record.DirectoryRecordType, record.ReferencedFileID = "IMAGE", name
        for keyword, value in attributes.items():
            setattr(record, keyword, value)
        data.DirectoryRecordSequence.append(record)
    folder.mkdir(parents=True, exist_ok=True)
    data.save_as(folder / "DICOMDIR", enforce_file_format=True)
    return folder / "DICOMDIR"


def answers(*paths):
    return [(outcome.path.name, outcome.outcome) for outcome in scanned(*paths)]


def test_choosing_the_index_reads_the_files_it_names(disc):
    found = scanned(disc / "DICOMDIR")
    assert [outcome.outcome for outcome in found] == ["skipped", "case", "case", "case"]
    assert "names 3 files" in found[0].reason and len({outcome.case.id for outcome in found[1:]}) == 1


def test_in_its_folder_each_file_is_read_once(disc):
    found = scanned(disc)
    assert sorted(outcome.outcome for outcome in found) == ["case", "case", "case", "skipped"]


def test_lower_case_names_on_linux_are_found(disc, tmp_path):
    low = tmp_path / "low"
    low.mkdir()
    for path in disc.rglob("*"):
        if path.is_file():
            target = low / path.relative_to(disc).as_posix().lower()
            target = target if target.name != "dicomdir" else low / "dicomdir"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    assert sorted(outcome.outcome for outcome in scanned(low / "dicomdir")) == ["case", "case", "case", "skipped"]


def test_missing_files_are_named(disc):
    gone = next(path for path in sorted(disc.rglob("*")) if path.is_file() and path.name != "DICOMDIR")
    gone.unlink()
    found = {outcome.path: outcome for outcome in scanned(disc / "DICOMDIR")}
    assert found[gone].outcome == "refused" and "not there" in found[gone].reason
    assert "1 of them not there" in found[disc / "DICOMDIR"].reason


@pytest.mark.parametrize("name", [
    ["..", "secret.dcm"], "../secret.dcm", "/etc/passwd", "C:\\secret.dcm", ["A", "..", "..", "secret.dcm"]])
def test_a_name_that_leads_outside_is_not_followed(tmp_path, name):
    (tmp_path / "secret.dcm").write_bytes(Series(asymmetric((1, 4, 4))).write(tmp_path / "x")[0].read_bytes())
    directory = index(tmp_path / "disc", [name])
    outcome, = scanned(directory)
    assert outcome.outcome == "skipped" and "led out of the disc's folder" in outcome.reason


def test_a_link_that_leads_outside_is_not_followed(tmp_path):
    Series(asymmetric((1, 4, 4))).write(tmp_path / "x")
    directory = index(tmp_path / "disc", [["LINK", "IM0000.DCM"]])
    (tmp_path / "disc" / "link").symlink_to(tmp_path / "x")
    assert read_directory(directory).outside == 1


def test_records_in_a_circle_or_without_use_do_no_harm(disc):
    path = index(disc, [], RecordInUseFlag=0)
    names = [part.relative_to(disc).parts for part in disc.rglob("*") if part.is_file() and part != path]
    circle = read_directory(index(disc, [list(name) for name in names] * 3))
    assert len(circle.files) == 3 and not circle.missing
    assert read_directory(index(disc, [list(names[0])], RecordInUseFlag=0)).files == ()


def test_a_damaged_index_is_a_sentence(disc):
    path = disc / "DICOMDIR"
    raw = path.read_bytes()
    for length in (140, 200, len(raw) // 2, len(raw) - 3):
        path.write_bytes(raw[:length])
        try:
            read_directory(path)
        except GraticuleError as error:
            assert error.message.endswith(".")
    path.write_bytes(raw)
    assert len(pydicom.dcmread(path).DirectoryRecordSequence) == 6
