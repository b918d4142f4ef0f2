"""NRRD and NIfTI masks beside their case: only turned to lie on its grid, never resampled."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.volume import Volume
from graticule.formats.family import Content
from graticule.formats.label_maps import Builder, refuse_other_grid
from graticule.formats.placing import place
from graticule.formats.volumes.labels_in import MAX_LABELS, meanings_of
from graticule.formats.volumes.nifti import is_nifti, read_nifti
from graticule.formats.volumes.nrrd import read_nrrd
from graticule.formats.volumes.volume_file import VolumeFile

MASK = "mask"


def read_volume_file(path: Path, head: bytes) -> VolumeFile:
    return read_nifti(path) if is_nifti(path, head) else read_nrrd(path)


class MaskReader:
    reading = MASK

    def read(self, path: Path, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
        """The file's labels on the volume's grid: one group per layer; GraticuleError when the grids differ."""
        if not isinstance(content, Volume):
            raise GraticuleError("These labels are voxels, and the case has none.")
        file = read_volume_file(path, b"")
        placing = place(file.grid, content.grid)
        if placing is None:
            raise refuse_other_grid()
        layers = file.read()
        builder = Builder(content.grid.shape, new_id)
        meanings = meanings_of(file)
        for number, layer in enumerate(layers if layers.ndim == 4 else layers[None]):
            found = np.unique(layer)
            if found.size > MAX_LABELS or found[0] < 0:
                raise GraticuleError("The file holds an image, not labels.", "Import it without the case open.")
            builder.add_label_map(placing.apply(layer),
                                  {value: meaning for (where, value), meaning in meanings.items() if where == number})
        return builder.labels


READER = MaskReader()
