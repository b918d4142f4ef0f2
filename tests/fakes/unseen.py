"""Series for an outside check: written attribute by attribute, every voxel with a value of its own and a place worked out here.

It shares nothing with `dicom_series`, so that a mistake there is not made twice.
"""

import contextlib
import io
import json
from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

from graticule.__main__ import main

CT, MR = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.4"
ENHANCED_CT, ENHANCED_MR = CT + ".1", MR + ".1"
AXIAL, SAGITTAL, CORONAL = (1, 0, 0, 0, 1, 0), (0, 1, 0, 0, 0, -1), (1, 0, 0, 0, 0, -1)
ROWS, COLUMNS, ROW_MM, COLUMN_MM = 6, 7, 0.8, 0.6


class Unseen:
    """One series. `truth`: value after rescale → LPS mm."""

    def __init__(self, folder: Path, sop_class=CT, modality="CT"):
        self.folder, self.sop_class, self.modality = folder, sop_class, modality
        folder.mkdir(parents=True)
        self.uids = [generate_uid() for _ in range(3)]
        self.count, self.truth = 0, {}

    def header(self, **changes):
        data = Dataset()
        data.file_meta = FileMetaDataset()
        data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        data.SOPClassUID, data.SOPInstanceUID, data.Modality = self.sop_class, generate_uid(), self.modality
        data.file_meta.MediaStorageSOPClassUID, data.file_meta.MediaStorageSOPInstanceUID = data.SOPClassUID, data.SOPInstanceUID
        data.PatientName, data.PatientID, data.StudyDate, data.StudyTime = "Un^Seen", "U-1", "20210304", "101112"
        data.StudyInstanceUID, data.SeriesInstanceUID, data.FrameOfReferenceUID = self.uids
        data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL" if self.modality == "CT" else "M"]
        self.count += 1
        data.InstanceNumber = self.count
        data.SamplesPerPixel, data.PhotometricInterpretation, data.Rows, data.Columns = 1, "MONOCHROME2", ROWS, COLUMNS
        data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 16, 15, 1
        for keyword, value in changes.items():
            setattr(data, keyword, value)
        return data

    def numbers(self):
        """(row, column) int16 that no other image of the series has."""
        return (len(self.truth) + np.arange(ROWS * COLUMNS)).reshape(ROWS, COLUMNS).astype("<i2")

    def note(self, values, position, cosines):
        cosines = np.array(cosines, float)
        for (row, column), value in np.ndenumerate(values):
            self.truth[float(value)] = np.array(position) + column * COLUMN_MM * cosines[:3] + row * ROW_MM * cosines[3:]

    def image(self, position, cosines=AXIAL, slope=1, intercept=0, **changes):
        stored = self.numbers()
        data = self.header(**({"RescaleSlope": slope, "RescaleIntercept": intercept} if self.modality == "CT" else {}))
        data.ImagePositionPatient = [round(float(v), 6) for v in position]
        data.ImageOrientationPatient = [round(float(v), 9) for v in cosines]
        data.PixelSpacing, data.SliceThickness, data.PixelData = [ROW_MM, COLUMN_MM], 2, stored.tobytes()
        for keyword, value in changes.items():
            setattr(data, keyword, value)
        data.save_as(self.folder / f"{self.count * 7919 % 1000:03}_{self.count}.dcm", enforce_file_format=True)
        self.note(stored * slope + intercept, position, cosines)

    def stack(self, heights, cosines=AXIAL, origin=(-20, -31, 40), **changes):
        """Along the normal of the plane."""
        x, y = np.array(cosines[:3], float), np.array(cosines[3:], float)
        for height in heights:
            self.image(np.array(origin) + np.cross(x, y) * height, cosines, **changes)

    def enhanced(self, frames):
        """One file. frames: (position, cosines, {"slope", "stack", "time", "echo", "b"})."""
        data, stored, groups = self.header(NumberOfFrames=len(frames)), [], []
        for position, cosines, more in frames:
            stored.append(self.numbers())
            self.note(stored[-1] * more.get("slope", 1), position, cosines)
            groups.append(_group(position, cosines, more))
        data.SharedFunctionalGroupsSequence = [_of(PixelMeasuresSequence=_of(PixelSpacing=[ROW_MM, COLUMN_MM], SliceThickness=2))]
        data.PerFrameFunctionalGroupsSequence = Sequence(groups)
        data.PixelData = np.stack(stored).tobytes()
        data.save_as(self.folder / "e.dcm", enforce_file_format=True)


