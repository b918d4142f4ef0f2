"""NRRD, NIfTI and MetaImage masks beside their case: only turned and shifted to lie on its grid, never resampled."""

from collections.abc import Callable
from pathlib import Path

from graticule.domain.case import Case
from graticule.domain.errors import GraticuleError
from graticule.domain.labels import Labels
from graticule.domain.picture import Picture
from graticule.domain.volume import Volume
from graticule.formats.family import Content
from graticule.formats.files import head_of
from graticule.formats.label_maps import Builder, refuse_other_grid
from graticule.formats.placing import lies
from graticule.formats.volumes.labels_in import layers_of, meanings_of
from graticule.formats.volumes.metaimage import is_metaimage, read_metaimage
from graticule.formats.volumes.nifti import is_nifti, read_nifti
from graticule.formats.volumes.nrrd import read_nrrd
from graticule.formats.volumes.volume_file import VolumeFile

MASK = "mask"


def read_volume_file(path: Path, head: bytes) -> VolumeFile:
    """The header of a NIfTI, MetaImage or NRRD file, told apart by name and by the file's first bytes."""
    if is_nifti(path, head):
        return read_nifti(path)
    return read_metaimage(path) if is_metaimage(path, head) else read_nrrd(path)


class MaskReader:
    reading = MASK

    def read(self, path: Path, case: Case, content: Content, new_id: Callable[[], str]) -> Labels:
        """The file's labels on the volume's grid: one group per layer; GraticuleError when the grids differ."""
        file = read_volume_file(path, head_of(path) or b"")
        if isinstance(content, Picture):
            return _on_picture(file, content, new_id)
        if not isinstance(content, Volume):
            raise GraticuleError("These labels are voxels, and the case has none.")
        placing = lies(file.grid, content.grid)
        if placing is None:
            raise refuse_other_grid()
        builder = Builder(content.grid.shape, new_id)
        meanings = meanings_of(file)
        for number, layer in enumerate(layers_of(file)):
            builder.add_label_map(placing.spread(layer),
                                  {value: meaning for (where, value), meaning in meanings.items() if where == number})
        return builder.labels


def _on_picture(file: VolumeFile, picture: Picture, new_id: Callable[[], str]) -> Labels:
    """Number for number: i is the column, j the row and k the frame, as every program writes a picture into such a file."""
    layers, meanings = layers_of(file), meanings_of(file)
    if layers.shape[1:] != picture.labels_shape:
        raise refuse_other_grid()
    builder = Builder(picture.labels_shape, new_id)
    for number, layer in enumerate(layers):
        builder.add_label_map(layer, {value: meaning for (where, value), meaning in meanings.items() if where == number})
    return builder.labels


READER = MaskReader()
