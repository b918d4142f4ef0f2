"""Enhanced multi-frame images written on the spot, with functional groups, stacks, times and dimension indices."""

import numpy as np
import pydicom
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.tag import Tag
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

MR, CT, PET, TOMO, MAP = ("1.2.840.10008.5.1.4.1.1.4.1", "1.2.840.10008.5.1.4.1.1.2.1", "1.2.840.10008.5.1.4.1.1.130",
                          "1.2.840.10008.5.1.4.1.1.13.1.3", "1.2.840.10008.5.1.4.1.1.30")


def item(**values):
    data = Dataset()
    for keyword, value in values.items():
        setattr(data, keyword, value)
    return data


def plane(position, axes=None, stack="1", place=1, time=None, slope=None, **more):
    """One item of the per-frame functional groups. more: functional group sequences by keyword, each one item."""
    axes = np.eye(3) if axes is None else axes
    indices = [int(stack), place, *([time] if time else [])]
    content = item(StackID=stack, InStackPositionNumber=place, DimensionIndexValues=indices)
    if time is not None:
        content.TemporalPositionIndex = time
    group = item(
        FrameContentSequence=Sequence([content]),
        PlanePositionSequence=Sequence([item(ImagePositionPatient=[round(float(v), 6) for v in position])]),
        PlaneOrientationSequence=Sequence([item(ImageOrientationPatient=[float(v) for v in (*axes[:, 0], *axes[:, 1])])]))
    if slope is not None:
        group.PixelValueTransformationSequence = Sequence([item(RescaleSlope=slope, RescaleIntercept=0, RescaleType="US")])
    for keyword, value in more.items():
        setattr(group, keyword, Sequence([value]))
    return group


def enhanced(frames, planes, sop_class=MR, modality="MR", spacing=(0.8, 0.6), thickness=2.5, series=None, dimensions=(),
             **changes):
    """A multi-frame image. frames: (n, row, column) int16, or float32 for a parametric map; planes: n items of `plane`."""
    data = Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID, data.SOPInstanceUID = sop_class, generate_uid()
    data.file_meta.MediaStorageSOPClassUID, data.file_meta.MediaStorageSOPInstanceUID = data.SOPClassUID, data.SOPInstanceUID
    data.PatientName, data.PatientID, data.Modality = "Sentinel^Patience", "ID-4711", modality
    data.StudyInstanceUID, data.SeriesInstanceUID = generate_uid(), series or generate_uid()
    data.FrameOfReferenceUID, data.InstanceNumber = "1.2.826.0.1.3680043.8.498.77", 1
    data.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    data.NumberOfFrames, (data.Rows, data.Columns) = len(frames), frames.shape[1:]
    data.SamplesPerPixel, data.PhotometricInterpretation = 1, "MONOCHROME2"
    data.SharedFunctionalGroupsSequence = Sequence([item(
        PixelMeasuresSequence=Sequence([item(PixelSpacing=list(spacing), SliceThickness=thickness)]))])
    data.PerFrameFunctionalGroupsSequence = Sequence(planes)
    pointers = {"StackID": 0x00209056, "InStackPositionNumber": 0x00209057, "TemporalPositionIndex": 0x00209128}
    data.DimensionIndexSequence = Sequence([item(DimensionIndexPointer=Tag(pointers.get(name, name))) for name in dimensions])
    if frames.dtype == np.float32:
        data.BitsAllocated, data.FloatPixelData = 32, frames.astype("<f4").tobytes()
    else:
        data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = 16, 16, 15, 1
        data.PixelData = frames.astype("<i2").tobytes()
    for keyword, value in changes.items():
        setattr(data, keyword, value)
    return data


def write(data, path):
    path.parent.mkdir(parents=True, exist_ok=True)
    data.save_as(path, enforce_file_format=True)
    return path


def read(path):
    return pydicom.dcmread(path)
