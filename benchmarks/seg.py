"""Row 8: write a DICOM SEG of three segments on 512×512×400, against highdicom with the source headers counted; and read it."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import highdicom
import numpy as np
import pydicom
import SimpleITK
from pydicom.sr.codedict import codes

from benchmarks.dicom_folder import series_folder
from benchmarks.figure import Figure, side_by_side
from graticule.domain.case import Case
from graticule.domain.codes import Ontology
from graticule.domain.geometry import Array
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume
from graticule.formats.dicom.seg_file import SegFile
from graticule.formats.dicom.seg_reader import masks_of
from graticule.formats.door import open_case, scan
from graticule.formats.export import export
from graticule.formats.export.dicom_sources import sources_of_case
from graticule.formats.export.seg_writer import BINARY, LABELMAP, write_seg
from graticule.formats.export.segment_rows import rows_of
from graticule.formats.label_maps import Builder, Meaning
from graticule.records.payload import encode_labels

RUNS = 5


def three(shape: tuple[int, ...]) -> Array:
    """(k, j, i) uint8: three blobs, numbered 1, 2, 3."""
    values = np.zeros(shape, np.uint8)
    z, y, x = (axis / size for axis, size in zip(np.ogrid[:shape[0], :shape[1], :shape[2]], shape))
    for number, (at, radius) in enumerate((((0.5, 0.5, 0.3), 0.25), ((0.5, 0.5, 0.7), 0.2), ((0.4, 0.25, 0.5), 0.15)), 1):
        values[((z - at[0]) / 1.9) ** 2 + (y - at[1]) ** 2 + (x - at[2]) ** 2 < radius ** 2] = number
    return values


def run() -> Iterator[Figure]:
    with series_folder(400) as paths, tempfile.TemporaryDirectory() as folder:
        case = next(outcome.case for outcome in scan(paths) if outcome.case)
        volume = open_case(case).content
        assert isinstance(volume, Volume)
        values = three(volume.grid.shape)
        labels = _labels(values)
        out = Path(folder) / "seg.dcm"
        for kind in (BINARY, LABELMAP):
            ours, theirs = side_by_side(partial(_ours, out, kind, case, volume, labels),
                                        partial(_highdicom, Path(folder) / "hd.dcm", kind, paths, values), RUNS)
            yield Figure("8", f"write a 3-segment SEG, {kind}", ours, "highdicom, headers counted", theirs)
        _ours(out, BINARY, case, volume, labels)
        ours, theirs = side_by_side(lambda: list(masks_of(SegFile(out), case, volume)),
                                    lambda: highdicom.seg.segread(out).get_pixels_by_source_instance(
                                        [source.object_id for source in case.sources], ignore_spatial_locations=True,
                                        assert_missing_frames_are_empty=True), RUNS)
        yield Figure("8", "read it, BINARY", ours, "highdicom", theirs)
        image = SimpleITK.GetImageFromArray(values)
        ours, theirs = side_by_side(lambda: encode_labels(labels, volume.grid),
                                    lambda: SimpleITK.WriteImage(image, str(Path(folder) / "a.nrrd"), useCompression=True), RUNS)
        yield Figure("8", "the working save of three segments", ours, "SimpleITK's NRRD", theirs)
        for format in ("rtstruct", "dicom-sr"):
            ours, theirs = side_by_side(partial(_exported, format, case, volume, labels, Path(folder)),
                                        partial(_exported, "dicom-seg", case, volume, labels, Path(folder)), 1)
            yield Figure("8", f"export {format}, written and proven", ours, "dicom-seg, written and proven", theirs)


def _labels(values: Array) -> Labels:
    builder = Builder((values.shape[0], values.shape[1], values.shape[2]), iter(map(str, range(9))).__next__)
    builder.add_label_map(values, {number: Meaning(f"Lesion {number}") for number in (1, 2, 3)})
    return builder.labels


def _exported(format: str, case: Case, volume: Volume, labels: Labels, folder: Path) -> None:
    export(case, volume, labels, Ontology([]), format, folder / format)


def _ours(path: Path, kind: str, case: Case, volume: Volume, labels: Labels) -> None:
    ontology = Ontology([])
    write_seg(path, kind, rows_of(labels, ontology), sources_of_case(case, volume), ontology)


def _highdicom(path: Path, kind: str, paths: list[Path], values: Array) -> None:
    headers = sorted((pydicom.dcmread(path, stop_before_pixels=True) for path in paths),
                     key=lambda data: float(data.ImagePositionPatient[2]))
    described = [highdicom.seg.SegmentDescription(n, f"Lesion {n}", codes.SCT.Tissue, codes.SCT.Tissue, "MANUAL")
                 for n in (1, 2, 3)]
    highdicom.seg.Segmentation(
        source_images=headers, pixel_array=values, segmentation_type=kind, segment_descriptions=described,
        series_instance_uid=highdicom.UID(), series_number=1, sop_instance_uid=highdicom.UID(), instance_number=1,
        manufacturer="Peer", manufacturer_model_name="Peer", software_versions="1", device_serial_number="1",
        transfer_syntax_uid="1.2.840.10008.1.2.5" if kind == LABELMAP else "1.2.840.10008.1.2.1").save_as(path)
