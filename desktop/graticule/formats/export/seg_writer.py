"""Writes DICOM segmentations (PS3.3 A.51, A.101): binary, fractional and label map."""

import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileDataset
from pydicom.tag import Tag
from pydicom.uid import generate_uid

from graticule.domain.codes import Ontology
from graticule.domain.elements import BY_HAND, MACHINE
from graticule.domain.geometry import Array
from graticule.domain.labels import Box
from graticule.formats.dicom.cielab import cielab_of
from graticule.formats.export.algorithm import algorithm_of
from graticule.formats.export.dicom_object import (
    coded,
    concept,
    decimals,
    element,
    item,
    item_bytes,
    new_object,
    save_with_frames,
    sequence,
)
from graticule.formats.export.dicom_sources import SourcePlane, Sources
from graticule.formats.export.segment_rows import SegmentRow, overlapping

BINARY, FRACTIONAL, LABELMAP = "BINARY", "FRACTIONAL", "LABELMAP"
SEGMENTATION, LABEL_MAP_SEGMENTATION = "1.2.840.10008.5.1.4.1.1.66.4", "1.2.840.10008.5.1.4.1.1.66.7"
RLE_LOSSLESS = "1.2.840.10008.1.2.5"
FULL = 255
_SERIES_NUMBERS = {BINARY: 900, LABELMAP: 901, FRACTIONAL: 902}
_DESCRIPTIONS = {BINARY: "Segmentation", LABELMAP: "Label map segmentation", FRACTIONAL: "Fractional segmentation"}
_MADE = {BY_HAND: "MANUAL", MACHINE: "AUTOMATIC"}


Shares = tuple[Box, Array]
NONE: Mapping[int, Shares] = {}


@dataclass(frozen=True, eq=False, slots=True)
class SegFrameOut:
    """One frame: its slice k, the segment's number (0: all of a label map), its plane of pixels (j, i) uint8 or bool."""

    k: int
    number: int
    plane: Array


def write_seg(path: Path, kind: str, rows: list[SegmentRow], sources: Sources, ontology: Ontology,
              shares: Mapping[int, Shares] = NONE) -> FileDataset:
    """The file at `path`; what was written of it before its frames. rows of a label map must be of one group.

    shares: for fractional files, how much of each voxel of a box the segment of this number occupies, 0 … FULL.
    """
    frames = list(_whole_planes(rows) if kind == LABELMAP else _planes(rows, shares))
    data = _header(kind, rows, sources, ontology, len(frames), frames[0].plane.shape)
    slices = sorted({frame.k for frame in frames})
    place = {k: n for n, k in enumerate(slices, 1)}
    groups = (_group(frame, sources.planes[frame.k], place[frame.k]) for frame in frames)
    if kind == BINARY:
        pixels, length = _packed(frames)
        save_with_frames(data, path, groups, pixels, length)
    else:
        save_with_frames(data, path, groups, _encapsulated(frames, FULL if kind == FRACTIONAL else 1), -1)
    return data


def _planes(rows: Iterable[SegmentRow], shares: Mapping[int, Shares]) -> Iterator[SegFrameOut]:
    """The slices of each segment on which it has a voxel."""
    for row in rows:
        if row.number in shares:
            yield from _soft_planes(row, *shares[row.number])
            continue
        for k in range(row.box[0].start, row.box[0].stop):
            plane = row.values[k] == row.segment.value
            if plane.any():
                yield SegFrameOut(k, row.number, plane)


def _soft_planes(row: SegmentRow, box: Box, values: Array) -> Iterator[SegFrameOut]:
    for at, k in enumerate(range(box[0].start, box[0].stop)):
        if values[at].any():
            plane = np.zeros(row.values.shape[1:], np.uint8)
            plane[box[1:]] = values[at]
            yield SegFrameOut(k, row.number, plane)


def _whole_planes(rows: list[SegmentRow]) -> Iterator[SegFrameOut]:
    numbers = np.zeros(256, np.uint8)
    numbers[[row.segment.value for row in rows]] = [row.number for row in rows]
    straight = bool((numbers[[row.segment.value for row in rows]] == [row.segment.value for row in rows]).all())
    values = rows[0].values
    for k in range(rows[0].box[0].start, rows[0].box[0].stop):
        plane = values[k] if straight else numbers[values[k]]
        if plane.any():
            yield SegFrameOut(k, 0, plane)


def _packed(frames: list[SegFrameOut]) -> tuple[Iterable[bytes], int]:
    """Bits follow each other across frames (PS3.5 8.1.1), so frames of whole bytes can be packed one by one."""
    size = frames[0].plane.size
    if size % 8 == 0:
        return (np.packbits(frame.plane, axis=None, bitorder="little").tobytes() for frame in frames), size // 8 * len(frames)
    bits = np.packbits(np.concatenate([frame.plane.reshape(-1) for frame in frames]), bitorder="little")
    return [bits.tobytes()], len(bits)