def _of(**values):
    data = Dataset()
    for keyword, value in values.items():
        setattr(data, keyword, [value] if isinstance(value, Dataset) else value)
    return data


def _group(position, cosines, more):
    group = _of(PlanePositionSequence=_of(ImagePositionPatient=[float(v) for v in position]),
                PlaneOrientationSequence=_of(ImageOrientationPatient=[round(float(v), 9) for v in cosines]),
                PixelValueTransformationSequence=_of(RescaleSlope=more.get("slope", 1), RescaleIntercept=0, RescaleType="US"))
    content = {"StackID": str(more.get("stack", 1)), "InStackPositionNumber": 1}
    group.FrameContentSequence = [_of(**content, **({"TemporalPositionIndex": more["time"]} if "time" in more else {}))]
    if "echo" in more:
        group.MREchoSequence = [_of(EffectiveEchoTime=float(more["echo"]))]
    if "b" in more:
        group.MRDiffusionSequence = [_of(DiffusionBValue=float(more["b"]))]
    return group


def rewritten(folder: Path, change):
    """Each file as `change` makes it: bytes → bytes."""
    for path in folder.glob("*.dcm"):
        path.write_bytes(change(path.read_bytes()))


def recoded(folder: Path, syntax, big=False):
    for path in folder.glob("*.dcm"):
        read = pydicom.dcmread(path)
        data = Dataset({element.tag: element for element in read})  # as new, so that it may be written in another order of bytes
        data.file_meta = read.file_meta
        data.file_meta.TransferSyntaxUID = syntax
        if big:
            data.PixelData = np.frombuffer(read.PixelData, "<u2").byteswap().tobytes()
        data.save_as(path, enforce_file_format=True, implicit_vr=syntax == "1.2.840.10008.1.2", little_endian=not big)


class Twin:
    """The headless twin, as a script uses it."""

    def __init__(self, folder: Path):
        self.store, self.out = folder / "store", folder / "values.npy"
        assert self.say("init", self.store)[0] == 0

    def say(self, *words):
        """(exit code, rows, what stood on stderr)."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main([*map(str, words), "--json"])
        return code, [json.loads(line) for line in out.getvalue().splitlines()], err.getvalue()

    def brought(self, path):
        code, rows, err = self.say("import", path, "--store", self.store)
        assert (code, err) == (0, "")
        return rows

    def cases(self):
        return self.say("cases", "--store", self.store)[1]

    def shown(self, case):
        code, (row,), err = self.say("show", case["case"], "--store", self.store)
        assert (code, err) == (0, "")
        return row

    def values(self, case):
        code, _, err = self.say("pixels", case["case"], "--store", self.store, "--out", self.out)
        assert (code, err) == (0, "")
        return np.load(self.out)


def places(shown):
    """(k, j, i, 3) LPS mm of every voxel, from what `show` prints and nothing else."""
    x, y, z = np.array(shown["direction"]).T
    normal = np.cross(x, y)
    normal *= np.sign(normal @ z) / np.linalg.norm(normal)
    along = (np.array(shown["positions_mm"]) - shown["positions_mm"][0]) / (normal @ z)
    k, j, i = np.indices(shown["shape"])
    _, row, column = shown["spacing_mm"]
    return np.array(shown["origin"]) + x * (i * column)[..., None] + y * (j * row)[..., None] + z * along[k][..., None]
