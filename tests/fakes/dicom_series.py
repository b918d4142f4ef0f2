"""Small DICOM series that are written on the spot: asymmetric, so that no flip, shift or swap goes unseen."""

from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

NAMES = ("Sentinel^Patience", "ID-4711")


def asymmetric(shape):
    """(k, j, i) int16 in which every voxel has its own value, none of them symmetric."""
    k, j, i = np.indices(shape)
    return (k * 1000 + j * 30 + i).astype(np.int16)


def rotation(axis, degrees):
    axis = np.asarray(axis, float) / np.linalg.norm(axis)
    angle = np.radians(degrees)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross


class Series:
    """A CT series to be written slice by slice; every attribute can be overridden per slice."""

    def __init__(self, voxels, axes=None, spacing=(2.5, 0.8, 0.6), origin=(-11.0, 22.0, 33.0), step=None):
        self.voxels = voxels
        self.axes = np.eye(3) if axes is None else axes
        self.spacing = spacing
        self.step = self.axes[:, 2] * spacing[0] if step is None else np.asarray(step, float)
        self.origin = np.asarray(origin, float)
        self.series_uid, self.study_uid, self.frame_uid = generate_uid(), generate_uid(), generate_uid()

    def position(self, k):
        return self.origin + k * self.step

    def lps(self, i, j, k):
        """Where a voxel lies, worked out independently of the reader."""
        return self.position(k) + self.axes[:, 0] * self.spacing[2] * i + self.axes[:, 1] * self.spacing[1] * j

    def slice(self, k, **changes):
        data = pydicom.Dataset()
        data.file_meta = FileMetaDataset()
        data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        data.SOPClassUID, data.SOPInstanceUID = CTImageStorage, generate_uid()
        data.file_meta.MediaStorageSOPClassUID, data.file_meta.MediaStorageSOPInstanceUID = data.SOPClassUID, data.SOPInstanceUID
        data.PatientName, data.PatientID, data.Modality = *NAMES, "CT"
        for keyword in ("PatientBirthDate", "PatientSex", "StudyDate", "StudyTime", "AccessionNumber", "StudyID"):
            setattr(data, keyword, "")
        data.ReferringPhysicianName = ""
        data.StudyInstanceUID, data.SeriesInstanceUID, data.FrameOfReferenceUID = self.study_uid, self.series_uid, self.frame_uid
        data.ImageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
        data.InstanceNumber = k + 1
        data.ImagePositionPatient = [round(float(v), 6) for v in self.position(k)]
        data.ImageOrientationPatient = [round(float(v), 9) for v in (*self.axes[:, 0], *self.axes[:, 1])]
        data.PixelSpacing = [self.spacing[1], self.spacing[2]]
        data.SliceThickness = self.spacing[0]
        data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
        data.Rows, data.Columns = self.voxels.shape[1:]
        data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 16, 15, 1
        data.RescaleSlope, data.RescaleIntercept = 1, 0
        data.PixelData = self.voxels[k].astype("<i2").tobytes()
        for keyword, value in changes.items():
            if value is None:
                delattr(data, keyword)
            else:
                setattr(data, keyword, value)
        return data

    def write(self, folder: Path, order=None, **changes):
        """Write the slices under names in `order` (shuffled file names); the paths."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for name, k in enumerate(order if order is not None else range(len(self.voxels))):
            path = folder / f"im{name:04d}.dcm"
            self.slice(k, **changes).save_as(path, enforce_file_format=True)
            paths.append(path)
        return paths