def _encapsulated(frames: list[SegFrameOut], factor: int) -> Iterator[bytes]:
    """An offset table, then each frame as one fragment (PS3.5 A.4)."""
    encode = _rle()
    parts = [encode(frame.plane * np.uint8(factor) if factor > 1 and frame.plane.dtype == np.bool_ else frame.plane)
             for frame in frames]
    starts = np.cumsum([0, *(len(part) + 8 for part in parts[:-1])])
    yield struct.pack("<HHI", 0xFFFE, 0xE000, 4 * len(parts)) + starts.astype("<u4").tobytes()
    for part in parts:
        yield struct.pack("<HHI", 0xFFFE, 0xE000, len(part)) + part


def _rle() -> Callable[[Array], bytes]:
    """One RLE Lossless segment a frame (PS3.5 Annex G): 64 bytes that say where it begins, then packed bytes."""
    from graticule.imaging.kernels.packbits import pack

    header = struct.pack("<16I", 1, 64, *([0] * 14))
    room = np.zeros(0, np.uint8)

    def encode(plane: Array) -> bytes:
        nonlocal room
        if room.size < 2 * plane.size + 2 * plane.shape[0]:
            room = np.empty(2 * plane.size + 2 * plane.shape[0], np.uint8)
        size = pack(np.ascontiguousarray(plane).view(np.uint8), room)
        return header + room[:size].tobytes() + b"\0" * (size % 2)
    return encode


def _header(kind: str, rows: list[SegmentRow], sources: Sources, ontology: Ontology, count: int,
            shape: tuple[int, ...]) -> FileDataset:
    sop_class = LABEL_MAP_SEGMENTATION if kind == LABELMAP else SEGMENTATION
    data = new_object(sources.header, sop_class, "SEG", _DESCRIPTIONS[kind], _SERIES_NUMBERS[kind])
    _image(data, kind, count, shape, sources)
    data.SegmentationType = kind
    data.SegmentsOverlap = "NO" if kind == LABELMAP or not overlapping(rows) else "YES"
    if kind == FRACTIONAL:
        data.SegmentationFractionalType, data.MaximumFractionalValue = "OCCUPANCY", FULL
    described = [_segment(row.number, row, ontology) for row in rows]
    data.SegmentSequence = sequence(*([_background()] if kind == LABELMAP else []), *described)
    data.ContentLabel, data.ContentDescription, data.ContentCreatorName = "SEGMENTATION", "", ""
    _references(data, sources)
    _dimensions(data, kind, sources)
    if not sources.placed:
        data.PatientOrientation = list(sources.header.get("PatientOrientation") or ())
        data.SharedFunctionalGroupsSequence = sequence(item())
        return data
    data.FrameOfReferenceUID = sources.header.FrameOfReferenceUID
    data.PositionReferenceIndicator = ""
    measures = item(PixelSpacing=_ds(sources.spacing), SliceThickness=_ds([sources.thickness]))
    if sources.step is not None:
        measures.SpacingBetweenSlices = _ds([sources.step])
    data.SharedFunctionalGroupsSequence = sequence(item(
        PixelMeasuresSequence=sequence(measures),
        PlaneOrientationSequence=sequence(item(ImageOrientationPatient=_ds(sources.orientation)))))
    return data


def _image(data: FileDataset, kind: str, count: int, shape: tuple[int, ...], sources: Sources) -> None:
    bits = 1 if kind == BINARY else 8
    data.ImageType = ["DERIVED", "PRIMARY"]
    data.SamplesPerPixel, data.PhotometricInterpretation, data.NumberOfFrames = 1, "MONOCHROME2", count
    data.Rows, data.Columns = shape
    data.BitsAllocated, data.BitsStored, data.HighBit, data.PixelRepresentation = bits, bits, bits - 1, 0
    data.LossyImageCompression = "01" if sources.header.get("LossyImageCompression") == "01" else "00"
    if data.LossyImageCompression == "01":
        for keyword in ("LossyImageCompressionRatio", "LossyImageCompressionMethod"):
            if sources.header.get(keyword):
                setattr(data, keyword, sources.header.get(keyword))
    if kind == LABELMAP:
        data.PixelPaddingValue, data.PresentationLUTShape = 0, "IDENTITY"
    if kind != BINARY:
        data.file_meta.TransferSyntaxUID = RLE_LOSSLESS


def _references(data: FileDataset, sources: Sources) -> None:
    instances = [item(ReferencedSOPClassUID=sop_class, ReferencedSOPInstanceUID=name) for sop_class, name in sources.objects]
    data.ReferencedSeriesSequence = sequence(item(SeriesInstanceUID=sources.header.SeriesInstanceUID,
                                                  ReferencedInstanceSequence=sequence(*instances)))


