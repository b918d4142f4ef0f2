"""Single DICOM pictures and loops that are written on the spot, with any attribute."""

from pathlib import Path

import numpy as np
import pydicom
from pydicom.dataset import FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import ExplicitVRLittleEndian, SecondaryCaptureImageStorage, generate_uid

from fakes.dicom_series import NAMES


def dataset(pixels, photometric="MONOCHROME2", sop_class=SecondaryCaptureImageStorage, modality="OT", **tags):
    """pixels: (row, column), (frame, row, column), (row, column, 3) or (frame, row, column, 3), native little endian."""
    pixels = np.asarray(pixels)
    colour = pixels.shape[-1] == 3 and photometric not in ("MONOCHROME1", "MONOCHROME2", "PALETTE COLOR")
    data = pydicom.Dataset()
    data.file_meta = FileMetaDataset()
    data.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    data.SOPClassUID, data.SOPInstanceUID = sop_class, generate_uid()
    data.file_meta.MediaStorageSOPClassUID, data.file_meta.MediaStorageSOPInstanceUID = data.SOPClassUID, data.SOPInstanceUID
    data.PatientName, data.PatientID, data.Modality = *NAMES, modality
    data.StudyInstanceUID, data.SeriesInstanceUID = generate_uid(), generate_uid()
    data.SamplesPerPixel, data.PhotometricInterpretation = 3 if colour else 1, photometric
    shape = pixels.shape[:-1] if colour else pixels.shape
    if len(shape) == 3:
        data.NumberOfFrames = shape[0]
    data.Rows, data.Columns = shape[-2:]
    bits = 8 * pixels.dtype.itemsize
    if pixels.dtype.kind == "f":
        data.BitsAllocated = bits
        setattr(data, "FloatPixelData" if bits == 32 else "DoubleFloatPixelData", pixels.astype(f"<f{bits // 8}").tobytes())
    else:
        data.BitsAllocated, data.BitsStored, data.HighBit = bits, bits, bits - 1
        data.PixelRepresentation = int(pixels.dtype.kind == "i")
        if colour:
            data.PlanarConfiguration = 0
        native = pixels.astype(pixels.dtype.newbyteorder("<")).tobytes()
        data.PixelData = native + b"\0" * (len(native) % 2)
        data["PixelData"].VR = "OB" if bits == 8 else "OW"
    for keyword, value in tags.items():
        if value is None:
            delattr(data, keyword)
        else:
            setattr(data, keyword, value)
    return data


def written(path: Path, pixels, photometric="MONOCHROME2", **tags):
    data = dataset(pixels, photometric, **tags)
    path.parent.mkdir(parents=True, exist_ok=True)
    data.save_as(path, enforce_file_format=True)
    return path


def compressed(path: Path, pixels, syntax, frames, photometric="MONOCHROME2", offsets=True, fragments=1, **tags):
    """frames: encoded frames of `pixels`."""
    data = dataset(pixels, photometric, **tags)
    data.file_meta.TransferSyntaxUID = syntax
    data.PixelData = encapsulate(frames, fragments_per_frame=fragments, has_bot=offsets)
    data["PixelData"].VR = "OB"
    data["PixelData"].is_undefined_length = True
    path.parent.mkdir(parents=True, exist_ok=True)
    data.save_as(path, enforce_file_format=True)
    return path


def table(first, entries, bits, words=""):
    """An item of a VOI or Modality LUT Sequence."""
    item = pydicom.Dataset()
    item.add_new("LUTDescriptor", "SS" if first < 0 else "US", [len(entries) % 65536, first, bits])
    item.add_new("LUTData", "US", [int(v) for v in entries])
    if words:
        item.LUTExplanation = words
    return item


def put_overlay(data, bits, origin=(1, 1), group=0x6000, frames=None, first_frame=None):
    """bits: (row, column) or (frame, row, column) bool."""
    bits = np.asarray(bits, bool)
    rows, columns = bits.shape[-2:]
    data.add_new((group, 0x0010), "US", rows)
    data.add_new((group, 0x0011), "US", columns)
    data.add_new((group, 0x0040), "CS", "G")
    data.add_new((group, 0x0050), "SS", list(origin))
    data.add_new((group, 0x0100), "US", 1)
    data.add_new((group, 0x0102), "US", 0)
    if bits.ndim == 3:
        data.add_new((group, 0x0015), "IS", bits.shape[0])
        data.add_new((group, 0x0051), "US", first_frame or 1)
    packed = np.packbits(bits.reshape(-1), bitorder="little").tobytes()
    data.add_new((group, 0x3000), "OW", packed + b"\0" * (len(packed) % 2))
