"""What a file's name and folders say about a file that does not say it itself. Only words of a closed list count."""

import re
from pathlib import Path

_MODALITY = {
    "ct": "CT", "mr": "MR", "mri": "MR", "t1": "MR", "t2": "MR", "flair": "MR", "pet": "PT", "suv": "PT",
    "xray": "DX", "xr": "DX", "cxr": "DX", "radiograph": "DX", "radiographs": "DX", "dx": "DX", "cr": "CR",
    "dermoscopy": "DMS", "dermoscopic": "DMS", "dermatoscopy": "DMS", "isic": "DMS", "derm": "DMS", "skin": "DMS",
}
_LABEL = {"label", "labels", "labelmap", "mask", "masks", "seg", "segmentation", "segmentations", "segm", "organs", "gt", "roi"}


def _tokens(name: str) -> list[str]:
    return [token for token in re.split(r"[^a-z0-9]+", name.lower().replace("x-ray", "xray").replace("x_ray", "xray")) if token]


def modality_hint(path: Path, allowed: tuple[str, ...]) -> str:
    """The first of `allowed` modalities that the file's name, then its two nearest folders, suggest; "" when none does."""
    for name in (path.name, path.parent.name, path.parent.parent.name):
        for token in _tokens(name):
            if _MODALITY.get(token) in allowed:
                return _MODALITY[token]
    return ""


def label_tokens(stem: str) -> list[str]:
    """The last words of a name, from the end, that only say that it holds labels ("_mask", "_labels2")."""
    found = []
    for token in reversed(_tokens(stem)):
        if token.rstrip("0123456789") not in _LABEL:
            break
        found.append(token)
    return found


def bare_name(path: Path) -> str:
    """"ISIC_0000002_segmentation.png" → "isic_0000002": the file's name as that of its image would be."""
    stem = path.name.lower().removesuffix(".gz").rpartition(".")[0]
    for token in label_tokens(stem):
        stem = stem.removesuffix(token).rstrip("_-. ")
    return stem


def named_as_labels(path: Path) -> bool:
    """Whether the file's own name says that it holds labels, not an image."""
    return bool(_LABEL & {*_tokens(path.name)})


def in_label_folder(path: Path) -> bool:
    """Whether the folder's name says so: enough for pictures of two tones, which image sets keep in a folder "masks"."""
    return bool(_LABEL & {*_tokens(path.parent.name)})