def _dimensions(data: FileDataset, kind: str, sources: Sources) -> None:
    """By segment and slice; frames of a picture have no place in the patient, but one in the loop."""
    name = generate_uid(None)
    pointers = [(0x00200032, 0x00209113, "Image Position Patient") if sources.placed
                else (0x00209057, 0x00209111, "In-Stack Position Number")]
    if kind != LABELMAP:
        pointers.insert(0, (0x0062000B, 0x0062000A, "Referenced Segment Number"))
    data.DimensionOrganizationSequence = sequence(item(DimensionOrganizationUID=name))
    data.DimensionIndexSequence = sequence(*(
        item(DimensionOrganizationUID=name, DimensionIndexPointer=Tag(pointer), FunctionalGroupPointer=Tag(group),
             DimensionDescriptionLabel=label) for pointer, group, label in pointers))


def _segment(number: int, row: SegmentRow, ontology: Ontology) -> Dataset:
    segment = row.segment
    made = _MADE.get(segment.provenance, "SEMIAUTOMATIC")
    data = item(SegmentNumber=number, SegmentLabel=row.name, SegmentAlgorithmType=made,
                SegmentedPropertyCategoryCodeSequence=coded(segment.category, ontology),
                SegmentedPropertyTypeCodeSequence=coded(segment.type, ontology),
                TrackingID=row.tracking_id, TrackingUID=row.tracking_uid)
    modifiers = [coded(code, ontology)[0] for code in (segment.modifier, segment.laterality) if code is not None]
    if modifiers:
        data.SegmentedPropertyTypeCodeSequence[0].SegmentedPropertyTypeModifierCodeSequence = sequence(*modifiers)
    if segment.region is not None:
        data.AnatomicRegionSequence = coded(segment.region, ontology)
    if made != "MANUAL":
        _name_algorithm(data, row)
    colour = cielab_of(segment.colour)
    if colour is not None:
        data.RecommendedDisplayCIELabValue = list(colour)
    return data


def _name_algorithm(data: Dataset, row: SegmentRow) -> None:
    """The program that proposed it; grown and interpolated segments are Graticule's own work at a reader's hand."""
    found = algorithm_of(row.segment)
    data.SegmentAlgorithmName = found.name if found else "Graticule"
    if found:
        data.SegmentationAlgorithmIdentificationSequence = sequence(item(
            AlgorithmFamilyCodeSequence=concept("123110", "DCM", "Artificial Intelligence"),
            AlgorithmName=found.name, AlgorithmVersion=found.version))


def _background() -> Dataset:
    """What pixels of 0 are (PS3.3 C.8.20.2): a label map describes every number it holds."""
    background = ("125040", "DCM", "Background")
    return item(SegmentNumber=0, SegmentLabel="Background", SegmentAlgorithmType="MANUAL",
                SegmentedPropertyCategoryCodeSequence=concept(*background),
                SegmentedPropertyTypeCodeSequence=concept(*background))


def _ds(values: Iterable[float]) -> list[str]:
    return decimals(values).decode().split("\\")


_PURPOSE = element(0x0040, 0xA170, b"SQ", item_bytes(
    element(0x0008, 0x0100, b"SH", b"121322"), element(0x0008, 0x0102, b"SH", b"DCM"),
    element(0x0008, 0x0104, b"LO", b"Source image for image processing operation")))
_DERIVATION = element(0x0008, 0x9215, b"SQ", item_bytes(
    element(0x0008, 0x0100, b"SH", b"113076"), element(0x0008, 0x0102, b"SH", b"DCM"),
    element(0x0008, 0x0104, b"LO", b"Segmentation")))


def _group(frame: SegFrameOut, plane: SourcePlane, place: int) -> bytes:
    """The functional groups of one frame as an item: its source, place and segment."""
    source = item_bytes(
        element(0x0008, 0x1150, b"UI", plane.sop_class.encode()), element(0x0008, 0x1155, b"UI", plane.object_id.encode()),
        element(0x0008, 0x1160, b"IS", str(plane.frame).encode()) if plane.frame else b"",
        element(0x0028, 0x135A, b"CS", b"YES"), _PURPOSE)
    derived = item_bytes(element(0x0008, 0x2112, b"SQ", source), _DERIVATION)
    index = struct.pack("<II", frame.number, place) if frame.number else struct.pack("<I", place)
    segment = element(0x0062, 0x000A, b"SQ", item_bytes(element(0x0062, 0x000B, b"US", struct.pack("<H", frame.number))))
    stack = b"" if plane.position else b"".join(
        (element(0x0020, 0x9056, b"SH", b"1"), element(0x0020, 0x9057, b"UL", struct.pack("<I", place))))
    return item_bytes(
        element(0x0008, 0x9124, b"SQ", derived),
        element(0x0020, 0x9111, b"SQ", item_bytes(stack, element(0x0020, 0x9157, b"UL", index))),
        element(0x0020, 0x9113, b"SQ", item_bytes(element(0x0020, 0x0032, b"DS", decimals(plane.position)))) if plane.position
        else b"",
        segment if frame.number else b"")
