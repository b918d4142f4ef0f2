"""What is damaged: groups of files that belong together, out of the samples, the collection of real data, and made here."""

import io
import zipfile
from pathlib import Path

import imagecodecs
import nibabel
import nrrd
import numpy as np
import SimpleITK
from PIL import Image

from fakes.dicom_series import Series, asymmetric, rotation
from real_data import DATA

ROOT = Path(__file__).parents[2]
LARGEST = 1_200_000
_WANTED = {".dcm", "", ".nii", ".gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".hea", ".xml",
           ".edf", ".zip", ".scp"}
# Files that are read through another one: they come with their header.
_BESIDE = {".hea": (".dat", ".atr", ".mat", ".xyz", ".qrs"), ".nhdr": (".raw", ".raw.gz"), ".mhd": (".raw", ".zraw")}

Group = dict[str, bytes]
"""File name → content."""


def groups() -> list[Group]:
    """Every group, in an order that does not depend on the machine."""
    found = [group for folder in (ROOT / "resources" / "samples", DATA) if folder.is_dir() for group in _in(folder)]
    return [*_made(), *found]


def by_kind(all_groups: list[Group]) -> list[list[Group]]:
    """Groups of like files together, so that each kind gets its share however many samples of it there are."""
    kinds: dict[str, list[Group]] = {}
    for group in all_groups:
        kinds.setdefault("+".join(sorted({Path(name).suffix.lower() for name in group})), []).append(group)
    return [kinds[kind] for kind in sorted(kinds)]


def _in(folder: Path) -> list[Group]:
    found = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.suffix.lower() not in _WANTED or not 0 < path.stat().st_size <= LARGEST:
            continue
        others = [path.with_suffix(suffix) for suffix in _BESIDE.get(path.suffix.lower(), ())]
        parts = [path, *(other for other in others if other.is_file())]
        if sum(part.stat().st_size for part in parts) <= 3 * LARGEST:
            found.append({part.name: part.read_bytes() for part in parts})
    return _thinned(found)


def _thinned(found: list[Group]) -> list[Group]:
    """A series of a hundred alike slices teaches no more than three of them."""
    kept, seen = [], {}
    for group in found:
        kind = tuple(sorted((Path(name).suffix, Path(name).stem.rstrip("0123456789_-")[:6], len(data) // 4096)
                            for name, data in group.items()))
        seen[kind] = seen.get(kind, 0) + 1
        if seen[kind] <= 3:
            kept.append(group)
    return kept


def _made() -> list[Group]:
    """Small files of each kind: a hit on their few bytes is a hit on something that matters."""
    voxels = asymmetric((5, 12, 14))
    return [_series(voxels), *_nifti(voxels), *_nrrd(voxels), *_metaimage(voxels), *_pictures(), _zip(voxels)]


def _folder() -> Path:
    import tempfile

    return Path(tempfile.mkdtemp(prefix="graticule-fuzz-"))


def _read(folder: Path) -> Group:
    import shutil

    group = {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
    shutil.rmtree(folder)
    return group


def _series(voxels: np.ndarray) -> Group:
    folder = _folder()
    Series(voxels, rotation((1, 2, 3), 20)).write(folder)
    return _read(folder)


def _nifti(voxels: np.ndarray) -> list[Group]:
    def saved(image, name: str) -> Group:
        folder = _folder()
        nibabel.save(image, folder / name)
        return _read(folder)

    array = voxels.transpose(2, 1, 0)
    times = np.stack([array, array + 1, array + 2], axis=-1)
    colours = np.zeros((6, 5, 4), np.dtype([("R", "u1"), ("G", "u1"), ("B", "u1")]))
    return [saved(nibabel.Nifti1Image(array, np.diag([1, 2, 3.0, 1])), "v.nii"),
            saved(nibabel.Nifti1Image(array, np.diag([1, 2, 3.0, 1])), "v.nii.gz"),
            saved(nibabel.Nifti2Image(array.astype(np.float64), np.eye(4)), "w.nii"),
            saved(nibabel.Nifti1Image(times, np.eye(4)), "t.nii"), saved(nibabel.Nifti1Image(colours, np.eye(4)), "c.nii"),
            saved(nibabel.Nifti1Pair(array, np.eye(4)), "p.hdr"),
            saved(nibabel.Nifti1Image((array > 2000).astype(np.uint8), np.eye(4)), "v_mask.nii.gz")]


def _nrrd(voxels: np.ndarray) -> list[Group]:
    def written(name: str, data: np.ndarray, header: dict, **options) -> Group:
        folder = _folder()
        nrrd.write(str(folder / name), data, header, **options)
        return _read(folder)

    array = voxels.transpose(2, 1, 0)
    space = {"space": "left-posterior-superior", "space directions": np.diag([0.6, 0.8, 2.5]), "space origin": np.zeros(3)}
    layers = np.stack([array > 2000, array > 3000]).astype(np.uint8)
    segmented = {"space": space["space"], "space origin": np.zeros(3), "kinds": ["list", "domain", "domain", "domain"],
                 "space directions": np.array([[np.nan] * 3, *space["space directions"]])}
    for number in range(2):
        segmented |= {f"Segment{number}_ID": f"s{number}", f"Segment{number}_Name": "liver", f"Segment{number}_LabelValue": "1",
                      f"Segment{number}_Layer": str(number), f"Segment{number}_Color": "0 1 0",
                      f"Segment{number}_Tags": "TerminologyEntry:Cat~SCT^123037004^A~SCT^10200004^L~^^~|"}
    both = written("v.nrrd", array, space) | written("v.seg.nrrd", layers, segmented)
    return [both, *(written("v.nrrd", array, space | {"encoding": encoding}) for encoding in ("raw", "ascii", "bzip2")),
            written("v.nhdr", array, space, detached_header=True), written("l.seg.nrrd", layers, segmented)]


def _metaimage(voxels: np.ndarray) -> list[Group]:
    def written(name: str, compressed: bool) -> Group:
        folder = _folder()
        SimpleITK.WriteImage(SimpleITK.GetImageFromArray(voxels), str(folder / name), compressed)
        return _read(folder)

    return [written("v.mha", False), written("v.mha", True), written("v.mhd", False), written("v.mhd", True)]


def _pictures() -> list[Group]:
    colours = np.random.default_rng(1).integers(0, 255, (40, 30, 3)).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    found = []
    for name, options in (("p.jpg", {"exif": exif}), ("p.png", {}), ("p.tif", {"compression": "tiff_lzw"}), ("p.webp", {}),
                          ("q.tif", {"compression": "tiff_adobe_deflate"}), ("r.tif", {"compression": "jpeg"})):
        out = io.BytesIO()
        Image.fromarray(colours).save(out, {"jpg": "JPEG", "png": "PNG", "tif": "TIFF", "webp": "WEBP"}[name[2:]], **options)
        found.append({name: out.getvalue()})
    deep = imagecodecs.png_encode(colours[..., 0].astype(np.uint16) * 200)
    return [*found, {"deep.png": bytes(deep)}]


def _zip(voxels: np.ndarray) -> Group:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in _series(voxels).items():
            archive.writestr(f"study/{name}", data)
    return {"study.zip": out.getvalue()}
